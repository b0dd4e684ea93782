"""Errors as problems, wherever they are raised."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.test import RequestFactory
from rest_framework import exceptions

from ims.api.problems import as_problem
from ims.apikeys.errors import KeyRefused, TooManyRequests
from ims_kernel.errors import NotAllowed
from ims_tenants.models import Council
from tests.ims.api.conftest import caller_for, problem_of


def test_what_nobody_expects_goes_on_to_the_error_pages() -> None:
    request = RequestFactory().get("/api/v1/funds")
    assert as_problem(ZeroDivisionError("a secret"), {"request": request}) is None


def test_an_error_before_there_is_a_request_has_no_address() -> None:
    answer = as_problem(KeyRefused("The key is not accepted."), {})
    assert answer is not None
    assert answer.status_code == 401
    assert answer.data["code"] == KeyRefused.code
    assert not answer.data.keys() & {"instance", "request_id"}
    assert answer["WWW-Authenticate"] == 'Bearer realm="LocalGov IMS"'


@pytest.mark.parametrize(
    ("error", "status", "code", "detail"),
    [
        (Http404("No Fund matches"), 404, "ims.not_found", "There is nothing at this address."),
        (exceptions.ValidationError({"fund": ["x"]}), 400, "api.invalid",
         "The request cannot be read."),
        (NotAllowed("You may not.", permission="ledger.view"), 403, "ims.not_allowed",
         "You may not."),
    ],
)  # fmt: skip
def test_each_kind_of_error_says_its_own_words(
    error: Exception, status: int, code: str, detail: str
) -> None:
    answer = as_problem(error, {"request": RequestFactory().get("/api/v1/funds?token=hidden")})
    assert answer is not None
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    found = {name: answer.data[name] for name in ("status", "code", "detail", "instance")}
    assert found == {"status": status, "code": code, "detail": detail, "instance": "/api/v1/funds"}


def test_too_many_requests_say_when_to_come_back() -> None:
    answer = as_problem(TooManyRequests("Wait.", retry_after=7), {})
    assert answer is not None
    assert (answer.status_code, answer["Retry-After"]) == (429, "7")


def test_a_refused_key_is_told_how_to_show_one(northmoor: Council, eastshire: Council) -> None:
    """No key, another scheme and the neighbour's key: one answer, so that nothing is learnt."""
    ours, theirs = caller_for(northmoor), caller_for(eastshire)
    details = set()
    for authorization in ("", f"Basic {ours.text}", f"Bearer {theirs.text}"):
        answer = ours.client.get("/api/v1/funds", headers={"authorization": authorization})
        details.add(problem_of(answer, 401, KeyRefused.code)["detail"])
        assert answer["WWW-Authenticate"] == 'Bearer realm="LocalGov IMS"'
    assert len(details) == 1
    assert theirs.get("funds").status_code == 200
