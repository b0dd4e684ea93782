"""Fund groups as what a person's role can be limited to."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ims.funds.models import FundGroup
from ims_kernel.identity.scopes import Choice, Dimension

FUND_GROUPS = "fund_group"


def _choices() -> list[Choice]:
    return list(
        FundGroup.objects.filter(is_active=True).order_by("code").values_list("code", "name")
    )


def _funds_of(codes: Collection[str]) -> Mapping[str, frozenset[str]]:
    """The codes of the funds in each group now. A group out of use still covers its funds, so that
    retiring it takes nothing away from those who work with it."""
    found: dict[str, set[str]] = {}
    rows = FundGroup.objects.filter(code__in=codes, funds__isnull=False)
    for code, fund in rows.values_list("code", "funds__code"):
        found.setdefault(code, set()).add(fund)
    return {code: frozenset(funds) for code, funds in found.items()}


def dimension() -> Dimension:
    """The dimension. Its fact is `fund`, the code of the fund an act is about."""
    return Dimension(
        name=FUND_GROUPS,
        label="Fund groups",
        everywhere="All funds",
        fact="fund",
        choices=_choices,
        expand=_funds_of,
    )
