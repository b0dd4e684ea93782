"""Addresses of ledger files."""

from __future__ import annotations

from django.urls import URLPattern, path

from ims.backoffice.exports import steps, views

urlpatterns: list[URLPattern] = [
    path("exports", views.run_list, name="exports"),
    path("exports/make", steps.make, name="export_make"),
    path("exports/<int:run_id>", views.run_detail, name="export"),
    path("exports/<int:run_id>/file", views.run_file, name="export_file"),
    path("exports/<int:run_id>/sent", steps.mark_sent, name="export_sent"),
    path("exports/<int:run_id>/accepted", steps.accept, name="export_accepted"),
    path("exports/<int:run_id>/reject", steps.reject, name="export_reject"),
]
