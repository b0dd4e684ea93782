"""The states of a council as data: what may follow what, and who may come in."""

from __future__ import annotations

from types import MappingProxyType

from ims_tenants.errors import LifecycleStepRefused

DRAFT, ONBOARDING, LIVE, SUSPENDED, CLOSED = "draft", "onboarding", "live", "suspended", "closed"
STATES = (DRAFT, ONBOARDING, LIVE, SUSPENDED, CLOSED)
FIRST = DRAFT
FINAL = frozenset({CLOSED})

# (state, step) -> next state.
STEPS = MappingProxyType(
    {
        (DRAFT, "begin"): ONBOARDING,
        (ONBOARDING, "go_live"): LIVE,
        (LIVE, "suspend"): SUSPENDED,
        (ONBOARDING, "suspend"): SUSPENDED,
        (SUSPENDED, "resume"): LIVE,
        (DRAFT, "close"): CLOSED,
        (ONBOARDING, "close"): CLOSED,
        (SUSPENDED, "close"): CLOSED,
    }
)

# Staff can sign in and jobs run in these; the others answer with a page that says why.
OPEN = frozenset({ONBOARDING, LIVE})


def after(state: str, step: str) -> str:
    """The state that follows `step`. Raises LifecycleStepRefused when there is none."""
    try:
        return STEPS[(state, step)]
    except KeyError:
        possible = ", ".join(sorted(s for (now, s) in STEPS if now == state)) or "nothing"
        raise LifecycleStepRefused(
            f"A council that is {state} cannot {step.replace('_', ' ')}. It can: "
            f"{possible.replace('_', ' ')}.",
            state=state,
            step=step,
        ) from None
