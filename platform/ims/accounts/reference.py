"""Checking an account reference, step by step, with a verdict in words for every step.

The order is that of LocalGov IMS: amount limits, length, characters, pattern; then for a fund
whose accounts must exist the account list, and for any other fund mask and check digit. Nothing
here asks a database: accounts come from a callable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from ims.accounts.check_digits import CheckDigitConfig, compile_check_digit
from ims.accounts.reference_steps import (
    MAX_REFERENCE,
    Step,
    characters_step,
    check_digit_step,
    length_step,
    mask_step,
    pattern_step,
)
from ims_kernel.money import format_pounds

STEP_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "fund": "Fund",
        "amount": "Amount",
        "length": "Length",
        "characters": "Characters",
        "fund_pattern": "Pattern of the fund",
        "pattern": "Pattern",
        "mask": "Mask",
        "check_digit": "Check digit",
        "account": "Account list",
        "stop": "Stops and warnings",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleConfig:
    """A reference rule as a council writes it. Empty text means that the step is not there.

    `strip_spaces` and `upper_case` say how a reference is kept: without its spaces, in capitals.
    """

    code: str = ""
    name: str = ""
    min_length: int = 1
    max_length: int = 30
    characters: str = ""
    pattern: str = ""
    mask: str = ""
    check_digit: CheckDigitConfig | None = None
    strip_spaces: bool = True
    upper_case: bool = True
    example: str = ""


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule ready to use. `form` are length, characters and pattern; `finish` mask and check
    digit, which an account list stands in for."""

    config: RuleConfig
    form: tuple[Step, ...] = field(repr=False, compare=False)
    finish: tuple[Step, ...] = field(repr=False, compare=False)

    def normalise(self, text: str) -> str:
        """The reference as it is kept."""
        kept = text.strip()
        if self.config.strip_spaces:
            kept = "".join(kept.split())
        return kept.upper() if self.config.upper_case else kept

    def refusal(self, reference: str) -> str:
        """Why a normalised reference does not follow the rule, or "". Stops at the first step."""
        return first_refusal((*self.form, *self.finish), reference)


class StepVerdict(NamedTuple):
    """What one step found. `step` is a key of STEP_NAMES."""

    step: str
    ok: bool
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all steps found of a reference, in order. `reference` is as it would be kept."""

    ok: bool
    reference: str
    steps: tuple[StepVerdict, ...]

    @property
    def reason(self) -> str:
        """Why the first step that fails does, or ""."""
        return next((step.words for step in self.steps if not step.ok), "")


class StopVerdict(NamedTuple):
    """What a stop or warning on an account means for one channel."""

    blocks: bool
    words: str


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account as a check needs it. `stops` are by channel; no entry means nothing to say."""

    reference: str
    is_closed: bool = False
    stops: Mapping[str, StopVerdict] = field(default_factory=dict)


# The port to the account list: (fund code, reference) -> the account, or None.
FindAccount = Callable[[str, str], AccountFacts | None]


class Limits(NamedTuple):
    """The least and the most of one payment, in pence without sign; None or 0 is no limit.

    A most of 0 was LocalGov IMS's seed and blocked every payment; nobody means that.
    """

    min_pence: int | None = None
    max_pence: int | None = None
    of: str = "this fund"


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class FundReference:
    """How the references of one fund are checked. `must_exist`: the account list decides."""

    fund_code: str
    fund_name: str
    label: str = "account number"
    rule: CompiledRule | None = None
    steps: tuple[Step, ...] = field(default=(), repr=False, compare=False)
    must_exist: bool = False
    limits: Limits = NO_LIMITS

    def normalise(self, text: str) -> str:
        """The reference as the fund keeps it: by its rule, or as its account list does."""
        if self.rule:
            return self.rule.normalise(text)
        return "".join(text.split()).upper() if self.must_exist else text.strip()

    def refusal(self, reference: str) -> str:
        """Why a normalised reference has not the fund's form, or ""."""
        return first_refusal(self.steps, reference)


