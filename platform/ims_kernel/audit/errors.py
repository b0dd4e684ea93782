"""What looking at the audit trail refuses."""

from ims_kernel.errors import ImsError, NotFound


class EventNotFound(NotFound):
    """There is no such event in this council's trail."""

    code = "audit.event_not_found"


class TooManyEvents(ImsError):
    """A download would hold more events than one file may."""

    code = "audit.too_many_events"
