"""Finding an account, looking at it, and changing it by hand."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ims.accounts import editing, selectors, services
from ims.accounts.errors import AccountNotFound
from ims.accounts.models import AccountHolder, AccountMessage
from ims.funds.models import Fund
from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.permissions import Actor, Holding, OutOfScope
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.factories.accounts import HEADER, applied, csv_of, line
from tests.factories.money import Payment, take
from tests.ims.backoffice.bank_day import counted, text_of

PEOPLE = csv_of(
    line("770000001"),
    line("770000002", "O'BRIEN", "-4.50"),
    "770000003,Mr,Jan,Nowak,12 Mill Lane,nm29zz,0.00",
)


def account(reference: str = "770000001") -> AccountHolder:
    found = selectors.find_account("CT", reference)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"reference": "770000002"}, {"770000002"}),
        ({"reference": "77 0000"}, {"770000001", "770000002", "770000003"}),
        ({"surname": "obr"}, {"770000002"}),
        ({"surname": "O'Brien"}, {"770000002"}),
        ({"postcode": "NM2"}, {"770000003"}),
        ({"postcode": "nm29zz"}, {"770000003"}),
        ({"postcode": "NM1 1AA", "address": "high"}, {"770000001", "770000002"}),
        ({"postcode": "NM1 1AA", "address": "mill"}, set()),
        ({"fund": "CT"}, {"770000001", "770000002", "770000003"}),
        ({"fund": "HR"}, set()),
        ({"surname": "%"}, set()),
    ],
)
def test_an_account_is_found_by_what_people_know(
    council: Council, client_for: ClientFor, query: dict[str, str], found: set[str]
) -> None:
    applied(PEOPLE)
    page = client_for(council).get("/accounts", query).content.decode()
    assert set(re.findall(r'href="/accounts/\d+">(\d+)<', page)) == found


def test_closed_accounts_are_shown_when_asked_for(council: Council, client_for: ClientFor) -> None:
    applied(PEOPLE)
    applied(csv_of(line("770000001")))
    client = client_for(council)
    assert "No account matches" in text_of(client.get("/accounts", {"surname": "nowak"}))
    page = text_of(client.get("/accounts", {"surname": "nowak", "state": "all"}))
    assert "770000003 Mr Jan Nowak" in page
    assert "Closed" in page


def test_what_cannot_be_looked_for_is_said(council: Council, client_for: ClientFor) -> None:
    client = client_for(council)
    answer = client.get("/accounts", {"address": "High Street"})
    assert answer.status_code == 400
    assert "Enter a postcode, a surname or a reference too." in text_of(answer)
    assert "at least 2 letters" in text_of(client.get("/accounts", {"surname": "O"}))
    assert "Choose a fund from the list" in text_of(client.get("/accounts", {"fund": "ZZ"}))


def test_without_a_search_each_fund_says_what_it_holds(
    council: Council, client_for: ClientFor
) -> None:
    applied(PEOPLE)
    page = text_of(client_for(council).get("/accounts"))
    assert "Council Tax 3 0" in page
    assert "Housing Rent 0 0 Never" in page


def test_pages_lead_to_every_account_once(council: Council, client_for: ClientFor) -> None:
    applied(csv_of(*[line(f"77{number:07d}") for number in range(120)]))
    client = client_for(council)
    seen: list[str] = []
    address = "/accounts?fund=CT"
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r'href="/accounts/\d+">(\d+)<', page)
        link = re.search(r'href="(\?[^"]*)"[^>]*rel="next"', page)
        address = "/accounts" + link[1].replace("&amp;", "&") if link else ""
    assert seen == [f"77{number:07d}" for number in range(120)]


def test_an_account_shows_what_is_owed_and_what_must_be_said(
    council: Council, client_for: ClientFor
) -> None:
    AccountMessage.objects.create(
        code="LEGAL", fund=Fund.objects.get(code="CT"), name="With bailiffs", severity="stop",
        words_to_staff="Send the caller to recovery.", channels=["phone"],
    )  # fmt: skip
    data = csv_of(line("770000001", balance="45.10") + ",LEGAL", header=f"{HEADER},message")
    applied(data)
    take(Payment(payer="ADA OKAFOR", amount_pence=1_234))
    page = text_of(client_for(council).get(f"/accounts/{account().pk}"))
    for said in ("Balance owed £45.10", "Stop With bailiffs", "Send the caller to recovery.",
                 "Applies to: phone", "Ms Ada OKAFOR", "1 High Street, NM1 1AA"):  # fmt: skip
        assert said in page


def test_the_newest_transactions_are_those_of_this_account_only(
    council: Council, client_for: ClientFor
) -> None:
    applied(PEOPLE)
    take(Payment(payer="MRS O", amount_pence=1_234))
    mine = account_of_payment()
    page = text_of(client_for(council).get(f"/accounts/{account(mine).pk}"))
    assert "MRS O" in page
    assert "£12.34" in page
    other = next(each for each in ("770000002", "770000003") if each != mine)
    assert "MRS O" not in text_of(client_for(council).get(f"/accounts/{account(other).pk}"))
    blind = client_for(council, ["accounts.view"]).get(f"/accounts/{account(mine).pk}")
    assert "MRS O" not in text_of(blind)


def account_of_payment() -> str:
    from ims.ledger.models import Line  # noqa: PLC0415 - only here

    reference = str(Line.objects.exclude(account_reference="").latest("id").account_reference)
    if selectors.find_account("CT", reference) is None:
        applied(csv_of(line(reference)), mode="delta")
    return reference


def test_looking_at_an_account_is_recorded(council: Council, client_for: ClientFor) -> None:
    applied(PEOPLE)
    client = client_for(council)
    client.get(f"/accounts/{account().pk}")
    event = AuditEvent.objects.get(act="accounts.read")
    assert event.object_id == str(account().pk)
    assert "OKAFOR" not in str(event.facts)


def filled(**changes: str) -> dict[str, str]:
    given = {
        "fund": "CT", "reference": "770000009", "surname": "Singh", "balance_pence": "12.50",
        "postcode": "nm11aa", "balance_on": "3/8/2026",
    }  # fmt: skip
    return given | changes


def test_an_account_is_added_changed_closed_and_opened_again(
    council: Council, client_for: ClientFor
) -> None:
    client = client_for(council)
    answer = client.post("/accounts/add", filled(), follow=True)
    assert "Account 770000009 was added." in text_of(answer)
    made = account("770000009")
    assert (made.postcode, made.balance_pence, made.name_key) == ("NM1 1AA", 1_250, "SINGH")
    change = {"surname": "Kaur", "balance_pence": "0", "seen": str(made.digest)}
    page = text_of(client.post(f"/accounts/{made.pk}/change", change, follow=True))
    assert "was changed" in page
    assert "Date of the balance, balance, postcode, surname." in page
    page = text_of(client.post(f"/accounts/{made.pk}/close", {"reason": "Moved"}, follow=True))
    assert "Closed by hand" in page
    assert account("770000009").is_closed
    client.post(f"/accounts/{made.pk}/reopen", {"reason": "A mistake"})
    assert not account("770000009").is_closed
    assert not AuditEvent.objects.filter(facts__icontains="Kaur").exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reference": "770000001"}, "Council Tax has an account 770000001 already."),
        ({"surname": ""}, "Enter the surname, or the name of the organisation"),
        ({"surname": "=1+1"}, "must not begin with “=”"),
        ({"balance_pence": "12.345"}, "is not an amount"),
        ({"fund": "ZZ"}, "Select a valid choice"),
        ({"email": "nobody"}, "Enter an email address in the correct format"),
        ({"reference": "  "}, "Enter the reference"),
    ],
)
def test_what_is_wrong_with_an_account_is_said_beside_it(
    council: Council, client_for: ClientFor, changes: dict[str, str], said: str
) -> None:
    applied(PEOPLE)
    assert said in text_of(client_for(council).post("/accounts/add", filled(**changes)))
    assert AccountHolder.objects.count() == 3


def test_two_people_do_not_change_the_same_account_over_each_other(
    council: Council, client_for: ClientFor
) -> None:
    applied(PEOPLE)
    client, address = client_for(council), f"/accounts/{account().pk}/change"
    seen = str(account().digest)
    client.post(address, {"surname": "First", "balance_pence": "1", "seen": seen})
    page = text_of(client.post(address, {"surname": "X", "balance_pence": "1", "seen": seen}))
    assert "Somebody changed this account while you had it open." in page
    assert account().surname == "First"


def test_a_hand_change_and_a_file_agree_on_what_is_the_same(
    council: Council, client_for: ClientFor
) -> None:
    applied(PEOPLE)
    before = account()
    client_for(council).post(
        f"/accounts/{before.pk}/change",
        {"title": "Ms", "forename": "Ada", "surname": "OKAFOR", "address_1": "1 High Street",
         "postcode": "NM1 1AA", "balance_pence": "11.00", "seen": str(before.digest)},
    )  # fmt: skip
    assert applied(csv_of(line("770000001", balance="11.00")), mode="delta").unchanged_count == 1


def test_the_pages_need_their_permissions(council: Council, client_for: ClientFor) -> None:
    applied(PEOPLE)
    viewer = client_for(council, ["accounts.view"])
    page = text_of(viewer.get(f"/accounts/{account().pk}"))
    assert "Close this account" not in page
    for address in ("add", f"{account().pk}/change", f"{account().pk}/close", "loads"):
        assert viewer.get(f"/accounts/{address}").status_code == 403
    assert client_for(council, ["ledger.view"]).get("/accounts").status_code == 403


def test_another_councils_account_is_not_there(
    northmoor: Council, eastshire: Council, client_for: ClientFor
) -> None:
    with enter(eastshire):
        fund = Fund.objects.exclude(purpose="suspense").order_by("code")[0].code
        applied(csv_of(line("E1", "EASTSHIREONLY")), fund=fund)
        theirs = AccountHolder.objects.get().pk
    client = client_for(northmoor)
    for address in ("", "/change", "/close", "/reopen"):
        answer = client.get(f"/accounts/{theirs}{address}")
        assert answer.status_code == 404
    assert "EASTSHIREONLY" not in text_of(client.get("/accounts", {"surname": "EASTSHIREO"}))


def test_the_number_of_queries_does_not_grow(council: Council, client_for: ClientFor) -> None:
    client = client_for(council)
    numbers: list[Any] = []
    for size in (1, 40):
        applied(csv_of(*[line(f"77{number:07d}") for number in range(size)]), mode="delta")
        with counted() as queries:
            client.get("/accounts", {"fund": "CT"})
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] <= 7, queries
    with counted() as queries:
        client.get(f"/accounts/{account('770000000').pk}")
    assert len(queries) <= 15, "\n".join(queries)


def test_a_person_limited_to_a_fund_sees_and_changes_only_that(council: Council) -> None:
    applied(PEOPLE)
    applied(csv_of(line("R1", "RENTONLY")), fund="HR")
    everything = frozenset({"accounts.view", "accounts.edit", "accounts.load", "ledger.view"})
    sam = Actor(
        "Sam", permissions=everything,
        holdings=(Holding(everything, {"fund": frozenset({"CT"})}),),
    )  # fmt: skip
    mine, theirs = account().pk, AccountHolder.objects.get(reference="R1").pk
    within = sam.within("accounts.view", "fund")
    assert selectors.get_account(mine, within=within).pk == mine
    with pytest.raises(AccountNotFound):
        selectors.get_account(theirs, within=within)
    found = selectors.search(selectors.Criteria(surname="RENTONLY", within=within))
    assert list(found) == []
    assert {load.fund.code for load in selectors.loads(within=within)} == {"CT"}
    with pytest.raises(OutOfScope):
        editing.close_account(theirs, reason="x", actor=sam, at=clock.now())
    with pytest.raises(OutOfScope):
        services.receive(
            services.AccountFile("a.csv", [PEOPLE], "HR", "full"), actor=sam, at=clock.now()
        )
    editing.close_account(mine, reason="x", actor=sam, at=clock.now())
