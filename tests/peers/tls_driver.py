# SPDX-License-Identifier: Apache-2.0
"""baresspi-tls: the Schannel package behind a line protocol (boards/tls/main.cpp), as a program of this
machine or as an image on a board."""

import base64
from dataclasses import dataclass

from . import tls_pki
from .baresspi_peer import PRESETS
from .line_peer import to_octets, to_text
from .line_process import LineProcess
from .paths import ROOT
from .peer import PeerBroken

SECONDS_HOST, SECONDS_BOARD = 20.0, 120.0

OK = "SEC_E_OK"
CONTINUE = "SEC_I_CONTINUE_NEEDED"
INCOMPLETE = "SEC_E_INCOMPLETE_MESSAGE"
WANTS_CREDENTIAL = "SEC_I_INCOMPLETE_CREDENTIALS"
RENEGOTIATE = "SEC_I_RENEGOTIATE"
EXPIRED = "SEC_I_CONTEXT_EXPIRED"


def image_of(board, preset=None):
    """The program's file; it has to be built already."""
    folder = ROOT / "build" / (preset or PRESETS[board])
    for path in (folder / "boards" / "baresspi-tls", folder / "boards" / "baresspi-tls.elf"):
        if path.is_file():
            return path
    raise PeerBroken(f"no baresspi-tls in {folder}; cmake --preset and cmake --build come first")


@dataclass(frozen=True)
class Answer:
    """A line of the program's: its first word, the status, and name=value pairs in their order."""

    word: str
    status: str
    number: int
    pairs: tuple

    def __getitem__(self, name):
        for key, value in self.pairs:
            if key == name:
                return value
        raise PeerBroken(f"{self.word} {self.status} has no {name}: {self.pairs!r:.200}")

    def all(self, name):
        return [value for key, value in self.pairs if key == name]

    def octets(self, name):
        return to_octets(self[name])

    def count(self, name):
        return int(self[name], 0)


class TlsDriver:
    """The program, with all of its credentials and contexts."""

    def __init__(self, board="host", preset=None):
        command = [image_of(board, preset)]
        if board != "host":
            command = [ROOT / "boards" / "run-image", board, *command]
        self._process = LineProcess(command, None, SECONDS_HOST if board == "host" else SECONDS_BOARD)
        self._loaded = set()
        self._credentials = 0

    def ask(self, *words):
        line = " ".join(str(word) for word in words)
        answer = self._process.ask(line)
        if answer.startswith("ERR"):
            raise PeerBroken(f"{line[:80]}: {answer}")
        if "MISPLACED" in answer:
            raise PeerBroken(f"{words[0]}: SECBUFFER_EXTRA does not lie at the input's end: {answer[:80]}")
        return answer.split()

    def load(self, name, octets):
        if name not in self._loaded:
            self.ask("LOAD", name, base64.b64encode(octets).decode())
            self._loaded.add(name)

    def load_file(self, path):
        """Returns the name that it has over there."""
        self.load(path.name, path.read_bytes())
        return path.name

    def acquire(self, role, *names, chain=None, roots=(), **words):
        """A credential of certificates by name; (number, answer). words: flags, protocols, v, algs, disable.."""
        number, self._credentials = self._credentials, self._credentials + 1
        line = ["CRED", number, role]
        for name in names:
            parts = [self.load_file(tls_pki.certificate(name)), self.load_file(tls_pki.key_of(name))]
            if chain is not None:
                parts.append(self.load_file(tls_pki.certificate(chain)))
            line.append("id=" + ":".join(parts))
        if roots:
            line.append("roots=" + ",".join(self.load_file(tls_pki.certificate(root)) for root in roots))
        for key, value in words.items():
            line += [f"{key}={one}" for one in (value if isinstance(value, list) else [value])]
        answer = _answer(self.ask(*line))
        if answer.status != OK:
            self._credentials -= 1
        return number, answer

    def credential(self, role, *names, **words):
        """The same; must work."""
        number, answer = self.acquire(role, *names, **words)
        if answer.status != OK:
            raise PeerBroken(f"AcquireCredentialsHandle: {answer.status}")
        return number

    def map(self, name, user, number):
        self.load(name + ".der", tls_pki.der(name))
        self.ask("MAP", name + ".der", user, number)

    def free(self, number):
        return _answer(self.ask("FREE", number))

    def open(self, number, credential, **words):
        """A context by that number, which its first step makes."""
        self.ask("OPEN", number, credential, *(f"{key}={value}" for key, value in words.items()))
        return Channel(self, number)

    def quit(self):
        return self._process.finish("QUIT")

    def close(self):
        self._process.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Channel:
    """One context."""

    def __init__(self, driver, number):
        self._driver, self._number = driver, number

    def _ask(self, word, *words):
        return _answer(self._driver.ask(word, self._number, *words))

    def change(self, **words):
        self._driver.ask("SET", self._number, *(f"{key}={value}" for key, value in words.items()))

    def step(self, octets=b"", room=None):
        return self._ask("STEP", to_text(octets), *([] if room is None else [room]))

    def seal(self, data):
        return self._ask("SEAL", to_text(data))

    def unseal(self, octets):
        return self._ask("UNSEAL", to_text(octets))

    def shutdown(self):
        return self._ask("SHUTDOWN")

    def renegotiate(self):
        return self._ask("RENEGOTIATE")

    def alert(self, level, number):
        return self._ask("ALERT", level, number)

    def session(self, on):
        return self._ask("SESSION", "on" if on else "off")

    def query(self, name):
        return self._ask("QUERY", name)

    def tells(self, name):
        """The same; must work."""
        answer = self.query(name)
        if answer.status != OK:
            raise PeerBroken(f"query {name}: {answer.status}")
        return answer

    def export(self, label, size, context=None):
        """Keying material (RFC 5705)."""
        words = [] if context is None else [context.hex() or "-"]
        answer = self._ask("KEYING", label, size, *words)
        if answer.status != OK:
            raise PeerBroken(f"keying material: {answer.status}")
        return bytes.fromhex(self.tells("keying")["key"])

    def end(self):
        return self._ask("END")


def _answer(words):
    if len(words) < 3 or not words[2].startswith("0x"):
        raise PeerBroken(f"answered with {' '.join(words)[:120]!r}")
    pairs = tuple(tuple(word.split("=", 1)) for word in words[3:])
    return Answer(words[0], words[1], int(words[2], 16), pairs)
