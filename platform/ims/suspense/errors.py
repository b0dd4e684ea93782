"""What can be wrong with suspense."""

from ims_kernel.errors import Conflict, ImsError, NotFound


class SuspenseItemNotFound(NotFound):
    """There is no such item in this council."""

    code = "suspense.item_not_found"


class AlreadyAllocated(Conflict):
    """Nothing, or less than is asked for, remains on the item."""

    code = "suspense.already_allocated"


class AllocationRefused(ImsError):
    """The allocation itself is not right: an amount, a fund or an account."""

    code = "suspense.allocation_refused"
