# SPDX-License-Identifier: Apache-2.0
"""HTTP from a peer that means no good, or does not know better: our server and our client answer or end, in time, and
serve the next one."""

import base64
import contextlib
import random
import socket
import time

from peers.baresspi_http import Httpd, get
from peers.curl import curl
from peers.raw_http import RawServer, exchange, statuses

from .checks import Check
from .web import ACCOUNT, _must

REQUEST = b"GET /page HTTP/1.1\r\nHost: h\r\n\r\n"
NEGOTIATE = bytes.fromhex("4e544c4d53535000010000000782080a") + bytes(16)
HEAD_ROOM = 8192  # BARESSPI_HTTP_HEAD
CONNECTIONS = 12  # BARESSPI_HTTP_CONNECTIONS
MOST_BODY = 16 << 20


def _with_token(scheme, token):
    text = token if isinstance(token, str) else base64.b64encode(token).decode()
    return b"GET / HTTP/1.1\r\nHost: h\r\nAuthorization: %s %s\r\n\r\n" % (scheme.encode(), text.encode())


def _still_serves(server):
    _must(curl("--ntlm", f"{server.url}/").status == 200, "it lets nobody in any more")


REFUSED_REQUESTS = {
    400: (
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/2.0\r\nHost: h\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET / HTTP/1.1 \r\nHost: h\r\n\r\n",
        b"GET https://h/ HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET http:///x HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET http://a@h/ HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h/x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a@h\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h i\r\n\r\n",
        b"GET * HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET h:80 HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : h\r\n\r\n",
        b"GET / HTTP/1.1\r\n Host: h\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n folded\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\r\nX: a\nY: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\r\n: x\r\n\r\n",
        b"GET /\x80 HTTP/1.1\r\nHost: h\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4294967296\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\r\nAuthorization: NTLM\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\r\nAuthorization: NTLM QQ==\r\nAuthorization: NTLM QQ==\r\n\r\n",
        b"\r\n\r\n",
        b"\x16\x03\x01\x02\0\x01\0\r\n\r\n",
    ),
    405: (b"DELETE / HTTP/1.1\r\nHost: h\r\n\r\n", b"CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n"),
    411: (b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",),
    413: (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % (MOST_BODY + 1),),
    431: (b"GET /" + b"a" * HEAD_ROOM, b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"a" * HEAD_ROOM + b"\r\n\r\n"),
}


def _malformed(preset):
    with Httpd(preset=preset) as server:
        for status, requests in REFUSED_REQUESTS.items():
            for request in requests:
                answer = exchange(server.port, request, end=False)
                _must(
                    statuses(answer) == [status] and b"Connection: close" in answer,
                    (request[:60], answer[:80]),
                )
        _still_serves(server)


def _tokens(preset):
    """What is no token, or the wrong one, is a new challenge."""
    junk = random.Random(1)
    texts = ["=", "A", "AAA", "!!!!", "QQ==QQ==", "QQ==", base64.b64encode(junk.randbytes(3000)).decode()]
    tokens = [NEGOTIATE[:size] for size in range(1, 32)] + [
        b"\x60",
        b"\xa1\x03\x30\x01\0",
        b"\x60\x84\xff\xff\xff\xff",
    ]
    tokens += [b"NTLMSSP\0\x03\0\0\0" + junk.randbytes(200), b"NTLMSSP\0\x02\0\0\0" + bytes(48)]
    with Httpd(preset=preset) as server:
        for scheme in ("NTLM", "Negotiate", "ntlm", "Basic", "Bearer"):
            for token in texts + tokens:
                answer = exchange(server.port, _with_token(scheme, token))
                _must(
                    statuses(answer) == [401] and b"WWW-Authenticate: " in answer,
                    (scheme, token, answer[:200]),
                )
        _still_serves(server)


def _guessing(preset):
    """Three refusals are what one connection gets."""
    with Httpd(preset=preset) as server:
        answers = exchange(server.port, _with_token("NTLM", b"no token at all") * 5)
        _must(statuses(answers) == [401] * 3, answers)


def _cut(preset):
    """A request that ends anywhere, and nothing behind it."""
    whole = _with_token("NTLM", NEGOTIATE)
    with Httpd(preset=preset) as server:
        for size in range(len(whole)):
            _must(exchange(server.port, whole[:size]) == b"", size)
        _must(statuses(exchange(server.port, whole)) == [401], "the whole of it")
        _still_serves(server)


def _junk(preset):
    junk = random.Random(2)
    pieces = [
        b"GET ",
        b"POST ",
        b"/",
        b" HTTP/1.1",
        b"\r\n",
        b"\r\n\r\n",
        b"Host: h",
        b"Authorization: NTLM ",
        b"Negotiate ",
        base64.b64encode(NEGOTIATE),
        b"Content-Length: ",
        b"7",
        b"Transfer-Encoding: chunked",
        b": ",
        b"\0",
        b"\xff",
    ]
    with Httpd(preset=preset) as server:
        for _ in range(200):
            exchange(server.port, b"".join(junk.choices(pieces, k=40)))
            exchange(server.port, junk.randbytes(junk.randrange(3000)))
        _still_serves(server)


def _in_pieces(preset):
    """One octet at a time, and many requests in one piece."""
    with Httpd(preset=preset) as server:
        octets = [bytes([octet]) for octet in _with_token("NTLM", NEGOTIATE)]
        _must(b"WWW-Authenticate: NTLM TlRM" in exchange(server.port, *octets), "one octet at a time")
        post = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"
        answers = exchange(server.port, (REQUEST + post) * 20)
        _must(statuses(answers) == [401] * 40, statuses(answers))


def _ends_in(port, sent, seconds):
    """The server ends a connection that has sent this and no more, not before half of the time and not long after it."""
    begin = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), 20) as connection:
        connection.sendall(sent)
        with contextlib.suppress(ConnectionError):
            while connection.recv(65536):
                pass
    spent = time.monotonic() - begin
    _must(seconds / 2 < spent < seconds + 3, (sent[:40], spent))


