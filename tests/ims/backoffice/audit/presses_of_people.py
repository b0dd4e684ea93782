"""What is pressed on the pages of people, roles and API keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.test import Client

from ims_kernel import clock
from ims_kernel.identity import people
from ims_kernel.identity.models import Grant, GrantRequest, User
from ims_tenants.current import council
from tests.factories.people import SYSTEM, grant, person, role
from tests.ims.api.conftest import caller_for
from tests.ims.backoffice.audit.press import Press
from tests.ims_kernel.signin.people import make_person_with_app


def _day() -> str:
    return f"{clock.today():%d/%m/%Y}"


def _role(**more: str) -> dict[str, str]:
    given = {"role": str(role(["ledger.view"]).pk), "limit": "", "starts_on": _day(), "ends_on": ""}
    return given | {"group-all": "all", "office-all": "all"} | more


def _held() -> Grant:
    return Grant.objects.get(user=person(grant(["ledger.view"])))


def _asked() -> GrantRequest:
    return GrantRequest.objects.create(
        user=person(), role=role(["ledger.view"]), starts_on=clock.today(), proposed_by="Rhian",
        proposed_at=clock.now(),
    )  # fmt: skip


def _left() -> User:
    user = person()
    people.leave(user.pk, actor=SYSTEM, at=clock.now(), reason="Retired")
    return user


def _dormant() -> User:
    user = person()
    User.objects.filter(pk=user.pk).update(state="dormant", is_active=False)
    return user


def _key() -> Press:
    expires = clock.today() + timedelta(days=30)
    return Press(
        data={
            "name": "Housing", "scopes": ["settings.read"], "expires_on": f"{expires:%d/%m/%Y}",
            "addresses": "",
        }
    )  # fmt: skip


EXAMPLES: Mapping[str, Callable[[Client], Press]] = {
    "person_invite": lambda _: Press(data=_role(name="Nia", email="nia@example.org")),
    "person_details": lambda _: Press((person().pk,), {"name": "New Name"}),
    "person_role": lambda _: Press((person().pk,), _role(reason="New here")),
    "person_leave": lambda _: Press((person().pk,), {"reason": "Retired"}),
    "person_link": lambda _: Press((_left().pk,)),
    "reactivate": lambda _: Press((_dormant().pk,)),
    "people_rules": lambda _: Press(data={"dormant": "61", "invitation": "3"}),
    "person_factor_reset": lambda _: Press(
        (make_person_with_app(council()).user.pk,), {"reason": "Lost phone, called back"}
    ),
    "grant_end": lambda _: Press((_held().pk,), {"reason": "Moved team"}),
    "grant_request": lambda _: Press((_asked().pk,), {"approve": "1"}),
    "role_add": lambda _: Press(data={"name": "Cashier", "permissions": ["ledger.view"]}),
    "role": lambda _: Press(
        (role(["ledger.view"]).pk,), {"name": "Looker", "permissions": ["suspense.view"]}
    ),
    "role_use": lambda _: Press((role(["ledger.view"]).pk,)),
    # No provider is set up, so none is asked; the outcome is recorded all the same.
    "check_provider": lambda _: Press(),
    "api_key_add": lambda _: _key(),
    "api_key_revoke": lambda _: Press((caller_for(council()).key.pk,), {"reason": "Replaced"}),
}
