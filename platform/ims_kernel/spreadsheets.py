"""Text that a spreadsheet will show and never run."""

from __future__ import annotations

import re

# A spreadsheet takes a cell that begins with one of these for a formula. The wide forms are there
# because some spreadsheets fold them (OWASP, "CSV Injection").
_STARTS_FORMULA = frozenset("=+-@\t\r＝＋－＠")  # noqa: RUF001 - the wide forms are the point
_LINE_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def one_line(text: str) -> str:
    """The text with each control character and line break as one space."""
    return text if text.isprintable() else _LINE_BREAKS.sub(" ", text)


def safe_cell(text: str) -> str:
    """The text for a cell of a delimited file: one line, with `'` before anything like a formula.

    For text only: a number such as -12.50 must not pass through here.
    """
    if text.isprintable() and text[:1] not in _STARTS_FORMULA and text[:1] != " ":
        return text
    line = one_line(text)
    formula = text[:1] in _STARTS_FORMULA or line.lstrip()[:1] in _STARTS_FORMULA
    return "'" + line if formula else line
