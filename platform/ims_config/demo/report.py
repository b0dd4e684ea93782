"""What the demo did, as figures that must agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ims.ledger.verify import Proof
from ims_config.demo.setting_up import SignIn


class Figures(NamedTuple):
    """A number of lines and their sum in pence."""

    lines: int
    pence: int

    def plus(self, other: Figures) -> Figures:
        """Both together."""
        return Figures(self.lines + other.lines, self.pence + other.pence)


@dataclass(frozen=True, slots=True)
class CouncilReport:
    """One council's morning and its books.

    `received` is what the bank file says, `posted`, `parked` and `rejected` what became of it,
    `taken` what the ledger holds of it, and `sent` what ledger files hold of that. `ledger` is
    everything posted since the beginning, `exported` what ledger files hold of it.
    """

    name: str
    host: str
    statement: str
    received: Figures
    posted: Figures
    parked: Figures
    rejected: Figures
    taken: Figures
    sent: Figures
    ledger: Figures
    exported: Figures
    files: tuple[str, ...]
    proofs: tuple[Proof, ...]

    @property
    def accounted_for(self) -> Figures:
        """Posted, parked and rejected together."""
        return self.posted.plus(self.parked).plus(self.rejected)

    @property
    def statement_agrees(self) -> bool:
        """Whether every line and penny of the bank file is explained and in the ledger."""
        return self.received == self.accounted_for and self.taken == self.posted.plus(self.parked)

    @property
    def export_agrees(self) -> bool:
        """Whether the ledger files hold exactly the ledger."""
        return self.ledger == self.exported

    @property
    def morning_left(self) -> bool:
        """Whether all that the ledger took from the bank file is in a ledger file."""
        return self.sent == self.taken

    @property
    def problems(self) -> list[str]:
        """What the proofs found wrong."""
        return [proof.problem for proof in self.proofs if proof.problem]

    @property
    def agrees(self) -> bool:
        """Whether everything does."""
        exported = self.morning_left and self.export_agrees
        return self.statement_agrees and exported and not self.problems


@dataclass(frozen=True, slots=True)
class DemoReport:
    """The whole demo on a day."""

    on: date
    councils: tuple[CouncilReport, ...]
    sign_ins: tuple[SignIn, ...]

    @property
    def agrees(self) -> bool:
        """Whether every control total of every council agrees."""
        return all(council.agrees for council in self.councils)
