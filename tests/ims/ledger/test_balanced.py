"""The database refuses what is unbalanced, also to raw SQL and with another search path."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError

from ims.ledger.models import Period
from ims_kernel.scope import schema_name
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.drafts import AT, ON, count, counts, line, posted, problems

pytestmark = pytest.mark.usefixtures("council")


@pytest.fixture(autouse=True)
def nothing_new(council: Council) -> Iterator[None]:
    """Every test here is refused, so nothing may be new."""
    before = counts()
    yield
    assert counts() == before
    assert problems() == []


def insert_entry(number: int, *, kind: str = "receipt", lines: int = 1, pence: int = 100) -> str:
    return (
        "INSERT INTO ledger_entry (id, kind, received_on, posted_at, line_count, total_pence, "
        f"actor_name, narrative) VALUES ({number}, '{kind}', '{ON}', '{AT}', {lines}, {pence}, "
        "'x', '')"
    )


def insert_lines(
    number: int,
    *amounts: int,
    first: int = 1,
    schema: str = "",
    other: dict[str, str] | None = None,
) -> str:
    """Lines at positions from `first` on. `other` are SQL values for single columns."""
    columns = {
        "fund_id": "(SELECT id FROM funds_fund WHERE code = 'CT')",
        "method_id": "(SELECT id FROM funds_methodofpayment WHERE code = 'BANK')",
        "vat_code_id": "(SELECT id FROM funds_vatcode WHERE code = 'O')",
        "period_id": f"(SELECT id FROM ledger_period WHERE '{ON}' BETWEEN starts_on AND ends_on)",
        "account_reference": "'770000001'",
        "vat_basis_points": "0",
        "vat_pence": "0",
        "received_on": f"'{ON}'",
        "effective_on": f"'{ON}'",
        "posted_at": f"'{AT}'",
    } | (other or {})
    values = ", ".join(
        f"({number}, {position}, {amount}, {', '.join(columns.values())})"
        for position, amount in enumerate(amounts, first)
    )
    return (
        f"INSERT INTO {schema}ledger_line (entry_id, position, amount_pence, {', '.join(columns)}) "
        f"VALUES {values}"
    )


def refused(*statements: str, by: str) -> None:
    """The statements, then what is checked at commit, must be refused with a text."""
    with (
        pytest.raises(DatabaseError, match=by),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_right_entry_by_raw_sql_is_taken() -> None:
    """Else the refusals below would prove nothing."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(insert_entry(9_001, kind="journal", lines=2, pence=0))
            cursor.execute(insert_lines(9_001, 100, -100))
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert count("ledger_line") == 2
        transaction.set_rollback(True)


def test_lines_that_do_not_add_up_to_the_entry_are_refused() -> None:
    refused(insert_entry(9_001), insert_lines(9_001, 99), by="Entry 9001 is unbalanced")
    refused(insert_entry(9_001), insert_lines(9_001, -100), by="Entry 9001 is unbalanced")


def test_more_or_fewer_lines_than_the_entry_says_are_refused() -> None:
    refused(insert_entry(9_001), insert_lines(9_001, 60, 40), by="Entry 9001 is unbalanced")
    refused(insert_entry(9_001, lines=2), insert_lines(9_001, 100), by="Entry 9001 is unbalanced")


def test_lines_that_come_one_by_one_are_refused() -> None:
    refused(
        insert_entry(9_001, lines=2),
        insert_lines(9_001, 60),
        insert_lines(9_001, 40, first=2),
        by="Entry 9001 is unbalanced",
    )


@pytest.mark.parametrize("kind", ["journal", "transfer", "allocation", "reversal"])
def test_a_movement_without_lines_is_refused_at_commit(kind: str) -> None:
    refused(
        insert_entry(9_001, kind=kind, lines=2, pence=0), by="Entry 9001 is unbalanced at commit"
    )


@pytest.mark.parametrize("kind", ["journal", "transfer", "allocation"])
def test_a_movement_that_is_not_zero_is_refused(kind: str) -> None:
    refused(insert_entry(9_001, kind=kind), by="entry_moves_net_zero")


def test_an_unknown_kind_of_entry_cannot_bring_money() -> None:
    refused(insert_entry(9_001, kind="gift"), by="entry_moves_net_zero")


