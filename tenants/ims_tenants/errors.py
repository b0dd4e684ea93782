"""What can be wrong with a council."""

from ims_kernel.errors import Conflict, ImsError, NotFound


class CouncilNotFound(NotFound):
    """No council has this name, host or identifier."""

    code = "tenants.council_not_found"


class CouncilNameTaken(Conflict):
    """Another council already has the name or the host."""

    code = "tenants.name_taken"


class HostUnusable(ImsError):
    """The text is not a host name a council can have."""

    code = "tenants.host_unusable"


class CouncilNameUnusable(ImsError):
    """The text is not a name people could read and find a council by."""

    code = "tenants.name_unusable"


class LifecycleStepRefused(Conflict):
    """The council is in a state that does not allow this step."""

    code = "tenants.step_refused"


class TrainingPairRefused(Conflict):
    """The two councils cannot be a council and its training council."""

    code = "tenants.training_pair_refused"


class NotInACouncil(ImsError):
    """Work on a council's data was started outside a council."""

    code = "tenants.not_in_a_council"
    status = 500


class TemplateNotClean(ImsError):
    """The template schema holds people or money, so no council may be made from it."""

    code = "tenants.template_not_clean"
    status = 500


class PoolerLeaks(ImsError):
    """The database connection is shared in a way that mixes councils up."""

    code = "tenants.pooler_leaks"
    status = 500
