"""Check digits: the old system's worked examples, and published examples of the others."""

from __future__ import annotations

import pytest

from ims.accounts.check_digits import (
    CheckDigitConfig,
    CompiledCheckDigit,
    check_config,
    compile_check_digit,
    read_weights,
)
from ims.accounts.check_methods import ALPHANUMERIC
from ims.accounts.errors import CheckDigitUnusable


def weighted(
    weights: str, modulus: int = 10, results: str = "", **more: object
) -> CheckDigitConfig:
    return CheckDigitConfig(
        method="weighted",
        modulus=modulus,
        weights=read_weights(weights),
        result_substitutions=results,
        **more,  # type: ignore[arg-type]
    )


def variant(weights: str, results: str) -> CheckDigitConfig:
    return CheckDigitConfig(
        method="luhn_variant",
        modulus=10,
        weights=read_weights(weights),
        result_substitutions=results,
    )


DOWN = "9,8,7,6,5,4,3,2,1,0"
PARKING = weighted(DOWN, 11, "10:A", source_substitution="05")
PENALTY = weighted(DOWN, 11, "10:A", source_substitution="12")
ACADEMY = weighted("3,7,1,3,7,1,3,7,0", 10, "10:0", subtract=True)
RENTS = weighted("0,0,9,7,1,4,6,3,2,8,0", 10, "10:0", subtract=True)
LETTERS = weighted("2,0,3,0,4,0,5,0,0,0", 10, "10:Z", source_substitution="98", subtract=True)
LONG = weighted("9,8,7,6,5,4,3,2,1,0,0", 10, "10:Z", subtract=True)
PLAIN = weighted("9,8,7,6,5,4,3,2,1,0,0", 10, "10:Z")
LIBRARY = variant("2,0,2,0,2,0,2,0,2,0,2,0,2", "10:0")


@pytest.mark.parametrize(
    ("config", "reference"),
    [
        (PARKING, "BJ12345673"),
        (PARKING, "BJ1234563A"),
        (PARKING, "BJ76543214"),
        (PARKING, "BJ00000018"),
        (ACADEMY, "500123458"),
        (ACADEMY, "123456780"),
        (ACADEMY, "800000019"),
        (PENALTY, "FP1234567A"),
        (RENTS, "12345678902"),
        (LETTERS, "AB1234562"),
        (LONG, "963456138Z"),
        (PLAIN, "9634561380"),
        (LIBRARY, "21800000123453"),
        (LIBRARY, "12345678901237"),
        (LIBRARY, "55555555555553"),
        (variant("2,0,3,0,4,0,5,0,6", "10:Z"), "AB1234567"),
        (variant(DOWN, "10:Z"), "963456138Z"),
    ],
)
def test_the_old_systems_examples_and_no_other_check_character(
    config: CheckDigitConfig, reference: str
) -> None:
    fits = compile_check_digit(config).fits
    at = len(reference) - 1
    right = [letter for letter in ALPHANUMERIC if fits(reference[:-1] + letter, at)]
    assert right == [reference[-1]]


@pytest.mark.parametrize(
    ("config", "reference"), [(LETTERS, "AB1234566"), (LONG, "9634561384"), (PLAIN, "9634561381")]
)
def test_the_old_systems_wrong_examples(config: CheckDigitConfig, reference: str) -> None:
    assert not compile_check_digit(config).fits(reference, len(reference) - 1)


@pytest.mark.parametrize(
    ("method", "reference"),
    [
        ("luhn", "79927398713"),
        ("mod_97_10", "79444"),
        ("mod_97_10", "GB82WEST12345698765432"[4:] + "GB82"),  # an IBAN, turned as ISO 13616 does
        ("mod_11_2", "0000000218250097"),
        ("mod_11_2", "079X"),
        ("mod_11_2", "07940"),
        ("mod_37_36", "A12425GABC1234002M"),
        ("verhoeff", "2363"),
        ("verhoeff", "123451"),
        ("damm", "5724"),
    ],
)
def test_published_examples(method: str, reference: str) -> None:
    compiled = compile_check_digit(CheckDigitConfig(method=method))
    assert compiled.fits(reference, len(reference) - 1)
    spaced = f"{reference[:1]} {reference[1:2]}-{reference[2:]}"
    assert compiled.fits(spaced, len(spaced) - 1)


