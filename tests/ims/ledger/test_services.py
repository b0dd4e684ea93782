"""Posting, finding what was posted, reversing, and periods."""

from __future__ import annotations

import uuid
from datetime import date
from itertools import pairwise

import pytest
from django.db import connection, transaction

from ims.ledger.entries import EntryDraft, Kind
from ims.ledger.errors import (
    AlreadyReversed,
    EntryNotFound,
    EntryUnbalanced,
    PeriodClosed,
    SameKeyOtherContent,
    WrongCouncil,
)
from ims.ledger.models import Entry, Line, Marker, Period
from ims.ledger.periods import PeriodFinder, close_period, ensure_periods, financial_month
from ims.ledger.services import find_posted, post, reverse
from ims_kernel import clock
from ims_kernel.audit.selectors import history_of
from ims_kernel.errors import NotAllowed
from ims_kernel.identity.permissions import Actor
from ims_kernel.scope import tenant_connection
from ims_tenants.current import enter, public
from ims_tenants.errors import NotInACouncil
from ims_tenants.models import Council
from tests.factories.drafts import AT, ON, TESTER, counts, entry, line, posted, problems

NOBODY = Actor("Nobody")


def test_what_is_posted_is_what_was_drafted(council: Council) -> None:
    entry_id = posted(line(12_000, "TW", "TW00001"), line(-3_000, "CT"))
    made = Entry.objects.get(pk=entry_id)
    assert (made.kind, made.total_pence, made.line_count, made.actor_name) == (
        "receipt",
        9_000,
        2,
        "Test",
    )
    first, second = Line.objects.filter(entry_id=entry_id).order_by("position")
    assert (first.position, first.amount_pence, first.vat_basis_points, first.vat_pence) == (
        1,
        12_000,
        2_000,
        2_000,
    )
    assert (second.position, second.amount_pence, second.vat_pence) == (2, -3_000, 0)
    assert (first.received_on, first.effective_on, first.posted_at) == (ON, ON, AT)
    assert first.period.starts_on == date(2026, 11, 1)
    assert problems() == []


def test_posting_outside_a_transaction_is_refused(
    committed_councils: tuple[Council, Council],
) -> None:
    with enter(committed_councils[0]):
        before = counts()
        with pytest.raises(RuntimeError, match="inside the transaction"):
            post([entry(line(100))], actor=TESTER, at=AT)
        assert counts() == before


def test_posting_outside_a_council_is_refused(council: Council) -> None:
    draft = entry(line(100))
    with public(), pytest.raises(NotInACouncil), transaction.atomic():
        post([draft], actor=TESTER, at=AT)


def test_one_bad_draft_takes_the_others_with_it(council: Council) -> None:
    before = counts()
    drafts = [entry(line(100)), entry(line(100), line(-99), kind=Kind.JOURNAL)]
    with pytest.raises(EntryUnbalanced), transaction.atomic():
        post(drafts, actor=TESTER, at=AT)
    assert counts() == before


def test_a_schema_with_another_councils_marker_takes_nothing(
    council: Council, eastshire: Council
) -> None:
    Marker.objects.update(council_uuid=uuid.uuid4())
    before = counts()
    with pytest.raises(WrongCouncil) as refused:
        posted(line(100))
    assert refused.value.message == (
        f"The schema {council.schema_name} is not marked as the schema of {council.name}. "
        "Nothing was posted. Tell the platform team."
    )
    assert counts() == before


def test_a_connection_that_stands_in_another_councils_schema_takes_nothing(
    council: Council, eastshire: Council
) -> None:
    """As after a mix-up of connections: the council says one thing and the schema another."""
    draft = entry(line(100))
    before = counts()
    tenant_connection().schema_name = eastshire.schema_name
    try:
        with pytest.raises(WrongCouncil), transaction.atomic():
            post([draft], actor=TESTER, at=AT)
    finally:
        tenant_connection().schema_name = council.schema_name
    assert counts() == before


def test_a_search_path_left_by_a_statement_does_not_divert_money(
    council: Council, eastshire: Council
) -> None:
    draft = entry(line(100))
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL search_path = {eastshire.schema_name}")
    (entry_id,) = post([draft], actor=TESTER, at=AT)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {council.schema_name}.ledger_entry")
        assert cursor.fetchall() == [(entry_id,)]


def test_a_schema_without_a_marker_takes_nothing(council: Council) -> None:
    Marker.objects.all().delete()
    with pytest.raises(WrongCouncil):
        posted(line(100))
    assert Entry.objects.count() == 0


def test_a_key_finds_its_entry_and_refuses_other_content(council: Council) -> None:
    draft = entry(line(100), key="K1")
    assert find_posted(draft) is None
    with transaction.atomic():
        (entry_id,) = post([draft], actor=TESTER, at=AT)
    assert find_posted(draft) == entry_id
    assert find_posted(entry(line(100))) is None
    for other in (
        entry(line(101), key="K1"),
        entry(line(100, account="770000002"), key="K1"),
        entry(line(100, "HR", "60000000001"), key="K1"),
        entry(line(100), line(1), key="K1"),
        draft._replace(kind=Kind.REFUND),
    ):
        with pytest.raises(SameKeyOtherContent) as refused:
            find_posted(other)
        assert refused.value.message == (
            "The key K1 was used before for something else. Use a new key."
        )


