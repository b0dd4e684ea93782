"""The background work of imports."""

from __future__ import annotations

from datetime import timedelta

from ims.imports import selectors, states
from ims.imports.posting import post_file
from ims.imports.reading import read_file
from ims_kernel import clock
from ims_kernel.jobs.task import council_task


@council_task(queue="imports")
def read_import_file(*, import_id: int) -> None:
    """Read a received file. Does nothing when it was read and decided on since."""
    if selectors.get_import(import_id).state in states.READABLE:
        read_file(import_id)


@council_task(queue="imports")
def post_import_file(*, import_id: int) -> None:
    """Post a file, from wherever it stands."""
    post_file(import_id, clock=clock.now)


# A job is lost when it failed for good. Long enough for any file to be read by then.
LOST_AFTER = timedelta(minutes=5)


@council_task(queue="imports")
def resume_imports() -> None:
    """Ask again for every file that should be on its way. Asking once too often does no harm."""
    for found in selectors.unfinished(received_before=clock.now() - LOST_AFTER):
        task = read_import_file if found.state == states.RECEIVED else post_import_file
        task.enqueue(lock=f"import:{found.pk}", import_id=found.pk)


def has_unfinished() -> bool:
    """Whether some file should be on its way for a while now."""
    return selectors.unfinished(received_before=clock.now() - LOST_AFTER).exists()
