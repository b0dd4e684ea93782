"""Errors for people: what happened, where, and what to do next."""

from __future__ import annotations

from typing import Any, ClassVar


class ImsError(Exception):
    """A fact that stops an action, in words the person can act on.

    `code` is stable and unique (documented in docs/reference/errors.md); `message` is a plain
    sentence; `facts` are for machines and never hold personal data. `status` is the HTTP answer
    when nothing handles it nearer.
    """

    code: ClassVar[str] = "ims.error"
    status: ClassVar[int] = 400

    def __init__(self, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts


class Retryable(Exception):
    """Marks an error that may pass by itself, so that a job tries again."""


class NotAllowed(ImsError):
    """The person may not do this."""

    code = "ims.not_allowed"
    status = 403


class NotFound(ImsError):
    """There is no such thing in this council."""

    code = "ims.not_found"
    status = 404


class Conflict(ImsError):
    """Somebody else got there first, or the same key came with other content."""

    code = "ims.conflict"
    status = 409
