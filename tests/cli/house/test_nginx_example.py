"""The example of a proxy in deploy/ does what the documentation says of it."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.test import RequestFactory

from qafila.foundation.stores.counting import address_of

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
EXAMPLE = Path(__file__).resolve().parents[3] / "deploy" / "nginx.conf"
HOST = "qafila.example.ma"
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed on this machine.")


class Behind(BaseHTTPRequestHandler):
    """In Qafila's place: tells what it was asked, and when the first of a body arrived."""

    first_bytes = threading.Event()

    def do_GET(self) -> None:
        self._tell(0)

    def do_POST(self) -> None:
        left, read = int(self.headers["Content-Length"]), 0
        while read < left:
            read += len(self.rfile.read1(min(65536, left - read)))
            Behind.first_bytes.set()
        self._tell(read)

    def _tell(self, read: int) -> None:
        told = json.dumps({"headers": dict(self.headers), "read": read, "path": self.path})
        self.send_response(200)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told.encode())

    def log_message(self, *_: Any) -> None:
        """Keeps the test's output clean."""


@dataclass(frozen=True)
class Proxy:
    plain: int
    tls: int
    folder: Path

    def connection(self) -> http.client.HTTPSConnection:
        trusting = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        trusting.check_hostname = False
        return http.client.HTTPSConnection("127.0.0.1", self.tls, context=trusting, timeout=20)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, Any]:
        line = self.connection()
        line.request(method, path, body or None, {"Host": HOST, **headers})
        response = line.getresponse()
        text = response.read()
        return response.status, json.loads(text) if response.status == 200 else text


def _free() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    behind = ThreadingHTTPServer(("127.0.0.1", 0), Behind)
    threading.Thread(target=behind.serve_forever, daemon=True).start()
    Behind.first_bytes.clear()
    made = Proxy(_free(), _free(), tmp_path)
    _certificate(tmp_path)
    example = EXAMPLE.read_text()
    for written, here in (
        ("listen 80;", f"listen 127.0.0.1:{made.plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{made.tls} ssl;"),
        ("/etc/qafila/tls/", f"{tmp_path}/"),
        ("127.0.0.1:8000", f"127.0.0.1:{behind.server_port}"),
    ):
        assert written in example, written
        example = example.replace(written, here)
    temporary = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = tmp_path / "whole.conf"
    whole.write_text(
        f"daemon off; pid {tmp_path}/pid; worker_processes 1; error_log {tmp_path}/error.log;\n"
        f"events {{}}\nhttp {{ access_log {tmp_path}/access.log; {temporary}\n{example}\n}}\n"
    )
    command = [str(NGINX), "-p", str(tmp_path), "-c", str(whole)]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    for _ in range(100):
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", made.tls)) == 0:
                break
        time.sleep(0.05)
    yield made
    running.terminate()
    running.wait(20)
    behind.shutdown()


def test_plain_http_leads_to_tls(proxy: Proxy) -> None:
    line = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=20)
    line.request("GET", "/people/", headers={"Host": HOST})
    response = line.getresponse()
    assert (response.status, response.headers["Location"]) == (301, f"https://{HOST}/people/")


def test_who_asks_and_by_which_scheme_is_told_and_cannot_be_forged(
    proxy: Proxy, settings: Any
) -> None:
    _status, told = proxy.ask("GET", "/", **{"X-Forwarded-For": "203.0.113.9",
                                             "X-Forwarded-Proto": "http"})  # fmt: skip
    headers = told["headers"]
    assert (headers["Host"], headers["X-Forwarded-Proto"]) == (HOST, "https")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1  # QAFILA_PROXIES
    forwarded = {"HTTP_X_FORWARDED_FOR": headers["X-Forwarded-For"]}
    asked = RequestFactory().get("/", REMOTE_ADDR="198.51.100.7", **forwarded)
    assert address_of(asked) == "127.0.0.1"


def test_an_upload_streams_through(proxy: Proxy) -> None:
    line = proxy.connection()
    line.putrequest("POST", "/lists/", skip_host=True)
    line.putheader("Host", HOST)
    line.putheader("Content-Length", str(2_000_000))
    line.endheaders()
    line.send(b"x" * 100_000)
    assert Behind.first_bytes.wait(20), "Qafila sees nothing before the whole file has arrived."
    line.send(b"x" * 1_900_000)
    assert json.loads(line.getresponse().read())["read"] == 2_000_000


def test_a_body_beyond_every_limit_is_refused_at_the_gate(proxy: Proxy) -> None:
    line = proxy.connection()
    line.putrequest("POST", "/lists/", skip_host=True)
    line.putheader("Host", HOST)
    line.putheader("Content-Length", str(201 * 2**20))
    line.endheaders()
    assert line.getresponse().status == 413


def test_personal_links_are_in_no_log(proxy: Proxy) -> None:
    assert proxy.ask("GET", "/mine/Zx9-personal-link-token/")[0] == 200
    for log in proxy.folder.glob("*.log"):
        assert "Zx9" not in log.read_text(), log
