"""Reference rules and check digits as settings: kept, read back, and refused in words."""

from __future__ import annotations

import pytest

from ims.accounts.models import CheckDigit, ReferenceRule
from ims.accounts.reference_book import rule_config
from ims.accounts.reference_records import CHECK_DIGITS, REFERENCE_RULES
from ims_kernel import clock
from ims_kernel.errors import NotAllowed
from ims_kernel.identity.permissions import Actor
from ims_kernel.records import selectors, services
from ims_kernel.records.errors import FieldRefused, RecordInUse, RecordRefused
from ims_kernel.records.fields import Values
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.drafts import TESTER
from tests.ims.accounts.test_check_digits import PARKING

DIGIT: Values = {
    "code": "PARK11",
    "name": "Parking, modulus 11",
    "method": "weighted",
    "modulus": 11,
    "weights": "9,8,7,6,5,4,3,2,1,0",
    "source_substitution": "05",
    "result_substitutions": "10:A",
}
RULE: Values = {
    "code": "PARKING",
    "name": "Parking fines",
    "min_length": 10,
    "max_length": 10,
    "mask": "BJ#######@",
    "check_digit": "PARK11",
    "example_reference": "BJ12345673",
}


def keep_digit(key: str | None = None, **values: object) -> bool:
    given = values if key else {**DIGIT, **values}
    return services.save(CHECK_DIGITS, key, given, asked=asked(TESTER)).changed


def keep_rule(key: str | None = None, **values: object) -> bool:
    given = values if key else {**RULE, **values}
    return services.save(REFERENCE_RULES, key, given, asked=asked(TESTER)).changed


def asked(actor: Actor) -> services.Asked:
    return services.Asked(actor, clock.now(), "New parking system")


def test_a_rule_is_kept_as_it_was_written_and_compiles(
    council: Council, eastshire: Council
) -> None:
    assert keep_digit()
    assert keep_rule()
    digit = selectors.get(CHECK_DIGITS, "PARK11")
    assert {name: digit.values[name] for name in DIGIT} == DIGIT
    rule = selectors.get(REFERENCE_RULES, "PARKING")
    assert {name: rule.values[name] for name in RULE} == RULE
    stored = rule_config(ReferenceRule.objects.select_related("check_digit").get())
    assert stored.check_digit == PARKING
    assert not keep_rule("PARKING", **RULE)
    assert not keep_digit("PARK11", **DIGIT)
    with enter(eastshire):
        assert not ReferenceRule.objects.exists()
        assert not CheckDigit.objects.exists()


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"weights": "9,x"}, "weights", "Weight 2 is “x”"),
        ({"weights": ""}, "weights", "Give the weights"),
        ({"modulus": None}, "modulus", "Give a modulus"),
        ({"method": "luhn"}, "modulus", "no modulus of your own"),
        ({"result_substitutions": "12:A"}, "result_substitutions", "10:A"),
        ({"alphabet": "A10"}, "alphabet", "A=10"),
    ],
)
def test_a_check_digit_that_cannot_work_is_not_kept(
    council: Council, values: Values, field: str, words: str
) -> None:
    with pytest.raises(RecordRefused, match=words) as refused:
        keep_digit(**values)
    assert refused.value.facts["field"] == field
    assert not CheckDigit.objects.exists()


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"example_reference": "BJ12345674"}, "example_reference", "does not pass this rule"),
        ({"min_length": 11, "max_length": 11}, "mask", "nothing could match it"),
        ({"min_length": 11}, "max_length", "The longest length"),
        ({"mask": "bj#######@"}, "mask", "Write “B”"),
        ({"check_digit": ""}, "mask", "Choose a check digit"),
        ({"pattern": "(((a{1,30}){1,30}){1,30})"}, "pattern", "cannot be read"),
        ({"pattern": "(\\w{1,50}){1,20}"}, "pattern", "too costly"),
        ({"pattern": "a^", "example_reference": ""}, "pattern", "never match"),
    ],
)
def test_a_rule_that_cannot_work_is_not_kept(
    council: Council, values: Values, field: str, words: str
) -> None:
    keep_digit()
    with pytest.raises(RecordRefused, match=words) as refused:
        keep_rule(**values)
    assert refused.value.facts["field"] == field
    assert not ReferenceRule.objects.exists()


def test_a_check_digit_is_not_changed_or_retired_under_the_rules_that_use_it(
    council: Council,
) -> None:
    keep_digit()
    keep_rule()
    with pytest.raises(RecordRefused, match="Reference rule PARKING uses this check digit"):
        keep_digit("PARK11", modulus=10)
    with pytest.raises(RecordInUse):
        services.retire(CHECK_DIGITS, "PARK11", asked=asked(TESTER))
    assert keep_digit("PARK11", name="Parking")
    services.retire(REFERENCE_RULES, "PARKING", asked=asked(TESTER))
    services.retire(CHECK_DIGITS, "PARK11", asked=asked(TESTER))
    assert keep_digit("PARK11", modulus=10)


def test_a_retired_rule_is_proved_again_before_it_comes_back(council: Council) -> None:
    keep_digit()
    keep_rule()
    services.retire(REFERENCE_RULES, "PARKING", asked=asked(TESTER))
    keep_digit("PARK11", modulus=10)
    with pytest.raises(RecordRefused, match="does not pass this rule"):
        services.restore(REFERENCE_RULES, "PARKING", asked=asked(TESTER))


def test_who_may_not_configure_changes_nothing_and_a_check_digit_must_be_there(
    council: Council,
) -> None:
    with pytest.raises(NotAllowed):
        services.save(CHECK_DIGITS, None, DIGIT, asked=asked(Actor("Nobody")))
    with pytest.raises(FieldRefused, match="There is no check digit"):
        keep_rule()