def test_a_reversal_is_the_exact_opposite_and_points_back(council: Council) -> None:
    entry_id = posted(line(12_000, "TW", "TW00001"), line(250))
    reversal_id = reverse(entry_id, reason="Cheque unpaid", actor=TESTER, at=AT)
    made = Entry.objects.get(pk=reversal_id)
    assert (made.kind, made.corrects_id, made.total_pence, made.narrative) == (
        "reversal",
        entry_id,
        -12_250,
        "Cheque unpaid",
    )
    fields = ("fund_id", "method_id", "account_reference", "vat_code_id", "vat_basis_points")
    ours = Line.objects.filter(entry_id=entry_id).order_by("position")
    theirs = Line.objects.filter(entry_id=reversal_id).order_by("position")
    assert list(ours.values_list(*fields)) == list(theirs.values_list(*fields))
    assert [(-x.amount_pence, -x.vat_pence) for x in ours] == [
        (x.amount_pence, x.vat_pence) for x in theirs
    ]
    for each in ours:
        same = Line.objects.filter(fund=each.fund, account_reference=each.account_reference)
        assert sum(found.amount_pence for found in same) == 0
    (event,) = history_of("entry", entry_id)
    assert (event.act, event.reason, event.actor_name) == (
        "ledger.reverse",
        "Cheque unpaid",
        "Test",
    )
    assert problems() == []


def test_an_entry_is_reversed_once_and_its_reversal_can_be_reversed(council: Council) -> None:
    entry_id = posted(line(100))
    reversal_id = reverse(entry_id, reason="x", actor=TESTER, at=AT)
    before = counts()
    with pytest.raises(AlreadyReversed) as refused:
        reverse(entry_id, reason="x", actor=TESTER, at=AT)
    assert refused.value.message == "This entry was reversed before. See its history."
    assert counts() == before
    again = reverse(reversal_id, reason="It was paid after all", actor=TESTER, at=AT)
    assert Entry.objects.get(pk=again).total_pence == 100


def test_reversing_what_is_not_there_or_without_permission_changes_nothing(
    council: Council,
) -> None:
    entry_id = posted(line(100))
    before = counts()
    with pytest.raises(EntryNotFound):
        reverse(987_654, reason="x", actor=TESTER, at=AT)
    with pytest.raises(NotAllowed) as refused:
        reverse(entry_id, reason="x", actor=NOBODY, at=AT)
    assert refused.value.facts == {"permission": "ledger.reverse"}
    assert counts() == before


def test_a_reason_of_any_length_is_kept_as_far_as_it_fits(council: Council) -> None:
    reversal_id = reverse(posted(line(100)), reason="x" * 600, actor=TESTER, at=AT)
    assert Entry.objects.get(pk=reversal_id).narrative == "x" * 500


@pytest.mark.parametrize(
    ("on", "month"),
    [
        (date(2026, 4, 1), (2026, 1)),
        (date(2026, 12, 31), (2026, 9)),
        (date(2027, 1, 1), (2026, 10)),
        (date(2027, 3, 31), (2026, 12)),
        (date(2027, 4, 1), (2027, 1)),
    ],
)
def test_the_financial_year_starts_on_the_first_of_april(on: date, month: tuple[int, int]) -> None:
    assert financial_month(on) == month


def test_periods_cover_every_day_once_however_often_they_are_ensured(council: Council) -> None:
    before = Period.objects.count()
    ensure_periods(date(2026, 1, 1), date(2027, 12, 31))
    assert Period.objects.count() == before
    periods = list(Period.objects.order_by("starts_on"))
    for one, following in pairwise(periods):
        assert (following.starts_on - one.ends_on).days == 1
    assert periods[0].starts_on <= clock.today() <= periods[-1].ends_on


def test_a_date_in_a_closed_period_posts_to_the_next_open_one(council: Council) -> None:
    close_period(year=2026, month=8, actor=TESTER, at=AT)  # November
    entry_id = posted(line(100))
    posted_line = Line.objects.select_related("period").get(entry_id=entry_id)
    assert posted_line.period.starts_on == date(2026, 12, 1)
    assert posted_line.effective_on == ON
    assert problems() == []


def test_no_open_period_refuses_the_posting(council: Council) -> None:
    Period.objects.update(closed_at=AT)
    with pytest.raises(PeriodClosed) as refused:
        posted(line(100))
    assert refused.value.message == (
        "No accounting period is open for 19 November 2026 or later. Open one, then try again."
    )
    assert Entry.objects.count() == 0


def test_a_period_closed_since_it_was_looked_up_refuses_in_words(council: Council) -> None:
    finder = PeriodFinder()
    close_period(year=2026, month=8, actor=TESTER, at=AT)
    with pytest.raises(PeriodClosed) as refused, transaction.atomic():
        post([entry(line(100))], actor=TESTER, at=AT, periods=finder)
    assert refused.value.message == (
        "The accounting period was closed at this very moment. Nothing was posted. Try again."
    )
    assert Entry.objects.count() == 0


def test_a_period_is_closed_once_by_those_who_may(council: Council) -> None:
    with pytest.raises(NotAllowed):
        close_period(year=2026, month=8, actor=NOBODY, at=AT)
    assert Period.objects.filter(closed_at__isnull=False).count() == 0
    close_period(year=2026, month=8, actor=TESTER, at=AT)
    with pytest.raises(PeriodClosed, match="was closed on 20 November 2026"):
        close_period(year=2026, month=8, actor=TESTER, at=AT)
    assert [event.act for event in history_of("period", "2026-08")] == ["ledger.close_period"]


def test_many_entries_are_posted_in_order(council: Council) -> None:
    drafts: list[EntryDraft] = [entry(line(pence)) for pence in range(1, 51)]
    with transaction.atomic():
        ids = post(drafts, actor=TESTER, at=AT)
    totals = list(Entry.objects.filter(pk__in=ids).order_by("pk").values_list("total_pence"))
    assert totals == [(pence,) for pence in range(1, 51)]
    assert ids == sorted(set(ids))
    with transaction.atomic():
        assert post([], actor=TESTER, at=AT) == []
