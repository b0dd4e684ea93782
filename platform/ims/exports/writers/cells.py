"""A column's values to the text a layout wants, many at a time.

Each writer takes the values of one column for a batch of records. Plain batches, which is nearly
all of them, go through at the speed of C; one odd value sends its batch through value by value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
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

# What a spreadsheet holds in a cell; longer is never a narrative.
LONGEST = 32_767
# Fields with few values: they are looked up, not written again. The bound keeps memory flat.
_REPEATING = TEXT_SOURCES - {"entry_reference", "account_reference", "narrative"}
_REMEMBERED = 4_096
# A value that begins with none of these needs no apostrophe (ims_kernel.spreadsheets).
_MAY_START_FORMULA = re.compile("\n[^\\w'\"(£&]")

_POUNDS = "%d.%02d".__mod__

One = Callable[[Any], str]
Cells = Callable[[Sequence[Any]], Iterable[str]]


class CellRefused(ValueError):
    """A value cannot be written in its column. The writer adds which record it was."""


class _Remembered(dict[Any, str]):
    """A formatter that remembers, with a look-up at the speed of a dict."""

    def __init__(self, make: One) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, value: Any) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        text = self[value] = self._make(value)
        return text


def cells_for(layout: Layout, column: Column) -> Cells:
    """The function that writes a batch of values of this column.

    It raises CellRefused for a value that cannot be written.
    """
    if column.constant is not None:
        fixed = _text(layout, column)(column.constant)
        return lambda values: [fixed] * len(values)
    if column.format is Format.DATE:
        return _each(_Remembered(_date(column)).__getitem__)
    if column.format is Format.TEXT:
        one = _text(layout, column)
        if column.source in _REPEATING:
            return _each(_Remembered(one).__getitem__)
        return _texts(layout, column, one)
    if column.is_amount:
        return _amounts(layout, column)
    return _numbers(column)


def total_for(layout: Layout, column: Column, value: Any) -> str:
    """The text of one cell of a header or trailer, where the sign rule for records is not used."""
    if column.constant is None and column.is_amount:
        return _money(column)(value)
    (text,) = cells_for(layout, column)([value])
    return text


def _each(one: One) -> Cells:
    return lambda values: list(map(one, values))


def _text(layout: Layout, column: Column) -> One:
    clean = safe_cell if layout.kind is Kind.DELIMITED else one_line
    longest = column.width or LONGEST
    padded = layout.kind is Kind.FIXED_WIDTH
    pad = str.rjust if column.align == "right" else str.ljust

    def one(value: str | None) -> str:
        text = clean(value) if value else _blank(column)
        if len(text) > longest:
            if column.overflow is not Overflow.CUT:
                raise CellRefused(
                    f"is {len(text)} characters long and there is room for {longest}: "
                    f"“{text[:60]}”."
                )
            text = text[:longest]
        return pad(text, longest) if padded else text

    return one


def _texts(layout: Layout, column: Column, one: One) -> Cells:
    """The batch as it is when every value is plain text that fits; else one by one."""
    longest = column.width or LONGEST
    width = longest if layout.kind is Kind.FIXED_WIDTH else 0
    pad = str.rjust if column.align == "right" else str.ljust
    delimited = layout.kind is Kind.DELIMITED

    def cells(values: Sequence[str | None]) -> Iterable[str]:
        texts = [value or "" for value in values]
        plain = (
            "".join(texts).isprintable()
            and max(map(len, texts)) <= longest
            and not (column.required and not all(texts))
            and not (delimited and _MAY_START_FORMULA.search("\n" + "\n".join(texts)))
        )
        if not plain:
            return list(map(one, values))
        return [pad(text, width) for text in texts] if width else texts

    return cells


def _date(column: Column) -> One:
    pattern = DATE_PATTERNS[column.pattern]

    def one(value: date | None) -> str:
        text = value.strftime(pattern) if value is not None else _blank(column)
        return _fitted(column, text.ljust(column.width or 0))

    return one


def _amounts(layout: Layout, column: Column) -> Cells:
    """Money in is a credit. `sign_rule` says which side a signed column shows above zero."""
    if column.side is not Side.SIGNED:
        return _one_side(column)
    write = _numbers(column) if _is_number(column) else _each(_money(column))
    if column.source == "vat_pence":
        # Most lines have no VAT, and the rest few rates on few prices.
        write = _each(_Remembered(_money(column)).__getitem__)
    if layout.sign_rule is SignRule.CREDIT_POSITIVE:
        return write
    return lambda values: write([-pence for pence in values])


def _one_side(column: Column) -> Cells:
    one = _money(column)
    blank = " " * (column.width or 0)
    if column.side is Side.CREDIT:
        # Nothing at all is written as a credit, so that no record is without an amount.
        return lambda values: [one(pence) if pence >= 0 else blank for pence in values]
    return lambda values: [one(-pence) if pence < 0 else blank for pence in values]


def _is_number(column: Column) -> bool:
    return column.format is Format.PENCE and column.sign is not SignStyle.TRAILING


def _money(column: Column) -> One:
    """An amount in pence as text, with its own sign."""
    if _is_number(column):
        return _number(column)
    width = column.width or 0
    trailing = column.sign is SignStyle.TRAILING
    plus = "+" if column.sign is SignStyle.ALWAYS else " " if trailing and width else ""
    zeros = width if column.pad == "0" else 0
    pad = str.rjust if column.align == "right" else str.ljust
    pounds = column.format is Format.POUNDS

    def one(pence: int) -> str:
        sign, size = ("-", -pence) if pence < 0 else (plus, pence)
        text = _POUNDS(divmod(size, 100)) if pounds else str(size)
        if zeros:
            text = text.rjust(zeros - len(sign), "0")
        if sign:
            text = text + sign if trailing else sign + text
        return _fitted(column, pad(text, width)) if width else text

    return one


def _pattern(column: Column) -> One:
    """Whole numbers by a printf pattern such as `%+09d`: the fastest way there is."""
    plus = "+" if column.sign is SignStyle.ALWAYS else ""
    fill = "0" if column.pad == "0" else "-" if column.align == "left" else ""
    return f"%{plus}{fill}{column.width or ''}d".__mod__


def _number(column: Column) -> One:
    width = column.width or 0
    write = _pattern(column)

    def one(value: int | None) -> str:
        text = write(value) if value is not None else _blank(column).ljust(width)
        return text if len(text) == width or not width else _fitted(column, text)

    return one


def _numbers(column: Column) -> Cells:
    width, write, one = column.width, _pattern(column), _number(column)

    def cells(values: Sequence[int | None]) -> Iterable[str]:
        if None in values:
            return list(map(one, values))
        texts = list(map(write, values))
        if width is not None and max(map(len, texts)) > width:
            return list(map(one, values))
        return texts

    return cells


def _fitted(column: Column, text: str) -> str:
    if column.width is not None and len(text) > column.width:
        raise CellRefused(
            f"is {len(text)} characters long and there is room for {column.width}: “{text}”."
        )
    return text


def _blank(column: Column) -> str:
    if column.required:
        raise CellRefused("is empty, and the layout says it must be filled.")
    return ""
