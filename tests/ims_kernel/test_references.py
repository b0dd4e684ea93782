"""Receipt numbers: every slip of the finger is caught, every way of writing one is understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ims_kernel.references import ALPHABET, ReferenceUnreadable, decode, encode

# Short and long, with runs of equal digits, zeros in front and the first and last of a length.
NUMBERS = [1, 31, 32, 1_000, 32**4 + 7, 33_554_431, 33_554_432, 987_654_321, 32**9 + 5, 2**53]


def is_caught(text: str) -> bool:
    try:
        decode(text)
    except ReferenceUnreadable:
        return True
    return False


@given(st.integers(min_value=1, max_value=32**12 - 1))
def test_a_number_is_read_back(number: int) -> None:
    assert decode(encode(number)) == number


@pytest.mark.parametrize("number", NUMBERS)
def test_every_single_wrong_character_is_caught(number: int) -> None:
    text = encode(number)
    missed = [
        (text, wrong)
        for at, right in enumerate(text)
        for char in ALPHABET
        if char != right and not is_caught(wrong := text[:at] + char + text[at + 1 :])
    ]
    assert missed == []


@pytest.mark.parametrize("number", [*NUMBERS, *range(1, 200_000, 1_777)])
def test_every_swap_of_two_characters_is_caught(number: int) -> None:
    text = encode(number)
    missed = []
    for one in range(len(text)):
        for other in range(one + 1, len(text)):
            chars = list(text)
            chars[one], chars[other] = chars[other], chars[one]
            if text[one] != text[other] and not is_caught("".join(chars)):
                missed.append((text, one, other))
    assert missed == []


def test_numbers_are_short_and_leave_out_letters_that_look_like_digits() -> None:
    assert [len(encode(n)) for n in (1, 32**5 - 1, 32**5, 32**6)] == [6, 6, 7, 8]
    assert not set("ILOU") & set(ALPHABET)
    assert len(set(ALPHABET)) == 32


def test_numbers_are_read_however_they_are_spaced_cased_or_misread() -> None:
    text = encode(1_024 * 33 + 1)  # has 0 and 1 in it
    assert set("01") <= set(text)
    number = decode(text)
    ways = [
        text.lower(),
        f" {text} ",
        f"{text[:3]}-{text[3:]}",
        " ".join(text),
        text.replace("0", "O").replace("1", "I"),
        text.replace("0", "o").replace("1", "l"),
    ]
    assert [decode(way) for way in ways] == [number] * len(ways)


@pytest.mark.parametrize(
    "text",
    ["", " ", "0", "00000", "000000", "0" * 14, "ABCDE", "A" * 300, "00001\x00", "１"],  # noqa: RUF001
)
def test_other_texts_are_refused_and_say_what_to_do(text: str) -> None:
    with pytest.raises(ReferenceUnreadable) as refused:
        decode(text)
    assert refused.value.message == (
        f"“{text[:20]}” is not a receipt number. Check each character against the receipt."
    )


@given(st.text(max_size=16))
def test_any_text_gives_a_number_or_the_refusal(text: str) -> None:
    try:
        number = decode(text)
    except ReferenceUnreadable:
        return
    assert decode(encode(number)) == number


def test_the_next_number_never_looks_like_the_last_but_one_digit() -> None:
    for number in range(1, 2_000):
        one, other = encode(number), encode(number + 1)
        assert sum(a != b for a, b in zip(one, other, strict=True)) >= 2
