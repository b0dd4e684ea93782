"""One cell: a value to the text a layout wants, and an amount read back out of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from ims.exports.layout import (
    DATE_PATTERNS,
    TEXT_SOURCES,
    Column,
    Format,
    Kind,
    Layout,
    Overflow,
    Side,
    SignRule,
    SignStyle,
)
from ims_kernel.spreadsheets import one_line, safe_cell

# Fields with few values, so that remembering them pays.
_REPEATING = TEXT_SOURCES - {"entry_reference", "account_reference", "narrative"}
# What a spreadsheet holds in a cell; longer is never a narrative.
LONGEST = 32_767
# Values met again are looked up, not formatted again; the bound keeps memory flat.
_REMEMBERED = 4_096
_DECIMALS = 2

Cell = Callable[[Any], str]


class CellRefused(ValueError):
    """A value cannot be written in its column. The writer adds which record it was."""


class _Remembered(dict[Any, str]):
    """A formatter that remembers, with a look-up at the speed of a dict."""

    def __init__(self, make: Cell) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, value: Any) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        text = self[value] = self._make(value)
        return text


def cell_for(layout: Layout, column: Column) -> Cell:
    """The function that writes a value of this column, raising CellRefused when it cannot."""
    if column.constant is not None:
        fixed = _text(layout, column)(column.constant)
        return lambda _value: fixed
    if column.format is Format.TEXT:
        text = _text(layout, column)
        return _Remembered(text).__getitem__ if column.source in _REPEATING else text
    if column.format is Format.DATE:
        return _Remembered(_date(column)).__getitem__
    if column.is_amount:
        return _amount(layout, column)
    return _number(column)


def total_cell_for(layout: Layout, column: Column) -> Cell:
    """The same for a header or trailer, where totals are plain: the sign rule is for records."""
    if column.constant is None and column.is_amount:
        return _signed_text(column)
    return cell_for(layout, column)


def _text(layout: Layout, column: Column) -> Cell:
    clean = safe_cell if layout.kind is Kind.DELIMITED else one_line
    fit = _fit_text(layout, column)

    def cell(value: str) -> str:
        if not value:
            return fit(_present(column, ""))
        return fit(clean(value))

    return cell


def _fit_text(layout: Layout, column: Column) -> Cell:
    longest = column.width or LONGEST
    padded = layout.kind is Kind.FIXED_WIDTH
    pad = str.rjust if column.align == "right" else str.ljust

    def fit(text: str) -> str:
        if len(text) > longest:
            if column.overflow is not Overflow.CUT:
                raise CellRefused(
                    f"is {len(text)} characters long and there is room for {longest}: "
                    f"“{text[:60]}”."
                )
            text = text[:longest]
        return pad(text, longest) if padded else text

    return fit


def _date(column: Column) -> Cell:
    pattern = DATE_PATTERNS[column.pattern]
    width = column.width or 0

    def cell(value: date | None) -> str:
        text = value.strftime(pattern) if value is not None else _present(column, "")
        return _fit_number(column, text.ljust(width))

    return cell


def _amount(layout: Layout, column: Column) -> Cell:
    """Money in is a credit. `sign_rule` says which side a signed column shows above zero."""
    body = _signed_text(column)
    if column.side is Side.SIGNED:
        positive = 1 if layout.sign_rule is SignRule.CREDIT_POSITIVE else -1
        return lambda pence: body(positive * pence)
    blank = _fit_number(column, "".rjust(column.width or 0))
    # Nothing at all is written as a credit, so that no record is without an amount.
    if column.side is Side.CREDIT:
        return lambda pence: body(pence) if pence >= 0 else blank
    return lambda pence: body(-pence) if pence < 0 else blank


def _signed_text(column: Column) -> Cell:
    pounds = column.format is Format.POUNDS
    width = column.width or 0
    fill = "0" if column.pad == "0" else " "

    def body(pence: int) -> str:
        size = abs(pence)
        digits = f"{size // 100}.{size % 100:02d}" if pounds else str(size)
        sign = "-" if pence < 0 else "+" if column.sign is SignStyle.ALWAYS else ""
        if column.sign is SignStyle.TRAILING:
            text = digits.rjust(width - 1, fill) + (sign or (" " if width else ""))
        elif fill == "0":
            text = sign + digits.rjust(width - len(sign), "0")
        else:
            text = sign + digits
        return _fit_number(column, _aligned(column, text))

    return body


def _number(column: Column) -> Cell:
    fill = "0" if column.pad == "0" else " "

    def cell(value: int | None) -> str:
        text = _present(column, "") if value is None else str(value)
        if fill == "0":
            text = text.rjust(column.width or 0, "0")
        return _fit_number(column, _aligned(column, text))

    return cell


def _aligned(column: Column, text: str) -> str:
    width = column.width or 0
    return text.rjust(width) if column.align == "right" else text.ljust(width)


def _fit_number(column: Column, text: str) -> str:
    if column.width is not None and len(text) > column.width:
        raise CellRefused(
            f"is {len(text)} characters long and there is room for {column.width}: “{text}”."
        )
    return text


def _present(column: Column, text: str) -> str:
    if column.required:
        raise CellRefused("is empty, and the layout says it must be filled.")
    return text


def read_amount(column: Column, text: str) -> int:
    """Pence as written, with its own sign; 0 for a blank. Raises ValueError for anything else.

    On purpose not the code that wrote it, so that one mistake cannot hide another.
    """
    text = text.strip()
    if not text:
        return 0
    if column.sign is SignStyle.TRAILING and text[-1:] == "-":
        text = "-" + text[:-1]
    if column.format is Format.POUNDS:
        pounds, point, pence = text.rpartition(".")
        if point != "." or len(pence) != _DECIMALS:
            raise ValueError(text)
        text = pounds + pence
    if not (text.isascii() and text.lstrip("+-").isdigit()):
        raise ValueError(text)
    return int(text)
