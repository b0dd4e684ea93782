"""A new council's funds, VAT codes and methods of payment, from its starter pack."""

from __future__ import annotations

from datetime import date
from typing import Any

from ims.funds.account_references import compile_pattern
from ims.funds.models import Fund, MethodOfPayment, MoneySettings, VatCode, VatRate
from ims.funds.vat import Rounding


def provision(starter: dict[str, Any]) -> None:
    """Write the `money`, `vat`, `methods` and `funds` tables of a starter pack. Idempotent.

    Raises PatternUnusable for an account pattern that cannot be used.
    """
    rounding = Rounding(starter.get("money", {}).get("vat_rounding", Rounding.HALF_UP.value))
    MoneySettings.objects.get_or_create(pk=1, defaults={"vat_rounding": rounding.value})
    for row in starter.get("vat", []):
        code, _ = VatCode.objects.get_or_create(code=row["code"], defaults={"name": row["name"]})
        for starts_on, basis_points in row["rates"].items():
            VatRate.objects.get_or_create(
                vat_code=code,
                starts_on=date.fromisoformat(starts_on),
                defaults={"basis_points": basis_points},
            )
    for row in starter.get("methods", []):
        MethodOfPayment.objects.get_or_create(code=row["code"], defaults=_without_code(row))
    for row in starter.get("funds", []):
        compile_pattern(row.get("account_pattern", ""))
        values = _without_code(row)
        values["vat_code"] = VatCode.objects.get(code=row["vat_code"])
        Fund.objects.get_or_create(code=row["code"], defaults=values)


def _without_code(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "code"}
