"""The columns of an account file: docs/reference/account-file.md is written from these."""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """A column: its name in the header, the field it fills, and the longest text it takes."""

    name: str
    field: str
    longest: int
    words: str  # as a person calls it
    required: bool = False


# Kept as text, in this order: it is also the order of the digest and of the staging table.
TEXTS = (
    Column("reference", "reference", 40, "reference", required=True),
    Column("title", "title", 20, "title"),
    Column("forename", "forename", 60, "forename"),
    Column("surname", "surname", 100, "surname", required=True),
    Column("address_1", "address_1", 100, "address line 1", required=True),
    Column("address_2", "address_2", 100, "address line 2"),
    Column("address_3", "address_3", 100, "address line 3"),
    Column("address_4", "address_4", 100, "address line 4"),
    Column("postcode", "postcode", 10, "postcode", required=True),
    Column("record_type", "record_type", 20, "record type"),
    Column("user_1", "user_1", 100, "user field 1"),
    Column("user_2", "user_2", 100, "user field 2"),
    Column("user_3", "user_3", 100, "user field 3"),
    Column("email", "email", 254, "email address"),
)
# Read into something else than text.
VALUES = (
    Column("balance", "balance_pence", 20, "balance", required=True),
    Column("period_debit", "period_debit_pence", 20, "period debit"),
    Column("period_credit", "period_credit_pence", 20, "period credit"),
    Column("balance_on", "balance_on", 10, "date of the balance"),
    Column("message", "message_id", 20, "message"),
    Column("closed", "is_closed", 5, "closed"),
    Column("fund", "", 5, "fund"),
)
COLUMNS = TEXTS + VALUES
BY_NAME = {column.name: column for column in COLUMNS}
REQUIRED = tuple(column.name for column in COLUMNS if column.required)
NAMES = tuple(column.name for column in COLUMNS)

# The fields of a stored account that a file fills, in the order of the staging table.
FIELDS = (
    *(column.field for column in TEXTS),
    "name_key", "balance_pence", "period_debit_pence", "period_credit_pence", "balance_on",
    "message_id", "is_closed", "digest",
)  # fmt: skip
# What an account keeps when a file has no such column would be a guess, so a file that lacks one
# of these while accounts hold something there is refused.
EMPTIED = (
    "title", "forename", "address_2", "address_3", "address_4", "record_type", "user_1", "user_2",
    "user_3", "email", "period_debit", "period_credit", "balance_on", "message",
)  # fmt: skip
