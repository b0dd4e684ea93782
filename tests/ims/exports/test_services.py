from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from ims.exports import lines, proving, selectors, services
from ims.exports.errors import (
    CellUnwritable,
    LayoutInvalid,
    LayoutNotFound,
    NothingToExport,
    ReasonMissing,
    RunInOtherState,
    RunNotFound,
    StoredFileChanged,
    TotalsDisagree,
)
from ims.exports.layout_reading import read_layout
from ims.exports.models import ExportedLine, ExportLayout, ExportRun
from ims.exports.states import State
from ims.funds.models import MethodOfPayment
from ims_kernel import clock, files
from ims_kernel.audit.models import AuditEvent
from ims_kernel.errors import NotAllowed
from ims_kernel.files import FileMissing
from ims_kernel.identity.permissions import Actor
from ims_kernel.references import encode
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.ims.exports.posting import draft, post_a_little, post_income

AT = clock.now()
TOTAL = 12_050 + 600 + 100_000 + 500


def make(actor: Actor, layout: str = "fixed-ledger", **more: Any) -> ExportRun:
    return services.run(layout, actor=actor, at=AT, **more)


def text_of(run: ExportRun, actor: Actor) -> str:
    _, stream = services.open_file(run.pk, actor=actor, at=AT)
    with stream:
        return stream.read().decode()


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_run_takes_every_line_and_agrees_with_the_ledger(council: Council, actor: Actor) -> None:
    post_a_little()
    run = make(actor)
    assert run.state == State.READY
    assert (run.line_count, run.net_pence) == (4, TOTAL)
    assert (run.record_count, run.contra_count) == (7, 3)
    assert run.debit_pence == run.credit_pence == TOTAL
    assert run.contra_pence == -TOTAL
    assert (run.first_on, run.last_on) == (date(2026, 8, 3), date(2026, 8, 4))
    assert run.file_name == f"fixed-ledger-{run.reference}.txt"
    assert ExportedLine.objects.filter(run=run).count() == 4
    assert selectors.waiting() == selectors.Waiting(0, 0)
    text = text_of(run, actor)
    assert text.startswith(f"10{council.name:40}{run.reference:12}")
    assert text.count("\r\n") == 1 + 7 + 1


def test_the_journal_adds_the_lines_up_and_balances(council: Council, actor: Actor) -> None:
    post_a_little()
    post_income(draft(1_000))
    run = make(actor, "general-journal")
    rows = [line.split(",") for line in text_of(run, actor).splitlines()]
    assert rows[0][4:] == ["5", "1141.50"]
    lines_ = [row for row in rows if row[0] == "J"]
    assert [(row[1], row[2], row[5], row[9]) for row in lines_] == [
        ("C1000", "03/08/2026", "BANK", "1000.00"),
        ("C1000", "03/08/2026", "CARD", "130.50"),
        ("C1000", "04/08/2026", "CARD", "5.00"),
        ("W3000", "03/08/2026", "CARD", "6.00"),
    ]
    assert [row[7] for row in lines_] == ["0.00", "0.00", "0.00", "1.00"]
    contras = {(row[1], row[2]): row[8] for row in rows if row[0] == "C"}
    assert contras == {
        ("9100", "03/08/2026"): "1000.00",
        ("9110", "03/08/2026"): "136.50",
        ("9110", "04/08/2026"): "5.00",
    }
    assert rows[-1] == ["T", "7", "1141.50", "1141.50"]
    assert (run.line_count, run.record_count) == (5, 7)


def test_each_line_leaves_once(council: Council, actor: Actor) -> None:
    post_a_little()
    first = make(actor)
    with pytest.raises(NothingToExport, match="every line of the ledger is in a file already"):
        make(actor, "general-journal")
    post_income(draft(777))
    second = make(actor, "general-journal")
    assert (second.line_count, second.net_pence) == (1, 777)
    held = set(ExportedLine.objects.values_list("line_id", "run_id"))
    assert len(held) == 5
    assert {run for _, run in held} == {first.pk, second.pk}


def test_nothing_is_kept_of_a_run_that_had_nothing(
    council: Council, actor: Actor, own_files: Path
) -> None:
    with pytest.raises(NothingToExport):
        make(actor)
    assert not ExportRun.objects.exists()
    assert not stored(own_files)


