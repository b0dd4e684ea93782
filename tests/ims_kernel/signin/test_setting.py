"""How people sign in, as a setting."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django.fixtures import Settings

from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.errors import NotAllowed
from ims_kernel.identity.permissions import Actor, system
from ims_kernel.records import selectors
from ims_kernel.records.errors import FieldRefused, RecordRefused
from ims_kernel.records.kinds import ONLY, get_kind
from ims_kernel.records.services import Asked, save
from ims_kernel.signin import policy
from ims_kernel.signin.models import SignInSettings
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor

ENTRA = "https://login.microsoftonline.com/3f2504e0-4f89-41d3-9a0c-0305e82c3301/v2.0"
GOOD: dict[str, Any] = {
    "provider_is_on": True,
    "issuer": ENTRA,
    "client_id": "ims",
    "client_secret": "hush-hush",
    "tenant_id": "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    "email_domains": [{"domain": "northmoor.gov.uk"}],
}


def change(**values: Any) -> None:
    asked = Asked(actor=system("Test"), at=clock.now(), reason="Testing")
    save(get_kind("sign-in"), ONLY, values, asked=asked)


def test_without_a_row_the_safe_defaults_hold(council: Council) -> None:
    assert policy.current() == policy.Policy()
    assert policy.current().needs_second_factor
    change(second_factor="optional", idle_minutes=30)
    assert not policy.current().needs_second_factor
    assert policy.current().idle_minutes == 30


def test_the_secret_is_kept_sealed_and_never_told(council: Council) -> None:
    change(**GOOD)
    told = policy.current().provider
    assert told is not None
    assert told.client_secret is not None
    assert told.client_secret.reveal() == "hush-hush"
    assert told.email_domains == ("northmoor.gov.uk",)
    change(provider_name="Microsoft")
    kept = policy.provider_as_set().client_secret
    assert kept is not None
    assert kept.reveal() == "hush-hush", "An empty secret keeps what is there."
    record = selectors.get(get_kind("sign-in"), ONLY)
    for place in (repr(told), str(record.values), str(list(AuditEvent.objects.values()))):
        assert "hush-hush" not in place
    assert record.values["email_domains"] == [{"domain": "northmoor.gov.uk"}]


def test_the_secret_of_one_council_opens_in_no_other(
    northmoor: Council, eastshire: Council
) -> None:
    with enter(northmoor):
        change(**GOOD)
    with enter(eastshire):
        assert policy.provider_as_set().client_secret is None
        assert not SignInSettings.objects.exists()


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"allows_passwords": False}, "allows_passwords", "nobody can sign in"),
        ({"provider_is_on": True}, "issuer", "Enter the address"),
        ({"provider_is_on": True, "issuer": "https://a.example"}, "client_id", "client ID"),
        ({**GOOD, "issuer": ENTRA + "/.well-known/x"}, "issuer", "Leave out"),
        (
            {**GOOD, "issuer": "https://login.microsoftonline.com/common/v2.0"},
            "issuer",
            "every organisation",
        ),
        ({**GOOD, "tenant_id": ""}, "tenant_id", "Enter your tenant ID"),
        ({**GOOD, "tenant_id": "northmoor"}, "tenant_id", "looks like"),
        ({"idle_minutes": 4}, "idle_minutes", "from 5 to 480"),
        ({"second_factor": "never"}, "second_factor", "is not one of"),
        ({"email_domains": [{"domain": "@northmoor"}]}, "email_domains", "must be a domain"),
        ({"issuer": "northmoor.gov.uk"}, "issuer", "starts with https"),
    ],
)
def test_settings_that_would_let_nobody_or_anybody_in(
    council: Council, values: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises((RecordRefused, FieldRefused), match=words) as refused:
        change(**values)
    assert refused.value.facts["field"] == field
    assert not SignInSettings.objects.exists()


def test_plain_http_is_for_tests_only(council: Council, settings: Settings) -> None:
    settings.IMS_LOOPBACK_PROVIDERS = False
    with pytest.raises(RecordRefused, match="https"):
        change(issuer="http://127.0.0.1:9000")


def test_it_needs_its_permission(council: Council) -> None:
    nobody = Actor(name="Tom", permissions=frozenset({"settings.view"}))
    with pytest.raises(NotAllowed):
        save(
            get_kind("sign-in"), ONLY, {"second_factor": "optional"},
            asked=Asked(actor=nobody, at=clock.now()),
        )  # fmt: skip


def test_its_page_leads_to_the_check_of_the_connection(
    northmoor: Council, client_for: ClientFor
) -> None:
    both = client_for(northmoor, ["settings.view", "signin.configure"])
    page = both.get("/settings/sign-in").content.decode()
    assert 'href="/settings/sign-in/check"' in page
    reader = client_for(northmoor, ["settings.view"])
    answer = reader.get("/settings/sign-in")
    assert answer.status_code == 200
    assert "/settings/sign-in/check" not in answer.content.decode()
