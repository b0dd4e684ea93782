"""Why a secret cannot be opened. No message ever holds any part of a value or of a key."""

from ims_kernel.errors import ImsError


class KeyMissing(ImsError):
    """The data key that a secret was sealed with is not there."""

    code = "crypto.key_missing"
    status = 503


class KeyNotWrappedByOurs(ImsError):
    """A council's data key is wrapped by a key that this installation does not have."""

    code = "crypto.key_not_ours"
    status = 503


class SealBroken(ImsError):
    """A sealed value was changed, or stands in another place than the one it was sealed for."""

    code = "crypto.seal_broken"
    status = 500


class KeyUnusable(ImsError):
    """The text is not a key-encryption key."""

    code = "crypto.key_unusable"
    status = 503
