"""Looking accounts up, checking references, and loading accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from ims.accounts import selectors, services
from ims.accounts.selectors import check_reference
from ims.api.access import ApiView
from ims.api.errors import RequestUnreadable
from ims.api.v1 import serializers as shapes
from ims.api.v1.reading import read
from ims.funds.selectors import book
from ims_kernel import clock
from ims_kernel.audit.services import Subject, record_read
from ims_kernel.web.pagination import paginate

if TYPE_CHECKING:
    from ims.accounts.models import AccountHolder, AccountLoad

PAGE = 100
LONGEST_KEY = 80
KEY_HEADER = "Idempotency-Key"


class AccountsView(ApiView):
    """Accounts by what is known of them."""

    required_permission = "accounts.view"

    @extend_schema(
        operation_id="find_accounts",
        tags=["Accounts"],
        parameters=[
            OpenApiParameter("fund", str, description="Code of a fund."),
            OpenApiParameter("reference", str, description="The reference, or how it begins."),
            OpenApiParameter("surname", str, description="The surname, or how it begins."),
            OpenApiParameter("postcode", str, description="The postcode, or how it begins."),
            OpenApiParameter("state", str, enum=["open", "closed", "all"], default="open"),
            OpenApiParameter("after", str, description="From `next` of the page before."),
        ],
        responses={200: shapes.Accounts, 422: shapes.Problem},
    )
    def get(self, request: Request) -> Response:
        """Accounts by reference, 100 at a time. At least one of the first four must be given."""
        asked = request.query_params
        wanted = selectors.Criteria(
            reference=asked.get("reference", ""),
            surname=asked.get("surname", ""),
            postcode=asked.get("postcode", ""),
            fund_id=book().fund(asked["fund"]).id if asked.get("fund") else None,
            state=asked.get("state", "open"),
        )
        if not (wanted.reference or wanted.surname or wanted.postcode or wanted.fund_id):
            raise RequestUnreadable(
                "Say which accounts: fund, reference, surname or postcode.", field="fund"
            )
        page = paginate(
            selectors.search(wanted), asked, by="reference", size=PAGE, oldest_first=True
        )
        record_read(
            self.actor,
            Subject("accounts", "search"),
            at=clock.now(),
            act="accounts.read",
            found=len(page.rows),
        )
        return Response(
            {
                "items": [_account(each) for each in page.rows],
                "next": request.path + page.next_query if page.next_query else None,
            }
        )


def _account(account: AccountHolder) -> dict[str, Any]:
    lines = (account.address_1, account.address_2, account.address_3, account.address_4)
    return {
        "fund": account.fund.code,
        "reference": account.reference,
        "title": account.title,
        "forename": account.forename,
        "surname": account.surname,
        "address": [line for line in lines if line],
        "postcode": account.postcode,
        "balance_pence": account.balance_pence,
        "is_closed": account.is_closed,
        "messages": [account.message.code] if account.message else [],
    }


class CheckReferenceView(ApiView):
    """The verdict of every step on one reference."""

    required_permission = "api.check_references"

    @extend_schema(
        operation_id="check_account_reference",
        tags=["Accounts"],
        request=shapes.ReferenceToCheck,
        responses={200: shapes.Verdict, 404: shapes.Problem, 422: shapes.Problem},
    )
    def post(self, request: Request) -> Response:
        """What each step of the fund's rule finds. Changes nothing."""
        asked = read(shapes.ReferenceToCheck, request)
        verdict = check_reference(
            asked["fund"],
            asked["reference"],
            channel=asked["channel"],
            amount_pence=asked.get("amount_pence"),
            method_code=asked.get("method"),
        )
        steps = [{"step": s.step, "ok": s.ok, "words": s.words} for s in verdict.steps]
        return Response({"ok": verdict.ok, "reference": verdict.reference, "steps": steps})


class LoadsView(ApiView):
    """Loading accounts as rows."""

    required_permission = "accounts.load"

    @extend_schema(
        operation_id="load_accounts",
        tags=["Accounts"],
        parameters=[
            OpenApiParameter(
                KEY_HEADER,
                str,
                OpenApiParameter.HEADER,
                required=True,
                description="A text of your own, up to 80 characters. The same again with the same "
                "rows is the same load.",
            )
        ],
        request=shapes.LoadToMake,
        responses={202: shapes.Load, 404: shapes.Problem, 409: shapes.Problem, 422: shapes.Problem},
    )
    def post(self, request: Request) -> Response:
        """Load up to 5,000 accounts of one fund in the background. Ask for the load to see how."""
        key = request.headers.get(KEY_HEADER, "").strip()
        if not 1 <= len(key) <= LONGEST_KEY:
            raise RequestUnreadable(
                f"Send the header {KEY_HEADER}, a text of your own (to {LONGEST_KEY} characters).",
                field=KEY_HEADER,
            )
        asked = read(shapes.LoadToMake, request)
        load = services.load_rows(
            asked["fund"],
            asked["mode"],
            asked["rows"],
            actor=self.actor,
            at=clock.now(),
            idempotency_key=key,
        )
        return Response(_load(selectors.get_load(load.pk)), status=status.HTTP_202_ACCEPTED)


class LoadView(ApiView):
    """One load."""

    required_permission = "accounts.load"

    @extend_schema(
        operation_id="get_account_load",
        tags=["Accounts"],
        responses={200: shapes.Load, 404: shapes.Problem},
    )
    def get(self, request: Request, load_id: int) -> Response:  # noqa: ARG002 - REST framework's
        """What became of a load."""
        return Response(_load(selectors.get_load(load_id)))


def _load(load: AccountLoad) -> dict[str, Any]:
    return {
        "id": load.pk,
        "fund": load.fund.code,
        "mode": load.mode,
        "state": load.state,
        "refusal": load.refusal,
        "rows": load.row_count,
        "added": load.added_count,
        "changed": load.changed_count,
        "reopened": load.reopened_count,
        "closed": load.closed_count,
        "unchanged": load.unchanged_count,
        "rejected": load.rejected_count,
        "received_at": load.received_at,
        "applied_at": load.applied_at,
    }
