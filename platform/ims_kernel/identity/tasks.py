"""The background work of people."""

from __future__ import annotations

from ims_kernel import clock
from ims_kernel.identity import people
from ims_kernel.jobs.task import council_task


@council_task(queue="maintenance")
def make_people_dormant() -> None:
    """Make everyone dormant who has not signed in for the council's limit."""
    people.make_dormant(at=clock.now())


def somebody_is_overdue() -> bool:
    """Whether there is anybody to make dormant."""
    return people.overdue(at=clock.now())
