# SPDX-License-Identifier: Apache-2.0
"""gensec-ntlm: Samba's own library for all of its protocols, by python3-samba. It seals and signs. Options:
lines of smb.conf, and "features" as with samba-ntlm. A server knows the accounts of sam_database.py and no
others."""

import pathlib

from . import sam_database
from .line_peer import LinePeer
from .samba_settings import SambaSettings

CHILD = pathlib.Path(__file__).with_name("gensec_child.py")


class GensecPeer(LinePeer):
    name, mechanism = "gensec-ntlm", "ntlmssp"

    def __init__(self, role, side, environment=None):
        options = dict(side.options)
        features = options.pop("features", ("SESSION_KEY", "SIGN", "SEAL"))
        switches = {"features": ",".join(features), "mechanism": self.mechanism}
        if "kerberos" in options:
            switches["kerberos"] = options.pop("kerberos")
        self._settings = None
        if role == "server":
            settings = sam_database.settings_file()
            switches |= options
        else:
            self._settings = SambaSettings("GENSEC1", options)
            settings = self._settings.file
        command = [
            "/usr/bin/python3",
            "-B",
            CHILD,
            role,
            settings,
            side.user,
            side.domain,
            side.password,
            side.spn,
        ]
        command += [f"{key}={value}" for key, value in switches.items()]
        super().__init__(self.name, command, environment, can_reset=True)

    def close(self):
        super().close()
        if self._settings is not None:
            self._settings.close()