class Asked(NamedTuple):
    """What else a check is about: an amount in pence, a method's limits, the channel."""

    amount_pence: int | None = None
    method: Limits | None = None
    channel: str = "online"


_JUST_THE_REFERENCE = Asked()


def compile_rule(config: RuleConfig) -> CompiledRule:
    """Compile a rule once. Raises ReferenceRuleUnusable or CheckDigitUnusable."""
    form = [length_step(config.min_length, min(config.max_length, MAX_REFERENCE))]
    if config.characters:
        form.append(characters_step(config.characters))
    if config.pattern:
        form.append(pattern_step(config.pattern))
    finish = [mask_step(config.mask)] if config.mask else []
    if config.check_digit:
        finish.append(check_digit_step(compile_check_digit(config.check_digit), config.mask))
    return CompiledRule(config, tuple(form), tuple(finish))


def first_refusal(steps: Sequence[Step], reference: str) -> str:
    """The reason of the first step that fails, or ""."""
    for step in steps:
        words = step.fails(reference)
        if words:
            return words
    return ""


def check_form(rule: CompiledRule, text: str) -> Verdict:
    """A reference against a rule alone, with no fund, amount or account list."""
    steps = (*rule.form, *rule.finish)
    alone = FundReference("", rule.config.name, "reference", rule=rule, steps=steps)
    return check(alone, text)


def check(
    fund: FundReference,
    text: str,
    asked: Asked = _JUST_THE_REFERENCE,
    *,
    find_account: FindAccount | None = None,
) -> Verdict:
    """Every step's verdict on a reference for a fund, and whether all pass.

    All steps are asked even after one fails, so that a person sees all that is wrong at once; but
    a reference that is missing or far too long is not looked at further.
    """
    reference = fund.normalise(text)
    verdicts = _amounts(fund, asked)
    if not reference:
        verdicts.append(StepVerdict("length", ok=False, words=f"There is no {fund.label}."))
    elif len(reference) > MAX_REFERENCE:
        words = f"It has {len(reference)} characters. It may have {MAX_REFERENCE}."
        verdicts.append(StepVerdict("length", ok=False, words=words))
    else:
        verdicts += [_asked(step, reference) for step in fund.steps]
        if fund.must_exist and find_account is not None:
            verdicts += _account(fund, reference, asked.channel, find_account)
    return Verdict(all(verdict.ok for verdict in verdicts), reference, tuple(verdicts))


def _asked(step: Step, reference: str) -> StepVerdict:
    words = step.fails(reference)
    return StepVerdict(step.step, not words, words or step.passes)


def _amounts(fund: FundReference, asked: Asked) -> list[StepVerdict]:
    if asked.amount_pence is None:
        return []
    size = abs(asked.amount_pence)
    wrong = []
    for limits in (fund.limits, asked.method or NO_LIMITS):
        if limits.max_pence and size > limits.max_pence:
            wrong.append(f"The most {limits.of} takes is {format_pounds(limits.max_pence)}.")
        elif limits.min_pence and size < limits.min_pence:
            wrong.append(f"The least {limits.of} takes is {format_pounds(limits.min_pence)}.")
    shown = format_pounds(size)
    words = f"{shown} is outside the limits. {' '.join(wrong)}"
    return [StepVerdict("amount", not wrong, words if wrong else f"{shown} is within the limits.")]


def _account(
    fund: FundReference, reference: str, channel: str, find: FindAccount
) -> list[StepVerdict]:
    found = find(fund.fund_code, reference)
    if found is None:
        words = f"{fund.fund_name} has no account {reference}."
        return [StepVerdict("account", ok=False, words=words)]
    if found.is_closed:
        words = f"Account {reference} of {fund.fund_name} is closed."
        return [StepVerdict("account", ok=False, words=words)]
    verdicts = [StepVerdict("account", ok=True, words=f"{fund.fund_name} has this account.")]
    stop = found.stops.get(channel)
    if stop is not None:
        verdicts.append(StepVerdict("stop", not stop.blocks, stop.words))
    return verdicts
