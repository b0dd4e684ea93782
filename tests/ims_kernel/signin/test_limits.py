"""Counting tries, in one process and in several."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from ims_kernel import clock
from ims_kernel.signin import limits
from ims_kernel.signin.errors import TooManyTries
from ims_kernel.signin.limits import Limit
from ims_kernel.signin.models import Tries
from ims_tenants.current import enter
from ims_tenants.models import Council, Domain
from tests.councils import EASTSHIRE_HOST, NORTHMOOR_HOST
from tests.ims.backoffice.bank_day import text_of
from tests.ims_kernel.signin.people import PASSWORD, browser, make_person

NOW = clock.now()
THREE = Limit("three", 3, timedelta(minutes=10))


def test_one_too_many_is_refused_until_the_window_ends(council: Council) -> None:
    for _ in range(3):
        limits.spend(THREE, "a", at=NOW)
    with pytest.raises(TooManyTries, match="Wait 10 minutes"):
        limits.spend(THREE, "a", at=NOW)
    with pytest.raises(TooManyTries, match="Wait a minute"):
        limits.spend(THREE, "a", at=NOW + timedelta(minutes=9, seconds=30))
    limits.spend(THREE, "b", at=NOW)
    limits.spend(THREE, "a", at=NOW + timedelta(minutes=10))


def test_what_was_right_is_forgotten_or_given_back(council: Council) -> None:
    for _ in range(9):
        limits.spend(THREE, "a", at=NOW)
        limits.forget(THREE, "a")
        limits.spend(THREE, "b", at=NOW)
        limits.give_back(THREE, "b")
    limits.give_back(THREE, "nobody")
    assert Tries.objects.get().count == 0


def test_old_counts_are_tidied_and_hold_no_address(council: Council) -> None:
    limits.spend(THREE, "priya@example.org", at=NOW)
    assert "priya" not in str(Tries.objects.values_list())
    limits.spend(THREE, "b", at=NOW + timedelta(hours=1))
    assert Tries.objects.count() == 1


def test_councils_count_apart(northmoor: Council, eastshire: Council) -> None:
    for council in (northmoor, eastshire):
        with enter(council):
            for _ in range(3):
                limits.spend(THREE, "a", at=NOW)


@pytest.mark.committed
def test_threads_count_together(committed_councils: tuple[Council, Council]) -> None:
    council, _ = committed_councils

    def tried(_number: int) -> bool:
        with enter(council):
            good = limits.within(THREE, "a", at=NOW)
        connection.close()
        return good

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(tried, range(40))) == 3


_OTHER_PROCESS = """
import django; django.setup()
from django.conf import settings
from django.db import connection
from ims_kernel import clock
from ims_kernel.signin import limits
from ims_tenants.current import enter
from ims_tenants.models import Council
with enter(Council.objects.get(schema_name={schema!r})):
    print(sum(limits.within(limits.CODE, "7", at=clock.now()) for _ in range(5)))
"""


@pytest.mark.committed
def test_processes_count_together(committed_councils: tuple[Council, Council]) -> None:
    council, _ = committed_councils
    host = connection.settings_dict
    root = Path(settings.ROOT)
    url = (
        f"postgresql://{host['USER']}:{host['PASSWORD']}@{host['HOST'] or 'localhost'}:"
        f"{host['PORT']}/{host['NAME']}"
    )
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "ims_config.settings.test",
        "PYTHONPATH": os.pathsep.join(
            str(root / each) for each in ("platform", "tenants", "billing")
        ),
    }
    code = _OTHER_PROCESS.format(schema=council.schema_name)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    allowed = [int(each.communicate(timeout=120)[0].strip()) for each in running]
    assert sum(allowed) == limits.CODE.most, allowed


# --- through the page -----------------------------------------------------------------------------
def fail(client: Client, times: int) -> str:
    text = ""
    for number in range(times):
        answer = client.post("/sign-in", {"email": f"nobody{number}@example.org", "password": "x"})
        text = text_of(answer)
    return text


def test_one_address_cannot_try_for_ever(northmoor: Council, eastshire: Council) -> None:
    make_person(northmoor)
    make_person(eastshire)
    thief = browser(NORTHMOOR_HOST)
    assert "email address or password is not right" in fail(thief, limits.ADDRESS.most)
    assert "This was tried too often. Wait 15 minutes" in fail(thief, 1)
    given = {"email": "priya@example.org", "password": PASSWORD}
    assert thief.post("/sign-in", given).status_code == 400
    # Somebody at another address, and the same address at another council, are let in.
    elsewhere = Client(headers={"host": NORTHMOOR_HOST}, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.post("/sign-in", given).status_code == 302
    assert browser(EASTSHIRE_HOST).post("/sign-in", given).status_code == 302


def test_signing_in_does_not_use_the_address_up(northmoor: Council) -> None:
    make_person(northmoor)
    given = {"email": "priya@example.org", "password": PASSWORD}
    for _ in range(3):
        browser(NORTHMOOR_HOST).post("/sign-in", given)
    with enter(northmoor):
        assert Domain.objects.filter(tenant=northmoor).exists()
        assert sum(Tries.objects.values_list("count", flat=True)) == 0
