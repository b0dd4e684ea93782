"""Single sign-on with a real provider, at two councils."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from pytest_django.fixtures import Settings

from ims_kernel.audit.models import AuditEvent
from ims_kernel.identity.models import User
from ims_kernel.signin import oidc, outside, policy, provider_check
from ims_kernel.signin.errors import ProviderRefused
from ims_kernel.signin.models import SignInSettings
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.councils import EASTSHIRE_HOST, NORTHMOOR_HOST
from tests.ims.backoffice.bank_day import text_of
from tests.ims_kernel.signin.people import EMAIL, browser, give_password, make_person
from tests.ims_kernel.signin.providers import (
    PAGE,
    Provider,
    path_of,
    running_provider,
    use,
    walk,
)

NOT_KNOWN, FAILED = "/sign-in?problem=person", "/sign-in?problem=provider"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider() as running:
        running.knows("priya", email=EMAIL, email_verified=True)
        yield running


@pytest.fixture
def priya(northmoor: Council, provider: Provider) -> User:
    use(provider, northmoor)
    return make_person(northmoor)


def test_somebody_known_comes_in_and_needs_no_second_factor_of_ours(
    priya: User, provider: Provider, northmoor: Council
) -> None:
    client = browser(NORTHMOOR_HOST)
    page = client.get("/sign-in?next=/transactions")
    assert "Sign in with Northmoor account" in text_of(page)
    assert f'href="{PAGE}?next=/transactions"' in page.content.decode()
    assert walk(client, provider, "priya", target="/transactions?fund=CT") == (
        "/transactions?fund=CT"
    )
    assert client.get("/transactions").status_code == 200
    with enter(northmoor):
        (link,) = SocialAccount.objects.all()
        assert (link.provider, link.uid, link.user) == (provider.issuer, "sub:priya", priya)
        assert link.extra_data == {}
        acts = AuditEvent.objects.filter(act__startswith="signin.").order_by("pk")
        assert [event.act for event in acts] == ["signin.link_provider", "signin.sign_in"]
        assert acts[1].facts == {"how": "single sign-on"}


def test_what_is_sent_to_the_provider(priya: User, provider: Provider) -> None:
    client = browser(NORTHMOOR_HOST)
    # Nothing of the request gets in: not another scope, nor parameters of an attacker.
    left = client.get(f"{PAGE}?scope=offline_access&auth_params=prompt%3Dnone&client_id=x")
    address = urlsplit(left["Location"])
    asked = parse_qs(address.query)
    assert f"{address.scheme}://{address.netloc}" == provider.issuer
    assert asked["redirect_uri"] == [f"http://{NORTHMOOR_HOST}{PAGE}/back"]
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["nonce"][0]) >= 32
    assert "prompt" not in asked


def test_the_provider_of_one_council_signs_nobody_in_to_the_other(
    priya: User, provider: Provider, eastshire: Council
) -> None:
    make_person(eastshire)
    there = browser(EASTSHIRE_HOST)
    assert there.get(PAGE).status_code == 404
    assert there.get(f"{PAGE}/back?code=x&state=y").status_code == 404
    with running_provider() as other:
        use(other, eastshire)
        # Northmoor's answer, carried to Eastshire's host with or without a visit of its own there.
        left = browser(NORTHMOOR_HOST).get(PAGE)
        back = path_of(provider.lets_in(left["Location"], "priya"))
        assert there.get(back)["Location"] == FAILED
        started = there.get(PAGE)["Location"]
        state = parse_qs(urlsplit(started).query)["state"][0]
        code = parse_qs(urlsplit(back).query)["code"][0]
        assert there.get(f"{PAGE}/back?code={code}&state={state}")["Location"] == FAILED
    assert there.get("/transactions").status_code == 302
    with enter(eastshire):
        assert not SocialAccount.objects.exists()


def test_an_answer_is_good_once_and_in_one_browser(priya: User, provider: Provider) -> None:
    client = browser(NORTHMOOR_HOST)
    back = path_of(provider.lets_in(client.get(PAGE)["Location"], "priya"))
    assert browser(NORTHMOOR_HOST).get(back)["Location"] == FAILED
    assert client.get(back)["Location"] == "/"
    client.post("/sign-out")
    assert client.get(back)["Location"] == FAILED
    assert "did not let you in" in text_of(client.get(FAILED))


def test_an_answer_to_another_visit_of_the_same_browser_is_refused(
    priya: User, provider: Provider
) -> None:
    """The code of one visit under the state of another: PKCE and the nonce do not fit."""
    client = browser(NORTHMOOR_HOST)
    first = path_of(provider.lets_in(client.get(PAGE)["Location"], "priya"))
    state = parse_qs(urlsplit(client.get(PAGE)["Location"]).query)["state"][0]
    code = parse_qs(urlsplit(first).query)["code"][0]
    assert client.get(f"{PAGE}/back?code={code}&state={state}")["Location"] == FAILED


def test_saying_no_at_the_provider_leads_back(priya: User, provider: Provider) -> None:
    client = browser(NORTHMOOR_HOST)
    state = parse_qs(urlsplit(client.get(PAGE)["Location"]).query)["state"][0]
    answer = client.get(f"{PAGE}/back?error=access_denied&state={state}")
    assert answer["Location"] == FAILED
    assert client.post(f"{PAGE}/back", {"code": "x", "state": state})["Location"] == FAILED


# --- who it is -----------------------------------------------------------------------------------
def test_strangers_are_not_added(priya: User, provider: Provider, northmoor: Council) -> None:
    provider.knows("stranger", email="stranger@example.org", email_verified=True)
    client = browser(NORTHMOOR_HOST)
    assert walk(client, provider, "stranger") == NOT_KNOWN
    assert "nobody here uses that account" in text_of(client.get(NOT_KNOWN))
    with enter(northmoor):
        assert User.objects.count() == 1
        event = AuditEvent.objects.get(act="signin.refuse")
        assert "stranger" not in str(event.facts)


@pytest.mark.parametrize("said", [{"email_verified": False}, {}, {"email_verified": "yes"}])
def test_an_address_nobody_verified_links_nobody(
    priya: User, provider: Provider, said: dict[str, object]
) -> None:
    provider.knows("unsure", email=EMAIL, **said)
    assert walk(browser(NORTHMOOR_HOST), provider, "unsure") == NOT_KNOWN


def test_after_the_first_time_the_address_no_longer_counts(
    priya: User, provider: Provider, northmoor: Council
) -> None:
    provider.knows("mover", email=EMAIL, email_verified=True)
    assert walk(browser(NORTHMOOR_HOST), provider, "mover") == "/"
    provider.knows("mover", email="new.name@example.org", email_verified=True)
    assert walk(browser(NORTHMOOR_HOST), provider, "mover") == "/"
    # The address has passed to somebody else at the provider: they are not Priya.
    provider.knows("successor", email=EMAIL, email_verified=True)
    assert walk(browser(NORTHMOOR_HOST), provider, "successor") == NOT_KNOWN


def test_a_leaver_stays_out(priya: User, provider: Provider, northmoor: Council) -> None:
    assert walk(browser(NORTHMOOR_HOST), provider, "priya") == "/"
    with enter(northmoor):
        User.objects.update(is_active=False)
    assert walk(browser(NORTHMOOR_HOST), provider, "priya") == NOT_KNOWN


def test_the_tenant_and_the_domain_must_be_the_councils(
    northmoor: Council, provider: Provider
) -> None:
    make_person(northmoor)
    tenant = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
    use(provider, northmoor, tenant_id=tenant)
    provider.knows("elsewhere", email=EMAIL, email_verified=True, tid="9" * 8, oid="1")
    assert walk(browser(NORTHMOOR_HOST), provider, "elsewhere") == NOT_KNOWN
    assert walk(browser(NORTHMOOR_HOST), provider, "priya") == NOT_KNOWN
    use(provider, northmoor, tenant_id=tenant, email_domains=["northmoor.example"])
    provider.knows("entra", preferred_username=EMAIL, tid=tenant.upper(), oid="oid-1")
    assert walk(browser(NORTHMOOR_HOST), provider, "entra") == NOT_KNOWN
    use(provider, northmoor, tenant_id=tenant, email_domains=["example.org"])
    assert walk(browser(NORTHMOOR_HOST), provider, "entra") == "/"
    with enter(northmoor):
        assert SocialAccount.objects.get().uid == "oid:oid-1"


def test_without_passwords_the_form_is_gone_and_refused(
    priya: User, provider: Provider, northmoor: Council
) -> None:
    use(provider, northmoor, allows_passwords=False)
    client = browser(NORTHMOOR_HOST)
    assert "Password" not in text_of(client.get("/sign-in"))
    assert client.post("/sign-in", {"email": EMAIL, "password": "x"}).status_code == 400
    assert client.get("/sign-in/forgot").status_code == 404
    assert walk(client, provider, "priya") == "/"
    assert client.get("/security/password").status_code == 404


# --- a provider that is not what it should be ----------------------------------------------------
def test_a_document_of_another_issuer_is_refused() -> None:
    good = {
        "issuer": "https://a.example", "authorization_endpoint": "https://a.example/a",
        "token_endpoint": "https://a.example/t", "jwks_uri": "https://a.example/k",
    }  # fmt: skip
    oidc.check_document(dict(good), "https://a.example/")
    for wrong in ({"issuer": "https://b.example"}, {"jwks_uri": None}, {"token_endpoint": 5}):
        with pytest.raises(OAuth2Error):
            oidc.check_document({**good, **wrong}, "https://a.example")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org", "https://127.0.0.1/", "https://10.0.0.1/", "https://[::1]/",
        "https://169.254.169.254/latest/meta-data", "https://192.168.1.1/", "https://0.0.0.0/",
        "https://[::ffff:10.0.0.1]/", "https://localhost/", "https://2130706433/", "https://",
        "https://user:pass@127.0.0.1/", "https://127.0.0.1:99999/", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_nothing_inside_is_called_in_production(url: str, settings: Settings) -> None:
    settings.IMS_LOOPBACK_PROVIDERS = False
    with pytest.raises(ProviderRefused):
        outside.check(url)


def test_the_check_says_what_it_found(
    northmoor: Council, provider: Provider, client_for: ClientFor, settings: Settings
) -> None:
    client = client_for(northmoor, ["signin.configure"])
    address = "/settings/sign-in/check"
    assert "Enter the address" in text_of(client.post(address))
    use(provider, northmoor)
    page = text_of(client.get(address))
    assert f"http://{NORTHMOOR_HOST}{PAGE}/back" in page
    assert "hush" not in page
    assert "answers and says who it is" in text_of(client.post(address))
    use(Provider(f"{provider.issuer}/nowhere"), northmoor)
    assert "did not give the document" in text_of(client.post(address))
    settings.IMS_LOOPBACK_PROVIDERS = False
    assert "must start with https" in text_of(client.post(address))
    assert client_for(northmoor, ["ledger.view"]).get(address).status_code == 403


def test_a_provider_that_is_away_leads_back_to_the_page(northmoor: Council) -> None:
    use(Provider("http://127.0.0.1:9"), northmoor)
    assert browser(NORTHMOOR_HOST).get(PAGE)["Location"] == FAILED


def test_redirects_are_not_followed(northmoor: Council, provider: Provider) -> None:
    with enter(northmoor):
        SignInSettings.objects.all().delete()
        use(provider, northmoor)
        told = policy.provider_as_set()
    found = provider_check.check(told)
    assert [each.is_good for each in found] == [True, True]


def test_a_password_still_asks_for_a_second_factor(priya: User) -> None:
    client = browser(NORTHMOOR_HOST)
    assert give_password(client) == "/"
    assert client.get("/")["Location"].startswith("/security/set-up")
