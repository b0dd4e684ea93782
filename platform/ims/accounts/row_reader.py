"""One line of an account file as a line for COPY; the hot loop of a load.

Written for speed where a million lines pass: values that repeat (days, postcodes, surnames) are
looked up before they are worked out, and the slow ways are only gone when a fast test fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import gt, itemgetter
from typing import NamedTuple

from ims.accounts.cells import (
    NO,
    STARTS_FORMULA,
    YES,
    CellRefused,
    canonical_reference,
    digest_of,
    is_formula,
    name_key,
    read_day,
    read_pence,
    tidy_postcode,
)
from ims.accounts.columns import COLUMNS, FIELDS, TEXTS
from ims.accounts.errors import AccountFileRefused

_LIMITS = tuple(column.longest for column in TEXTS)
_FIRST = itemgetter(slice(1))
_REFERENCE, _SURNAME, _POSTCODE, _EMAIL = 0, 3, 8, 13
_TEXTS = len(TEXTS)
# Past this many different ones nothing is remembered, so that memory is bounded.
_MOST_KEPT = 50_000
NULL = "\\N"
_MOST_RAW, _MOST_PROBLEM = 1000, 300
_NULLS = "\t".join([NULL] * (len(FIELDS) - 1))


class Expected(NamedTuple):
    """What a load is for: the fund's code, and its messages' ids by code (in capitals)."""

    fund_code: str
    messages: Mapping[str, int]


class RowReader:
    """Turns the cells of lines into lines for `COPY staged (line_number, problem, field, raw, …)`.

    `bad` counts the lines that cannot be used.
    """

    def __init__(self, names: list[str], expected: Expected) -> None:
        place = {name: at for at, name in enumerate(names)}
        self._width = len(names)
        # An absent column is read from an empty cell put behind the last one.
        self._pick = itemgetter(*[place.get(column.name, -1) for column in COLUMNS])
        self._expected = expected
        self._days: dict[str, str] = {}
        self._spelling: tuple[str, int, str] | None = None
        self._postcodes: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        self.bad = 0

    def read(self, number: int, row: list[str]) -> str:
        """The line for COPY. Raises AccountFileRefused for a second spelling of dates."""
        try:
            if len(row) != self._width:
                row = self._fitted(row)
            return self._good(number, [cell.strip() for cell in self._pick([*row, ""])])
        except _LineRefused as error:
            self.bad += 1
            return self._rejected(number, row, error)

    def _good(self, number: int, cells: list[str]) -> str:
        if not "".join(cells).isprintable():
            cells = [_printable(cell, at) for at, cell in enumerate(cells)]
        texts = cells[:_TEXTS]
        if not STARTS_FORMULA.isdisjoint(map(_FIRST, texts)):
            _refuse_formula(texts)
        if any(map(gt, map(len, texts), _LIMITS)):
            _refuse_long(texts)
        texts[_REFERENCE] = canonical_reference(texts[_REFERENCE])
        if not texts[_REFERENCE]:
            raise _LineRefused("reference", "is empty. Every account needs one.")
        texts[_POSTCODE] = self._postcode(texts[_POSTCODE])
        if texts[_EMAIL] and ("@" not in texts[_EMAIL] or " " in texts[_EMAIL]):
            raise _LineRefused("email", f"“{texts[_EMAIL][:60]}” is not an email address.")
        values = self._values(number, cells[_TEXTS:])
        digest = digest_of(texts, values[:-1])
        line = "\t".join([*texts, self._key(texts[_SURNAME])])
        if "\\" in line:
            line = line.replace("\\", "\\\\")
        balance, debit, credit, on, message, closed = values
        return (
            f"{number}\t{NULL}\t{NULL}\t{NULL}\t{line}\t{balance}\t{debit}\t{credit}\t{on}\t"
            f"{message}\t{closed}\t{digest}\n"
        )

    def _values(
        self, number: int, cells: list[str]
    ) -> tuple[int, int | str, int | str, str, int | str, str]:
        """(balance, period debit and credit, day, message, closed), `\\N` for nothing."""
        balance, debit, credit, on, message, closed, fund = cells
        if fund and fund.upper() != self._expected.fund_code.upper():
            raise _LineRefused(
                "fund", f"is “{fund[:10]}”, and this load is for {self._expected.fund_code}."
            )
        if not balance:
            raise _LineRefused("balance", "is empty. Write 0.00 when nothing is owed.")
        said = closed.upper()
        if said not in NO and said not in YES:
            raise _LineRefused("closed", f"is “{closed[:10]}”. Write Y or N.")
        return (
            _pence(balance, "balance"),
            _pence(debit, "period_debit") if debit else NULL,
            _pence(credit, "period_credit") if credit else NULL,
            self._day(number, on) if on else NULL,
            self._message(message) if message else NULL,
            "t" if said in YES else "f",
        )

    def _message(self, code: str) -> int:
        found = self._expected.messages.get(code.upper())
        if found is None:
            raise _LineRefused(
                "message",
                f"“{code[:20]}” is not a message of fund {self._expected.fund_code}. Add it under "
                "Settings, or correct the code.",
            )
        return found

    def _day(self, number: int, text: str) -> str:
        known = self._days.get(text)
        if known is not None:
            return known
        try:
            day, spelling = read_day(text)
        except CellRefused as error:
            raise _LineRefused("balance_on", str(error)) from None
        first = self._spelling
        if first is None:
            self._spelling = (spelling, number, text)
        elif first[0] != spelling:
            raise AccountFileRefused(
                f"The file spells dates in two ways: line {first[1]:,} has “{first[2]}” and line "
                f"{number:,} has “{text}” in the column balance_on. Use one of them throughout, so "
                "that no day is taken for a month.",
                line_number=number,
            )
        if len(self._days) < _MOST_KEPT:
            self._days[text] = day.isoformat()
        return day.isoformat()

    def _postcode(self, text: str) -> str:
        known = self._postcodes.get(text)
        if known is None:
            known = tidy_postcode(text)
            if len(self._postcodes) < _MOST_KEPT:
                self._postcodes[text] = known
        return known

    def _key(self, surname: str) -> str:
        known = self._keys.get(surname)
        if known is None:
            known = name_key(surname)
            if len(self._keys) < _MOST_KEPT:
                self._keys[surname] = known
        return known

    def _fitted(self, row: list[str]) -> list[str]:
        """The cells without the empty ones trailing commas make. Raises _LineRefused."""
        if len(row) > self._width and not any(cell.strip() for cell in row[self._width :]):
            return row[: self._width]
        raise _LineRefused(
            "",
            f"The line has {len(row)} columns and needs {self._width}. A comma inside a text needs "
            "quotation marks around that text.",
        )

    def _rejected(self, number: int, row: list[str], error: _LineRefused) -> str:
        # The reference, where it can be read, so that a full refresh does not close the account
        # for the fault of its line.
        cells = self._pick([*row, *[""] * max(1, self._width - len(row) + 1)])
        reference = _escaped(canonical_reference(cells[0])[: _LIMITS[0]])
        raw = _escaped(",".join(row)[:_MOST_RAW])
        problem = _escaped(error.sentence[:_MOST_PROBLEM])
        return f"{number}\t{problem}\t{error.column}\t{raw}\t{reference}\t{_NULLS}\n"


class _LineRefused(Exception):
    """A line cannot be used: the column, and why."""

    def __init__(self, column: str, words: str) -> None:
        super().__init__(words)
        self.column = column
        self.sentence = f"{column}: {words}" if column else words


def _pence(text: str, column: str) -> int:
    try:
        return read_pence(text)
    except CellRefused as error:
        raise _LineRefused(column, str(error)) from None


def _printable(cell: str, at: int) -> str:
    """A no-break space is a space; anything else that cannot be seen refuses the line."""
    plain = cell.replace("\u00a0", " ").replace("\t", " ").strip()
    if plain.isprintable():
        return plain
    bad = next(char for char in plain if not char.isprintable())
    what = (
        "a NUL character" if bad == "\0" else f"a character that cannot be seen (U+{ord(bad):04X})"
    )
    raise _LineRefused(COLUMNS[at].name, f"has {what}. Remove it.")


def _refuse_formula(texts: list[str]) -> None:
    for column, text in zip(TEXTS, texts, strict=True):
        if is_formula(text):
            raise _LineRefused(
                column.name,
                f"“{text[:30]}” begins like a formula, which a spreadsheet would run. Remove the "
                f"“{text[0]}” at its start.",
            )


def _refuse_long(texts: list[str]) -> None:
    for column, text in zip(TEXTS, texts, strict=True):
        if len(text) > column.longest:
            raise _LineRefused(
                column.name, f"has {len(text)} characters and may have {column.longest}."
            )


def _escaped(text: str) -> str:
    """Text for COPY, with everything that cannot be seen as a space."""
    plain = text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
    return plain.replace("\\", "\\\\")
