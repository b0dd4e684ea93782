"""Address of the preview of a message."""

from __future__ import annotations

from django.urls import URLPattern, path

from ims.backoffice.wording import views

urlpatterns: list[URLPattern] = [
    path("settings/wording/<str:message>/preview", views.preview, name="wording_preview")
]
