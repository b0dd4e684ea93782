"""Addresses of imports."""

from __future__ import annotations

from django.urls import URLPattern, path

from ims.backoffice.imports import steps, views

urlpatterns: list[URLPattern] = [
    path("imports", views.import_list, name="imports"),
    path("imports/upload", steps.upload, name="import_upload"),
    path("imports/<int:import_id>", views.import_detail, name="import"),
    path("imports/<int:import_id>/progress", views.import_progress, name="import_progress"),
    path("imports/<int:import_id>/rejected.csv", views.rejected_csv, name="import_rejected_csv"),
    path("imports/<int:import_id>/post", steps.post, name="import_post"),
    path("imports/<int:import_id>/read-again", steps.read_again, name="import_read_again"),
    path("imports/<int:import_id>/discard", steps.discard, name="import_discard"),
]
