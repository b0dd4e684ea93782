"""Transactions in words: kinds, filters in force, and what was done to one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.http import QueryDict

from ims.backoffice.transactions.forms import SearchForm
from ims.ledger.entries import Kind
from ims.reports.transactions import Found
from ims_kernel.money import format_pounds
from ims_kernel.references import encode
from ims_kernel.web.dates import format_short_date
from ims_kernel.web.pagination import AFTER, BEFORE, with_query

KINDS: Mapping[str, str] = MappingProxyType(
    {
        Kind.RECEIPT: "Receipt",
        Kind.REFUND: "Refund",
        Kind.JOURNAL: "Journal",
        Kind.TRANSFER: "Transfer",
        Kind.ALLOCATION: "Allocation from suspense",
        Kind.REVERSAL: "Reversal",
    }
)
# Acts of the audit as people say them. One that is not here is shown by its own name.
_ACTS: Mapping[str, str] = MappingProxyType(
    {
        "receipts.take": "Taken",
        "ledger.reverse": "Reversed",
        "suspense.allocate": "Allocated from suspense",
    }
)


def chips(form: SearchForm, query: QueryDict) -> list[dict[str, str]]:
    """The filters in force, each with the address of the same search without it."""
    if not form.is_valid():
        return []
    given = form.cleaned_data
    shown = {
        "receipt": encode(given["receipt"]) if given["receipt"] else "",
        "account": given["account"],
        "amount": _amounts(given["amount"]),
        "text": given["text"],
        "fund": _chosen(form, "fund"),
        "method": _chosen(form, "method"),
        "start": format_short_date(given["start"]) if given["start"] else "",
        "end": format_short_date(given["end"]) if given["end"] else "",
    }
    return [
        {
            "label": str(form.fields[name].label),
            "text": text,
            "remove": with_query(query, **{name: None, AFTER: None, BEFORE: None}),
        }
        for name, text in shown.items()
        if text and query.get(name, "").strip()
    ]


def _chosen(form: SearchForm, name: str) -> str:
    choices: dict[str, str] = dict(form.fields[name].choices)  # type: ignore[attr-defined]
    value = form.cleaned_data[name]
    return choices[value] if value else ""


def _amounts(pair: tuple[int, int] | None) -> str:
    if pair is None:
        return ""
    low, high = pair
    return format_pounds(low) if low == high else f"{format_pounds(low)} to {format_pounds(high)}"


def total_in_words(found: Found) -> str:
    """`1,204 lines, £5,300.00` or, past what is counted, `more than 10,000 lines`."""
    if found.more:
        return f"More than {found.lines:,} lines"
    lines = f"{found.lines:,} line{'' if found.lines == 1 else 's'}"
    return f"{lines}, {format_pounds(found.pence)}".replace("-", "\u2212")


def history(events: list[Any]) -> list[dict[str, Any]]:
    """Audit events for the history macro."""
    return [
        {
            "title": _ACTS.get(event.act, event.act),
            "at": event.at,
            "by": event.actor_name,
            "text": _facts(event),
        }
        for event in events
    ]


def _facts(event: Any) -> str:
    amount = event.facts.get("amount_pence")
    said = [f"{format_pounds(amount)}." if isinstance(amount, int) else "", event.reason]
    return " ".join(part for part in said if part)
