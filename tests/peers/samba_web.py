# SPDX-License-Identifier: Apache-2.0
"""A web server, or what looks like a proxy, whose logins are Samba's: each connection has an ntlm_auth of its own, asked as
Squid asks it. It runs in threads of this process.

    squid-2.5-ntlmssp   YR token -> TT token     KK token -> AF user | NA reason
    gss-spnego          YR token -> TT token *   KK token -> AF token user | NA * reason; TT and AF again while there is more

It lets EXAMPLE\\alice in and answers with who that was and with the size of the body. Each place where a login is wanted
(("WWW-", 401), ("Proxy-", 407)) is one of `places`; two of them are a proxy and a server behind it. `flip` alters the
token that goes with the last answer."""

import base64
import http.server
import threading

from .line_process import LineProcess
from .peer import PeerBroken
from .samba_settings import SambaSettings

PROGRAM = "/usr/bin/ntlm_auth"
HELPER = {"NTLM": "squid-2.5-ntlmssp", "Negotiate": "gss-spnego"}
SERVER = ("WWW-Authenticate", "Authorization", 401)
PROXY = ("Proxy-Authenticate", "Proxy-Authorization", 407)
MOST_BODY = 1 << 24


class _Login:
    """Of one connection, at one place."""

    def __init__(self, settings):
        self._settings = settings
        self._process = None
        self.user = None

    def begin(self, scheme):
        self.close()
        self._process = LineProcess(
            [
                PROGRAM,
                f"--configfile={self._settings.file}",
                f"--helper-protocol={HELPER[scheme]}",
                "--domain=EXAMPLE",
                "--username=alice",
                "--password=Passw0rd!",
            ]
        )

    def step(self, scheme, token):
        """Returns the token for the client, or "". user is set when it is in; None and "": refused."""
        first = token.startswith("TlRMTVNTUAAB") or base64.b64decode(token)[:1] == b"\x60"
        if first or self._process is None:
            self.begin(scheme)
        word, *rest = self._process.ask(("YR " if first else "KK ") + token).split(" ")
        if word == "TT":
            return rest[0]
        if word != "AF":
            self.close()
            return ""
        self.user = rest[-1]
        return rest[0] if scheme == "Negotiate" and rest[0] != "*" else ""

    def close(self):
        self.user = None
        if self._process is not None:
            self._process.close()
            self._process = None


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20

    def setup(self):
        super().setup()
        self._logins = {place: _Login(self.server.settings) for place in self.server.places}

    def finish(self):
        for login in self._logins.values():
            login.close()
        super().finish()

    def log_message(self, *_):
        pass

    def _answer(self, status, fields, content):
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        if self.server.chunked and status == 200:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for octet in content:
                self.wfile.write(b"1;x=y\r\n" + bytes([octet]) + b"\r\n")
            self.wfile.write(b"0\r\nTrailer: x\r\n\r\n")
            return
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _flipped(self, token):
        if not self.server.flip:
            return token
        octets = bytearray(base64.b64decode(token))
        octets[-5] ^= 1
        return base64.b64encode(octets).decode()

    def do_GET(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, MOST_BODY))
        fields = []
        for place, login in self._logins.items():
            challenge, authorization, status = place
            scheme, _, token = (self.headers.get(authorization) or "").partition(" ")
            answer = ""
            if scheme in self.server.schemes and token:
                try:
                    answer = login.step(scheme, token)
                except (PeerBroken, ValueError) as error:
                    return self._answer(500, [], str(error).encode())
            if login.user is None:
                offers = [f"{scheme} {answer}"] if answer else ['Basic realm="a, NTLM"', *self.server.schemes]
                return self._answer(status, [*fields, (challenge, ", ".join(offers))], b"not yet\n")
            if answer:
                fields.append((challenge, f"{scheme} {self._flipped(answer)}"))
        users = ",".join(login.user for login in self._logins.values())
        text = f"users={users}\ntarget={self.path}\nbody={len(body)}\n"
        return self._answer(200, fields, text.encode())

    do_POST = do_GET


class SambaWeb:
    def __init__(self, places=(SERVER,), schemes=("Negotiate", "NTLM"), chunked=False, flip=False):
        self._settings = SambaSettings("WEB1", {})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.settings, self._server.places = self._settings, places
        self._server.schemes, self._server.chunked, self._server.flip = schemes, chunked, flip
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._settings.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
