"""Every page of every kind the product registers, in both councils."""

from __future__ import annotations

import pytest
from django.urls import reverse

from ims_kernel.records import selectors
from ims_kernel.records.kinds import Kind, all_kinds
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor, fingerprint
from tests.ims.backoffice.bank_day import counted, text_of
from tests.ims.backoffice.settings.answers import error_links, opened

KINDS = all_kinds()
# More than any page of the console needs; each kind's own pages are counted exactly below.
_MOST_QUERIES = 60


def first_of(kind: Kind) -> str:
    """The address of a kind's first record here; empty text when it has none."""
    if kind.single:
        return f"/settings/{kind.slug}"
    found = selectors.find(kind, state=selectors.ALL).first()
    return reverse("setting", args=(kind.slug, getattr(found, kind.key))) if found else ""


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_every_page_answers_in_a_fixed_number_of_queries(
    northmoor: Council, eastshire: Council, client_for: ClientFor, kind: Kind
) -> None:
    for council in (northmoor, eastshire):
        client = client_for(council)
        with enter(council):
            record = first_of(kind)
        paths = [f"/settings/{kind.slug}"]
        if not kind.single:
            paths += [f"/settings/{kind.slug}/add", f"/settings/{kind.slug}?state=all&text=a"]
        if record:
            paths += [record, f"{record}/{'settings/' if kind.single else ''}edit"]
        if record and not kind.single:
            paths += [f"{record}/retire"]
        for path in paths:
            with counted() as found:
                answer = client.get(path, follow=True)
            assert answer.status_code == 200, path
            assert kind.sentence in text_of(answer) or path.endswith("/retire"), path
            assert len(found) <= _MOST_QUERIES, "\n".join(found)
            with counted() as again:
                client.get(path, follow=True)
            assert len(again) == len(found), path


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_a_form_sent_back_as_it_came_changes_nothing(
    council: Council, client_for: ClientFor, kind: Kind
) -> None:
    client = client_for(council)
    record = first_of(kind)
    if not record:
        pytest.skip("Northmoor has none of these.")
    path = f"{record}/{'settings/' if kind.single else ''}edit"
    before = fingerprint(council)
    given = {**opened(client, path), "change-reason": "Only looking"}
    answer = client.post(path, given, follow=True)
    assert error_links(answer) == {}, path
    assert "nothing was different" in text_of(answer)
    after = fingerprint(council)
    assert [row for row in after if row not in before and "session" not in row[0]] == []


def test_every_link_names_a_kind_there_is() -> None:
    slugs = {kind.slug for kind in KINDS}
    for kind in KINDS:
        for each in kind.fields:
            to = getattr(each, "to", None)
            assert to is None or to in slugs, f"{kind.slug}.{each.name} links to {to}."


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_a_kind_is_told_in_words(kind: Kind) -> None:
    assert kind.sentence.endswith("."), kind.sentence
    assert kind.slug != "changes", "This address is taken."
    assert kind.singular[:1].islower() or kind.singular[:2].isupper(), kind.singular
    assert kind.key == "settings" or kind.single or kind.key in kind.by_name


def test_who_may_see_nothing_of_a_kind_is_told_so(council: Council, client_for: ClientFor) -> None:
    nobody = client_for(council, ["ledger.view"])
    for kind in KINDS:
        assert nobody.get(f"/settings/{kind.slug}").status_code == 403
