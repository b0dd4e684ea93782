"""The council's logo, as a browser gets it."""

from __future__ import annotations

import pytest
from django.test import Client

from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.councils import EASTSHIRE_HOST, NORTHMOOR_HOST
from tests.ims.council.pictures_of_a_test import png, svg
from tests.ims.council.settings_of_a_test import set_council


@pytest.mark.parametrize(
    ("content", "media_type"), [(png(), "image/png"), (svg(), "image/svg+xml")]
)
def test_it_is_on_every_page_and_can_do_nothing_by_itself(
    northmoor: Council, eastshire: Council, content: bytes, media_type: str
) -> None:
    with enter(northmoor):
        set_council(logo=content)
    northmoor.refresh_from_db()
    address = f"/logo/{northmoor.logo_mark}"
    client = Client(headers={"host": NORTHMOOR_HOST})
    assert f'<img class="ims-header__logo" src="{address}" alt="">' in (
        client.get("/sign-in").content.decode()
    )
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == media_type
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    assert "immutable" in response["Cache-Control"]
    assert b"".join(response).startswith((b"\x89PNG", b"<svg"))
    other = Client(headers={"host": EASTSHIRE_HOST})
    assert other.get(address).status_code == 404
    assert "/logo/" not in other.get("/sign-in").content.decode()


@pytest.mark.parametrize("mark", ["0" * 16, "x", "-"])
def test_another_mark_finds_nothing(northmoor: Council, mark: str) -> None:
    client = Client(headers={"host": NORTHMOOR_HOST})
    assert client.get(f"/logo/{mark}").status_code == 404
