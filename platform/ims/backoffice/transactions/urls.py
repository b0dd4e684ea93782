"""Addresses of transactions."""

from __future__ import annotations

from django.urls import URLPattern, path

from ims.backoffice.transactions import views

urlpatterns: list[URLPattern] = [
    path("transactions", views.transaction_list, name="transactions"),
    path("transactions.csv", views.transactions_csv, name="transactions_csv"),
    path("transactions/<str:number>", views.transaction_detail, name="transaction"),
]
