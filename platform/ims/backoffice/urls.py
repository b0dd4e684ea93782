"""The addresses of the back office: each capability brings its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("ims.backoffice.sign_in.urls")),
    path("", include("ims.backoffice.dashboard.urls")),
    path("", include("ims.backoffice.look.urls")),
    path("", include("ims.backoffice.provider_accounts.urls")),
    path("", include("ims.backoffice.wording.urls")),
    path("", include("ims.backoffice.transactions.urls")),
    path("", include("ims.backoffice.imports.urls")),
    path("", include("ims.backoffice.suspense.urls")),
    path("", include("ims.backoffice.exports.urls")),
    path("", include("ims.backoffice.api_keys.urls")),
    path("", include("ims.backoffice.reference_check.urls")),
    path("", include("ims.backoffice.accounts.urls")),
    path("", include("ims.backoffice.people.urls")),
    path("", include("ims.backoffice.audit.urls")),
    path("", include("ims.backoffice.configuration.urls")),
    # Last: its addresses take any word after /settings.
    path("", include("ims.backoffice.settings.urls")),
]
