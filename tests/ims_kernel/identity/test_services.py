"""Making people."""

from __future__ import annotations

import pytest

from ims_kernel.identity.errors import EmailTaken
from ims_kernel.identity.models import Role, User
from ims_kernel.identity.services import RolePreset, create_user, ensure_roles
from ims_tenants.models import Council

PASSWORD = "three-random-words"


def person(email: str = "Priya@Example.org") -> User:
    return create_user(email=email, name="Priya", password=PASSWORD, roles=[])


def test_an_address_signs_in_one_person_however_it_is_written(council: Council) -> None:
    person()
    with pytest.raises(EmailTaken, match=r"priya@example\.org"):
        person(" priya@example.ORG ")
    assert User.objects.count() == 1
    assert User.objects.get().email == "priya@example.org"


def test_a_role_with_an_unknown_permission_is_not_made(council: Council) -> None:
    with pytest.raises(KeyError):
        ensure_roles([RolePreset("Odd", "", ["ledger.view", "no.such"])])
    assert not Role.objects.filter(name="Odd").exists()
