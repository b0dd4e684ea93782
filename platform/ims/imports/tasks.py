"""The background work of imports."""

from __future__ import annotations

from ims.imports.posting import post_file
from ims.imports.reading import read_file
from ims_kernel import clock
from ims_kernel.jobs.task import council_task


@council_task(queue="imports")
def read_import_file(*, import_id: int) -> None:
    """Read a received file."""
    read_file(import_id)


@council_task(queue="imports")
def post_import_file(*, import_id: int) -> None:
    """Post a file, from wherever it stands."""
    post_file(import_id, clock=clock.now)
