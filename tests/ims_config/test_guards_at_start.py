"""Nothing starts when a guard does not hold."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings

from ims_config import cli


@pytest.mark.parametrize("command", ["check", "worker", "serve"])
def test_a_cookie_that_reaches_other_councils_stops_the_start(
    db: None, settings: Settings, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    settings.SESSION_COOKIE_DOMAIN = ".example"
    assert cli.main([command]) == 1
    said = capsys.readouterr().err
    assert said.startswith("The service does not start: a guard does not hold.")
    assert "ims_tenants.E002" in said


def test_guards_that_hold_say_so(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--json"]) == 0
    assert capsys.readouterr().out == '{"ok": true}\n'
