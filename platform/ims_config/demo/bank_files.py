"""Writes valid bank files of any size, for the demonstration, the benches and the tests."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from ims_kernel.money import plain_pounds

LLOYDS_HEADER = (
    "Date",
    "Sort & Account No.",
    "Account Name",
    "Type",
    "Amount",
    "Customer Reference",
    "Transaction Details",
    "Balance",
)
_CAMT_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


@dataclass(frozen=True, slots=True)
class BankLine:
    """One movement. `amount_pence` is signed: + money in, - money out."""

    booked_on: date
    amount_pence: int
    payer: str = ""
    reference: str = ""
    narrative: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What a file holds, to compare with what is read: lines, and their sum in pence."""

    lines: int
    total_pence: int


def write_lloyds_csv(
    path: Path,
    rows: Iterable[BankLine],
    *,
    account: str = "30000012345678",
    opening_pence: int = 100_000_000,
    account_name: str = "EASTSHIRE COUNCIL",
) -> Written:
    """A Lloyds Commercial CSV, oldest line first, with the running balance.

    The bank has no payer column: payer and narrative share the details, as they do in real files.
    `account` is sort code and account number, 14 digits.
    """
    balance = opening_pence
    lines = 0
    shown = f"{account[:6]}-{account[6:]} GBP"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(LLOYDS_HEADER)
        for row in rows:
            balance += row.amount_pence
            lines += 1
            details = f"{row.payer} {row.narrative}".strip()
            writer.writerow(
                (
                    f"{row.booked_on:%d/%m/%Y}",
                    shown,
                    account_name,
                    "BGC" if row.amount_pence > 0 else "DEB",
                    plain_pounds(row.amount_pence),
                    row.reference,
                    details,
                    plain_pounds(balance),
                )
            )
    return Written(lines, balance - opening_pence)


def write_camt053(
    path: Path,
    rows: Iterable[BankLine],
    *,
    account: str = "20000012345678",
    opening_pence: int = 100_000_000,
    statement_id: str = "STMT-1",
) -> Written:
    """A camt.053.001.08 statement with balances that agree and one payment an entry.

    The closing balance stands before the entries, so these are kept in a temporary file first.
    """
    total = lines = 0
    first = last = None
    with tempfile.TemporaryFile("w+", encoding="utf-8") as entries:
        for row in rows:
            lines += 1
            total += row.amount_pence
            first, last = first or row.booked_on, row.booked_on
            entries.write(_entry(row, lines, statement_id))
        entries.seek(0)
        with path.open("w", encoding="utf-8") as file:
            opened = first or date(2026, 1, 1)
            file.write(_head(account, statement_id, opened))
            file.write(_balance("OPBD", opening_pence, opened))
            file.write(_balance("CLBD", opening_pence + total, last or opened))
            shutil.copyfileobj(entries, file)
            file.write("</Stmt></BkToCstmrStmt></Document>\n")
    return Written(lines, total)


def _head(account: str, statement_id: str, day: date) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{_CAMT_NAMESPACE}">'
        f"<BkToCstmrStmt><GrpHdr><MsgId>{escape(statement_id)}</MsgId>"
        f"<CreDtTm>{day}T05:30:00</CreDtTm></GrpHdr>\n<Stmt><Id>{escape(statement_id)}</Id>"
        f"<CreDtTm>{day}T05:30:00</CreDtTm>"
        f"<Acct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>GBP</Ccy></Acct>\n"
    )


def _amount(pence: int) -> str:
    mark = "CRDT" if pence >= 0 else "DBIT"
    return f'<Amt Ccy="GBP">{plain_pounds(abs(pence))}</Amt><CdtDbtInd>{mark}</CdtDbtInd>'


def _balance(kind: str, pence: int, day: date) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{_amount(pence)}"
        f"<Dt><Dt>{day}</Dt></Dt></Bal>\n"
    )


def _entry(row: BankLine, number: int, statement_id: str) -> str:
    credit = row.amount_pence >= 0
    party = "Dbtr" if credit else "Cdtr"
    payer = f"<{party}><Pty><Nm>{escape(row.payer)}</Nm></Pty></{party}>" if row.payer else ""
    reference = escape(row.reference) or "NOTPROVIDED"
    told = f"<RmtInf><Ustrd>{escape(row.narrative)}</Ustrd></RmtInf>" if row.narrative else ""
    return (
        f"<Ntry><NtryRef>{number}</NtryRef>{_amount(row.amount_pence)}"
        f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{row.booked_on}</Dt></BookgDt>"
        f"<ValDt><Dt>{row.booked_on}</Dt></ValDt>"
        f"<AcctSvcrRef>{escape(statement_id)}-{number}</AcctSvcrRef>"
        f"<BkTxCd><Prtry><Cd>{'BGC' if credit else 'DEB'}</Cd></Prtry></BkTxCd>"
        f"<NtryDtls><TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>"
        f"<RltdPties>{payer}</RltdPties>{told}</TxDtls></NtryDtls></Ntry>\n"
    )
