"""Making a ledger file, and saying what became of it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, BinaryIO

from django.db import transaction

from ims.exports import lines, proving, selectors
from ims.exports.errors import (
    CellUnwritable,
    FileUnreadable,
    NothingToExport,
    ReasonMissing,
    RunUnderWay,
    TotalsDisagree,
)
from ims.exports.layout import Layout
from ims.exports.layout_reading import read_layout
from ims.exports.models import ExportLayout, ExportRun
from ims.exports.rows import RunFacts
from ims.exports.states import RELEASED, Event, State, after
from ims.exports.writers.writing import LedgerFile
from ims_kernel import files, locks
from ims_kernel.audit.services import Subject, record
from ims_kernel.clock import LONDON
from ims_kernel.identity.permissions import Actor
from ims_tenants import current


def run(layout_code: str, *, actor: Actor, at: datetime, up_to: date | None = None) -> ExportRun:
    """Make the next file: every ledger line that has not left, up to an effective date if given.

    The file is read back and must come to what the ledger says before the run is ready. Lines leave
    once however many people press at once. Raises LayoutNotFound, LayoutInvalid, NothingToExport,
    RunUnderWay; and CellUnwritable, FileUnreadable or TotalsDisagree, after which a failed run with
    the reason is kept and no line has left.
    """
    actor.require("exports.run")
    chosen = selectors.get_layout(layout_code)
    layout = read_layout(chosen.definition)
    begun = _new(chosen, actor, at)
    begun.up_to_on = up_to
    try:
        with transaction.atomic():
            return _make(begun, layout, actor=actor, at=at)
    except (CellUnwritable, FileUnreadable, TotalsDisagree) as error:
        _keep_failure(_new(chosen, actor, at), error.message, actor=actor, at=at)
        raise


def _new(layout: ExportLayout, actor: Actor, at: datetime) -> ExportRun:
    return ExportRun(
        layout=layout,
        layout_version=layout.version,
        definition=layout.definition,
        feed=layout.feed,
        created_at=at,
        created_by=actor.name[:100],
    )


def _make(begun: ExportRun, layout: Layout, *, actor: Actor, at: datetime) -> ExportRun:
    _lock(begun.feed)
    begun.save()
    if not lines.claim(begun):
        raise NothingToExport(
            "There is nothing to send: every line of the ledger is in a file already. "
            "Look at the newest files in the list."
        )
    ledger = lines.totals(begun)
    facts = RunFacts(
        council=current.council().name,
        run_reference=begun.reference,
        created_on=at.astimezone(LONDON).date(),
        line_count=ledger.line_count,
        net_pence=ledger.net_pence,
    )
    file = LedgerFile(layout, facts)
    with closing(lines.stream(begun, layout)) as batches:
        stored = files.save("exports", file.chunks_of(batches))
    try:
        proving.prove_file(layout, stored.path, written=file.totals, ledger=ledger)
        _store_figures(begun, ledger=ledger, file=file, stored=stored)
        record(
            actor, "exports.run", Subject("export", begun.pk), at=at, layout=layout.code,
            lines=ledger.line_count, net_pence=ledger.net_pence, sha256=stored.sha256,
        )  # fmt: skip
    except Exception:
        files.delete(stored.path)
        raise
    return begun


def _lock(feed: str) -> None:
    """Hold the feed until the transaction ends. Raises RunUnderWay when somebody else does."""
    if not locks.try_hold(f"exports:{feed}"):
        raise RunUnderWay(
            "Somebody is making a ledger file now. Wait until it is in the list, then try again."
        )


def _store_figures(
    made: ExportRun, *, ledger: lines.LedgerTotals, file: LedgerFile, stored: files.StoredFile
) -> None:
    values: dict[str, Any] = {
        **asdict(file.totals),
        **ledger._asdict(),
        "state": after(State(made.state), Event.FINISH),
        "file_name": f"{file.layout.code}-{made.reference}.{file.layout.extension}",
        "storage_path": stored.path,
        "sha256": stored.sha256,
        "size": stored.size,
    }
    for name, value in values.items():
        setattr(made, name, value)
    made.save(update_fields=list(values))


def _keep_failure(failed: ExportRun, reason: str, *, actor: Actor, at: datetime) -> None:
    with transaction.atomic():
        failed.state = after(State(failed.state), Event.FAIL)
        failed.reason = reason[:500]
        failed.ended_at, failed.ended_by = at, actor.name[:100]
        failed.save()
        record(actor, "exports.fail", Subject("export", failed.pk), at=at, reason=reason[:500])


def mark_sent(run_id: int, *, actor: Actor, at: datetime) -> ExportRun:
    """Say that the file has gone to the finance system, after proving it once more.

    Raises RunInOtherState, StoredFileChanged, FileUnreadable or TotalsDisagree.
    """
    actor.require("exports.run")
    with transaction.atomic():
        found = _locked(run_id)
        found.state = after(State(found.state), Event.SEND)
        ledger = lines.totals(found)
        proving.prove_ledger(found, ledger)
        proving.open_unchanged(found).close()
        proving.prove_file(
            read_layout(found.definition),
            found.storage_path,
            written=proving.totals_of(found),
            ledger=ledger,
        )
        found.sent_at, found.sent_by = at, actor.name[:100]
        found.save(update_fields=["state", "sent_at", "sent_by"])
        record(actor, "exports.send", Subject("export", run_id), at=at, sha256=found.sha256)
    return found


def accept(run_id: int, *, actor: Actor, at: datetime) -> ExportRun:
    """Say that the finance system took the file. Its lines never leave again."""
    return _end(run_id, Event.ACCEPT, reason="", actor=actor, at=at)


def reject(run_id: int, *, reason: str, actor: Actor, at: datetime) -> ExportRun:
    """Say that the finance system refused the file, or withdraw it before it is sent.

    Its lines go into the next file. Raises ReasonMissing or RunInOtherState.
    """
    if not reason.strip():
        raise ReasonMissing("Enter why the file was rejected. The next person needs to know.")
    return _end(run_id, Event.REJECT, reason=reason.strip(), actor=actor, at=at)


def _end(run_id: int, event: Event, *, reason: str, actor: Actor, at: datetime) -> ExportRun:
    actor.require("exports.run")
    with transaction.atomic():
        found = _locked(run_id)
        found.state = after(State(found.state), event)
        found.reason = reason[:500]
        found.ended_at, found.ended_by = at, actor.name[:100]
        found.save(update_fields=["state", "reason", "ended_at", "ended_by"])
        if found.state in RELEASED:
            lines.release(found)
        record(actor, f"exports.{event}", Subject("export", run_id), at=at, reason=reason[:500])
    return found


def open_file(run_id: int, *, actor: Actor, at: datetime) -> tuple[ExportRun, BinaryIO]:
    """The file of a run, open for reading: the same bytes every time. The caller closes it.

    Raises RunNotFound, FileMissing for a run that has no file, StoredFileChanged.
    """
    actor.require("exports.view")
    found = selectors.get_run(run_id)
    stream = proving.open_unchanged(found)
    record(actor, "exports.download", Subject("export", run_id), at=at, sha256=found.sha256)
    return found, stream


def save_layout(definition: dict[str, Any], *, actor: Actor, at: datetime) -> ExportLayout:
    """Store a layout, new or changed. Files already made keep the definition they were made by.

    Raises LayoutInvalid with every problem found.
    """
    actor.require("exports.configure")
    layout = read_layout(definition)
    with transaction.atomic():
        stored, is_new = ExportLayout.objects.select_for_update().get_or_create(
            code=layout.code, defaults={"name": layout.name, "definition": definition}
        )
        if not is_new and stored.definition != definition:
            stored.name, stored.definition = layout.name, definition
            stored.version += 1
            stored.save(update_fields=["name", "definition", "version"])
        record(
            actor, "exports.save_layout", Subject("export_layout", layout.code), at=at,
            version=stored.version,
        )  # fmt: skip
    return stored


def _locked(run_id: int) -> ExportRun:
    selectors.get_run(run_id)
    return ExportRun.objects.select_for_update().get(pk=run_id)
