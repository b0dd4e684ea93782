"""The proxy's configuration, read by nginx itself where it is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from tests.architecture.source import ROOT

TEXT = (ROOT / "infra/proxy/nginx.conf").read_text(encoding="utf-8")


def nginx() -> str | None:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@pytest.mark.skipif(nginx() is None, reason="nginx is not installed")
@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_nginx_accepts_it(tmp_path: Path) -> None:
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=northmoor.example",
            "-keyout", str(tmp_path / "privkey.pem"), "-out", str(tmp_path / "fullchain.pem"),
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    # The names of another machine: where the certificate lies, and the service beside it.
    site = TEXT.replace("/etc/nginx/tls", str(tmp_path)).replace("//web:", "//127.0.0.1:")
    (tmp_path / "site.conf").write_text(site, encoding="utf-8")
    folders = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; events {{}}\n"
        f"http {{ access_log off; {folders} include {tmp_path}/site.conf; }}\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [str(nginx()), "-t", "-e", str(tmp_path / "log"), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


def test_the_host_arrives_as_it_came_because_it_is_the_council() -> None:
    assert re.findall(r"proxy_set_header Host (.+);", TEXT) == ["$http_host"]


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded"]
)
def test_what_a_client_claims_about_itself_does_not_get_through(header: str) -> None:
    (value,) = re.findall(rf"proxy_set_header {header} (.+);", TEXT)
    assert value in {"$remote_addr", "https", '""'}


def test_the_services_own_limit_on_files_speaks_first() -> None:
    (limit,) = re.findall(r"client_max_body_size (\d+)m;", TEXT)
    assert int(limit) * 1024 * 1024 > settings.IMS_MAX_UPLOAD_BYTES
