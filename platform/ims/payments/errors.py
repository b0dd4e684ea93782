"""Why something about payment providers cannot be done."""

from ims_kernel.errors import Conflict, NotFound


class AccountNotFound(NotFound):
    """This council has no payment provider account of that code."""

    code = "payments.account_not_found"


class AccountChanged(Conflict):
    """The account was changed while its connection was being checked."""

    code = "payments.account_changed"
