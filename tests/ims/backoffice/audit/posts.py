"""What is pressed in a council, by the name of its address. One line for each, added with the page.

An example prepares what it needs in the council at hand and says what the browser then sends. It
must be something the page accepts: the test asserts that the press left an event behind.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ims.exports import services as exports
from ims.exports.models import ExportRun
from ims_kernel import clock
from tests.ims.backoffice.bank_day import (
    KNOWN,
    PRIYA,
    UNKNOWN,
    camt,
    parked,
    posted,
    ready,
    uploaded,
)


@dataclass(frozen=True)
class Press:
    """The values of the address's parameters, and the fields of the form."""

    args: tuple[Any, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


def _upload() -> Press:
    return Press(data={"profile": "bank", "file": uploaded(camt(KNOWN))})


def _ready(**data: str) -> Press:
    return Press((ready(camt(KNOWN)).pk,), data)


def _made() -> ExportRun:
    posted(camt(KNOWN))
    return exports.run(LAYOUT, actor=PRIYA, at=clock.now())


def _sent() -> ExportRun:
    return exports.mark_sent(_made().pk, actor=PRIYA, at=clock.now())


def _make() -> Press:
    posted(camt(KNOWN))
    return Press(data={"layout": LAYOUT})


def _allocate() -> Press:
    item = parked(UNKNOWN)
    to = {"to-1-fund": "CT", "to-1-account": "770012345", "to-1-amount": "45.00"}
    return Press((item.pk,), {"accounts": "1", "key": str(uuid.uuid4()), "note": "", **to})


LAYOUT = "general-journal"

EXAMPLES: Mapping[str, Callable[[], Press]] = {
    "import_upload": _upload,
    "import_post": _ready,
    "import_read_again": _ready,
    "import_discard": lambda: _ready(reason="Sent twice"),
    "suspense_item": _allocate,
    "export_make": _make,
    "export_sent": lambda: Press((_made().pk,)),
    "export_accepted": lambda: Press((_sent().pk,)),
    "export_reject": lambda: Press((_sent().pk,), {"reason": "Wrong month"}),
}

# Addresses that answer to a press and change nothing, or are recorded elsewhere; with the reason.
CHANGE_NOTHING: Mapping[str, str] = {
    "dashboard": "shows figures; a press is answered like a visit",
    "transactions": "a search; a press is answered like a visit",
    "transactions_csv": "a download, recorded as one; a press is answered like a visit",
    "transaction": "a look, recorded as one; a press is answered like a visit",
    "theme_css": "a style sheet",
    "accessibility": "a statement",
    "sign_in": "nobody is signed in yet: tests/ims_kernel/identity says what is kept",
    "sign_out": "ends a session of one's own",
}
