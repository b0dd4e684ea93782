"""What a new council still has to set up: said where it is needed, and only until it is done."""

from __future__ import annotations

import pytest

from ims.backoffice.setting_up import CANNOT_START, DONE, TO_DO, setting_up
from ims.exports.models import ExportLayout
from ims.funds.models import Fund, MethodOfPayment, VatCode
from ims.imports.models import ImportProfile, ImportRule
from ims_kernel.permissions import Actor, system
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.ims.backoffice.bank_day import counted, text_of

EVERYBODY = system("Priya Raman")
PAGES = ("/", "/settings", "/imports/upload")


@pytest.fixture
def empty(council: Council) -> Council:
    """A council whose settings are all retired: nothing can be used."""
    for model in (ExportLayout, ImportRule, ImportProfile, MethodOfPayment, Fund, VatCode):
        model.objects.update(is_active=False)
    return council


def statuses() -> list[str]:
    found = setting_up(EVERYBODY)
    assert found is not None
    return [item["status"] for item in found.items]


def test_nothing_is_said_once_everything_is_there(council: Council, client_for: ClientFor) -> None:
    assert setting_up(EVERYBODY) is None
    client = client_for(council)
    for page in PAGES:
        assert "Set up your council" not in text_of(client.get(page)), page


def test_each_step_opens_when_what_it_needs_is_there(empty: Council, eastshire: Council) -> None:
    assert statuses() == [
        TO_DO, CANNOT_START, CANNOT_START, TO_DO, CANNOT_START, CANNOT_START, TO_DO, TO_DO,
    ]  # fmt: skip
    VatCode.objects.update(is_active=True)
    assert statuses()[:3] == [DONE, TO_DO, TO_DO]
    Fund.objects.filter(purpose="suspense").update(is_active=True)
    assert statuses()[1:3] == [DONE, TO_DO]
    MethodOfPayment.objects.filter(purpose="journal").update(is_active=True)
    # A journal brings no money from a bank.
    assert (statuses()[3], statuses()[6]) == (TO_DO, DONE)
    with enter(eastshire):
        assert setting_up(EVERYBODY) is None


def test_money_can_be_taken_before_the_last_steps(empty: Council) -> None:
    for model in (VatCode, Fund, ImportProfile, ImportRule):
        model.objects.update(is_active=True)
    found = setting_up(EVERYBODY)
    assert found is not None
    assert not found.can_take
    MethodOfPayment.objects.exclude(purpose="journal").update(is_active=True)
    found = setting_up(EVERYBODY)
    assert found is not None
    assert (found.can_take, found.done) == (True, 6)


def test_every_page_that_needs_them_lists_them(empty: Council, client_for: ClientFor) -> None:
    client = client_for(empty)
    for page in PAGES:
        words = text_of(client.get(page))
        assert "0 of 8 steps are done. Your council cannot take a bank file yet." in words, page
        assert "Bank file Choose" not in words


def test_a_step_leads_to_its_form_with_the_kind_chosen(
    empty: Council, client_for: ClientFor
) -> None:
    VatCode.objects.update(is_active=True)
    client = client_for(empty)
    assert 'href="/settings/funds/add?purpose=suspense"' in client.get("/settings").content.decode()
    form = client.get("/settings/funds/add?purpose=suspense").content.decode()
    assert form.count("checked") > 0
    chosen = form.split('value="suspense"', 1)[1].split(">", 1)[0]
    assert "checked" in chosen
    # Only what the list offers, and nothing that is typed.
    for query in ("purpose=gold", "name=Gold", "nonsense=1"):
        page = client.get(f"/settings/funds/add?{query}")
        assert page.status_code == 200
        assert "old" not in page.content.decode().split("<form", 1)[1].split("Ledger code", 1)[0]


def test_who_may_not_change_a_setting_sees_no_way_to_its_form(empty: Council) -> None:
    reader = Actor(name="Grace", permissions=frozenset({"settings.view"}))
    found = setting_up(reader)
    assert found is not None
    assert {item["href"] for item in found.items} == {""}
    assert setting_up(Actor(name="Nobody", permissions=frozenset())) is None


def test_it_is_one_query(empty: Council) -> None:
    with counted() as found:
        setting_up(EVERYBODY)
    assert len(found) == 1, "\n".join(found)
