# SPDX-License-Identifier: Apache-2.0
"""More callers of the web page than its pools hold: the surplus is told so, in time, and nobody else is disturbed."""

import contextlib
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from peers.curl import curl
from peers.web_page import Caller

from .checks import Check
from .web import WHO, _must

CROWD = 40
IDLE = 1.0  # s after which a connection gives its place to who waits
HANDSHAKE_SECONDS = 3  # --handshake-timeout
REQUEST_SECONDS = 3  # --timeout
CLIENT_HELLO_BEGINS = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500)


class _Steady:
    """A caller who is in, and asks again and again over the same connection. lapses: how often this machine had no time
    for it, so that it was idle for too long by its own fault, and had to come again."""

    def __init__(self, page, pause):
        self._page, self._pause = page, pause
        self._caller = Caller(page)
        _must(self._caller.log_in()[0] == 200, "the steady caller is not let in")
        self._stop = threading.Event()
        self.asked, self.lapses, self.slowest, self.wrong = 0, 0, 0.0, []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._stop.wait(self._pause) and not self.wrong:
            caller, before = self._caller, self._caller.sent
            connection = caller.http.sock
            begin = time.monotonic()
            try:
                status, content = caller.get()
                good = status == 200 and f"user={WHO}" in content and caller.http.sock is connection
            except Exception as error:
                good, status = False, repr(error)
            if good:
                self.asked += 1
                self.slowest = max(self.slowest, time.monotonic() - begin)
            elif (caller.sent if caller.sent > before else time.monotonic()) - before > 0.8 * IDLE:
                self.lapses += 1
                self._come_again()
            else:
                self.wrong.append(status)

    def _come_again(self):
        while not self._stop.is_set():
            self._caller.close()
            self._caller = Caller(self._page)
            with contextlib.suppress(Exception):
                if self._caller.log_in()[0] == 200:
                    return
            self._stop.wait(self._pause)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join(30)
        self._caller.close()


def _curl(page, seconds, *more):
    begin = time.monotonic()
    answer = curl("--ntlm", "--cacert", page.ca_file, *more, f"{page.url}/whoami", seconds=seconds)
    return answer, time.monotonic() - begin


def _crowd(site):
    """40 curls at once, and one place for them: in the others is who is in already."""
    seconds = 12 * site.slowness
    with site.open() as page, contextlib.ExitStack() as stack:
        steady = [stack.enter_context(_Steady(page, IDLE / 5)) for _ in range(site.contexts - 2)]
        with ThreadPoolExecutor(CROWD) as pool:
            outcomes = list(pool.map(lambda _: _curl(page, seconds), range(CROWD)))
        for caller in steady:
            caller.__exit__()
    asked, lapses = sum(caller.asked for caller in steady), sum(caller.lapses for caller in steady)
    _must(not any(caller.wrong for caller in steady), [caller.wrong for caller in steady])
    _must(asked > lapses, f"asked {asked} times and lapsed {lapses} times: this machine is too slow to tell")
    told = [took for answer, took in outcomes if answer.status == 503]
    served = [took for answer, took in outcomes if answer.status == 200 and f"user={WHO}" in answer.body]
    rest = [answer for answer, _ in outcomes if answer.status not in (200, 503)]
    _must(not rest and len(told) + len(served) == CROWD and served and told, (len(served), len(told), rest[:3]))
    slowest = max(caller.slowest for caller in steady)
    return (
        f"{len(served)} in after {max(served):.1f} s at most, {len(told)} told 503 after {max(told):.1f} s at most; "
        f"those who were in asked {asked} times, {slowest:.2f} s at most, and {lapses} times too late"
    )


