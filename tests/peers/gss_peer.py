# SPDX-License-Identifier: Apache-2.0
"""gss-ntlm: MIT's GSSAPI with gss-ntlmssp, in the C program in gss/, which is compiled here when it is older
than its source."""

import fcntl
import os
import pathlib
import subprocess
import tempfile

from .line_peer import LinePeer
from .paths import BUILD
from .peer import PeerBroken

SOURCE = pathlib.Path(__file__).parent / "gss"
PROGRAM = BUILD / "gss-peer"


def build():
    """Returns the program's path."""
    sources = sorted(SOURCE.glob("*.c"))
    newest = max(path.stat().st_mtime for path in SOURCE.iterdir())
    BUILD.mkdir(parents=True, exist_ok=True)
    with open(BUILD / "gss-peer.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if PROGRAM.exists() and PROGRAM.stat().st_mtime > newest:
            return PROGRAM
        command = [os.environ.get("CC", "cc"), "-std=c99", "-O1", "-Wall", "-Wextra", "-o", PROGRAM, *sources]
        done = subprocess.run([*command, "-lgssapi_krb5"], capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise PeerBroken("gss-peer does not compile (libkrb5-dev?): " + done.stderr[-400:])
    return PROGRAM


class GssPeer(LinePeer):
    mechanism = "ntlm"
    names_itself = True  # else a client takes all credentials that there are

    def __init__(self, role, side, environment=None):
        # gss-ntlmssp reads its accounts from a file that it opens anew for each credential.
        self._accounts = tempfile.NamedTemporaryFile("w", prefix="gss-peer.", encoding="utf-8")
        self._accounts.write(f"{side.domain}:{side.user}:{side.password}\n")
        self._accounts.flush()
        command = [build(), role, self.mechanism]
        if role == "client":
            service, _, host = side.spn.partition("/")
            command += ["--target", f"{service}@{host}"]
            if self.names_itself:
                command += ["--user", self._name_of(side), "--password", side.password]
            if side.flags is not None:
                command += ["--flags", ",".join(side.flags) or "none"]
        if side.bindings is not None:
            command += ["--cb", side.bindings.hex()]
        environment = {"NTLM_USER_FILE": self._accounts.name, **(environment or {})}
        super().__init__(f"gss-{self.mechanism}", command, environment, can_reset=True)

    @staticmethod
    def _name_of(side):
        return f"{side.domain}\\{side.user}" if side.domain else side.user

    def close(self):
        super().close()
        self._accounts.close()
