"""An audit trail that begins empty: making a council leaves events of its own."""

from __future__ import annotations

from django.db import connection


def empty_trail() -> None:
    """Take every event of the council at hand away, as only the tables' owner can."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM audit_auditevent")
        cursor.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER USER")
