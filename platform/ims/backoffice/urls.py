"""The addresses of the back office: each capability brings its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("ims.backoffice.sign_in.urls")),
    path("", include("ims.backoffice.dashboard.urls")),
    path("", include("ims.backoffice.transactions.urls")),
    path("", include("ims.backoffice.imports.urls")),
    path("", include("ims.backoffice.suspense.urls")),
    path("", include("ims.backoffice.exports.urls")),
    path("", include("ims.backoffice.api_keys.urls")),
    path("", include("ims.backoffice.reference_check.urls")),
]
