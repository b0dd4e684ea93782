"""Reading funds, VAT codes and methods of payment."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from ims.api.access import ApiView, items
from ims.api.v1 import serializers as shapes
from ims.funds.selectors import book, list_vat_codes


class FundsView(ApiView):
    """Every fund, retired ones too."""

    required_permission = "settings.view"

    @extend_schema(operation_id="list_funds", tags=["Settings"], responses={200: shapes.Funds})
    def get(self, request: Request) -> Response:  # noqa: ARG002 - REST framework's
        """Every fund by code."""
        return items(
            [
                {
                    "code": fund.code,
                    "name": fund.name,
                    "public_name": fund.public_name,
                    "vat_code": fund.vat_code,
                    "account_label": fund.account_label,
                    "account_rule": str(fund.account_rule),
                    "reference_rule": fund.reference_rule_code,
                    "channels": sorted(fund.channels),
                    "min_pence": fund.min_pence,
                    "max_pence": fund.max_pence,
                    "is_suspense": fund.is_suspense,
                    "is_active": fund.is_active,
                }
                for fund in book().funds.values()
            ]
        )


class VatCodesView(ApiView):
    """Every VAT code with its dated rates."""

    required_permission = "settings.view"

    @extend_schema(
        operation_id="list_vat_codes", tags=["Settings"], responses={200: shapes.VatCodes}
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002 - REST framework's
        """Every VAT code by code, its rates by day."""
        return items(
            [
                {
                    "code": code.code,
                    "name": code.name,
                    "rates": [
                        {"starts_on": rate.starts_on.isoformat(), "basis_points": rate.basis_points}
                        for rate in sorted(code.rates.all(), key=lambda each: each.starts_on)
                    ],
                }
                for code in list_vat_codes()
            ]
        )


class MethodsView(ApiView):
    """Every method of payment."""

    required_permission = "settings.view"

    @extend_schema(operation_id="list_methods", tags=["Settings"], responses={200: shapes.Methods})
    def get(self, request: Request) -> Response:  # noqa: ARG002 - REST framework's
        """Every method of payment by code."""
        return items(
            [
                {
                    "code": method.code,
                    "name": method.name,
                    "purpose": str(method.purpose),
                    "channels": sorted(method.channels),
                    "min_pence": method.min_pence,
                    "max_pence": method.max_pence,
                    "is_refundable": method.is_refundable,
                    "is_active": method.is_active,
                }
                for method in book().methods.values()
            ]
        )
