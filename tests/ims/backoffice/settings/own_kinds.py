"""Kinds of the tests' own, over tables that are there: they show the console, not one setting."""

from __future__ import annotations

from typing import Any

from ims.funds.choices import MethodPurpose
from ims.funds.models import MethodOfPayment, MoneySettings
from ims.imports.models import ImportProfile, ImportRule
from ims_kernel.records.errors import RecordRefused
from ims_kernel.records.fields import (
    Choice,
    Choices,
    Colour,
    Day,
    Flag,
    Link,
    Links,
    Money,
    Percent,
    Rows,
    Secret,
    Text,
    Values,
    Whole,
)
from ims_kernel.records.kinds import Kind

PURPOSES = tuple((str(value), str(label)) for value, label in MethodPurpose.choices)
CHANNELS = (("web", "Web"), ("phone", "Telephone"), ("desk", "Cash desk"))


def check_method(after: Values, _before: Values | None) -> None:
    if after["control_code"] == after["code"]:
        raise RecordRefused("The control account cannot be the code.", field="control_code")


METHODS = Kind(
    slug="ways",
    singular="way to pay",
    plural="ways to pay",
    sentence="A way that money arrives, and the control account it arrives in.",
    section="Money",
    model=MethodOfPayment,
    change="receipts.take",
    columns=("code", "name", "purpose"),
    fields=(
        Text(
            name="code",
            label="Code",
            max_length=5,
            fixed=True,
            uppercase=True,
            pattern="[A-Z0-9]+",
            pattern_words="letters and digits",
        ),
        Text(name="name", label="Name", max_length=40),
        Choice(name="purpose", label="Purpose", options=PURPOSES, default="bank"),
        Text(name="control_code", label="Control account", max_length=40),
    ),
    check=check_method,
    constraints={"method_one_journal": ("purpose", "There is already a way for journals.")},
    order=1,
)


def load_thing(instance: Any) -> Values:
    kept: Values = (instance.action or {}).get("kept", {})
    return {
        each.name: kept.get(each.name, each.start)
        for each in THINGS.fields
        if each.name not in ("name", "order", "secret")
    }


def store_thing(instance: Any, values: Values) -> None:
    instance.name, instance.order = values["name"], values["order"]
    before = (instance.action or {}).get("secret", "")
    kept = {name: value for name, value in values.items() if name != "secret"}
    instance.action = {"kept": kept, "secret": values["secret"] or before}
    instance.save()


def check_thing(after: Values, _before: Values | None) -> None:
    days = [row["starts_on"] for row in after["rates"]]
    for number, day in enumerate(days, start=1):
        if day in days[: number - 1]:
            raise RecordRefused(
                "Rates: two start on the same day.", field="rates", row=number, column="starts_on"
            )
    if after["order"] == 666:
        raise RecordRefused("This cannot be kept at all.")


THINGS = Kind(
    slug="things",
    singular="item",
    plural="items",
    sentence="An item has a field of every sort, so that a form with everything is tried.",
    section="Imports and exports",
    model=ImportRule,
    key="name",
    title="name",
    sort="order",
    columns=("order", "name"),
    change="imports.post",
    fields=(
        Text(name="name", label="Name", max_length=80, fixed=True),
        Whole(name="order", label="Place", hint="The lowest is tried first.", maximum=9_999),
        Text(name="message", label="Message", max_length=500, multiline=True, optional=True),
        Link(name="method", label="Way to pay", to="ways", heading="Where the money goes"),
        Links(name="others", label="Other ways", to="ways", optional=True),
        Choice(name="big", label="Purpose", options=PURPOSES, optional=True),
        Choice(name="small", label="Channel", options=CHANNELS, default="web"),
        Choices(name="channels", label="Open for", options=CHANNELS, optional=True),
        Flag(name="open", label="Open to the public", hint="Payers see it.", default=True),
        Money(name="most", label="Most", optional=True, heading="Limits"),
        Percent(name="fee", label="Fee", optional=True),
        Day(name="starts_on", label="Starts", optional=True),
        Colour(name="colour", label="Colour", optional=True),
        Secret(name="secret", label="Signing key"),
        Rows(
            name="rates",
            label="Rates",
            hint="Each ends where the next begins.",
            most=4,
            fields=(
                Day(name="starts_on", label="From"),
                Percent(name="rate", label="Rate"),
                Choice(name="channel", label="Channel", options=CHANNELS, default="web"),
                Flag(name="fixed", label="Fixed"),
            ),
        ),
    ),
    load=load_thing,
    store=store_thing,
    check=check_thing,
    order=3,
)
PROFILES = Kind(
    slug="profiles",
    singular="profile",
    plural="profiles",
    sentence="A kind of file, and the way the money in it arrived.",
    section="Imports and exports",
    model=ImportProfile,
    change="imports.post",
    second_person=True,
    fields=(
        Text(name="code", label="Code", max_length=20, fixed=True),
        Text(name="name", label="Name", max_length=60),
        Link(name="method_code", label="Way to pay", to="ways"),
    ),
    order=2,
)
ROUNDING = Kind(
    slug="rounding",
    singular="VAT rounding",
    plural="VAT rounding",
    sentence="How the VAT in an amount is rounded to whole pence.",
    section="Money",
    model=MoneySettings,
    change="receipts.take",
    single=True,
    fields=(
        Choice(
            name="vat_rounding",
            label="Rounding",
            options=(("half_up", "Half a penny up"), ("half_even", "Half a penny to even")),
        ),
    ),
    order=0,
)
ALL = (METHODS, THINGS, PROFILES, ROUNDING)
