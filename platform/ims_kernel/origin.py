"""Where what happens now came from: a page, the worker, or the command line. No Django.

Set by what lets work in (the first middleware, a job, `ims`), and read where an act is recorded, so
that no service has to pass it on. Nothing here is taken from what a caller says about itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

WEB, WORKER = "web", "worker"


@dataclass(frozen=True, slots=True)
class Origin:
    """A way in, such as `web`, `worker` or `ims import`; its id; and the network address behind it.

    The address is None where there is none: in a job, and on the command line.
    """

    source: str = ""
    request_id: str = ""
    address: str | None = None


_NOWHERE = Origin()
_current: ContextVar[Origin] = ContextVar("origin", default=_NOWHERE)


def new_id() -> str:
    """An id of our own for one request, job or command: 32 hexadecimal digits."""
    return uuid.uuid4().hex


def current() -> Origin:
    """Where the work at hand came from. Everything is empty when nothing said so."""
    return _current.get()


@contextmanager
def coming_from(origin: Origin) -> Iterator[Origin]:
    """Say where work comes from, until the block ends."""
    token = _current.set(origin)
    try:
        yield origin
    finally:
        _current.reset(token)
