"""The one door by which a council's own settings change how it looks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from ims_kernel.web.contrast import ColourTooPale
from ims_tenants.current import enter, public
from ims_tenants.errors import NotInACouncil
from ims_tenants.look import Look, change_look, current_look
from ims_tenants.models import Council
from tests.councils import EASTSHIRE_HOST, NORTHMOOR_HOST

LOOK = Look("Northmoor", "#00625a", "0123456789abcdef")


def page_of(host: str) -> str:
    return Client(headers={"host": host}).get("/sign-in").content.decode()


def look_of(page: str) -> list[str]:
    return re.findall(r"<title>.*|/theme/\w+\.css|/logo/\w+", page)


def test_the_next_page_of_this_process_shows_it_in_spite_of_the_cache(
    northmoor: Council, eastshire: Council, settings: Settings,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    settings.IMS_HOST_CACHE_SECONDS = 60
    before, theirs = page_of(NORTHMOOR_HOST), page_of(EASTSHIRE_HOST)
    assert "Northmoor District Council" in before
    with enter(northmoor), django_capture_on_commit_callbacks(execute=True):
        change_look(LOOK)
        assert current_look() == LOOK
    after = page_of(NORTHMOOR_HOST)
    assert "Northmoor District Council" not in after
    assert "/theme/00625a.css" in after
    assert 'src="/logo/0123456789abcdef"' in after
    assert look_of(page_of(EASTSHIRE_HOST)) == look_of(theirs)


def test_a_pale_colour_changes_nothing(northmoor: Council) -> None:
    with enter(northmoor):
        before = current_look()
        with pytest.raises(ColourTooPale):
            change_look(Look("Northmoor", "#ffee00", ""))
        assert current_look() == before


def test_outside_a_council_there_is_no_look(db: None) -> None:
    with public(), pytest.raises(NotInACouncil):
        change_look(LOOK)