def test_an_entry_of_no_lines_is_refused() -> None:
    refused(insert_entry(9_001, lines=0, pence=0), by="entry_has_lines")


def test_lines_without_an_entry_are_refused() -> None:
    refused(insert_lines(9_001, 100), by="Entry 9001 is unbalanced")
    refused(insert_lines(9_001, 100, -100), by="Entry 9001 is unbalanced")


def test_a_line_of_nothing_is_refused() -> None:
    refused(insert_entry(9_001, pence=0), insert_lines(9_001, 0), by="line_moves_money")


def test_a_line_of_ten_billion_pounds_is_refused() -> None:
    refused(insert_entry(9_001, pence=10**12), insert_lines(9_001, 10**12), by="line_amount")


@pytest.mark.parametrize("first", [0, 2])
def test_positions_start_at_one(first: int) -> None:
    refused(insert_entry(9_001), insert_lines(9_001, 100, first=first), by="9001 is unbalanced")


def test_two_lines_in_one_position_are_refused() -> None:
    twice = insert_lines(9_001, 60) + insert_lines(9_001, 40).split("VALUES")[1].join([", ", ""])
    refused(insert_entry(9_001, lines=2), twice, by="unbalanced|line_position_once")


@pytest.mark.parametrize("column", ["fund_id", "method_id", "vat_code_id"])
def test_reference_data_that_is_not_there_is_refused(column: str) -> None:
    lines = insert_lines(9_001, 100, other={column: "987654"})
    refused(insert_entry(9_001), lines, by="A line names a fund")


def test_a_period_that_is_not_there_is_refused() -> None:
    lines = insert_lines(9_001, 100, other={"period_id": "987654"})
    refused(insert_entry(9_001), lines, by="Period 987654 is closed or not there")


def test_a_closed_period_is_refused() -> None:
    Period.objects.filter(starts_on__lte=ON, ends_on__gte=ON).update(closed_at=AT)
    refused(insert_entry(9_001), insert_lines(9_001, 100), by="is closed or not there")
    Period.objects.update(closed_at=None)


class TestAPostedEntry:
    """Nothing is added to it later."""

    @pytest.fixture
    def entry_id(self, council: Council) -> int:
        return posted(line(100))

    @pytest.fixture(autouse=True)
    def nothing_new(self, entry_id: int) -> Iterator[None]:
        before = counts()
        yield
        assert counts() == before
        assert problems() == []

    def test_a_further_line_is_refused(self, entry_id: int) -> None:
        refused(insert_lines(entry_id, 100, first=2), by=f"Entry {entry_id} is unbalanced")
        refused(insert_lines(entry_id, 50, -50, first=2), by=f"Entry {entry_id} is unbalanced")

    def test_the_same_lines_again_are_refused(self, entry_id: int) -> None:
        refused(insert_lines(entry_id, 100), by="line_position_once")

    def test_its_number_cannot_be_used_again(self, entry_id: int) -> None:
        refused(insert_entry(entry_id), by="duplicate key|already exists")


def test_another_councils_search_path_does_not_move_the_check(eastshire: Council) -> None:
    """The trigger looks in the schema of its own table, whatever the search path says."""
    ours = schema_name()
    with enter(eastshire):
        theirs_before = counts()
    with transaction.atomic():
        with connection.cursor() as cursor:
            # The entry exists in the other council only.
            cursor.execute(f"SET LOCAL search_path = {eastshire.schema_name}")
            cursor.execute(insert_entry(9_001, kind="receipt"))
            ids = {"fund_id": "1", "method_id": "1", "vat_code_id": "1", "period_id": "1"}
            with pytest.raises(IntegrityError, match="Entry 9001 is unbalanced"):
                cursor.execute(insert_lines(9_001, 100, schema=f"{ours}.", other=ids))
        transaction.set_rollback(True)
    with enter(eastshire):
        assert counts() == theirs_before


def test_a_movement_checked_at_commit_looks_in_its_own_schema(eastshire: Council) -> None:
    ours = schema_name()
    entry = insert_entry(9_001, kind="journal", lines=2, pence=0)
    refused(
        entry.replace("ledger_entry", f"{ours}.ledger_entry"),
        f"SET LOCAL search_path = {eastshire.schema_name}",
        by="Entry 9001 is unbalanced at commit",
    )
