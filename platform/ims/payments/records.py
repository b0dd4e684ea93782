"""Payment provider accounts as a setting."""

from __future__ import annotations

from typing import Any

from ims.payments import secret_shapes
from ims.payments.models import CHANNELS, MODES, ProviderAccount
from ims.payments.providers.port import LIVE, ConfigField, Provider
from ims.payments.providers.registry import PROVIDERS, get_provider
from ims_kernel.records.errors import RecordRefused
from ims_kernel.records.fields import (
    Choice,
    Field,
    Links,
    Money,
    Secret,
    Text,
    Values,
    lower_first,
)
from ims_kernel.records.kinds import Kind
from ims_kernel.records.storing import set_columns


def name_of(provider: Provider, field: ConfigField) -> str:
    """The name of a provider's field among the account's."""
    return f"{provider.kind}_{field.name}"


def _hint(provider: Provider, each: ConfigField) -> str:
    needed = "" if each.optional else f"Needed with {provider.name}."
    return " ".join(filter(None, (needed, each.hint, "Never shown again." * each.secret)))


def _provider_fields() -> tuple[Field, ...]:
    found: list[Field] = []
    for provider in PROVIDERS:
        for each in provider.fields:
            heading = f"If the provider is {provider.name}" if each is provider.fields[0] else ""
            options: dict[str, Any] = {
                "name": name_of(provider, each),
                "label": f"{provider.name}: {lower_first(each.label)}",
                "hint": _hint(provider, each),
                "max_length": each.max_length,
                "optional": True,
                "heading": heading,
            }
            found.append(Secret(**options) if each.secret else Text(**options))
    return tuple(found)


FIELDS: tuple[Field, ...] = (
    Text(
        name="code",
        label="Code",
        hint="Short, for lists and files, such as WEB.",
        max_length=20,
        pattern=r"[A-Z0-9][A-Z0-9_-]*",
        pattern_words="capital letters, digits, - and _",
        uppercase=True,
        fixed=True,
    ),
    Text(name="name", label="Name", hint="What your staff call it.", max_length=60),
    Choice(
        name="provider",
        label="Provider",
        options=tuple((provider.kind, provider.name) for provider in PROVIDERS),
        fixed=True,
    ),
    Choice(
        name="mode",
        label="Mode",
        hint="A test account and a live account are two accounts. This cannot be changed later.",
        options=MODES,
        fixed=True,
    ),
    Choice(name="channel", label="Channel", options=CHANNELS, default="web"),
    Links(
        name="funds",
        label="Only for these funds",
        hint="None means every fund.",
        to="funds",
        optional=True,
        heading="What it takes",
    ),
    Links(
        name="methods",
        label="Only for these methods of payment",
        hint="None means every method.",
        to="methods",
        optional=True,
    ),
    Money(name="minimum_pence", label="Least amount", minimum=1, optional=True),
    Money(name="maximum_pence", label="Greatest amount", minimum=1, optional=True),
    *_provider_fields(),
)


def check(after: Values, before: Values | None) -> None:
    """The rules of one account. Raises RecordRefused; no message repeats a credential."""
    provider = get_provider(after["provider"])
    least, most = after["minimum_pence"], after["maximum_pence"]
    if least is not None and most is not None and least > most:
        raise RecordRefused(
            "The least amount is above the greatest. Change one of them.", field="minimum_pence"
        )
    if provider.kind == "simulator" and after["mode"] == LIVE:
        raise RecordRefused(
            "The simulator takes no real money, so it cannot be live. Choose test.", field="mode"
        )
    for other in PROVIDERS:
        for each in other.fields:
            value = after[name_of(other, each)]
            if other is not provider and value:
                raise RecordRefused(
                    f"This account is at {provider.name}, so leave the fields of {other.name} "
                    "empty.",
                    field=name_of(other, each),
                )
            if other is provider:
                _check_own(provider, each, after, is_new=before is None)


def _check_own(provider: Provider, each: ConfigField, after: Values, *, is_new: bool) -> None:
    name, value = name_of(provider, each), after[name_of(provider, each)]
    if not value:
        # A credential that is left empty stays as it is; one that was never given has no “as is”.
        if not each.optional and (is_new or not each.secret):
            raise RecordRefused(f"Enter the {lower_first(each.label)}.", field=name)
        return
    shape = each.shapes.get(after["mode"])
    if shape is None or shape.fits(value):
        return
    given = secret_shapes.recognise(value)
    looks = f" What you gave looks like {given}." if given else ""
    raise RecordRefused(
        f"{each.label} of a {after['mode']} account at {provider.name} must be {shape.words}."
        f"{looks} It was not kept.",
        field=name,
        withheld=secret_shapes.looks_secret(value),
    )


def load(account: ProviderAccount) -> Values:
    """The identifiers under their names; credentials are never read."""
    return {
        name_of(provider, each): (
            account.identifiers.get(each.name, "") if provider.kind == account.provider else ""
        )
        for provider in PROVIDERS
        for each in provider.fields
        if not each.secret
    }


def store(account: ProviderAccount, values: Values) -> None:
    """Save the account. A credential left empty stays; what was checked before is checked anew."""
    set_columns(PAYMENT_ACCOUNTS, account, values)
    provider = get_provider(account.provider)
    account.identifiers = {
        each.name: values[name_of(provider, each)] for each in provider.fields if not each.secret
    }
    given = {
        each.name: values[name_of(provider, each)]
        for each in provider.fields
        if each.secret and values[name_of(provider, each)]
    }
    if given:
        held = account.credentials.reveal() if account.credentials is not None else {}
        account.credentials = {**held, **given}
        account.credentials_held = sorted({*held, *given})
    account.revision += 1
    account.checked_at, account.check_ok, account.check_words = None, None, ""
    account.save()


PAYMENT_ACCOUNTS = Kind(
    slug="payment-accounts",
    singular="payment provider account",
    plural="payment provider accounts",
    sentence=(
        "The accounts your council has with companies that take card payments. Keys are kept "
        "sealed: nobody can read them back, here or in a copy of the database."
    ),
    section="Payments",
    model=ProviderAccount,
    fields=FIELDS,
    columns=("code", "name", "provider", "channel", "mode"),
    change="payments.configure",
    order=60,
    second_person=True,
    check=check,
    load=load,
    store=store,
)
