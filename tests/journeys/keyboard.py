"""A person with a keyboard and no mouse: Tab, arrows, Space, Return and letters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

# Further than the last element of the longest form.
_MOST_TABS = 150
_HAS_FOCUS = "it => it === document.activeElement"
# Kept in the browser's own storage, which the next page of the council still has.
_WATCH = """
addEventListener("pointerdown", () => localStorage.setItem("pointer", location.href), true);
"""


class Keyboard:
    """Walks through pages by keys alone. `used_pointer` says where a mouse was used, or ""."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.add_init_script(_WATCH)
        # From the start: asked for only when Return is on its way, it may come too late.
        page.on("filechooser", lambda _: None)

    def used_pointer(self) -> str:
        """The address of a page on which something was pressed with a pointer."""
        return str(self.page.evaluate('localStorage.getItem("pointer") ?? ""'))

    def reach(self, target: Locator) -> None:
        """Tab until the element has the focus. Fails when no Tab leads there."""
        expect(target).to_be_visible()
        for _ in range(_MOST_TABS):
            if target.evaluate(_HAS_FOCUS):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{self.page.url}: Tab never leads to {target}.")

    def follow(self, name: str, *, role: str = "link", navigation: bool = False) -> None:
        """Go to a link or button of the page, or of its navigation, and press it."""
        place = self.page.get_by_role("navigation") if navigation else self.page
        target = place.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
        self.reach(target.last)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def type(self, label: str, text: str, *, which: int = 0) -> None:
        """Write into a field instead of what is in it."""
        self.reach(self.page.get_by_role("main").get_by_label(label, exact=True).nth(which))
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def choose(self, label: str, text: str) -> None:
        """Choose in a list by the letters its entry begins with."""
        field = self.page.get_by_role("main").get_by_label(label, exact=True)
        self.reach(field)
        self.page.keyboard.type(text)
        chosen = field.evaluate("it => it.selectedOptions[0].text")
        assert chosen.startswith(text), f"{label}: “{chosen}” is chosen, not “{text}”."

    def choose_radio(self, name: str, text: str) -> None:
        """Choose one of a group of radio buttons, going through them with the arrow."""
        group = self.page.get_by_role("main").get_by_role("group", name=name, exact=True)
        options = group.get_by_role("radio")
        self._enter_group(options.all())
        self.page.keyboard.press("Space")
        wanted = group.get_by_role("radio", name=text)
        for _ in range(options.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{name}: the arrow never leads to “{text}”.")

    def _enter_group(self, options: Sequence[Locator]) -> None:
        """Tab enters a group at what is chosen, or else at the first."""
        chosen = [each for each in options if each.is_checked()]
        self.reach((chosen or list(options))[0])

    def choose_file(self, label: str, file: Path) -> None:
        """Open the field's window of files with Return, and choose one in it."""
        self.reach(self.page.get_by_label(label, exact=True))
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files(file)

    def save(self) -> None:
        """Press Return in the field at hand, which sends the form."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
