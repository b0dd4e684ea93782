"""An event in words: who, what, where from, what changed, and whether it is sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from django.http import QueryDict

from ims.backoffice.audit.forms import AuditSearch
from ims.backoffice.audit.objects import address_of, name_of
from ims_kernel.audit import acts, sealing
from ims_kernel.identity.permissions import Actor
from ims_kernel.money import format_pounds
from ims_kernel.origin import WEB, WORKER
from ims_kernel.sealing.chain import block_of
from ims_kernel.sealing.proof import problem_with
from ims_kernel.web.dates import format_instant, format_short_date
from ims_kernel.web.pagination import AFTER, BEFORE, with_query

if TYPE_CHECKING:
    from ims_kernel.audit.models import AuditEvent

_SOURCES: Mapping[str, str] = {
    WEB: "A page of this service",
    WORKER: "Work in the background",
    "": "Not recorded",
}


class Change(NamedTuple):
    """One field before and after."""

    field: str
    before: str
    after: str


def who(event: AuditEvent) -> str:
    """Who acted, and for whom."""
    return f"{event.actor_name} for {event.behalf_name}" if event.behalf_name else event.actor_name


def facts(event: AuditEvent, actor: Actor) -> list[dict[str, str]]:
    """The rows of the event's own page."""
    address = address_of(event.object_kind, event.object_id, actor)
    rows = [
        {"key": "When", "text": format_instant(event.at)},
        {"key": "Who", "text": _person(event.actor_name, event.actor_id)},
        {"key": "What", "text": acts.words(event.act)},
        {"key": "Done to", "text": name_of(event.object_kind, event.object_id), "href": address},
        {"key": "Reason", "text": event.reason or "None given"},
        {"key": "Came from", "text": source(event)},
        {"key": "Network address", "text": event.address or "None"},
        {"key": "Request", "text": event.request_id or "None"},
    ]
    if event.behalf_name:
        behalf = {"key": "On behalf of", "text": _person(event.behalf_name, event.behalf_id)}
        rows.insert(2, behalf)
    return rows


def _person(name: str, number: int | None) -> str:
    return f"{name} (person {number})" if number is not None else name


def source(event: AuditEvent) -> str:
    """The way in, in words."""
    if event.source in _SOURCES:
        return _SOURCES[event.source]
    return f"The command line: {event.source}"


def changes(event: AuditEvent) -> list[Change]:
    """Each field that changed, with what it was and what it is."""
    before, after = _fields(event.before), _fields(event.after)
    names = [*before, *(name for name in after if name not in before)]
    return [Change(label(name), _side(name, before), _side(name, after)) for name in names]


def _fields(values: Any) -> Mapping[str, Any]:
    return values if isinstance(values, dict) else {}


def _side(name: str, values: Mapping[str, Any]) -> str:
    return in_words(name, values[name]) if name in values else "–"


def more(event: AuditEvent) -> list[dict[str, str]]:
    """What else was written down with the act."""
    found = _fields(event.facts)
    return [{"key": label(name), "text": in_words(name, found[name])} for name in found]


def label(name: str) -> str:
    """The name of a field or fact for people: `amount_pence` is `Amount`."""
    return name.removesuffix("_pence").replace("_", " ").strip().capitalize() or name


def in_words(name: str, value: Any) -> str:
    """A value for people: pounds, yes or no, a list in one line."""
    if value is None or value in ("", [], {}):
        return "Nothing"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int) and name.endswith("_pence"):
        return format_pounds(value)
    if isinstance(value, list):
        return ", ".join(in_words(name, each) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{label(key)}: {in_words(key, each)}" for key, each in value.items())
    return str(value)


class Seal(NamedTuple):
    """Where an event is in the chain, and what is wrong with it, if anything."""

    text: str
    problem: str


def seal(event: AuditEvent) -> Seal:
    """Checks the event's own block, now. `ims verify` checks them all."""
    block = block_of(sealing.CHAIN, event.pk)
    problem = problem_with(sealing.CHAIN, event.pk, name=sealing.row_name)
    if block is None or problem is None:
        return Seal("Not sealed yet. It is sealed within some minutes.", "")
    where = f"Block {block.number}, sealed {format_instant(block.sealed_at)}."
    if problem:
        return Seal(where, problem)
    return Seal(f"{where} Checked now: as it was sealed.", "")


def chips(form: AuditSearch, query: QueryDict) -> list[dict[str, str]]:
    """The filters in force, each with the address of the same search without it."""
    if not form.is_valid():
        return []
    found = []
    for name, value in form.cleaned_data.items():
        if not value:
            continue
        field: Any = form.fields[name]
        words = dict(field.choices)[value] if hasattr(field, "choices") else value
        found.append(
            {
                "label": str(field.label),
                "text": words if isinstance(words, str) else format_short_date(words),
                "remove": with_query(query, **{name: None, AFTER: None, BEFORE: None}),
            }
        )
    return found
