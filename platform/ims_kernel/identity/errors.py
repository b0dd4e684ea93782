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


class PersonNotFound(NotFound):
    """The council has no such person."""

    code = "identity.person_not_found"


class PersonInOtherState(Conflict):
    """A person's account cannot do this in the state it is in."""

    code = "identity.person_in_other_state"


class OwnGrants(ImsError):
    """Somebody tried to change what they themselves may do."""

    code = "identity.own_grants"
    status = 403


class NotYoursToGive(ImsError):
    """A grant would give more than the person who gives it holds."""

    code = "identity.not_yours_to_give"
    status = 403


class LastManager(Conflict):
    """Nobody would be left who can manage people."""

    code = "identity.last_manager"


class GrantRefused(ImsError):
    """A grant that makes no sense: an unknown scope, or days the wrong way round."""

    code = "identity.grant_refused"


class GrantNotFound(NotFound):
    """The person has no such grant, or there is no such request for one."""

    code = "identity.grant_not_found"


class GrantEnded(Conflict):
    """The grant was ended, or the request decided, before."""

    code = "identity.grant_ended"


class RoleRefused(ImsError):
    """A role cannot be saved as it is."""

    code = "identity.role_refused"


class InvitationRefused(ImsError):
    """A link that is unknown, used, replaced or too old."""

    code = "identity.invitation_refused"
    status = 404


class PasswordRefused(ImsError):
    """A new password is too short or too easy to guess."""

    code = "identity.password_refused"


class NeedsSecondPerson(ImsError):
    """The person who proposed something, or whom it is about, cannot approve it."""

    code = "identity.needs_second_person"
    status = 403


class PersonDetailsRefused(ImsError):
    """A name, address or number of days that cannot be kept."""

    code = "identity.details_refused"
