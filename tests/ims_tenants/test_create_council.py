"""A council is made whole from the template, or not at all."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ims_kernel import clock
from ims_kernel.configuration.errors import FileRefused
from ims_kernel.errors import ImsError
from ims_kernel.web.contrast import ColourTooPale, ColourUnreadable
from ims_tenants import cloning
from ims_tenants.current import enter
from ims_tenants.errors import (
    CouncilNameTaken,
    CouncilNameUnusable,
    HostUnusable,
    TemplateNotClean,
)
from ims_tenants.models import Council, Domain
from ims_tenants.schema_names import TEMPLATE
from ims_tenants.services import NewCouncil, create_council
from tests.councils import OPERATOR
from tests.ims_tenants.catalogue import catalogue

# Each is refused by name, and together they are over 200: see HOSTILE_HOSTS.
_SHAPES = (
    "", " ", ".", "..", "a", "localhost", "northmoor", ".example", "northmoor.", "north..example",
    "-northmoor.example", "northmoor-.example", "north_moor.example", "north moor.example",
    "northmoor.example:8000", "https://northmoor.example", "//north.example", "north.example/",
    "northmoor.example?x=1", "north.example#x", "user@north.example", "*.example",
    "127.0.0.1", "10.0.0.1:80", "[::1]", "::1", "2130706433", "0x7f.1", "northmoor.example\x00",
    "northmoor\x00.example", "northmoor\n.example", "northmoor.example\r\nHost: b.example",
    "northmoor.example, b.example", "nörthmoor.example", "n\u043ertmoor.example", "north。example",
    "\uff4eorthmoor.example", "northmoor\u200b.example", "\u202enorthmoor.example", "northmoor.123",
    "a" * 64 + ".example", ("a" * 60 + ".") * 5 + "example", "../northmoor", "..\\northmoor",
    "%00.example", "%s.example", "{0}.example", "$(id).example", "`id`.example", "north.example;",
    "'; DROP SCHEMA public CASCADE; --", "\"; DROP SCHEMA public", "x','tb", "pg_catalog", "public",
    "zz_template", "t_abcdefghij", "<script>.example", "{{7*7}}.example", "northmoor\t.example",
)  # fmt: skip
HOSTILE_HOSTS = [
    *_SHAPES,
    *(f"north{chr(mark)}moor.example" for mark in range(128) if not chr(mark).isalnum()
      and chr(mark) not in ".-"),
    *(f"{chr(mark)}.example\x7f" for mark in range(0x00C0, 0x0110)),
]  # fmt: skip


def councils_and_schemas() -> tuple[int, int, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname ~ '^(t_|zz_)'")
        (schemas,) = cursor.fetchone()
    return Council.objects.count(), Domain.objects.count(), schemas


def new(name: str = "Westwick Council", host: str = "westwick.example", **more: str) -> Council:
    return create_council(NewCouncil(name, host, **more), actor=OPERATOR, at=clock.now())  # type: ignore[arg-type]


def test_a_clone_has_exactly_what_migrations_made(northmoor: Council) -> None:
    migrated, cloned = catalogue(TEMPLATE), catalogue(northmoor.schema_name)
    assert {kind: len(facts) for kind, facts in migrated.items() if facts} == {
        kind: len(facts) for kind, facts in cloned.items() if facts
    }
    assert cloned == migrated
    assert len(migrated["triggers"]) >= 6
    assert migrated["comments"] == []  # A comment would not be cloned: clone it before adding one.


def test_nothing_in_a_clone_points_out_of_it(northmoor: Council) -> None:
    facts = str(catalogue(northmoor.schema_name))
    assert TEMPLATE not in facts
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.conname FROM pg_constraint k JOIN pg_class r ON r.oid = k.confrelid "
            "WHERE k.connamespace = %s::regnamespace AND r.relnamespace <> k.connamespace",
            [northmoor.schema_name],
        )
        assert cursor.fetchall() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET narrative = 'x'",
        "DELETE FROM ledger_line",
        "TRUNCATE ledger_block",
        "DELETE FROM audit_auditevent",
    ],
)
def test_triggers_fire_in_a_clone(db: None, statement: str) -> None:
    council = new()
    with (
        enter(council),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
    ):
        cursor.execute(statement)


def test_an_unbalanced_line_is_refused_in_a_clone(db: None) -> None:
    council = new()
    with (
        enter(council),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="unbalanced"),
        transaction.atomic(),
    ):
        cursor.execute(
            "INSERT INTO ledger_line (entry_id, position, fund_id, method_id, vat_code_id, "
            "period_id, account_reference, amount_pence, vat_basis_points, vat_pence, "
            "received_on, effective_on, posted_at) "
            "VALUES (1, 1, 1, 1, 1, 1, 'A', 100, 0, 0, '2026-04-01', '2026-04-01', now())"
        )


def test_ids_of_reference_rows_go_on_where_the_template_stopped(db: None) -> None:
    council = new()
    with enter(council):
        highest = ContentType.objects.order_by("-id").values_list("id", flat=True)[0]
        assert ContentType.objects.create(app_label="probe", model="probe").pk == highest + 1


def test_a_new_council_is_onboarding_and_holds_no_person(db: None) -> None:
    council = new()
    assert council.state == Council.State.ONBOARDING
    with enter(council), connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM identity_user), (SELECT count(*) FROM django_session)"
        )
        assert cursor.fetchone() == (0, 0)


def test_a_template_with_a_person_in_it_makes_no_council(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TEMPLATE}.django_session (session_key, session_data, expire_date) "
            "VALUES ('k', 'd', now())"
        )
    before = councils_and_schemas()
    with pytest.raises(TemplateNotClean, match="django_session"):
        new()
    assert councils_and_schemas() == before


def test_only_a_council_s_schema_can_be_cloned_to(db: None) -> None:
    for name in ("public", TEMPLATE, "t_ABCDEFGHIJ", "t_abcdefghi", "t_abcdefghij; x", "pg_temp"):
        with pytest.raises(ValueError, match="not a council"):
            cloning.clone_template(name)


def test_two_hundred_hostile_hosts_make_nothing(db: None) -> None:
    before = councils_and_schemas()
    assert len(HOSTILE_HOSTS) >= 200
    for host in HOSTILE_HOSTS:
        with pytest.raises(HostUnusable) as refused:
            new(host=host)
        assert "is not a host name" in refused.value.message, host
        assert "Write one like" in refused.value.message
    assert councils_and_schemas() == before


def test_the_public_host_is_not_for_a_council(db: None, settings: pytest.FixtureRequest) -> None:
    settings.IMS_PUBLIC_HOST = "ims.example"  # type: ignore[attr-defined]
    before = councils_and_schemas()
    with pytest.raises(HostUnusable, match="public pages"):
        new(host="IMS.example")
    assert councils_and_schemas() == before


@pytest.mark.parametrize(
    "name",
    ["", "   ", "\t\n", "x" * 101, "North\x00moor", "North\nmoor", "a\u202eb", "a\x7fb", "\u200b"],
)
def test_a_name_nobody_could_read_is_refused(db: None, name: str) -> None:
    before = councils_and_schemas()
    with pytest.raises(CouncilNameUnusable, match="name"):
        new(name=name)
    assert councils_and_schemas() == before


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=120))
def test_any_text_as_a_name_is_kept_or_refused_in_words(db: None, name: str) -> None:
    before = councils_and_schemas()
    try:
        with transaction.atomic():
            made = new(name=name)
            assert made.name == name.strip()
            transaction.set_rollback(True)
    except ImsError as error:
        assert error.message  # noqa: PT017 - either outcome is right, a database error is not
    assert councils_and_schemas() == before


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("Northmoor District Council", "other.example"),
        ("Other Council", "northmoor.example"),
        ("Other Council", " NORTHMOOR.Example "),
    ],
)
def test_a_name_or_host_that_is_taken_makes_nothing(
    northmoor: Council, name: str, host: str
) -> None:
    before = councils_and_schemas()
    with pytest.raises(CouncilNameTaken, match="already there"):
        new(name, host)
    assert councils_and_schemas() == before


@pytest.mark.parametrize(
    ("colour", "error"),
    [
        ("#ffff00", ColourTooPale),
        ("#ffffff", ColourTooPale),
        ("red", ColourUnreadable),
        ("#12345", ColourUnreadable),
        ("#12345g; }", ColourUnreadable),
    ],
)
def test_a_colour_that_cannot_be_read_makes_nothing(
    db: None, colour: str, error: type[ImsError]
) -> None:
    before = councils_and_schemas()
    with pytest.raises(error):
        new(accent_colour=colour)
    assert councils_and_schemas() == before


def test_a_step_of_provisioning_that_fails_takes_the_council_with_it(db: None) -> None:
    before = councils_and_schemas()
    with pytest.raises(FileRefused, match="Line 2, funds 1"), transaction.atomic():
        create_council(
            NewCouncil("Westwick Council", "westwick.example", starter=b"schema = 1\n[[funds]]\n"),
            actor=OPERATOR,
            at=clock.now(),
        )
    assert councils_and_schemas() == before
