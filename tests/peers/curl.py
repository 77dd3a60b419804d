# SPDX-License-Identifier: Apache-2.0
"""curl as a user runs it: its own NTLM, and Negotiate by GSSAPI with gss-ntlmssp, which takes the account from a file."""

import os
import subprocess
import tempfile
from dataclasses import dataclass

from .peer import PeerBroken

SECONDS = 15
# One line behind the content: status, connections made.
REPORT = "\n%{http_code} %{num_connects}"


@dataclass(frozen=True)
class CurlAnswer:
    status: int
    connections: int
    body: str


def curl(*arguments, user="alice", password="Passw0rd!", given=None, seconds=SECONDS):
    """One run of curl for one URL. Options name the scheme; the account is EXAMPLE\\user for all of them."""
    options = ["--silent", "--show-error", "--noproxy", "", "--max-time", f"{seconds:g}", "--write-out", REPORT]
    # An empty user makes GSSAPI take the account of NTLM_USER_FILE; curl's own NTLM wants it said.
    words = set(arguments)
    if "--negotiate" in words:
        options += ["--user", ":"]
    if "--ntlm" in words:
        options += ["--user", f"EXAMPLE\\{user}:{password}"]
    if "--proxy-negotiate" in words:
        options += ["--proxy-user", ":"]
    if "--proxy-ntlm" in words:
        options += ["--proxy-user", f"EXAMPLE\\{user}:{password}"]
    with tempfile.NamedTemporaryFile("w", prefix="curl-peer.") as accounts:
        accounts.write(f"EXAMPLE:{user}:{password}\n")
        accounts.flush()
        try:
            done = subprocess.run(
                ["curl", *options, *map(str, arguments)],
                input=given,
                capture_output=True,
                timeout=seconds + 5,
                env={**os.environ, "NTLM_USER_FILE": accounts.name},
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise PeerBroken(f"curl: {error}") from error
    body, _, report = done.stdout.decode(errors="replace").rpartition("\n")
    try:
        status, connections = map(int, report.split())
    except ValueError:
        raise PeerBroken(f"curl says {report!r}, exit status {done.returncode}") from None
    if status == 0:  # no answer: why not
        body = done.stderr.decode(errors="replace")[-300:]
    return CurlAnswer(status, connections, body)
