# SPDX-License-Identifier: Apache-2.0
"""Shows that the checks of web.py, web_secure.py and their hostile ones can fail: programs with one flaw each are put in the place of ours."""

import contextlib
import http.server
import threading
from unittest import mock

from peers import baresspi_http
from peers.pair import CheckFailed
from peers.peer import PeerBroken, PeerRefused

from . import web, web_hostile, web_secure, web_secure_hostile
from .checks import Check


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 5

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        page = f"user={web.WHO}\nscheme=NTLM\nbody=100000\n".encode() if self.server.status == 200 else b""
        self.send_response(self.server.status)
        self.send_header("WWW-Authenticate", "NTLM")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    do_POST = do_GET

    def log_message(self, *_):
        pass


class _Always:
    """A server that answers everybody alike."""

    status = 200

    def __init__(self, *_, **__):
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.status = self.status
        self.host, self.port = self._server.server_address
        self.url, self.said = f"http://{self.host}:{self.port}", b""
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


class LetsEverybodyIn(_Always):
    pass


class LetsNobodyIn(_Always):
    status = 401


def SaysThatAllIsWell(*_, **__):
    """In place of the client."""
    head = {
        "status": "200 OK",
        "server": f"{web.WHO} by Negotiate (NTLM)",
        "proxy": f"{web.WHO} by Negotiate (NTLM)",
    }
    return baresspi_http.Answer(0, 200, head, f"users={web.WHO}\nbody=5000\n".encode(), "")


def SaysNothing(*_, **__):
    return baresspi_http.Answer(3, 0, {}, b"", "no answer")


# (the flaw, in whose place, the check that must find it, its arguments)
CASES = (
    (LetsEverybodyIn, "Httpd", web._curl_logs_in, ("ntlm", False)),
    (LetsEverybodyIn, "Httpd", web._login_is_the_connections, ("ntlm",)),
    (LetsEverybodyIn, "Httpd", web._samba_logs_in, ("wrong", 401)),
    (LetsNobodyIn, "Httpd", web._curl_logs_in, ("negotiate", False)),
    (LetsNobodyIn, "Httpd", web._curl_posts, ("ntlm",)),
    (LetsNobodyIn, "Httpd", web._many_at_once, ()),
    (LetsEverybodyIn, "Httpd", web._surplus, ()),
    (LetsEverybodyIn, "Httpd", web_hostile._malformed, ()),
    (LetsNobodyIn, "Httpd", web_hostile._guessing, ()),
    (LetsNobodyIn, "Httpd", web_hostile._slow, ()),
    (SaysThatAllIsWell, "get", web._apache, ("negotiate",)),
    (SaysThatAllIsWell, "get", web._samba, ("Negotiate", (web.SERVER,))),
    (SaysThatAllIsWell, "get", web._last_token, ()),
    (SaysThatAllIsWell, "get", web_hostile._answers, ()),
    (SaysThatAllIsWell, "get", web_hostile._broken_login, ()),
    (SaysNothing, "get", web._choice, ()),
    (SaysNothing, "get", web._chunked, ()),
    (SaysNothing, "get", web_hostile._good_answers, ()),
)
# The same of those that take a client.
SECURE_CASES = (
    (SaysThatAllIsWell, web_secure._inside, ("NTLM", web_secure.GssLogin, "server")),
    (SaysThatAllIsWell, web_secure._relayed, ("NTLM",)),
    (SaysThatAllIsWell, web_secure._not_trusted, ()),
    (SaysThatAllIsWell, web_secure._tunnel, ("NTLM", False)),
    (SaysThatAllIsWell, web_secure._tunnel_only_for_its_own, ()),
    (SaysThatAllIsWell, web_secure._ended_in_between, ()),
    (SaysThatAllIsWell, web_secure_hostile._connect_answers, ()),
    (SaysThatAllIsWell, web_secure_hostile._silence, ()),
    (SaysThatAllIsWell, web_secure_hostile._no_tls, ()),
    (SaysThatAllIsWell, web_secure_hostile._unasked, ()),
    (SaysNothing, web_secure._files, ()),
    (SaysNothing, web_secure._closes, ("Negotiate",)),
    (SaysNothing, web_secure_hostile._answers_inside, ()),
)


def _must_find(flaw, name, run, arguments):
    try:
        with contextlib.ExitStack() as stack:
            for module in (web, web_hostile, web_secure):
                stack.enter_context(mock.patch.object(module, name, flaw))
            run(*arguments)
    except (CheckFailed, PeerBroken, PeerRefused, OSError, KeyError) as error:
        return str(error)[:60]
    raise CheckFailed("the check passed")


def checks():
    """To be run one after another: each puts something else in the place of a name."""
    cases = [(flaw, name, run, (None, *more)) for flaw, name, run, more in CASES]
    cases += [(flaw, "get", run, (web_secure.Client(None), *more)) for flaw, run, more in SECURE_CASES]
    for case in cases:
        flaw, _, run, _ = case
        what = "https" if run.__module__.endswith(("web_secure", "web_secure_hostile")) else "http"
        name = f"{flaw.__name__} is found by: {what}, {run.__name__[1:].replace('_', ' ')}"
        yield Check(name, lambda case=case: _must_find(*case))
