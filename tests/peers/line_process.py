# SPDX-License-Identifier: Apache-2.0
"""A child process that answers each line with a line, and never gets more time than it should need."""

import os
import select
import subprocess
import tempfile
import time

from .peer import PeerBroken

STDERR_SHOWN = 600


class LineProcess:
    def __init__(self, command, environment=None, seconds=20.0):
        self.command = [str(word) for word in command]
        self.seconds = seconds
        self._unread = b""
        self._stderr = tempfile.TemporaryFile()
        try:
            self._child = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._stderr,
                bufsize=0,
                env={**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})},
            )
        except OSError as error:
            raise PeerBroken(f"{self.command[0]}: {error.strerror}") from error

    def ask(self, line):
        """Sends the line, returns the answer without its newline."""
        self.send(line)
        return self.read_line()

    def send(self, line):
        try:
            self._child.stdin.write(line.encode() + b"\n")
        except OSError as error:
            raise PeerBroken(self._obituary("closed its input")) from error

    def read_line(self):
        end = time.monotonic() + self.seconds
        while b"\n" not in self._unread:
            ready, _, _ = select.select([self._child.stdout], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise PeerBroken(self._obituary(f"did not answer within {self.seconds:g} s"))
            octets = os.read(self._child.stdout.fileno(), 65536)
            if not octets:
                raise PeerBroken(self._obituary("ended"))
            self._unread += octets
        line, self._unread = self._unread.split(b"\n", 1)
        return line.decode("utf-8", "replace").rstrip("\r")

    def finish(self, last_line=None):
        """Sends the last line, if any, closes the input, and returns what the child still says, and what it
        ever said on stderr."""
        said = b""
        try:
            if last_line is not None:
                self.send(last_line)
            said, _ = self._child.communicate(timeout=self.seconds)
        except (OSError, PeerBroken, subprocess.TimeoutExpired):
            pass
        self._stderr.seek(0)
        said = self._unread + (said or b"") + self._stderr.read()
        self.close()
        return said.decode("utf-8", "replace")

    def status(self):
        """The exit status of a child that has ended, else None."""
        return self._child.poll()

    def close(self):
        for stream in (self._child.stdin, self._child.stdout):
            try:
                stream.close()
            except OSError:
                pass
        try:
            self._child.wait(2.0)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait(5.0)
        self._stderr.close()

    def _obituary(self, what):
        try:
            self._child.wait(0.5)
            what += f" (status {self._child.returncode})"
        except subprocess.TimeoutExpired:
            pass
        self._stderr.seek(0)
        heard = self._unread + self._last_words() + self._stderr.read()
        words = " ".join(heard.decode("utf-8", "replace").split())[-STDERR_SHOWN:]
        return f"{os.path.basename(self.command[0])} {what}" + (f": {words}" if words else "")

    def _last_words(self):
        ready, _, _ = select.select([self._child.stdout], [], [], 0)
        return os.read(self._child.stdout.fileno(), 65536) if ready else b""
