"""The dated rates of a VAT code as rows of its setting, and what may become of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ims.funds.models import VatCode, VatRate
from ims.funds.vat_changes import changed_days, first_posted
from ims_kernel.records.errors import RecordRefused
from ims_kernel.records.fields import Percent, Values
from ims_kernel.web.dates import format_date

_RATE = Percent(name="rate", label="Rate")


def check_vat_code(after: Values, _before: Values | None) -> None:
    """Rates start on different days, and none that posted lines stand on is changed."""
    seen: dict[str, int] = {}
    for number, row in enumerate(after["rates"], start=1):
        first = seen.setdefault(row["starts_on"], number)
        if first != number:
            raise RecordRefused(
                f"Rates {first} and {number} both start on {_said(row['starts_on'])}, so two rates "
                "would hold on the same day. Give each its own day; a rate ends when the next "
                "starts.",
                field="rates",
                row=number,
                column="starts_on",
            )
    _refuse_posted(after)


def _refuse_posted(after: Values) -> None:
    code = VatCode.objects.filter(code=after["code"]).first()
    if code is None:
        return
    stored = dict(code.rates.values_list("starts_on", "basis_points"))
    wanted = _by_day(after["rates"])
    change = first_posted(code.pk, changed_days(stored, wanted))
    if change is None:
        return
    ended = f" to {_said(change.until_on)}" if change.until_on else ""
    becomes = "no rate" if change.after is None else _RATE.words(change.after)
    rows = [date.fromisoformat(row["starts_on"]) for row in after["rates"]]
    to_blame = [number for number, on in enumerate(rows, start=1) if on == change.first_on]
    raise RecordRefused(
        f"The ledger holds lines posted at {_RATE.words(change.before)} from "
        f"{_said(change.first_on)}{ended}. Those days cannot change to {becomes}. Start a new rate "
        "on a later day, and put wrong lines right by reversing them.",
        field="rates",
        **({"row": to_blame[0]} if to_blame else {}),
    )


def load_rates(code: VatCode) -> Values:
    """A VAT code's rates as rows, earliest first."""
    rates = sorted(code.rates.all(), key=lambda rate: rate.starts_on)
    return {
        "rates": [
            {"starts_on": rate.starts_on.isoformat(), "rate": rate.basis_points} for rate in rates
        ]
    }


def store_rates(code: VatCode, values: Values) -> None:
    """Write a VAT code and its rates."""
    code.code, code.name = values["code"], values["name"]
    code.save()
    wanted = _by_day(values["rates"])
    code.rates.exclude(starts_on__in=wanted).delete()
    for starts_on, basis_points in wanted.items():
        VatRate.objects.update_or_create(
            vat_code=code, starts_on=starts_on, defaults={"basis_points": basis_points}
        )


def _by_day(rows: list[Mapping[str, Any]]) -> dict[date, int]:
    return {date.fromisoformat(row["starts_on"]): row["rate"] for row in rows}


def _said(day: date | str) -> str:
    return format_date(date.fromisoformat(day) if isinstance(day, str) else day)
