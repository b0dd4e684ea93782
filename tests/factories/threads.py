"""Several people at the same instant: each in a thread with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import connection

from ims_tenants.current import enter
from ims_tenants.models import Council

T = TypeVar("T")


def at_once(council: Council, works: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Run the works together inside the council; what each returned or raised, in order."""
    start = threading.Barrier(len(works))
    results: list[T | Exception] = [RuntimeError("It did not end.")] * len(works)

    def run(place: int, work: Callable[[], T]) -> None:
        try:
            with enter(council):
                connection.ensure_connection()
                start.wait(timeout=30)
                results[place] = work()
        except Exception as error:  # noqa: BLE001 - it is the result
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results
