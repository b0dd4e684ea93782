"""Trying references out, and what is shown of it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ims.accounts.reference import STEP_NAMES, Verdict, check_form, compile_rule
from ims.accounts.selectors import ReferenceBook, get_rule, rule_config
from ims.backoffice.reference_check.forms import COUNTER, RULE
from ims_kernel.spreadsheets import safe_cell

SHOWN = 500
HEADER = ("Number", "Reference", "Kept as", "Result", "Step", "Reason")
Try = Callable[[Sequence[str]], list[Verdict]]


class Tried(NamedTuple):
    """A reference of a list, its place from 1, and what was found."""

    line: int
    given: str
    verdict: Verdict

    @property
    def step(self) -> str:
        """The name of the step that fails first, or ""."""
        failing = next((step.step for step in self.verdict.steps if not step.ok), "")
        return STEP_NAMES.get(failing, "")


@dataclass(frozen=True, slots=True)
class Results:
    """A list that was tried. `by_step` counts the first step that fails, the most first."""

    tried: list[Tried]

    @property
    def passed(self) -> int:
        """How many pass."""
        return sum(each.verdict.ok for each in self.tried)

    @property
    def failed(self) -> int:
        """How many do not."""
        return len(self.tried) - self.passed

    @property
    def by_step(self) -> list[tuple[str, int]]:
        """(step, how many fail there first), the most first."""
        return Counter(each.step for each in self.tried if not each.verdict.ok).most_common()

    @property
    def shown(self) -> list[Tried]:
        """The first of them for a page, those that fail before those that pass."""
        return sorted(self.tried, key=lambda each: (each.verdict.ok, each.line))[:SHOWN]


def tester(references: ReferenceBook, answers: dict[str, Any]) -> Try:
    """A function that tries references as a form asks. Raises ReferenceRuleNotFound."""
    kind, _, code = answers["against"].partition(":")
    if kind == RULE:
        rule = compile_rule(rule_config(get_rule(code)))
        return lambda texts: [check_form(rule, text) for text in texts]
    asked = references.asked(
        channel=answers["channel"] or COUNTER,
        amount_pence=answers["amount"],
        method_code=answers["method"] or None,
    )

    def by_fund(texts: Sequence[str]) -> list[Verdict]:
        # All accounts in one query, however long the list.
        known = references.look_up((code, references.normalise(code, text)) for text in texts)
        return [references.check(code, text, asked=asked, accounts=known) for text in texts]

    return by_fund


def try_list(attempt: Try, references: Sequence[str]) -> Results:
    """Every reference of a list with what was found."""
    verdicts = zip(references, attempt(references), strict=True)
    return Results([Tried(n, given, verdict) for n, (given, verdict) in enumerate(verdicts, 1)])


def as_csv(results: Results) -> str:
    """The results as CSV text for a spreadsheet, in the order of the list."""
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    for line, given, verdict in results.tried:
        reason = verdict.reason
        writer.writerow(
            (
                line,
                safe_cell(given),
                safe_cell(verdict.reference),
                "Passes" if verdict.ok else "Fails",
                Tried(line, given, verdict).step,
                safe_cell(reason),
            )
        )
    return text.getvalue()
