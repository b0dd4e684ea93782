"""The view both sides of `host_request` serve: one indexed query, a small answer."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import path


def fund(request: HttpRequest) -> JsonResponse:
    """One fund of the council by its code."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM funds_fund WHERE code = %s", ["101"])
        number, name = cursor.fetchone()
    return JsonResponse({"id": number, "name": name})


urlpatterns = [path("fund", fund)]
