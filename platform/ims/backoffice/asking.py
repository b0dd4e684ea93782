"""What a view reads from a request, with its type."""

from __future__ import annotations

from django.http import HttpRequest

from ims_kernel.identity.permissions import Actor


def actor_of(request: HttpRequest) -> Actor:
    """Who asks. Put on the request by ims_kernel.identity.middleware."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
