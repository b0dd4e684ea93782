"""Two councils and the public host, really served, for a browser to walk through.

Everything here is committed, so it is made once for each file of tests and dropped after it: tests
that count councils may come next in the same process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import override_settings
from playwright.sync_api import Browser, Page
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from ims.ledger.sealing import seal
from ims.suspense import selectors as suspense
from ims.suspense.services import Target, allocate
from ims_config.demo.bank_files import BankLine
from ims_kernel import clock
from ims_kernel.identity.models import Role, User
from ims_kernel.identity.permissions import registered
from ims_kernel.identity.services import RolePreset, create_user, ensure_roles
from ims_kernel.signin.models import SignInSettings
from ims_tenants.current import enter, public
from ims_tenants.models import Council, Domain
from tests.councils import make_council
from tests.factories.money import (
    ACTOR,
    Payment,
    account_of,
    bank_file,
    day,
    first_fund,
    post,
    take,
)
from tests.journeys.browser import WIDE, launched, page_of
from tests.journeys.server import served

PASSWORD = "correct-horse-battery"
OPERATOR = "rhian@example.org"
PRIYA, READER, NEWCOMER = "priya@example.org", "tom@example.org", "new@example.org"


@dataclass(frozen=True, slots=True)
class LiveCouncil:
    """A council being served: its address without a slash at the end, such as http://x:8000."""

    council: Council
    url: str


@dataclass(frozen=True, slots=True)
class LiveCouncils:
    """Both councils and the public host. Sign in with PASSWORD.

    PRIYA may do everything, READER sees transactions only, NEWCOMER nothing; OPERATOR signs in on
    the public host.
    """

    northmoor: LiveCouncil
    eastshire: LiveCouncil
    public_url: str


PageOf = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="module")
def orm_beside_browser() -> Iterator[None]:
    """Playwright's loop runs in this thread; Django would take its own calls for async ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="module")
def browser(orm_beside_browser: None) -> Iterator[Browser]:
    """One browser for a file of tests; they open pages of their own with `visit` or `page_of`.

    Not for the whole run: its loop would still be there in tests that know nothing of browsers.
    """
    with launched() as started:
        yield started


@pytest.fixture(scope="module")
def live_councils_made(
    orm_beside_browser: None,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[LiveCouncils, Path]]:
    """The councils with a small year of money, and the folder of their files."""
    folder = tmp_path_factory.mktemp("live-files")
    with django_db_blocker.unblock(), override_settings(IMS_FILES_DIR=folder):
        one = make_council("Northmoor Live District Council", "northmoor.localhost", "district")
        other = make_council("Eastshire Live Council", "eastshire.localhost", "unitary")
        _fill(one, payer="A Winterbourne")
        _fill(other, payer="Only Of Eastshire")
        _make_operator()
    try:
        with served() as address:
            port = address.rsplit(":", 1)[1]
            made = LiveCouncils(
                LiveCouncil(one, f"http://northmoor.localhost:{port}"),
                LiveCouncil(other, f"http://eastshire.localhost:{port}"),
                f"http://localhost:{port}",
            )
            yield made, folder
    finally:
        with django_db_blocker.unblock():
            _drop(one, other)


@pytest.fixture
def live_councils(
    live_councils_made: tuple[LiveCouncils, Path],
    django_db_blocker: DjangoDbBlocker,
    settings: Settings,
) -> Iterator[LiveCouncils]:
    """The councils, served. The test may use their database too: `enter` a council first."""
    made, folder = live_councils_made
    settings.IMS_FILES_DIR = folder
    with django_db_blocker.unblock():
        yield made
        connection.close()


@pytest.fixture
def visit(browser: Browser, live_councils: LiveCouncils) -> PageOf:
    """`with visit(url, width=WIDE, scripts=True, email=PRIYA) as page:`

    Signed in, unless email is "". `url` is a council's or the public host's; the page's paths are
    under it.
    """

    @contextmanager
    def visiting(
        url: str, *, width: int = WIDE, scripts: bool = True, email: str = PRIYA
    ) -> Iterator[Page]:
        with page_of(browser, width=width, scripts=scripts, base_url=url) as page:
            if email:
                sign_in(page, email)
            yield page

    return visiting


def sign_in(page: Page, email: str = PRIYA, password: str = PASSWORD) -> None:
    """Sign in on the host of the page."""
    page.goto("/sign-in")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()


def _fill(council: Council, *, payer: str) -> None:
    with enter(council):
        # Most journeys are about something else than signing in; its own ask for the second factor.
        SignInSettings.objects.create(pk=1, second_factor="optional")
        everything = [name for name in registered() if not name.startswith("councils.")]
        ensure_roles(
            [
                RolePreset("Everything", "", everything),
                RolePreset("Reader", "", ["ledger.view"]),
                RolePreset("Nothing", "", []),
            ]
        )
        for email, name, role in (
            (PRIYA, "Priya Raman", "Everything"),
            (READER, "Tom Reader", "Reader"),
            (NEWCOMER, "Nia Newcomer", "Nothing"),
        ):
            create_user(email=email, name=name, password=PASSWORD, roles=[role])
        _take_a_year(payer)
        seal(at=clock.now())


def _take_a_year(payer: str) -> None:
    fund = first_fund()
    take(
        *(
            Payment(
                amount_pence=1_000 + 137 * n, days_ago=n * 2, payer=payer,
                account=account_of(fund, n), parked=n % 12 == 5,
            )
            for n in range(1, 130)
        )
    )  # fmt: skip
    lines = [
        BankLine(day(0), 4_500 + n, payer, account_of(fund, n) if n % 3 else f"WHO {n}", "TRANSFER")
        for n in range(1, 13)
    ]
    post(bank_file(*lines, name="posted.csv"))
    bank_file(*lines[:5], BankLine(day(0), 99, payer, "ONE MORE", "TRANSFER"), name="ready.csv")
    item = suspense.open_items().filter(amount_pence__gt=1_000)[0]
    targets = [
        Target(fund.code, account_of(fund, 1), item.remaining_pence - 600),
        Target(fund.code, account_of(fund, 2), 100),
    ]
    allocate(item.pk, targets, actor=ACTOR, at=clock.now(), narrative="The payer rang")


def _make_operator() -> None:
    with public():
        ensure_roles([RolePreset("Live operator", "", ["councils.view"])])
        create_user(email=OPERATOR, name="Rhian Bevan", password=PASSWORD, roles=["Live operator"])


def _drop(*councils: Council) -> None:
    with public(), transaction.atomic(), connection.cursor() as cursor:
        for council in councils:
            cursor.execute(f"DROP SCHEMA {council.schema_name} CASCADE")
            Domain.objects.filter(tenant=council).delete()
            Council.objects.filter(pk=council.pk).delete()
        User.objects.filter(email=OPERATOR).delete()
        Role.objects.filter(name="Live operator").delete()
    connection.close()
