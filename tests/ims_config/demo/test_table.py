"""The table, to the character."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ims.ledger.verify import Proof
from ims_config.demo.report import CouncilReport, DemoReport, Figures
from ims_config.demo.setting_up import SignIn
from ims_config.demo.table import format_report, format_sign_ins

GOOD = CouncilReport(
    name="Northmoor District Council",
    host="northmoor.localhost",
    statement="northmoor-statement-2026-11-24.xml",
    received=Figures(1_180, 43_840_769),
    posted=Figures(1_090, 38_106_962),
    parked=Figures(88, 5_733_807),
    rejected=Figures(2, 0),
    taken=Figures(1_178, 43_840_769),
    sent=Figures(1_178, 43_840_769),
    ledger=Figures(21_387, 471_904_979),
    exported=Figures(21_387, 471_904_979),
    files=("general-journal-GL-000001.csv", "general-journal-GL-000002.csv"),
    proofs=(Proof("Every entry balances", 9), Proof("The chain is whole", 9)),
)
SIGN_INS = (
    SignIn("localhost", "tom@ims.example", "demo-money-2026-safe", "Operator"),
    SignIn(
        "northmoor.localhost", "priya@northmoor.example", "demo-money-2026-safe", "Income officer"
    ),
)


def report(*councils: CouncilReport) -> DemoReport:
    return DemoReport(on=date(2026, 11, 24), councils=councils, sign_ins=SIGN_INS)


def test_a_table_that_agrees() -> None:
    assert report(GOOD).agrees
    assert format_report(report(GOOD)) == (
        "Income on 24 November 2026\n"
        "\n"
        "Northmoor District Council                 Lines            Pounds\n"
        "------------------------------------------------------------------------------------\n"
        "Bank statement northmoor-statement-2026-11-24.xml\n"
        "  Received                                 1,180       £438,407.69\n"
        "  Posted to funds                          1,090       £381,069.62\n"
        "  Parked in suspense                          88        £57,338.07\n"
        "  Rejected, with the reason                    2             £0.00\n"
        "  Posted + parked + rejected               1,180       £438,407.69  agrees\n"
        "  Exported to the finance system           1,178       £438,407.69  agrees\n"
        "All income in the ledger, in 2 ledger files\n"
        "  Posted                                  21,387     £4,719,049.79\n"
        "  Exported to the finance system          21,387     £4,719,049.79  agrees\n"
        "Proofs of the books: 2 of 2 hold                                    agrees\n"
        "\n"
        "Every control total agrees.\n"
    )


def test_a_penny_that_is_missing_is_said_in_words() -> None:
    bad = replace(GOOD, posted=Figures(1_090, 38_106_961))
    text = format_report(report(GOOD, bad))
    assert not report(GOOD, bad).agrees
    assert (
        "  Posted + parked + rejected               1,180       £438,407.68  DOES NOT AGREE\n"
        in text
    )
    assert text.endswith("AT LEAST ONE CONTROL TOTAL DOES NOT AGREE. Look for the words above.\n")


def test_what_did_not_leave_is_said_in_words() -> None:
    for bad in (
        replace(GOOD, exported=Figures(21_386, 471_904_979)),
        replace(GOOD, sent=Figures(1_178, 43_840_768)),
    ):
        assert not bad.agrees
        assert format_report(report(bad)).count("DOES NOT AGREE\n") == 1


def test_money_of_the_file_that_never_reached_the_ledger_is_seen() -> None:
    lost = Figures(1_177, 43_840_000)
    assert not replace(GOOD, taken=lost, sent=lost).agrees


def test_a_proof_that_fails_is_shown_with_its_reason() -> None:
    bad = replace(GOOD, proofs=(*GOOD.proofs, Proof("Chain", 9, "Block 2 was altered.")))
    assert not bad.agrees
    text = format_report(report(bad))
    assert "Proofs of the books: 2 of 3 hold" in text
    assert "  Block 2 was altered.\n" in text


def test_sign_ins_with_their_addresses() -> None:
    assert format_sign_ins(report(GOOD), port=8000) == (
        "Open in a browser. People and figures are invented. A password alone signs in here; "
        "a real\n"
        "council asks for a second factor. Ctrl-C stops; everything is kept.\n"
        "  http://localhost:8000/            "
        "tom@ims.example          demo-money-2026-safe  Operator\n"
        "  http://northmoor.localhost:8000/  "
        "priya@northmoor.example  demo-money-2026-safe  Income officer\n"
    )
