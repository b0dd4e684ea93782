"""The audit trail as a CSV file that a spreadsheet opens as it is and never runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ims.backoffice.audit.objects import name_of
from ims.backoffice.downloads import csv_parts
from ims_kernel.audit import acts
from ims_kernel.clock import LONDON
from ims_kernel.spreadsheets import safe_cell

if TYPE_CHECKING:
    from ims_kernel.audit.models import AuditEvent

HEADER = (
    "Event", "When", "Who", "Person number", "On behalf of", "Act", "What was done", "Done to",
    "Kind", "Id", "Reason", "Before", "After", "Facts", "Source", "Network address", "Request",
)  # fmt: skip


def written(events: Iterable[AuditEvent]) -> Iterator[bytes]:
    """The file in parts. Instants are London's, day first, to the second."""
    return csv_parts(HEADER, map(_cells, events))


def _cells(event: AuditEvent) -> tuple[str | int, ...]:
    return (
        event.pk,
        f"{event.at.astimezone(LONDON):%d/%m/%Y %H:%M:%S}",
        safe_cell(event.actor_name),
        "" if event.actor_id is None else event.actor_id,
        safe_cell(event.behalf_name),
        safe_cell(event.act),
        safe_cell(acts.words(event.act)),
        safe_cell(name_of(event.object_kind, event.object_id)),
        safe_cell(event.object_kind),
        safe_cell(event.object_id),
        safe_cell(event.reason),
        _json(event.before),
        _json(event.after),
        _json(event.facts or None),
        safe_cell(event.source),
        event.address or "",
        event.request_id,
    )


def _json(value: Any) -> str:
    """JSON begins with a brace, a bracket or a quote, which no spreadsheet runs."""
    return "" if value is None else safe_cell(json.dumps(value, ensure_ascii=False, sort_keys=True))
