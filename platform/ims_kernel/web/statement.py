"""The accessibility statement, which every public body must publish on every site.

The Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018,
regulation 8, say what must be in it.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement of whoever the host belongs to. Open to all: see where it is in a URLconf."""
    return render(request, "accessibility.html")
