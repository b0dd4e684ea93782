"""A job works inside the council that asked for it, and nowhere else."""

from __future__ import annotations

import uuid

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from ims.ledger.tasks import seal_ledger
from ims_kernel.jobs import scope
from ims_kernel.scope import tenant_connection
from ims_tenants import tasks
from ims_tenants.current import council_id, enter
from ims_tenants.errors import CouncilNotFound
from ims_tenants.models import Council
from tests.councils import move


def test_a_job_enters_the_council_it_names_and_leaves_it(
    northmoor: Council, eastshire: Council
) -> None:
    for council in (northmoor, eastshire):
        with scope.enter_by_id(str(council.uuid)):
            assert tenant_connection().schema_name == council.schema_name
        assert tenant_connection().schema_name == "public"
    with pytest.raises(ZeroDivisionError), scope.enter_by_id(str(northmoor.uuid)):
        raise ZeroDivisionError
    assert tenant_connection().schema_name == "public"


@pytest.mark.parametrize("forged", ["", "public", "northmoor", "../x", str(uuid.UUID(int=7))])
def test_a_job_of_no_council_does_not_run(northmoor: Council, forged: str) -> None:
    with pytest.raises(CouncilNotFound, match="not there"), scope.enter_by_id(forged):
        pytest.fail("It ran.")
    assert tenant_connection().schema_name == "public"


def test_a_job_of_a_suspended_council_does_not_run(northmoor: Council) -> None:
    move(northmoor, "suspend")
    with (
        pytest.raises(CouncilNotFound, match="not open"),
        scope.enter_by_id(str(northmoor.uuid)),
    ):
        pytest.fail("It ran.")


def test_a_job_is_stored_with_its_council_and_its_lock(
    northmoor: Council, eastshire: Council
) -> None:
    for council in (northmoor, eastshire):
        with enter(council):
            job = ProcrastinateJob.objects.get(pk=seal_ledger.enqueue(lock="seal"))
            assert job.args == {"council_id": council_id()}
            assert job.lock == f"{council.uuid}:seal"


def test_no_job_is_stored_outside_a_council(db: None) -> None:
    with pytest.raises(RuntimeError, match="inside a council"):
        seal_ledger.enqueue()
    assert not ProcrastinateJob.objects.exists()


def test_the_minute_s_work_goes_on_past_a_council_in_trouble(
    northmoor: Council, eastshire: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def dispatch() -> int:
        asked.append(tenant_connection().schema_name)
        if tenant_connection().schema_name == eastshire.schema_name:
            raise RuntimeError("This council's trouble.")
        return 0

    monkeypatch.setattr("ims_kernel.jobs.schedules.dispatch", dispatch)
    tasks.dispatch()
    assert asked == [eastshire.schema_name, northmoor.schema_name]
    assert tenant_connection().schema_name == "public"


def test_no_work_is_asked_for_in_a_suspended_council(
    northmoor: Council, eastshire: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    move(eastshire, "suspend")
    asked: list[str] = []
    monkeypatch.setattr(
        "ims_kernel.jobs.schedules.dispatch", lambda: asked.append(tenant_connection().schema_name)
    )
    tasks.dispatch()
    assert asked == [northmoor.schema_name]
