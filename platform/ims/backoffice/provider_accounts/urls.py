"""Addresses of the check of a payment provider account."""

from __future__ import annotations

from django.urls import URLPattern, path

from ims.backoffice.provider_accounts import views

_CONNECTION = "settings/payment-accounts/<str:account_code>/connection"

urlpatterns: list[URLPattern] = [
    path(_CONNECTION, views.connection, name="payment_account_connection"),
    path(f"{_CONNECTION}/check", views.check, name="payment_account_check"),
]
