"""What can be wrong with a key, or with what is asked of the API."""

from ims_kernel.errors import ImsError, NotFound


class KeyRefused(ImsError):
    """No key, or one that does not open this council: unknown, revoked, expired, from elsewhere."""

    code = "api.key_refused"
    status = 401


class KeyNotFound(NotFound):
    """The council has no such key."""

    code = "api.key_not_found"


class KeyUnusable(ImsError):
    """A key cannot be made as asked. Fact: `field`."""

    code = "api.key_unusable"


class TooManyRequests(ImsError):
    """The key was used more often in a minute than it may be."""

    code = "api.too_many_requests"
    status = 429


class RequestUnreadable(ImsError):
    """A field of the request is missing or cannot be used. Fact: `field`."""

    code = "api.request_unreadable"
    status = 422
