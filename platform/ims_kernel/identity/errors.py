"""Why somebody cannot sign in."""

from ims_kernel.errors import Conflict, ImsError, NotFound


class SignInRefused(ImsError):
    """The e-mail address and password do not belong together, or the account is closed."""

    code = "identity.sign_in_refused"


class SignInLocked(ImsError):
    """Too many wrong passwords in a row."""

    code = "identity.sign_in_locked"
    status = 429


class EmailTaken(Conflict):
    """Another person already signs in with this address."""

    code = "identity.email_taken"


class RoleNotFound(NotFound):
    """The council has no role of this name."""

    code = "identity.role_not_found"
