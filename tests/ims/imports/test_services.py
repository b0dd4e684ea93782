"""A file from the desk to the ledger: received, read, previewed, posted, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from ims.funds.models import Fund, VatRate
from ims.imports import selectors, states
from ims.imports.errors import (
    AlreadyReceived,
    ImportDoesNotAddUp,
    ImportNotFound,
    ImportStepRefused,
    ProfileNotFound,
    RulesChanged,
)
from ims.imports.models import ImportFile, ImportProfile, ImportRule
from ims.imports.posting import post_file
from ims.imports.reading import read_file
from ims.imports.services import discard, read_again, receive, request_post
from ims.ledger.models import Entry, Period
from ims.ledger.periods import close_period
from ims.receipts.models import Receipt
from ims_kernel.audit.selectors import history_of
from ims_kernel.errors import NotAllowed
from ims_kernel.files import FileMissing, FileTooLarge, open_stored
from ims_kernel.identity.permissions import Actor
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.bank_files import csv_file, many_rows, read, received, row, upload
from tests.factories.drafts import AT, TESTER, counts, problems
from tests.factories.threads import at_once

NOBODY = Actor("Nobody")
# Two posted, one parked, one rejected.
ROWS = (
    row("100.00", "770000001"),
    row("-30.00", "TW00001"),
    row("5.50", "WHO KNOWS", "JONES"),
    row("1.005", "770000001"),
)


def post(found: ImportFile) -> ImportFile:
    request_post(found.pk, actor=TESTER, at=AT, post_later=False)
    return post_file(found.pk, clock=lambda: AT)


def stored_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_read_previewed_and_posted_to_the_penny(council: Council) -> None:
    found = read(csv_file(*ROWS))
    assert (found.state, found.refusal, found.row_count, found.total_pence) == (
        states.READY,
        "",
        4,
        7_550,
    )
    assert Entry.objects.count() == 0
    rows = list(selectors.rows(found.pk))
    assert [(r.line_number, r.outcome, r.fund_code, r.account_reference) for r in rows] == [
        (2, "post", "CT", "770000001"),
        (3, "post", "TW", "TW00001"),
        (4, "park", "", ""),
        (5, "reject", "", ""),
    ]
    names = selectors.rules_by_id()
    assert [names[r.rule_id].name if r.rule_id else None for r in rows] == [
        "Council Tax by account number",
        "Trade waste by reference",
        None,
        None,
    ]
    assert rows[2].reason == "No rule recognises this line."
    assert rows[3].reason == ("“1.005” is not an amount. Write pounds and pence, like 1234.50.")
    assert selectors.outcome_totals(found.pk) == {
        "post": (2, 7_000),
        "park": (1, 550),
        "reject": (1, 0),
    }
    done = post(found)
    assert (done.state, done.posted_count, done.posted_pence) == (states.POSTED, 2, 7_000)
    assert (done.parked_count, done.parked_pence) == (1, 550)
    assert (done.rejected_count, done.rejected_pence) == (1, 0)
    kept = Receipt.objects.order_by("line_number").values_list("import_file_id", "line_number")
    assert list(kept) == [(found.pk, 1), (found.pk, 2), (found.pk, 3)]
    assert [event.act for event in history_of("import", found.pk)] == [
        "imports.finish",
        "imports.post",
        "imports.receive",
    ]
    assert problems() == []


@pytest.mark.parametrize("chunk", [1, 2, 3, 4, 100])
def test_chunks_of_any_size_post_the_same(council: Council, chunk: int) -> None:
    found = read(csv_file(*ROWS))
    request_post(found.pk, actor=TESTER, at=AT, post_later=False)
    done = post_file(found.pk, clock=lambda: AT, chunk_rows=chunk)
    assert (done.posted_pence, done.parked_pence, done.done_through) == (7_000, 550, 4)
    assert post_file(found.pk, clock=lambda: AT).posted_pence == 7_000
    assert problems() == []


# --- the same file twice -------------------------------------------------------------------------
@pytest.mark.parametrize("state", [states.RECEIVED, states.READY, states.POSTING, states.POSTED])
def test_the_same_bytes_are_received_once_under_whatever_name(
    council: Council, own_files: Path, state: str
) -> None:
    first = received(csv_file(*ROWS), "Monday.csv")
    ImportFile.objects.filter(pk=first.pk).update(state=state)
    before, kept = counts(), stored_files(own_files)
    with pytest.raises(AlreadyReceived) as refused:
        received(csv_file(*ROWS), "Other name.csv")
    assert refused.value.message == (
        f"This file was received on 20 November 2026 as Monday.csv. It is {states.WORDS[state]}. "
        "Nothing was imported twice."
    )
    assert counts() == before
    assert stored_files(own_files) == kept


@pytest.mark.parametrize(
    "saved_again",
    [
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"\n", b",\n"),
        lambda data: data + b"\n\n",
        lambda data: data.decode().encode("utf-16"),
        lambda data: data + b"Generated 20/11/2026 10:31\n",
    ],
)
def test_the_same_lines_saved_in_another_way_post_once(
    council: Council, saved_again: Callable[[bytes], bytes]
) -> None:
    data = csv_file(*ROWS)
    post(read(data, "Monday.csv"))
    before = Entry.objects.count()
    again = read(saved_again(data), "Again.csv")
    assert (again.state, again.row_count) == (states.REJECTED, 0)
    assert again.refusal == (
        "This file has the same lines as Monday.csv, received on 20 November 2026. Nothing was "
        "imported twice."
    )
    assert not selectors.rows(again.pk).exists()
    with pytest.raises(ImportStepRefused):
        post(again)
    assert Entry.objects.count() == before
    assert problems() == []


def test_a_rejected_or_discarded_file_may_come_again(council: Council) -> None:
    found = read(csv_file(*ROWS))
    discard(found.pk, reason="Wrong day", actor=TESTER, at=AT)
    again = read(csv_file(*ROWS))
    assert again.state == states.READY
    assert post(again).posted_count == 2
    assert selectors.get_import(found.pk).refusal == "Discarded by Test: Wrong day"


def test_files_of_rejected_lines_only_are_no_twins(council: Council) -> None:
    assert read(csv_file(row("x"))).state == states.READY
    assert read(csv_file(row("y"))).state == states.READY


def test_the_neighbour_may_receive_the_same_file_and_cannot_open_ours(
    northmoor: Council, eastshire: Council
) -> None:
    with enter(northmoor):
        ours = received(csv_file(*ROWS))
        with open_stored(ours.stored_path) as stream:
            assert stream.read() == csv_file(*ROWS)
    with enter(eastshire):
        theirs = received(csv_file(*ROWS))
        assert theirs.state == states.RECEIVED
        for path in (ours.stored_path, f"{eastshire.uuid}/../{ours.stored_path}"):
            with pytest.raises(FileMissing):
                open_stored(path)


# --- steps that are refused ----------------------------------------------------------------------
def test_rules_or_funds_changed_after_the_preview_ask_for_a_new_one(council: Council) -> None:
    changes: list[Callable[[], object]] = [
        lambda: ImportRule.objects.filter(order=10).update(is_active=False),
        lambda: ImportRule.objects.filter(order=30).update(order=5),
        lambda: Fund.objects.filter(code="CT").update(account_pattern="x"),
        lambda: Fund.objects.filter(code="TW").update(is_active=False),
    ]
    found = read(csv_file(*ROWS))
    for change in changes:
        change()
        before = counts()
        with pytest.raises(RulesChanged) as refused:
            request_post(found.pk, actor=TESTER, at=AT, post_later=False)
        assert "Choose “Apply the rules again”" in refused.value.message
        assert counts() == before
        assert read_file(found.pk).state == states.READY
    assert selectors.outcome_totals(found.pk) == {"park": (3, 7_550), "reject": (1, 0)}
    assert post(found).parked_pence == 7_550
    assert problems() == []


def test_reading_again_keeps_one_set_of_rows(council: Council) -> None:
    found = read(csv_file(*ROWS))
    once = list(selectors.rows(found.pk).values())
    read_file(found.pk)
    assert list(selectors.rows(found.pk).values()) == once


def test_nobody_posts_a_preview_that_is_about_to_change(council: Council) -> None:
    found = read(csv_file(*ROWS))
    read_again(found.pk, actor=TESTER, at=AT)
    with pytest.raises(ImportStepRefused):
        request_post(found.pk, actor=TESTER, at=AT)


def test_a_file_is_not_discarded_once_it_is_being_posted(council: Council) -> None:
    found = read(csv_file(*ROWS))
    request_post(found.pk, actor=TESTER, at=AT, post_later=False)
    before = counts()
    steps: list[Callable[[], object]] = [
        lambda: discard(found.pk, reason="x", actor=TESTER, at=AT),
        lambda: request_post(found.pk, actor=TESTER, at=AT),
        lambda: read_again(found.pk, actor=TESTER, at=AT),
        lambda: read_file(found.pk),
    ]
    for step in steps:
        with pytest.raises(ImportStepRefused):
            step()
    assert counts() == before
    assert selectors.get_import(found.pk).state == states.POSTING


def test_an_import_or_profile_that_is_not_there(council: Council) -> None:
    before = counts()
    with pytest.raises(ImportNotFound):
        request_post(987_654, actor=TESTER, at=AT)
    with pytest.raises(ImportNotFound):
        discard(987_654, reason="x", actor=TESTER, at=AT)
    with pytest.raises(ProfileNotFound) as refused:
        received(csv_file(*ROWS), profile="nope")
    assert refused.value.message.startswith("There is no import profile “nope”. There are: ")
    assert counts() == before


def test_every_step_needs_its_permission(council: Council, own_files: Path) -> None:
    found = read(csv_file(*ROWS))
    before, kept = counts(), stored_files(own_files)
    steps: list[Callable[[], object]] = [
        lambda: receive(upload(b"x"), actor=NOBODY, at=AT),
        lambda: discard(found.pk, reason="x", actor=NOBODY, at=AT),
        lambda: read_again(found.pk, actor=NOBODY, at=AT),
        lambda: request_post(found.pk, actor=NOBODY, at=AT),
    ]
    for step in steps:
        with pytest.raises(NotAllowed):
            step()
    assert counts() == before
    assert stored_files(own_files) == kept


def test_totals_that_do_not_add_up_stop_the_posting(council: Council) -> None:
    found = read(csv_file(*ROWS))
    ImportFile.objects.filter(pk=found.pk).update(total_pence=7_551)
    with pytest.raises(ImportDoesNotAddUp):
        post(found)
    assert selectors.get_import(found.pk).state == states.POSTING


# --- what the ledger could not take --------------------------------------------------------------
def test_lines_of_days_without_a_period_or_a_rate_are_rejected_while_reading(
    council: Council,
) -> None:
    VatRate.objects.filter(vat_code__code="S").delete()
    found = read(
        csv_file(
            row("1.00", "770000001", on="31/12/2099"),
            row("2.00", "TW00001"),
            row("4.00", "770000001"),
        )
    )
    assert (found.state, found.total_pence, found.rejected_pence) == (states.READY, 700, 300)
    assert [(r.outcome, r.reason) for r in selectors.rows(found.pk)] == [
        (
            "reject",
            "No accounting period is open for 31 December 2099 or later. Open one, then try again.",
        ),
        (
            "reject",
            (
                "VAT code S has no rate for 19 November 2026. Add a rate that starts on or before "
                "that day."
            ),
        ),
        ("post", ""),
    ]
    assert post(found).posted_pence == 400
    assert problems() == []


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        (
            lambda: Fund.objects.filter(code="SUSP").update(purpose="income"),
            "This council has no suspense fund. Add one before taking money.",
        ),
        (
            lambda: ImportProfile.objects.update(method_code="ZZ"),
            "There is no method of payment ZZ.",
        ),
    ],
)
def test_a_council_that_cannot_take_the_money_is_told_before_posting(
    council: Council, spoil: Callable[[], object], refusal: str
) -> None:
    spoil()
    found = read(csv_file(*ROWS))
    assert (found.state, found.refusal) == (states.REJECTED, refusal)
    assert not selectors.rows(found.pk).exists()


def test_a_period_closed_before_posting_moves_the_money_to_the_next(council: Council) -> None:
    found = read(csv_file(*ROWS))
    close_period(year=2026, month=8, actor=TESTER, at=AT)
    assert post(found).state == states.POSTED
    periods = set(Period.objects.filter(line__isnull=False).values_list("starts_on"))
    assert periods == {(date(2026, 12, 1),)}


# --- too large -----------------------------------------------------------------------------------
def test_a_file_over_the_limit_is_refused_while_it_streams(
    council: Council, own_files: Path, settings: Settings
) -> None:
    settings.IMS_MAX_UPLOAD_BYTES = 3 * 1024 * 1024
    sent = 0

    def chunks() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(200):
            sent += 1
            yield b"x" * 1024 * 1024

    before = counts()
    large = upload(b"")
    with pytest.raises(FileTooLarge) as refused:
        receive(type(large)(large.file_name, chunks(), large.profile_code), actor=TESTER, at=AT)
    assert refused.value.message.startswith("The selected file must be smaller than 3MB.")
    assert sent == 4
    assert counts() == before
    assert stored_files(own_files) == []


def test_200_megabytes_are_over_the_limit_that_is_set(council: Council, own_files: Path) -> None:
    piece = b"x" * (4 * 1024 * 1024)
    large = upload(b"")
    with pytest.raises(FileTooLarge, match="smaller than 150MB"):
        receive(
            type(large)(large.file_name, (piece for _ in range(50)), large.profile_code),
            actor=TESTER,
            at=AT,
        )
    assert ImportFile.objects.count() == 0
    assert stored_files(own_files) == []


def test_an_upload_that_breaks_off_leaves_nothing(council: Council, own_files: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"Date,Type\n"
        raise ConnectionResetError

    large = upload(b"")
    with pytest.raises(ConnectionResetError):
        receive(type(large)(large.file_name, chunks(), large.profile_code), actor=TESTER, at=AT)
    assert ImportFile.objects.count() == 0
    assert stored_files(own_files) == []


# --- many people at once -------------------------------------------------------------------------
@pytest.fixture
def real(committed_councils: tuple[Council, Council]) -> Iterator[Council]:
    with enter(committed_councils[0]):
        yield committed_councils[0]


@pytest.mark.committed
def test_people_who_upload_one_file_at_once_have_it_received_once(
    real: Council, own_files: Path
) -> None:
    results = at_once(real, [lambda: received(csv_file(*ROWS))] * 6)
    assert [type(r) for r in results].count(ImportFile) == 1
    assert [type(r) for r in results].count(AlreadyReceived) == 5
    assert ImportFile.objects.count() == 1
    assert len(stored_files(own_files)) == 1


@pytest.mark.committed
def test_people_who_press_post_at_once_post_once(real: Council) -> None:
    found = read(csv_file(*ROWS))

    def press() -> ImportFile:
        return post(found)

    results = at_once(real, [press] * 6)
    assert [type(r) for r in results].count(ImportFile) == 1
    assert [type(r) for r in results].count(ImportStepRefused) == 5
    assert Entry.objects.count() == 3
    assert problems() == []


@pytest.mark.committed
def test_workers_that_post_one_file_at_once_take_each_row_once(real: Council) -> None:
    found = read(b"".join(many_rows(2_000)))
    request_post(found.pk, actor=TESTER, at=AT, post_later=False)
    results = at_once(real, [lambda: post_file(found.pk, clock=lambda: AT, chunk_rows=150)] * 4)
    assert [r.state for r in results if isinstance(r, ImportFile)] == [states.POSTED] * 4
    assert Entry.objects.count() == 2_000 - 40
    done = selectors.get_import(found.pk)
    assert done.posted_count + done.parked_count + done.rejected_count == 2_000
    assert problems() == []


@pytest.mark.committed
def test_twins_that_are_read_at_once_leave_one_to_post(real: Council) -> None:
    data = csv_file(*ROWS)
    one, other = received(data), received(data.replace(b"\n", b"\r\n"))
    results = at_once(real, [lambda: read_file(one.pk), lambda: read_file(other.pk)])
    assert sorted(r.state for r in results if isinstance(r, ImportFile)) == ["ready", "rejected"]


@pytest.mark.committed
def test_a_period_that_closes_while_a_file_is_posted_stops_nothing(real: Council) -> None:
    found = read(b"".join(many_rows(1_500)))
    request_post(found.pk, actor=TESTER, at=AT, post_later=False)

    def work() -> object:
        return post_file(found.pk, clock=lambda: AT, chunk_rows=100)

    def close() -> object:
        return close_period(year=2026, month=8, actor=TESTER, at=AT)

    done, closed = at_once(real, [work, close])
    assert isinstance(done, ImportFile), done
    assert done.state == states.POSTED
    assert isinstance(closed, Period), closed
    assert problems() == []
