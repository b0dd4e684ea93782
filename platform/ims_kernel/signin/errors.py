"""Why somebody cannot sign in, or cannot change how they do."""

from ims_kernel.errors import ImsError, NotFound


class TooManyTries(ImsError):
    """The same was tried too often; it can be tried again later."""

    code = "signin.too_many_tries"
    status = 429


class CodeRefused(ImsError):
    """The code of a second factor is wrong, was used before, or is out of date."""

    code = "signin.code_refused"


class PasskeyRefused(ImsError):
    """The passkey does not belong to this person and this site."""

    code = "signin.passkey_refused"


class PasswordRefused(ImsError):
    """A new password is too short, too common, in a breach, or the present one is wrong."""

    code = "signin.password_refused"


class ResetLinkRefused(NotFound):
    """A link to choose a new password is wrong, was used, or is over an hour old."""

    code = "signin.reset_link_refused"


class FactorNotFound(NotFound):
    """The person has no second factor of this number."""

    code = "signin.factor_not_found"


class ProviderRefused(ImsError):
    """The council's provider of single sign-on does not answer as it must."""

    code = "signin.provider_refused"


class PersonNotKnown(ImsError):
    """Single sign-on worked, but belongs to nobody who may sign in here."""

    code = "signin.person_not_known"
