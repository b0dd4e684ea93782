"""What can be wrong with funds, VAT and methods of payment."""

from ims_kernel.errors import ImsError, NotFound


class FundNotFound(NotFound):
    """The council has no such fund."""

    code = "funds.fund_not_found"


class MethodNotFound(NotFound):
    """The council has no such method of payment."""

    code = "funds.method_not_found"


class NoVatRate(ImsError):
    """A VAT code has no rate for the day."""

    code = "funds.no_vat_rate"


class PatternUnusable(ImsError):
    """An account pattern cannot be read or could never match."""

    code = "funds.pattern_unusable"
