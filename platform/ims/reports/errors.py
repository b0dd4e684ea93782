"""What a report refuses."""

from ims_kernel.errors import ImsError, NotFound


class TooManyRows(ImsError):
    """A download would hold more rows than one file may."""

    code = "reports.too_many_rows"


class TransactionNotFound(NotFound):
    """No transaction of this council has the number."""

    code = "reports.transaction_not_found"
