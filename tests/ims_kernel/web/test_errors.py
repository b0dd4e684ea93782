"""What people see when something goes wrong, and what they never see."""

import re
from typing import Any

import pytest
import structlog
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from ims_kernel.web import errors
from tests.ims_kernel.web import gallery


def _heading(response: Any) -> str:
    match = re.search(r"<h1[^>]*>(.*?)</h1>", response.content.decode())
    assert match
    return match[1]


class Away:
    """A middleware that needs a database which is not there."""

    error: Exception = OperationalError("connection refused: password=hunter2")

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        raise self.error


@pytest.mark.parametrize(
    ("address", "status", "heading", "words"),
    [
        ("/refused/", 409, "Somebody else got there first", "already posted by Sam at 9:30am"),
        ("/not-allowed/", 403, "You cannot open this page", "Only an income manager may post"),
        ("/not-allowed/", 403, "You cannot open this page", "to change your role"),
        ("/nowhere/", 404, "Page not found", "check you copied all of it"),
        ("/broken/", 500, "There is a problem with the service", "Nothing you entered"),
    ],
)
def test_each_failure_has_its_status_and_says_what_to_do(
    visitor: Client, address: str, status: int, heading: str, words: str
) -> None:
    response = visitor.get(address)
    assert response.status_code == status
    assert _heading(response) == heading
    assert words in response.content.decode()


def test_an_unexpected_failure_tells_its_reference_and_nothing_else(visitor: Client) -> None:
    response = visitor.get("/broken/")
    text = response.content.decode()
    assert response["X-Request-Id"] in text
    assert "secret detail" not in text
    assert "RuntimeError" not in text


@pytest.mark.parametrize("error", [OperationalError("refused"), InterfaceError("closed")])
def test_a_database_that_is_down_is_a_503_from_a_view(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr(gallery, "render", fail)
    response = visitor.get("/")
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "Wait 30 seconds and reload this page." in response.content.decode()


def test_a_database_that_is_down_is_a_503_from_middleware_too(
    visitor: Client, settings: Settings
) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:2], f"{__name__}.Away"]
    response = visitor.get("/")
    assert response.status_code == 503
    assert _heading(response) == "The service is not available"
    assert "hunter2" not in response.content.decode()
    assert response["X-Request-Id"] in response.content.decode()


def test_any_other_failure_of_middleware_is_a_500(
    visitor: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Away, "error", KeyError("host"))
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:2], f"{__name__}.Away"]
    assert visitor.get("/").status_code == 500


def test_the_error_page_needs_no_context_processor(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(request: HttpRequest) -> dict[str, Any]:
        raise OperationalError("the council could not be read")

    monkeypatch.setattr("ims_kernel.web.context.page", fail)
    assert visitor.get("/broken/").status_code == 500
    response = visitor.get("/nowhere/")
    assert response.status_code == 404
    assert _heading(response) == "Page not found"


def test_even_a_broken_template_leaves_a_page(
    gallery_pages: None, rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errors, "engines", {})
    response = errors.server_error(rf.get("/"))
    assert response.status_code == 500
    assert _heading(response) == "There is a problem with the service"


def test_an_unknown_host_is_told_nothing_about_any_council(
    gallery_pages: None, rf: RequestFactory
) -> None:
    response = errors.unknown_host(rf.get("/", headers={"host": "nowhere.example"}))
    assert response.status_code == 404
    assert _heading(response) == "There is no council at this address"
    text = response.content.decode()
    assert "Northmoor" not in text
    assert "nowhere.example" not in text


def test_a_stale_page_says_to_reload(gallery_pages: None, rf: RequestFactory) -> None:
    response = errors.csrf_failure(rf.post("/"), reason="CSRF cookie not set.")
    assert response.status_code == 403
    assert "Nothing was changed. Go back, reload the page" in response.content.decode()
    assert "CSRF" not in response.content.decode()


def test_a_request_that_makes_no_sense_and_one_not_permitted_have_pages(
    gallery_pages: None, rf: RequestFactory
) -> None:
    assert errors.bad_request(rf.get("/"), ValueError("x")).status_code == 400
    response = errors.forbidden(rf.get("/"), Http404("x"))
    assert response.status_code == 403
    assert "Your account does not have permission for it." in response.content.decode()


def test_the_request_id_is_ours_and_in_the_logs(visitor: Client) -> None:
    with structlog.testing.capture_logs(
        processors=[structlog.contextvars.merge_contextvars]
    ) as logs:
        response = visitor.get("/refused/", headers={"X-Request-Id": "forged"})
    assert re.fullmatch("[0-9a-f]{32}", response["X-Request-Id"])
    assert logs == [
        {
            "event": "refused",
            "log_level": "info",
            "code": "ims.conflict",
            "status": 409,
            "request_id": response["X-Request-Id"],
        }
    ]
    assert "request_id" not in structlog.contextvars.get_contextvars()


@pytest.mark.parametrize("address", ["/", "/nowhere/", "/broken/"])
def test_every_page_carries_the_security_headers(visitor: Client, address: str) -> None:
    headers = visitor.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Referrer-Policy"] == "same-origin"
