"""What can be wrong with an import as a whole."""

from ims_kernel.errors import Conflict, ImsError, NotFound


class ImportNotFound(NotFound):
    """There is no such import in this council."""

    code = "imports.not_found"


class ProfileNotFound(NotFound):
    """There is no such import profile in this council."""

    code = "imports.profile_not_found"


class AlreadyReceived(Conflict):
    """The same file, or the same statement in another file, was received before."""

    code = "imports.already_received"


class ImportStepRefused(Conflict):
    """The import is in a state that does not allow the step."""

    code = "imports.step_refused"


class RulesChanged(Conflict):
    """The rules or funds changed after the preview, so what it shows may no longer be true."""

    code = "imports.rules_changed"


class WrongAccount(ImsError):
    """The file is for another bank account than the profile's."""

    code = "imports.wrong_account"


class RuleUnusable(ImsError):
    """A rule has a condition or an action that cannot be used."""

    code = "imports.rule_unusable"


class ImportDoesNotAddUp(ImsError):
    """Posted, parked and rejected do not add up to the file. Never expected; stops the posting."""

    code = "imports.does_not_add_up"
    status = 500
