"""Proof that the balance column of a CSV follows from its amounts, in any order of lines."""

from __future__ import annotations

# A chained file needs two; this bounds memory when the column is nonsense or lines were filtered.
_MOST_LOOSE_ENDS = 10_000


class RunningBalance:
    """Follows one account's lines and says its opening and closing balance at the end.

    Each line leads from the balance before it to the balance after it. Read oldest first, newest
    first, or shuffled within a day, the lines of a whole statement form one path: every balance
    is left as often as it is reached, except the opening and the closing one. A missing, changed
    or doubled line leaves further loose ends. Only loose ends are kept, so memory stays flat.
    """

    __slots__ = ("_ends", "closing", "expected", "first_break", "opening", "unsure")

    def __init__(self) -> None:
        self.opening: int | None = None  # of the stretch being followed
        self.closing: int | None = None
        self.first_break: tuple[int, int, int] | None = None  # line, its balance, what was expected
        self.unsure = False  # a line without a readable amount or balance: nothing can be proved
        self._ends: dict[int, int] = {}

    def follow(self, amount_pence: int, balance_pence: int, line_number: int) -> None:
        """Takes one line of the account."""
        before = balance_pence - amount_pence
        if before == self.closing:
            self.closing = balance_pence
        elif balance_pence == self.opening:
            self.opening = before
        else:
            if self.closing is not None:
                if self.first_break is None:
                    expected = self.closing + amount_pence
                    self.first_break = (line_number, balance_pence, expected)
                self._loosen(self.opening, self.closing)
            self.opening, self.closing = before, balance_pence

    def ends(self) -> tuple[int, int] | None:
        """(opening, closing) in pence; None when the lines do not form one path."""
        self._loosen(self.opening, self.closing)
        opening, closing = self.opening, self.closing
        self.opening = self.closing = None
        if opening is None or closing is None:
            return None
        if not self._ends:
            return opening, opening
        if sorted(self._ends.values()) != [-1, 1]:
            return None
        by_count = {count: balance for balance, count in self._ends.items()}
        return by_count[-1], by_count[1]

    def _loosen(self, opening: int | None, closing: int | None) -> None:
        if opening is None or closing is None or len(self._ends) > _MOST_LOOSE_ENDS:
            return
        for balance, step in ((opening, -1), (closing, 1)):
            count = self._ends.get(balance, 0) + step
            if count:
                self._ends[balance] = count
            else:
                self._ends.pop(balance, None)
