"""Adding, changing, retiring and restoring a record."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from ims.funds.models import MethodOfPayment, MoneySettings
from ims.imports.models import ImportRule
from ims_kernel.audit.models import AuditEvent
from ims_kernel.records import selectors, texts, uses
from ims_kernel.records.kinds import ONLY
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.ims.backoffice.bank_day import counted, text_of
from tests.ims.backoffice.settings.answers import (
    EVERY_PAGE,
    THING,
    WAY,
    error_links,
    events,
    opened,
)
from tests.ims.backoffice.settings.own_kinds import ROUNDING, THINGS

ADD, CARD = "/settings/ways/add", "/settings/ways/CARD"


def test_a_record_is_added_and_shown(client: Client) -> None:
    assert "Add a way to pay" in text_of(client.get(ADD))
    answer = client.post(ADD, WAY, follow=True)
    words = text_of(answer)
    assert answer.redirect_chain[-1][0] == "/settings/ways/PH"
    assert "is added" in words
    assert "Added" in words
    assert "Control account 9200" in words
    assert events() == [("settings.add", "PH", "")]


def test_everything_of_a_big_form_is_kept(client: Client) -> None:
    client.post("/settings/things/add", THING)
    values = selectors.get(THINGS, "Leisure").values
    assert values == {
        "name": "Leisure", "order": 12, "message": "Hello\nthere", "method": "CARD",
        "others": ["BANK", "CASH"], "big": "", "small": "desk", "channels": ["desk"], "open": True,
        "most": 100_050, "fee": 175, "starts_on": "2026-04-01", "colour": "#1d4f91", "secret": "",
        "rates": [{"starts_on": "2026-04-01", "rate": 2000, "channel": "web", "fixed": False}],
    }  # fmt: skip
    assert ImportRule.objects.get(name="Leisure").action["secret"] == "sk_1"


def test_a_form_sent_back_as_it_came_changes_nothing(client: Client) -> None:
    client.post("/settings/things/add", THING)
    given = opened(client, "/settings/things/Leisure/edit")
    assert given["most"] == ["1000.50"]
    assert given["starts_on"] == ["1/4/2026"]
    assert given["secret"] == [""]
    given["change-reason"] = "Nothing"
    answer = client.post("/settings/things/Leisure/edit", given, follow=True)
    assert "nothing was different, so nothing was changed" in text_of(answer)
    assert [act for act, *_ in events()] == ["settings.add"]
    assert ImportRule.objects.get(name="Leisure").action["secret"] == "sk_1"


def test_a_change_needs_a_reason_and_shows_before_and_after(client: Client) -> None:
    given = opened(client, f"{CARD}/edit") | {"name": "Debit card"}
    answer = client.post(f"{CARD}/edit", given)
    assert error_links(answer) == {"Enter a reason": "id_change-reason"}
    assert MethodOfPayment.objects.get(code="CARD").name == "Card"
    answer = client.post(f"{CARD}/edit", given | {"change-reason": "New contract"}, follow=True)
    words = text_of(answer)
    assert "CARD Debit card: the change is saved." in words
    assert "New contract" in words
    assert "Name Card Debit card" in words
    assert "Control account 9110 9110" not in words
    assert events() == [("settings.change", "CARD", "New contract")]


def test_the_code_stays(client: Client) -> None:
    assert 'name="code"' not in client.get(f"{CARD}/edit").content.decode()
    given = opened(client, f"{CARD}/edit") | {"code": "X", "name": "N", "change-reason": "Why"}
    client.post(f"{CARD}/edit", given)
    assert MethodOfPayment.objects.get(name="N").code == "CARD"


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"name": "Phone", "control_code": "1"}, {"Enter code": "id_code"}),
        (WAY | {"name": "", "control_code": ""},
         {"Enter name": "id_name", "Enter control account": "id_control_code"}),
        (WAY | {"code": "CARD"}, {"There is already a way to pay CARD, in use": "id_code"}),
        (WAY | {"code": "a b"}, {"Code must be letters and digits.": "id_code"}),
        (WAY | {"code": "TOOLONG"}, {"Code has 7 characters. It may have 5.": "id_code"}),
        (WAY | {"control_code": "PH"},
         {"The control account cannot be the code.": "id_control_code"}),
        (WAY | {"purpose": "journal"}, {"There is already a way for journals.": "id_purpose"}),
        (WAY | {"purpose": "gold"}, {"“gold” is not one of": "id_purpose"}),
        (WAY | {"name": "a\0b"}, {"Null characters are not allowed.": "id_name"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(
    client: Client, given: dict[str, str], errors: dict[str, str]
) -> None:
    answer = client.post(ADD, {"purpose": "card"} | given)
    found = error_links(answer)
    assert len(found) == len(errors)
    for words, place in errors.items():
        assert any(each.startswith(words) and found[each] == place for each in found), found
    assert not MethodOfPayment.objects.filter(control_code="9200").exists()
    assert events() == []


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"order": "a few"}, "id_order"),
        ({"order": "10000"}, "id_order"),
        ({"order": "-1"}, "id_order"),
        ({"order": "9" * 60}, "id_order"),
        ({"most": "lots"}, "id_most"),
        ({"most": "-5"}, "id_most"),
        ({"fee": "17.555"}, "id_fee"),
        ({"fee": "101"}, "id_fee"),
        ({"starts_on": "31/2/2026"}, "id_starts_on"),
        ({"colour": "red"}, "id_colour"),
        ({"colour": "#ffff00"}, "id_colour"),
        ({"method": "GONE"}, "id_method"),
        ({"method": ""}, "id_method"),
        ({"others": ["BANK", "GONE"]}, "id_others"),
        ({"channels": ["moon"]}, "id_channels"),
        ({"small": "moon"}, "id_small"),
        ({"secret": "x" * 501}, "id_secret"),
        ({"rates-1-rate": "lots"}, "id_rates-1-rate"),
        ({"rates-1-starts_on": ""}, "id_rates-1-starts_on"),
        ({"rates-2-rate": "5", "rates-2-starts_on": "1/4/2026"}, "id_rates-2-starts_on"),
        ({"rates-2-fixed": "on", "rates-2-rate": "5"}, "id_rates-2-starts_on"),
        ({"message": "x" * 501}, "id_message"),
    ],
)
def test_every_sort_of_field_refuses_what_it_cannot_be(
    client: Client, given: dict[str, Any], place: str
) -> None:
    answer = client.post("/settings/things/add", THING | given)
    assert answer.status_code == 200
    assert list(error_links(answer).values()) == [place]
    assert not ImportRule.objects.filter(name="Leisure").exists()
    assert "sk_1" not in answer.content.decode()


def test_a_refusal_of_the_whole_record_stands_in_the_summary(client: Client) -> None:
    answer = client.post("/settings/things/add", THING | {"order": "666"})
    assert "There is a problem This cannot be kept at all." in text_of(answer)


def test_rows_are_added_and_taken_away_without_scripts(client: Client) -> None:
    more = client.post("/settings/things/add", THING | {"change-add": "rates"})
    html = more.content.decode()
    assert 'id="id_rates-3-starts_on"' in html
    assert 'value="1 April 2026"' in html
    assert "There is a problem" not in html
    assert "sk_1" not in html
    assert events() == []
    rows = THING | {
        "rates-count": "4", "rates-3-starts_on": "1/5/2026", "rates-3-rate": "5",
        "rates-3-channel": "phone", "rates-1-remove": "on",
    }  # fmt: skip
    client.post("/settings/things/add", rows)
    kept = selectors.get(THINGS, "Leisure").values["rates"]
    assert [(row["starts_on"], row["channel"]) for row in kept] == [("2026-05-01", "phone")]


def test_there_are_no_more_rows_than_fit(client: Client) -> None:
    full = {"rates-count": "4"}
    for number in range(1, 5):
        full |= {f"rates-{number}-starts_on": f"{number}/4/2026", f"rates-{number}-rate": "1"}
        full |= {f"rates-{number}-channel": "web"}
    html = client.post("/settings/things/add", THING | full | {"change-add": "rates"}).content
    assert b"rates-5" not in html
    assert "There may be 4 rows." in html.decode()
    for count in ("999999", "-1", "x", "", "5"):
        answer = client.post(
            "/settings/things/add", THING | full | {"rates-count": count, "change-add": "rates"}
        )
        assert answer.status_code == 200


def test_somebody_elses_change_is_shown_and_not_lost(client: Client) -> None:
    given = opened(client, f"{CARD}/edit") | {"name": "Mine", "change-reason": "My reason"}
    theirs = opened(client, f"{CARD}/edit") | {"control_code": "9999", "change-reason": "Theirs"}
    client.post(f"{CARD}/edit", theirs)
    answer = client.post(f"{CARD}/edit", given)
    assert answer.status_code == 409
    words = text_of(answer)
    assert "Somebody else changed this meanwhile" in words
    assert "Control account 9110 9999" in words
    assert "Name Card Mine" in words
    assert "Control account 9999 9110" in words
    assert MethodOfPayment.objects.get(code="CARD").name == "Card"
    again = opened(client, f"{CARD}/edit") | {"name": ["Mine"], "control_code": ["9110"]}
    again |= {"change-again": "1", "change-reason": "My reason"}
    form = client.post(f"{CARD}/edit", again)
    html = form.content.decode()
    assert 'value="Mine"' in html
    assert 'value="My reason"' in html
    assert "There is a problem" not in html
    client.post(f"{CARD}/edit", {key: each for key, each in again.items() if key != "change-again"})
    card = MethodOfPayment.objects.get(code="CARD")
    assert (card.name, card.control_code) == ("Mine", "9110")


def test_a_secret_is_never_sent_back(client: Client) -> None:
    client.post("/settings/things/add", THING)
    path = "/settings/things/Leisure"
    assert "Signing key Stored. It is never shown." in text_of(client.get(path))
    assert "Leave this empty to keep it" in text_of(client.get(f"{path}/edit"))
    assert "Leave this empty" not in text_of(client.get("/settings/things/add"))
    given = opened(client, f"{path}/edit") | {
        "secret": "sk_2",
        "change-reason": "New",
        "order": "x",
    }
    assert "sk_2" not in client.post(f"{path}/edit", given).content.decode()
    answer = client.post(f"{path}/edit", given | {"order": "13"}, follow=True)
    assert "Signing key – changed" in text_of(answer)
    assert ImportRule.objects.get(name="Leisure").action["secret"] == "sk_2"
    stale = given | {"order": "14", "secret": "sk_3"}
    conflict = client.post(f"{path}/edit", stale).content.decode()
    assert "sk_3" not in conflict
    facts = str(list(AuditEvent.objects.values_list("facts", flat=True)))
    assert "sk_" not in facts


def test_a_secret_in_the_wrong_field_is_refused_and_not_shown_again(client: Client) -> None:
    texts.register(
        "test", lambda text: "this looks like a secret key." if text.startswith("sk_") else ""
    )
    answer = client.post(ADD, WAY | {"name": "sk_wrong_place"})
    assert error_links(answer) == {"Name: this looks like a secret key.": "id_name"}
    assert "sk_wrong_place" not in answer.content.decode()
    row = THING | {"message": "sk_wrong_place"}
    assert "sk_wrong_place" not in client.post("/settings/things/add", row).content.decode()


def test_a_record_is_retired_with_a_reason_and_put_back(client: Client) -> None:
    page = client.get(f"{CARD}/retire")
    assert "It can no longer be chosen" in text_of(page)
    given = opened(client, f"{CARD}/retire")
    assert error_links(client.post(f"{CARD}/retire", given))
    answer = client.post(f"{CARD}/retire", given | {"change-reason": "Contract ended"}, follow=True)
    assert "CARD Card is retired." in text_of(answer)
    assert not MethodOfPayment.objects.get(code="CARD").is_active
    assert client.get(f"{CARD}/retire")["Location"] == CARD
    given = opened(client, f"{CARD}/restore") | {"change-reason": "New contract"}
    words = text_of(client.post(f"{CARD}/restore", given, follow=True))
    assert "CARD Card is in use again." in words
    assert "Put back into use" in words
    assert [act for act, *_ in events()] == ["settings.retire", "settings.restore"]


def test_what_is_in_the_way_of_retiring_is_said(client: Client) -> None:
    uses.register("ways", "open suspense items", lambda _: 3, href="/suspense", blocks=True)
    answer = client.get(f"{CARD}/retire")
    assert "cannot be retired yet" in text_of(answer)
    assert "Open suspense items 3" in text_of(answer)
    assert 'href="/suspense"' in answer.content.decode()
    given = {"change-reason": "Go"}
    words = text_of(client.post(f"{CARD}/retire", given, follow=True))
    assert "cannot be retired: it has 3 open suspense items" in words
    assert MethodOfPayment.objects.get(code="CARD").is_active


def test_a_kind_with_one_record_is_changed_in_place(client: Client) -> None:
    path = f"/settings/rounding/{ONLY}/edit"
    given = opened(client, path) | {"vat_rounding": "half_even", "change-reason": "Auditor"}
    words = text_of(client.post(path, given, follow=True))
    assert "Rounding Half a penny up Half a penny to even" in words
    assert MoneySettings.objects.get().vat_rounding == "half_even"
    assert selectors.get(ROUNDING, ONLY).values == {"vat_rounding": "half_even"}


@pytest.mark.parametrize(
    "path", [ADD, f"{CARD}/edit", f"{CARD}/retire", f"{CARD}/restore", "/settings/things/add"]
)
def test_who_may_only_look_changes_nothing(
    own_kinds: None, council: Council, client_for: ClientFor, path: str
) -> None:
    reader = client_for(council, ["settings.view"])
    given = WAY | {"change-reason": "Mischief"}
    assert reader.get(path).status_code == 403
    assert reader.post(path, given).status_code == 403
    nobody = client_for(council, ["receipts.take", "imports.post"])
    assert nobody.post(path, given).status_code == 403
    assert events() == []
    assert MethodOfPayment.objects.get(code="CARD").is_active


def test_forms_take_the_same_queries_whatever_they_hold(client: Client) -> None:
    client.post("/settings/things/add", THING, follow=True)
    with counted() as add:
        client.get("/settings/things/add")
    with counted() as edit:
        client.get("/settings/things/Leisure/edit")
    # The ways to pay, once for both links; whether a second person is needed; and the record.
    assert len(add) == EVERY_PAGE + 2, "\n".join(add)
    assert len(edit) == EVERY_PAGE + 3, "\n".join(edit)
