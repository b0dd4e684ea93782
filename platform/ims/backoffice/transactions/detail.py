"""What the page of one transaction shows, in words."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from ims.backoffice.transactions.showing import KINDS, history
from ims.imports.rules import in_words
from ims.reports.transaction import Origin, Transaction
from ims_kernel.identity.permissions import Actor
from ims_kernel.money import format_pounds, plain_pounds
from ims_kernel.references import encode
from ims_kernel.web.dates import format_date, format_instant

Fact = dict[str, str]


def context(found: Transaction, actor: Actor) -> dict[str, Any]:
    """Everything the template needs. Links lead only where this person may go."""
    return {
        "found": found,
        "number": encode(found.entry.pk),
        "kind": KINDS[found.entry.kind],
        "kinds": KINDS,
        "percent": _percent,
        "dates": _dates(found),
        "payer": _payer(found),
        "origin": _origin(found.origin, actor) if found.origin else [],
        "row_text": found.origin.row.text if found.origin and found.origin.row else "",
        "suspense": _suspense(found, actor),
        "is_reversed": any(other.entry.kind == "reversal" for other in found.corrections),
        "seal": _seal(found),
        "export": _export(found, actor),
        "history": _history(found),
    }


def _dates(found: Transaction) -> list[Fact]:
    effective = sorted({line.effective_on for line in found.lines})
    periods = sorted(
        {f"month {p.month} of {p.year}/{(p.year + 1) % 100:02d}" for p in _periods(found)}
    )
    return [
        {"key": "Received", "text": format_date(found.entry.received_on)},
        {"key": "Effective", "text": ", ".join(format_date(day) for day in effective)},
        {"key": "Posted", "text": format_instant(found.entry.posted_at)},
        {"key": "Accounting period", "text": ", ".join(periods).capitalize()},
    ]


def _periods(found: Transaction) -> list[Any]:
    return [line.period for line in found.lines]


def _payer(found: Transaction) -> list[Fact]:
    receipt = found.receipt
    if receipt is None:
        return []
    return [
        {"key": "Payer", "text": receipt.payer or "Not given"},
        {"key": "Reference", "text": receipt.reference or "Not given"},
        {"key": "Narrative", "text": receipt.narrative or "Not given"},
        {"key": "Reference of the bank", "text": receipt.bank_reference or "Not given"},
    ]


def _origin(origin: Origin, actor: Actor) -> list[Fact]:
    file, row, rule = origin.file, origin.row, origin.rule
    link = reverse("import", args=[file.pk]) if actor.may("imports.view") else ""
    placed = "No rule recognised it"
    if rule is not None:
        action = rule.action
        placed = f"“{rule.name}”: when {in_words(rule.conditions)}, fund {action.fund_code}"
    elif row is not None and row.rule_id is not None:
        placed = "A rule that is no longer kept"
    facts = [
        {"key": "File", "text": file.file_name, "href": link},
        {"key": "Kind of file", "text": file.profile.name},
        {"key": "Received", "text": f"{format_instant(file.received_at)}, {file.received_by}"},
    ]
    if row is not None:
        facts.append({"key": "Line in the file", "text": f"{row.line_number:,}"})
    return [*facts, {"key": "Rule", "text": placed}]


def _suspense(found: Transaction, actor: Actor) -> list[Fact]:
    item = found.suspense_item
    if item is None:
        return []
    left = item.remaining_pence
    state = (
        "Cleared"
        if left == 0
        else f"{format_pounds(left)} of {format_pounds(item.amount_pence)} left"
    )
    facts = [{"key": "State", "text": state}, {"key": "Why it waits", "text": item.reason}]
    if actor.may("suspense.view"):
        facts.append(
            {
                "key": "Item",
                "text": "Open this item",
                "href": reverse("suspense_item", args=[item.pk]),
            }
        )
    return facts


def _seal(found: Transaction) -> Fact:
    block = found.block
    if block is None:
        text = "Not yet. It will be sealed shortly, and can already not be changed."
    else:
        text = f"In block {block.number:,} on {format_instant(block.sealed_at)}"
    return {"key": "Sealed", "text": text}


def _export(found: Transaction, actor: Actor) -> Fact:
    run = found.export_run
    if run is None:
        return {"key": "Ledger file", "text": "In none yet"}
    link = reverse("export", args=[run.pk]) if actor.may("exports.view") else ""
    return {"key": "Ledger file", "text": run.reference, "href": link}


def _percent(basis_points: int) -> str:
    """`20%`, `17.5%`: hundredths of a percent read like pence."""
    return f"{plain_pounds(basis_points).rstrip('0').rstrip('.')}%"


def _history(found: Transaction) -> list[dict[str, Any]]:
    """Newest first. A line of a file has no audit event of its own: its entry says who."""
    events = history(list(found.history))
    if any(event.act == "receipts.take" for event in found.history):
        return events
    entry = found.entry
    posted = {"title": "Posted", "at": entry.posted_at, "by": entry.actor_name, "text": ""}
    return [*events, posted]
