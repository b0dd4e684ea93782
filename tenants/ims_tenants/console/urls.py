"""Addresses of the public host."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from ims_tenants.console import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("ims_kernel.signin.urls")),
    path("", views.about, name="about"),
    path("councils", views.council_list, name="councils"),
]
