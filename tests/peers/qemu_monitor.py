# SPDX-License-Identifier: Apache-2.0
"""QEMU's monitor (QMP, a JSON object a line) over a socket of the file system."""

import json
import re
import socket
import time

from .peer import PeerBroken

SECONDS = 10.0


class Monitor:
    """Connects when it is first asked."""

    def __init__(self, path):
        self._path = path
        self._file = None
        self._forwarded = {}

    def execute(self, command, **arguments):
        if self._file is None:
            self._connect()
        return self._ask(command, arguments)

    def human(self, line):
        """A line of the monitor for people, and what it prints."""
        return self.execute("human-monitor-command", **{"command-line": line})

    def forward(self, address, port):
        """A free port of the loopback that leads to a port of the user network's guest."""
        if (address, port) not in self._forwarded:
            said = self.human(f"hostfwd_add tcp:127.0.0.1:0-{address}:{port}")
            rows = re.findall(
                rf"HOST_FORWARD\]\s+\S+\s+\S+\s+(\d+)\s+{re.escape(address)}\s+{port}\s", self.human("info usernet")
            )
            if said.strip() or len(rows) != 1:
                raise PeerBroken(f"QEMU forwards no port to {address}:{port}: {said}")
            self._forwarded[address, port] = int(rows[0])
        return self._forwarded[address, port]

    def close(self):
        if self._file is not None:
            self._file.close()
            self._socket.close()
            self._file = None

    def _connect(self):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(SECONDS)
        end = time.monotonic() + SECONDS
        while True:
            try:
                self._socket.connect(self._path)
                break
            except OSError as error:
                if time.monotonic() > end:
                    raise PeerBroken(f"QEMU's monitor: {error.strerror}") from error
                time.sleep(0.05)
        self._file = self._socket.makefile("rw", encoding="utf-8")
        self._file.readline()  # the greeting
        self._ask("qmp_capabilities", {})

    def _ask(self, command, arguments):
        try:
            self._file.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
            self._file.flush()
            while True:
                line = self._file.readline()
                if not line:
                    raise PeerBroken("QEMU's monitor has ended")
                answer = json.loads(line)
                if "return" in answer:
                    return answer["return"]
                if "error" in answer:
                    raise PeerBroken(f"{command}: {answer['error']['desc']}")
                # else an event
        except OSError as error:
            raise PeerBroken(f"QEMU's monitor: {error}") from error
