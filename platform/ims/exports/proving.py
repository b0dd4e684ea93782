"""Proof that a stored file is the one that was made and comes to what the ledger says."""

from __future__ import annotations

import hashlib
from typing import BinaryIO

from ims.exports.errors import StoredFileChanged, TotalsDisagree
from ims.exports.layout import Layout
from ims.exports.lines import LedgerTotals
from ims.exports.models import ExportRun
from ims.exports.rows import Totals
from ims.exports.writers.adding import differences
from ims.exports.writers.reading import read_totals
from ims_kernel import files
from ims_kernel.money import format_pounds

_READ = 1024 * 1024


def prove_file(layout: Layout, path: str, *, written: Totals, ledger: LedgerTotals) -> None:
    """Read a file back and compare it with what was written and with the ledger.

    Raises FileUnreadable or TotalsDisagree.
    """
    with files.open_stored(path) as stream:
        found = read_totals(layout, stream, contra_count=written.contra_count)
    wrong = differences(written, found)
    if found.net_pence != ledger.net_pence:
        wrong.append(
            f"the ledger has {format_pounds(ledger.net_pence)}, "
            f"the file {format_pounds(found.net_pence)}"
        )
    if layout.contra is not None and found.debit_pence != found.credit_pence:
        wrong.append(
            f"debits of {format_pounds(found.debit_pence)} do not equal "
            f"credits of {format_pounds(found.credit_pence)}"
        )
    if wrong:
        raise TotalsDisagree(
            f"The file does not add up to the ledger: {'; '.join(wrong)}. It must not be sent. "
            "Make it again, and call support if it happens twice.",
            differences=wrong,
        )


def prove_ledger(run: ExportRun, ledger: LedgerTotals) -> None:
    """Raise TotalsDisagree when the lines a run holds are not those it was made of."""
    said = (run.line_count, run.net_pence, run.through_line_id)
    if said != (ledger.line_count, ledger.net_pence, ledger.through_line_id):
        raise TotalsDisagree(
            f"{run.reference} was made of {run.line_count:,} lines of "
            f"{format_pounds(run.net_pence)}, but it now holds {ledger.line_count:,} lines of "
            f"{format_pounds(ledger.net_pence)}. Do not send it. Call support.",
            run=run.pk,
        )


def open_unchanged(run: ExportRun) -> BinaryIO:
    """The file of a run, open at its start, after reading it once to check its SHA-256.

    Raises StoredFileChanged, or FileMissing.
    """
    stream = files.open_stored(run.storage_path)
    digest = hashlib.sha256()
    while chunk := stream.read(_READ):
        digest.update(chunk)
    if digest.hexdigest() != run.sha256:
        stream.close()
        raise StoredFileChanged(
            f"The stored file of {run.reference} is not the one that was made. "
            "Do not use it. Call support, who can restore it from the backup.",
            run=run.pk,
        )
    stream.seek(0)
    return stream


def totals_of(run: ExportRun) -> Totals:
    """The totals a run recorded of its file."""
    return Totals(
        record_count=run.record_count,
        contra_count=run.contra_count,
        debit_pence=run.debit_pence,
        credit_pence=run.credit_pence,
        net_pence=run.net_pence,
        contra_pence=run.contra_pence,
        hash_total=run.hash_total,
    )
