"""Calls to other services: with a limit on time and size, over TLS, and without saying secrets.

A redirect is an answer like any other and is never followed: it could lead a credential elsewhere.
The base address comes from code or from the operator's settings, never from what a person typed.
No Django.
"""

from __future__ import annotations

import http.client
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import structlog

from ims_kernel.errors import ImsError

TIMEOUT_SECONDS = 8.0
MAX_BYTES = 1024 * 1024
_CHUNK = 64 * 1024
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_SENDABLE = re.compile(r"[\x20-\x7e]*")
log = structlog.get_logger(__name__)


class NotReached(ImsError):
    """Another service could not be reached, or did not answer in time."""

    code = "http.not_reached"
    status = 503


class AnswerUnusable(ImsError):
    """Another service answered with something that cannot be read."""

    code = "http.answer_unusable"
    status = 502


class NotSendable(ImsError):
    """A call cannot be made with these values, so nothing was sent."""

    code = "http.not_sendable"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `body` and `headers` are not shown: they may hold personal data."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def get(
    base: str, path: str, *, headers: Mapping[str, str], timeout: float = TIMEOUT_SECONDS
) -> Reply:
    """Ask once. `timeout` is seconds for the whole call; `path` begins with a slash.

    Raises NotReached, AnswerUnusable, or NotSendable for a header no call can carry. No error
    repeats a header, a query or a body.
    """
    host, connection = _connection(base, timeout)
    _check_sendable(path, headers)
    started = time.monotonic()
    try:
        connection.request("GET", path, headers={"Accept": "application/json", **headers})
        answer = connection.getresponse()
        body = _read(answer, deadline=started + timeout, host=host)
    except ssl.SSLError:
        raise NotReached(
            f"{host} could not prove who it is, so nothing was sent. Try again later; if it stays, "
            "tell your support contact.",
            host=host,
        ) from None
    except OSError as error:
        raise _not_reached(host, error) from None
    except http.client.HTTPException:
        raise AnswerUnusable(f"{host} answered with something that is no answer.") from None
    finally:
        connection.close()
    took = round((time.monotonic() - started) * 1000)
    path = path.partition("?")[0]
    log.info(
        "called",
        host=host,
        path=path,
        status=answer.status,
        milliseconds=took,
    )
    return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, body)


def _connection(base: str, timeout: float) -> tuple[str, http.client.HTTPConnection]:
    parts = urlsplit(base)
    host = parts.hostname or ""
    if parts.scheme == "https" and host:
        context = ssl.create_default_context()
        return host, http.client.HTTPSConnection(host, parts.port, timeout=timeout, context=context)
    if parts.scheme == "http" and host in _LOOPBACK:
        return host, http.client.HTTPConnection(host, parts.port, timeout=timeout)
    raise NotSendable(f"{base} is not an https:// address, so nothing is sent there.")


def _check_sendable(path: str, headers: Mapping[str, str]) -> None:
    # The standard library would repeat the value in its error.
    if not path.startswith("/") or not re.fullmatch(r"[\x21-\x7e]+", path):
        raise NotSendable("The path of a call to another service cannot be sent.")
    for name, value in headers.items():
        if _SENDABLE.fullmatch(value) is None:
            raise NotSendable(
                f"The {name} of a call holds characters that cannot be sent. Copy the credential "
                "again, without line breaks.",
                header=name,
            )


def _read(answer: http.client.HTTPResponse, *, deadline: float, host: str) -> bytes:
    parts, size = [], 0
    while chunk := answer.read1(_CHUNK):
        parts.append(chunk)
        size += len(chunk)
        if size > MAX_BYTES:
            raise AnswerUnusable(f"{host} answered with more than {MAX_BYTES:,} bytes.", host=host)
        if time.monotonic() > deadline:
            raise TimeoutError
    return b"".join(parts)


def _not_reached(host: str, error: OSError) -> NotReached:
    log.info("not_reached", host=host, error=type(error).__name__)
    why = "did not answer in time" if isinstance(error, TimeoutError) else "could not be reached"
    return NotReached(
        f"{host} {why}. Check whether it says on its status page that it is down, then try again.",
        host=host,
    )
