"""The background work of accounts."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from ims.accounts import loading, selectors, states
from ims_kernel import clock
from ims_kernel.jobs.task import council_task


@council_task(queue="imports")
def read_account_load(*, load_id: int) -> None:
    """Read a received file. Does nothing when it was read and decided on since."""
    if selectors.get_load(load_id).state in states.READABLE:
        loading.read_load(load_id)
        with transaction.atomic():
            if loading.begin_by_itself(load_id):
                apply_account_load.enqueue(lock=f"account_load:{load_id}", load_id=load_id)


@council_task(queue="imports")
def apply_account_load(*, load_id: int) -> None:
    """Apply a load. One that applies itself and was overtaken is compared again."""
    found = loading.apply_load(load_id, at=clock.now())
    if found.state == states.READY and found.applies_itself:
        read_account_load.enqueue(lock=f"account_load:{load_id}", load_id=load_id)


# A job is lost when it failed for good. Long enough for any file to be read by then.
LOST_AFTER = timedelta(minutes=5)


@council_task(queue="imports")
def resume_account_loads() -> None:
    """Ask again for every load that should be on its way. Asking once too often does no harm."""
    for found in selectors.unfinished(received_before=clock.now() - LOST_AFTER):
        task = read_account_load if found.state == states.RECEIVED else apply_account_load
        task.enqueue(lock=f"account_load:{found.pk}", load_id=found.pk)


def has_unfinished() -> bool:
    """Whether some load should be on its way for a while now."""
    return selectors.unfinished(received_before=clock.now() - LOST_AFTER).exists()
