"""Where the anchors of sealed chains are kept: in `public`, out of reach of a council's schema.

An anchor moves from one block to the next and never back (migration 0002 makes the database refuse
anything else). After a restore a new series begins, and the old one stays as it was.
"""

from __future__ import annotations

from datetime import datetime

from ims_kernel.scope import scope_id
from ims_kernel.sealing.anchors import Head
from ims_tenants.current import public
from ims_tenants.models import Anchor


class PublicStore:
    """Anchors of the council at hand, or of the public schema itself."""

    def find(self, chain: str) -> Head | None:
        """The anchor of a chain, or None when it has none yet."""
        found = _newest(chain)
        return Head(found.number, bytes(found.hash)) if found else None

    def follow(self, chain: str, previous: Head, new: Head, *, at: datetime) -> None:
        """Move the anchor on, if it stands at the block before."""
        found = _newest(chain)
        if found is None:
            if previous.number == 0:
                _insert(chain, 1, new, at)
            return
        if (found.number, bytes(found.hash)) == (previous.number, previous.hash):
            with public():
                Anchor.objects.filter(pk=found.pk).update(
                    number=new.number, hash=new.hash, sealed_at=at
                )

    def restart(self, chain: str, head: Head, *, at: datetime) -> None:
        """Begin a new series at a block."""
        found = _newest(chain)
        _insert(chain, found.series + 1 if found else 1, head, at)


def _newest(chain: str) -> Anchor | None:
    scope = scope_id()
    with public():
        return Anchor.objects.filter(scope=scope, chain=chain).order_by("-series").first()


def _insert(chain: str, series: int, head: Head, at: datetime) -> None:
    scope = scope_id()
    with public():
        Anchor.objects.create(
            scope=scope, chain=chain, series=series, number=head.number, hash=head.hash,
            sealed_at=at,
        )  # fmt: skip