def _slow(preset):
    with Httpd("--timeout", "1", preset=preset) as server:
        for sent, seconds in (
            (b"", 1),
            (b"GET / HT", 1),
            (REQUEST, 1),
            (_with_token("NTLM", NEGOTIATE), 1),
            (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx", 4),
        ):
            _ends_in(server.port, sent, seconds)
        _still_serves(server)


def _drip(preset):
    """Octets that keep coming do not make the time longer."""
    with Httpd("--timeout", "1", preset=preset) as server:
        begin = time.monotonic()
        with socket.create_connection((server.host, server.port), 5) as connection:
            with contextlib.suppress(OSError):
                while time.monotonic() < begin + 5:
                    connection.sendall(b"G")
                    time.sleep(0.1)
        _must(time.monotonic() < begin + 3, "a head of five seconds was waited for")
        _still_serves(server)


def _never_reads(preset):
    """Who asks and never reads the answers holds nobody else up, and is dropped."""
    with Httpd("--timeout", "2", preset=preset) as server:
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect((server.host, server.port))
            connection.settimeout(0.2)
            with contextlib.suppress(OSError):
                for _ in range(20000):
                    connection.sendall(REQUEST * 50)
            _still_serves(server)
            time.sleep(2.5)
            connection.settimeout(5)
            with contextlib.suppress(ConnectionError):
                while connection.recv(65536):
                    pass


def _crowd(preset):
    """More connections than there is room for: the surplus is 503, and room comes back."""
    with Httpd(preset=preset) as server:
        held = [socket.create_connection((server.host, server.port), 5) for _ in range(CONNECTIONS)]
        time.sleep(0.3)
        with socket.create_connection((server.host, server.port), 5) as connection:
            _must(connection.recv(65536).startswith(b"HTTP/1.1 503 "), "the surplus connection")
        for connection in held:
            connection.close()
        time.sleep(0.3)
        _still_serves(server)


# ---- Our client. ----

OK = b"HTTP/1.1 200 OK\r\n"
OFFER = b"HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n"
REFUSED_ANSWERS = (
    b"",
    b"\r\n\r\n",
    b"220 mail ready\r\n\r\n",
    b"HTTP/2 200 OK\r\n\r\n",
    b"HTTP/1.1 99 OK\r\n\r\n",
    b"HTTP/1.1 2000 OK\r\n\r\n",
    b"HTTP/1.1 OK\r\n\r\n",
    OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    OK + b"Content-Length: 5\r\n\r\nxx",
    OK + b"Content-Length: 99999999999\r\n\r\nx",
    OK + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    OK + b"Transfer-Encoding: chunked\r\n\r\n",
    OK + b"Transfer-Encoding: chunked\r\n\r\nx\r\n",
    OK + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n",
    OK + b"Transfer-Encoding: chunked\r\n\r\n100000000\r\nx",
    OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n",
    OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n",
    OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: y\r\n" * 20000,
    OK + b"No colon\r\n\r\n",
    OK + b"X: " + b"y" * HEAD_ROOM,
    b"HTTP/1.1 100 Continue\r\n\r\n" * 10,
)


def _answers(preset):
    for answer in REFUSED_ANSWERS:
        with RawServer(["head", answer]) as server:
            result = get(server.url, "--timeout", "5", preset=preset)
            _must(result.exit_status == 3 and result.complaint, (answer[:80], result))


def _good_answers(preset):
    good = (
        (OK + b"\r\nto the end", b"to the end"),
        (b"HTTP/1.0 200 OK\r\n\r\nto the end", b"to the end"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\nok", b"ok"),
        (
            OK + b"Transfer-Encoding: chunked\r\n\r\n1;a=b\r\nx\r\n0A\r\n0123456789\r\n0\r\nT: x\r\n\r\n",
            b"x0123456789",
        ),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        (b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", b""),
    )
    for answer, body in good:
        with RawServer(["head", answer]) as server:
            result = get(server.url, preset=preset)
            _must(result.exit_status == 0 and result.body == body, (answer, result))


def _patience(preset):
    drip = [act for i in range(50) for act in ((OK + b"\r\n" if i == 0 else b"x"), 0.1)]
    for script in ([5.0], ["head", 5.0], ["head", OK, 5.0], ["head", *drip]):
        with RawServer(script) as server:
            begin = time.monotonic()
            result = get(server.url, "--timeout", "1", preset=preset)
            _must(result.exit_status == 3 and 0.5 < time.monotonic() - begin < 3, (script[:3], result))


def _broken_login(preset):
    """A login that goes wrong in between ends; one whose connection ends before it began goes on over the next."""
    challenge = b"HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM %s\r\nContent-Length: 0\r\n\r\n"
    for answer, status in (
        (challenge % b"!!!!", 3),
        (challenge % b"QQ==", 3),
        (challenge % base64.b64encode(b"NTLMSSP\0\x02\0\0\0" + b"\xff" * 40), 3),
        (OFFER, 1),
        (b"", 3),
    ):
        with RawServer(["head", OFFER, "head", answer]) as server:
            result = get(server.url, *ACCOUNT, preset=preset)
            _must(
                result.exit_status == status and b"Passw0rd" not in b"".join(server.heads), (answer, result)
            )
    closing = OFFER.replace(b"Content", b"Connection: close\r\nContent")
    with RawServer(["head", closing], ["head", closing]) as server:
        result = get(server.url, *ACCOUNT, preset=preset)
        _must(result.exit_status == 1 and result.status == 401, result)
        _must(len(server.heads) == 2 and b"Authorization: NTLM" in server.heads[1], server.heads)


def _body_with_the_last_leg(preset):
    """It is left out where a refusal is sure; and sent after all, when nobody goes on with the login."""
    nobody = OK + b"Content-Length: 0\r\n\r\n"
    with RawServer(["head", OFFER, "head", nobody, "head", nobody]) as server:
        result = get(server.url, *ACCOUNT, "--post", "hello", preset=preset)
        _must(result.exit_status == 0 and len(server.heads) == 3, (result, server.heads))
        for head, length in zip(server.heads, (5, 0, 5)):
            _must(b"POST / HTTP/1.1" in head and b"Content-Length: %d\r\n" % length in head, server.heads)


def checks(ours):
    if ours.target != "host":
        return
    for name, run in (
        ("server: malformed requests are refused", _malformed),
        ("server: tokens that are none", _tokens),
        ("server: who guesses has to come again", _guessing),
        ("server: requests cut short", _cut),
        ("server: junk", _junk),
        ("server: octet by octet, and many at once", _in_pieces),
        ("server: silence ends a connection", _slow),
        ("server: a drip does so too", _drip),
        ("server: a client that never reads", _never_reads),
        ("server: a crowd", _crowd),
        ("client: malformed answers are refused", _answers),
        ("client: unusual answers are read", _good_answers),
        ("client: a server that is slow", _patience),
        ("client: a login that breaks", _broken_login),
        ("client: a body goes with the last leg", _body_with_the_last_leg),
    ):
        yield Check(f"http, hostile, {name}", lambda run=run: run(ours.preset))
