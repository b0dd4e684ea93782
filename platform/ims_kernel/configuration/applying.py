"""Applying a configuration file: one transaction, a list of what it changes, and nothing twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction

from ims_kernel.audit.services import Subject, record
from ims_kernel.configuration.document import Document
from ims_kernel.configuration.writing import file_kinds
from ims_kernel.errors import ImsError, NotAllowed
from ims_kernel.records import services
from ims_kernel.records.errors import RecordNotFound
from ims_kernel.records.fields import Picture, Secret, Values
from ims_kernel.records.kinds import ONLY, Kind
from ims_kernel.records.selectors import Record, export_all, get
from ims_kernel.records.services import Asked

ADDED, CHANGED, RETIRED, RESTORED, WAITING = "added", "changed", "retired", "restored", "waiting"


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


def compare(document: Document, asked: Asked) -> Outcome:
    """What applying would change, found by applying and undoing it. Raises as `apply` does."""
    with transaction.atomic():
        outcome = _apply(document, asked)
        transaction.set_rollback(True)
    return outcome


def apply(document: Document, asked: Asked) -> Outcome:
    """Bring the council's settings to what the file says, all or nothing. Twice is once.

    Records the file does not mention stay. Raises FileRefused with the line and field for the first
    record that cannot be used, or NotAllowed; then nothing was changed.
    """
    with transaction.atomic():
        outcome = _apply(document, asked)
        if outcome.changes:
            record(
                asked.actor,
                "configuration.apply",
                Subject("configuration", "file"),
                at=asked.at,
                reason=asked.reason,
                changes=len(outcome.changes),
            )
    return outcome


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
    except NotAllowed:
        raise
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
    saved = services.save(kind, there.key if there else None, _whole(kind, values), asked=asked)
    changes = []
    if saved.waiting:
        changes.append(Change(kind.slug, kind.singular, saved.key, WAITING))
    elif saved.changed:
        now = get(kind, saved.key)
        changes.append(_change(kind, saved.key, there, now))
    if kind.single or saved.waiting:
        return changes
    was_active = there.is_active if there else True
    if was_active != active:
        switch = services.restore if active else services.retire
        switch(kind, saved.key, asked=asked)
        what = RESTORED if active else RETIRED
        if there is not None:
            changes.append(Change(kind.slug, kind.singular, saved.key, what))
    return changes


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
