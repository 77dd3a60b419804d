# SPDX-License-Identifier: Apache-2.0
"""samba-ntlm: Samba's ntlm_auth by the helper protocols that Squid and Firefox use. It checks the password
that it was given, whatever the account's name, and needs no winbindd. It tells the session key, and can
neither seal nor sign for us.

    client, ntlmssp-client-1    YR -> YR token          TT challenge -> AF token, or KK token
    server, squid-2.5-ntlmssp   YR token -> TT token    KK token -> AF DOMAIN\\user | NA reason | BH reason
    both                        SF feature -> OK        GK -> GK base64        GF -> GF 0xflags

Options: lines of smb.conf, and "features", a tuple out of SESSION_KEY SIGN SEAL.
"""

import base64

from .line_process import LineProcess
from .peer import Peer, PeerBroken, PeerRefused
from .samba_settings import SambaSettings

PROGRAM = "/usr/bin/ntlm_auth"
PROTOCOL = {"client": "ntlmssp-client-1", "server": "squid-2.5-ntlmssp"}


class SambaPeer(Peer):
    name = "samba-ntlm"
    can = frozenset({"key"})

    def __init__(self, role, side):
        options = dict(side.options)
        self._features = options.pop("features", ("SESSION_KEY", "SIGN", "SEAL"))
        self._settings = SambaSettings("SAMBA1", options)
        self._client = role == "client"
        self._command = [
            PROGRAM,
            f"--configfile={self._settings.file}",
            f"--helper-protocol={PROTOCOL[role]}",
            f"--username={side.user}",
            f"--domain={side.domain}",
            f"--password={side.password}",
        ]
        self._process = None
        self._first = True
        self.caller = None  # server: DOMAIN\user as Samba saw it

    def begin(self):
        # A YR starts a new login in the same process, whatever became of the last one.
        if self._process is None:
            self._process = LineProcess(self._command)
            for feature in self._features:
                answer = self._process.ask(f"SF NTLMSSP_FEATURE_{feature}")
                if answer != "OK":
                    raise PeerBroken(f"ntlm_auth: SF {feature} was answered with {answer!r}")
        self._first = True

    def step(self, token):
        text = base64.b64encode(token).decode()
        if self._client:
            line = "YR" if self._first else f"TT {text}"
        else:
            line = f"YR {text}" if self._first else f"KK {text}"
        self._first = False
        word, _, rest = self._process.ask(line).partition(" ")
        if word in ("NA", "BH"):
            raise PeerRefused(f"{word} {rest}")
        if word not in ("YR", "TT", "KK", "AF"):
            raise PeerBroken(f"ntlm_auth: {line[:2]} was answered with {word!r} {rest[:80]!r}")
        if word == "AF" and not self._client:
            self.caller = rest
            return b"", True
        return base64.b64decode(rest), word == "AF" or (self._client and word == "KK")

    def session_key(self):
        word, _, rest = self._process.ask("GK").partition(" ")
        if word != "GK":
            raise PeerRefused(f"GK: {word} {rest}")
        return base64.b64decode(rest)

    def flags(self):
        """The NegotiateFlags that were agreed."""
        word, _, rest = self._process.ask("GF").partition(" ")
        if word != "GF":
            raise PeerRefused(f"GF: {word} {rest}")
        return int(rest, 16)

    def close(self):
        if self._process is not None:
            self._process.close()
            self._process = None
        self._settings.close()
