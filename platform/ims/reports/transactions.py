"""Finding ledger lines by what people know of them: a number, an account, an amount, some text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.aggregates import Count

from ims.funds.selectors import list_funds, list_methods, list_vat_codes
from ims.ledger import selectors as ledger
from ims.receipts import selectors as receipts
from ims.reports.errors import TooManyRows
from ims_kernel.web.pagination import in_chunks

# Counting stops here: "more than 10,000" is as good an answer, and takes a millisecond.
COUNTED = 10_000
# Rows of one download: well under what a spreadsheet holds, and a few seconds to write.
DOWNLOADED = 200_000
_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Criteria:
    """What to find; what is None or empty does not limit. Amounts in pence, dates included.

    `within_funds` are the ids of the funds the person may see (ims.reports.scope).

    `text` must come with both dates (the form sees to it): it is looked for line by line.
    """

    entry_id: int | None = None
    account: str = ""
    fund_id: int | None = None
    method_id: int | None = None
    amount: tuple[int, int] | None = None
    first_on: date | None = None
    last_on: date | None = None
    text: str = ""
    within_funds: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """How many lines there are and their sum in pence. `more` when there are more than counted."""

    lines: int
    pence: int
    more: bool


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A ledger line (with entry, fund, method and vat_code) and what its payer wrote."""

    line: Any
    payer: str
    reference: str
    narrative: str


def search(wanted: Criteria) -> QuerySet[Any]:
    """The lines that meet all of it, with entry, fund, method and VAT code. In no order."""
    rows = _joined()
    exact = {
        "entry_id": wanted.entry_id,
        "fund_id": wanted.fund_id,
        "method_id": wanted.method_id,
        "received_on__gte": wanted.first_on,
        "received_on__lte": wanted.last_on,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value is not None})
    if wanted.within_funds is not None:
        rows = rows.filter(fund_id__in=wanted.within_funds)
    if wanted.account:
        rows = rows.filter(account_reference__in=_spellings(wanted.account))
    if wanted.amount:
        low, high = wanted.amount
        rows = rows.filter(amount_pence__gte=low, amount_pence__lte=high)
    return rows.filter(_says(wanted.text)) if wanted.text else rows


def _spellings(account: str) -> list[str]:
    """An account as typed, without its spaces, and in capitals: exact, so that the index serves."""
    plain = account.strip()
    return sorted({plain, plain.upper(), plain.replace(" ", ""), plain.replace(" ", "").upper()})


def _says(text: str) -> Q:
    written = receipts.receipts().filter(
        Q(payer__icontains=text) | Q(reference__icontains=text) | Q(narrative__icontains=text),
        # Asked for each line in order of date, so a common word stops after one page. As a list of
        # entries it would read every receipt the council ever took.
        pk=OuterRef("entry_id"),
    )
    return Q(Exists(written)) | Q(entry__narrative__icontains=text)


def find(wanted: Criteria) -> tuple[QuerySet[Any], Found]:
    """The lines that meet all of it, and how many they are. One query, and one for each page.

    A page of a rare word would look at every line of a year one after the other. Its few lines are
    found all at once instead; a common word has its page full after a few.
    """
    rows = search(wanted)
    if not wanted.text:
        return rows, count(rows)
    plain = rows.select_related(None).order_by()
    some = list(plain.values_list("pk", "amount_pence")[: COUNTED + 1])
    found = Found(
        min(len(some), COUNTED), sum(pence for _, pence in some), more=len(some) > COUNTED
    )
    return (rows if found.more else _joined().filter(pk__in=[pk for pk, _ in some])), found


def _joined() -> QuerySet[Any]:
    return ledger.lines().select_related("entry", "fund", "method", "vat_code")


def count(rows: QuerySet[Any], *, up_to: int = COUNTED) -> Found:
    """How many lines `rows` holds and their sum, counting no further than `up_to`. One query."""
    some = rows.select_related(None).order_by()[: up_to + 1]
    found = some.aggregate(lines=Count("pk"), pence=Sum("amount_pence"))
    lines = int(found["lines"])
    return Found(min(lines, up_to), int(found["pence"] or 0), more=lines > up_to)


def with_receipts(lines: Sequence[Any]) -> list[FoundLine]:
    """The lines with their payers' side. One query."""
    known = receipts.receipts_by_entry(sorted({line.entry_id for line in lines}))
    made = []
    for line in lines:
        receipt = known.get(line.entry_id)
        made.append(
            FoundLine(
                line,
                receipt.payer if receipt else "",
                receipt.reference if receipt else "",
                (receipt.narrative if receipt else "") or line.entry.narrative,
            )
        )
    return made


def check_download(rows: QuerySet[Any]) -> int:
    """How many rows a download of these lines holds. Raises TooManyRows."""
    found = count(rows, up_to=DOWNLOADED)
    if found.more:
        raise TooManyRows(
            f"This would be more than {DOWNLOADED:,} lines. Choose a shorter time or a fund, and "
            "download again."
        )
    return found.lines


def download(rows: QuerySet[Any]) -> Iterator[FoundLine]:
    """Every line of `rows`, newest first, read a few thousand at a time: memory stays flat."""
    # A council has few of these, so one object serves all lines instead of one made for each.
    funds = {fund.pk: fund for fund in list_funds()}
    methods = {method.pk: method for method in list_methods()}
    vat_codes = {code.pk: code for code in list_vat_codes()}
    plain = rows.select_related(None).select_related("entry")
    for lines in in_chunks(plain, by="received_on", size=_CHUNK):
        for line in lines:
            line.fund = funds[line.fund_id]
            line.method = methods[line.method_id]
            line.vat_code = vat_codes[line.vat_code_id]
        yield from with_receipts(lines)
