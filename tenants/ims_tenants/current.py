"""The facade of tenancy: the council at hand, and the one way into another.

`with council:`, `@tenant_context` and `@schema_context` share state between threads
(django-tenants 4.0.1) and are banned; this context manager keeps what it must restore in its own
frame, so it holds under threads, exceptions and nesting.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sentry_sdk
import structlog
from django.core.signing import TimestampSigner

from ims_kernel.scope import schema_name, scope_id, tenant_connection
from ims_tenants import lifecycle
from ims_tenants.errors import NotInACouncil
from ims_tenants.schema_names import is_council_schema

if TYPE_CHECKING:
    from ims_tenants.models import Council


@contextmanager
def enter(council: Council) -> Iterator[Council]:
    """Work inside `council` until the block ends, then return to where the thread was."""
    with _switched(council, council=council.schema_name, council_id=str(council.uuid)):
        yield council


@contextmanager
def public() -> Iterator[None]:
    """Work in the public schema until the block ends."""
    with _switched(None, council="public", council_id=""):
        yield


@contextmanager
def _switched(target: Council | None, **log_context: str) -> Iterator[None]:
    connection = tenant_connection()
    previous = connection.tenant
    if target is None:
        connection.set_schema_to_public()
    else:
        connection.set_tenant(target)
    tokens = structlog.contextvars.bind_contextvars(**log_context)
    sentry_sdk.get_isolation_scope().set_tag("council", log_context["council"])
    try:
        yield
    finally:
        connection.set_tenant(previous)
        structlog.contextvars.reset_contextvars(**tokens)
        sentry_sdk.get_isolation_scope().set_tag("council", getattr(previous, "schema_name", ""))


def council() -> Council:
    """The council at hand. Raises NotInACouncil in the public schema."""
    tenant = tenant_connection().tenant
    if not is_council_schema(schema_name()) or not hasattr(tenant, "uuid"):
        raise NotInACouncil("This needs a council, and none was entered.")
    found: Council = tenant
    return found


def training_council() -> Council | None:
    """The open council in which the one at hand tries its settings, or None. One query.

    Operators alone make the pair (ims_tenants.pairing); no request can name another council.
    """
    here = council()
    found: Council | None = (
        type(here).objects.filter(training_for_id=here.pk, state__in=lifecycle.OPEN).first()
    )
    return found


def council_id() -> str:
    """The council's identifier as text, or `public` outside any council."""
    return scope_id()


def signer(purpose: str) -> TimestampSigner:
    """A signer whose tokens hold only in this council and for this purpose.

    All councils share SECRET_KEY, so a token without the council in its salt would be valid in
    every one of them.
    """
    return TimestampSigner(salt=f"{council_id()}:{purpose}")
