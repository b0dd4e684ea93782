"""The gallery in place of the service's own pages: no council and no database."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from ims_kernel.web.middleware import CONTENT_SECURITY_POLICY


@pytest.fixture
def gallery_pages(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.ims_kernel.web.gallery"
    settings.DEBUG = False
    settings.MIDDLEWARE = [
        "ims_kernel.web.middleware.RequestId",
        "ims_kernel.web.middleware.SecurityHeaders",
        "csp.middleware.CSPMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "tests.ims_kernel.web.gallery.belongs_to_northmoor",
        "ims_kernel.web.middleware.ErrorsForPeople",
    ]
    settings.CONTENT_SECURITY_POLICY = CONTENT_SECURITY_POLICY
    settings.MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.jinja2.Jinja2",
            "DIRS": [Path(__file__).parent / "templates"],
            "OPTIONS": {
                "environment": "ims_kernel.web.jinja.environment",
                "context_processors": ["ims_kernel.web.context.page"],
            },
        }
    ]


@pytest.fixture
def visitor(gallery_pages: None) -> Client:
    return Client(raise_request_exception=False)
