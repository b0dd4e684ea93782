"""What can be wrong with a key."""

from ims_kernel.errors import ImsError, NotFound


class KeyRefused(ImsError):
    """No key, or one that does not open this council: unknown, revoked, expired, from elsewhere."""

    code = "apikeys.refused"
    status = 401


class KeyNotFound(NotFound):
    """The council has no such key."""

    code = "apikeys.not_found"


class KeyUnusable(ImsError):
    """A key cannot be made as asked. Fact: `field`."""

    code = "apikeys.unusable"


class TooManyRequests(ImsError):
    """The key was used more often in a minute than it may be."""

    code = "apikeys.too_many_requests"
    status = 429
