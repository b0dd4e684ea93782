"""The layout and the building blocks, rendered without a browser."""

import re
from datetime import date
from typing import Any

import pytest
from django.template import engines
from django.test import Client
from jinja2 import UndefinedError
from lxml import html

from ims_kernel.references import encode
from ims_kernel.web.theme import stylesheet


def _template(text: str) -> Any:
    return engines["jinja2"].env.from_string(text)  # type: ignore[attr-defined]


def _page(visitor: Client, address: str = "/") -> html.HtmlElement:
    return html.fromstring(visitor.get(address).content.decode())


def test_a_mistyped_name_in_a_page_is_an_error_not_a_blank(gallery_pages: None) -> None:
    with pytest.raises(UndefinedError):
        _template("{{ amuont | pounds }}").render()


def test_text_is_escaped_by_our_macros_and_by_the_govuk_ones(gallery_pages: None) -> None:
    page = _template(
        '{% import "components/govuk.html" as govuk %}'
        '{% from "components/tables.html" import cell %}'
        '{{ govuk.tag({"text": text}) }}{{ cell(text, href=text, hint=text) }}'
    )
    shown = page.render(text='<b onclick="x">')
    assert "<b" not in shown
    assert shown.count("&lt;b onclick=&#34;x&#34;&gt;") == 4


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ -123456 | pounds }}", "-£1,234.56"),
        ("{{ 20000 | number }}", "20,000"),
        ("{{ 1 | receipt_number }}", encode(1)),
        ("{{ day | date }}, {{ day | shortdate }}", "3 November 2026, 3 Nov 2026"),
    ],
)
def test_filters_write_for_people(gallery_pages: None, text: str, shown: str) -> None:
    assert _template(text).render(day=date(2026, 11, 3)) == shown


def test_money_under_zero_is_said_and_shown_not_only_coloured(gallery_pages: None) -> None:
    cell = _template('{% from "components/money.html" import money_cell %}{{ money_cell(-1250) }}')
    element = html.fragment_fromstring(cell.render())
    assert element.text_content() == "\u2212minus £12.50"
    assert "govuk-table__cell--numeric" in element.get("class")


def test_the_title_names_the_page_the_service_and_the_council(visitor: Client) -> None:
    assert _page(visitor).findtext(".//title") == (
        "Gallery \u2013 Income management \u2013 Northmoor District Council"
    )


def test_errors_are_announced_in_the_title_and_link_to_their_fields(visitor: Client) -> None:
    page = _page(visitor, "/?errors=1")
    assert str(page.findtext(".//title")).startswith("Error: Gallery")
    links = page.xpath("//div[contains(@class, 'govuk-error-summary')]//a/@href")
    assert links[0] == "#id_payer"
    assert all(page.xpath(f"//*[@id='{link[1:]}']") for link in links)


def test_the_last_action_is_told_once(visitor: Client) -> None:
    page = _page(visitor, "/?flash=1")
    titles = page.xpath("//h2[contains(@class, 'govuk-notification-banner__title')]")
    assert [title.text_content().strip() for title in titles] == ["Success", "Warning"]


def test_ids_on_a_page_differ(visitor: Client) -> None:
    ids = _page(visitor).xpath("//@id")
    assert sorted(ids) == sorted(set(ids))


def test_nothing_in_a_page_is_inline_or_from_elsewhere(visitor: Client) -> None:
    page = _page(visitor, "/?errors=1")
    assert page.xpath("//style | //script[not(@src)] | //@style | //@onclick") == []
    addresses = page.xpath("//script/@src | //link/@href | //img/@src")
    assert addresses
    assert all(address.startswith("/") for address in addresses)


def test_nothing_of_gov_uk_itself_is_shown(visitor: Client) -> None:
    text = visitor.get("/").content.decode()
    assert re.search("crown|GOV\\.UK|open-government", text) is None


def test_a_council_has_its_colour_in_a_file_that_is_kept(visitor: Client) -> None:
    assert '/theme/5b2a6e.css"' in visitor.get("/").content.decode()
    answer = visitor.get("/theme/5b2a6e.css")
    assert answer.content.decode() == stylesheet("#5b2a6e")
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("accent", ["ffdd00", "red", "5b2a6e0", "5b2a6g"])
def test_a_colour_nobody_could_read_has_no_stylesheet(visitor: Client, accent: str) -> None:
    assert visitor.get(f"/theme/{accent}.css").status_code == 404


def test_a_filter_can_be_taken_away_by_its_link(visitor: Client) -> None:
    chip = _page(visitor).xpath("//a[@class='ims-chip']")[0]
    assert chip.text_content() == "Remove the filter Fund: Council tax\u00d7"
