"""Addresses of suspense."""

from __future__ import annotations

from django.urls import URLPattern, path

from ims.backoffice.suspense import views

urlpatterns: list[URLPattern] = [
    path("suspense", views.item_list, name="suspense"),
    path("suspense/<int:item_id>", views.item_detail, name="suspense_item"),
]