def _crowd_that_comes_again(site):
    """Who does as 503's Retry-After says gets in."""
    seconds = 60 * site.slowness
    with site.open() as page, ThreadPoolExecutor(CROWD // 4) as pool:
        more = ("--retry", "30", "--retry-max-time", f"{seconds:g}")
        outcomes = list(pool.map(lambda _: _curl(page, seconds, *more), range(CROWD // 4)))
    bad = [answer for answer, _ in outcomes if answer.status != 200 or f"user={WHO}" not in answer.body]
    _must(not bad, bad)


def _told(site):
    """Each place that serves is in the middle of a login: the last context tells the next one, one more waits."""
    with site.open() as page, contextlib.ExitStack() as stack:
        held = [stack.enter_context(Caller(page)) for _ in range(site.contexts - 1)]
        for caller in held:
            _must(caller.begin_login() == 401, "a login that begins")
        for _ in range(3):
            with Caller(page) as caller:
                status, content = caller.get("/")
                fields = caller.answer.headers
                _must(status == 503 and fields["Retry-After"] == "1", (status, content))
                _must(fields["Connection"] == "close" and content, fields.items())
        # One that is being told, and says nothing; the next one is told once that one has gone.
        silent = stack.enter_context(Caller(page)).connect()
        with ThreadPoolExecutor(1) as pool, Caller(page) as waiting:
            result = pool.submit(waiting.get, "/")
            time.sleep(0.3)
            _must(not result.done(), "it was not to be accepted yet")
            silent.close()
            _must(result.result()[0] == 503, "and then it is told")
        held.pop().close()
        time.sleep(0.2 * site.slowness)
        with Caller(page) as caller:
            _must(caller.log_in()[0] == 200, "no login after one has gone")


def _idle_gives_way(site):
    """Who is in and asks nothing keeps its connection until somebody waits; the one that was idle longest goes."""
    with site.open() as page, contextlib.ExitStack() as stack:
        held = [stack.enter_context(Caller(page)) for _ in range(site.contexts - 1)]
        for caller in held:
            _must(caller.log_in()[0] == 200, "let in")
        time.sleep(IDLE + 0.3)
        for caller in held[1:]:
            _must(caller.get()[0] == 200, "idle, and nobody waits")
        time.sleep(IDLE / 2)
        with Caller(page) as caller:
            _must(caller.log_in()[0] == 200, "one more than there are places")
            for other in held[1:]:
                _must(other.get()[0] == 200 and f"user={WHO}" in other.get()[1], "was not idle longest")
            _must(held[0].http.sock.recv(1) == b"", "the longest idle one was to be ended")


def _slow_handshakes(site):
    """As many as there are contexts, an octet a second each: others wait for their time, and no longer."""
    with site.open("--handshake-timeout", HANDSHAKE_SECONDS) as page:
        stop = threading.Event()

        def drip(connection):
            for octet in CLIENT_HELLO_BEGINS:
                with contextlib.suppress(OSError):
                    connection.sendall(bytes([octet]))
                if stop.wait(1):
                    return

        slow = [socket.create_connection((page.host, page.port), 10) for _ in range(site.contexts)]
        drips = [threading.Thread(target=drip, args=(connection,), daemon=True) for connection in slow]
        try:
            for thread in drips:
                thread.start()
            time.sleep(0.3)
            answer, took = _curl(page, HANDSHAKE_SECONDS + 3 * site.slowness)
        finally:
            stop.set()
            for thread, connection in zip(drips, slow):
                thread.join()
                connection.close()
    _must(answer.status == 200, (answer, took))
    return f"in after {took:.1f} s"


def _silent_connections(site):
    """Connections that say nothing at all, and handshakes with nothing behind them."""
    with site.open("--handshake-timeout", HANDSHAKE_SECONDS) as page, contextlib.ExitStack() as stack:
        for _ in range(2 * site.contexts):
            stack.enter_context(socket.create_connection((page.host, page.port), 10))
        answer, took = _curl(page, 2 * HANDSHAKE_SECONDS + 4 * site.slowness)
        _must(answer.status == 200, (answer, took))
        idle = [stack.enter_context(Caller(page)).connect() for _ in range(site.contexts - 1)]
        time.sleep(IDLE)
        answer, took = _curl(page, 3 * site.slowness)
        _must(answer.status == 200, (answer, took, len(idle)))


def _strangers(site):
    """Nobody logs in, and each always has a request underway, an octet a second: others wait for their time, and no
    longer."""
    times = ("--handshake-timeout", HANDSHAKE_SECONDS, "--timeout", REQUEST_SECONDS)
    with site.open(*times) as page, contextlib.ExitStack() as stack:
        stop = threading.Event()
        stack.callback(stop.set)

        def ask(connection):
            while True:
                for part in (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 8\r\n\r\n", *8 * [b"x"]):
                    with contextlib.suppress(OSError):
                        connection.sendall(part)
                    if part == b"x" and stop.wait(1):
                        return

        for _ in range(site.contexts - 1):
            connection = stack.enter_context(Caller(page)).connect().http.sock
            threading.Thread(target=ask, args=(connection,), daemon=True).start()
        time.sleep(IDLE + 0.3)
        seconds = HANDSHAKE_SECONDS + REQUEST_SECONDS + 4 * site.slowness
        answer, took = _curl(page, seconds, "--retry", "30", "--retry-max-time", f"{seconds:g}")
        _must(answer.status == 200 and f"user={WHO}" in answer.body, (answer, took))
        return f"in after {took:.1f} s"


def checks_of(site):
    for name, run in (
        (f"{CROWD} curls at once, who is in is not disturbed", _crowd),
        ("who is told 503 comes again and gets in", _crowd_that_comes_again),
        ("the last context tells the surplus", _told),
        ("who has been idle longest gives way", _idle_gives_way),
        ("handshakes of an octet a second", _slow_handshakes),
        ("connections that say nothing", _silent_connections),
        ("strangers who always ask", _strangers),
    ):
        yield Check(f"https page, crowd: {name}", lambda run=run: run(site))
