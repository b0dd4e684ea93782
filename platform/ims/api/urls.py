"""Addresses of the API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from ims.api.v1 import accounts, settings

_v1: list[URLPattern | URLResolver] = [
    path("funds", settings.FundsView.as_view(), name="api_funds"),
    path("vat-codes", settings.VatCodesView.as_view(), name="api_vat_codes"),
    path("methods", settings.MethodsView.as_view(), name="api_methods"),
    path("accounts", accounts.AccountsView.as_view(), name="api_accounts"),
    path(
        "account-references/check",
        accounts.CheckReferenceView.as_view(),
        name="api_check_reference",
    ),
    path("account-loads", accounts.LoadsView.as_view(), name="api_account_loads"),
    path("account-loads/<int:load_id>", accounts.LoadView.as_view(), name="api_account_load"),
]
# What the description describes.
described: list[URLPattern | URLResolver] = [path("api/v1/", include(_v1))]
