"""A ledger file's layout as data: which columns, in what order, written how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from ims.exports.rows import LedgerRow


class Kind(StrEnum):
    DELIMITED = "delimited"
    FIXED_WIDTH = "fixed_width"


class Grain(StrEnum):
    DETAIL = "detail"
    SUMMARY = "summary"


class Format(StrEnum):
    TEXT = "text"
    DATE = "date"
    POUNDS = "pounds"
    PENCE = "pence"
    NUMBER = "number"


class Side(StrEnum):
    """Which records fill an amount column: all, signed; or one side only, without a sign."""

    SIGNED = "signed"
    DEBIT = "debit"
    CREDIT = "credit"


class SignStyle(StrEnum):
    MINUS = "minus"
    ALWAYS = "always"
    TRAILING = "trailing"


class Overflow(StrEnum):
    """What to do with text that is too long. A code is never cut: it would name another account."""

    REFUSE = "refuse"
    CUT = "cut"


class SignRule(StrEnum):
    """Which side is above zero in a signed column. Money in is a credit to the fund."""

    DEBIT_POSITIVE = "debit_positive"
    CREDIT_POSITIVE = "credit_positive"


# name in a layout -> strftime. A closed set, because a free pattern could hide the year.
DATE_PATTERNS: Mapping[str, str] = MappingProxyType(
    {
        "YYYY-MM-DD": "%Y-%m-%d",
        "DD/MM/YYYY": "%d/%m/%Y",
        "DD-MM-YYYY": "%d-%m-%Y",
        "DD.MM.YYYY": "%d.%m.%Y",
        "YYYYMMDD": "%Y%m%d",
        "DDMMYYYY": "%d%m%Y",
        "DDMMYY": "%d%m%y",
        "YYMMDD": "%y%m%d",
    }
)
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "latin-1", "ascii")
# In these one character is one byte, so a width in characters is the width in the file.
SINGLE_BYTE = frozenset({"cp1252", "latin-1", "ascii"})
LINE_ENDINGS: Mapping[str, str] = MappingProxyType({"crlf": "\r\n", "lf": "\n"})
DELIMITERS: Mapping[str, str] = MappingProxyType(
    {"comma": ",", "semicolon": ";", "pipe": "|", "tab": "\t", "caret": "^"}
)

# `ledger_code`, `record_type` and `record_number` are not fields of a row: the writer works them
# out (docs/reference/export-layouts.md).
TEXT_SOURCES = frozenset(
    {
        "entry_reference", "kind", "fund_code", "fund_ledger_code", "method_code",
        "method_ledger_code", "account_reference", "vat_code", "period", "narrative",
        "ledger_code", "record_type",
    }
)  # fmt: skip
DATE_SOURCES = frozenset({"received_on", "effective_on"})
AMOUNT_SOURCES = frozenset({"amount_pence", "vat_pence", "net_pence"})
NUMBER_SOURCES = frozenset({"line_id", "line_count", "record_number"})
GROUPABLE = frozenset(LedgerRow._fields) - AMOUNT_SOURCES - {"line_id", "line_count"}

HEADER_SOURCES: Mapping[str, Format] = MappingProxyType(
    {
        "council": Format.TEXT,
        "run_reference": Format.TEXT,
        "created_on": Format.DATE,
        "line_count": Format.NUMBER,
        "net_pence": Format.PENCE,
    }
)
TRAILER_SOURCES: Mapping[str, Format] = MappingProxyType(
    {
        **HEADER_SOURCES,
        "record_count": Format.NUMBER,
        "contra_count": Format.NUMBER,
        "debit_pence": Format.PENCE,
        "credit_pence": Format.PENCE,
        "hash_total": Format.NUMBER,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a record. Exactly one of `source` and `constant` is given."""

    heading: str
    source: str = ""
    constant: str | None = None
    format: Format = Format.TEXT
    pattern: str = "YYYY-MM-DD"
    side: Side = Side.SIGNED
    sign: SignStyle = SignStyle.MINUS
    width: int | None = None
    align: str = "left"
    pad: str = " "
    required: bool = False
    overflow: Overflow = Overflow.REFUSE

    @property
    def is_amount(self) -> bool:
        return self.format in (Format.POUNDS, Format.PENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contra:
    """The records that balance the file: one for each group, on the other side.

    `ledger_code` is the field that gives the account of the contra record. `values` are texts put
    into fields of it, such as a narrative.
    """

    group_by: tuple[str, ...]
    ledger_code: str = "method_ledger_code"
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How one ledger file is written. Made by ims.exports.layout_reading, which checks it."""

    code: str
    name: str
    kind: Kind
    columns: tuple[Column, ...]
    grain: Grain = Grain.DETAIL
    group_by: tuple[str, ...] = ()
    encoding: str = "utf-8"
    line_ending: str = "\r\n"
    delimiter: str = ","
    quote_always: bool = False
    headings: bool = True
    sign_rule: SignRule = SignRule.DEBIT_POSITIVE
    record_type: str = ""
    contra_record_type: str = ""
    extension: str = "csv"
    header: tuple[Column, ...] = ()
    trailer: tuple[Column, ...] = ()
    contra: Contra | None = None

    @property
    def amount_columns(self) -> tuple[Column, ...]:
        """The column, or the debit and credit pair, that the file adds up by."""
        return tuple(column for column in self.columns if column.source == "amount_pence")
