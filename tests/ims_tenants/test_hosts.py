"""Which host leads where, and what a council that is not open answers."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.test import Client
from pytest_django.fixtures import Settings

from ims_kernel import clock
from ims_tenants.errors import CouncilNotFound
from ims_tenants.models import Council
from ims_tenants.selectors import find_by_host, get_council
from ims_tenants.services import NewCouncil, create_council
from tests.councils import EASTSHIRE_HOST, NORTHMOOR_HOST, OPERATOR, move

NAMES = ("Northmoor", "Eastshire", "northmoor", "eastshire")


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_a_council_not_yet_or_no_longer_there_is_an_unknown_address(
    northmoor: Council, state: str
) -> None:
    Council.objects.filter(pk=northmoor.pk).update(state=state)
    response = Client(headers={"host": NORTHMOOR_HOST}).get("/")
    assert response.status_code == 404
    assert "There is no council at this address" in response.content.decode()
    assert not [name for name in NAMES if name in response.content.decode()]
    assert response.content == Client(headers={"host": "nobody.example"}).get("/").content


def test_a_suspended_council_says_that_it_is_paused(northmoor: Council) -> None:
    move(northmoor, "suspend")
    for path in ("/", "/transactions", "/sign-in", "/no-such-page"):
        response = Client(headers={"host": NORTHMOOR_HOST}).get(path)
        assert response.status_code == 503
        assert "This service is paused" in response.content.decode()
    assert Client(headers={"host": EASTSHIRE_HOST}).get("/sign-in").status_code != 503


@pytest.mark.parametrize(
    "host",
    [
        "nobody.example", "example", "northmoor", "sub.northmoor.example", "northmoor.example.evil",
        "evilnorthmoor.example", "127.0.0.1", "[::1]", "10.1.2.3:8000", "", "a" * 300,
        "www.northmoor.example", "northmoor.example.", "_", "north moor.example", "t_abcdefghij",
        "northmoor.example@evil.example", "northmoor.example,eastshire.example", "%00", "../x",
    ],
)  # fmt: skip
def test_any_other_host_names_no_council(northmoor: Council, host: str) -> None:
    response = Client(headers={"host": host}).get("/")
    assert response.status_code == 404
    text = response.content.decode()
    assert "There is no council at this address" in text
    assert not [name for name in NAMES if name in text]


def test_a_host_keeps_its_council_with_a_port(northmoor: Council) -> None:
    response = Client(headers={"host": f"{NORTHMOOR_HOST}:8000"}).get("/no-such-page")
    assert response.status_code == 404
    assert "Northmoor District Council" in response.content.decode()


def test_a_host_is_remembered_and_a_step_is_seen_at_once(
    northmoor: Council, settings: Settings, django_assert_num_queries: object
) -> None:
    settings.IMS_HOST_CACHE_SECONDS = 60
    caches["shared"].clear()
    try:
        assert find_by_host(NORTHMOOR_HOST) == northmoor
        with django_assert_num_queries(0):  # type: ignore[operator]
            assert find_by_host(NORTHMOOR_HOST) == northmoor
        move(northmoor, "suspend")
        found = find_by_host(NORTHMOOR_HOST)
        assert found is not None
        assert not found.is_open
    finally:
        caches["shared"].clear()


def test_a_host_known_to_lead_nowhere_leads_to_its_council_once_that_is_made(
    northmoor: Council, settings: Settings
) -> None:
    settings.IMS_HOST_CACHE_SECONDS = 60
    caches["shared"].clear()
    try:
        assert find_by_host("westwick.example") is None
        made = create_council(
            NewCouncil("Westwick", "westwick.example"), actor=OPERATOR, at=clock.now()
        )
        assert find_by_host("westwick.example") == made
    finally:
        caches["shared"].clear()


def test_a_flood_of_unknown_hosts_does_not_push_councils_out(
    northmoor: Council, settings: Settings
) -> None:
    settings.IMS_HOST_CACHE_SECONDS = 60
    caches["shared"].clear()
    try:
        find_by_host(NORTHMOOR_HOST)
        for number in range(600):
            caches["shared"].set(f"h{number}.example", "unknown", 60)
        assert caches["shared"].get(NORTHMOOR_HOST) == northmoor
    finally:
        caches["shared"].clear()


# --- by name, for people at a command line --------------------------------------------------------
@pytest.mark.parametrize(
    "wanted",
    [
        "Northmoor District Council",
        "northmoor district council",
        " northmoor.example ",
        "northmoor",
    ],
)
def test_a_council_is_found_by_what_people_call_it(northmoor: Council, wanted: str) -> None:
    assert get_council(wanted) == northmoor
    assert get_council(northmoor.schema_name) == northmoor


@pytest.mark.parametrize("wanted", ["", "north", "example", "northmoor.example.evil", "public"])
def test_a_council_not_there_is_said_in_words(northmoor: Council, wanted: str) -> None:
    with pytest.raises(CouncilNotFound, match="ims council list"):
        get_council(wanted)


def test_a_short_word_two_councils_share_is_not_guessed(northmoor: Council) -> None:
    create_council(
        NewCouncil("Another Northmoor", "northmoor.test.example"), actor=OPERATOR, at=clock.now()
    )
    with pytest.raises(CouncilNotFound, match="more than one"):
        get_council("northmoor")
    assert get_council("northmoor.example") == northmoor
