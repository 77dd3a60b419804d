# SPDX-License-Identifier: Apache-2.0
"""Logins in a row, each over a connection of its own: afterwards pools, arenas, the network's memory and the stack are
as they were after the first of each kind."""

import itertools
import re
import subprocess
import threading
import time
from dataclasses import dataclass

from interop.checks import Check
from peers import tls_pki
from peers.baresspi_http import program
from peers.pair import CheckFailed
from peers.peer import PeerBroken

from .clients import ACCOUNT

SHORT = 200
AT_A_TIME = 16  # logins of one command: get takes so many URLs, of which --apart resumes all but the first
TIMEOUT = 60  # s, of each command
MOST_FAILURES = 5
COUNTS = re.compile(r"\n(?:resumed: (\d+)\n)?connections: (\d+), logins: (\d+)\n\Z")


class Peer:
    """baresspi-httpd on this machine. What it says of each login is taken and forgotten, or its pipe would be full."""

    def __init__(self, secure=False, preset=None):
        words = ["--port", "0"]
        if secure:
            words += ["--certificate", tls_pki.certificate("server"), "--key", tls_pki.key_of("server")]
        self._child = subprocess.Popen(
            [program("baresspi-httpd", preset), *words, *ACCOUNT], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        line = self._child.stdout.readline().split()
        if len(line) != 3 or line[0] != b"listening:":
            self._child.kill()
            self._child.wait()
            raise PeerBroken(f"baresspi-httpd begins with {line}")
        self.port = int(line[2])
        self._drain = threading.Thread(target=self._child.stdout.read, daemon=True)
        self._drain.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._child.terminate()
        self._child.wait()
        self._drain.join()
        self._child.stdout.close()


@dataclass(frozen=True)
class Kind:
    """A command that makes several logins, and how many."""

    name: str
    words: tuple
    logins: int
    resumed: int = 0


def _gets(name, url, options, count, resumed=0):
    words = ("get", *[url] * count, *ACCOUNT, *options, "--apart", "--timeout", TIMEOUT)
    return Kind(name, words, count, resumed)


def kinds_of(device, plain_port, secure_port):
    plain = f"http://{device.host}:{plain_port}/"
    over_tls = ("--connect", f"{device.host}:{secure_port}", "--trust", tls_pki.ROOTS)
    secure = f"https://{tls_pki.HOST}/"
    return (
        _gets("NTLM", plain, ("--ntlm",), AT_A_TIME),
        _gets("Negotiate", plain, ("--negotiate",), AT_A_TIME),
        _gets("NTLM over TLS", secure, (*over_tls, "--ntlm"), AT_A_TIME, AT_A_TIME - 1),
        _gets("Negotiate over TLS", secure, (*over_tls, "--negotiate"), AT_A_TIME, AT_A_TIME - 1),
    )


def at_apache(device, port):
    """Its TLS is OpenSSL's, its login gss-ntlmssp's."""
    where = ("--connect", f"{device.host}:{port}", "--trust", tls_pki.ROOTS)
    return _gets("Negotiate at Apache", f"https://{tls_pki.HOST}/negotiate/", where, AT_A_TIME, AT_A_TIME - 1)


def search(device, login, port):
    return Kind(login.name, (*login.words(device, port), "--timeout", login.seconds), 1)


class Tally:
    def __init__(self):
        self.logins = self.resumed = self.failures = 0
        self.seconds = 0.0
        self.after_first = self.after_last = None

    def rows(self):
        """(what, after the first of each kind, at the end) of all that the device says of its use."""
        for name, numbers in self.after_last.items():
            for word, number in numbers.items():
                yield f"{name}, {word}", self.after_first.get(name, {}).get(word), number


def _one(device, kind, tally):
    status, text = device.run(kind.words)
    counts = COUNTS.search(text)
    made, resumed = (int(counts[3]), int(counts[1] or 0)) if counts else (1 if status == 0 else 0, 0)
    if status != 0 or made != kind.logins:
        tally.failures += 1
        why = device.complaint.strip()
        print(f"{kind.name}: exit status {status}, {made} of {kind.logins} logins: {why}", flush=True)
        if tally.failures >= MOST_FAILURES:
            raise CheckFailed(f"{tally.failures} commands failed")
    tally.logins += made
    tally.resumed += resumed


def log_in(device, kinds, count, heard=lambda tally: None):
    """At least so many logins, the kinds by turns. heard is called after each command."""
    tally = Tally()
    begin = time.monotonic()
    done = set()
    for kind in itertools.cycle(kinds):
        _one(device, kind, tally)
        tally.seconds = time.monotonic() - begin
        heard(tally)
        done.add(kind)
        if tally.after_first is None and done == set(kinds):
            tally.after_first = device.use()
        if tally.after_first is not None and tally.logins >= count:
            tally.after_last = device.use()
            return tally


# By how much a number may be higher at the end: what a login needs at most depends on a signature's length (a DER
# integer is an octet or two shorter now and then, RFC 3279 2.2.3), and on when frames come.
MAY_GROW = {"arena, most": 64, "stack, most": 256}


def differences(tally):
    """What is not as it was after the first of each kind."""
    wrong = []
    for name, first, last in tally.rows():
        if name == "lwip pools, now":
            # Connections in TIME_WAIT (RFC 9293 3.6.1) come and go: their pool's peak is what must not rise.
            first = tally.after_first["lwip pools"]["most"]
        if first is None or last > first + MAY_GROW.get(name, 0):
            wrong.append(f"{name}: {first} after the first of each kind, {last} after {tally.logins} logins")
    return wrong


def _check(device_factory, count):
    with Peer() as plain, Peer(secure=True) as secure, device_factory() as device:
        tally = log_in(device, kinds_of(device, plain.port, secure.port), count)
    wrong = differences(tally)
    if tally.failures or wrong:
        raise CheckFailed(f"{tally.failures} failures; " + "; ".join(wrong))
    return f"{tally.logins} logins, {tally.resumed} with a resumed session, {tally.logins / tally.seconds:.0f} a second"


def checks(device_factory):
    yield Check(f"{SHORT} logins in a row", lambda: _check(device_factory, SHORT))
