"""What is done for each council from time to time. One dispatcher asks every minute."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ims_kernel.jobs.task import CouncilTask


@dataclass(frozen=True, slots=True)
class Schedule:
    """A task, and whether it is due in the council at hand."""

    task: CouncilTask
    is_due: Callable[[], bool]


_schedules: dict[str, Schedule] = {}


def register(name: str, schedule: Schedule) -> None:
    """Add a schedule. Called from an app's apps.py."""
    _schedules[name] = schedule


def registered() -> Mapping[str, Schedule]:
    """Every schedule by name."""
    return dict(_schedules)


def dispatch() -> int:
    """Enqueue what is due in the council at hand; returns how many jobs that was."""
    due = [(name, schedule) for name, schedule in _schedules.items() if schedule.is_due()]
    for name, schedule in due:
        schedule.task.enqueue(lock=name)
    return len(due)
