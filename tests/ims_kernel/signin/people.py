"""People who sign in, for the tests of signing in."""

from __future__ import annotations

import time
from dataclasses import dataclass

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from ims_kernel import clock
from ims_kernel.identity.models import User
from ims_kernel.identity.services import RolePreset, create_user, ensure_roles
from ims_kernel.signin import factors
from ims_tenants.current import enter
from ims_tenants.models import Council

EMAIL, PASSWORD = "priya@example.org", "correct-horse-battery"


def code_of(secret: str, *, steps: int = 0) -> str:
    """What an authenticator app shows now, or `steps` half minutes later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def make_person(council: Council, *, email: str = EMAIL) -> User:
    """Somebody who may see transactions, without a second factor."""
    with enter(council):
        ensure_roles([RolePreset("Reads", "", ["ledger.view"])])
        return create_user(email=email, name="Priya Raman", password=PASSWORD, roles=["Reads"])


@dataclass
class WithApp:
    """Somebody with an authenticator app: its secret, and the recovery codes they kept."""

    user: User
    secret: str
    codes: list[str]


def make_person_with_app(council: Council, *, email: str = EMAIL) -> WithApp:
    """Set up half a minute ago, so that the code of now is still to use."""
    user = make_person(council, email=email)
    secret = factors.new_secret()
    with enter(council):
        codes = factors.set_up_app(
            user, secret=secret, code=code_of(secret, steps=-1), at=clock.now()
        )
    return WithApp(user, secret, codes)


def browser(host: str) -> Client:
    """Nobody yet, on a host."""
    return Client(headers={"host": host})


def give_password(
    client: Client, *, email: str = EMAIL, password: str = PASSWORD, target: str = ""
) -> str:
    """Send the sign-in form; where it leads."""
    form = {"email": email, "password": password, "next": target}
    return str(client.post("/sign-in", form)["Location"])
