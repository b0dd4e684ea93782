"""What can be wrong with what is asked of the API."""

from ims_kernel.errors import ImsError


class RequestUnreadable(ImsError):
    """A field of the request is missing or cannot be used. Fact: `field`."""

    code = "api.request_unreadable"
    status = 422
