"""Reference rules and check digits as settings: their fields, and what is refused in words."""

from __future__ import annotations

from typing import Any

from ims.accounts.check_digits import (
    MAX_MODULUS,
    MIN_MODULUS,
    CheckDigitConfig,
    check_config,
    read_weights,
)
from ims.accounts.errors import CheckDigitUnusable, ReferenceRuleUnusable
from ims.accounts.models import CheckDigit, ReferenceRule
from ims.accounts.reference import RuleConfig
from ims.accounts.reference_book import digit_config, rule_config
from ims.accounts.reference_steps import MAX_PATTERN, MAX_REFERENCE
from ims.accounts.rule_checks import check_rule
from ims_kernel.records.errors import RecordRefused
from ims_kernel.records.fields import Choice, Flag, Link, Text, Values, Whole
from ims_kernel.records.kinds import Kind
from ims_kernel.records.storing import set_columns

CONFIGURE = "accounts.configure"
SECTION = "Accounts"
_CODE = {
    "max_length": 20,
    "pattern": "[A-Za-z0-9][A-Za-z0-9_-]*",
    "pattern_words": "letters, digits, hyphens and underscores",
    "fixed": True,
}


def _check_digit(after: Values, _before: Values | None) -> None:
    try:
        config = _digit_of(after)
        check_config(config)
    except CheckDigitUnusable as error:
        raise RecordRefused(error.message, field=error.facts["field"]) from error
    rules = ReferenceRule.objects.filter(check_digit__code=after["code"], is_active=True)
    for rule in rules.select_related("check_digit").order_by("code"):
        try:
            check_rule(_with_digit(rule_config(rule), config))
        except (ReferenceRuleUnusable, CheckDigitUnusable) as error:
            raise RecordRefused(
                f"Reference rule {rule.code} uses this check digit and would not work any more. "
                f"{error.message}",
                field="method",
            ) from error


def _with_digit(config: RuleConfig, digit: CheckDigitConfig) -> RuleConfig:
    values = {name: getattr(config, name) for name in RuleConfig.__slots__}
    return RuleConfig(**{**values, "check_digit": digit})


def _digit_of(values: Values) -> CheckDigitConfig:
    return CheckDigitConfig(
        method=values["method"],
        modulus=values["modulus"],
        weights=read_weights(values["weights"]),
        source_substitution=values["source_substitution"],
        result_substitutions=values["result_substitutions"],
        subtract=values["subtract"],
        alphabet=values["alphabet"],
    )


def _load_digit(digit: CheckDigit) -> Values:
    return {"weights": ",".join(str(weight) for weight in digit.weights)}


def _store_digit(digit: Any, values: Values) -> None:
    set_columns(CHECK_DIGITS, digit, values)
    digit.weights = list(read_weights(values["weights"]))
    digit.save()


def _check_rule(after: Values, _before: Values | None) -> None:
    digit = CheckDigit.objects.filter(code=after["check_digit"]).first()
    try:
        check_rule(
            RuleConfig(
                code=after["code"],
                name=after["name"],
                min_length=after["min_length"],
                max_length=after["max_length"],
                characters=after["characters"],
                pattern=after["pattern"],
                mask=after["mask"],
                check_digit=digit_config(digit) if digit else None,
                strip_spaces=after["strip_spaces"],
                upper_case=after["upper_case"],
                example=after["example_reference"],
            )
        )
    except CheckDigitUnusable as error:
        raise RecordRefused(error.message, field="check_digit") from error
    except ReferenceRuleUnusable as error:
        raise RecordRefused(error.message, field=error.facts["field"]) from error


