from __future__ import annotations

import pytest

from ims_kernel.spreadsheets import one_line, safe_cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\uff1d", " =", "\n@", "\x00="])
def test_a_formula_gets_an_apostrophe(start: str) -> None:
    assert safe_cell(f"{start}1") == "'" + one_line(f"{start}1")


@pytest.mark.parametrize(
    "text", ["", "plain", "a=b", " plain", "7", "'", "Zoë", "No-break\u00a0space"]
)
def test_other_text_is_left_alone(text: str) -> None:
    assert safe_cell(text) == text


@pytest.mark.parametrize("break_", ["\n", "\r", "\t", "\x00", "\x7f", "\x85", "\u2028", "\u2029"])
def test_each_line_break_becomes_one_space(break_: str) -> None:
    assert one_line(f"a{break_}b") == "a b"
    assert safe_cell(f"a{break_}b") == "a b"