def test_lines_after_the_day_wait_for_the_next_run(council: Council, actor: Actor) -> None:
    post_a_little()
    run = make(actor, up_to=date(2026, 8, 3))
    assert (run.line_count, run.net_pence, run.up_to_on) == (3, TOTAL - 500, date(2026, 8, 3))
    assert selectors.waiting() == selectors.Waiting(1, 500)
    assert make(actor).net_pence == 500


def test_a_rejected_run_gives_its_lines_back(council: Council, actor: Actor) -> None:
    post_a_little()
    first = make(actor)
    before = text_of(first, actor)
    services.mark_sent(first.pk, actor=actor, at=AT)
    rejected = services.reject(first.pk, reason=" Period closed. ", actor=actor, at=AT)
    assert (rejected.state, rejected.reason) == (State.REJECTED, "Period closed.")
    assert rejected.ended_by == "Test"
    assert selectors.waiting() == selectors.Waiting(4, TOTAL)
    second = make(actor)
    assert second.line_count == 4
    assert text_of(rejected, actor) == before


def test_an_accepted_run_keeps_its_lines_for_ever(council: Council, actor: Actor) -> None:
    post_a_little()
    run = make(actor)
    services.mark_sent(run.pk, actor=actor, at=AT)
    assert services.accept(run.pk, actor=actor, at=AT).state == State.ACCEPTED
    with pytest.raises(RunInOtherState, match="“accepted”, so it cannot be rejected"):
        services.reject(run.pk, reason="Too late.", actor=actor, at=AT)
    assert ExportedLine.objects.filter(run=run).count() == 4


def test_a_run_that_was_not_sent_cannot_be_accepted(council: Council, actor: Actor) -> None:
    post_a_little()
    run = make(actor)
    with pytest.raises(RunInOtherState, match="“ready to send”, so it cannot be marked as accept"):
        services.accept(run.pk, actor=actor, at=AT)
    assert selectors.get_run(run.pk).state == State.READY


def test_a_rejection_needs_a_reason(council: Council, actor: Actor) -> None:
    post_a_little()
    run = make(actor)
    with pytest.raises(ReasonMissing):
        services.reject(run.pk, reason="  ", actor=actor, at=AT)
    assert selectors.get_run(run.pk).state == State.READY


def test_a_download_is_the_same_to_the_byte_after_everything_changed(
    council: Council, actor: Actor
) -> None:
    post_a_little()
    run = make(actor)
    before = text_of(run, actor)
    assert hashlib.sha256(before.encode()).hexdigest() == run.sha256
    post_income(draft(999))
    MethodOfPayment.objects.filter(code="CARD").update(control_code="8888")
    definition = dict(ExportLayout.objects.get(code="fixed-ledger").definition)
    definition["line_ending"] = "lf"
    assert services.save_layout(definition, actor=actor, at=AT).version == 2
    assert text_of(run, actor) == before
    assert selectors.get_run(run.pk).definition["line_ending"] == "crlf"


def change_a_byte(folder: Path) -> None:
    (path,) = stored(folder)
    data = bytearray(path.read_bytes())
    data[200] ^= 1
    path.write_bytes(data)


def test_a_changed_file_is_neither_given_out_nor_sent(
    council: Council, actor: Actor, own_files: Path
) -> None:
    post_a_little()
    run = make(actor)
    change_a_byte(own_files)
    with pytest.raises(StoredFileChanged, match="is not the one that was made"):
        services.open_file(run.pk, actor=actor, at=AT)
    with pytest.raises(StoredFileChanged):
        services.mark_sent(run.pk, actor=actor, at=AT)
    assert selectors.get_run(run.pk).state == State.READY


def test_a_run_that_lost_a_line_is_not_sent(council: Council, actor: Actor) -> None:
    post_a_little()
    run = make(actor)
    ExportedLine.objects.filter(line_id=run.through_line_id).delete()
    with pytest.raises(TotalsDisagree, match=r"made of 4 lines of £1,131.50, but it now holds 3"):
        services.mark_sent(run.pk, actor=actor, at=AT)
    assert selectors.get_run(run.pk).state == State.READY


