"""What the ledger refuses."""

from ims_kernel.errors import Conflict, ImsError, NotFound


class EntryUnbalanced(ImsError):
    """The lines of an entry do not add up to what it says."""

    code = "ledger.unbalanced"


class PeriodClosed(Conflict):
    """The accounting period is closed, or there is none for the date."""

    code = "ledger.period_closed"


class EntryNotFound(NotFound):
    """There is no such entry in this council."""

    code = "ledger.entry_not_found"


class AlreadyReversed(Conflict):
    """The entry was reversed before."""

    code = "ledger.already_reversed"


class SameKeyOtherContent(Conflict):
    """An idempotency key came back with other content."""

    code = "ledger.same_key_other_content"


class WrongCouncil(ImsError):
    """The schema at hand is not the one of the council at hand. Nothing is written."""

    code = "ledger.wrong_council"
    status = 500
