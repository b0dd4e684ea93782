"""VAT codes, offices and fund groups."""

from __future__ import annotations

from ims_config.localgovims.cells import Row
from ims_config.localgovims.metadata import read_metadata
from ims_config.localgovims.work import Candidate, Work, code_from
from ims_kernel.records.fields import Percent

_MAX_RATE = 10_000  # hundredths of a percent
_RATE = Percent(name="rate", label="Rate")
SUSPENSE_VAT = "IsASuspenseTransactionVatCode"


def vat_codes(work: Work) -> tuple[list[Candidate], str]:
    """The VAT codes, each with one rate, and the one of suspense (empty when none is marked)."""
    marked = read_metadata(work, "VatMetadata", (SUSPENSE_VAT,))
    found, suspense = [], ""
    for row in work.dump.rows("Vat"):
        code = row.code("VatCode")
        rate = _rate(work, row, code)
        values = {
            "code": code,
            "name": f"{_RATE.words(rate)} VAT",
            "rates": [{"starts_on": work.vat_from.isoformat(), "rate": rate}],
        }
        found.append(Candidate("vat-codes", values, "Vat", code, not row.flag("Disabled")))
        if not suspense and marked.flag(code, SUSPENSE_VAT):
            suspense = code
    work.report.change(
        "Vat", "",
        f"each code has its one rate from {work.vat_from.isoformat()}, because the old system "
        "keeps no dates, and the rate for its name. Add the earlier rates that you still need, and "
        "better names.",
    )  # fmt: skip
    return found, suspense


def _rate(work: Work, row: Row, code: str) -> int:
    """Basis points of the fraction. Raises CellUnusable above 100%."""
    rate = row.hundredths("Percentage", scale=100)
    if rate is None:
        work.report.change("Vat", code, "it has no rate. 0% is set; see whether that is right.")
        return 0
    if not 0 <= rate <= _MAX_RATE:
        raise row.refused(
            "Percentage", "is not a fraction from 0 to 1. 20% is written 0.200 in this column."
        )
    return rate


def no_vat(candidates: list[Candidate]) -> str:
    """The first VAT code in use at 0%, for a fund that names none; empty when there is none."""
    return next(
        (each.key for each in candidates if each.is_active and not each.values["rates"][0]["rate"]),
        "",
    )


def offices(work: Work) -> list[Candidate]:
    """The offices."""
    return [
        Candidate("offices", {"code": code, "name": row.words("Name")}, "Office", code)
        for row in work.dump.rows("Office")
        for code in [row.code("OfficeCode")]
    ]


def fund_groups(work: Work) -> list[Candidate]:
    """The fund groups, with codes made from their names."""
    members: dict[str, list[str]] = {}
    for row in work.dump.rows("FundGroupFund"):
        members.setdefault(row.text("FundGroupId"), []).append(row.code("FundCode"))
    taken: set[str] = set()
    found = []
    for row in work.dump.rows("FundGroup"):
        number, name = row.text("FundGroupId"), row.words("Name")
        values = {
            "code": code_from(name, taken, longest=10, fallback=f"GROUP{number}"[:10]),
            "name": name,
            "funds": members.pop(number, []),
        }
        found.append(Candidate("fund-groups", values, "FundGroup", name))
    for number in sorted(members):
        work.report.leave(
            "FundGroupFund", number, "there is no group of this number in FundGroup.csv."
        )
    return found
