"""What stops money at the door."""

from ims_kernel.errors import ImsError, NotFound


class ReceiptRefused(ImsError):
    """The receipt itself is not right, so nothing was posted."""

    code = "receipts.refused"


class ReceiptNotFound(NotFound):
    """There is no such receipt in this council."""

    code = "receipts.not_found"
