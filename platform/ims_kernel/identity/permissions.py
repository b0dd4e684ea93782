"""The registry of permissions and the actor, under the name most apps know them by."""

from __future__ import annotations

from ims_kernel.permissions import (
    Actor as Actor,
)
from ims_kernel.permissions import (
    Holding as Holding,
)
from ims_kernel.permissions import (
    OutOfScope as OutOfScope,
)
from ims_kernel.permissions import (
    OverLimit as OverLimit,
)
from ims_kernel.permissions import (
    register as register,
)
from ims_kernel.permissions import (
    registered as registered,
)
from ims_kernel.permissions import (
    system as system,
)
