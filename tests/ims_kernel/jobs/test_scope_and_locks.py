"""What the kernel refuses when it is asked at the wrong time."""

from __future__ import annotations

import pytest
from procrastinate.contrib.django import app

from ims_kernel import locks
from ims_kernel.jobs import scope
from ims_kernel.jobs.task import every_minute


def test_a_lock_needs_a_transaction(django_db_blocker: object) -> None:
    with pytest.raises(RuntimeError, match="until the transaction ends"):
        locks.hold("anything")


def test_a_job_without_tenancy_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scope._Scope, "enter", None)
    with pytest.raises(RuntimeError, match="how to enter a council"):
        scope.enter_by_id("whatever")


def test_work_of_every_minute_is_called_with_no_argument(db: None) -> None:
    calls: list[str] = []

    def tick() -> None:
        calls.append("tick")

    assert every_minute(tick) is tick
    name = f"{tick.__module__}.{tick.__qualname__}"
    try:
        app.tasks[name].func(timestamp=1)
    finally:
        del app.tasks[name]
    assert calls == ["tick"]