@pytest.mark.parametrize("method", ["luhn", "mod_97_10", "mod_11_2", "verhoeff", "damm"])
def test_one_wrong_digit_is_always_found(method: str) -> None:
    fits = compile_check_digit(CheckDigitConfig(method=method)).fits
    good = next(f"4711{n:05}" for n in range(100_000) if fits(f"4711{n:05}", 8))
    for place in range(len(good)):
        for digit in "0123456789":
            other = good[:place] + digit + good[place + 1 :]
            assert fits(other, 8) == (other == good), other


@pytest.mark.parametrize(
    "method", ["luhn", "mod_97_10", "mod_11_2", "mod_37_36", "verhoeff", "damm"]
)
@pytest.mark.parametrize("reference", ["", "1", "-", "A", "7-", "  ", "é1", "1é"])
def test_what_is_no_reference_never_fits_and_never_breaks(method: str, reference: str) -> None:
    assert not compile_check_digit(CheckDigitConfig(method=method)).fits(
        reference, len(reference) - 1
    )


def test_letters_count_by_the_alphabet_when_there_is_one() -> None:
    plain = weighted("5,1,0", 10)
    lettered = weighted("5,1,0", 10, alphabet="A=11, B=12")
    assert compile_check_digit(plain).fits("A33", 2)  # 3
    assert compile_check_digit(lettered).fits("A38", 2)  # 55 + 3
    assert compile_check_digit(CheckDigitConfig(method="luhn", alphabet="A=7")).fits(
        "A9927398713", 10
    )


def test_a_digit_without_a_weight_is_wrong_and_a_letter_is_not() -> None:
    fits: CompiledCheckDigit = compile_check_digit(weighted("1,0", 10))
    assert fits.fits("33", 1)
    assert fits.fits("33X", 1)
    assert not fits.fits("330", 1)


@pytest.mark.parametrize(
    "weights", ["9,8,x", "9,,8", "1.5", "-1,2", "1;2", "\u0661,\u0662", "1000"]
)
def test_weights_that_are_no_numbers_are_refused_with_their_place(weights: str) -> None:
    with pytest.raises(CheckDigitUnusable, match="Weight") as refused:
        read_weights(weights)
    assert refused.value.facts["field"] == "weights"


@pytest.mark.parametrize(
    ("config", "field"),
    [
        (CheckDigitConfig(method="guess"), "method"),
        (CheckDigitConfig(method="weighted", weights=(1, 2)), "modulus"),
        (CheckDigitConfig(method="weighted", modulus=1, weights=(1, 2)), "modulus"),
        (CheckDigitConfig(method="weighted", modulus=10), "weights"),
        (CheckDigitConfig(method="weighted", modulus=10, weights=(0, 0)), "weights"),
        (CheckDigitConfig(method="weighted", modulus=10, weights=(1,) * 41), "weights"),
        (weighted("1,0", 10, "11:A"), "result_substitutions"),
        (weighted("1,0", 10, "10"), "result_substitutions"),
        (weighted("1,0", 10, "10:AB"), "result_substitutions"),
        (weighted("1,0", 10, "10:a"), "result_substitutions"),
        (weighted("1,0", 10, "1:A,1:B"), "result_substitutions"),
        (weighted("1,0", 10, "9" * 5000 + ":A"), "result_substitutions"),
        (weighted("1,0", 10, source_substitution="ab"), "source_substitution"),
        (weighted("1,0", 10, alphabet="A=10, A=11"), "alphabet"),
        (weighted("1,0", 10, alphabet="a=10"), "alphabet"),
        (weighted("1,0", 10, alphabet="AB=10"), "alphabet"),
        (CheckDigitConfig(method="luhn", modulus=10), "modulus"),
        (CheckDigitConfig(method="damm", weights=(1,)), "weights"),
        (CheckDigitConfig(method="verhoeff", subtract=True), "subtract"),
        (CheckDigitConfig(method="luhn", result_substitutions="10:A"), "result_substitutions"),
        (CheckDigitConfig(method="luhn", source_substitution="05"), "source_substitution"),
        (CheckDigitConfig(method="mod_97_10", alphabet="A=1"), "alphabet"),
    ],
)
def test_what_could_not_work_is_refused_with_its_field(
    config: CheckDigitConfig, field: str
) -> None:
    with pytest.raises(CheckDigitUnusable) as refused:
        check_config(config)
    assert refused.value.facts["field"] == field
    assert refused.value.message.endswith(".")
