"""Addresses of a council: its back office."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from ims.api.schema import SchemaView
from ims.api.urls import described
from ims_kernel.identity.gate import open_to_all
from ims_kernel.web.statement import accessibility

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("ims_kernel.web.theme")),
    path("accessibility", open_to_all(accessibility), name="accessibility"),
    path("", include("ims.backoffice.urls")),
    path("api/v1/openapi.json", SchemaView.as_view(), name="api_schema"),
    *described,
]
handler400 = "ims_kernel.web.errors.bad_request"
handler403 = "ims_kernel.web.errors.forbidden"
handler404 = "ims_kernel.web.errors.not_found"
handler500 = "ims_kernel.web.errors.server_error"
