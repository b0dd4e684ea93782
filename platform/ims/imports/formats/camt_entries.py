"""One camt.053 entry (Ntry) as rows: one, or one per payment when a batch adds up.

ISO 20022 Bank to Customer Statement, found by local name so that versions 02 to 13 work. The sign
comes from CdtDbtInd alone: RvslInd only says that the movement undoes an earlier one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lxml.etree import _Element

from ims.imports.formats.base import NO_REFERENCE, ParsedRow, Row
from ims.imports.formats.camt_facts import Facts, first, gather, plain, signed_pence
from ims.imports.formats.fields import (
    BANK_CODE,
    BANK_REFERENCE,
    NARRATIVE,
    NIL,
    PAYER,
    REFERENCE,
    TEXT,
    RowUnreadable,
    read_iso_day,
    read_pence,
    rejected,
    tidy,
)
from ims_kernel.money import AmountUnreadable

_PENDING = {
    "PDNG": "The bank has not booked this entry yet (pending). It will come again when it has.",
    "FUTR": "The bank will book this entry later (future). It will come again when it has.",
    "INFO": "The bank sent this entry for information only. There is nothing to do.",
}
_TRUE = ("true", "1")
_REFERENCES = (
    "RmtInf/Strd/CdtrRefInf/Ref",
    "RmtInf/Strd/CdtrRefInf/CdtrRef",
    "Refs/EndToEndId",
    "Refs/ChqNb",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry and its payments share."""

    facts: Facts
    number: int
    bank_account: str
    amount_pence: int  # signed
    received_on: date
    effective_on: date
    bank_code: str

    @property
    def credit(self) -> bool:
        """Money in."""
        return self.amount_pence > 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The rows of one entry, and what it counts for in the balance of its statement."""

    rows: tuple[Row, ...]
    amount_pence: int | None  # None when a booked entry's amount cannot be read
    booked: bool = True
    problem: str = ""


def read_entry(element: _Element, *, number: int, bank_account: str) -> Outcome:
    """Rows and balance effect of one Ntry. Raises CurrencyNotSupported, which refuses the file."""
    facts, payments = gather(element, apart="TxDtls")
    status = _status(facts)
    amount: int | None = None
    try:
        amount = None if status in _PENDING else signed_pence(facts, f"Entry {number}")
        entry = _entry(facts, number, bank_account, amount)
    except (RowUnreadable, AmountUnreadable) as error:
        text = f"Entry {number}: {' '.join(plain(facts, payments))}"
        row = rejected(number, text, error.message, amount_pence=amount)
        if status in _PENDING:
            return Outcome((row,), 0, booked=False)
        return Outcome((row,), amount, problem=row.reason)
    return Outcome(tuple(_rows(entry, payments)), amount)


def _status(facts: Facts) -> str:
    return first(facts, "Sts/Cd", "Sts/Prtry", "Sts")


def _entry(facts: Facts, number: int, bank_account: str, amount: int | None) -> Entry:
    """The entry when it may be posted. Raises RowUnreadable."""
    status = _status(facts)
    if amount is None:
        raise RowUnreadable(_PENDING[status])
    if status != "BOOK":
        raise RowUnreadable(
            f"The status “{tidy(status, 40)}” is not one we know, so it may not be money yet. "
            "Ask the bank to send the statement again."
        )
    if not amount:
        raise RowUnreadable(NIL)
    booked = first(facts, "BookgDt/Dt", "BookgDt/DtTm")
    value = first(facts, "ValDt/Dt", "ValDt/DtTm")
    received_on = read_iso_day(booked or value)
    return Entry(
        facts=facts,
        number=number,
        bank_account=bank_account,
        amount_pence=amount,
        received_on=received_on,
        effective_on=read_iso_day(value) if value else received_on,
        bank_code=_bank_code(facts),
    )


def _rows(entry: Entry, payments: list[Facts]) -> Iterator[Row]:
    """One row, or one per payment when the payments of a batch add up to the entry."""
    if not payments[1:]:
        yield _row(entry, payments[0] if payments else {}, entry.amount_pence)
        return
    amounts = [_payment_pence(each, entry) for each in payments]
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(payments) or sum(known) != entry.amount_pence:
        told = {"AddtlTxInf": [f"Batch of {len(payments)} payments"]}
        yield _row(entry, told, entry.amount_pence)
        return
    for payment, amount in zip(payments, known, strict=True):
        # A nil payment in a batch moves nothing.
        if amount:
            yield _row(entry, payment, amount)


def _payment_pence(payment: Facts, entry: Entry) -> int | None:
    """A payment's signed amount; None when it is not given in pounds, so the batch stays whole."""
    path = "Amt" if "Amt" in payment else "AmtDtls/TxAmt/Amt"
    text, currency = first(payment, path), first(payment, f"{path}@Ccy")
    try:
        pence = read_pence(text)
    except AmountUnreadable:
        return None
    if pence < 0 or currency != "GBP":
        return None
    direction = first(payment, "CdtDbtInd")
    credit = direction == "CRDT" if direction else entry.credit
    return pence if credit else -pence


def _row(entry: Entry, payment: Facts, amount: int) -> ParsedRow:
    # A reversal keeps the roles of the payment it undoes.
    reversal = first(entry.facts, "RvslInd").lower() in _TRUE
    party = "RltdPties/Dbtr" if entry.credit != reversal else "RltdPties/Cdtr"
    payer = tidy(first(payment, f"{party}/Pty/Nm", f"{party}/Nm"), PAYER)
    reference = tidy(_reference(payment), REFERENCE)
    told = [
        *payment.get("RmtInf/Ustrd", ()),
        *payment.get("AddtlTxInf", ()),
        *entry.facts.get("AddtlNtryInf", ()),
    ]
    narrative = tidy(" ".join(dict.fromkeys(told)), NARRATIVE)
    bank_reference = first(payment, "Refs/AcctSvcrRef") or first(entry.facts, "AcctSvcrRef")
    bank_reference = tidy(bank_reference, BANK_REFERENCE)
    code = entry.bank_code
    seen = (str(entry.received_on), code, payer, reference, narrative, bank_reference)
    return ParsedRow(
        line_number=entry.number,
        amount_pence=amount,
        received_on=entry.received_on,
        effective_on=entry.effective_on,
        payer=payer,
        reference=reference,
        narrative=narrative,
        bank_reference=bank_reference,
        bank_code=code,
        bank_account=entry.bank_account,
        text=" ".join(dict.fromkeys(filter(None, seen)))[:TEXT],
    )


def _reference(payment: Facts) -> str:
    """The creditor's structured reference, else the payer's end-to-end one, else the cheque's."""
    for path in _REFERENCES:
        found = first(payment, path)
        if found.upper() not in NO_REFERENCE:
            return found
    return ""


def _bank_code(facts: Facts) -> str:
    """The bank's own code (BGC), else the ISO one (PMNT/RCDT/DMCT)."""
    own = first(facts, "BkTxCd/Prtry/Cd")
    if own:
        return tidy(own, BANK_CODE)
    paths = ("BkTxCd/Domn/Cd", "BkTxCd/Domn/Fmly/Cd", "BkTxCd/Domn/Fmly/SubFmlyCd")
    return tidy("/".join(filter(None, [first(facts, path) for path in paths])), BANK_CODE)
