"""Any sequence of files leaves the accounts a slow, obvious model says."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ims.accounts import states
from ims.accounts.errors import AlreadyLoaded
from ims.accounts.models import AccountHolder, AccountLoad, AccountLoadSettings, FundAccounts
from ims_tenants.models import Council
from tests.factories.accounts import applied, csv_of, held, preview

HEADER = "reference,surname,address_1,postcode,balance,closed"
REFERENCES = ["A1", "B2", "C3", "D4", "E5"]


@dataclass(frozen=True)
class Row:
    """A line of a file; `balance` may be one that cannot be read."""

    reference: str
    surname: str
    balance: str
    closed: str

    def text(self) -> str:
        return f"{self.reference},{self.surname},1 High Street,,{self.balance},{self.closed}"


@dataclass
class Model:
    """Reference -> (surname, pence, closed), changed line by line."""

    accounts: dict[str, tuple[str, int, bool]] = field(default_factory=dict)

    def load(self, rows: list[Row], mode: str) -> dict[str, int]:
        counts = dict.fromkeys(("added", "changed", "reopened", "closed", "unchanged"), 0)
        bad = 0
        names = [row.reference for row in rows]
        for row in rows:
            if names.count(row.reference) > 1 or row.balance == "?":
                bad += 1
                continue
            new = (row.surname, round(float(row.balance) * 100), row.closed == "Y")
            old = self.accounts.get(row.reference)
            counts[_kind(old, new)] += 1
            self.accounts[row.reference] = new
        if mode == "full":
            for reference, (surname, pence, closed) in self.accounts.items():
                if reference not in names and not closed:
                    self.accounts[reference] = (surname, pence, True)
                    counts["closed"] += 1
        return counts | {"rejected": bad}


def _kind(old: tuple[str, int, bool] | None, new: tuple[str, int, bool]) -> str:
    if old is None:
        return "added"
    if new[2] and not old[2]:
        return "closed"
    if old[2] and not new[2]:
        return "reopened"
    return "unchanged" if new == old else "changed"


rows = st.builds(
    Row,
    reference=st.sampled_from(REFERENCES),
    surname=st.sampled_from(["OKAFOR", "O'BRIEN", "Ŵyn", ""]),
    balance=st.sampled_from(["0.00", "12.5", "-3.07", "?"]),
    closed=st.sampled_from(["", "", "Y"]),
)
files = st.tuples(st.sampled_from(["full", "delta"]), st.lists(rows, min_size=1, max_size=7))


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(given_files=st.lists(files, min_size=1, max_size=4))
def test_loads_do_what_the_model_does(
    council: Council, given_files: list[tuple[str, list[Row]]]
) -> None:
    AccountHolder.objects.all().delete()
    FundAccounts.objects.all().delete()
    AccountLoad.objects.all().delete()
    # Every line may be bad here: what is proved is what becomes of the good ones.
    AccountLoadSettings.objects.update_or_create(pk=1, defaults={"rejected_percent": 100})
    model = Model()
    for mode, lines in given_files:
        data = csv_of(*[row.text() for row in lines], header=HEADER)
        before = dict(model.accounts)
        wanted = model.load(lines, mode)
        if wanted["rejected"] == len(lines):
            model.accounts = before
            assert preview(data, mode=mode).state == states.REFUSED
            continue
        try:
            done = applied(data, mode=mode)
        except AlreadyLoaded:
            assert before == model.accounts
            continue
        assert {name: getattr(done, f"{name}_count") for name in wanted} == wanted
        assert held() == model.accounts
        totals = FundAccounts.objects.get(fund__code="CT")
        shut = sum(closed for _, _, closed in model.accounts.values())
        assert (totals.open_count, totals.closed_count) == (len(model.accounts) - shut, shut)
