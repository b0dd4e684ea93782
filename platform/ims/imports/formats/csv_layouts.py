"""The bank CSV layouts we read, as data: which column of which bank means what.

From the banks' help pages and files seen; banks change them without notice, which is why a header
must match exactly and a near miss is refused by name (docs/reference/file-formats.md).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """One bank's columns. A field names the column, or columns, it is read from."""

    code: str
    name: str  # for people
    columns: tuple[str, ...]
    date: str
    bank_code: str
    narrative: tuple[str, ...]
    account: tuple[str, ...] = ()
    amount: str = ""  # one signed column, or
    debit: str = ""  # two unsigned ones
    credit: str = ""
    reference: str = ""
    balance: str = ""
    currency: str = ""
    has_header: bool = True
    # Bank codes for which the first narrative column is a reference (a cheque number).
    reference_codes: tuple[str, ...] = ()


LLOYDS_COMMERCIAL = Layout(
    code="lloyds_commercial_csv",
    name="Lloyds Commercial Banking CSV",
    columns=(
        "Date",
        "Sort & Account No.",
        "Account Name",
        "Type",
        "Amount",
        "Customer Reference",
        "Transaction Details",
        "Balance",
    ),
    date="Date",
    account=("Sort & Account No.",),
    amount="Amount",
    reference="Customer Reference",
    narrative=("Transaction Details",),
    bank_code="Type",
    balance="Balance",
    currency="Sort & Account No.",
)

LLOYDS_BUSINESS = Layout(
    code="lloyds_business_csv",
    name="Lloyds or Halifax business and personal CSV",
    columns=(
        "Transaction Date",
        "Transaction Type",
        "Sort Code",
        "Account Number",
        "Transaction Description",
        "Debit Amount",
        "Credit Amount",
        "Balance",
    ),
    date="Transaction Date",
    account=("Sort Code", "Account Number"),
    debit="Debit Amount",
    credit="Credit Amount",
    narrative=("Transaction Description",),
    bank_code="Transaction Type",
    balance="Balance",
)

BARCLAYS = Layout(
    code="barclays_csv",
    name="Barclays CSV",
    columns=("Number", "Date", "Account", "Amount", "Subcategory", "Memo"),
    date="Date",
    account=("Account",),
    amount="Amount",
    reference="Number",
    narrative=("Memo",),
    bank_code="Subcategory",
)

NATWEST = Layout(
    code="natwest_csv",
    name="NatWest or Royal Bank of Scotland CSV",
    columns=("Date", "Type", "Description", "Value", "Balance", "Account Name", "Account Number"),
    date="Date",
    account=("Account Number",),
    amount="Value",
    narrative=("Description",),
    bank_code="Type",
    balance="Balance",
)

HSBC = Layout(
    code="hsbc_csv",
    name="HSBC CSV",
    columns=("Date", "Type", "Description", "Amount", "Balance"),
    date="Date",
    amount="Amount",
    narrative=("Description",),
    bank_code="Type",
    balance="Balance",
)

# Bankline exports have no header: the names below are ours, the places are the bank's.
BANKLINE = Layout(
    code="bankline_csv",
    name="NatWest Bankline CSV (18 columns, no header)",
    columns=(
        "Sort code",
        "Account number",
        "Account alias",
        "Account short name",
        "Currency",
        "Column 6",
        "Column 7",
        "Column 8",
        "Column 9",
        "Date",
        "Narrative 1",
        "Narrative 2",
        "Narrative 3",
        "Narrative 4",
        "Narrative 5",
        "Type",
        "Debit",
        "Credit",
    ),
    date="Date",
    account=("Sort code", "Account number"),
    debit="Debit",
    credit="Credit",
    narrative=("Narrative 1", "Narrative 2", "Narrative 3", "Narrative 4", "Narrative 5"),
    bank_code="Type",
    currency="Currency",
    has_header=False,
    reference_codes=("CHQ",),
)

LAYOUTS = (LLOYDS_COMMERCIAL, LLOYDS_BUSINESS, BARCLAYS, NATWEST, HSBC, BANKLINE)
