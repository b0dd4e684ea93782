"""A page that waits too long for what somebody else holds says so, and is no outage."""

from __future__ import annotations

import pytest
from django.db import connection

from ims.imports.models import ImportFile, ImportProfile
from ims_kernel import clock
from ims_kernel.web.middleware import BUSY
from ims_tenants import pooler
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import signed_in


def _ready_import() -> int:
    made = ImportFile.objects.create(
        profile=ImportProfile.objects.get(code="bank"),
        file_name="held.csv",
        stored_path="nowhere",
        sha256="0" * 64,
        size=1,
        state="ready",
        received_at=clock.now(),
        received_by="Test",
    )
    return int(made.pk)


@pytest.mark.committed
def test_discarding_a_file_that_is_being_worked_on_is_refused_in_words(
    committed_councils: tuple[Council, Council],
) -> None:
    council, _ = committed_councils
    client = signed_in(council)
    with enter(council):
        made = _ready_import()
    with pooler._connect() as other, other.transaction():
        other.execute(
            f"SELECT 1 FROM {council.schema_name}.imports_importfile WHERE id = %s FOR UPDATE",
            [made],
        )
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        answer = client.post(f"/imports/{made}/discard", {"reason": "Wrong day"})
    assert answer.status_code == 409
    assert BUSY in answer.content.decode()
    with enter(council):
        assert ImportFile.objects.get(pk=made).state == "ready"
    connection.close()
