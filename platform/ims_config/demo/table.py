"""The demo's figures as a plain table that a finance officer can read."""

from __future__ import annotations

from ims_config.demo.report import CouncilReport, DemoReport, Figures
from ims_kernel.money import format_pounds
from ims_kernel.web.dates import format_date

_LABEL, _LINES, _POUNDS, _INDENT = 38, 10, 18, "  "
_WIDTH = _LABEL + _LINES + _POUNDS + 18
_WHAT_TO_DO = (
    "Open in a browser. People and figures are invented. A password alone signs in here; a real\n"
    "council asks for a second factor. Ctrl-C stops; everything is kept."
)


def format_report(report: DemoReport) -> str:
    """The table, with a line at the end that says whether everything agrees."""
    parts = [f"Income on {format_date(report.on)}", ""]
    for council in report.councils:
        parts += [*_council(council), ""]
    parts.append(
        "Every control total agrees."
        if report.agrees
        else "AT LEAST ONE CONTROL TOTAL DOES NOT AGREE. Look for the words above."
    )
    return "\n".join(parts) + "\n"


def _council(report: CouncilReport) -> list[str]:
    held = len(report.proofs) - len(report.problems)
    lines = [
        f"{report.name:<{_LABEL}}{'Lines':>{_LINES}}{'Pounds':>{_POUNDS}}".rstrip(),
        "-" * _WIDTH,
        f"Bank statement {report.statement}",
        _row("Received", report.received),
        _row("Posted to funds", report.posted),
        _row("Parked in suspense", report.parked),
        _row("Rejected, with the reason", report.rejected),
        _row("Posted + parked + rejected", report.accounted_for, _word(report.statement_agrees)),
        _row("Exported to the finance system", report.sent, _word(report.morning_left)),
        f"All income in the ledger, in {len(report.files)} ledger files",
        _row("Posted", report.ledger),
        _row("Exported to the finance system", report.exported, _word(report.export_agrees)),
        f"Proofs of the books: {held} of {len(report.proofs)} hold".ljust(_WIDTH - 18)
        + f"  {_word(not report.problems)}",
    ]
    return lines + [f"{_INDENT}{problem}" for problem in report.problems]


def _row(label: str, figures: Figures, word: str = "") -> str:
    shown = f"{_INDENT + label:<{_LABEL}}{figures.lines:>{_LINES},}"
    return f"{shown}{format_pounds(figures.pence):>{_POUNDS}}  {word}".rstrip()


def _word(agrees: bool) -> str:  # noqa: FBT001 - the fact itself
    return "agrees" if agrees else "DOES NOT AGREE"


def format_sign_ins(report: DemoReport, *, port: int) -> str:
    """Who can sign in where, for the demo only."""
    width = max(len(each.email) for each in report.sign_ins)
    rows = [
        f"  http://{each.host}:{port}/".ljust(36)
        + f"{each.email:<{width}}  {each.password}  {each.role}"
        for each in report.sign_ins
    ]
    return "\n".join([_WHAT_TO_DO, *rows]) + "\n"
