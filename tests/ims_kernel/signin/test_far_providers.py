"""A provider that answers, but not as one must, and one whose person cannot be kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount

from ims_kernel.audit.models import AuditEvent
from ims_kernel.signin import policy, provider_check
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.councils import EASTSHIRE_HOST, NORTHMOOR_HOST
from tests.factories.far_service import FarService, far_service
from tests.ims_kernel.signin.people import EMAIL, browser, make_person
from tests.ims_kernel.signin.providers import PAGE, Provider, running_provider, use, walk

NOT_KNOWN, FAILED = "/sign-in?problem=person", "/sign-in?problem=provider"


@pytest.fixture
def far(northmoor: Council) -> Iterator[FarService]:
    """Northmoor's provider. Whatever it is asked, it answers with this one document."""
    with far_service() as service:
        url = service.url
        says = {
            "issuer": url, "authorization_endpoint": f"{url}/a", "token_endpoint": f"{url}/t",
            "jwks_uri": f"{url}/k", "access_token": "abc", "token_type": "bearer",
        }  # fmt: skip
        service.headers["Content-Type"] = "application/json"
        service.body = json.dumps(says).encode()
        use(Provider(url), northmoor)
        yield service


def found(council: Council) -> list[tuple[str, bool]]:
    with enter(council):
        checks = provider_check.check(policy.provider_as_set())
    return [(each.text, each.is_good) for each in checks]


def test_nobody_comes_in_without_an_id_token(
    far: FarService, northmoor: Council, eastshire: Council
) -> None:
    client = browser(NORTHMOOR_HOST)
    state = parse_qs(urlsplit(client.get(PAGE)["Location"]).query)["state"][0]
    assert client.get(f"{PAGE}/back?code=x&state={state}")["Location"] == FAILED
    assert ("POST", "/t") in [(method, path) for method, path, _ in far.asked]
    assert client.get("/transactions").status_code == 302
    for council in (northmoor, eastshire):
        with enter(council):
            assert not SocialAccount.objects.exists()


def test_the_check_misses_the_keys(far: FarService, northmoor: Council, eastshire: Council) -> None:
    assert found(northmoor) == [
        (f"{far.url} answers and says who it is.", True),
        ("It has no keys, so its word cannot be checked.", False),
    ]
    ((words, is_good),) = found(eastshire)
    assert (words.startswith("Enter the address"), is_good) == (True, False)


def test_the_check_takes_a_list_for_no_document(far: FarService, northmoor: Council) -> None:
    far.body = b"[]"
    assert found(northmoor) == [("The provider sent something else than a document.", False)]
    assert browser(NORTHMOOR_HOST).get(PAGE)["Location"] == FAILED


@pytest.mark.parametrize("body", [b"[]", b"no json", b"{}"])
def test_a_provider_that_breaks_while_somebody_is_there_leads_back_to_the_page(
    far: FarService, body: bytes
) -> None:
    client = browser(NORTHMOOR_HOST)
    state = parse_qs(urlsplit(client.get(PAGE)["Location"]).query)["state"][0]
    far.body = body
    assert client.get(f"{PAGE}/back?code=x&state={state}")["Location"] == FAILED
    assert client.get("/transactions").status_code == 302


def test_names_at_the_provider_and_visits_of_those_who_are_in(
    northmoor: Council, eastshire: Council
) -> None:
    make_person(northmoor)
    too_long = "p" * 200
    with running_provider() as provider:
        use(provider, northmoor)
        use(provider, eastshire)
        for name in ("priya", too_long):
            provider.knows(name, email=EMAIL, email_verified=True)
        client = browser(NORTHMOOR_HOST)
        # A name cut to what can be kept would be that of everybody who begins like it.
        assert walk(client, provider, too_long) == NOT_KNOWN
        with enter(northmoor):
            assert not SocialAccount.objects.exists()
            assert AuditEvent.objects.filter(act="signin.refuse").count() == 1
        assert walk(client, provider, "priya") == "/"
        assert client.get(f"{PAGE}?next=/transactions")["Location"] == "/transactions"
        # Eastshire has the same provider, and nobody of this name.
        stranger = browser(EASTSHIRE_HOST)
        assert walk(stranger, provider, "priya") == NOT_KNOWN
        assert stranger.get(f"{PAGE}?next=/transactions")["Location"].startswith(provider.issuer)
