"""Counts and proves a council's books from what is stored, never from what the demo meant to do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet, Sum

from ims.exports import lines as export_lines
from ims.exports import selectors as exports
from ims.exports.models import ExportedLine
from ims.exports.states import RELEASED
from ims.ledger import selectors as ledger
from ims.receipts import selectors as receipts
from ims_config.demo.councils import DemoCouncil
from ims_config.demo.report import CouncilReport, Figures
from ims_config.proof_commands import proofs_of
from ims_tenants import current

if TYPE_CHECKING:
    from ims.exports.models import ExportRun
    from ims.imports.models import ImportFile
    from ims.ledger.models import Line


def measure(council: DemoCouncil, statement: ImportFile, folder: Path) -> CouncilReport:
    """The report of the council at hand, whose import of the day is `statement`."""
    # The bank's own total where the file declares one, else what its lines add up to.
    declared = statement.declared_pence
    received = statement.total_pence if declared is None else declared
    return CouncilReport(
        name=council.name,
        host=council.host,
        statement=statement.file_name,
        received=Figures(statement.row_count, received),
        posted=Figures(statement.posted_count, statement.posted_pence),
        parked=Figures(statement.parked_count, statement.parked_pence),
        rejected=Figures(statement.rejected_count, statement.rejected_pence),
        taken=_added_up(_lines_of(statement)),
        sent=_added_up(_lines_of(statement).filter(pk__in=ExportedLine.objects.values("line_id"))),
        ledger=_added_up(ledger.lines()),
        exported=_exported(),
        files=tuple(str(folder / run.file_name) for run in _sent_runs()),
        proofs=tuple(proofs_of(current.council())),
    )


def _lines_of(statement: ImportFile) -> QuerySet[Line]:
    """What the ledger holds of an import: the lines of its receipts."""
    entries = receipts.receipts().filter(import_file_id=statement.pk).values("entry_id")
    return ledger.lines().filter(entry_id__in=entries)


def _added_up(lines: QuerySet[Line]) -> Figures:
    found = lines.aggregate(count=Count("pk"), pence=Sum("amount_pence"))
    return Figures(found["count"], int(found["pence"] or 0))


def _exported() -> Figures:
    """The ledger lines that files hold, added up in the ledger and not as the files say."""
    total = Figures(0, 0)
    for run in _sent_runs():
        held = export_lines.totals(run)
        total = total.plus(Figures(held.line_count, held.net_pence))
    return total


def _sent_runs() -> list[ExportRun]:
    return list(exports.runs().exclude(state__in=RELEASED).order_by("pk"))
