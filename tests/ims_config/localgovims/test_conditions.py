"""Old groups of conditions mean what they meant, whatever joins them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ims_config.localgovims.conditions import NotExpressible, Old, alternatives, as_tests

TRUTHS = st.lists(st.booleans(), min_size=1, max_size=8)
JOINS = st.lists(st.sampled_from(["", "AND", "OR", "and", "or"]), min_size=8, max_size=8)


@given(TRUTHS, JOINS)
def test_alternatives_agree_with_working_it_out_from_left_to_right(
    truths: list[bool], joins: list[str]
) -> None:
    """The independent slow way: one running result."""
    result = False
    for place, (truth, join) in enumerate(zip(truths, joins, strict=False)):
        if place and join.upper() == "AND":
            result = result and truth
        elif place and join.upper() == "OR":
            result = result or truth
        else:
            result = truth
    group = [
        Old("Narrative", "Contain", str(truth), join)
        for truth, join in zip(truths, joins, strict=False)
    ]
    found = any(all(each.value == "True" for each in one) for one in alternatives(group))
    assert found is result


@pytest.mark.parametrize(
    ("old", "tests"),
    [
        (Old("Narrative", "Contain", "RENT"), [("narrative", "contains", "RENT")]),
        (Old("AccountReference", "StartWith", "77"), [("reference", "starts with", "77")]),
        (Old("AccountReference", "EndWith", "9"), [("reference", "ends with", "9")]),
        (Old("Narrative", "Equal", "X"), [("narrative", "is", "X")]),
        (
            Old("Amount", "Equal", "-25.00"),
            [("direction", "is", "debit"), ("amount", "is", "25.00")],
        ),
    ],
)
def test_conditions_that_our_engine_has(old: Old, tests: list[tuple[str, str, str]]) -> None:
    assert as_tests([old, old]) == tests


@pytest.mark.parametrize(
    ("old", "words"),
    [
        (Old("Narrative", "NotContain", "X"), "there is no such test"),
        (Old("Amount", "BeLessThan", "5"), "stopped with an error"),
        (Old("Amount", "EndWith", "2"), "not text"),
        (Old("Amount", "Equal", "25"), "never written so"),
        (Old("FundCode", "Equal", "CT"), "has no FundCode"),
        (Old("Narrative", "Equal", ""), "no value"),
    ],
)
def test_conditions_that_it_does_not_have_are_told(old: Old, words: str) -> None:
    with pytest.raises(NotExpressible, match=words):
        as_tests([old])


def test_more_conditions_than_a_rule_may_have() -> None:
    many = [Old("Narrative", "Contain", f"WORD{number}") for number in range(21)]
    with pytest.raises(NotExpressible, match="it has 21 conditions"):
        as_tests(many)
