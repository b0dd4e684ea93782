"""Calls to other services end in time, follow nothing, and say no secret."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from ims_kernel import http
from tests.factories.far_service import FarService, far_service

SECRET = {"Authorization": "Bearer sk_test_InventedForATest"}


@pytest.fixture
def far() -> Iterator[FarService]:
    with far_service() as made:
        yield made


def test_an_answer_comes_back(far: FarService) -> None:
    far.body, far.headers, far.status = b'{"a": 1}', {"X-Other": "y"}, 404
    reply = http.get(far.url, "/v1/thing?x=1", headers=SECRET)
    assert (reply.status, reply.body, reply.headers["x-other"]) == (404, b'{"a": 1}', "y")
    (asked,) = far.asked
    assert asked[:2] == ("GET", "/v1/thing?x=1")
    assert asked[2]["Authorization"] == SECRET["Authorization"]


def test_a_redirect_is_not_followed(far: FarService) -> None:
    far.status, far.headers = 302, {"Location": f"{far.url}/elsewhere"}
    assert http.get(far.url, "/", headers=SECRET).status == 302
    assert len(far.asked) == 1


def test_nothing_of_the_call_is_shown(far: FarService) -> None:
    far.body = b"personal"
    with structlog.testing.capture_logs() as logs:
        reply = http.get(far.url, "/v1/x?token=hidden", headers=SECRET)
    assert logs[0]["path"] == "/v1/x"
    assert logs[0]["status"] == 200
    shown = f"{reply!r} {logs}"
    assert not any(word in shown for word in ("personal", "hidden", "sk_test"))


def test_nobody_listening() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(http.NotReached, match="could not be reached"):
        http.get(f"http://127.0.0.1:{port}", "/", headers=SECRET)


def _silent(_handler: Any) -> None:
    time.sleep(1)


def _dripping(handler: Any) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(40):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        return


@pytest.mark.parametrize("writes", [_silent, _dripping])
def test_an_answer_that_does_not_come_or_comes_in_drips(far: FarService, writes: Any) -> None:
    far.writes = writes
    started = time.monotonic()
    with pytest.raises(http.NotReached, match="did not answer in time"):
        http.get(far.url, "/", headers={}, timeout=0.3)
    assert time.monotonic() - started < 0.9


def test_an_answer_without_end(far: FarService) -> None:
    far.body = b"x" * (http.MAX_BYTES + 1)
    with pytest.raises(http.AnswerUnusable, match="more than"):
        http.get(far.url, "/", headers={})


def test_an_answer_that_is_none(far: FarService) -> None:
    far.writes = lambda handler: handler.wfile.write(b"SMTP ready\r\n\r\n")
    with pytest.raises(http.AnswerUnusable):
        http.get(far.url, "/", headers={})


@pytest.mark.parametrize(
    "base", ["http://example.org", "ftp://127.0.0.1", "", "https://", "file:///etc/passwd"]
)
def test_only_tls_leaves_the_machine(base: str) -> None:
    with pytest.raises(http.NotSendable):
        http.get(base, "/", headers=SECRET)


@pytest.mark.parametrize("value", ["a\r\nX: y", "a\nb", "naïve", "a\0b"])
def test_a_credential_that_cannot_be_sent_is_not_repeated(far: FarService, value: str) -> None:
    with pytest.raises(http.NotSendable) as caught:
        http.get(far.url, "/", headers={"Authorization": f"Bearer {value}"})
    assert value not in str(caught.value)
    assert far.asked == []


def test_a_server_that_cannot_prove_who_it_is(far: FarService) -> None:
    with pytest.raises(http.NotReached):
        http.get(far.url.replace("http:", "https:"), "/", headers=SECRET)
    assert far.asked == []


@pytest.mark.parametrize("path", ["v1/thing", "/v1/a thing", "/v1/\r\nX: y", "/näme", ""])
def test_a_path_that_cannot_be_sent(far: FarService, path: str) -> None:
    with pytest.raises(http.NotSendable, match="The path of a call") as caught:
        http.get(far.url, path, headers=SECRET)
    assert "thing" not in str(caught.value)
    assert far.asked == []
