"""Errors as RFC 9457 problems: the same codes and words as on the pages."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from ims.apikeys.errors import KeyRefused, TooManyRequests
from ims_kernel.errors import ImsError

_TYPE = "https://localgov-ims.example/errors/"
_TITLES = {
    400: "This could not be done",
    401: "The key is not accepted",
    403: "The key may not do this",
    404: "There is no such thing",
    405: "This address does not take that method",
    409: "Somebody else got there first",
    413: "The request is too large",
    415: "This kind of content is not read",
    422: "The request cannot be used",
    429: "Too many requests",
}


class ProblemRenderer(JSONRenderer):
    """A problem is JSON with a name of its own."""

    media_type = "application/problem+json"


def problem(status_code: int, code: str, detail: str, **facts: Any) -> dict[str, Any]:
    """The body of a problem. `type` is an identifier and leads nowhere by itself."""
    return {
        "type": f"{_TYPE}{code}",
        "title": _TITLES.get(status_code, _TITLES[400]),
        "status": status_code,
        "code": code,
        "detail": detail,
        **({"facts": facts} if facts else {}),
    }


def as_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's EXCEPTION_HANDLER. What we do not expect goes on to the error pages."""
    found = _body(error)
    if found is None:
        return None
    if context.get("request") is not None:
        found["instance"] = context["request"].path
        found["request_id"] = getattr(context["request"], "request_id", "")
    answer = Response(found, status=found["status"], content_type=ProblemRenderer.media_type)
    if isinstance(error, KeyRefused):
        answer["WWW-Authenticate"] = 'Bearer realm="LocalGov IMS"'
    if isinstance(error, TooManyRequests):
        answer["Retry-After"] = str(error.facts["retry_after"])
    return answer


def _body(error: Exception) -> dict[str, Any] | None:
    if isinstance(error, ImsError):
        return problem(error.status, error.code, error.message, **_plain(error.facts))
    if isinstance(error, Http404):
        return problem(404, "ims.not_found", "There is nothing at this address.")
    if isinstance(error, exceptions.APIException):
        code = f"api.{error.default_code}"
        words = (
            str(error.detail) if isinstance(error.detail, str) else "The request cannot be read."
        )
        wrong = error.status_code
        if isinstance(error, exceptions.ParseError):
            words = "The request is not JSON. Send a JSON document and its Content-Type."
            wrong = status.HTTP_400_BAD_REQUEST
        return problem(wrong, code, words)
    return None


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    kept = (str, int, bool, type(None))
    return {name: value for name, value in facts.items() if isinstance(value, kept)}
