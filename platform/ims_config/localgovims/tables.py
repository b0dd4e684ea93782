"""The tables of a LocalGov IMS database: the columns we read, and those we leave alone, and why."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

NEEDED = ("Fund", "Mop", "Vat")

# Table -> the columns a dump of it must have.
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Vat": ("VatCode", "Percentage", "Disabled"),
        "VatMetadata": ("VatCode", "MetadataKeyId", "Value"),
        "Fund": (
            "FundCode", "FundName", "DisplayName", "AccountReferenceValidatorId", "VatCode",
            "VatOverride", "MaximumAmount", "AccountExist", "AquireAddress", "Disabled",
        ),
        "FundMetadata": ("FundCode", "MetadataKeyId", "Value"),
        "Mop": ("MopCode", "MopName", "MaximumAmount", "MinimumAmount", "Disabled"),
        "MopMetadata": ("MopCode", "MetadataKeyId", "Value"),
        "MetadataKey": ("Id", "Name", "EntityType"),
        "FundGroup": ("FundGroupId", "Name"),
        "FundGroupFund": ("FundGroupId", "FundCode"),
        "Office": ("OfficeCode", "Name"),
        "AccountReferenceValidator": (
            "Id", "Name", "MinLength", "MaxLength", "Regex", "InputMask", "CharacterType",
            "CheckDigitConfigurationId",
        ),
        "CheckDigitConfiguration": (
            "Id", "Name", "Type", "Modulus", "SourceSubstitutions", "Weightings",
            "ResultSubstitutions", "ApplySubtraction",
        ),
        "FundMessage": ("Id", "FundCode", "Message"),
        "FundMessageMetadata": ("FundMessageId", "MetadataKeyId", "Value"),
        "ImportType": ("Id", "DataType", "Name"),
        "ImportProcessingRule": ("Id", "Name", "IsGlobal", "Disabled"),
        "ImportProcessingRuleCondition": (
            "Id", "RuleId", "Group", "FieldId", "OperatorId", "Value", "LogicalOperator",
        ),
        "ImportProcessingRuleAction": ("Id", "RuleId", "FieldId", "Value"),
        "ImportProcessingRuleField": ("Id", "Name"),
        "ImportProcessingRuleOperator": ("Id", "Name"),
        "ImportTypeImportProcessingRule": ("ImportTypeId", "ImportProcessingRuleId"),
        "SystemMessage": ("Id", "Severity", "StartDate", "EndDate", "Message"),
    }
)  # fmt: skip

_PEOPLE = "people are invited by name, and choose their own password and second factor"
_ROLES = "roles are chosen anew from the presets, which leave out the old ones' mistakes"
_MONEY = "money that was posted stays in the old system, which is kept to be read"
_TEMPLATES = "templates of eReturns are made anew"
_SECRETS = "credentials are never in a file: set them in the console"
_LOGS = "logs stay in the old system"

# Table -> why nothing of it is ever carried. These files are not opened.
NEVER: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("User", "UserFundGroup", "UserMethodOfPayment"), _PEOPLE),
        **dict.fromkeys(
            ("AspNetUsers", "AspNetUserClaims", "AspNetUserLogins"),
            "passwords and second factors are never carried",
        ),
        **dict.fromkeys(("Role", "UserRole", "AspNetRoles", "AspNetUserRoles"), _ROLES),
        **dict.fromkeys(("Template", "TemplateRow", "UserTemplate"), _TEMPLATES),
        "PaymentIntegration": _SECRETS,
        "AccountHolder": "accounts are data, not settings: load them with `ims accounts load`",
        **dict.fromkeys(
            (
                "ProcessedTransaction", "PendingTransaction", "TransactionStatus", "Suspense",
                "SuspenseNote", "SuspenseProcessedTransaction", "EReturn", "EReturnCash",
                "EReturnCheque", "EReturnNote", "EReturnStatus", "EReturnType", "Import",
                "ImportRow", "ImportMetadata", "ImportStatusHistory", "FileImport",
                "FileImportRow",
            ),
            _MONEY,
        ),
        **dict.fromkeys(
            ("ActivityLog", "ApplicationLog", "EmailLog", "ImportEventLog", "ScheduleLog"), _LOGS
        ),
    }
)  # fmt: skip
