"""What can be wrong with a setting."""

from __future__ import annotations

from ims_kernel.errors import Conflict, ImsError, NotFound


class FieldRefused(ImsError):
    """One value cannot be used. Facts: `field`, and `row` and `column` inside rows (from 1)."""

    code = "records.field_refused"


class RecordRefused(ImsError):
    """The values do not go together. Facts as FieldRefused when one field is to blame."""

    code = "records.refused"


class KindNotFound(NotFound):
    """There is no such kind of setting."""

    code = "records.kind_not_found"


class RecordNotFound(NotFound):
    """The council has no such record."""

    code = "records.not_found"


class RecordKeyTaken(Conflict):
    """A record with this code is already there, in use or retired."""

    code = "records.key_taken"


class RecordInUse(Conflict):
    """Something still needs the record, so it cannot be retired. Fact: `uses`, in words."""

    code = "records.in_use"


class ChangedMeanwhile(Conflict):
    """Somebody changed the record after the form was opened."""

    code = "records.changed_meanwhile"


class ChangeDecided(Conflict):
    """A proposed change was approved or refused already."""

    code = "records.change_decided"


class OwnChange(ImsError):
    """Whoever proposed a change cannot approve it."""

    code = "records.own_change"
    status = 403
