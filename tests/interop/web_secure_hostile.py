# SPDX-License-Identifier: Apache-2.0
"""HTTPS from servers and proxies that mean no good: our client ends, in time, takes nothing for an answer that is none,
and says nothing to whom it should not."""

import base64
import time

from peers import tls_pki
from peers.raw_http import RawServer

from .checks import Check
from .web import ACCOUNT, _must
from .web_hostile import OFFER, OK, REFUSED_ANSWERS
from .web_secure import Client

PAGE = OK + b"Content-Length: 2\r\n\r\nok"
TUNNEL = b"HTTP/1.1 200 Connection established\r\n\r\n"
URL = f"https://{tls_pki.HOST}/page"
PROXY_OFFER = OFFER.replace(b"401", b"407").replace(b"WWW-", b"Proxy-")
PROXY_CHALLENGE = b"HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM %s\r\nContent-Length: 0\r\n\r\n"
# A type 2 message that is whole: MsvAvTimestamp and MsvAvEOL, the flags that ours asks for.
CHALLENGE = (
    b"NTLMSSP\0\x02\0\0\0" + bytes(4) + b"\x38\0\0\0" + bytes.fromhex("15028ae2") + b"12345678" + bytes(8)
    + b"\x10\0\x10\0\x38\0\0\0" + bytes(8) + b"\x07\0\x08\0" + bytes.fromhex("0000f01e9a2bd901") + bytes(4)
)  # fmt: skip


def _must_end(result, what):
    _must(result.exit_status == 3 and result.complaint and not result.answers, (what, result))


def _connect_answers(client):
    """What is no answer to CONNECT; 101, which nobody asked for; and one with more octets behind it, which may be
    anybody's (RFC 9110 9.3.6)."""
    behind = (
        TUNNEL + PAGE,
        TUNNEL + b"x",
        OK + b"Content-Length: 2\r\n\r\nok",
        TUNNEL + b"\x15\x03\x03\0\x02\x02\x28",
    )
    for answer in (*REFUSED_ANSWERS, *behind, b"HTTP/1.1 101 Switching\r\n\r\n"):
        with RawServer(["head", answer]) as proxy:
            _must_end(client.get_through(proxy, URL, "--timeout", "5"), answer[:80])
    with RawServer(["head", TUNNEL, "tls", "head", PAGE, "end"]) as proxy:
        result = client.get_through(proxy, URL, "--timeout", "5")
        _must(result.exit_status == 0 and result.body == b"ok", result)
        ask = proxy.heads[0]
        _must(
            ask.startswith(b"CONNECT device.example.test:443 HTTP/1.1\r\nHost: device.example.test:443\r\n"),
            ask,
        )
        _must(b"/page" not in ask and b"Authorization" not in ask, ask)


def _connect_logins(client):
    """A proxy whose login breaks, or never ends."""
    junk = [
        PROXY_CHALLENGE % base64.b64encode(octets) for octets in (b"x", b"NTLMSSP\0\x02\0\0\0" + b"\xff" * 40)
    ]
    for answer in (PROXY_CHALLENGE % b"!!!!", *junk, b""):
        with RawServer(["head", PROXY_OFFER, "head", answer]) as proxy:
            _must_end(client.get_through(proxy, URL, *ACCOUNT, "--timeout", "5"), answer)
            _must(b"Passw0rd" not in b"".join(proxy.heads), proxy.heads)
    again = ["head", PROXY_CHALLENGE % base64.b64encode(CHALLENGE)]
    with RawServer(["head", PROXY_OFFER, *again * 20]) as proxy:
        result = client.get_through(proxy, URL, *ACCOUNT, "--timeout", "5")
        _must(
            result.exit_status == 1 and result.status == 407 and len(proxy.heads) == 3, (result, proxy.heads)
        )
    with RawServer(
        *(["head", PROXY_OFFER.replace(b"Content", b"Connection: close\r\nContent")],) * 20
    ) as proxy:
        result = client.get_through(proxy, URL, *ACCOUNT, "--timeout", "5")
        _must(result.exit_status == 1 and result.connections == 2, result)


