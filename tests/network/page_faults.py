# SPDX-License-Identifier: Apache-2.0
"""The device's web page, whose clients go wrong at every message, or mean no good from the start: another client is let
in all the while, and in the end everything is given back."""

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
CROWD = 30  # connections
ACTS_OF_A_CHECK = 4
COME_AGAIN = 1.0  # s, as the page's Retry-After says
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
        if not self.secure:
            return curl("--ntlm", f"http://127.0.0.1:{port}/", seconds=most_seconds)
        options = ["--cacert", tls_pki.ROOTS, "--connect-to", f"{tls_pki.HOST}:443:127.0.0.1:{port}"]
        return curl("--ntlm", *options, f"https://{tls_pki.HOST}/", seconds=most_seconds)


class Undisturbed:
    """A client that logs in again and again while the block runs: it is let in every time. Connections that have just
    gone wrong may still have a place each when it comes: it may be told to come again (503) now and then, and not
    twice."""

    def __init__(self, page, port, most_seconds):
        self._page, self._port, self._most = page, port, most_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self.count, self.put_off, self.slowest, self._wrong = 0, 0, 0.0, None

    def _work(self):
        while not self._stop.is_set() and self._wrong is None:
            begin = time.monotonic()
            answer = self._page.ask(self._port, self._most)
            if answer.status == 503:
                self.put_off += 1
                time.sleep(COME_AGAIN)
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
        if kind is None and self.put_off > 1 + self.count // 5:
            raise CheckFailed(f"another client is told to come again at {self.put_off} of {self.count} logins")

    def __str__(self):
        put_off = f", {self.put_off} put off" if self.put_off else ""
        return f"another client: {self.count} logins{put_off}, the slowest {self.slowest:.2f} s"


def _margin(device):
    return MARGIN.get(device.target, MARGIN_BOARD)


def _cases(kind, seen, pace):
    seeds = itertools.count(1)
    made = []
    for message in pace.sample(kind, seen):
        octets = (0,) if kind in (*WHOLE, CRAWL) else judging.octets_of(message, kind in SLOW or pace.one_in > 1)
        if kind in SLOW:
            octets = octets[-1:]
        made += [(Fault(kind, message.direction, message.number, octet, next(seeds)), message) for octet in octets]
    return made


def _one(device, page, port, fault, message):
    most = page.seconds + LINGERS + _margin(device)
    with Relay(at(port), fault) as relay:
        page.ask(relay.port, most)
        # curl has given up, perhaps sooner than the page, which then still has the connection, and a place for it.
        if not relay.settled(most):
            raise CheckFailed(f"{message.name}: {fault}: the page still waits after {most:.1f} s")
        if fault.kind == STALL and (relay.outwaited(TO_CLIENT) or 0) > most:
            raise CheckFailed(f"{message.name}: {fault}: the page waited for {relay.outwaited(TO_CLIENT):.1f} s")


def _reference(device_factory, page):
    """The messages of a login without a fault."""
    with device_factory() as device, device.serve(page.words()) as serving, Relay(at(serving.port)) as relay:
        answer = page.ask(relay.port, 30)
        if answer.status != 200:
            raise CheckFailed(f"no login even without a fault: {answer}")
        return list(relay.messages)


def _share(device_factory, page, cases):
    """Some of the cases, on one device."""
    with device_factory() as device:
        with device.serve(page.words()) as serving:
            with Undisturbed(page, serving.port, 15) as other, ThreadPoolExecutor(AT_A_TIME) as pool:
                for done in [pool.submit(_one, device, page, serving.port, *case) for case in cases]:
                    done.result()
        device.must_be_idle()
    return other


