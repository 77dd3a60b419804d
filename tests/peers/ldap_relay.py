#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A relay between a directory's client and the directory, that does one thing to what the server sends once the bind
has succeeded, or to what the client sends. It prints its port, takes one connection after another, and ends with its
input.

    ldap_relay.py SERVER_PORT DEED

The deeds, to the first message of the security layer (four octets of its size, and what it wraps):
    none       nothing
    flip       the server's has one bit altered
    flip-ours  the client's has
    twice      the server's comes twice
    cut        the server's ends in the middle, and so does the connection
    half       the server's stops in the middle, and nothing more comes
    silent     it never comes
    huge       a size of two gigabytes comes in its place
    clear      an LDAP message that nobody protects comes in its place
    early      and such a one comes in one piece with the server's answer to the bind
    piecemeal  everything comes octet by octet"""

import select
import socket
import sys
import threading
import time

BIND_RESPONSE = 0x61
DONE = bytes.fromhex("300c02010365070a010004000400")  # SearchResultDone, success


def element(octets):
    """(the size of the head, the size of the content) of a BER element, or None where more is needed."""
    if len(octets) < 2:
        return None
    if octets[1] < 0x80:
        return 2, octets[1]
    count = octets[1] & 0x7F
    return (2 + count, int.from_bytes(octets[2 : 2 + count], "big")) if len(octets) >= 2 + count else None


class Reader:
    """A socket's octets, in messages."""

    def __init__(self, source):
        self.source, self.kept = source, b""

    def take(self, size):
        while len(self.kept) < size:
            more = self.source.recv(65536)
            if not more:
                raise EOFError
            self.kept += more
        taken, self.kept = self.kept[:size], self.kept[size:]
        return taken

    def message(self):
        """An LDAP message in the clear."""
        head = self.take(2)
        while element(head) is None:
            head += self.take(1)
        return head + self.take(element(head)[1])

    def wrapped(self):
        """A message of the security layer."""
        size = self.take(4)
        return size + self.take(int.from_bytes(size, "big"))


def bind_succeeded(message):
    start = element(message)[0]
    start += 2 + message[start + 1]  # messageID
    if message[start] != BIND_RESPONSE:
        return False
    start += element(message[start:])[0]
    return message[start : start + 3] == b"\x0a\x01\x00"


def flipped(message):
    return message[:-1] + bytes([message[-1] ^ 1])


class Relay:
    def __init__(self, client, server_port, deed):
        self.client, self.deed = client, deed
        self.server = socket.create_connection(("127.0.0.1", server_port))
        self.bound = threading.Event()

    def run(self):
        threading.Thread(target=self.upwards, daemon=True).start()
        try:
            self.downwards()
        except (OSError, EOFError):
            pass
        for each in (self.client, self.server):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def upwards(self):
        """The client's messages, as they are; or its first one of the layer with a bit altered."""
        reader = Reader(self.client)
        try:
            while self.deed == "flip-ours" and not self.bound.is_set():
                self.server.sendall(reader.message())
                # Its next one comes when it has the server's answer.
                select.select([self.client], [], [])
            if self.deed == "flip-ours":
                self.server.sendall(flipped(reader.wrapped()))
            while octets := self.client.recv(65536):
                self.server.sendall(octets)
            self.server.shutdown(socket.SHUT_WR)
        except (OSError, EOFError):
            pass

    def send(self, octets):
        if self.deed != "piecemeal":
            return self.client.sendall(octets)
        for octet in octets:
            self.client.sendall(bytes([octet]))
            time.sleep(0.0002)
        return None

    def downwards(self):
        reader = Reader(self.server)
        while not self.bound.is_set():
            message = reader.message()
            if bind_succeeded(message):
                self.bound.set()
                if self.deed == "early":
                    message += DONE
            self.send(message)
        message = reader.wrapped()
        if self.deed in ("cut", "half", "silent"):
            self.send(b"" if self.deed == "silent" else message[: len(message) // 2])
            if self.deed != "cut":
                time.sleep(3600)  # a thread of its own, which ends with the program
            return
        changed = {
            "flip": flipped(message),
            "twice": message * 2,
            "huge": bytes.fromhex("7fffffff") + message,
            "clear": DONE,
        }
        self.send(changed.get(self.deed, message))
        while True:
            self.send(reader.wrapped())


def main():
    port, deed = int(sys.argv[1]), sys.argv[2]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            ready, _, _ = select.select([listener, sys.stdin], [], [])
            if sys.stdin in ready:
                return
            client, _ = listener.accept()
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=Relay(client, port, deed).run, daemon=True).start()


if __name__ == "__main__":
    main()
