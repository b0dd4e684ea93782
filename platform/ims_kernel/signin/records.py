"""How people sign in, as a setting of the council."""

from __future__ import annotations

import re
import uuid

from django.conf import settings

from ims_kernel.records.errors import RecordRefused
from ims_kernel.records.fields import Choice, Flag, Rows, Secret, Text, Values, Whole
from ims_kernel.records.kinds import Kind
from ims_kernel.signin.models import DEFAULT_IDLE_MINUTES, SignInSettings

_DOMAIN = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+"


def check(after: Values, before: Values | None) -> None:  # noqa: ARG001 - the shape of all checks
    """Raises RecordRefused for settings with which nobody, or the wrong people, could sign in."""
    if after["provider_is_on"]:
        for name, words in (
            ("issuer", "Enter the address of the provider, or turn single sign-on off."),
            ("client_id", "Enter the client ID, or turn single sign-on off."),
        ):
            if not after[name]:
                raise RecordRefused(words, field=name)
    elif not after["allows_passwords"]:
        raise RecordRefused(
            "Allow passwords, or turn single sign-on on: otherwise nobody can sign in.",
            field="allows_passwords",
        )
    _check_issuer(str(after["issuer"] or ""), str(after["tenant_id"] or ""))
    if after["tenant_id"]:
        try:
            uuid.UUID(after["tenant_id"])
        except ValueError as error:
            raise RecordRefused(
                "The tenant ID looks like 3f2504e0-4f89-41d3-9a0c-0305e82c3301. Copy it from the "
                "overview page of Entra ID.",
                field="tenant_id",
            ) from error


def _check_issuer(issuer: str, tenant_id: str) -> None:
    if issuer.startswith("http://") and not settings.IMS_LOOPBACK_PROVIDERS:
        raise RecordRefused("The address must start with https://.", field="issuer")
    if "/.well-known/" in issuer:
        raise RecordRefused("Leave out “/.well-known/…” and what follows.", field="issuer")
    if re.search(r"microsoftonline\.com/(common|organizations|consumers)\b", issuer):
        raise RecordRefused(
            "This address lets in people of every organisation. Put your own tenant ID in it: "
            "https://login.microsoftonline.com/TENANT-ID/v2.0.",
            field="issuer",
        )
    if "microsoftonline.com" in issuer and not tenant_id:
        raise RecordRefused(
            "Enter your tenant ID too, so that only people of your organisation come in.",
            field="tenant_id",
        )


def _load(row: SignInSettings) -> Values:
    return {"email_domains": [{"domain": domain} for domain in row.email_domains]}


def _store(row: SignInSettings, values: Values) -> None:
    plain = dict(values)
    row.email_domains = [each["domain"].lower() for each in plain.pop("email_domains")]
    secret = plain.pop("client_secret")
    if secret:
        row.client_secret = secret
    for name, value in plain.items():
        setattr(row, name, "" if value is None else value)
    row.save()


SIGN_IN = Kind(
    slug="sign-in",
    singular="sign-in settings",
    plural="sign-in settings",
    sentence="Says how people prove who they are, and after how long without work they are signed "
    "out.",
    section="People",
    model=SignInSettings,
    single=True,
    change="signin.configure",
    order=20,
    check=check,
    load=_load,
    store=_store,
    fields=(
        Flag(
            name="allows_passwords", label="Allow passwords", default=True,
            hint="Without them people come in by single sign-on or with a passkey only",
            heading="Passwords and second factors",
        ),
        Choice(
            name="second_factor", label="Who must have a second factor", default="required",
            options=tuple((each.value, str(each.label)) for each in SignInSettings.SecondFactor),
            hint="Single sign-on asks for one itself, if your provider is set to",
        ),
        Whole(
            name="idle_minutes", label="Minutes until somebody is signed out", minimum=5,
            maximum=480, default=DEFAULT_IDLE_MINUTES,
            hint="Counted from the last page they opened. From 5 to 480",
        ),
        Flag(
            name="provider_is_on", label="Use single sign-on",
            hint="Check the connection first, and sign in with it before you turn passwords off",
            heading="Single sign-on",
        ),
        Text(
            name="provider_name", label="Name on the sign-in page", max_length=60, optional=True,
            hint="For example, Microsoft",
        ),
        Text(
            name="issuer", label="Address of the provider", max_length=200, optional=True,
            pattern=r"https?://\S+", pattern_words="an address that starts with https://",
            hint="For Entra ID: https://login.microsoftonline.com/TENANT-ID/v2.0",
        ),
        Text(name="client_id", label="Client ID", max_length=191, optional=True),
        Secret(
            name="client_secret", label="Client secret", max_length=191,
            hint="Never shown again. Leave it empty to keep the one that is stored",
        ),
        Text(
            name="tenant_id", label="Tenant ID", max_length=36, optional=True,
            hint="For Entra ID only",
        ),
        Rows(
            name="email_domains", label="Domains of your email addresses", most=20,
            hint="Only addresses of these domains are matched with people. Leave empty for any",
            fields=(
                Text(
                    name="domain", label="Domain", max_length=253, pattern=_DOMAIN,
                    pattern_words="a domain in small letters, such as northmoor.gov.uk",
                ),
            ),
        ),
    ),
)  # fmt: skip
