"""Many lines against many accounts, in the database: staged, checked, and set apart.

The lines go to a temporary table by COPY, and what differs to `AccountLoadRow`. A process killed at
any instant leaves nothing: all of it is one transaction, and the temporary table is the session's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from django.db import connection
from psycopg import sql

from ims.accounts.account_lines import numbered_rows, read_header
from ims.accounts.columns import BY_NAME, EMPTIED, FIELDS
from ims.accounts.errors import AccountFileRefused
from ims.accounts.row_reader import Expected, RowReader

_LINES_A_WRITE = 500
_PREPARE = """
SET LOCAL work_mem = '64MB';
DROP TABLE IF EXISTS pg_temp.staged_account;
CREATE TEMPORARY TABLE staged_account (
    line_number integer, problem text, field text, raw text, reference text COLLATE "C",
    title text, forename text, surname text, address_1 text, address_2 text, address_3 text,
    address_4 text, postcode text, record_type text, user_1 text, user_2 text, user_3 text,
    email text, name_key text, balance_pence bigint, period_debit_pence bigint,
    period_credit_pence bigint, balance_on date, message_id bigint, is_closed boolean, digest uuid
) ON COMMIT DROP;
"""
_COPY = f"COPY staged_account (line_number, problem, field, raw, {', '.join(FIELDS)}) FROM STDIN"

# Two lines for one account: neither is believed, and the account is left as it is.
_DUPLICATES = """
UPDATE staged_account s
SET problem = 'reference: ' || s.reference || ' is on lines ' || d.lines
              || '. Keep the right one and delete the others.',
    field = 'reference',
    raw = left(concat_ws(', ', s.reference, nullif(s.title, ''), nullif(s.forename, ''),
               nullif(s.surname, ''), nullif(s.address_1, ''), nullif(s.postcode, '')), 1000)
FROM (SELECT reference, array_to_string((array_agg(line_number ORDER BY line_number))[1:9], ', ')
             AS lines
      FROM staged_account WHERE reference <> '' GROUP BY reference HAVING count(*) > 1) d
WHERE s.reference = d.reference AND s.problem IS NULL
"""
_VALUES = ", ".join(FIELDS)
_STAGED = ", ".join(f"s.{field}" for field in FIELDS)
_HELD = ", ".join(f"h.{field}" for field in FIELDS)
_DIFFERENCES = f"""
INSERT INTO accounts_accountloadrow
    (load_id, outcome, line_number, account_id, field, problem, raw, {_VALUES})
SELECT %(load)s,
       CASE WHEN h.id IS NULL THEN 'add'
            WHEN s.is_closed AND NOT h.is_closed THEN 'close'
            WHEN h.is_closed AND NOT s.is_closed THEN 'reopen'
            ELSE 'change' END,
       s.line_number, h.id, '', '', '', {_STAGED}
FROM staged_account s
LEFT JOIN accounts_accountholder h ON h.fund_id = %(fund)s AND h.reference = s.reference
WHERE s.problem IS NULL
  AND (h.id IS NULL OR h.digest <> s.digest OR h.is_closed <> s.is_closed)
"""  # noqa: S608 - the names of our own columns
# A line that cannot be used also speaks for its account: it is not missing from the file.
_MISSING = f"""
INSERT INTO accounts_accountloadrow
    (load_id, outcome, line_number, account_id, field, problem, raw, {_VALUES})
SELECT %(load)s, 'close', NULL, h.id, '', '', '',
       {_HELD.replace("h.is_closed", "true")}
FROM accounts_accountholder h
LEFT JOIN staged_account s ON s.reference = h.reference
WHERE h.fund_id = %(fund)s AND NOT h.is_closed AND s.reference IS NULL
"""  # noqa: S608 - the names of our own columns
_REJECTED = """
INSERT INTO accounts_accountloadrow
    (load_id, outcome, line_number, field, problem, raw, reference, title, forename, surname,
     address_1, address_2, address_3, address_4, postcode, record_type, user_1, user_2, user_3,
     email, name_key, balance_pence, is_closed)
SELECT %(load)s, 'reject', line_number, field, left(problem, 300), coalesce(raw, ''), reference,
       '', '', '', '', '', '', '', '', '', '', '', '', '', '', 0, false
