# SPDX-License-Identifier: Apache-2.0
"""The cable of an emulated board is pulled, and comes back: who waits is told in time, nothing is left over, and the
next login works as if nothing had been, without a start."""

import socket
import threading
import time

from interop.checks import Check
from peers.pair import CheckFailed

from . import hostile, judging
from .client_faults import PATIENT
from .page_faults import Page
from .relay import TO_CLIENT, TO_SERVER, Relay
from .subject import MARGIN_BOARD, run

BREAK = 1.5  # s
FLAPS = 12
FLAP = 0.4  # s
BACK_WITHIN = 5.0  # s from the cable to a login: the controller sees it, DHCP is asked whether the address still holds


def _plug_in(device, login, server):
    """Returns how many seconds later the first login was done."""
    device.link(True)
    begin = time.monotonic()
    while (done := login.run(device, server.port, PATIENT)).status != judging.DONE:
        if time.monotonic() > begin + BACK_WITHIN:
            raise CheckFailed(f"no login {BACK_WITHIN} s after the cable is back: {done}")
    return time.monotonic() - begin


def _must_fail(done):
    if done.status != judging.NO_ANSWER:
        raise CheckFailed(f"exit status {done.status} without a cable: {done}")
    return f"{done.seconds:.1f} s"


def _before_connect(device, login, server):
    device.link(False)
    said = _must_fail(login.run(device, server.port))
    device.must_be_idle()
    return f"{said}; back: the next login is done after {_plug_in(device, login, server):.1f} s"


def _at_each_message(device, login, server):
    """And back when the command has failed."""
    with Relay(server.connect) as relay:
        login.run(device, relay.port, PATIENT)
    count = judging.exchange_of(relay.messages)
    for at in range(0, count, max(1, count // 4)):
        message = relay.messages[at]

        def pull(direction, number, pulled=(message.direction, message.number)):
            if (direction, number) == pulled:
                device.link(False)

        # The last message may have come through before the link is down: what counts is behind it.
        with Relay(server.connect, before=pull) as broken:
            done = login.run(device, broken.port)
        if done.status != judging.NO_ANSWER:
            raise CheckFailed(f"exit status {done.status} at {message.name} {at}: {done}")
        device.must_be_idle()
        _plug_in(device, login, server)
    return f"{len(range(0, count, max(1, count // 4)))} of {count} messages"


def _in_a_transfer(device, login, server):
    with hostile.HostileServer(hostile.endless_content) as endless:
        timer = threading.Timer(login.seconds / 3, device.link, (False,))
        timer.start()
        words = ("get", f"http://{device.host}:{endless.port}/", "--timeout", login.seconds)
        said = _must_fail(run(device, words, login.seconds))
        timer.join()
    device.must_be_idle()
    return f"{said}; back: the next login is done after {_plug_in(device, login, server):.1f} s"


def _short_break(device, login, server):
    """TCP sends again what was lost, and the login goes on."""

    def pull(direction, number):
        if (direction, number) == (TO_CLIENT, 0):
            device.link(False)
            threading.Timer(BREAK, device.link, (True,)).start()

    with Relay(server.connect, before=pull) as relay:
        done = login.run(device, relay.port, PATIENT)
    if done.status != judging.DONE or done.seconds < BREAK:
        raise CheckFailed(f"exit status {done.status} after {done.seconds:.1f} s: {done}")
    device.must_be_idle()
    return f"{done.seconds:.1f} s, of which {BREAK} without a cable"


def _flapping(device, login, server):
    stop = threading.Event()

    def flap():
        for at in range(FLAPS):
            device.link(at % 2 == 1)
            stop.wait(FLAP)

    thread = threading.Thread(target=flap)
    thread.start()
    statuses = []
    while thread.is_alive():
        statuses.append(login.run(device, server.port).status)
    thread.join()
    if not set(statuses) <= {judging.DONE, judging.NO_ANSWER}:
        raise CheckFailed(f"exit statuses {statuses}")
    device.must_be_idle()
    _plug_in(device, login, server)
    return f"{statuses.count(judging.DONE)} of {len(statuses)} logins went well"


def _serving(device, login, _):
    """The clients of the device's page wait in vain, each for its own time; the connections that the device had are
    given back while the cable is out."""
    page = Page(True, 2)
    with device.serve(page.words()) as serving:
        if page.ask(serving.port, PATIENT).status != 200:
            raise CheckFailed("the page lets nobody in")

        def pull(direction, number):
            if (direction, number) == (TO_SERVER, 3):
                device.link(False)

        with Relay(lambda: _connect(serving.port), before=pull) as relay:
            answer = page.ask(relay.port, 3)
        if answer.status == 200:
            raise CheckFailed(f"let in without a cable: {answer}")
        if page.ask(serving.port, 2).status == 200:
            raise CheckFailed("let in without a cable")
        time.sleep(page.seconds + MARGIN_BOARD)
        device.link(True)
        begin = time.monotonic()
        while page.ask(serving.port, PATIENT).status != 200:
            if time.monotonic() > begin + PATIENT:
                raise CheckFailed(f"nobody is let in {PATIENT} s after the cable came back")
        spent = time.monotonic() - begin
    device.must_be_idle()
    return f"served again after {spent:.1f} s"


def _connect(port):
    return socket.create_connection(("127.0.0.1", port), 5.0)


def _check(device_factory, shared, run_one):
    server, _ = shared.get()
    with device_factory() as device:
        said = run_one(device, shared.login, server)
        if shared.login.run(device, server.port, PATIENT).status != judging.DONE:
            raise CheckFailed("no login in the end")
        device.must_be_idle()
    return said


def checks(device_factory, shared):
    """shared: a client_faults.Shared, whose login it is."""
    for name, run_one in (
        ("before the login", _before_connect),
        ("at messages of the login", _at_each_message),
        ("in a transfer", _in_a_transfer),
        ("for a short time", _short_break),
        ("again and again", _flapping),
        ("while serving", _serving),
    ):
        check = lambda run_one=run_one: _check(device_factory, shared, run_one)  # noqa: E731
        yield Check(f"cable, {shared.login.name}: pulled {name}", check)
