"""Two kinds of the tests' own, over tables that are there: methods, and profiles that link to them.

Not the product's kinds, so that these tests show the layer and not one of its settings.
"""

from __future__ import annotations

import pytest

from ims.funds.models import MethodOfPayment
from ims.imports.models import ImportProfile
from ims_kernel import clock
from ims_kernel.identity.permissions import Actor
from ims_kernel.records import kinds, uses
from ims_kernel.records.errors import RecordRefused
from ims_kernel.records.fields import Choice, Link, Text, Values
from ims_kernel.records.kinds import Kind
from ims_kernel.records.services import Asked

PURPOSES = tuple((str(value), str(label)) for value, label in MethodOfPayment.Purpose.choices)


def check_method(after: Values, _before: Values | None) -> None:
    if after["control_code"] == after["code"]:
        raise RecordRefused("The control account cannot be the code.", field="control_code")


METHODS = Kind(
    slug="test-methods",
    singular="method",
    plural="methods",
    sentence="A way that money arrives.",
    section="Money",
    model=MethodOfPayment,
    change="receipts.take",
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
    constraints={"method_one_journal": ("purpose", "There is already a method for journals.")},
    order=1,
)
PROFILES = Kind(
    slug="test-profiles",
    singular="profile",
    plural="profiles",
    sentence="A kind of file.",
    section="Files",
    model=ImportProfile,
    change="imports.post",
    second_person=True,
    fields=(
        Text(name="code", label="Code", max_length=20, fixed=True),
        Text(name="name", label="Name", max_length=60),
        Link(name="method_code", label="Method", to="test-methods"),
    ),
    order=2,
)


@pytest.fixture(autouse=True)
def own_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_kinds", {})
    monkeypatch.setattr(uses, "_counters", {})
    kinds.register(METHODS)
    kinds.register(PROFILES)


def asked(actor: Actor, reason: str = "Year end", seen: str = "") -> Asked:
    return Asked(actor, clock.now(), reason, seen)


NEW = {"code": "ph", "name": "Phone", "purpose": "card", "control_code": "90-77"}
