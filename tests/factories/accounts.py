"""Loads of accounts in the council at hand, for tests."""

from __future__ import annotations

from ims.accounts import loading, services, states
from ims.accounts.models import AccountHolder, AccountLoad
from ims.accounts.services import AccountFile, Agreed
from ims_kernel import clock
from ims_kernel.identity.permissions import system

LOADER = system("Priya Raman")
HEADER = "reference,title,forename,surname,address_1,postcode,balance"
EVERYTHING = Agreed(closing=True, rejected=True)


def csv_of(*lines: str, header: str = HEADER) -> bytes:
    """A file of these lines."""
    return ("\r\n".join([header, *lines]) + "\r\n").encode()


def line(reference: str, surname: str = "OKAFOR", balance: str = "10.00") -> str:
    """A line of HEADER."""
    return f"{reference},Ms,Ada,{surname},1 High Street,NM1 1AA,{balance}"


def receive(data: bytes, *, fund: str = "CT", mode: str = "full") -> AccountLoad:
    """Receive a file. It is not read yet, and nothing was asked of a worker."""
    file = AccountFile("accounts.csv", [data], fund, mode)
    return services.receive(file, actor=LOADER, at=clock.now(), read_later=False)


def preview(data: bytes, *, fund: str = "CT", mode: str = "full") -> AccountLoad:
    """Receive and read a file."""
    return loading.read_load(receive(data, fund=fund, mode=mode).pk)


def applied(data: bytes, *, fund: str = "CT", mode: str = "full") -> AccountLoad:
    """Receive, read and apply a file, agreeing to everything."""
    found = preview(data, fund=fund, mode=mode)
    assert found.state == states.READY, found.refusal
    services.request_apply(found.pk, EVERYTHING, actor=LOADER, at=clock.now(), apply_later=False)
    done = loading.apply_load(found.pk, at=clock.now())
    assert done.state == states.APPLIED
    return done


def counts(load: AccountLoad) -> dict[str, int]:
    """What a load does, without the noughts."""
    names = ("added", "changed", "reopened", "closed", "unchanged", "rejected")
    found = {name: int(getattr(load, f"{name}_count")) for name in names}
    return {name: number for name, number in found.items() if number}


def held(fund: str = "CT") -> dict[str, tuple[str, int, bool]]:
    """Reference -> (surname, pence, closed) of every account of a fund."""
    return {
        account.reference: (account.surname, account.balance_pence, account.is_closed)
        for account in AccountHolder.objects.filter(fund__code=fund)
    }
