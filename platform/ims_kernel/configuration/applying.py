"""Applying a configuration file: one transaction, a list of what it changes, and nothing twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass, field, replace
from typing import Any

from django.db import transaction

from ims_kernel.audit.services import Subject, record
from ims_kernel.configuration.document import Document
from ims_kernel.configuration.errors import SettingsMoved, TablesNotAllowed
from ims_kernel.configuration.writing import file_kinds
from ims_kernel.errors import ImsError
from ims_kernel.permissions import Actor, registered
from ims_kernel.records import proposals, services
from ims_kernel.records.errors import RecordNotFound
from ims_kernel.records.fields import Picture, Secret, Values
from ims_kernel.records.kinds import ONLY, Kind
from ims_kernel.records.selectors import Record, export_all, get
from ims_kernel.records.services import Asked, Saved

PERMISSION = "settings.apply_file"
ADDED, CHANGED, RETIRED, RESTORED = "added", "changed", "retired", "restored"
# For a second person: by this file, or asked for in the same words before.
WAITING, WAITING_ALREADY = "waiting", "waiting already"


@dataclass(frozen=True, slots=True)
class Change:
    """What the file does to one record: the fields that differ, by label, in words."""

    slug: str
    kind: str
    key: str
    what: str
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a file changes, how many records it leaves as they are, and what it does not mention."""

    changes: list[Change]
    unchanged: int
    not_in_file: list[str]

    @property
    def is_done(self) -> bool:
        """Whether there is nothing left for the file to do."""
        return all(change.what == WAITING_ALREADY for change in self.changes)

    @property
    def digest(self) -> str:
        """What the file changes as one short text: equal when it does the same."""
        told = json.dumps([astuple(change) for change in self.changes], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


def compare(document: Document, asked: Asked) -> Outcome:
    """What applying would change, found by applying and undoing it. Raises as `apply` does."""
    _allow(document, asked)
    with transaction.atomic():
        outcome = _apply(document, asked)
        transaction.set_rollback(True)
    return outcome


def apply(document: Document, asked: Asked, *, expected: str = "", source: str = "file") -> Outcome:
    """Bring the council's settings to what the file says, all or nothing. Twice is once.

    Records the file does not mention stay. `expected` is the digest of the outcome that somebody
    looked at before; `source` tells the audit trail where the settings came from. Raises
    FileRefused with the line and field for the first record that cannot be used, SettingsMoved
    when it would do something else than expected, or NotAllowed; then nothing was changed.
    """
    _allow(document, asked)
    with transaction.atomic():
        outcome = _apply(document, asked)
        if expected and outcome.digest != expected:
            raise SettingsMoved(
                "Settings were changed after you compared the file, so it would now do something "
                "else. Nothing was applied. Compare it again and look at the changes."
            )
        if not outcome.is_done:
            record(
                asked.actor,
                "configuration.apply",
                Subject("configuration", "file"),
                at=asked.at,
                reason=asked.reason,
                changes=len(outcome.changes),
                source=source,
            )
    return outcome


def may_not_change(document: Document, actor: Actor) -> list[Kind]:
    """The kinds in the file that the actor may not change."""
    return [
        kind
        for kind in file_kinds()
        if document.tables.get(kind.slug) and not actor.may(kind.change)
    ]


def _allow(document: Document, asked: Asked) -> None:
    asked.actor.require(PERMISSION)
    barred = may_not_change(document, asked.actor)
    if barred:
        words = registered()
        needed = dict.fromkeys(f"“{words[kind.change]}”" for kind in barred)
        tables = ", ".join(kind.slug for kind in barred)
        raise TablesNotAllowed(
            f"The file holds settings that you may not change: {tables}. Take these tables out, or "
            f"ask for the permission {' and '.join(needed)}.",
            tables=tables,
        )


def _apply(document: Document, asked: Asked) -> Outcome:
    known = {kind.slug: kind for kind in file_kinds()}
    for slug in document.tables:
        if slug not in known:
            raise document.refused(
                f"There is no table “{slug[:40]}”. There are: {', '.join(known)}.", slug, 1
            )
    changes: list[Change] = []
    unchanged, missing = 0, []
    for kind in known.values():
        records = document.tables.get(kind.slug)
        if records is None:
            continue
        done = [
            _one(document, kind, number, values, asked=asked)
            for number, values in enumerate(_checked(document, kind, records), start=1)
        ]
        changes += [change for each in done for change in each]
        unchanged += sum(not each for each in done)
        missing += _not_mentioned(kind, records)
    return Outcome(changes, unchanged, missing)


def _checked(document: Document, kind: Kind, records: list[Values]) -> list[Values]:
    if kind.single and len(records) > 1:
        raise document.refused(f"{kind.singular.capitalize()} may be there once.", kind.slug, 2)
    seen: dict[str, int] = {}
    for number, values in enumerate(records, start=1):
        for name in values:
            if isinstance(kind.by_name.get(name), (Secret, Picture)):
                raise document.refused(
                    "This is never set by a file. Take the line out, and set it in the console.",
                    kind.slug, number, name,
                )  # fmt: skip
        key = str(values.get(kind.key, "")).upper()
        if not kind.single and key in seen:
            raise document.refused(
                f"{key} is there twice: also as number {seen[key]}.", kind.slug, number, kind.key
            )
        seen[key] = number
    return records


def _one(document: Document, kind: Kind, number: int, given: Values, asked: Asked) -> list[Change]:
    values = {name: value for name, value in given.items() if name != "is_active"}
    active = given.get("is_active", True)
    if not isinstance(active, bool) or (kind.single and "is_active" in given):
        raise document.refused("is_active must be true or false.", kind.slug, number, "is_active")
    try:
        return _brought(kind, values, active=active, asked=asked)
    except ImsError as error:
        raise document.refused(error.message, kind.slug, number, *_path(error)) from error


def _path(error: ImsError) -> list[str | int]:
    named = (error.facts.get(fact) for fact in ("field", "row", "column"))
    path: list[str | int] = []
    for step in named:
        if step is None:
            break
        path.append(step)
    return path


def _brought(kind: Kind, values: Values, *, active: bool, asked: Asked) -> list[Change]:
    there = _find(kind, values)
    key, whole = there.key if there else None, _whole(kind, values)
    saved, is_new = _proposed_once(lambda: services.save(kind, key, whole, asked=asked))
    changes = []
    if saved.waiting:
        changes.append(_waiting(kind, saved, is_new=is_new))
    elif saved.changed:
        now = get(kind, saved.key)
        changes.append(_change(kind, saved.key, there, now))
    if kind.single or saved.waiting:
        return changes
    was_active = there.is_active if there else True
    if was_active != active:
        switch = services.restore if active else services.retire
        switched, is_new = _proposed_once(lambda: switch(kind, saved.key, asked=asked))
        if switched.waiting:
            changes.append(
                _waiting(kind, switched, is_new=is_new, state=RESTORED if active else RETIRED)
            )
        elif there is not None:
            what = RESTORED if active else RETIRED
            changes.append(Change(kind.slug, kind.singular, saved.key, what))
    return changes


def _proposed_once(step: Callable[[], Saved]) -> tuple[Saved, bool]:
    """What became of a step, and False when it waits for a second person already.

    A file applied twice must not ask the second person twice.
    """
    with transaction.atomic():
        saved = step()
        if not saved.waiting:
            return saved, True
        is_new = not proposals.is_repeated()
        if not is_new:
            transaction.set_rollback(True)
    return saved, is_new


def _waiting(kind: Kind, saved: Saved, *, is_new: bool, state: str = "") -> Change:
    def told(values: Values) -> dict[str, str]:
        return {
            kind.by_name[name].label: kind.by_name[name].words(value)
            for name, value in values.items()
            if name in kind.by_name
        }

    what = WAITING if is_new else WAITING_ALREADY
    after = {"State": state} if state else told(saved.after)
    return Change(kind.slug, kind.singular, saved.key, what, told(saved.before), after)


def _find(kind: Kind, values: Values) -> Record | None:
    key = ONLY if kind.single else values.get(kind.key, "")
    try:
        # Cleaned as saving will, so that `ct` in the file is CT in the council.
        return get(kind, key if kind.single else kind.by_name[kind.key].clean(key))
    except RecordNotFound:
        return None


def _whole(kind: Kind, values: Values) -> Values:
    """What the file leaves out goes back to its default; one record's other values stay."""
    if kind.single:
        return values
    return {
        **{
            each.name: each.start
            for each in kind.fields
            if not isinstance(each, (Secret, Picture))
            and (each.optional or each.default is not None)
        },
        **values,
    }


def _change(kind: Kind, key: str, there: Record | None, now: Record) -> Change:
    before, after = {}, {}
    for each in kind.fields:
        value = now.values[each.name]
        if there is None or there.values[each.name] != value:
            after[each.label] = each.words(value)
            if there is not None:
                before[each.label] = each.words(there.values[each.name])
    return Change(kind.slug, kind.singular, key, CHANGED if there else ADDED, before, after)


def _not_mentioned(kind: Kind, records: Iterable[Values]) -> list[str]:
    if kind.single:
        return []
    there: list[Any] = [values for values in export_all(kind) if values.get("is_active", True)]
    mentioned = {str(values.get(kind.key, "")).upper() for values in records}
    return [
        f"{kind.singular} {kind.name_of(values)}"
        for values in there
        if str(values[kind.key]).upper() not in mentioned
    ]


def by_the_service(asked: Asked) -> Asked:
    """For a file applied by the service itself, which stands for both persons."""
    return replace(asked, approved=True)
