"""What version 1 answers, and its problems."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ims.accounts import loading, services
from ims.accounts.models import AccountHolder, AccountLoad
from ims.api.schema import description
from ims.funds.models import Fund
from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.accounts import EVERYTHING, LOADER, applied, csv_of, line
from tests.ims.api.conftest import Caller, caller_for, problem_of


def test_settings_are_read(caller: Caller, northmoor: Council) -> None:
    with enter(northmoor):
        codes = list(Fund.objects.order_by("code").values_list("code", flat=True))
    funds = caller.get("funds").json()["items"]
    assert [fund["code"] for fund in funds] == codes
    assert funds[0].keys() >= {"name", "vat_code", "channels", "min_pence", "is_active"}
    vat = {code["code"]: code["rates"] for code in caller.get("vat-codes").json()["items"]}
    assert {"starts_on": "2011-01-04", "basis_points": 2000} in vat["S"]
    methods = caller.get("methods").json()["items"]
    assert {method["purpose"] for method in methods} >= {"bank", "journal"}


def test_accounts_are_found_page_by_page(
    caller: Caller, northmoor: Council, eastshire: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    with enter(northmoor):
        applied(csv_of(*[line(f"77000000{n}") for n in range(5)]))
    monkeypatch.setattr("ims.api.v1.accounts.PAGE", 3)
    first = caller.get("accounts", fund="CT").json()
    assert [a["reference"] for a in first["items"]] == ["770000000", "770000001", "770000002"]
    assert first["items"][0] == {
        "fund": "CT",
        "reference": "770000000",
        "title": "Ms",
        "forename": "Ada",
        "surname": "OKAFOR",
        "address": ["1 High Street"],
        "postcode": "NM1 1AA",
        "balance_pence": 1000,
        "is_closed": False,
        "messages": [],
    }
    assert first["next"].startswith("/api/v1/accounts?")
    second = caller.client.get(first["next"]).json()
    assert [a["reference"] for a in second["items"]] == ["770000003", "770000004"]
    assert second["next"] is None
    with enter(northmoor):
        event = AuditEvent.objects.latest("id")
        assert (event.act, event.actor_name) == ("accounts.read", "API key Housing system")
    theirs = caller_for(eastshire).get("accounts", surname="okafor").json()
    assert theirs == {"items": [], "next": None}


def test_accounts_must_be_named(caller: Caller) -> None:
    body = problem_of(caller.get("accounts"), 422, "api.request_unreadable")
    assert body["facts"] == {"field": "fund"}
    problem_of(caller.get("accounts", fund="NONE"), 404, "funds.fund_not_found")


def test_a_reference_is_checked_step_by_step(caller: Caller, northmoor: Council) -> None:
    with enter(northmoor):
        events = AuditEvent.objects.count()
    asks = {"fund": "CT", "reference": "771234567", "channel": "online", "amount_pence": 1000}
    answer = caller.post("account-references/check", asks)
    assert answer.status_code == 200
    assert answer.json()["ok"] is True
    assert all(step.keys() == {"step", "ok", "words"} for step in answer.json()["steps"])
    wrong = caller.post("account-references/check", {**asks, "reference": "12"}).json()
    assert wrong["ok"] is False
    assert [step["words"] for step in wrong["steps"] if not step["ok"]]
    unknown = caller.post("account-references/check", {**asks, "fund": "ZZ"}).json()
    assert unknown["steps"] == [{"step": "fund", "ok": False, "words": "There is no fund ZZ."}]
    assert (
        caller.post("account-references/check", {"fund": "CT", "reference": ""}).json()["ok"]
        is False
    )
    with enter(northmoor):
        assert AuditEvent.objects.count() == events


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"reference": "1"}, "fund"),
        ({"fund": "CT"}, "reference"),
        ({"fund": "CT", "reference": "1", "channel": "carrier pigeon"}, "channel"),
        ({"fund": "CT", "reference": "1", "amount_pence": "lots"}, "amount_pence"),
        ({"fund": "CT", "reference": "1", "amount_pence": 10**15}, "amount_pence"),
        ({"fund": "CT", "reference": "1", "colour": "red"}, "colour"),
        (["CT"], ""),
    ],
)
def test_a_bad_request_names_the_field(caller: Caller, body: object, field: str) -> None:
    found = problem_of(caller.post("account-references/check", body), 422, "api.request_unreadable")
    assert found["facts"]["field"] == field


def test_other_problems(caller: Caller) -> None:
    problem_of(caller.post("account-references/check", "{"), 400, "api.parse_error")
    problem_of(caller.get("account-references/check"), 405, "api.method_not_allowed")
    answer = caller.client.post("/api/v1/account-references/check", {"fund": "CT"})
    problem_of(answer, 415, "api.unsupported_media_type")
    body = {"fund": "CT", "reference": "1", "method": "NONE"}
    problem_of(caller.post("account-references/check", body), 404, "funds.method_not_found")


ROWS = [
    {
        "reference": f"77000001{n}",
        "surname": "NOWAK",
        "address_1": "2 Mill Lane",
        "postcode": "NM1 2BB",
        "balance": "12.50",
    }
    for n in range(3)
]


def test_accounts_are_loaded_once(caller: Caller, northmoor: Council, eastshire: Council) -> None:
    asks = {"fund": "CT", "mode": "delta", "rows": ROWS}
    headers = {"idempotency-key": "night-1"}
    answer = caller.post("account-loads", asks, **headers)
    assert answer.status_code == 202, answer.content
    load = answer.json()
    again = caller.post("account-loads", asks, **headers).json()
    assert again["id"] == load["id"]
    with enter(northmoor):
        assert AccountLoad.objects.count() == 1
        found = loading.read_load(load["id"])
        assert found.state == "ready", found.refusal
        services.request_apply(
            found.pk, EVERYTHING, actor=LOADER, at=clock.now(), apply_later=False
        )
        loading.apply_load(found.pk, at=clock.now())
        assert AccountHolder.objects.filter(surname="NOWAK").count() == 3
    done = caller.get(f"account-loads/{load['id']}").json()
    assert (done["state"], done["added"], done["rejected"]) == ("applied", 3, 0)
    with enter(eastshire):
        assert AccountHolder.objects.count() == 0
    changed = {**asks, "rows": ROWS[:1]}
    answer = caller.post("account-loads", changed, **headers)
    assert answer.status_code == 409
    problem_of(caller_for(eastshire).get(f"account-loads/{load['id']}"), 404,
               "accounts.load_not_found")  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "key", "field"),
    [
        ({}, "", "Idempotency-Key"),
        ({}, "k" * 81, "Idempotency-Key"),
        ({"mode": "some"}, "k", "mode"),
        ({"rows": []}, "k", "rows"),
        ({"rows": [{"reference": {"a": 1}}]}, "k", "rows.0.reference"),
    ],
)
def test_a_load_that_is_not_taken(
    caller: Caller, northmoor: Council, changes: dict[str, Any], key: str, field: str
) -> None:
    asks = {"fund": "CT", "mode": "delta", "rows": ROWS, **changes}
    headers = {"idempotency-key": key} if key else {}
    answer = caller.post("account-loads", asks, **headers)
    assert answer.status_code == 422, answer.content
    assert answer.json()["facts"]["field"] == field
    with enter(northmoor):
        assert AccountLoad.objects.count() == 0


@pytest.mark.parametrize("path", ["funds", "vat-codes", "methods", "accounts?fund=CT"])
def test_an_answer_costs_a_fixed_number_of_queries(
    caller: Caller, northmoor: Council, path: str
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert caller.get(path).status_code == 200
        return len(queries)

    count()
    before = count()
    with enter(northmoor):
        applied(csv_of(*[line(f"77000000{n}") for n in range(9)]))
    assert count() == before


def test_the_description_is_served(caller: Caller) -> None:
    assert json.loads(caller.get("openapi.json").content) == json.loads(json.dumps(description()))
