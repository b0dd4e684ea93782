"""Which funds a person's pages may show: the data filter of their grants."""

from __future__ import annotations

from ims.funds.selectors import list_funds
from ims_kernel.permissions import Actor


def fund_ids(actor: Actor, permission: str) -> frozenset[int] | None:
    """The ids of the funds the permission covers; None is all of them.

    No query for a person whose grants are not limited to funds, so that they wait for nothing.
    """
    codes = actor.within(permission, "fund")
    if codes is None:
        return None
    return frozenset(fund.pk for fund in list_funds() if fund.code in codes)
