# SPDX-License-Identifier: Apache-2.0
"""The peers' own SPNEGO around their NTLM.

    gss-spnego         MIT's; Kerberos is first on its list, by a ticket and a keytab of kerberos_files.py
    gss-spnego-ntlm    MIT's, with NTLM alone on its list
    gensec-spnego      Samba's library; with the option "kerberos" a client has a ticket too. Its user is then
                       of Kerberos' form, alice@EXAMPLE.TEST and no domain, also where it falls back to NTLM
    samba-spnego       Samba's ntlm_auth, by the helper protocols

    client, gss-spnego-client   YR -> YR token      TT token -> KK token, in the end AF [token]
    server, gss-spnego          YR [token] -> TT token *
                                KK token -> TT token * | AF token DOMAIN\\user | NA * reason
"""

import base64

from .gensec_peer import GensecPeer
from .gss_peer import GssPeer
from .kerberos_files import REALM, KerberosFiles
from .line_process import LineProcess
from .peer import PeerBroken, PeerRefused
from .samba_peer import PROGRAM, SambaPeer

PROTOCOL = {True: "gss-spnego-client", False: "gss-spnego"}


class GssSpnegoNtlmPeer(GssPeer):
    mechanism = "spnego-ntlm"


class GssSpnegoPeer(GssPeer):
    mechanism = "spnego"
    names_itself = False

    def __init__(self, role, side):
        self._kerberos = KerberosFiles(side.spn)
        super().__init__(role, side, self._kerberos.environment)

    def close(self):
        super().close()
        self._kerberos.close()


class GensecSpnegoPeer(GensecPeer):
    name, mechanism = "gensec-spnego", "spnego"

    def __init__(self, role, side):
        self._kerberos = KerberosFiles(side.spn)
        if side.options.get("kerberos"):
            side = side.but(options={**side.options, "kerberos": REALM})
        super().__init__(role, side, self._kerberos.environment)

    def close(self):
        super().close()
        self._kerberos.close()


class SambaSpnegoPeer(SambaPeer):
    name = "samba-spnego"

    def begin(self):
        # A process of its own for each login: these helpers have no word for a new one.
        if self._process is not None:
            self._process.close()
            self._process = None
        self._command = [
            PROGRAM,
            self._command[1],
            f"--helper-protocol={PROTOCOL[self._client]}",
            *self._command[3:],
        ]
        self._process = LineProcess(self._command)
        for feature in self._features:
            if self._process.ask(f"SF NTLMSSP_FEATURE_{feature}") != "OK":
                raise PeerBroken(f"ntlm_auth: SF {feature}")
        self._first = True

    def step(self, token):
        text = base64.b64encode(token).decode()
        if self._client:
            line = f"TT {text}" if token else "YR"
        else:
            line = f"{'YR' if self._first else 'KK'} {text}".rstrip()
        self._first = False
        word, _, rest = self._process.ask(line).partition(" ")
        if word in ("NA", "BH"):
            raise PeerRefused(f"{word} {rest}")
        if word not in ("YR", "TT", "KK", "AF"):
            raise PeerBroken(f"ntlm_auth: {line[:2]} was answered with {word!r} {rest[:80]!r}")
        octets, _, caller = rest.partition(" ")
        if word == "AF" and not self._client:
            self.caller = caller
        return b"" if octets in ("", "*") else base64.b64decode(octets), word == "AF"