def _fault(device_factory, page, kind, pace):
    seen = _reference(device_factory, page)
    cases = _cases(kind, seen, pace)
    devices = min(len(cases), max(1, pace.devices(kind) // AT_A_TIME))
    with ThreadPoolExecutor(devices) as pool:
        shares = [pool.submit(_share, device_factory, page, cases[first::devices]) for first in range(devices)]
        others = [share.result() for share in shares]
    messages = {(message.direction, message.number) for _, message in cases}
    logins, slowest = sum(other.count for other in others), max(other.slowest for other in others)
    put_off = sum(other.put_off for other in others)
    said = f"{len(cases)} times, at {len(messages)} of {len(seen)} messages"
    return f"{said}; another client: {logins} logins, {put_off} put off, the slowest {slowest:.2f} s"


def _bear(device, page, port, act):
    """How long the page bore the client."""
    most = page.seconds + LINGERS + _margin(device)
    begin = time.monotonic()
    with contextlib.suppress(ConnectionError), socket.socket() as bad:
        bad.settimeout(most)
        bad.connect(("127.0.0.1", port))
        try:
            act(bad)
        except TimeoutError:
            raise CheckFailed(f"the page bears a client that is {hostile_clients.NAMES[act]}") from None
    spent = time.monotonic() - begin
    if spent > most:
        raise CheckFailed(f"the page bore a client that is {hostile_clients.NAMES[act]} for {spent:.1f} s")
    return spent


def _hostile(device_factory, page, acts):
    with device_factory() as device:
        with device.serve(page.words()) as serving:
            with Undisturbed(page, serving.port, 15) as other, ThreadPoolExecutor(AT_A_TIME) as pool:
                spent = list(pool.map(lambda act: _bear(device, page, serving.port, act), acts))
        device.must_be_idle()
    return f"each borne for {max(spent):.1f} s at most; {other}"


def _deaf(device_factory, page):
    """Who asks and asks and never reads an answer is dropped. QEMU's network tells that to nobody who has not read what
    came before; so the end has to come as soon as all of that is read, and not after more answers."""
    with device_factory() as device:
        with (
            device.serve(page.words()) as serving,
            Undisturbed(page, serving.port, 15) as other,
            socket.socket() as bad,
        ):
            bad.settimeout(page.seconds + LINGERS + _margin(device))
            bad.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            bad.connect(("127.0.0.1", serving.port))
            with contextlib.suppress(TimeoutError, ConnectionError):
                while True:
                    bad.sendall(hostile_clients.GET + b"\r\n")
            begin = time.monotonic()
            with contextlib.suppress(ConnectionError):
                while bad.recv(65536):
                    pass
            spent = time.monotonic() - begin
            if spent > page.seconds:
                raise CheckFailed(f"answers for {spent:.1f} s more")
        device.must_be_idle()
    return f"{other}"


def _crowd(device_factory, page):
    """More connections that say nothing than there are places: they go when their time is over, and a login is done."""
    with device_factory() as device:
        with device.serve(page.words()) as serving, contextlib.ExitStack() as held:
            for _ in range(CROWD):
                with contextlib.suppress(OSError):
                    held.enter_context(socket.create_connection(("127.0.0.1", serving.port), 5))
            begin = time.monotonic()
            most = page.seconds + LINGERS + 2 * _margin(device)
            while page.ask(serving.port, 15).status != 200:
                if time.monotonic() > begin + most:
                    raise CheckFailed(f"no login {most:.1f} s after {CROWD} connections were made")
                time.sleep(0.1)
            spent = time.monotonic() - begin
        device.must_be_idle()
    return f"{CROWD} connections, and a login after {spent:.1f} s"


def checks(device_factory, page, pace):
    for kind in KINDS:
        check = lambda kind=kind: _fault(device_factory, page, kind, pace)  # noqa: E731
        yield Check(f"faults, {page.name}: {kind}", check)
    acts = hostile_clients.TLS if page.secure else hostile_clients.HTTP
    for begin in range(0, len(acts), ACTS_OF_A_CHECK):
        some = acts[begin : begin + ACTS_OF_A_CHECK]
        check = lambda some=some: _hostile(device_factory, page, some)  # noqa: E731
        yield Check(f"faults, {page.name}, clients: {', '.join(hostile_clients.NAMES[act] for act in some)}", check)
    if not page.secure:
        yield Check(f"faults, {page.name}: a client that is deaf", lambda: _deaf(device_factory, page))
    yield Check(f"faults, {page.name}: a crowd", lambda: _crowd(device_factory, page))
