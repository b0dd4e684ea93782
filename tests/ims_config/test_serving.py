"""What answers when nothing is wrong, when the database is away, and what the log then says."""

from __future__ import annotations

import json
import re

import pytest
import structlog
from django.test import Client
from pytest_django.fixtures import Settings

from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.councils import NORTHMOOR_HOST

_HEX_32 = re.compile(r"[0-9a-f]{32}")


def test_a_process_that_runs_says_so_on_any_host_without_a_database(no_database: None) -> None:
    response = Client(headers={"host": "10.0.0.9:8000"}).get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_a_service_that_can_serve_says_so(db: None) -> None:
    response = Client(headers={"host": "10.0.0.9:8000"}).get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ok", "database": "ok"})


def test_a_service_without_its_database_is_not_ready_and_shows_no_detail(
    no_database: None, dead_port: int
) -> None:
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "database": "does not answer"}
    assert str(dead_port) not in response.content.decode()


@pytest.mark.parametrize("path", ["/", "/sign-in", "/transactions", "/nowhere"])
@pytest.mark.parametrize("host", [NORTHMOOR_HOST, "nobody.example"])
def test_a_request_without_a_database_is_a_page_in_words(
    no_database: None, dead_port: int, host: str, path: str
) -> None:
    response = Client(headers={"host": host}, raise_request_exception=False).get(path)
    text = response.content.decode()
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "The service is not available" in text
    assert "Nothing you entered has been half saved" in text
    assert response["X-Request-Id"] in text
    for secret in (str(dead_port), "Traceback", "OperationalError", "psycopg"):
        assert secret not in text


def test_the_public_pages_need_no_database_to_be_found(
    no_database: None, settings: Settings
) -> None:
    settings.IMS_PUBLIC_HOST = "ims.example"
    response = Client(headers={"host": "ims.example"}, raise_request_exception=False).get("/")
    assert response.status_code in {200, 503}
    assert "Traceback" not in response.content.decode()


def test_each_request_has_an_id_of_our_own(northmoor: Council, client_for: ClientFor) -> None:
    client = client_for(northmoor)
    sent = {"X-Request-Id": "forged\nline", "X-Correlation-Id": "forged"}
    ids = {client.get("/", headers=sent)["X-Request-Id"] for _ in range(3)}
    assert len(ids) == 3
    assert all(_HEX_32.fullmatch(each) for each in ids)


def test_a_log_line_names_the_council_and_the_request(
    northmoor: Council, client_for: ClientFor
) -> None:
    client = client_for(northmoor, permissions=[])
    with structlog.testing.capture_logs(
        processors=[structlog.contextvars.merge_contextvars]
    ) as lines:
        response = client.get("/transactions")
    assert response.status_code == 403
    (line,) = [line for line in lines if line["event"] == "refused"]
    assert line["council"] == northmoor.schema_name
    assert line["council_id"] == str(northmoor.uuid)
    assert line["request_id"] == response["X-Request-Id"]
    assert json.dumps(line)


def test_a_request_leaves_nothing_behind_for_the_next(
    northmoor: Council, client_for: ClientFor
) -> None:
    client_for(northmoor).get("/")
    assert structlog.contextvars.get_contextvars() == {}
