"""Validators and check digits of account references, as reference rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from ims.accounts.check_digits import CheckDigitConfig, check_config, read_weights
from ims.accounts.errors import CheckDigitUnusable, ReferenceRuleUnusable
from ims.accounts.reference import RuleConfig
from ims.accounts.reference_steps import MAX_REFERENCE
from ims.accounts.rule_checks import check_rule
from ims_config.localgovims.cells import Row
from ims_config.localgovims.work import Candidate, Work, code_from
from ims_kernel.records.fields import Values

_METHODS: Mapping[int, str] = MappingProxyType({1: "weighted", 2: "luhn_variant"})
_CHARACTERS: Mapping[int, str] = MappingProxyType(
    {
        1: "letters", 2: "letters_spaces", 3: "digits", 4: "digits_spaces",
        5: "letters_digits", 6: "letters_digits_spaces",
    }
)  # fmt: skip
_ESCAPES = re.compile(r"\\(?:[pP]\{[^}]*\}|.)|\(\?[a-zA-Z-]*[:)]")
_CODE_LENGTH = 20


@dataclass(slots=True)
class Rules:
    """The rules by the old validator's number, and which of them had no mask."""

    candidates: list[Candidate] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    without_mask: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Digits:
    codes: dict[str, str] = field(default_factory=dict)
    configs: dict[str, CheckDigitConfig] = field(default_factory=dict)


def reference_rules(work: Work) -> Rules:
    """The check digits and the rules that the service can work with; the others are told."""
    rules, digits, taken = Rules(), _Digits(), set[str]()
    for row in work.dump.rows("CheckDigitConfiguration"):
        _add_digit(work, row, rules, digits, taken)
    taken = set()
    for row in work.dump.rows("AccountReferenceValidator"):
        _add_rule(work, row, rules, digits, taken)
    return rules


def _add_digit(work: Work, row: Row, rules: Rules, digits: _Digits, taken: set[str]) -> None:
    number, name = row.text("Id"), row.words("Name")
    try:
        config = _digit(row)
        check_config(config)
    except CheckDigitUnusable as error:
        work.report.leave("CheckDigitConfiguration", name, error.message)
        return
    code = code_from(
        name, taken, longest=_CODE_LENGTH, fallback=f"CHECK-{number}"[:_CODE_LENGTH], between="-"
    )
    values: Values = {
        "code": code,
        "name": name,
        "method": config.method,
        "modulus": config.modulus,
        "weights": ",".join(map(str, config.weights)),
        "source_substitution": config.source_substitution,
        "subtract": config.subtract,
        "result_substitutions": config.result_substitutions,
    }
    digits.codes[number], digits.configs[number] = code, config
    rules.candidates.append(Candidate("check-digits", values, "CheckDigitConfiguration", name))


def _digit(row: Row) -> CheckDigitConfig:
    """The check digit as the service writes it. Raises CheckDigitUnusable."""
    method = _METHODS.get(row.whole("Type") or 0)
    if method is None:
        raise CheckDigitUnusable(f"“{row.text('Type')[:10]}” is no type of check digit we know.")
    config = CheckDigitConfig(
        method=method,
        modulus=row.whole("Modulus"),
        weights=read_weights(row.text("Weightings")),
        result_substitutions=row.text("ResultSubstitutions").replace(" ", ""),
    )
    if method != "weighted":
        return config  # the Luhn variant never looked at the other two
    return replace(
        config,
        source_substitution=row.text("SourceSubstitutions"),
        subtract=row.flag("ApplySubtraction"),
    )


def _add_rule(work: Work, row: Row, rules: Rules, digits: _Digits, taken: set[str]) -> None:
    number, name = row.text("Id"), row.words("Name")
    rules.names[number] = name
    try:
        config = _usable(work, row, _rule(work, row, digits))
    except (ReferenceRuleUnusable, CheckDigitUnusable) as error:
        work.report.leave("AccountReferenceValidator", name, error.message)
        return
    code = code_from(
        name, taken, longest=_CODE_LENGTH, fallback=f"RULE-{number}"[:_CODE_LENGTH], between="-"
    )
    values: Values = {
        "code": code,
        "name": name,
        "strip_spaces": config.strip_spaces,
        "upper_case": config.upper_case,
        "min_length": config.min_length,
        "max_length": config.max_length,
        "characters": config.characters,
        "pattern": config.pattern,
        "mask": config.mask,
        "check_digit": (
            digits.codes[row.text("CheckDigitConfigurationId")] if config.check_digit else ""
        ),
    }
    rules.codes[number] = code
    if not config.mask:
        rules.without_mask.add(number)
    rules.candidates.append(Candidate("reference-rules", values, "AccountReferenceValidator", name))


def _rule(work: Work, row: Row, digits: _Digits) -> RuleConfig:
    """The rule as the service writes it. Raises ReferenceRuleUnusable."""
    name, mask, pattern = row.words("Name"), row.text("InputMask"), row.text("Regex")
    kind = row.whole("CharacterType")
    if kind is not None and kind not in _CHARACTERS:
        raise ReferenceRuleUnusable(f"{kind} is no type of characters we know.")
    characters = _CHARACTERS[kind] if kind else ""
    longest = row.whole("MaxLength") or 0
    if longest > MAX_REFERENCE:
        work.report.change(
            "AccountReferenceValidator", name,
            f"its longest length was {longest}. A reference has at most {MAX_REFERENCE}.",
        )  # fmt: skip
    return RuleConfig(
        name=name,
        min_length=max(row.whole("MinLength") or 0, 1),
        max_length=min(longest, MAX_REFERENCE),
        characters=characters,
        pattern=pattern,
        mask=mask,
        check_digit=_digit_of(work, row, name, digits),
        strip_spaces=not _takes_spaces(characters, mask),
        # A pattern with small letters could not match a reference that is put in capitals first.
        upper_case=not re.search("[a-z]", _ESCAPES.sub("", pattern)),
    )


def _takes_spaces(characters: str, mask: str) -> bool:
    """Whether a reference may hold a space, which must then not be taken out of it."""
    if characters:
        return characters.endswith("_spaces")
    return not mask or "*" in mask or " " in mask


def _digit_of(work: Work, row: Row, name: str, digits: _Digits) -> CheckDigitConfig | None:
    number = row.text("CheckDigitConfigurationId")
    if not number:
        return None
    if "@" not in row.text("InputMask"):
        work.report.change(
            "AccountReferenceValidator", name,
            "its check digit is left out: without @ in the mask the old system never ran it.",
        )  # fmt: skip
        return None
    if number not in digits.configs:
        raise ReferenceRuleUnusable("its check digit could not be carried.")
    return digits.configs[number]


def _usable(work: Work, row: Row, config: RuleConfig) -> RuleConfig:
    """The rule, or the rule without a pattern that RE2 cannot read. Raises as check_rule."""
    try:
        check_rule(config)
    except ReferenceRuleUnusable as error:
        if error.facts.get("field") != "pattern":
            raise
        config = replace(config, pattern="", upper_case=True)
        check_rule(config)
        work.report.change(
            "AccountReferenceValidator", config.name,
            f"its pattern {row.text('Regex')} is left out, and its other steps are carried. "
            f"{error.message}",
        )  # fmt: skip
    return config
