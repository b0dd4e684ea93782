"""What waits for somebody, as the dashboard counts it."""

from __future__ import annotations

from ims.reports.worklist import files_waiting, lines_unsent, suspense_open
from ims_config.demo.bank_files import BankLine
from ims_kernel import clock
from ims_tenants.models import Council
from tests.factories.money import Payment, bank_file, day, post, take


def test_files_count_by_what_they_wait_for(council: Council) -> None:
    bank_file(BankLine(day(0), 500, "A", "B", "C"), BankLine(day(0), 250, "D", "E", "F"))
    post(bank_file(BankLine(day(0), 999, "G", "H", "I"), name="other.csv"))
    found = files_waiting()
    assert (found.ready_count, found.ready_rows, found.ready_pence) == (1, 2, 750)
    assert (found.being_read_count, found.being_posted_count) == (0, 0)


def test_suspense_adds_up_and_names_its_oldest_day(council: Council) -> None:
    take(Payment(500, days_ago=40, parked=True), Payment(70, parked=True), Payment(9_999))
    found = suspense_open(clock.today())
    assert (found.count, found.remaining_pence, found.oldest_on) == (2, 570, day(40))
    assert sum(band.remaining_pence for band in found.bands) == 570


def test_every_line_waits_for_the_ledger_until_a_file_holds_it(council: Council) -> None:
    take(Payment(500), Payment(-20), Payment(70, parked=True))
    found = lines_unsent()
    assert (found.line_count, found.net_pence) == (3, 550)


def test_nothing_waits_in_a_new_council(council: Council) -> None:
    assert files_waiting().ready_pence == 0
    assert suspense_open(clock.today()).oldest_on is None
    assert lines_unsent().line_count == 0
