#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A way into another network on the same machine: a socket in the file system is the same one in all of them.

    bridge = Bridge(dc, 389)      bridge.connect() is a connection to that port in the domain controller's network

As a program, in that network: bridge.py PATH PORT joins each connection to the socket at PATH with one to the port.
Ends with its standard input."""

import contextlib
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading


class Bridge:
    def __init__(self, network, port):
        """network.popen runs a program there."""
        self._folder = tempfile.TemporaryDirectory(prefix="bridge.")
        self._path = f"{self._folder.name}/socket"
        self._child = network.popen(
            [sys.executable, "-B", str(pathlib.Path(__file__).resolve()), self._path, str(port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._child.stdout.readline()  # it listens, or has ended

    def connect(self):
        made = socket.socket(socket.AF_UNIX)
        made.connect(self._path)
        return made

    def close(self):
        self._child.stdin.close()
        self._child.wait()
        self._child.stdout.close()
        self._folder.cleanup()


def _pump(source, sink):
    with contextlib.suppress(OSError):
        while octets := source.recv(65536):
            sink.sendall(octets)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def _join(outer, port):
    with outer, socket.create_connection(("127.0.0.1", port)) as inner:
        inner.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        back = threading.Thread(target=_pump, args=(inner, outer), daemon=True)
        back.start()
        _pump(outer, inner)
        back.join()


def _end_with_input():
    sys.stdin.read()
    os._exit(0)


def main(path, port):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(64)
        threading.Thread(target=_end_with_input, daemon=True).start()
        print("listening", flush=True)
        while True:
            outer, _ = listener.accept()
            threading.Thread(target=_join, args=(outer, port), daemon=True).start()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
