"""A council full of one word: whatever leaves it can be recognised anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from http.cookies import SimpleCookie

from django.db import connection
from django.http import HttpResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse

from ims.exports import services as exports
from ims.exports.models import ExportRun
from ims.exports.selectors import list_layouts
from ims.imports.models import ImportFile
from ims.ledger.models import Entry
from ims.suspense.models import SuspenseItem
from ims_config.demo.bank_files import BankLine
from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.audit.services import Subject, record
from ims_kernel.identity.models import User
from ims_kernel.references import encode
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.money import ACTOR, Payment, account_of, bank_file, day, first_fund, post, take


@dataclass(frozen=True, slots=True)
class Filled:
    """A council, the word in all its data, and what it holds by kind of address parameter."""

    council: Council
    mark: str
    values: dict[str, list[str]]

    def in_text(self, text: str) -> bool:
        """Whether the text says anything of this council's data."""
        return self.mark.lower() in text.lower()


def fill(council: Council, mark: str, *, size: int) -> Filled:
    """Put the mark into every kind of record a person can write, `size` of each and more."""
    with enter(council):
        _number_from_one()
        User.objects.create(email=f"{mark.lower()}@example.org", name=f"{mark} Person")
        placed = [_payment(mark, number) for number in range(size)]
        parked = [_payment(mark, number, parked=True) for number in range(size)]
        take(*placed, *parked)
        for number in range(size):
            # Odd ones are posted; the others wait in their preview.
            found = bank_file(*_lines(mark, number), name=f"{mark} {number}.csv")
            if number % 2:
                post(found)
        layout = list_layouts()[0].code
        for number in range(size):
            take(_payment(mark, 100 + number))
            exports.run(layout, actor=ACTOR, at=clock.now())
        values = {
            "number": [encode(int(entry)) for entry in _ids(Entry)],
            "import_id": _ids(ImportFile),
            "run_id": _ids(ExportRun),
            "item_id": _ids(SuspenseItem),
            "event_id": _events(mark, size),
        }
    return Filled(council, mark, values)


def _number_from_one() -> None:
    """So that the same ids exist in every council: a rolled-back test keeps its sequences."""
    with connection.cursor() as cursor:
        for model in (Entry, ImportFile, ExportRun, SuspenseItem, AuditEvent):
            cursor.execute(f"ALTER TABLE {model._meta.db_table} ALTER COLUMN id RESTART WITH 1001")


def _events(mark: str, size: int) -> list[str]:
    """Every page looked at adds an event, so the one that only this council has is far away."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE audit_auditevent ALTER COLUMN id RESTART WITH {size}000000")
    record(
        ACTOR, "exports.reject", Subject("export", mark), at=clock.now(), reason=f"{mark} REASON",
        before={"name": f"{mark} BEFORE"}, after={"name": f"{mark} AFTER"},
    )  # fmt: skip
    first, second, *_, last = _ids(AuditEvent)
    return [first, second, last]


def _payment(mark: str, number: int, *, parked: bool = False) -> Payment:
    return Payment(
        amount_pence=1_000 + number,
        payer=f"{mark} PAYER {number}",
        reference=f"{mark} REF",
        narrative=f"{mark} NARRATIVE",
        days_ago=number % 5,
        parked=parked,
    )


def _lines(mark: str, number: int) -> list[BankLine]:
    account = account_of(first_fund(), 7_000 + number)
    on = day(1)
    return [
        BankLine(on, 5_000 + number, f"{mark} PAYER", account, f"{mark} NARRATIVE"),
        BankLine(on, 6_000 + number, f"{mark} PAYER", f"{mark} {number}", f"{mark} UNKNOWN"),
    ]


def _ids(model: type[Entry | ImportFile | ExportRun | SuspenseItem | AuditEvent]) -> list[str]:
    return [str(pk) for pk in model.objects.order_by("pk").values_list("pk", flat=True)]


def everything_sent(response: HttpResponseBase) -> str:
    """Status line apart, all that a browser receives: headers, cookies and the whole body."""
    if isinstance(response, StreamingHttpResponse):
        body = b"".join(response)
    else:
        assert isinstance(response, HttpResponse)
        body = response.content
    return f"{response.headers}\n{response.cookies}\n{body.decode('utf-8', 'replace')}"


def domains_of(cookies: SimpleCookie) -> list[str]:
    """The Domain of every cookie that has one."""
    return [morsel["domain"] for morsel in cookies.values() if morsel["domain"]]
