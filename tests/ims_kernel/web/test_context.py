from types import SimpleNamespace

from django.test import RequestFactory
from pytest_django.fixtures import Settings

from ims_kernel.web.context import page
from ims_kernel.web.theme import NO_COUNCIL, Brand, NavItem

BRAND = Brand(name="Eastshire Council")
NAVIGATION = [NavItem("Overview", "/")]


class Person(SimpleNamespace):
    def __str__(self) -> str:
        return "Priya Raman"


def test_a_request_that_is_nobodys_has_the_plain_look(rf: RequestFactory) -> None:
    assert page(rf.get("/")) == {
        "brand": NO_COUNCIL,
        "navigation": [],
        "banners": [],
        "person": "",
        "account_url": "",
        "sign_out_url": "",
    }


def test_navigation_is_for_people_who_have_signed_in(
    gallery_pages: None, rf: RequestFactory
) -> None:
    request = rf.get("/")
    request.brand, request.navigation = BRAND, NAVIGATION  # type: ignore[attr-defined]
    request.user = Person(is_authenticated=False)  # type: ignore[assignment]
    assert page(request)["navigation"] == []
    assert page(request)["brand"] == BRAND
    request.user = Person(is_authenticated=True)  # type: ignore[assignment]
    assert page(request)["navigation"] == NAVIGATION
    assert page(request)["person"] == "Priya Raman"
    assert page(request)["sign_out_url"] == "/sign-out/"


def test_a_site_without_a_sign_out_page_offers_none(rf: RequestFactory, settings: Settings) -> None:
    settings.ROOT_URLCONF = "ims_kernel.web.theme"
    request = rf.get("/")
    request.user = Person(is_authenticated=True)  # type: ignore[assignment]
    assert page(request)["sign_out_url"] == ""
