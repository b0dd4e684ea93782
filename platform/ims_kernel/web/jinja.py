"""The Jinja2 environment of every page: what a template may call, and where templates are found.

In settings: `TEMPLATES = [{"BACKEND": "django.template.backends.jinja2.Jinja2", "NAME": "jinja2",
"DIRS": [...], "OPTIONS": {"environment": "ims_kernel.web.jinja.environment", ...}}]`.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
    Undefined,
)

from ims_kernel.money import format_pounds
from ims_kernel.references import encode
from ims_kernel.web.dates import format_date, format_instant, format_short_date
from ims_kernel.web.forms import error_list, field_params
from ims_kernel.web.pagination import with_query
from ims_kernel.web.theme import NO_COUNCIL

TEMPLATES = Path(__file__).resolve().parent / "templates"
_GOVUK = "govuk_frontend_jinja"


class PageEnvironment(Environment):
    """Strict about names in our templates, lenient in the GOV.UK macros.

    The macros ask for every option whether or not it was given, so under StrictUndefined they
    could not be called at all; and with anything laxer a mistyped name in our own pages would
    show as a blank, which on a page about money is a wrong page.
    """

    lenient: Environment

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's name
    ) -> Template:
        if isinstance(name, str) and name.startswith(f"{_GOVUK}/"):
            return self.lenient.get_template(name)
        return super().get_template(name, parent, globals)


def environment(**options: Any) -> PageEnvironment:
    """The environment Django's Jinja2 backend asks for. Autoescape is on whatever is passed."""
    given: BaseLoader = options.pop("loader", FileSystemLoader([]))
    options.pop("undefined", None)
    options |= {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    loader = ChoiceLoader([given, FileSystemLoader(_template_folders())])
    env = PageEnvironment(loader=loader, undefined=StrictUndefined, **options)
    env.lenient = _govuk()
    env.globals.update(_globals())
    env.filters.update(_filters())
    return env


@cache
def _govuk() -> Environment:
    """The environment of the GOV.UK macros, with the white space they were tested with."""
    loader = PrefixLoader({_GOVUK: PackageLoader(_GOVUK)})
    env = Environment(loader=loader, undefined=Undefined, autoescape=True, auto_reload=False)
    # The same names as the pages have: a template that lacks a global of the page importing it
    # is built again on every import (Template._get_default_module).
    env.globals.update(_globals())
    return env


def _template_folders() -> list[Path]:
    """`templates/` of each of our apps, then the kernel's own. Django's are in another language."""
    ours = [
        Path(config.path) / "templates"
        for config in apps.get_app_configs()
        if config.name.startswith("ims")
    ]
    return [*(folder for folder in ours if folder.is_dir()), TEMPLATES]


def _globals() -> dict[str, Any]:
    return {
        "static": static,
        "url": url,
        "flash_messages": flash_messages,
        "error_list": error_list,
        "field_params": field_params,
        "with_query": with_query,
        "NO_COUNCIL": NO_COUNCIL,
    }


def _filters() -> dict[str, Any]:
    return {
        "pounds": format_pounds,
        "date": format_date,
        "shortdate": format_short_date,
        "instant": format_instant,
        "number": format_number,
        "receipt_number": encode,
    }


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def format_number(value: int) -> str:
    """A whole number for people: `20,000`."""
    return f"{value:,}"


def flash_messages(request: HttpRequest | None) -> list[dict[str, str]]:
    """What the last action wants to say, once: `level` (success, warning, info...) and `text`."""
    if request is None:
        return []
    return [
        {"level": message.level_tag, "text": str(message.message)}
        for message in get_messages(request)
    ]
