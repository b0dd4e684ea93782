"""Addresses. Signing in is the same on every host, so its pages are the kernel's."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from ims_kernel.signin import urls as signin

urlpatterns: list[URLPattern | URLResolver] = [path("", include(signin.council_urlpatterns))]