CHECK_DIGITS = Kind(
    slug="check-digits",
    singular="check digit",
    plural="check digits",
    sentence="A check digit is the character of a reference that is worked out from the others, so "
    "that one mistyped character is noticed.",
    section=SECTION,
    model=CheckDigit,
    change=CONFIGURE,
    columns=("code", "name", "method"),
    order=5,
    check=_check_digit,
    load=_load_digit,
    store=_store_digit,
    fields=(
        Text(name="code", label="Code", **_CODE),  # type: ignore[arg-type]
        Text(name="name", label="Name", max_length=100),
        Choice(
            name="method",
            label="Method",
            hint="The weighted sum, and Luhn with own weights, take the settings below. The "
            "published methods take none of them.",
            options=tuple((str(value), str(label)) for value, label in CheckDigit.Method.choices),
        ),
        Whole(
            name="modulus",
            label="Modulus",
            hint="What the sum is divided by, such as 10 or 11.",
            minimum=MIN_MODULUS,
            maximum=MAX_MODULUS,
            optional=True,
            heading="Weighted sum",
        ),
        Text(
            name="weights",
            label="Weights",
            hint="One for each place of the reference, such as 9,8,7,6,5,4,3,2,1,0. The place of "
            "the check character has 0.",
            max_length=200,
            optional=True,
        ),
        Text(
            name="source_substitution",
            label="Replacement for the start",
            hint="Replaces as many characters: with 05, BJ1234567 counts as 051234567.",
            max_length=20,
            optional=True,
        ),
        Flag(
            name="subtract",
            label="Take the remainder from the modulus",
            hint="A remainder of 0 gives the modulus itself, such as 10.",
        ),
        Text(
            name="result_substitutions",
            label="Characters for results",
            hint="A result, a colon and its character: 10:A. With several, put commas between.",
            max_length=200,
            optional=True,
        ),
        Text(
            name="alphabet",
            label="Numbers of letters",
            hint="Such as A=10, B=11. A letter without a number does not count.",
            max_length=300,
            optional=True,
            heading="Letters",
        ),
    ),
)

REFERENCE_RULES = Kind(
    slug="reference-rules",
    singular="reference rule",
    plural="reference rules",
    sentence="A reference rule says what the account references of a fund look like. Every step "
    "that is filled in must pass.",
    section=SECTION,
    model=ReferenceRule,
    change=CONFIGURE,
    columns=("code", "name", "example_reference"),
    order=6,
    check=_check_rule,
    fields=(
        Text(name="code", label="Code", **_CODE),  # type: ignore[arg-type]
        Text(name="name", label="Name", max_length=60),
        Flag(
            name="strip_spaces",
            label="Take out spaces",
            hint="Payers often type a reference in groups. It is kept without the spaces.",
            default=True,
        ),
        Flag(
            name="upper_case",
            label="Write in capitals",
            hint="The reference is kept in capitals however it was typed.",
            default=True,
        ),
        Whole(
            name="min_length",
            label="Shortest length",
            minimum=1,
            maximum=MAX_REFERENCE,
            default=1,
            heading="Steps",
        ),
        Whole(
            name="max_length",
            label="Longest length",
            minimum=1,
            maximum=MAX_REFERENCE,
            default=30,
        ),
        Choice(
            name="characters",
            label="Characters",
            options=tuple(
                (str(value), str(label)) for value, label in ReferenceRule.Characters.choices
            ),
            optional=True,
        ),
        Text(
            name="pattern",
            label="Pattern",
            hint="A regular expression (RE2). It may match anywhere: write ^ at the start and $ at "
            "the end for the whole reference.",
            max_length=MAX_PATTERN,
            optional=True,
        ),
        Text(
            name="mask",
            label="Mask",
            hint="$ is a letter, # a digit, ? either, * either or a space, / or -, and @ the check "
            "character. Anything else stands for itself: BJ#######@",
            max_length=MAX_REFERENCE,
            optional=True,
        ),
        Link(
            name="check_digit",
            label="Check digit",
            hint="Of the character that is @ in the mask, or of the last one where there is no "
            "mask.",
            to="check-digits",
            optional=True,
        ),
        Text(
            name="example_reference",
            label="Example",
            hint="A real reference that must pass. Leave it empty and we look for one ourselves.",
            max_length=MAX_REFERENCE,
            optional=True,
            heading="Proof",
        ),
    ),
)
