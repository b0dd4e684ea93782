"""A council full of one word: whatever leaves it can be recognised anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from http.cookies import SimpleCookie

from django.db import connection
from django.db.models import Model
from django.http import HttpResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse

from ims.accounts.models import AccountHolder, AccountLoad, AccountLoadSettings, ReferenceRule
from ims.apikeys.keys import NewKey, make_key
from ims.apikeys.models import ApiKey
from ims.council.models import Banner
from ims.exports import services as exports
from ims.exports.models import ExportRun
from ims.exports.selectors import list_layouts
from ims.funds.models import MethodOfPayment
from ims.imports.models import ImportFile
from ims.ledger.models import Entry
from ims.payments.models import ProviderAccount
from ims.suspense.models import SuspenseItem
from ims_config.demo.bank_files import BankLine
from ims_kernel import clock
from ims_kernel.audit.models import AuditEvent
from ims_kernel.audit.services import Subject, record
from ims_kernel.identity.grants import GrantDraft, give
from ims_kernel.identity.models import Grant, GrantRequest, Role, User
from ims_kernel.records.models import ProposedChange
from ims_kernel.references import encode
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.factories.accounts import applied, csv_of, line, preview
from tests.factories.money import ACTOR, Payment, account_of, bank_file, day, first_fund, post, take

# Records whose number is in an address.
NUMBERED: tuple[type[Model], ...] = (
    Entry,
    ImportFile,
    ExportRun,
    SuspenseItem,
    AuditEvent,
    AccountHolder,
    AccountLoad,
    ProposedChange,
    ApiKey,
)
PEOPLE = (User, Role, Grant, GrantRequest)
FIRST = 1_001


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
        _number_from(FIRST, *NUMBERED, *PEOPLE)
        User.objects.create(email=f"{mark.lower()}@example.org", name=f"{mark} Person")
        for number in range(size):
            _person(mark, number)
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
        for number in range(size):
            ReferenceRule.objects.create(
                code=f"RULE-{number}", name=f"{mark} rule", example_reference=f"{mark}{number}"
            )
        _accounts(mark, size)
        _settings(mark, size)
        _keys(mark, size)
        _payment_accounts(mark, size)
        values = {
            "rule_code": [f"RULE-{number}" for number in range(size)],
            "number": [encode(int(entry)) for entry in _ids(Entry)],
            "import_id": _ids(ImportFile),
            "run_id": _ids(ExportRun),
            "item_id": _ids(SuspenseItem),
            "event_id": _events(mark, size),
            "account_id": _ids(AccountHolder),
            "load_id": _ids(AccountLoad),
            "change_id": _ids(ProposedChange),
            "key_id": _ids(ApiKey),
            "account_code": [f"PAY{number}" for number in range(size)],
            "slug/key": [f"methods/Z{number}" for number in range(size)],
            "person_id": _ids(User),
            "role_id": _ids(Role),
            "grant_id": _ids(Grant),
            "request_id": _ids(GrantRequest),
        }
        # Who signs in during the test must not get a number that only the other council has.
        _number_from(FIRST + 8_000, *PEOPLE, ApiKey)
    return Filled(council, mark, values)


def _person(mark: str, number: int) -> None:
    """Somebody with a role, and another role that waits for a second person."""
    at = clock.now()
    role = Role.objects.create(name=f"{mark} Role {number}", permissions=["ledger.view"])
    user = User.objects.create(
        email=f"{mark.lower()}.{number}@example.org", name=f"{mark} Worker {number}"
    )
    give(user.pk, GrantDraft(role.pk, clock.day_of(at)), actor=ACTOR, at=at, reason=mark)
    GrantRequest.objects.create(
        user=user, role=role, starts_on=clock.day_of(at), proposed_by=mark, proposed_at=at
    )


def _number_from(first: int, *models: type[Model]) -> None:
    """So that the same ids exist in every council: a rolled-back test keeps its sequences."""
    with connection.cursor() as cursor:
        for model in models:
            table = model._meta.db_table
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [table, first]
            )


def _payment_accounts(mark: str, size: int) -> None:
    """Accounts at a provider, and a banner, with the mark."""
    Banner.objects.create(code="MARK", words=f"{mark} BANNER", severity="warning", places=["staff"])
    for number in range(size):
        ProviderAccount.objects.create(
            code=f"PAY{number}", name=f"{mark} ACCOUNT", provider="simulator", mode="test"
        )


def _settings(mark: str, size: int) -> None:
    """Settings with the mark, and changes to them that wait for a second person."""
    for number in range(size):
        way = MethodOfPayment(code=f"Z{number}", name=f"{mark} WAY", purpose="card")
        way.save()
        ProposedChange.objects.create(
            kind_slug="methods",
            key=way.code,
            title=f"{mark} CHANGE",
            act="save",
            given={"name": f"{mark} OTHER"},
            before={"name": way.name},
            after={"name": f"{mark} OTHER"},
            proposed_by=f"{mark} PERSON",
            proposed_at=clock.now(),
        )


def _events(mark: str, size: int) -> list[str]:
    """Every page looked at adds an event, so the one that only this council has is far away."""
    _number_from(size * 1_000_000, AuditEvent)
    record(
        ACTOR, "exports.reject", Subject("export", mark), at=clock.now(), reason=f"{mark} REASON",
        before={"name": f"{mark} BEFORE"}, after={"name": f"{mark} AFTER"},
    )  # fmt: skip
    first, second, *_, last = _ids(AuditEvent, first=0)
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


def _accounts(mark: str, size: int) -> None:
    fund = first_fund().code
    AccountLoadSettings.objects.update_or_create(pk=1, defaults={"rejected_percent": 90})
    for number in range(size):
        lines = [line(f"{mark}{number}{place}", f"{mark} SURNAME") for place in range(3)]
        bad = line(f"{mark}BAD", f"={mark}")
        lines += [bad] if number % 2 else []
        # Odd ones wait in their preview, with a line that cannot be used.
        load = preview if number % 2 else applied
        load(csv_of(*lines), fund=fund, mode="delta")


def _keys(mark: str, size: int) -> None:
    for number in range(size):
        new = NewKey(f"{mark} system {number}", ["settings.read"], clock.now() + timedelta(days=9))
        make_key(new, actor=ACTOR, at=clock.now())


def _ids(model: type[Model], first: int = FIRST) -> list[str]:
    made = model._default_manager.filter(pk__gte=first).order_by("pk")
    return [str(pk) for pk in made.values_list("pk", flat=True)]


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
