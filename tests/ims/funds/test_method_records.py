"""Methods of payment as settings: jobs, limits and fees as typed fields."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from ims.funds.choices import PURPOSE_OF_USE, Fee, Use
from ims.funds.errors import MethodNotFound
from ims.funds.method_records import METHODS
from ims.funds.models import MethodOfPayment
from ims.funds.selectors import book
from ims_kernel.records import selectors, services
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.drafts import line, posted
from tests.factories.settings import ASKED, add, audited, change, refusal, refused

NEW = {
    "code": "web",
    "name": "Card online",
    "purpose": "card",
    "control_code": "9115",
    "uses": ["card_fee", "card_online"],
    "channels": ["online"],
    "min_pence": 100,
    "max_pence": 100_000,
    "is_refundable": True,
    "fees": "central",
    "fees_fund": "CT",
    "fees_account": "770000001",
    "colour": "#1d4b66",
}
NOT_CENTRAL = (
    "A fund and an account for the fee are only for a fee that goes to one fund and "
    "account. Leave them empty, or choose that."
)


def test_a_method_with_all_its_settings_is_added(council: Council, eastshire: Council) -> None:
    assert add(METHODS, **NEW) == "WEB"
    facts = book().method("WEB")
    assert (facts.purpose, facts.uses) == ("card", frozenset({"card_online", "card_fee"}))
    assert facts.channels == {"online"}
    assert (facts.min_pence, facts.max_pence) == (100, 100_000)
    assert (facts.is_refundable, facts.is_reversal) == (True, False)
    assert (facts.fees, facts.fees_fund_code, facts.fees_account) == (
        Fee.CENTRAL,
        "CT",
        "770000001",
    )
    assert MethodOfPayment.objects.get(code="WEB").colour == "#1d4b66"
    assert audited()[:2] == ("settings.add", "WEB")
    assert audited()[4]["uses"] == ["card_online", "card_fee"]
    with enter(eastshire):
        assert "WEB" not in book().methods


def test_every_job_is_done_by_the_method_that_has_it_or_the_first_of_its_kind(
    council: Council,
) -> None:
    assert set(PURPOSE_OF_USE) == set(Use)
    assert book().method_used_for(Use.CARD_ONLINE).code == "CARD"
    add(METHODS, **NEW)
    assert book().method_used_for(Use.CARD_ONLINE).code == "WEB"
    assert book().method_used_for(Use.CARD_STAFF).code == "CARD"
    assert book().method_used_for(Use.TRANSFER_IN).code == "JRNL"
    services.retire(METHODS, "WEB", asked=ASKED)
    assert book().method_used_for(Use.CARD_ONLINE).code == "CARD"
    with pytest.raises(MethodNotFound):
        book().method_used_for(Use.CHEQUE)


@pytest.mark.parametrize(
    ("values", "words", "field"),
    [
        (
            {"uses": ["ereturn_cash"]},
            "“Cash on an eReturn” needs a method of the kind Cash.",
            "uses",
        ),
        ({"uses": ["magic"]}, None, "uses"),
        ({"purpose": "barter"}, None, "purpose"),
        (
            {"purpose": "journal", "uses": []},
            "JRNL Journal is the method for journals, and there can be one only.",
            "purpose",
        ),
        (
            {"min_pence": 2, "max_pence": 1},
            "The largest amount, £0.01, is below the smallest, £0.02.",
            "max_pence",
        ),
        ({"fees_fund": ""}, "Enter the fund that the fee goes to.", "fees_fund"),
        ({"fees_account": ""}, "Enter the account that the fee goes to.", "fees_account"),
        (
            {"fees": "recharge", "fees_account": ""},
            NOT_CENTRAL,
            "fees_fund",
        ),
        ({"fees": "none", "fees_fund": ""}, None, "fees_account"),
        (
            {"fees_fund": "XX"},
            "There is no fund “XX”. Add it first, or choose another.",
            "fees_fund",
        ),
        ({"colour": "#ffff00"}, None, "colour"),
        ({"control_code": ""}, "Enter control account.", "control_code"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    council: Council, values: dict[str, Any], words: str | None, field: str
) -> None:
    said, where, _ = refused(METHODS, None, **{**NEW, **values})
    assert where == field
    assert words is None or said == words


def test_of_two_methods_with_one_job_the_first_in_use_by_code_does_it(council: Council) -> None:
    add(METHODS, **NEW)
    change(METHODS, "CARD", uses=["card_online"])
    assert book().method_used_for(Use.CARD_ONLINE).code == "CARD"
    services.retire(METHODS, "CARD", asked=ASKED)
    assert book().method_used_for(Use.CARD_ONLINE).code == "WEB"
    assert services.restore(METHODS, "CARD", asked=ASKED).changed


def test_the_method_of_journals_is_not_retired(council: Council) -> None:
    words, _ = refusal(lambda: services.retire(METHODS, "JRNL", asked=ASKED))
    assert words == (
        "JRNL Journal cannot be retired: it has 1 job as the method for journals. Deal with them "
        "first."
    )


def test_a_method_that_files_come_by_is_not_retired(council: Council) -> None:
    posted(line(500, method="BANK"))
    words, _ = refusal(lambda: services.retire(METHODS, "BANK", asked=ASKED))
    assert words == (
        "BANK Bank credit cannot be retired: it has 2 import profiles in use. Deal with them first."
    )
    used = selectors.where_used(selectors.get(METHODS, "BANK"))
    assert [(each.text, each.count) for each in used] == [
        ("import profiles in use", 2),
        ("ledger lines (no more than 10,000 are counted)", 1),
    ]


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"fees": "central"}, "method_central_fee_has_account"),
        ({"min_pence": 2, "max_pence": 1}, "method_limits_ordered"),
        ({"min_pence": -1}, "method_limits_ordered"),
        ({"purpose": "journal"}, "method_one_journal"),
    ],
)
def test_the_database_refuses_it_too(
    council: Council, values: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        MethodOfPayment.objects.filter(code="CARD").update(**values)
