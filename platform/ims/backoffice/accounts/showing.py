"""Accounts and their loads in words and colours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from django.http import QueryDict

from ims.accounts import selectors, states
from ims.accounts.columns import BY_NAME, TEXTS
from ims.backoffice.accounts.forms import SearchForm
from ims_kernel.web.pagination import AFTER, BEFORE, with_query

if TYPE_CHECKING:
    from ims.accounts.models import AccountHolder, AccountLoad, AccountLoadRow
    from ims_kernel.audit.models import AuditEvent

# State -> (word, colour of its tag).
TAGS: Mapping[str, tuple[str, str]] = {
    states.RECEIVED: ("Being read", "blue"),
    states.READY: ("Ready to apply", "yellow"),
    states.REFUSED: ("Not used", "red"),
    states.APPLYING: ("Being applied", "blue"),
    states.APPLIED: ("Applied", "green"),
}
SEVERITIES: Mapping[str, tuple[str, str]] = {
    "information": ("Information", "blue"),
    "warning": ("Warning", "yellow"),
    "stop": ("Stop", "red"),
}
_ACTS: Mapping[str, str] = {
    "accounts.add": "Added by hand",
    "accounts.change": "Changed by hand",
    "accounts.close": "Closed by hand",
    "accounts.reopen": "Opened again by hand",
    "accounts.receive_load": "Received",
    "accounts.read_load_again": "Compared again",
    "accounts.discard_load": "Discarded",
    "accounts.request_apply": "Applying started",
    "accounts.apply_load": "Applied",
    "accounts.download": "Lines not used downloaded",
}
_FIELDS = {column.field: column.words for column in TEXTS} | {
    "balance_pence": "balance", "balance_on": BY_NAME["balance_on"].words, "message": "message",
}  # fmt: skip
SAMPLES = 5
_WORDS: Mapping[str, str] = {
    "add": "Added", "change": "Changed", "reopen": "Opened again", "close": "Closed",
}  # fmt: skip


class Part(NamedTuple):
    """One line of what a load does."""

    outcome: str
    text: str
    accounts: int


class Sample(NamedTuple):
    """One difference that a load would make, with what is held now (None when nothing is)."""

    row: AccountLoadRow
    words: str
    before: AccountHolder | None
    changed: str


def parts(load: AccountLoad) -> list[Part]:
    """What a load does, in numbers that add up: accounts in the file, and those it closes."""
    return [
        Part("add", "Added", load.added_count),
        Part("change", "Changed", load.changed_count),
        Part("reopen", "Opened again", load.reopened_count),
        Part("close", "Closed", load.closed_count),
        Part("same", "Unchanged", load.unchanged_count),
        Part("reject", "Lines that cannot be used", load.rejected_count),
    ]


def samples(load: AccountLoad) -> list[Sample]:
    """The first differences of each kind. Five queries, whatever the size of the load."""
    rows = [row for outcome in _WORDS for row in selectors.load_rows_of(load.pk, outcome)[:SAMPLES]]
    held = {
        account.pk: account
        for account in selectors.accounts().filter(pk__in=[row.account_id for row in rows])
    }
    return [
        Sample(row, _WORDS[row.outcome], held.get(row.account_id or 0), _differs(row, held))
        for row in rows
    ]


def _differs(row: AccountLoadRow, held: Mapping[int, AccountHolder]) -> str:
    before = held.get(row.account_id or 0)
    if before is None or row.outcome != "change":
        return ""
    names = [name for name in _FIELDS if name != "message"]
    words = [_FIELDS[name] for name in names if getattr(before, name) != getattr(row, name)]
    if before.message_id != row.message_id:
        words.append("message")
    return ", ".join(words) or "amounts of the period"


def history(events: list[AuditEvent]) -> list[dict[str, Any]]:
    """What was done, in words."""
    return [
        {
            "title": _ACTS.get(event.act, event.act),
            "at": event.at,
            "by": event.actor_name,
            "text": _said(event),
        }
        for event in events
    ]


def _said(event: AuditEvent) -> str:
    changed = event.facts.get("changed")
    if event.act == "accounts.change" and isinstance(changed, list):
        words = ", ".join(_FIELDS.get(str(name), str(name)) for name in changed)
        return f"{words.capitalize()}. {event.reason}".strip()
    return event.reason


def chips(form: SearchForm, query: QueryDict) -> list[dict[str, str]]:
    """The filters in force, each with the address of the same search without it."""
    if not form.is_valid():
        return []
    shown = []
    for name, field in form.fields.items():
        text = str(form.cleaned_data.get(name) or "")
        choices: dict[str, str] = dict(getattr(field, "choices", ()))
        if text and query.get(name, "").strip() and (name, text) != ("state", "open"):
            shown.append(
                {
                    "label": str(field.label),
                    "text": choices.get(text, text),
                    "remove": with_query(query, **{name: None, AFTER: None, BEFORE: None}),
                }
            )
    return shown
