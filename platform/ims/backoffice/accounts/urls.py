"""Addresses of accounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from ims.backoffice.accounts import edits, loads, steps, views

urlpatterns: list[URLPattern] = [
    path("accounts", views.account_search, name="accounts"),
    path("accounts/add", edits.add, name="account_add"),
    path("accounts/<int:account_id>", views.account_detail, name="account"),
    path("accounts/<int:account_id>/change", edits.change, name="account_change"),
    path("accounts/<int:account_id>/close", edits.close, name="account_close"),
    path("accounts/<int:account_id>/reopen", edits.reopen, name="account_reopen"),
    path("accounts/loads", loads.load_list, name="account_loads"),
    path("accounts/loads/upload", steps.upload, name="account_upload"),
    path("accounts/loads/<int:load_id>", loads.load_detail, name="account_load"),
    path("accounts/loads/<int:load_id>/progress", loads.load_progress, name="account_progress"),
    path("accounts/loads/<int:load_id>/rejected.csv", loads.rejected_csv, name="account_rejected"),
    path("accounts/loads/<int:load_id>/apply", steps.apply, name="account_apply"),
    path("accounts/loads/<int:load_id>/read-again", steps.read_again, name="account_read_again"),
    path("accounts/loads/<int:load_id>/discard", steps.discard, name="account_discard"),
]
