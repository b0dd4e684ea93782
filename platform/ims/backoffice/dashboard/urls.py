"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from ims.backoffice.dashboard.views import dashboard

urlpatterns: list[URLPattern] = [path("", dashboard, name="dashboard")]
