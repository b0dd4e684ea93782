"""Finding the line of a value in a TOML file."""

from __future__ import annotations

import pytest

from ims_kernel.configuration.places import line_of

TEXT = '''schema = 1

[money]
vat_rounding = "half_up"

[[vat-codes]]
code = "S"
[[vat-codes.rates]]
starts_on = "2011-01-04"
rate = 2000
[[vat-codes.rates]]
starts_on = "2012-01-04"
rate = 2100

[[vat-codes]]
name = """
[[vat-codes]]
code = "not a header"
"""
code = "Z"

[["funds"]]
"code" = 'CT'
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("money", 1), 3),
        (("money", 1, "vat_rounding"), 4),
        (("vat-codes", 1), 6),
        (("vat-codes", 1, "code"), 7),
        (("vat-codes", 1, "rates", 2), 11),
        (("vat-codes", 1, "rates", 2, "rate"), 13),
        (("vat-codes", 1, "rates", 2, "nothing"), 11),
        (("vat-codes", 1, "rates", 9), 6),
        (("vat-codes", 2), 15),
        (("vat-codes", 2, "code"), 20),
        (("vat-codes", 2, "missing"), 15),
        (("funds", 1, "code"), 23),
        (("funds", 2), 1),
        (("gold", 1, "code"), 1),
    ],
)
def test_the_line_of_a_value(path: tuple[str, int], line: int) -> None:
    assert line_of(TEXT, *path) == line
