"""Addresses of the audit trail."""

from __future__ import annotations

from django.urls import URLPattern, path

from ims.backoffice.audit import views

urlpatterns: list[URLPattern] = [
    path("audit", views.event_list, name="audit"),
    path("audit.csv", views.events_csv, name="audit_csv"),
    path("audit/<int:event_id>", views.event_detail, name="audit_event"),
]
