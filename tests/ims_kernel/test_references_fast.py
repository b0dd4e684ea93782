"""The quick way to a receipt number gives what the plain way gives."""

from __future__ import annotations

import pytest

from ims_kernel.references import _encode, decode, encode

EDGES = (1, 31, 32, 32**3 - 1, 32**3, 32**3 + 1, 32**4, 32**5 - 1, 32**5, 32**6, 32**7 + 5)


@pytest.mark.parametrize("number", [*EDGES, *range(90_000, 10_000_000, 91_193)])
def test_looked_up_and_worked_out_are_the_same(number: int) -> None:
    assert encode(number) == _encode(number)
    assert decode(encode(number)) == number


@pytest.mark.parametrize("number", [0, -1, -(32**3), -(32**3) - 1])
def test_there_is_no_number_below_one(number: int) -> None:
    with pytest.raises(ValueError, match="start at 1"):
        encode(number)
