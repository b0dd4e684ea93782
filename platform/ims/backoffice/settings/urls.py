"""Addresses of the settings. A key may hold a slash, so the longer addresses come first."""

from __future__ import annotations

from django.urls import URLPattern, path

from ims.backoffice.settings import editing, front, retiring, second_person, views

_RECORD = "settings/<slug:slug>/<path:key>"

urlpatterns: list[URLPattern] = [
    path("settings", front.front, name="settings"),
    path("settings/changes", second_person.change_list, name="setting_changes"),
    path("settings/changes/<int:change_id>", second_person.change, name="setting_change"),
    path("settings/<slug:slug>", views.kind_page, name="setting_kind"),
    path("settings/<slug:slug>/add", editing.add, name="setting_add"),
    path(f"{_RECORD}/edit", editing.edit, name="setting_edit"),
    path(f"{_RECORD}/retire", retiring.retire, name="setting_retire"),
    path(f"{_RECORD}/restore", retiring.restore, name="setting_restore"),
    path(_RECORD, views.record, name="setting"),
]
