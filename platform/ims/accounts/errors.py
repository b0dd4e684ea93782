"""What can be wrong with reference rules and check digits."""

from ims_kernel.errors import ImsError, NotFound


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
