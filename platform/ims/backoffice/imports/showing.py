"""Words and colours of imports on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from django.http import HttpRequest

from ims.imports import states
from ims.reports.imports import Part, Preview
from ims_kernel.web.pagination import AFTER, BEFORE, with_query

if TYPE_CHECKING:
    from ims.imports.models import ImportFile
    from ims_kernel.audit.models import AuditEvent

# State -> (word, colour of its tag).
TAGS: Mapping[str, tuple[str, str]] = {
    states.RECEIVED: ("Being read", "blue"),
    states.READY: ("Ready to post", "yellow"),
    states.REJECTED: ("Not used", "red"),
    states.POSTING: ("Being posted", "blue"),
    states.POSTED: ("Posted", "green"),
}
OUTCOMES: Mapping[str, tuple[str, str]] = {
    states.POST: ("Post", "green"),
    states.PARK: ("Suspense", "yellow"),
    states.REJECT: ("Rejected", "red"),
}
_ACTS: Mapping[str, str] = {
    "imports.receive": "Received",
    "imports.read_again": "Rules applied again",
    "imports.discard": "Discarded",
    "imports.post": "Posting started",
    "imports.finish": "Posted",
}


class Choice(NamedTuple):
    """One link that narrows the lines shown."""

    text: str
    line_count: int
    href: str
    is_current: bool


class Statement(NamedTuple):
    """The reconciliation: the parts, their sum, and whether each total agrees with it.

    `declared_pence` is None when the file says nothing of its own total.
    """

    parts: tuple[Part, Part, Part]
    line_count: int
    pence: int
    declared_pence: int | None
    agrees: bool


def statement(found: Preview) -> Statement:
    """Post + suspense + rejected against what was read, and against what the file declares."""
    file = found.file
    parts = _posted_parts(file) if file.state == states.POSTED else found.parts
    count = sum(part.line_count for part in parts)
    pence = sum(part.pence for part in parts)
    agrees = (
        (count, pence) == (file.row_count, file.total_pence)
        and file.declared_pence in (None, file.total_pence)
    )  # fmt: skip
    return Statement(parts, count, pence, file.declared_pence, agrees)


def _posted_parts(file: ImportFile) -> tuple[Part, Part, Part]:
    return (
        Part(states.POST, file.posted_count, file.posted_pence),
        Part(states.PARK, file.parked_count, file.parked_pence),
        Part(states.REJECT, file.rejected_count, file.rejected_pence),
    )


def choices(request: HttpRequest, found: Preview, shown: str) -> list[Choice]:
    """The links to all lines, and to those of each outcome, with their numbers."""
    everything = sum(part.line_count for part in found.parts)
    options = [("", "All", everything)] + [
        (part.outcome, OUTCOMES[part.outcome][0], part.line_count) for part in found.parts
    ]
    start = {AFTER: None, BEFORE: None, "rule": None}
    return [
        Choice(text, count, with_query(request.GET, show=code or None, **start), code == shown)
        for code, text, count in options
    ]


def history(events: list[AuditEvent]) -> list[dict[str, Any]]:
    """What was done to an import, in words."""
    return [
        {
            "title": _ACTS.get(event.act, event.act),
            "at": event.at,
            "by": event.actor_name,
            "text": event.reason,
        }
        for event in events
    ]
