"""Changing settings: one way in for the console, a configuration file and the API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from ims_kernel.audit.services import Subject, record
from ims_kernel.identity.permissions import Actor
from ims_kernel.records import proposals, texts
from ims_kernel.records.errors import ChangedMeanwhile, RecordInUse, RecordKeyTaken, RecordRefused
from ims_kernel.records.fields import Values
from ims_kernel.records.kinds import ONLY, Kind
from ims_kernel.records.selectors import Record, instance_of, record_of, where_used
from ims_kernel.records.states import Act
from ims_kernel.records.storing import (
    changes_of,
    check_links,
    clean_values,
    write_values,
)


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a change. `waiting`: a second person must approve it first.

    `before` and `after` are the fields that differ, when it waits.
    """

    key: str
    changed: bool
    waiting: bool = False
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for a change, when and why. `seen` is the digest the form was opened with."""

    actor: Actor
    at: datetime
    reason: str = ""
    seen: str = ""
    approved: bool = False


def save(kind: Kind, key: str | None, values: Mapping[str, Any], *, asked: Asked) -> Saved:
    """Add (key None) or change a record. A change that changes nothing writes nothing.

    Raises FieldRefused or RecordRefused (facts `field`, `row`, `column`), RecordNotFound,
    RecordKeyTaken, ChangedMeanwhile, or NotAllowed; then nothing was done.
    """
    asked.actor.require(kind.change)
    with transaction.atomic():
        there = _there(kind, key, asked) if key is not None else None
        before = there.values if there else None
        after = clean_values(kind, values, before)
        texts.check(kind, after)
        check_links(kind, after, before)
        kind.check(after, before)
        was, now = changes_of(kind, after, before)
        name = ONLY if kind.single else str(after[kind.key])
        if there is not None and not now:
            return Saved(name, changed=False)
        if there is None:
            _refuse_taken(kind, name)
        if proposals.needed(kind) and not asked.approved:
            asked_for = proposals.Proposal(Act.SAVE, key or "", dict(values), was, now)
            proposals.propose(kind, kind.name_of(after), asked_for, asked=asked)
            return Saved(name, changed=False, waiting=True, before=was, after=now)
        _write(kind, there.instance if there else kind.model(), after)
        act = "settings.add" if there is None else "settings.change"
        _record(kind, name, act, asked, before=was, after=now)
    return Saved(name, changed=True)


def retire(kind: Kind, key: str, *, asked: Asked) -> Saved:
    """Take a record out of use; it stays where it was used. Raises RecordInUse, saying by what."""

    def check(there: Record) -> None:
        blocking = [use for use in where_used(there) if use.blocks]
        if blocking:
            words = " and ".join(f"{use.count:,} {use.text}" for use in blocking)
            raise RecordInUse(
                f"{there.title} cannot be retired: it has {words}. Deal with them first.",
                uses=words,
            )

    return _switch(kind, key, asked, Act.RETIRE, check)


def restore(kind: Kind, key: str, *, asked: Asked) -> Saved:
    """Put a retired record back into use."""

    def check(there: Record) -> None:
        kind.check(there.values, there.values)

    return _switch(kind, key, asked, Act.RESTORE, check)


def _switch(kind: Kind, key: str, asked: Asked, act: Act, check: Callable[[Record], None]) -> Saved:
    asked.actor.require(kind.change)
    if kind.single:
        raise RecordRefused(f"The {kind.plural} cannot be retired: there is only one.")
    active = act is Act.RESTORE
    with transaction.atomic():
        there = _there(kind, key, asked)
        if there.is_active == active:
            return Saved(key, changed=False)
        check(there)
        was, now = {"is_active": not active}, {"is_active": active}
        if proposals.needed(kind) and not asked.approved:
            proposals.propose(
                kind, there.title, proposals.Proposal(act, key, {}, was, now), asked=asked
            )
            return Saved(key, changed=False, waiting=True)
        there.instance.is_active = active
        there.instance.save(update_fields=["is_active"])
        _record(kind, key, f"settings.{act}", asked, before=was, after=now)
    return Saved(key, changed=True)


def approve(change_id: int, *, actor: Actor, at: datetime, reason: str = "") -> Saved:
    """Make a proposed change, as a second person. Raises OwnChange, ChangeDecided or as save does.

    A record changed since the proposal is refused (ChangedMeanwhile): the second person must see
    what they approve.
    """
    with transaction.atomic():
        change, kind = proposals.decide(change_id, "approve", actor=actor, at=at, reason=reason)
        why = f"{change.reason} (proposed by {change.proposed_by})".strip()
        asked = Asked(actor, at, why, change.seen, approved=True)
        if change.act == Act.SAVE:
            return save(kind, change.key or None, proposals.values_of(change), asked=asked)
        switch = retire if change.act == Act.RETIRE else restore
        return switch(kind, change.key, asked=asked)


def refuse(change_id: int, *, actor: Actor, at: datetime, reason: str) -> None:
    """Turn a proposed change down, or take back one's own. Raises ChangeDecided."""
    with transaction.atomic():
        proposals.decide(change_id, "refuse", actor=actor, at=at, reason=reason)


def _there(kind: Kind, key: str, asked: Asked) -> Record:
    there = record_of(kind, instance_of(kind, key, lock=True))
    if asked.seen and asked.seen != there.digest:
        raise ChangedMeanwhile(
            f"{there.title} was changed by somebody else while you had the form open. "
            "Look at it again, then make your change."
        )
    return there


def _refuse_taken(kind: Kind, name: str) -> None:
    found: Any = kind.model._default_manager.filter(**{kind.key: name}).first()  # noqa: SLF001
    if found is not None:
        state = "in use" if found.is_active else "retired: restore it instead"
        raise RecordKeyTaken(f"There is already {kind.one} {name}, {state}.", field=kind.key)


def _write(kind: Kind, instance: Any, after: Values) -> None:
    try:
        with transaction.atomic():
            write_values(kind, instance, after)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        name = getattr(diagnosis, "constraint_name", None) or ""
        if name in kind.constraints:
            blamed, words = kind.constraints[name]
            raise RecordRefused(words, field=blamed) from error
        if instance.pk is None:
            # Somebody may have added the same key since it was looked for.
            _refuse_taken(kind, str(after[kind.key]))
        raise


def _record(
    kind: Kind, name: str, act: str, asked: Asked, *, before: Values, after: Values
) -> None:
    record(
        asked.actor,
        act,
        Subject(kind.slug, name),
        at=asked.at,
        reason=asked.reason,
        before=before,
        after=after,
    )
