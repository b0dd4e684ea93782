"""A folder of CSV files into a configuration file and a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ims_config.localgovims.dump import Dump, read_dump
from ims_config.localgovims.funds import Vat, funds
from ims_config.localgovims.import_rules import import_rules
from ims_config.localgovims.messages import account_messages, banners
from ims_config.localgovims.methods import methods
from ims_config.localgovims.money_tables import fund_groups, no_vat, offices, vat_codes
from ims_config.localgovims.references import reference_rules
from ims_config.localgovims.report import Report
from ims_config.localgovims.settling import settle
from ims_config.localgovims.tables import COLUMNS, NEVER
from ims_config.localgovims.work import Work
from ims_kernel.configuration import writing
from ims_kernel.records.fields import Values

# Tables that become part of other records, or of none.
_PARTS = frozenset(name for name in COLUMNS if name.endswith("Metadata")) | {
    "MetadataKey", "FundGroupFund", "ImportType", "ImportTypeImportProcessingRule",
    "ImportProcessingRuleCondition", "ImportProcessingRuleAction",
    "ImportProcessingRuleField", "ImportProcessingRuleOperator",
}  # fmt: skip
_STEPS = (
    "Read what is listed above, and change the file or the old system's dump until it is right.",
    "Give every fund and method its own ledger code where the code stands in for one.",
    "Try it: `ims config apply COUNCIL FILE --dry-run` on a new council or on training.",
    "Give each fund the pattern that finds its references in bank files, and add import profiles.",
    "Try real references on the test bench, some of each fund.",
    "Invite people and give them roles; add payment provider accounts; load the accounts.",
)


@dataclass(frozen=True, slots=True)
class Converted:
    """The configuration file as text, its records by table, and the report."""

    text: str
    tables: dict[str, list[Values]]
    report: Report


def convert(folder: Path, *, vat_from: date, today: date) -> Converted:
    """The settings in a dump. `vat_from` is the day every VAT rate starts on.

    Raises NotAFolder, TableMissing, TableUnreadable or CellUnusable; what can be read and has no
    place in the service is told in the report instead.
    """
    dump, report = read_dump(folder), Report()
    work = Work(dump, report, vat_from, today)
    report.read = {
        name: len(dump.rows(name)) for name in COLUMNS if name in dump.tables and name not in _PARTS
    }
    rules = reference_rules(work)
    vat, of_suspense = vat_codes(work)
    candidates = [
        *vat,
        *offices(work),
        *rules.candidates,
        *funds(work, rules, Vat(of_suspense, no_vat(vat))),
        *fund_groups(work),
        *methods(work),
        *account_messages(work),
        *import_rules(work),
        *banners(work),
    ]
    tables = settle(candidates, report)
    _say_of_files(dump, report)
    report.steps += _STEPS
    head = f"# From a LocalGov IMS database, {today.isoformat()}. See its report before applying.\n"
    return Converted(head + writing.write("", tables), tables, report)


def _say_of_files(dump: Dump, report: Report) -> None:
    report.never.append(
        "People, roles, templates, credentials, accounts, posted money and logs are not settings, "
        "or never leave the old system."
    )
    report.never += [f"{name}: {NEVER[name]}." for name in dump.never]
    report.files += [f"{name}.csv is not there; nothing was read of it." for name in dump.absent]
    report.files += [
        f"{name} is not named as a table that we read; it was not opened." for name in dump.strange
    ]
