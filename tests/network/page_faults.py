# SPDX-License-Identifier: Apache-2.0
"""The device's web page, whose clients go wrong at every message, or mean no good from the start: another client, all the
while, is served as if it were alone, and in the end everything is given back."""

import contextlib
import itertools
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from interop.checks import Check
from peers import tls_pki
from peers.curl import curl
from peers.pair import CheckFailed

from . import hostile_clients, judging
from .relay import CRAWL, STALL, TO_CLIENT, Fault, Relay, at
from .client_faults import KINDS, SLOW, WHOLE
from .clients import ACCOUNT
from .subject import MARGIN, MARGIN_BOARD

AT_A_TIME = 2  # clients that go wrong; the pools have room for one more
LINGERS = 1.0  # s that the server gives a client after its last answer
PAUSE = 0.05  # s between the logins of the client that does nothing wrong


class Page:
    """secure: with TLS. seconds: the page's --timeout."""

    def __init__(self, secure, seconds):
        self.secure, self.seconds = secure, seconds
        self.name = "page by https" if secure else "page by http"

    def words(self):
        words = ["--port", "0", "--timeout", self.seconds]
        if self.secure:
            words += ["--certificate", tls_pki.certificate("server"), "--key", tls_pki.key_of("server")]
            words += ["--handshake-timeout", self.seconds]
        return [*words, *ACCOUNT]

    def ask(self, port, most_seconds):
        """curl logs in at the page, at this port of the loopback."""
        options = ["--ntlm", "--max-time", f"{most_seconds:g}"]
        if not self.secure:
            return curl(*options, f"http://127.0.0.1:{port}/")
        options += ["--cacert", tls_pki.ROOTS, "--connect-to", f"{tls_pki.HOST}:443:127.0.0.1:{port}"]
        return curl(*options, f"https://{tls_pki.HOST}/")


class Undisturbed:
    """A client that logs in again and again while the block runs: it is let in every time."""

    def __init__(self, page, port, most_seconds):
        self._page, self._port, self._most = page, port, most_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self.count, self.slowest, self._wrong = 0, 0.0, None

    def _work(self):
        while not self._stop.is_set() and self._wrong is None:
            begin = time.monotonic()
            answer = self._page.ask(self._port, self._most)
            self.slowest = max(self.slowest, time.monotonic() - begin)
            self.count += 1
            if answer.status != 200 or "alice" not in answer.body:
                self._wrong = answer
            self._stop.wait(PAUSE)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, kind, *_):
        self._stop.set()
        self._thread.join()
        if kind is None and (self._wrong is not None or not self.count):
            raise CheckFailed(f"another client is disturbed: {self._wrong} after {self.count} logins")

    def __str__(self):
        return f"another client: {self.count} logins, the slowest {self.slowest:.2f} s"


def _margin(device):
    return MARGIN.get(device.target, MARGIN_BOARD)


def _cases(kind, seen, one_in):
    seeds = itertools.count(1)
    made = []
    for message in seen:
        octets = (0,) if kind in (*WHOLE, CRAWL) else judging.octets_of(message, True)
        if kind in SLOW:
            octets = octets[-1:]
        made += [(Fault(kind, message.direction, message.number, octet, next(seeds)), message) for octet in octets]
    return made[::one_in]


def _one(device, page, port, fault, message):
    most = page.seconds + LINGERS + _margin(device)
    with Relay(at(port), fault) as relay:
        page.ask(relay.port, most)
        if fault.kind != STALL:
            return
        # curl has given up, perhaps sooner than the page: then the page still has this connection.
        end = time.monotonic() + most
        while relay.outwaited(TO_CLIENT) is None and time.monotonic() < end:
            time.sleep(0.02)
        after = relay.outwaited(TO_CLIENT)
        if relay.messages and (after is None or after > most):
            raise CheckFailed(f"{message.name}: {fault}: the page still waits after {most:.1f} s")


def _fault(device_factory, page, kind, speed):
    with device_factory() as device:
        with device.serve(page.words()) as serving:
            with Relay(at(serving.port)) as relay:
                answer = page.ask(relay.port, 30)
            if answer.status != 200:
                raise CheckFailed(f"no login even without a fault: {answer}")
            cases = _cases(kind, relay.messages, speed.one_in)
            with Undisturbed(page, serving.port, 15) as other, ThreadPoolExecutor(AT_A_TIME) as pool:
                for done in [pool.submit(_one, device, page, serving.port, *case) for case in cases]:
                    done.result()
        device.must_be_idle()
    return f"{len(cases)} in {len(relay.messages)} messages; {other}"


def _hostile(device_factory, page, act):
    most = page.seconds + LINGERS
    with device_factory() as device:
        with device.serve(page.words()) as serving:
            with Undisturbed(page, serving.port, 15) as other:
                begin = time.monotonic()
                with contextlib.suppress(ConnectionError), socket.create_connection(("127.0.0.1", serving.port)) as bad:
                    bad.settimeout(most + _margin(device))
                    act(bad)
                spent = time.monotonic() - begin
            if spent > most + _margin(device):
                raise CheckFailed(f"the page bore it for {spent:.1f} s")
        device.must_be_idle()
    return f"borne for {spent:.1f} s; {other}"


def checks(device_factory, pages, speed):
    for page in pages:
        for kind in KINDS:
            check = lambda page=page, kind=kind: _fault(device_factory, page, kind, speed)  # noqa: E731
            yield Check(f"faults, {page.name}: {kind}", check)
        for act in hostile_clients.TLS if page.secure else hostile_clients.HTTP:
            check = lambda page=page, act=act: _hostile(device_factory, page, act)  # noqa: E731
            yield Check(f"faults, {page.name}: a client that is {hostile_clients.NAMES[act]}", check)
