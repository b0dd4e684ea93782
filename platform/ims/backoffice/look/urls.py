"""Address of the logo."""

from __future__ import annotations

from django.urls import URLPattern, path

from ims.backoffice.look import views

urlpatterns: list[URLPattern] = [path("logo/<slug:mark>", views.logo, name="logo")]
