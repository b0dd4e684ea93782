"""Addresses of the configuration file. They come before those of the settings."""

from __future__ import annotations

from django.urls import URLPattern, path

from ims.backoffice.configuration import comparison, promoting, views

urlpatterns: list[URLPattern] = [
    path("settings/file", views.file, name="setting_file"),
    path("settings/file/download", views.download, name="setting_file_download"),
    path("settings/file/<str:token>", comparison.comparison, name="setting_comparison"),
    path("settings/promote", promoting.promote, name="setting_promote"),
]
