"""Sealed bytes open where they were sealed, unchanged, and nowhere else."""

from __future__ import annotations

import base64
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ims_kernel.crypto import envelope
from ims_kernel.crypto.envelope import Place
from ims_kernel.crypto.errors import KeyUnusable, SealBroken

KEY = bytes(range(32))
PART = st.text(st.characters(exclude_characters="|", exclude_categories=["Cs"]), max_size=40)
PLACES = st.builds(Place, PART, PART, PART, PART)
HERE = Place("3f0c", "payments_account", "credentials", "11")


@given(st.binary(max_size=2_000), PLACES, st.integers(1, 2**32 - 1))
def test_what_was_sealed_opens_in_its_place(plain: bytes, place: Place, number: int) -> None:
    sealed = envelope.seal(plain, place, key=KEY, number=number)
    assert envelope.number_of(sealed) == number
    assert envelope.unseal(sealed, place, key=KEY) == plain


@given(PLACES, PLACES)
def test_in_no_other_place(one: Place, other: Place) -> None:
    sealed = envelope.seal(b"secret", one, key=KEY, number=1)
    if one == other:
        return
    assert one.as_bytes() != other.as_bytes()
    with pytest.raises(SealBroken):
        envelope.unseal(sealed, other, key=KEY)


@pytest.mark.parametrize("part", ["scope", "table", "column", "row"])
def test_each_part_of_the_place_counts(part: str) -> None:
    sealed = envelope.seal(b"secret", HERE, key=KEY, number=1)
    with pytest.raises(SealBroken):
        envelope.unseal(sealed, dataclasses.replace(HERE, **{part: "other"}), key=KEY)


@given(st.data())
def test_a_changed_bit_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(envelope.seal(b"a secret of some length", HERE, key=KEY, number=7))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealBroken):
        envelope.unseal(bytes(sealed), HERE, key=KEY)


@given(st.binary(max_size=60))
def test_bytes_from_elsewhere_are_no_sealed_value(given_bytes: bytes) -> None:
    with pytest.raises(SealBroken):
        envelope.unseal(given_bytes, HERE, key=KEY)


def test_another_key_opens_nothing() -> None:
    sealed = envelope.seal(b"secret", HERE, key=KEY, number=1)
    with pytest.raises(SealBroken) as caught:
        envelope.unseal(sealed, HERE, key=envelope.new_key())
    assert caught.value.facts == {"table": "payments_account", "column": "credentials"}
    assert caught.value.__cause__ is None


def test_the_same_value_is_never_sealed_the_same_twice() -> None:
    assert len({envelope.seal(b"x", HERE, key=KEY, number=1) for _ in range(200)}) == 200


def test_a_part_with_the_separator_is_refused() -> None:
    with pytest.raises(ValueError, match="place"):
        Place("a|b", "c", "d", "e")


@given(st.binary(min_size=32, max_size=32))
def test_a_key_is_read_as_it_was_written_in_either_alphabet(key: bytes) -> None:
    assert envelope.read_key(envelope.write_key(key)) == key
    assert envelope.read_key(base64.urlsafe_b64encode(key).decode() + "\n") == key


@pytest.mark.parametrize("text", ["", "short", "é" * 44, "A" * 43, "A" * 88])
def test_a_key_of_another_length_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(KeyUnusable) as caught:
        envelope.read_key(text)
    assert not text or text not in str(caught.value)


def test_the_name_of_a_key_says_nothing_of_it() -> None:
    name = envelope.key_id(KEY)
    assert len(name) == 16
    assert name not in KEY.hex()
    assert name != envelope.key_id(envelope.new_key())
