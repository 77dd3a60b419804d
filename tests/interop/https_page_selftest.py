# SPDX-License-Identifier: Apache-2.0
"""Shows that the checks of https_page.py and https_page_crowd.py can fail: pages with one flaw each are put in the
place of ours. Some are Python's; others are ours, deaf to an option."""

import contextlib
import http.server
import ssl
import threading

from peers import tls_pki
from peers.pair import CheckFailed
from peers.peer import PeerBroken, PeerRefused
from peers.web_page import CA_FILE, MAPPED, HostPage

from . import https_page, https_page_crowd
from .checks import Check
from .web import WHO


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 5

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        page = f"user={WHO}\nscheme=NTLM\npackage=NTLM\nbody=100000\n".encode() if self.server.status == 200 else b"no"
        self.send_response(self.server.status)
        self.send_header("WWW-Authenticate", "NTLM")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    do_HEAD = do_POST = do_GET

    def log_message(self, *_):
        pass


class _Server(http.server.ThreadingHTTPServer):
    request_queue_size = 64

    def handle_error(self, *_):
        pass


class _Always:
    """Answers everybody alike, as many as there are."""

    contexts, slowness, status = 4, 1, 200

    @contextlib.contextmanager
    def open(self, *_):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls_pki.certificate("server"), tls_pki.key_of("server"))
        server = _Server(("127.0.0.1", 0), _Handler)
        server.status = self.status
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        self.host, self.port = server.server_address
        self.url, self.ca_file, self.said = f"https://{self.host}:{self.port}", CA_FILE, b""
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()


class LetsEverybodyIn(_Always):
    pass


class LetsNobodyIn(_Always):
    status = 401


class HasNoPlaceForAnybody(_Always):
    status, slowness = 503, 0.1  # so that nobody tries for long


class _Deaf:
    """Our page, without one of the options that the check gives it."""

    contexts, slowness, option, count = 4, 1, "", 2

    def open(self, *options):
        words = list(options)
        while self.option in words:
            at = words.index(self.option)
            del words[at : at + self.count]
        return HostPage(*words)


class ForgetsBindings(_Deaf):
    option = "--bindings"  # and takes the default


class ForgetsRules(_Deaf):
    option = "--map-certificate"


class ForgetsTime(_Deaf):
    option = "--handshake-timeout"


class ForgetsAdmins(_Deaf):
    option = "--admin"


class ThinksThatItHasMorePlaces(_Deaf):
    """Ours; the check counts one too many."""

    contexts = 5


REQUIRED = ("required", (("none", 401), ("own", 200), ("another's", 401)))
NONE = ("none", (("none", 200), ("own", 200), ("another's", 200)))

# (the flaw, the check that must find it, its arguments)
CASES = (
    (LetsEverybodyIn, https_page._curl_logs_in, ("ntlm",)),
    (LetsNobodyIn, https_page._curl_logs_in, ("negotiate",)),
    (LetsNobodyIn, https_page._curl_posts, ("ntlm",)),
    (LetsEverybodyIn, https_page._by_certificate, (MAPPED, "1.3")),
    (ForgetsRules, https_page._by_certificate, (MAPPED, "1.2")),
    (LetsEverybodyIn, https_page._certificate_of_nobody, ("1.3",)),
    (LetsEverybodyIn, https_page._certificate_of_unknown_authority, ("1.3",)),
    (ForgetsRules, https_page._another_login, ()),
    (ForgetsAdmins, https_page._who_may_see_what, ()),
    (LetsEverybodyIn, https_page._who_may_see_what, ()),
    (LetsEverybodyIn, https_page._escaped, ()),
    (LetsEverybodyIn, https_page._a_browsers_ways, ()),
    (ForgetsBindings, https_page._bindings, REQUIRED),
    (ForgetsBindings, https_page._bindings, NONE),
    (LetsNobodyIn, https_page._guessing, ()),
    (LetsNobodyIn, https_page._no_tls, ()),
    (LetsEverybodyIn, https_page_crowd._crowd, ()),
    (HasNoPlaceForAnybody, https_page_crowd._crowd, ()),
    (HasNoPlaceForAnybody, https_page_crowd._crowd_that_comes_again, ()),
    (LetsEverybodyIn, https_page_crowd._told, ()),
    (ThinksThatItHasMorePlaces, https_page_crowd._told, ()),
    (ThinksThatItHasMorePlaces, https_page_crowd._idle_gives_way, ()),
    (ForgetsTime, https_page_crowd._slow_handshakes, ()),
    (LetsNobodyIn, https_page_crowd._silent_connections, ()),
)


def _must_find(flaw, run, arguments):
    try:
        run(flaw(), *arguments)
    except (CheckFailed, PeerBroken, PeerRefused, OSError, KeyError) as error:
        return str(error)[:60]
    raise CheckFailed("the check passed")


def checks():
    for flaw, run, arguments in CASES:
        name = f"{flaw.__name__} is found by: https page, {run.__name__[1:].replace('_', ' ')}"
        yield Check(name, lambda case=(flaw, run, arguments): _must_find(*case))
