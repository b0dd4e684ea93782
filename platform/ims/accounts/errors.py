"""What can be wrong with reference rules and check digits, with accounts and with their files."""

from ims_kernel.errors import Conflict, ImsError, NotFound


class CheckDigitUnusable(ImsError):
    """A check digit cannot work as it is written. The fact `field` names what to put right."""

    code = "accounts.check_digit_unusable"


class ReferenceRuleUnusable(ImsError):
    """A reference rule cannot be read, or nothing could pass it. The fact `field` says where."""

    code = "accounts.reference_rule_unusable"


class ReferenceRuleNotFound(NotFound):
    """The council has no such reference rule."""

    code = "accounts.reference_rule_not_found"


class ListUnreadable(ImsError):
    """A list of references cannot be read."""

    code = "accounts.list_unreadable"


# --- accounts and their files --------------------------------------------------------------------
class AccountNotFound(NotFound):
    """There is no such account in this council."""

    code = "accounts.account_not_found"


class AccountRefused(ImsError):
    """An account cannot be kept as it is written. The fact `field` says what to put right."""

    code = "accounts.account_refused"


class ReferenceTaken(Conflict):
    """The fund has an account with this reference already."""

    code = "accounts.reference_taken"


class AccountChangedMeanwhile(Conflict):
    """Somebody changed the account after it was opened for changing."""

    code = "accounts.account_changed_meanwhile"


class LoadNotFound(NotFound):
    """There is no such load of accounts in this council."""

    code = "accounts.load_not_found"


class LoadStepRefused(Conflict):
    """The load is in a state that does not allow the step."""

    code = "accounts.load_step_refused"


class AlreadyLoaded(Conflict):
    """The same file for the same fund is here already, and nothing came after it."""

    code = "accounts.already_loaded"


class KeyUsedDifferently(Conflict):
    """The idempotency key came before, with another fund, mode or other rows."""

    code = "accounts.key_used_differently"


class PreviewOutOfDate(Conflict):
    """Accounts of the fund changed after the preview was made, so it may no longer be true."""

    code = "accounts.preview_out_of_date"


class NotConfirmed(Conflict):
    """The load closes more accounts than usual, or leaves lines out, and nobody agreed to that."""

    code = "accounts.load_not_confirmed"


class LoadDoesNotAddUp(ImsError):
    """The database changed another number of accounts than the preview said. Never expected."""

    code = "accounts.load_does_not_add_up"
    status = 500


class AccountFileRefused(ImsError):
    """Nothing of the file may be used. The message says where, and what to do next."""

    code = "accounts.file_refused"
