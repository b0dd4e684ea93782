"""A file of accounts: compared, previewed, applied; what is wrong with it said line by line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ims.accounts import editing, loading, selectors, services, states
from ims.accounts.errors import (
    AlreadyLoaded,
    LoadStepRefused,
    NotConfirmed,
    PreviewOutOfDate,
)
from ims.accounts.models import (
    AccountHolder,
    AccountLoad,
    AccountLoadRow,
    AccountLoadSettings,
    AccountMessage,
    FundAccounts,
)
from ims.accounts.services import Agreed
from ims.funds.models import Fund
from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.errors import NotAllowed
from ims_kernel.identity.permissions import Actor
from ims_tenants.models import Council
from tests.factories.accounts import (
    HEADER,
    LOADER,
    applied,
    counts,
    csv_of,
    held,
    line,
    preview,
    receive,
)

ABC = csv_of(line("A1"), line("B1", "NOWAK"), line("C1", "O'BRIEN"))


def problems(load: AccountLoad) -> list[tuple[int, str]]:
    rows = selectors.load_rows_of(load.pk, "reject").order_by("line_number")
    return [(row.line_number or 0, row.problem) for row in rows]


def test_a_first_file_adds_its_accounts(council: Council) -> None:
    assert counts(applied(ABC)) == {"added": 3}
    assert held()["C1"] == ("O'BRIEN", 1_000, False)
    account = selectors.find_account("CT", " c 1")
    assert account is not None
    assert (account.name_key, account.postcode) == ("OBRIEN", "NM1 1AA")
    assert held("HR") == {}


def test_a_preview_changes_nothing(council: Council) -> None:
    found = preview(ABC)
    assert (found.state, counts(found)) == (states.READY, {"added": 3})
    assert held() == {}


def test_a_full_refresh_adds_changes_and_closes_but_never_deletes(council: Council) -> None:
    applied(ABC)
    done = applied(csv_of(line("A1"), line("B1", "NOWAK", "12.50"), line("D1")))
    assert counts(done) == {"added": 1, "changed": 1, "closed": 1, "unchanged": 1}
    assert held() == {
        "A1": ("OKAFOR", 1_000, False), "B1": ("NOWAK", 1_250, False),
        "C1": ("O'BRIEN", 1_000, True), "D1": ("OKAFOR", 1_000, False),
    }  # fmt: skip
    totals = FundAccounts.objects.get(fund__code="CT")
    assert (totals.open_count, totals.closed_count, totals.last_load_id) == (3, 1, done.pk)


def test_a_closed_account_that_comes_again_is_opened(council: Council) -> None:
    applied(ABC)
    applied(csv_of(line("A1"), line("B1", "NOWAK")))
    assert counts(applied(ABC)) == {"reopened": 1, "unchanged": 2}
    assert held()["C1"] == ("O'BRIEN", 1_000, False)
    assert AccountHolder.objects.filter(closed_at__isnull=False).count() == 0


def test_a_delta_leaves_those_it_does_not_name(council: Council) -> None:
    applied(ABC)
    header = f"{HEADER},closed"
    data = csv_of(line("B1", "NOWAK", "-3") + ",", line("C1") + ",Y", header=header)
    assert counts(applied(data, mode="delta")) == {"changed": 1, "closed": 1}
    assert held()["A1"] == ("OKAFOR", 1_000, False)
    assert held()["B1"] == ("NOWAK", -300, False)
    assert held()["C1"] == ("OKAFOR", 1_000, True)


def test_the_same_reference_may_be_in_two_funds(council: Council) -> None:
    applied(csv_of(line("A1")))
    applied(csv_of(line("A1", "KHAN")), fund="HR")
    assert held()["A1"][0] == "OKAFOR"
    assert held("HR")["A1"][0] == "KHAN"


def test_what_is_applied_leaves_no_second_copy_of_the_people(council: Council) -> None:
    applied(ABC)
    assert AccountLoadRow.objects.count() == 0


def test_the_load_says_who_and_when_in_the_audit_without_names_of_payers(council: Council) -> None:
    done = applied(ABC)
    events = AuditEvent.objects.filter(object_kind="account_load", object_id=str(done.pk))
    acts = {event.act: event for event in events}
    assert set(acts) == {"accounts.receive_load", "accounts.request_apply", "accounts.apply_load"}
    assert acts["accounts.apply_load"].facts["added"] == 3
    assert acts["accounts.apply_load"].actor_name == "Priya Raman"
    assert "OKAFOR" not in str([event.facts for event in events])


# --- lines that cannot be used ----------------------------------------------------------------
GOOD = [line(f"G{number}") for number in range(40)]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("X1,Ms,Ada,=cmd|' /C calc'!A0,1 High Street,NM1 1AA,1.00", "surname: “=cmd"),
        ("X1,Ms,@SUM(1),OKAFOR,1 High Street,NM1 1AA,1.00", "forename: “@SUM(1)” begins like"),
        ("X1,Ms,A\0da,OKAFOR,1 High Street,NM1 1AA,1.00", "forename: has a NUL character"),
        ("X1,Ms,A\u200bda,OKAFOR,1 High Street,NM1 1AA,1.00", "(U+200B)"),
        (",Ms,Ada,OKAFOR,1 High Street,NM1 1AA,1.00", "reference: is empty"),
        ("X1,Ms,Ada,OKAFOR,1 High Street,NM1 1AA,", "balance: is empty"),
        ("X1,Ms,Ada,OKAFOR,1 High Street,NM1 1AA,1.005", "balance: “1.005” is not an amount"),
        ("X1,Ms,Ada,OKAFOR,1 High Street,NM1 1AA,NaN", "balance: “NaN” is not an amount"),
        ("X1,Ms,Ada,OKAFOR,1 High Street,NM1 1AA,99999999999.00", "too large"),
        ("X1,Ms,Ada,OKAFOR,1, High Street,NM1 1AA,1.00", "has 8 columns and needs 7"),
        ("X1,Ms,Ada", "has 3 columns and needs 7"),
        (f"{'9' * 41},Ms,Ada,OKAFOR,1 High Street,NM1 1AA,1.00", "has 41 characters and may have"),
        (f"X1,Ms,Ada,{'Z' * 101},1 High Street,NM1 1AA,1.00", "surname: has 101 characters"),
    ],
)
def test_a_bad_line_is_told_with_line_and_column(council: Council, bad: str, said: str) -> None:
    found = preview(csv_of(*GOOD, bad))
    assert (found.state, found.rejected_count, found.added_count) == (states.READY, 1, 40)
    ((number, problem),) = problems(found)
    assert number == 42
    assert said in problem


def test_good_lines_are_applied_only_when_somebody_says_so(council: Council) -> None:
    found = preview(csv_of(*GOOD, line("X1", balance="?")))
    with pytest.raises(NotConfirmed) as caught:
        services.request_apply(found.pk, Agreed(), actor=LOADER, at=clock.now())
    assert caught.value.facts["field"] == "rejected"
    services.request_apply(
        found.pk, Agreed(rejected=True), actor=LOADER, at=clock.now(), apply_later=False
    )
    assert loading.apply_load(found.pk, at=clock.now()).state == states.APPLIED
    assert len(held()) == 40
    assert problems(found) == [(42, ("balance: “?” is not an amount. Write pounds and pence, like "
                                    "1234.50."))]  # fmt: skip


def test_ten_percent_bad_lines_refuse_the_file(council: Council) -> None:
    bad = [line(f"B{number}", balance="x") for number in range(4)]
    found = preview(csv_of(*GOOD[:36], *bad))
    assert found.state == states.REFUSED
    assert "4 of 40 lines cannot be used" in found.refusal
    assert "Line 38: balance: “x” is not an amount" in found.refusal
    assert len(problems(found)) == 4  # still there to be downloaded
    assert selectors.differences(found.pk).count() == 0
    assert held() == {}


def test_the_limit_of_bad_lines_is_the_councils(council: Council) -> None:
    AccountLoadSettings.objects.create(pk=1, rejected_percent=50)
    assert preview(csv_of(*GOOD[:3], line("B", balance="x"))).state == states.READY


def test_an_account_on_two_lines_is_left_alone_and_both_lines_are_named(council: Council) -> None:
    applied(csv_of(*GOOD, line("A1")))
    found = preview(csv_of(*GOOD, line("A1", "KHAN"), line("a 1", "PATEL")))
    assert counts(found) == {"unchanged": 40, "rejected": 2}
    assert [number for number, _ in problems(found)] == [42, 43]
    assert "A1 is on lines 42, 43." in problems(found)[0][1]


def test_a_bad_line_does_not_close_its_account(council: Council) -> None:
    applied(csv_of(*GOOD, line("A1")))
    found = preview(csv_of(*GOOD, line("A1", balance="x")))
    assert counts(found) == {"unchanged": 40, "rejected": 1}


def test_a_file_of_another_fund_is_refused(council: Council) -> None:
    header = f"{HEADER},fund"
    found = preview(csv_of(*[f"{each},HR" for each in GOOD], header=header))
    assert found.state == states.REFUSED
    assert "fund: is “HR”, and this load is for CT." in found.refusal
    assert preview(csv_of(*[f"{each},ct" for each in GOOD], header=header)).added_count == 40


# --- files that cannot be used --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty"),
        (b"\n\n", "The file is empty"),
        (csv_of(), "has a header but no accounts"),
        (b"PK\x03\x04" + bytes(100), "an Excel workbook"),
        ("reference\n1".encode("utf-16"), "text in UTF-16"),
        (csv_of(line("A1"), "A2,Ms,Ada,X,1 High St,NM1,£5".encode("cp1252").decode("latin-1"))
         .decode().encode("latin-1"), ("Line 3, column 7, is not UTF-8 text. As Windows text it "
         "would be “£”")),
        (b"A1,Ms,Ada,OKAFOR,1 High Street,NM1 1AA,1.00\n", "Line 1 must name the columns"),
        (csv_of(line("A1"), header=HEADER.replace("balance", "bal")),
         "Missing: balance. Not known: bal."),
        (csv_of(line("A1") + ",A1", header=f"{HEADER},reference"), "There twice: reference"),
        (csv_of(line("A1"), 'A2,Ms,"Ada,OKAFOR,1 High Street,NM1 1AA,1.00', line("A3")),
         "Line 3 opens a quotation mark"),
        (csv_of(line("A1"), 'A2,Ms,"Ada"x,OKAFOR,1 High Street,NM1 1AA,1.00'), "Line 3 opens"),
        (csv_of(line("A1"), "x" * 70_000), "Line 3 is far too long"),
        (csv_of(line("A1") + ",2026-08-03", line("A2") + ",03/08/2026",
                header=f"{HEADER},balance_on"),
         "line 2 has “2026-08-03” and line 3 has “03/08/2026”"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_in_words(council: Council, data: bytes, said: str) -> None:
    found = preview(data)
    assert found.state == states.REFUSED
    assert said in found.refusal
    assert AccountLoadRow.objects.count() == 0
    assert held() == {}


def test_a_column_that_would_be_lost_is_asked_for(council: Council) -> None:
    applied(csv_of(line("A1") + ",ada@example.org", header=f"{HEADER},email"))
    found = preview(csv_of(line("A1")))
    assert found.state == states.REFUSED
    assert "has no column email" in found.refusal
    done = applied(csv_of(line("A1") + ",", header=f"{HEADER},email"))
    assert counts(done) == {"changed": 1}


# --- messages -------------------------------------------------------------------------------------
def test_messages_are_found_by_code_or_the_code_of_the_back_office(council: Council) -> None:
    fund = Fund.objects.get(code="CT")
    stop = AccountMessage.objects.create(
        code="LEGAL", fund=fund, name="With bailiffs", severity="stop",
        words_to_staff="Do not take money", channels=["phone"], external_code="S9",
    )  # fmt: skip
    header = f"{HEADER},message"
    found = preview(
        csv_of(*[f"{each}," for each in GOOD], line("A1") + ",s9", line("A2") + ",legal",
               line("A3") + ",NOPE", header=header)
    )  # fmt: skip
    assert problems(found)[0][1].startswith("message: “NOPE” is not a message of fund CT.")
    services.request_apply(
        found.pk, Agreed(rejected=True), actor=LOADER, at=clock.now(), apply_later=False
    )
    loading.apply_load(found.pk, at=clock.now())
    account = selectors.find_account("CT", "A1")
    assert account is not None
    assert selectors.stops_for(account, "phone") == [stop]
    assert selectors.stops_for(account, "online") == []
    other = selectors.find_account("CT", "G1")
    assert other is not None
    assert selectors.stops_for(other, "phone") == []


# --- asking first, and steps out of order ---------------------------------------------------------
def test_closing_many_accounts_must_be_agreed_to(council: Council) -> None:
    applied(csv_of(*GOOD))
    found = preview(csv_of(*GOOD[:35]))
    with pytest.raises(NotConfirmed, match="closes 5 of the 40 open accounts of Council Tax"):
        services.request_apply(found.pk, Agreed(), actor=LOADER, at=clock.now())
    assert len([1 for _, _, closed in held().values() if closed]) == 0
    few = preview(csv_of(*GOOD[:36]))
    services.request_apply(few.pk, Agreed(), actor=LOADER, at=clock.now(), apply_later=False)
    assert loading.apply_load(few.pk, at=clock.now()).closed_count == 4


def test_the_same_file_is_not_loaded_twice(council: Council) -> None:
    first = receive(ABC)
    with pytest.raises(AlreadyLoaded) as caught:
        receive(ABC)
    assert caught.value.facts["load_id"] == first.pk
    loading.read_load(first.pk)
    services.request_apply(first.pk, Agreed(), actor=LOADER, at=clock.now(), apply_later=False)
    loading.apply_load(first.pk, at=clock.now())
    with pytest.raises(AlreadyLoaded, match="It is applied"):
        receive(ABC)
    applied(csv_of(line("A1", balance="99")), mode="delta")
    assert counts(applied(ABC)) == {"changed": 1, "unchanged": 2}  # a wish to put things back


def test_a_preview_that_was_overtaken_is_not_applied(council: Council) -> None:
    first, second = preview(ABC), preview(csv_of(line("A1", "KHAN")))
    services.request_apply(first.pk, Agreed(), actor=LOADER, at=clock.now(), apply_later=False)
    loading.apply_load(first.pk, at=clock.now())
    assert selectors.is_out_of_date(second)
    with pytest.raises(PreviewOutOfDate, match="Compare again"):
        services.request_apply(second.pk, Agreed(), actor=LOADER, at=clock.now())
    services.read_again(second.pk, actor=LOADER, at=clock.now())
    assert counts(loading.read_load(second.pk)) == {"changed": 1, "closed": 2}


def test_a_change_after_the_press_puts_the_load_back(council: Council) -> None:
    applied(ABC)
    found = preview(csv_of(line("A1", "KHAN"), line("B1", "NOWAK"), line("C1", "O'BRIEN")))
    services.request_apply(found.pk, Agreed(), actor=LOADER, at=clock.now(), apply_later=False)
    account = selectors.find_account("CT", "B1")
    assert account is not None
    editing.close_account(account.pk, reason="Moved", actor=LOADER, at=clock.now())
    assert loading.apply_load(found.pk, at=clock.now()).state == states.READY
    assert held()["A1"][0] == "OKAFOR"


def test_applying_and_reading_again_do_nothing_twice(council: Council) -> None:
    done = applied(ABC)
    before = held()
    assert loading.apply_load(done.pk, at=clock.now()).state == states.APPLIED
    assert held() == before
    with pytest.raises(LoadStepRefused):
        services.request_apply(done.pk, Agreed(), actor=LOADER, at=clock.now())
    with pytest.raises(LoadStepRefused):
        services.discard(done.pk, reason="x", actor=LOADER, at=clock.now())


def test_a_discarded_file_leaves_nothing_and_may_come_again(council: Council) -> None:
    found = preview(ABC)
    services.discard(found.pk, reason="Too early", actor=LOADER, at=clock.now())
    assert AccountLoadRow.objects.count() == 0
    assert counts(applied(ABC)) == {"added": 3}


def test_loading_needs_the_permission(council: Council) -> None:
    nobody = Actor("Sam", permissions=frozenset({"accounts.view"}))
    file = services.AccountFile("a.csv", [ABC], "CT", "full")
    with pytest.raises(NotAllowed):
        services.receive(file, actor=nobody, at=clock.now())
    found = preview(ABC)
    steps: tuple[Callable[[], object], ...] = (
        lambda: services.request_apply(found.pk, Agreed(), actor=nobody, at=clock.now()),
        lambda: services.discard(found.pk, reason="", actor=nobody, at=clock.now()),
        lambda: services.read_again(found.pk, actor=nobody, at=clock.now()),
    )
    for step in steps:
        with pytest.raises(NotAllowed):
            step()
