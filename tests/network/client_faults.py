# SPDX-License-Identifier: Apache-2.0
"""The device as a client whose login goes wrong at every message: it ends in time, gives everything back, and logs in
the next time."""

import atexit
import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from interop.checks import Check
from peers.pair import CheckFailed

from . import hostile, judging
from .relay import CLOSE, CRAWL, DOUBLE, DRIP, FLIP, GARBAGE, RESET, STALL, SURPLUS, Fault, Relay
from .subject import must_have_its_memory

KINDS = (STALL, RESET, CLOSE, DRIP, CRAWL, GARBAGE, FLIP, DOUBLE, SURPLUS)
WHOLE = (DOUBLE, SURPLUS)  # of a message, whatever the octet
SLOW = (STALL, CRAWL, GARBAGE)  # wait for the timeout: fewer octets of each message, and more devices at a time
LOGIN_EVERY = 5
PATIENT = 30  # s: the --timeout of a login that is to be done, however busy the machine is


class Reference:
    """A login without a fault: what messages it has, and what it prints."""

    def __init__(self, device_factory, login, server):
        with device_factory() as device, Relay(server.connect) as relay:
            self.done = login.run(device, relay.port, PATIENT)
            device.must_be_idle()
        self.seen = [each for each in relay.messages if each.connection == 0]
        if self.done.status != judging.DONE:
            raise CheckFailed(f"no login even without a fault: {self.done}")
        self.exchange = judging.exchange_of(self.seen)


@dataclass(frozen=True)
class Pace:
    """How much of it all: one_in so many messages; devices at a time for what is quick, and for what waits."""

    one_in: int = 1
    quick: int = 2
    waiting: int = 12

    def devices(self, kind):
        return self.waiting if kind in SLOW else self.quick

    def sample(self, kind, messages):
        """Not the same ones for each kind of fault; of few messages more."""
        one_in = max(1, min(self.one_in, len(messages) // 3))
        return messages[KINDS.index(kind) % one_in :: one_in]


def _cases(kind, reference, pace):
    """(fault, message, whether it is behind the exchange), for the messages and where in them it is worth it."""
    seeds = itertools.count(1)
    made = []
    for at, message in pace.sample(kind, list(enumerate(reference.seen))):
        octets = (0,) if kind in (*WHOLE, DRIP, CRAWL) else judging.octets_of(message, kind in SLOW or pace.one_in > 1)
        for octet in octets:
            fault = Fault(kind, message.direction, message.number, octet, next(seeds))
            made.append((fault, message, at >= reference.exchange))
    return made


class Run:
    """The cases of one kind, on several devices at a time."""

    def __init__(self, device_factory, login, server, reference):
        self._factory, self._login, self._server, self._reference = device_factory, login, server, reference
        self._lock = threading.Lock()

    def all(self, cases, devices):
        queue = iter(cases)
        with ThreadPoolExecutor(devices) as pool:
            for worker in [pool.submit(self._work, queue) for _ in range(min(devices, len(cases)))]:
                worker.result()

    def _next(self, queue):
        with self._lock:
            return next(queue, None)

    def _work(self, queue):
        with self._factory() as device:
            before, count = device.use(), 0
            while (case := self._next(queue)) is not None:
                self._one(device, *case)
                count += 1
                if count % LOGIN_EVERY == 0:
                    self._login_again(device, case[0])
            self._login_again(device, "the last")
            must_have_its_memory(device, before)

    def _one(self, device, fault, message, is_farewell):
        try:
            with Relay(self._server.connect, fault) as relay:
                patience = PATIENT if fault.kind == DRIP else self._login.seconds
                done = self._login.run(device, relay.port, patience)
            judging.must_be_right(fault, message, is_farewell, done, self._reference.done, self._login)
            device.must_be_idle()
        except CheckFailed as failed:
            raise CheckFailed(f"{message.name}: {fault}: {failed}") from failed

    def _login_again(self, device, after):
        with Relay(self._server.connect) as relay:
            done = self._login.run(device, relay.port, PATIENT)
        if done.status != judging.DONE or self._login.content(done) != self._login.content(self._reference.done):
            raise CheckFailed(f"no login any more, after {after}: {done}")


class Shared:
    """One server for all checks of a login, and the reference; made when the first needs it."""

    def __init__(self, device_factory, login):
        self._factory, self.login = device_factory, login
        self._lock = threading.Lock()
        self._made = None

    def get(self):
        """(server, reference)"""
        with self._lock:
            if self._made is None:
                server = self.login.server()
                atexit.register(server.close)
                self._made = server, Reference(self._factory, self.login, server)
            return self._made


def _fault(device_factory, shared, kind, pace):
    server, reference = shared.get()
    cases = _cases(kind, reference, pace)
    Run(device_factory, shared.login, server, reference).all(cases, pace.devices(kind))
    messages = {(message.direction, message.number) for _, message, _ in cases}
    return f"{len(cases)} times, at {len(messages)} of {len(reference.seen)} messages"


def _hostile(device_factory, shared, serve):
    login = shared.login
    server, reference = shared.get()
    with device_factory() as device:
        with hostile.HostileServer(serve) as bad:
            done = login.run(device, bad.port)
        if done.status not in (judging.REFUSED, judging.NO_ANSWER):
            raise CheckFailed(f"exit status {done.status}: {done}")
        device.must_be_idle()
        with Relay(server.connect) as relay:
            again = login.run(device, relay.port, PATIENT)
        if again.status != judging.DONE or login.content(again) != login.content(reference.done):
            raise CheckFailed(f"no login any more: {again}")
    return f"exit status {done.status}, {done.seconds:.1f} s"


def checks(device_factory, shared, pace):
    for kind in KINDS:
        check = lambda kind=kind: _fault(device_factory, shared, kind, pace)  # noqa: E731
        yield Check(f"faults, {shared.login.name}: {kind}", check)
    for serve in shared.login.hostile:
        check = lambda serve=serve: _hostile(device_factory, shared, serve)  # noqa: E731
        yield Check(f"faults, {shared.login.name}, server: {hostile.NAMES[serve]}", check)
