"""Why a council's own settings cannot be as asked."""

from ims_kernel.errors import ImsError, NotFound


class LogoRefused(ImsError):
    """The file is no picture that can stand on a page safely."""

    code = "council.logo_refused"


class LogoMissing(NotFound):
    """The council has no logo with this mark."""

    code = "council.logo_missing"


class MessageUnknown(NotFound):
    """There is no message of this kind."""

    code = "council.message_unknown"