def _silence(client):
    """Whatever stops, the one timeout holds."""
    long, pause = 4 * client.patience, client.patience / 10
    drip = [act for octet in TUNNEL * 2 for act in (bytes([octet]), pause)]
    of_proxy = (["head", long], ["head", TUNNEL, long], ["head", *drip])
    of_proxy += (["head", TUNNEL, pause, b"\x16\x03\x03\x02", long],)
    of_tls = (
        ["tls", long],
        ["tls", "head", long],
        ["tls", "head", OK, long],
        ["tls", "head", OK + b"\r\nx", long],
    )
    of_tls += (["tls", "head", *[act for _ in range(40) for act in (b"H", pause)]],)
    for get, scripts in ((client.get_through, of_proxy), (client.get_at, of_tls)):
        for script in scripts:
            with RawServer(script) as peer:
                begin = time.monotonic()
                where = peer if get == client.get_through else peer.port
                result = get(where, URL, "--timeout", client.patience)
                spent = time.monotonic() - begin
                in_time = client.patience / 2 < spent < 1.5 * client.patience + 2
                _must(result.exit_status == 3 and in_time, (script[:4], spent, result))


def _no_tls(client):
    """Servers whose TLS is none, or breaks."""
    record = b"\x16\x03\x03\0\x10" + bytes(16)
    for octets in (
        b"",
        PAGE,
        b"\0" * 400,
        record,
        record * 50,
        b"\x15\x03\x03\0\x02\x02\x28",
        b"\x16\x03\x03\xff\xff",
    ):
        with RawServer([octets, 0.3]) as server:
            _must_end(client.get_at(server.port, URL, *ACCOUNT, "--timeout", "5"), octets[:40])
    for octets in (b"\x17\x03\x03\0\x20" + bytes(32), PAGE, b"\x15\x03\x03\0\x02\x01\0"):
        with RawServer(["tls", "head", (octets,), 0.3]) as server:
            _must_end(client.get_at(server.port, URL, *ACCOUNT, "--timeout", "5"), octets[:40])


def _answers_inside(client):
    """Inside TLS as in the clear; but an end that the server did not announce is none."""
    for answer in REFUSED_ANSWERS:
        with RawServer(["tls", "head", answer, "end"]) as server:
            result = client.get_at(server.port, URL, "--timeout", "5")
            _must(result.exit_status == 3 and result.complaint, (answer[:80], result))
    until_end = OK + b"\r\nto the end"
    with RawServer(["tls", "head", until_end, "end"]) as server:
        result = client.get_at(server.port, URL, "--timeout", "5")
        _must(result.exit_status == 0 and result.body == b"to the end", result)
    with RawServer(["tls", "head", until_end]) as server:
        result = client.get_at(server.port, URL, "--timeout", "5")
        _must(result.exit_status == 3 and result.complaint, result)
    octets = [bytes([octet]) for octet in PAGE]
    with RawServer(["tls", "head", *octets, "end"]) as server:
        result = client.get_at(server.port, URL, "--timeout", "5")
        _must(result.exit_status == 0 and result.body == b"ok", result)


def _unasked(client):
    """Octets behind an answer are not the next request's answer."""
    both = PAGE + OK + b"Content-Length: 4\r\n\r\nevil"
    with RawServer(["tls", "head", both, 1.0], ["tls", "head", PAGE, "end"]) as server:
        result = client.get_at(server.port, URL, URL, "--timeout", "5")
        _must([body for _, _, body in result.answers] == [b"ok", b"ok"] and result.connections == 2, result)
    with RawServer(["head", both, 1.0], ["head", PAGE]) as server:
        url = f"http://{client.loopback}:{server.port}/"
        result = client.get(url, url, "--timeout", "5")
        _must([body for _, _, body in result.answers] == [b"ok", b"ok"] and result.connections == 2, result)


def checks_of(client):
    for name, run in (
        ("answers to CONNECT", _connect_answers),
        ("logins at a proxy", _connect_logins),
        ("silence", _silence),
        ("no TLS", _no_tls),
        ("answers inside", _answers_inside),
        ("octets that nobody asked for", _unasked),
    ):
        yield Check(f"https, hostile, {name}", lambda run=run: run(client))


def checks(ours):
    if ours.target == "host":
        yield from checks_of(Client(ours.preset))
