# SPDX-License-Identifier: Apache-2.0
"""baresspi-httpd and baresspi-http-get, from build/PRESET, on the loopback."""

import re
import signal
import subprocess
import tempfile
from dataclasses import dataclass

from .paths import ROOT
from .peer import PeerBroken

SECONDS = 20


def program(name, preset=None):
    path = ROOT / "build" / (preset or "host") / "boards" / "examples" / name
    if not path.is_file():
        raise PeerBroken(f"no {path}; cmake --preset and cmake --build come first")
    return path


@dataclass(frozen=True)
class Answer:
    exit_status: int
    status: int  # of the last answer; 0: none
    head: dict  # status, server, proxy
    body: bytes
    complaint: str
    answers: tuple = ()  # (status, head, body) of each request
    connections: int = 0
    logins: int = 0


def _answers(octets):
    """What baresspi-http-get printed, request by request."""
    found = []
    for text in re.split(rb"(?:\A|\n)(?=status: \d{3} )", octets)[1:]:
        lines, _, body = text.partition(b"\n\n")
        head = dict(line.split(": ", 1) for line in lines.decode().splitlines() if ": " in line)
        found.append((int(head["status"].split()[0]), head, body))
    return tuple(found)


def answer_of(exit_status, printed, complaint):
    """What a run of the example has printed, as octets, and complained, as text; wherever it ran."""
    counts = re.search(rb"(?:\A|\n)connections: (\d+), logins: (\d+)\n\Z", printed)
    answers = _answers(printed[: counts.start()] if counts else printed)
    status, head, body = answers[-1] if answers else (0, {}, b"")
    connections, logins = (int(count) for count in counts.groups()) if counts else (0, 0)
    return Answer(exit_status, status, head, body, complaint, answers, connections, logins)


def get(*arguments, preset=None, seconds=SECONDS):
    """One run of baresspi-http-get."""
    try:
        done = subprocess.run(
            [program("baresspi-http-get", preset), *map(str, arguments)], capture_output=True, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        raise PeerBroken(f"baresspi-http-get did not end within {seconds} s") from None
    complained = done.stderr and not done.stderr.startswith((b"baresspi-http-get: ", b"usage: "))
    if done.returncode not in (0, 1, 2, 3) or complained:  # a sanitizer has something to say
        raise PeerBroken(f"baresspi-http-get died of {done.returncode}: {done.stderr[-400:]}")
    return answer_of(done.returncode, done.stdout, done.stderr.decode(errors="replace"))


class Httpd:
    """A running baresspi-httpd that lets EXAMPLE\\alice in. It has to be alive at the end, and to end when told."""

    def __init__(self, *arguments, preset=None):
        account = ("--user", "alice", "--domain", "EXAMPLE", "--password", "Passw0rd!")
        self._stderr = tempfile.TemporaryFile()
        self._child = subprocess.Popen(
            [program("baresspi-httpd", preset), "--port", "0", *arguments, *account],
            stdout=subprocess.PIPE,
            stderr=self._stderr,
        )
        line = self._child.stdout.readline().decode().split()
        if len(line) != 3 or line[0] != "listening:":
            self._child.kill()
            raise PeerBroken(f"baresspi-httpd begins with {line}")
        self.host, self.port = line[1], int(line[2])
        self.url = f"http://{self.host}:{self.port}"

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        died = self._child.poll()
        self._child.send_signal(signal.SIGTERM)
        try:
            self.said, _ = self._child.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.communicate()
            raise PeerBroken("baresspi-httpd does not end") from None
        self._stderr.seek(0)
        complaint = self._stderr.read().decode(errors="replace")[-600:]
        if kind is None and (died is not None or self._child.returncode != 0):
            raise PeerBroken(f"baresspi-httpd died: {self._child.returncode} {complaint}")
