"""What a process keeps between requests never passes from one council to another."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.contrib.auth import login
from django.core.cache import caches
from django.core.signing import BadSignature
from django.db import connections
from django.http import HttpRequest
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from ims_kernel.identity import sessions
from ims_kernel.scope import tenant_connection
from ims_tenants import checks
from ims_tenants.current import enter, signer
from ims_tenants.models import Council
from ims_tenants.selectors import primary_host
from tests.conftest import make_user
from tests.councils import fresh_council
from tests.isolation.canary import Filled, everything_sent, fill

MARKS = ("FIRSTMARK4B1", "SECONDMARK9D2")
ROUNDS = 10


def test_the_same_key_is_another_in_each_council(northmoor: Council, eastshire: Council) -> None:
    for alias in set(caches.settings) - checks.PUBLIC_CACHES:
        cache = caches[alias]
        with enter(eastshire):
            cache.set("sum", "theirs")
        with enter(northmoor):
            assert cache.get("sum") is None
            cache.set("sum", "ours")
        with enter(eastshire):
            assert cache.get("sum") == "theirs"
            cache.delete("sum")


def test_a_token_of_one_council_is_refused_in_the_other_for_every_purpose(
    northmoor: Council, eastshire: Council
) -> None:
    for purpose in ("invite", "reset", "download"):
        with enter(eastshire):
            token = signer(purpose).sign("1")
        with enter(northmoor), pytest.raises(BadSignature):
            signer(purpose).unsign(token, max_age=60)
        with pytest.raises(BadSignature):
            signer(purpose).unsign(token)


@pytest.fixture
def two(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Filled]]:
    """Two councils full of their own marks, really committed, for threads to see."""
    with django_db_blocker.unblock(), ExitStack() as stack:
        made = [stack.enter_context(fresh_council(kind)) for kind in ("district", "unitary")]
        yield [fill(council, mark, size=2) for council, mark in zip(made, MARKS, strict=True)]


@pytest.mark.committed
def test_alternating_requests_in_many_threads_never_cross(two: list[Filled]) -> None:
    clients = [signed_in(filled.council) for filled in two]
    wrong: list[str] = []
    served: list[str] = []

    def work(first: int) -> None:
        try:
            for turn in range(ROUNDS):
                ours, theirs = two[(first + turn) % 2], two[(first + turn + 1) % 2]
                client = Client(headers={"host": clients[two.index(ours)][0]})
                client.cookies["ims_session"] = clients[two.index(ours)][1]
                for path in ("/", "/transactions", "/transactions.csv", "/suspense", "/imports"):
                    sent = everything_sent(client.get(path))
                    served.append(path)
                    if theirs.in_text(sent) or theirs.council.name in sent:
                        wrong.append(f"{path} of {ours.mark} shows {theirs.mark}")
                    if path != "/" and not ours.in_text(sent):
                        wrong.append(f"{path} of {ours.mark} shows nothing of its own")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert wrong == []
    assert len(served) == 4 * ROUNDS * 5
    assert tenant_connection().schema_name == "public"


def signed_in(council: Council) -> tuple[str, str]:
    """The council's host and the session key of somebody there who may do everything."""
    host = primary_host(council)
    client = Client(headers={"host": host})
    with enter(council):
        request = HttpRequest()
        request.session = client.session
        login(request, make_user(), "ims_kernel.identity.backends.EmailBackend")
        request.session[sessions.FACTOR] = sessions.PASSED
        request.session.save()
        key = request.session.session_key
    assert key
    return host, key
