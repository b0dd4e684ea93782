"""What a new council still has to set up before it can take money, worked out from its settings.

It stands on the dashboard, on the first page of the settings and where a bank file is uploaded,
until everything is there. Nothing is stored: a record that is retired is missing again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q
from django.urls import reverse

from ims_kernel.identity.permissions import Actor
from ims_kernel.records.kinds import Kind, all_kinds, get_kind
from ims_kernel.records.selectors import are_in_use

DONE, TO_DO, CANNOT_START = "Completed", "To do", "Cannot start yet"
_COLOURS = {DONE: "", TO_DO: "blue", CANNOT_START: ""}


@dataclass(frozen=True, slots=True)
class _Step:
    """A record that must be there, and the step that must come first.

    `start` fills in the form that adds it, as a query of its address.
    """

    slug: str
    todo: str
    hint: str
    where: Q = field(default_factory=Q)
    start: str = ""
    after: int | None = None
    takes_money: bool = True


_STEPS = (
    _Step(
        "vat-codes",
        "Add a VAT code",
        "How much of an amount is VAT. Income without VAT needs a code with a rate of 0% too.",
    ),
    _Step(
        "funds",
        "Add the suspense fund",
        "Where money waits that nobody can explain yet. There is one.",
        Q(purpose="suspense"),
        "?purpose=suspense",
        after=0,
    ),
    _Step(
        "funds",
        "Add a fund for income",
        "One kind of income, such as Council Tax. Its pattern finds accounts in bank files.",
        Q(purpose="income"),
        "?purpose=income",
        after=0,
    ),
    _Step(
        "methods",
        "Add a method of payment for the bank",
        "How money arrives, and the control account it arrives in.",
        ~Q(purpose="journal"),
        "?purpose=bank",
    ),
    _Step(
        "import-profiles",
        "Add an import profile",
        "Which bank account a file is for, and which method its money has.",
        after=3,
    ),
    _Step(
        "import-rules",
        "Add an import rule",
        "Which fund a line of a bank file belongs to. Without rules, every line waits in suspense.",
        after=2,
    ),
    _Step(
        "methods",
        "Add a method of payment for journals",
        "To move money from suspense to the fund it belongs to.",
        Q(purpose="journal"),
        "?purpose=journal",
        takes_money=False,
    ),
    _Step(
        "ledger-formats",
        "Add a ledger format",
        "How the file for your finance system is written.",
        takes_money=False,
    ),
)


@dataclass(frozen=True, slots=True)
class SettingUp:
    """The steps as items of the `tasks` macro, how many are done, and whether money can be taken.

    `can_take` is about bank files: the other steps can wait until the first of them is posted.
    """

    items: list[dict[str, str]]
    done: int
    can_take: bool

    @property
    def is_over(self) -> bool:
        """Whether nothing is missing."""
        return self.done == len(self.items)


def setting_up(actor: Actor) -> SettingUp | None:
    """How far the council is, in one query; None once it is over, or for who may not see it."""
    if not actor.may("settings.view"):
        return None
    known = {kind.slug for kind in all_kinds()}
    steps = [step for step in _STEPS if step.slug in known]
    there = are_in_use([(get_kind(step.slug), step.where) for step in steps])
    found = SettingUp(
        [_item(step, there, actor, done=done) for step, done in zip(steps, there, strict=True)],
        sum(there),
        all(done for step, done in zip(steps, there, strict=True) if step.takes_money),
    )
    return None if found.is_over else found


def _item(step: _Step, there: list[bool], actor: Actor, *, done: bool) -> dict[str, str]:
    waits = not done and step.after is not None and not there[step.after]
    status = DONE if done else CANNOT_START if waits else TO_DO
    return {
        "title": step.todo,
        "hint": step.hint,
        "status": status,
        "colour": _COLOURS[status],
        "href": "" if waits else _address(get_kind(step.slug), step, actor, done=done),
    }


def _address(kind: Kind, step: _Step, actor: Actor, *, done: bool) -> str:
    """Where to do the step; where it is done, what was made."""
    if done and actor.may(kind.see):
        return reverse("setting_kind", args=(kind.slug,))
    if not done and actor.may(kind.change):
        return reverse("setting_add", args=(kind.slug,)) + step.start
    return ""
