"""The page of one import in each of its states."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from ims.funds.models import Fund
from ims.imports import services
from ims.imports.models import ImportFile, ImportRow, ImportRule
from ims.imports.posting import post_file
from ims.imports.reading import read_file
from ims.ledger.models import Entry
from ims_config.demo.bank_files import BankLine
from ims_kernel import clock
from ims_kernel.references import encode
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.ims.backoffice.bank_day import (
    DAY,
    KNOWN,
    MIXED,
    PRIYA,
    UNKNOWN,
    camt,
    counted,
    csv_with_bad_line,
    downloaded,
    posted,
    ready,
    receive,
    text_of,
)

LONG = "W" * 120


@pytest.fixture
def client(council: Council, client_for: ClientFor) -> Client:
    """Somebody at Northmoor who may do everything."""
    return client_for(council)


def page(client: Client, found: ImportFile, query: str = "") -> str:
    answer = client.get(f"/imports/{found.pk}{query}")
    assert answer.status_code == 200
    return text_of(answer)


# --- received
def test_a_received_file_shows_that_it_is_being_read(client: Client) -> None:
    found = receive(camt(KNOWN))
    html = client.get(f"/imports/{found.pk}").content.decode()
    assert "Reading the file" in html
    assert '<noscript><meta http-equiv="refresh" content="4"></noscript>' in html
    assert f'hx-get="/imports/{found.pk}/progress"' in html


def test_progress_asks_for_the_whole_page_once_the_file_is_read(client: Client) -> None:
    found = receive(camt(KNOWN))
    waiting = client.get(f"/imports/{found.pk}/progress")
    assert "HX-Refresh" not in waiting
    assert "<html" not in waiting.content.decode()
    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    read_file(found.pk)
    done = client.get(f"/imports/{found.pk}/progress")
    assert done["HX-Refresh"] == "true"
    assert "hx-trigger" not in done.content.decode()


def test_progress_of_posting_counts_lines(client: Client) -> None:
    found = ready(camt(*MIXED))
    services.request_post(found.pk, actor=PRIYA, at=clock.now())
    ImportFile.objects.filter(pk=found.pk).update(done_through=3, posted_count=1, parked_count=2)
    words = page(client, found)
    assert "Posting 3 of 4" in words
    assert "1 posted and 2 put in suspense so far" in words
    assert "Post 4 lines" not in words
    assert "3 of 4" in text_of(client.get(f"/imports/{found.pk}/progress"))


# --- rejected
def test_a_rejected_file_says_why_and_what_to_do(client: Client) -> None:
    words = page(client, ready(b"Datum,Betrag\n1,2\n", "wrong.csv"))
    assert "Nothing from this file was posted" in words
    assert "We cannot tell which bank file this is" in words
    assert "When you have the right file, upload it." in words


def test_a_renamed_statement_with_the_same_lines_is_not_used_twice(client: Client) -> None:
    ready(camt(KNOWN), "first.xml")
    again = ready(camt(KNOWN) + b"\n", "second.xml")
    words = page(client, again)
    assert "Not used" in words
    assert "same lines as first.xml" in words


# --- ready
def test_the_preview_adds_up_to_the_file(client: Client) -> None:
    words = page(client, ready(camt(*MIXED)))
    assert "To post to funds 1 £120.50" in words
    assert "To put in suspense 3 £90.00" in words
    assert "Rejected, not posted 0 £0.00" in words
    assert "Together 4 £210.50" in words
    assert "In the file 4 £210.50" in words
    assert "The file’s own control total £210.50" in words
    assert "Agrees" in words


def test_the_preview_says_which_rule_in_words(client: Client) -> None:
    words = page(client, ready(camt(*MIXED)))
    assert "and it is money in Council Tax 1 £120.50" in words
    assert "narrative contains “council tax” Suspense meant for Council Tax 1 £70.00" in words
    assert "No rule no rule recognises the line Suspense 2 £20.00" in words
    assert "Rule “Council Tax by account number”" in words
    assert "there is not exactly one account number in the line" in words


def test_a_rejected_line_shows_its_number_text_and_reason(client: Client) -> None:
    found = ready(csv_with_bad_line(*MIXED, bad=2))
    words = page(client, found, "?show=reject")
    assert "Rejected, not posted Download the rejected lines (CSV) 1 £45.00" in words
    assert "3 32/13/2026,300000-12345678 GBP" in words
    assert "“32/13/2026” is not a date" in words
    assert "J OKAFOR" not in words


def test_lines_can_be_narrowed_to_an_outcome_and_a_rule(client: Client) -> None:
    found = ready(camt(*MIXED))
    assert "A N OTHER" not in page(client, found, "?show=post")
    parked = page(client, found, "?show=park")
    assert "A N OTHER & SON" in parked
    assert "J OKAFOR" not in parked
    rule = ImportRule.objects.get(name="Council Tax named")
    narrowed = page(client, found, f"?show=park&rule={rule.pk}")
    assert "T WILLIAMS" in narrowed
    assert "A N OTHER" not in narrowed
    assert "Only lines of the rule “Council Tax named”" in narrowed
    without = page(client, found, "?show=park&rule=0")
    assert "A N OTHER" in without
    assert "T WILLIAMS" not in without


@pytest.mark.parametrize(
    "query",
    [
        "?show=nonsense",
        "?rule=abc",
        "?rule=99999999999999999999",
        "?rule=999999999999999999",
        "?after=-1",
        "?after=x&before=%00",
        "?after=999999999999",
        "?before=0",
        "?after=4294967295&show=park",
        "?show=%00",
    ],
)
def test_an_address_that_makes_no_sense_still_shows_the_page(client: Client, query: str) -> None:
    assert "What posting this file would do" in page(client, ready(camt(*MIXED)), query)


def test_a_page_past_the_end_leads_back(client: Client) -> None:
    found = ready(camt(*MIXED))
    assert "No more lines" in page(client, found, "?after=900")
    assert "No such lines" in page(client, found, "?show=reject")


def test_lines_come_a_page_at_a_time_in_the_order_of_the_file(client: Client) -> None:
    lines = [BankLine(DAY, 100 + place, f"PAYER {place:03d}") for place in range(120)]
    found = ready(camt(*lines))
    first = page(client, found)
    assert "PAYER 000" in first
    assert "PAYER 049" in first
    assert "PAYER 050" not in first
    second = page(client, found, "?after=50")
    assert "PAYER 050" in second
    assert "PAYER 099" in second
    last = page(client, found, "?after=100")
    assert "PAYER 119" in last
    assert "Next page" not in last
    back = page(client, found, "?before=51")
    assert "PAYER 000" in back
    assert "Previous page" not in back


def test_a_preview_made_by_older_rules_cannot_be_posted(client: Client) -> None:
    found = ready(camt(*MIXED))
    Fund.objects.filter(code="CT").update(account_pattern=r"78\d{7}")
    words = page(client, found)
    assert "The rules or funds changed after this preview was made" in words
    assert "Post 4 lines" not in words
    answer = client.post(f"/imports/{found.pk}/post", follow=True)
    assert "The rules or funds changed" in text_of(answer)
    assert ImportFile.objects.get().state == "ready"


def test_what_payers_write_is_never_markup(client: Client) -> None:
    found = ready(camt(BankLine(DAY, 100, "<script>alert(1)</script>", LONG, "<b>x</b>" + LONG)))
    html = client.get(f"/imports/{found.pk}").content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_a_difference_is_said_and_not_smoothed_over(client: Client) -> None:
    found = ready(camt(*MIXED))
    ImportFile.objects.filter(pk=found.pk).update(total_pence=1)
    assert "These totals do not agree. Do not post this file." in page(client, found)


# --- posting
def test_the_second_person_to_press_post_is_told_who_was_first(
    council: Council, client_for: ClientFor
) -> None:
    found = ready(camt(*MIXED))
    first, second = client_for(council), client_for(council)
    assert first.post(f"/imports/{found.pk}/post")["Location"] == f"/imports/{found.pk}"
    assert ImportFile.objects.get().state == "posting"
    words = text_of(second.post(f"/imports/{found.pk}/post", follow=True))
    assert f"already being posted, by {first.user.name}" in words  # type: ignore[attr-defined]
    post_file(found.pk, clock=clock.now)
    words = text_of(second.post(f"/imports/{found.pk}/post", follow=True))
    assert "already posted" in words
    assert "Nothing was posted twice" in words


def test_a_posted_import_shows_its_reconciliation(client: Client) -> None:
    words = page(client, posted(csv_with_bad_line(*MIXED, KNOWN, bad=5)))
    assert "Posted to funds 1 £120.50" in words
    assert "Put in suspense 3 £90.00" in words
    assert "Rejected, not posted Download the rejected lines (CSV) 1 £120.50" in words
    assert "Together 5 £331.00" in words
    assert "In the file 5 £331.00" in words
    assert "Agrees" in words
    assert "Work through suspense" in words
    assert "Post 4 lines" not in words
    assert "by Priya Raman" in words


def test_each_line_of_a_posted_import_leads_to_its_transaction(
    council: Council, client_for: ClientFor
) -> None:
    found = posted(csv_with_bad_line(*MIXED, bad=1))
    html = client_for(council).get(f"/imports/{found.pk}").content.decode()
    numbers = [encode(pk) for pk in Entry.objects.order_by("pk").values_list("pk", flat=True)]
    assert len(numbers) == 3
    assert [f"/transactions/{number}" in html for number in numbers] == [True] * 3
    assert client_for(council).get(f"/transactions/{numbers[0]}").status_code == 200
    html = client_for(council, ["imports.view"]).get(f"/imports/{found.pk}").content.decode()
    assert "/transactions" not in html


# --- applying rules again, discarding
def test_applying_the_rules_again_reads_the_file_again(client: Client) -> None:
    found = ready(camt(*MIXED))
    ImportRule.objects.all().delete()
    client.post(f"/imports/{found.pk}/read-again")
    assert ImportFile.objects.get().state == "received"
    assert "Reading the file" in page(client, found)
    read_file(found.pk)
    words = page(client, found)
    assert "To put in suspense 4 £210.50" in words
    assert "Rules applied again" in words


def test_discarding_needs_a_reason(client: Client) -> None:
    found = ready(camt(*MIXED))
    assert "Discard statement.xml" in text_of(client.get(f"/imports/{found.pk}/discard"))
    answer = client.post(f"/imports/{found.pk}/discard", {"reason": " "})
    assert "Enter why you are discarding this file" in text_of(answer)
    answer = client.post(f"/imports/{found.pk}/discard", {"reason": "Wrong day"}, follow=True)
    words = text_of(answer)
    assert "statement.xml was discarded. Nothing was posted." in words
    assert ": Wrong day" in words
    assert ImportFile.objects.get().state == "rejected"


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("read-again", "This import is posted, so it cannot be read again."),
        ("discard", "This import is posted, so it cannot be discarded."),
    ],
)
def test_a_posted_import_cannot_be_changed(client: Client, step: str, words: str) -> None:
    found = posted(camt(*MIXED))
    answer = client.post(f"/imports/{found.pk}/{step}", {"reason": "Too late"}, follow=True)
    assert words in text_of(answer)
    assert ImportFile.objects.get().state == "posted"


@pytest.mark.parametrize("step", ["post", "read-again"])
def test_a_step_asked_for_by_address_leads_to_the_page(client: Client, step: str) -> None:
    found = ready(camt(*MIXED))
    assert client.get(f"/imports/{found.pk}/{step}")["Location"] == f"/imports/{found.pk}"
    assert client.put(f"/imports/{found.pk}/{step}").status_code == 405
    assert ImportFile.objects.get().state == "ready"


# --- the rejected lines as a file
def test_rejected_lines_download_as_a_file_no_spreadsheet_runs(client: Client) -> None:
    found = ready(csv_with_bad_line(*MIXED, bad=2, date_text="=1+1,,,,,"))
    answer = client.get(f"/imports/{found.pk}/rejected.csv")
    data = downloaded(answer)
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert answer["Content-Disposition"].startswith("attachment")
    assert rows[0] == ["Line", "Amount", "Reason", "Text"]
    assert rows[1][0] == "3"
    assert rows[1][3].startswith("'=1+1")
    assert len(rows) == 1 + ImportRow.objects.filter(outcome="reject").count() == 2


# --- who may, and how much it costs
def test_who_only_looks_has_no_buttons_and_no_steps(
    council: Council, client_for: ClientFor
) -> None:
    found = ready(camt(*MIXED))
    client = client_for(council, ["imports.view"])
    html = client.get(f"/imports/{found.pk}").content.decode()
    for step in ("post", "read-again", "discard"):
        assert f"/imports/{found.pk}/{step}" not in html
        assert client.post(f"/imports/{found.pk}/{step}", {"reason": "x"}).status_code == 403
    assert ImportFile.objects.get().state == "ready"


@pytest.mark.parametrize("number", [0, 12345, 2**31, 2**63, 10**30])
def test_an_import_that_is_not_there_is_not_found(client: Client, number: int) -> None:
    for address in ("", "/progress", "/rejected.csv", "/discard"):
        assert client.get(f"/imports/{number}{address}").status_code == 404


def test_the_lines_are_the_councils_own_even_where_numbers_meet(
    northmoor: Council, eastshire: Council, client_for: ClientFor
) -> None:
    with enter(eastshire):
        theirs = ready(camt(UNKNOWN), "eastshire.xml")
    with enter(northmoor):
        ours = ready(camt(KNOWN), "northmoor.xml")
        ImportRow.objects.update(import_file_id=theirs.pk)
        ImportFile.objects.filter(pk=ours.pk).update(id=theirs.pk)
    words = text_of(client_for(northmoor).get(f"/imports/{theirs.pk}"))
    assert "northmoor.xml" in words
    assert "eastshire.xml" not in words
    assert "A N OTHER" not in words


def test_the_preview_takes_as_many_queries_for_four_lines_as_for_two_hundred(
    client: Client,
) -> None:
    few = ready(camt(*MIXED, statement="A"), "few.xml")
    lots = ready(camt(*[*MIXED] * 50, statement="B"), "lots.xml")
    with counted() as small:
        page(client, few)
    with counted() as large:
        page(client, lots)
    # Session, person, roles; the import twice, audit, totals, rules, funds, rules key (2), rows.
    assert len(small) == len(large) == 15, "\n".join(large)
