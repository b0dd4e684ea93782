"""One row of a dump, and its cells as text, numbers, amounts and dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ims.accounts.cells import is_formula
from ims_config.localgovims.errors import CellUnusable

_WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)
# bcp and sqlcmd leave out the nought: .200
_DECIMAL = re.compile(r"-?(\d{1,12}(\.\d{1,6})?|\.\d{1,6})", re.ASCII)
_FLAGS = {"1": True, "true": True, "0": False, "false": False, "": False}
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A row: `line` is where it ends in the file. Column names are compared without case."""

    table: str
    file: str
    line: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """The cell as it is, trimmed; empty for null."""
        text = self.cells[column.casefold()].strip()
        # SQL Server Management Studio writes the word for a null.
        return "" if text == "NULL" else text

    def words(self, column: str) -> str:
        """Text that people will read. Raises CellUnusable for a formula."""
        text = self.text(column)
        if is_formula(text):
            raise self.refused(
                column, "begins like a formula that a spreadsheet would run. Write it as words."
            )
        return text

    def code(self, column: str) -> str:
        """A code, in capitals, as codes are kept."""
        return self.text(column).upper()

    def whole(self, column: str) -> int | None:
        """A whole number, or None for null. Raises CellUnusable."""
        text = self.text(column)
        if not text:
            return None
        if _WHOLE.fullmatch(text) is None:
            raise self.refused(column, "is not a whole number.")
        return int(text)

    def flag(self, column: str) -> bool:
        """A bit: 1 or 0, true or false; null is no. Raises CellUnusable."""
        found = _FLAGS.get(self.text(column).casefold())
        if found is None:
            raise self.refused(column, "is not 1 or 0.")
        return found

    def hundredths(self, column: str, scale: int = 1) -> int | None:
        """A decimal times 100 times `scale`: pence of an amount. None for null.

        Raises CellUnusable when that is not whole.
        """
        text = self.text(column)
        if not text:
            return None
        if _DECIMAL.fullmatch(text) is None:
            raise self.refused(column, "is not an amount such as 1234.50.")
        found = Decimal(text) * _HUNDRED * scale
        if found != found.to_integral_value():
            raise self.refused(column, "has more decimal places than can be kept.")
        return int(found)

    def day(self, column: str) -> date | None:
        """The date of a date or date and time written year first. Raises CellUnusable."""
        text = self.text(column)
        if not text:
            return None
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            raise self.refused(column, "is not a date such as 2026-04-01.") from None

    def refused(self, column: str, words: str) -> CellUnusable:
        """The error for a cell: names file, line and column."""
        shown = self.text(column)[:40]
        return CellUnusable(
            f"{self.file}, line {self.line}, {column}: “{shown}” {words}",
            file=self.file,
            line=self.line,
            column=column,
        )
