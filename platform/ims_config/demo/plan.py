"""A council's year as a plan: what each day brings, and what is put right later.

Repeatable: the same council, day and number give the same plan. Nothing here touches a database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from ims.receipts.services import ReceiptDraft
from ims.suspense.services import Target
from ims_config.demo.arrivals import Arrivals, arrivals
from ims_config.demo.councils import DemoCouncil
from ims_config.demo.drafts import DraftMaker
from ims_config.demo.working_days import days_between, working_day_after, working_day_from
from ims_kernel.clock import LONDON

RECEIPTS = 20_000
# Of 20,000 receipts: 120 wait in suspense, of which 4 in 5 are placed within weeks; 8 cheques
# come back unpaid; 6 counter receipts are reversed.
_PARKED, _UNPAID, _REVERSED = 120, 8, 6
_PLACED_PERCENT, _PLACED_WITHIN_DAYS = 80, 45
_UNPAID_AFTER = 4  # working days

_OVERNIGHT, _MORNING, _AFTERNOON = time(6, 30), time(11, 0), time(14, 20)
_TILLS_CLOSE, _POST_BOOK, _CARDS_CLOSE = time(16, 45), time(17, 15), time(23, 15)


@dataclass(frozen=True, slots=True)
class Take:
    """Receipts taken together. `marks` names those that a later step comes back to."""

    at: datetime
    actor: str
    drafts: list[ReceiptDraft]
    marks: dict[int, str]


@dataclass(frozen=True, slots=True)
class Place:
    """Suspense that somebody explained."""

    at: datetime
    actor: str
    mark: str
    targets: list[Target]


@dataclass(frozen=True, slots=True)
class Reverse:
    """A receipt that was a mistake."""

    at: datetime
    actor: str
    mark: str
    reason: str


Step = Take | Place | Reverse


@dataclass(slots=True)
class _Later:
    """What a day already has to do because of an earlier one."""

    places: list[tuple[str, list[Target]]] = field(default_factory=list)
    reversals: list[str] = field(default_factory=list)
    unpaid: list[ReceiptDraft] = field(default_factory=list)


def year_before(today: date) -> list[date]:
    """The days of the 12 months that end yesterday."""
    leap_day = (today.month, today.day) == (2, 29)
    first = today.replace(year=today.year - 1, day=28 if leap_day else today.day)
    return list(days_between(first, today - timedelta(days=1)))


def plan_year(
    council: DemoCouncil, *, today: date, receipts: int = RECEIPTS
) -> Iterator[list[Step]]:
    """The steps of each day of the 12 months to yesterday, oldest first; `receipts` in all."""
    return _Planner(council, year_before(today), receipts).days()


class _Planner:
    """Walks the days once, keeping what is still to come."""

    def __init__(self, council: DemoCouncil, days: list[date], receipts: int) -> None:
        # Invented figures, no secret: they must come out the same each time.
        self._rng = rng = Random(f"{council.host}:{days[-1]}:{receipts}")  # noqa: S311
        self._council = council
        self._days = days
        self._later: dict[date, _Later] = {on: _Later() for on in days}
        unpaid = receipts * _UNPAID // RECEIPTS
        self._counts: Arrivals = arrivals(council.shares, days, receipts=receipts - unpaid, rng=rng)
        self._maker = DraftMaker(council, rng)
        self._numbers = dict.fromkeys(council.shares, 0)
        self._parked = self._some("bank", receipts * _PARKED // RECEIPTS)
        self._unpaid = self._some("cheque", unpaid)
        self._reversed = self._some("cash", receipts * _REVERSED // RECEIPTS)

    def _some(self, purpose: str, count: int) -> set[int]:
        """Which receipts of a purpose meet a fate, by their number."""
        return set(self._rng.sample(range(sum(self._counts[purpose])), count))

    def days(self) -> Iterator[list[Step]]:
        """The steps of each day."""
        for index, on in enumerate(self._days):
            yield [step for step in self._day(index, on) if not self._is_empty(step)]

    @staticmethod
    def _is_empty(step: Step) -> bool:
        return isinstance(step, Take) and not step.drafts

    def _day(self, index: int, on: date) -> Iterator[Step]:
        later, cashier = self._later[on], self._council.cashier
        yield self._take(
            ("direct_debit", "collected", "bank"), index, at=_at(on, _OVERNIGHT), actor="Interfaces"
        )
        for number, (mark, targets) in enumerate(later.places):
            at = _at(on, _MORNING) + timedelta(minutes=7 * number)
            yield Place(at, cashier, mark, targets)
        for mark in later.reversals:
            yield Reverse(_at(on, _AFTERNOON), cashier, mark, "Keyed twice at the counter")
        yield self._take(("cash", "cheque"), index, at=_at(on, _TILLS_CLOSE), actor=cashier)
        yield Take(_at(on, _POST_BOOK), cashier, later.unpaid, {})
        yield self._take(("card",), index, at=_at(on, _CARDS_CLOSE), actor="Online payments")

    def _take(self, purposes: tuple[str, ...], index: int, *, at: datetime, actor: str) -> Take:
        taken = Take(at, actor, [], {})
        on = self._days[index]
        for purpose in purposes:
            for _ in range(self._counts[purpose][index]):
                number = self._numbers[purpose]
                self._numbers[purpose] += 1
                self._one(taken, purpose, number, on)
        return taken

    def _one(self, taken: Take, purpose: str, number: int, on: date) -> None:
        mark = f"{purpose}-{number}"
        if purpose == "bank" and number in self._parked:
            draft, targets = self._maker.unclear(on, number)
            taken.marks[len(taken.drafts)] = mark
            taken.drafts.append(draft)
            if self._rng.randrange(100) < _PLACED_PERCENT:
                delay = timedelta(days=self._rng.randint(1, _PLACED_WITHIN_DAYS))
                due = self._later.get(working_day_from(on + delay))
                if due:  # else it is still open today
                    due.places.append((mark, targets))
            return
        draft = self._maker.known(purpose, on, number)
        if purpose == "cash" and number in self._reversed:
            due = self._later.get(working_day_after(on, 1))
            if due:
                taken.marks[len(taken.drafts)] = mark
                due.reversals.append(mark)
        if purpose == "cheque" and number in self._unpaid:
            back_on = min(working_day_after(on, _UNPAID_AFTER), self._days[-1])
            self._later[back_on].unpaid.append(_returned(draft, back_on))
        taken.drafts.append(draft)


def _returned(draft: ReceiptDraft, on: date) -> ReceiptDraft:
    return draft._replace(
        amount_pence=-draft.amount_pence,
        received_on=on,
        effective_on=on,
        narrative="Unpaid cheque: refer to drawer",
    )


def _at(on: date, when: time) -> datetime:
    return datetime.combine(on, when, tzinfo=LONDON)
