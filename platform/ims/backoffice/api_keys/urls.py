"""Addresses of API keys."""

from __future__ import annotations

from django.urls import URLPattern, path

from ims.backoffice.api_keys import views

urlpatterns: list[URLPattern] = [
    path("settings/api-keys", views.key_list, name="api_keys"),
    path("settings/api-keys/add", views.add, name="api_key_add"),
    path("settings/api-keys/<int:key_id>/revoke", views.revoke, name="api_key_revoke"),
]
