# SPDX-License-Identifier: Apache-2.0
"""A web server, or what looks like a proxy, whose logins are Samba's: each connection has an ntlm_auth of its own, asked as
Squid asks it. It runs in threads of this process.

    squid-2.5-ntlmssp   YR token -> TT token     KK token -> AF user | NA reason
    gss-spnego          YR token -> TT token *   KK token -> AF token user | NA * reason; TT and AF again while there is more

It lets EXAMPLE\\alice in and answers with who that was and with the size of the body. Each place where a login is wanted
(("WWW-", 401), ("Proxy-", 407)) is one of `places`; two of them are a proxy and a server behind it. `flip` alters the
token that goes with the last answer. `certificate`: a name of tls_pki; then it is all inside TLS, by Python's ssl, and `client_ca` is whose certificates
the clients must have. `closes`: the connection ends with each answer that refuses a request without a token. `forgets`: a login is good for one
request. `logins`: what makes the login of a connection, given the settings and the certificate's name; Samba's by default,
GssLogin is gss-ntlmssp's, which checks channel bindings."""

import base64
import hashlib
import http.server
import ssl
import threading

from . import tls_pki
from .gss_peer import GssPeer
from .line_process import LineProcess
from .peer import PeerBroken, PeerRefused, Side
from .samba_settings import SambaSettings

PROGRAM = "/usr/bin/ntlm_auth"
HELPER = {"NTLM": "squid-2.5-ntlmssp", "Negotiate": "gss-spnego"}
SERVER = ("WWW-Authenticate", "Authorization", 401)
PROXY = ("Proxy-Authenticate", "Proxy-Authorization", 407)
MOST_BODY = 1 << 24


class SambaLogin:
    """Of one connection, at one place."""

    def __init__(self, settings, _certificate):
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


class _SpnegoPeer(GssPeer):
    mechanism = "spnego-ntlm"


GSS = {"NTLM": GssPeer, "Negotiate": _SpnegoPeer}


class GssLogin:
    """By MIT's GSSAPI with gss-ntlmssp. Where there is TLS it wants its bindings: tls-server-end-point (RFC 5929 4), which it
    makes of the certificate itself."""

    def __init__(self, _settings, certificate):
        self._bindings = None
        if certificate is not None:
            self._bindings = b"tls-server-end-point:" + hashlib.sha256(tls_pki.der(certificate)).digest()
        self._peer = None
        self.user = None

    def step(self, scheme, token):
        octets = base64.b64decode(token)
        if self._peer is None or octets[:1] == b"\x60" or token.startswith("TlRMTVNTUAAB"):
            self.close()
            self._peer = GSS[scheme]("server", Side(bindings=self._bindings))
            self._peer.begin()
        try:
            octets, done = self._peer.step(octets)
        except PeerRefused:
            self.close()
            return ""
        if done:
            self.user = "EXAMPLE\\alice"
        return base64.b64encode(octets).decode()

    def close(self):
        self.user = None
        if self._peer is not None:
            self._peer.close()
            self._peer = None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20

    def setup(self):
        if self.server.tls is not None:
            self.request.settimeout(self.timeout)
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()
        make = self.server.make_login
        self._logins = {
            place: make(self.server.settings, self.server.certificate) for place in self.server.places
        }

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
        if self.close_connection:
            self.send_header("Connection", "close")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _flipped(self, token):
        if not self.server.flip:
            return token
        octets = bytearray(base64.b64decode(token))
        octets[-5] ^= 1
        return base64.b64encode(octets).decode()

    def let_in(self):
        """Whether the request may go on; else it is answered. Fields for the answer."""
        fields = []
        for place, login in self._logins.items():
            challenge, authorization, status = place
            scheme, _, token = (self.headers.get(authorization) or "").partition(" ")
            answer = ""
            if scheme in self.server.schemes and token:
                try:
                    answer = login.step(scheme, token)
                except (PeerBroken, ValueError) as error:
                    self._answer(500, [], str(error).encode())
                    return False, []
            if login.user is None:
                if self.server.closes and not token:
                    self.close_connection = True
                offers = [f"{scheme} {answer}"] if answer else ['Basic realm="a, NTLM"', *self.server.schemes]
                self._answer(status, [*fields, (challenge, ", ".join(offers))], b"not yet\n")
                return False, []
            if answer:
                fields.append((challenge, f"{scheme} {self._flipped(answer)}"))
        return True, fields

    def do_GET(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, MOST_BODY))
        may, fields = self.let_in()
        if not may:
            return
        users = ",".join(login.user for login in self._logins.values())
        text = f"users={users}\ntarget={self.path}\nbody={len(body)}\n"
        self._answer(200, fields, text.encode())
        if self.server.forgets:
            for login in self._logins.values():
                login.close()

    do_POST = do_GET


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that goes away, or whose TLS fails, is no news."""


class SambaWeb:
    def __init__(
        self,
        places=(SERVER,),
        schemes=("Negotiate", "NTLM"),
        chunked=False,
        flip=False,
        certificate=None,
        client_ca=None,
        version=None,
        closes=False,
        forgets=False,
        logins=SambaLogin,
        handler=Handler,
    ):
        self._settings = SambaSettings("WEB1", {})
        self._server = Server(("127.0.0.1", 0), handler)
        self._server.settings, self._server.places = self._settings, places
        self._server.schemes, self._server.chunked, self._server.flip = schemes, chunked, flip
        self._server.closes, self._server.forgets = closes, forgets
        self._server.make_login, self._server.certificate = logins, certificate
        self._server.tls = None
        if certificate is not None:
            self._server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._server.tls.load_cert_chain(tls_pki.certificate(certificate), tls_pki.key_of(certificate))
            if version is not None:
                self._server.tls.minimum_version = self._server.tls.maximum_version = ssl.TLSVersion[version]
            if client_ca is not None:
                self._server.tls.verify_mode = ssl.CERT_REQUIRED
                self._server.tls.load_verify_locations(tls_pki.certificate(client_ca))
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.secure_url = f"https://{tls_pki.HOST}:{self.port}"
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
