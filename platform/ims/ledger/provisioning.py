"""A new council's marker and accounting periods."""

from __future__ import annotations

from datetime import date

from ims.ledger.models import Marker
from ims.ledger.periods import ensure_periods
from ims_kernel import clock
from ims_tenants import current

_YEARS_BACK, _YEARS_AHEAD = 2, 2


def provision(_starter: bytes) -> None:
    """Mark the schema as the council's and open periods around today. Idempotent."""
    Marker.objects.get_or_create(pk=1, defaults={"council_uuid": current.council().uuid})
    today = clock.today()
    ensure_periods(date(today.year - _YEARS_BACK, 4, 1), date(today.year + _YEARS_AHEAD, 3, 31))
