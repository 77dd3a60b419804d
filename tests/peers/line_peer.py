# SPDX-License-Identifier: Apache-2.0
"""A peer in a process of its own that speaks the line protocol at the head of gss/gss_peer.c: STEP, WRAP,
UNWRAP, MIC, VERIFY, KEY, INFO, QUIT, and RESET where it has it."""

import base64
import binascii

from .line_process import LineProcess
from .peer import Peer, PeerBroken, PeerRefused


def to_text(octets):
    return base64.b64encode(octets).decode() if octets else "-"


def to_octets(text):
    try:
        return b"" if text == "-" else base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise PeerBroken(f"no base64: {text[:80]}") from error


class LinePeer(Peer):
    can = frozenset({"key", "seal", "sign"})

    def __init__(self, name, command, environment=None, seconds=20.0, can_reset=False):
        self.name = name
        self._start = lambda: LineProcess(command, environment, seconds)
        self._can_reset = can_reset
        self._process = None
        self._used = False

    def begin(self):
        if self._process is not None and self._used:
            if self._can_reset and self._process.status() is None:
                self._ask("RESET", answer="FRESH", words=0)
            else:
                LinePeer.close(self)
        if self._process is None:
            self._process = self._start()
        self._used = False

    def step(self, token):
        self._used = True
        out, state = self._ask("STEP", to_text(token), answer="TOK", words=2)
        if state not in ("CONTINUE", "DONE"):
            raise PeerBroken(f"TOK .. {state}")
        return to_octets(out), state == "DONE"

    def session_key(self):
        return bytes.fromhex(self._ask("KEY", answer="KEY", words=1)[0])

    def seal(self, data):
        sealed, message = self._ask("WRAP", "1", to_text(data), answer="WRAPPED", words=2)
        if sealed != "1":
            raise PeerRefused("signed, but did not seal")
        return to_octets(message)

    def unseal(self, message):
        return to_octets(self._ask("UNWRAP", to_text(message), answer="PLAIN", words=3)[2])

    def sign(self, data):
        return to_octets(self._ask("MIC", to_text(data), answer="MIC", words=1)[0])

    def verify(self, data, signature):
        self._ask("VERIFY", to_text(data), to_text(signature), answer="VALID", words=1)

    def info(self):
        return self._line("INFO").removeprefix("INFO ")

    def quit(self):
        """Ends the program in the orderly way; returns what it says at its end."""
        said = self._process.finish("QUIT")
        self._process = None
        return said

    def close(self):
        if self._process is not None:
            self._process.close()
            self._process = None

    def _line(self, line):
        if self._process is None:
            self.begin()
        answer = self._process.ask(line)
        if answer.startswith("ERR"):
            raise PeerRefused(answer[4:].strip())
        return answer

    def _ask(self, *words_out, answer, words):
        got = self._line(" ".join(words_out)).split()
        if not got or got[0] != answer or len(got) != words + 1:
            raise PeerBroken(f"{words_out[0]} was answered with {' '.join(got)[:120]!r}")
        return got[1:]
