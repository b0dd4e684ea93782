"""Entering a council: threads, exceptions, nesting, signed tokens."""

from __future__ import annotations

import threading

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.signing import BadSignature
from django.db import connection

from ims.funds.models import Fund
from ims_kernel.scope import schema_name
from ims_tenants import current
from ims_tenants.errors import NotInACouncil
from ims_tenants.models import Council


def _fail_inside(council: Council) -> None:
    assert schema_name() == council.schema_name
    raise ZeroDivisionError


def test_entering_restores_after_an_exception(northmoor: Council, eastshire: Council) -> None:
    with current.enter(northmoor):
        with pytest.raises(ZeroDivisionError), current.enter(eastshire):
            _fail_inside(eastshire)
        assert schema_name() == northmoor.schema_name
    assert schema_name() == "public"


def test_a_public_block_inside_a_council_returns_to_it(northmoor: Council) -> None:
    with current.enter(northmoor):
        with current.public():
            assert schema_name() == "public"
            with pytest.raises(NotInACouncil):
                current.council()
        assert current.council() == northmoor


def test_each_council_sees_its_own_funds(northmoor: Council, eastshire: Council) -> None:
    with current.enter(northmoor):
        ours = set(Fund.objects.values_list("code", flat=True))
    with current.enter(eastshire):
        theirs = set(Fund.objects.values_list("code", flat=True))
    assert ours == {"CT", "HR", "TW", "OLD", "SUSP"}
    assert theirs == {"10", "20", "00"}


def test_the_with_statement_of_django_tenants_is_refused(northmoor: Council) -> None:
    with pytest.raises(TypeError, match="enter"), northmoor:
        pass


def test_a_signed_token_holds_in_its_council_only(northmoor: Council, eastshire: Council) -> None:
    with current.enter(northmoor):
        token = current.signer("invite").sign("42")
        assert current.signer("invite").unsign(token) == "42"
        with pytest.raises(BadSignature):
            current.signer("reset").unsign(token)
    with current.enter(eastshire), pytest.raises(BadSignature):
        current.signer("invite").unsign(token)


@pytest.mark.committed
def test_threads_never_cross(committed_councils: tuple[Council, Council]) -> None:
    wrong: list[str] = []

    def work(council: Council) -> None:
        try:
            for _ in range(60):
                with current.enter(council):
                    codes = set(Fund.objects.values_list("code", flat=True))
                    expected = "CT" if council is committed_councils[0] else "10"
                    if expected not in codes or schema_name() != council.schema_name:
                        wrong.append(council.name)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(c,)) for c in committed_councils * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert wrong == []


def test_content_types_are_cached_by_schema(northmoor: Council, eastshire: Council) -> None:
    with current.enter(eastshire), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE auth_permission SET content_type_id = content_type_id + 5000 "
            "WHERE content_type_id = (SELECT id FROM django_content_type WHERE model = 'fund')"
        )
        cursor.execute("UPDATE django_content_type SET id = id + 5000 WHERE model = 'fund'")
    found = {}
    for council in (northmoor, eastshire, northmoor, eastshire):
        with current.enter(council):
            found[council.schema_name] = ContentType.objects.get_for_model(Fund).pk
    assert found[eastshire.schema_name] > 5000 > found[northmoor.schema_name]
