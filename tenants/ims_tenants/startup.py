"""What tenancy hooks into when the process starts."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from ims_kernel.jobs import scope
from ims_kernel.sealing import anchors
from ims_tenants.anchors import PublicStore
from ims_tenants.content_types import key_cache_by_schema
from ims_tenants.current import council_id, enter, public
from ims_tenants.errors import CouncilNotFound
from ims_tenants.middleware import SESSION_COUNCIL
from ims_tenants.models import Council


def connect() -> None:
    """Connect sessions, jobs and anchors to councils, and keep content types apart."""
    key_cache_by_schema()
    user_logged_in.connect(_stamp_session, dispatch_uid="ims_tenants.stamp_session")
    scope.use(_enter_by_id)
    anchors.use(PublicStore())


def _stamp_session(*, request: HttpRequest, **_kwargs: Any) -> None:
    request.session[SESSION_COUNCIL] = council_id()


@contextmanager
def _enter_by_id(identifier: str) -> Iterator[None]:
    with public():
        council = Council.objects.filter(uuid=_uuid(identifier)).first()
    if council is None or not council.is_open:
        raise CouncilNotFound("The council of this job is not there or not open.", id=identifier)
    with enter(council):
        yield


def _uuid(identifier: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(identifier)
    except ValueError:
        return None
