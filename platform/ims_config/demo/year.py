"""Takes a planned year into the council at hand, each receipt on its own day, once."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

from ims.accounts.reference_book import reference_book
from ims.ledger import selectors as ledger
from ims.ledger.periods import PeriodFinder
from ims.ledger.services import reverse
from ims.receipts.services import take_batch
from ims.suspense import selectors as suspense
from ims.suspense.services import allocate
from ims_config.demo.councils import DemoCouncil
from ims_config.demo.plan import RECEIPTS, Place, Reverse, Take, plan_year
from ims_kernel.identity.permissions import system

_FIRST_KEY = "demo-year"
_GROWING = ("ledger_entry", "ledger_line", "receipts_receipt", "suspense_suspenseitem")
_DAYS_BETWEEN_STATISTICS = 40


def is_year_loaded() -> bool:
    """Whether the council at hand has its year."""
    return ledger.lines().filter(entry__idempotency_key=_FIRST_KEY).exists()


def load_year(council: DemoCouncil, *, today: date, receipts: int = RECEIPTS) -> None:
    """Load the 12 months to yesterday.

    One transaction, so that an interrupted start leaves nothing behind; a second year is refused
    by the key of its first receipt.
    """
    with transaction.atomic():
        loader = _Loader()
        for number, steps in enumerate(plan_year(council, today=today, receipts=receipts), start=1):
            for step in steps:
                loader.do(step)
            if number % _DAYS_BETWEEN_STATISTICS == 0:
                _refresh_statistics()
        _refresh_statistics()


def _refresh_statistics() -> None:
    """Tell the planner how much is there.

    A vacuum that meets the rows of this open transaction, or of a load that was killed, counts
    none of them; every plan would then be one for empty tables, up to a hundred times slower.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(_GROWING)}")


class _Loader:
    """Does planned steps, remembering which entries later ones come back to."""

    def __init__(self) -> None:
        self._references = reference_book()
        self._periods = PeriodFinder()
        self._entries: dict[str, int] = {}
        self._is_first = True

    def do(self, step: Take | Place | Reverse) -> None:
        if isinstance(step, Take):
            self._take(step)
        elif isinstance(step, Place):
            self._place(step)
        else:
            entry_id = self._entries.pop(step.mark)
            reverse(entry_id, reason=step.reason, actor=system(step.actor), at=step.at)

    def _take(self, step: Take) -> None:
        drafts = step.drafts
        if self._is_first:
            drafts = [drafts[0]._replace(idempotency_key=_FIRST_KEY), *drafts[1:]]
            self._is_first = False
        taken = take_batch(
            drafts,
            actor=system(step.actor),
            at=step.at,
            reference=self._references,
            periods=self._periods,
        )
        for place, mark in step.marks.items():
            self._entries[mark] = taken.entry_ids[place]

    def _place(self, step: Place) -> None:
        item = suspense.find_by_entry(self._entries.pop(step.mark))
        if item is not None:
            allocate(
                item.pk,
                step.targets,
                actor=system(step.actor),
                at=step.at,
                narrative="Found by the payer's name",
            )