FROM staged_account WHERE problem IS NOT NULL
"""


def stage(stream: BinaryIO, expected: Expected, *, fund_id: int) -> int:
    """Read a whole file into the temporary table; returns how many lines it has under the header.

    Raises AccountFileRefused. Memory does not grow with the file. Must be in a transaction.
    """
    names = read_header(stream)
    _refuse_emptying(names, fund_id)
    reader = RowReader(names, expected)
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(_PREPARE)
        rows = numbered_rows(stream)
        next(rows)  # the header
        read = reader.read
        with connection.wrap_database_errors, cursor.copy(sql.SQL(_COPY)) as copy:
            lines = (read(number, cells) for number, cells in rows)
            while some := list(islice(lines, _LINES_A_WRITE)):
                copy.write("".join(some))
                count += len(some)
        if not count:
            raise AccountFileRefused(
                "The file has a header but no accounts under it. Check what was selected in the "
                "back-office system, then make it again."
            )
        cursor.execute("ANALYZE staged_account (reference, digest)")
        cursor.execute(_DUPLICATES)
    return count


def _refuse_emptying(names: Sequence[str], fund_id: int) -> None:
    absent = [name for name in EMPTIED if name not in names]
    if not absent:
        return
    tests = [_holds(BY_NAME[name].field) for name in absent]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(tests)} FROM accounts_accountholder h "  # noqa: S608 - the same
            "WHERE h.fund_id = %s",
            [fund_id],
        )
        held = [name for name, held in zip(absent, cursor.fetchone(), strict=True) if held]
    if held:
        several = "s" if len(held) > 1 else ""
        raise AccountFileRefused(
            f"The file has no column{several} {', '.join(held)}, and accounts of this fund have "
            f"something there that would be lost. Add the column{several}. To empty a column, "
            "leave its cells empty.",
            missing=held,
        )


def _holds(field: str) -> str:
    is_text = field.startswith(("title", "forename", "address", "record", "user", "email"))
    return f"bool_or(h.{field} <> '')" if is_text else f"bool_or(h.{field} IS NOT NULL)"


def set_apart(load_id: int, *, fund_id: int, closes_missing: bool) -> dict[str, int]:
    """Write what differs to AccountLoadRow; returns outcome -> number of rows."""
    values = {"load": load_id, "fund": fund_id}
    statements: Iterable[str] = (_DIFFERENCES, _REJECTED, *([_MISSING] if closes_missing else []))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)
        cursor.execute(
            "SELECT outcome, count(*) FROM accounts_accountloadrow WHERE load_id = %s "
            "GROUP BY outcome",
            [load_id],
        )
        return dict(cursor.fetchall())


_SET = ", ".join(f"{field} = r.{field}" for field in FIELDS if field != "reference")
_UPDATE = f"""
UPDATE accounts_accountholder h
SET {_SET}, source_load_id = r.load_id, updated_at = %(at)s,
    closed_at = CASE WHEN NOT r.is_closed THEN NULL ELSE coalesce(h.closed_at, %(at)s) END
FROM accounts_accountloadrow r
WHERE r.load_id = %(load)s AND r.outcome IN ('change', 'reopen', 'close')
  AND h.id = r.account_id
"""  # noqa: S608 - the names of our own columns
_INSERT = f"""
INSERT INTO accounts_accountholder
    (fund_id, source_load_id, updated_at, closed_at, {_VALUES})
SELECT %(fund)s, r.load_id, %(at)s, CASE WHEN r.is_closed THEN %(at)s::timestamptz END,
       {", ".join(f"r.{field}" for field in FIELDS)}
FROM accounts_accountloadrow r WHERE r.load_id = %(load)s AND r.outcome = 'add' ORDER BY r.id
"""  # noqa: S608 - the names of our own columns


def apply(load_id: int, *, fund_id: int, at: datetime) -> tuple[int, int]:
    """Make every difference so; returns (updated, inserted). Must be in a transaction."""
    values: dict[str, int | datetime] = {"load": load_id, "fund": fund_id, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, values)
        updated = int(cursor.rowcount)
        cursor.execute(_INSERT, values)
        return updated, int(cursor.rowcount)


def forget_differences(load_id: int) -> None:
    """Delete the rows of a load, but those it could not use."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM accounts_accountloadrow WHERE load_id = %s AND outcome <> 'reject'",
            [load_id],
        )
