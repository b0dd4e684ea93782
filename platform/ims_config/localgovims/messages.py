"""Messages about accounts, and the messages of the day."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ims_config.localgovims.metadata import read_metadata
from ims_config.localgovims.work import Candidate, Work

_EXTERNAL = "ExternalCode"
_NEVER_READ = ("IsOnStopForAdmin", "IsOnStopForPaymentPortal")
_NAME_LENGTH = 60
_SEVERITIES: Mapping[str, str] = MappingProxyType(
    {"info": "information", "warning": "warning", "error": "urgent"}
)


def account_messages(work: Work) -> list[Candidate]:
    """The stop messages: each stops every way of paying, which is what the old system did."""
    extras = read_metadata(work, "FundMessageMetadata", (_EXTERNAL, *_NEVER_READ))
    taken: set[tuple[str, str]] = set()
    found = []
    for row in work.dump.rows("FundMessage"):
        number, fund, words = row.code("Id"), row.code("FundCode"), row.words("Message")
        external = extras.text(number, _EXTERNAL)
        if (fund, external) in taken:
            work.report.leave(
                "FundMessage", number,
                f"{_EXTERNAL} {external}: another message of fund {fund} has it.",
            )  # fmt: skip
            external = ""
        if external:
            taken.add((fund, external))
        values = {
            "code": f"MSG-{number}",
            "fund": fund,
            "name": words[:_NAME_LENGTH].strip(),
            "severity": "stop",
            "words_to_staff": words,
            "words_to_payer": words,
            "external_code": external,
        }
        found.append(Candidate("account-messages", values, "FundMessage", number))
    if found:
        work.report.change(
            "FundMessage", "", "each stops every way of paying for everybody. The old system let "
            f"Finance pass, and never read {' and '.join(_NEVER_READ)}. Read each in the console: "
            "what the payer is told, what may be a warning, and for which ways of paying.",
        )  # fmt: skip
    return found


def banners(work: Work) -> list[Candidate]:
    """The messages of the day that have not ended."""
    found = []
    for row in work.dump.rows("SystemMessage"):
        number, first, last = row.text("Id"), row.day("StartDate"), row.day("EndDate")
        if last is not None and last < work.today:
            work.report.leave("SystemMessage", number, f"it ended on {last.isoformat()}.")
            continue
        severity = row.text("Severity").casefold()
        values = {
            "code": f"MSG-{number}",
            "words": row.words("Message"),
            "severity": _SEVERITIES.get(severity, "information"),
            "places": ["staff"],
            "starts_on": first.isoformat() if first else "",
            "ends_on": last.isoformat() if last else "",
        }
        if first and last and last < first:
            work.report.leave("SystemMessage", number, "it ends before it starts.")
            continue
        found.append(Candidate("banners", values, "SystemMessage", number))
    if found:
        work.report.change("SystemMessage", "", "banners are shown to staff, from day to day.")
    return found