def test_a_file_that_does_not_come_to_the_ledger_is_refused(
    council: Council, actor: Actor, own_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_a_little()
    real = lines.stream

    def one_line_short(*args: Any) -> Any:
        for batch in real(*args):
            yield [column[:-1] for column in batch]

    monkeypatch.setattr(lines, "stream", one_line_short)
    with pytest.raises(TotalsDisagree, match=r"4 lines of £1,131.50 to send, but 3 lines"):
        make(actor)
    (failed,) = ExportRun.objects.all()
    assert (failed.state, failed.line_count) == (State.FAILED, 0)
    assert "4 lines of £1,131.50" in failed.reason
    assert selectors.waiting() == selectors.Waiting(4, TOTAL)
    assert not stored(own_files)


def test_a_file_that_reads_back_otherwise_is_refused(
    council: Council, actor: Actor, own_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_a_little()
    real = files.save

    def spoilt(folder: str, chunks: Any) -> Any:
        data = b"".join(chunks).replace(b"-00000000012050", b"-00000000012051")
        return real(folder, [data])

    monkeypatch.setattr(files, "save", spoilt)
    with pytest.raises(TotalsDisagree, match="The trailer says"):
        make(actor)
    assert ExportRun.objects.get().state == State.FAILED
    assert not ExportedLine.objects.exists()
    assert not stored(own_files)


def test_a_value_that_does_not_fit_fails_the_run_and_keeps_the_lines(
    council: Council, actor: Actor, own_files: Path
) -> None:
    post_a_little()
    MethodOfPayment.objects.filter(code="BANK").update(control_code="B" * 30)
    with pytest.raises(CellUnwritable, match=r"“Ledger code” is 30 characters long"):
        make(actor)
    failed = ExportRun.objects.get()
    assert failed.state == State.FAILED
    assert selectors.waiting() == selectors.Waiting(4, TOTAL)
    assert not stored(own_files)
    MethodOfPayment.objects.filter(code="BANK").update(control_code="9100")
    assert make(actor).line_count == 4


def test_a_run_that_stops_half_way_leaves_the_connection_usable(
    council: Council, actor: Actor, own_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "_FETCHED", 5)
    post_income(*(draft(100 + n) for n in range(40)))
    narrow = {"heading": "Pounds", "source": "amount_pence", "width": 4}
    plain = {"code": "plain", "name": "Plain", "kind": "delimited", "columns": [narrow]}
    services.save_layout(plain, actor=actor, at=AT)
    with pytest.raises(CellUnwritable, match=r"Record 1 "):
        make(actor, "plain")
    assert ExportRun.objects.get().state == State.FAILED
    assert selectors.waiting().line_count == 40
    assert make(actor).line_count == 40


def test_a_summary_by_receipt_shows_its_number(council: Council, actor: Actor) -> None:
    ids = post_a_little()
    services.save_layout(
        {
            "code": "receipts", "name": "Receipts", "kind": "delimited", "grain": "summary",
            "group_by": ["entry_reference"], "headings": False,
            "columns": [
                {"heading": "Receipt", "source": "entry_reference"},
                {"heading": "Lines", "source": "line_count"},
                {"heading": "Pence", "source": "amount_pence", "format": "pence"},
            ],
        },
        actor=actor, at=AT,
    )  # fmt: skip
    assert text_of(make(actor, "receipts"), actor).splitlines() == [
        f"{encode(ids[0])},1,-12050",
        f"{encode(ids[1])},1,-600",
        f"{encode(ids[2])},1,-100000",
        f"{encode(ids[3])},1,-500",
    ]


def test_a_large_run_is_planned_with_statistics(
    council: Council, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "_MANY", 3)
    post_a_little()
    assert make(actor).line_count == 4
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples FROM pg_class WHERE oid = %s::regclass", ["exports_exportedline"]
        )
        assert cursor.fetchone() == (4.0,)


def test_each_way_a_file_can_be_wrong_is_said(
    council: Council, actor: Actor, own_files: Path
) -> None:
    post_a_little()
    run = make(actor)
    layout = read_layout(run.definition)
    ledger, written = lines.totals(run), proving.totals_of(run)

    def prove(**changes: Any) -> None:
        given: dict[str, Any] = {"written": written, "ledger": ledger, **changes}
        proving.prove_file(given.pop("layout", layout), run.storage_path, **given)

    prove()
    with pytest.raises(TotalsDisagree, match="8 records expected, 7 found"):
        prove(written=replace(written, record_count=8))
    with pytest.raises(TotalsDisagree, match=r"ledger has £1,131\.51, the file £1,131\.50"):
        prove(ledger=ledger._replace(net_pence=TOTAL + 1))
    plain = {
        "code": "plain", "name": "Plain", "kind": "delimited",
        "columns": [
            {"heading": "Code", "source": "ledger_code"},
            {"heading": "Amount", "source": "amount_pence"},
        ],
    }  # fmt: skip
    services.save_layout(plain, actor=actor, at=AT)
    services.reject(run.pk, reason="Again.", actor=actor, at=AT)
    run = make(actor, "plain")
    unbalanced = read_layout({**plain, "contra": {"group_by": ["method_ledger_code"]}})
    with pytest.raises(TotalsDisagree, match=r"debits of £0\.00 do not equal credits of £1,131"):
        prove(layout=unbalanced, written=proving.totals_of(run))


def test_every_act_is_in_the_audit(council: Council, actor: Actor) -> None:
    post_a_little()
    run = make(actor)
    text_of(run, actor)
    services.mark_sent(run.pk, actor=actor, at=AT)
    services.reject(run.pk, reason="Wrong period.", actor=actor, at=AT)
    acts = AuditEvent.objects.filter(object_kind="export").order_by("pk")
    assert [act.act for act in acts] == [
        "exports.run", "exports.download", "exports.send", "exports.reject",
    ]  # fmt: skip
    assert {act.object_id for act in acts} == {str(run.pk)}


NOBODY = Actor("Nobody")
VIEWER = Actor("Viewer", permissions=frozenset({"exports.view"}))


def test_each_act_needs_its_permission(council: Council, actor: Actor) -> None:
    post_a_little()
    run = make(actor)
    calls: list[Callable[[], object]] = [
        lambda: make(VIEWER),
        lambda: services.mark_sent(run.pk, actor=VIEWER, at=AT),
        lambda: services.accept(run.pk, actor=VIEWER, at=AT),
        lambda: services.reject(run.pk, reason="x", actor=VIEWER, at=AT),
        lambda: services.open_file(run.pk, actor=NOBODY, at=AT),
        lambda: services.save_layout({}, actor=VIEWER, at=AT),
    ]
    for call in calls:
        with pytest.raises(NotAllowed):
            call()
    assert selectors.get_run(run.pk).state == State.READY
    assert text_of(run, VIEWER)


def test_what_is_not_there_is_said(council: Council, actor: Actor) -> None:
    with pytest.raises(LayoutNotFound, match="There are: fixed-ledger, general-journal"):
        make(actor, "sap")
    with pytest.raises(RunNotFound):
        selectors.get_run(99)
    with pytest.raises(RunNotFound):
        services.mark_sent(99, actor=actor, at=AT)


def test_another_councils_run_and_file_are_not_there(
    council: Council, eastshire: Council, actor: Actor
) -> None:
    post_a_little()
    run = make(actor)
    with enter(eastshire):
        with pytest.raises(RunNotFound):
            services.open_file(run.pk, actor=actor, at=AT)
        with pytest.raises(FileMissing):
            proving.open_unchanged(run)


def test_a_layout_is_stored_only_when_it_can_be_used(council: Council, actor: Actor) -> None:
    with pytest.raises(LayoutInvalid):
        services.save_layout({"code": "bad"}, actor=actor, at=AT)
    definition: dict[str, Any] = {
        "code": "plain", "name": "Plain", "kind": "delimited",
        "columns": [{"heading": "Amount", "source": "amount_pence"}],
    }  # fmt: skip
    assert services.save_layout(definition, actor=actor, at=AT).version == 1
    assert services.save_layout(definition, actor=actor, at=AT).version == 1
    post_a_little()
    assert text_of(make(actor, "plain"), actor).splitlines() == [
        "Amount", "-120.50", "-6.00", "-1000.00", "-5.00",
    ]  # fmt: skip


def test_lists(council: Council, actor: Actor) -> None:
    assert [layout.code for layout in selectors.list_layouts()] == [
        "general-journal", "fixed-ledger",
    ]  # fmt: skip
    post_a_little()
    first = make(actor)
    post_income(draft(1))
    second = make(actor)
    assert selectors.list_runs() == [second, first]
    assert selectors.list_runs(limit=1) == [second]
    assert selectors.run_of_line(first.through_line_id) == first
    assert selectors.run_of_line(-1) is None
    assert str(first) == f"{first.reference}: 4 lines, £1,131.50"
