"""Addresses of the test bench of references."""

from __future__ import annotations

from django.urls import URLPattern, path

from ims.backoffice.reference_check import views

urlpatterns: list[URLPattern] = [
    path("accounts/test-references", views.test_one, name="reference_check"),
    path("accounts/test-references/list", views.test_many, name="reference_check_list"),
    path(
        "accounts/test-references/rule/<slug:rule_code>",
        views.try_rule,
        name="reference_rule_test",
    ),
]
