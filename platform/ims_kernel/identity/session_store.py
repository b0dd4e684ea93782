"""Django's sessions in the database, each with a time-out of its own.

A module of its own because SESSION_ENGINE names a module.
"""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

IDLE_SECONDS = "idle_seconds"


class SessionStore(db.SessionStore):
    """Ends `idle_seconds` after it was last written, or after SESSION_COOKIE_AGE without it.

    Unlike set_expiry() this leaves the cookie to the browser's visit.
    """

    def get_session_cookie_age(self) -> int:
        """Seconds from a write to the end."""
        return cast("int", self.get(IDLE_SECONDS, settings.SESSION_COOKIE_AGE))

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The rows are Django's own."""
        return Session
