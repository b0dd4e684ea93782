"""Which acts need a second person: the council's own rules, over a registry of acts.

The maker of a thing is never its checker (docs/adr/0013). Which things need a checker at all, and
from which amount, is a council's choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ims_kernel.audit.services import Subject, record
from ims_kernel.identity.models import SecondPersonRule
from ims_kernel.permissions import Actor

GRANT = "identity.grant"


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can need a second person. `default` holds until the council decides."""

    name: str
    words: str
    default: bool = False
    has_amount: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for an act now. `over_pence` None means whatever the amount."""

    act: Act
    is_needed: bool
    over_pence: int | None


_acts: dict[str, Act] = {}


def register(*acts: Act) -> None:
    """Add acts. Called from an app's apps.py."""
    _acts.update({act.name: act for act in acts})


def needed(act: str, amount_pence: int | None = None, *, default: bool = False) -> bool:
    """Whether an act needs a second person, for this amount in pence. One query.

    `default` is for acts that are not registered by name, such as the change of one kind of
    setting.
    """
    rule = SecondPersonRule.objects.filter(act=act).first()
    if rule is None:
        return _acts[act].default if act in _acts else default
    if not rule.is_needed or rule.over_pence is None or amount_pence is None:
        return rule.is_needed
    return abs(amount_pence) > rule.over_pence


def rules(*more: Act) -> list[Rule]:
    """What holds for every registered act and `more`, by words. One query."""
    kept = {rule.act: rule for rule in SecondPersonRule.objects.all()}
    found = []
    for act in sorted((*_acts.values(), *more), key=lambda act: act.words.casefold()):
        rule = kept.get(act.name)
        found.append(
            Rule(act, rule.is_needed, rule.over_pence) if rule else Rule(act, act.default, None)
        )
    return found


@transaction.atomic
def save(act: Act, *, is_needed: bool, over_pence: int | None, actor: Actor, at: datetime) -> bool:
    """Set the rule of an act; returns whether anything changed. `over_pence` None is always."""
    actor.require("people.manage")
    kept = SecondPersonRule.objects.select_for_update().filter(act=act.name).first()
    before = (kept.is_needed, kept.over_pence) if kept else (act.default, None)
    after = (is_needed, over_pence if act.has_amount and is_needed else None)
    if before == after:
        return False
    SecondPersonRule.objects.update_or_create(
        act=act.name, defaults={"is_needed": after[0], "over_pence": after[1]}
    )
    names = ("is_needed", "over_pence")
    record(
        actor,
        "identity.second_person",
        Subject("second_person_rule", act.name),
        at=at,
        before=dict(zip(names, before, strict=True)),
        after=dict(zip(names, after, strict=True)),
    )
    return True
