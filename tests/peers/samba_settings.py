# SPDX-License-Identifier: Apache-2.0
"""A Samba configuration of one's own: nothing of the machine's, nothing shared, gone with its folder."""

import pathlib
import tempfile

FOLDERS = (
    "private dir",
    "lock directory",
    "state directory",
    "cache directory",
    "pid directory",
    "ncalrpc dir",
)


class SambaSettings:
    """options: lines of smb.conf's [global]; ntlmssp_client:keyexchange = no and its like change what Samba
    negotiates."""

    def __init__(self, computer, options):
        self._folder = tempfile.TemporaryDirectory(prefix="samba-peer.")
        self.file = pathlib.Path(self._folder.name) / "smb.conf"
        lines = {"workgroup": "EXAMPLE", "netbios name": computer, "ntlm auth": "ntlmv2-only"}
        lines |= {folder: self._folder.name for folder in FOLDERS}
        lines |= options
        self.file.write_text("[global]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items()))

    def close(self):
        self._folder.cleanup()
