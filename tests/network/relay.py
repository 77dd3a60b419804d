# SPDX-License-Identifier: Apache-2.0
"""A relay between a client and a server that carries whole messages, and does one fault to one of them.

Which messages there are is learnt from a login without a fault: Relay(connect).messages. The same fault happens on
every connection that is made to the relay, so that a client gains nothing by trying again."""

import contextlib
import random
import select
import socket
import struct
import threading
import time
from dataclasses import dataclass

from .framing import Conversation, Framer

TO_SERVER, TO_CLIENT = "to the server", "to the client"
DIRECTIONS = (TO_SERVER, TO_CLIENT)

STALL = "stall"  # no octet more, in neither direction, but the connection stays
RESET = "reset"  # RST
CLOSE = "close"  # FIN; what else comes is taken, and thrown away
DRIP = "drip"  # the rest of the message octet by octet
CRAWL = "crawl"  # the same, and slowly
GARBAGE = "garbage"  # the rest of the message is random octets
FLIP = "flip"  # one bit is another
DOUBLE = "double"  # the message comes twice
SURPLUS = "surplus"  # random octets behind the message

DRIP_SECONDS = 0.0002
CRAWL_SECONDS = 0.2
MOST_SURPLUS = 300


@dataclass(frozen=True)
class Fault:
    """What happens to the message of that number (from 0, of its direction and connection) at that octet (below 0:
    from its end). The seed says which random octets, or bit."""

    kind: str
    direction: str
    number: int
    octet: int = 0
    seed: int = 0

    def __str__(self):
        return f"{self.kind} {self.direction}, message {self.number} octet {self.octet} (seed {self.seed})"


@dataclass(frozen=True)
class Seen:
    """A message that was carried."""

    connection: int
    direction: str
    number: int
    size: int
    name: str
    parts: tuple


class _Over(Exception):
    """Nothing more is carried on this connection."""


def reset(connection):
    """Ends it by RST, not FIN."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class _Connection:
    def __init__(self, number, client, server, relay):
        self._number, self._fault, self._before = number, relay.fault, relay.before
        self._seen, self._stop = relay.seen, relay.stop
        self._client, self._server = client, server
        conversation = Conversation()
        self._sources = {client: TO_SERVER, server: TO_CLIENT}
        self._sinks = {TO_SERVER: server, TO_CLIENT: client}
        self._framers = {direction: Framer(conversation) for direction in DIRECTIONS}
        self._counts = dict.fromkeys(DIRECTIONS, 0)
        self.outwaited = {}  # after a stall: the direction whose source has ended its side, and after how many seconds
        for each in (client, server):
            if each.family != socket.AF_UNIX:
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def run(self):
        try:
            while self._sources:
                for source in select.select(list(self._sources), [], [])[0]:
                    self._take(source)
        except _Over:
            return
        except OSError:
            pass  # one of them is gone: so is the other
        self.close()

    def interrupt(self):
        """Makes run come to its end, whatever it waits for."""
        for each in (self._client, self._server):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self):
        """After run, or to end a stalled one."""
        self._client.close()
        self._server.close()

    def _take(self, source):
        direction = self._sources[source]
        framer = self._framers[direction]
        try:
            octets = source.recv(65536)
        except ConnectionError:
            reset(self._sinks[direction])  # as it came
            raise
        framer.feed(octets)
        while message := framer.take():
            self._carry(direction, message)
        if not octets:
            if message := framer.rest():
                self._carry(direction, message)
            self._sinks[direction].shutdown(socket.SHUT_WR)
            del self._sources[source]

    def _carry(self, direction, message):
        number = self._counts[direction]
        self._counts[direction] += 1
        self._seen.append(Seen(self._number, direction, number, len(message.octets), message.name, message.parts))
        if self._before is not None:
            self._before(direction, number)
        fault = self._fault
        if fault is None or (fault.direction, fault.number) != (direction, number):
            self._sinks[direction].sendall(message.octets)
        else:
            self._fail(fault, self._sinks[direction], message.octets)

    def _fail(self, fault, sink, octets):
        at = min(fault.octet, len(octets) - 1) if fault.octet >= 0 else len(octets) + fault.octet
        chance = random.Random(fault.seed)
        if fault.kind in (STALL, RESET, CLOSE):
            sink.sendall(octets[:at])
            self._end(fault.kind)
        elif fault.kind in (DRIP, CRAWL):
            sink.sendall(octets[:at])
            self._drip(sink, octets[at:], DRIP_SECONDS if fault.kind == DRIP else CRAWL_SECONDS)
        elif fault.kind == GARBAGE:
            sink.sendall(octets[:at] + chance.randbytes(len(octets) - at))
        elif fault.kind == FLIP:
            sink.sendall(octets[:at] + bytes([octets[at] ^ 1 << chance.randrange(8)]) + octets[at + 1 :])
        elif fault.kind == DOUBLE:
            sink.sendall(octets + octets)
        elif fault.kind == SURPLUS:
            sink.sendall(octets + chance.randbytes(chance.randint(1, MOST_SURPLUS)))

    def _end(self, kind):
        if kind == STALL:
            self._outwait()
        elif kind == RESET:
            reset(self._client)
            reset(self._server)
        elif kind == CLOSE:
            for each in (self._client, self._server):
                each.shutdown(socket.SHUT_WR)
            while self._sources:
                for source in select.select(list(self._sources), [], [])[0]:
                    if not source.recv(65536):
                        del self._sources[source]
            self.close()
        raise _Over  # a stalled one is closed with the relay

    def _outwait(self):
        """Until both have ended their sides, and notes when the first did."""
        begin = time.monotonic()
        while self._sources:
            for source in select.select(list(self._sources), [], [])[0]:
                try:
                    ended = not source.recv(65536)
                except ConnectionError:
                    ended = True
                if ended:
                    self.outwaited.setdefault(self._sources.pop(source), time.monotonic() - begin)

    def _drip(self, sink, octets, seconds):
        for octet in octets:
            if self._stop.is_set():
                raise _Over
            sink.sendall(bytes([octet]))
            time.sleep(seconds)


def at(port):
    """Of a server on this machine."""
    return lambda: socket.create_connection(("127.0.0.1", port), 5.0)


class Relay:
    """Listens at port, on the loopback, and joins each who comes with a server: connect() makes a connection to it.
    before(direction, number) is called before each message is carried."""

    def __init__(self, connect, fault=None, before=None):
        self.fault, self.before = fault, before
        self._connect = connect
        self.seen = []
        self.stop = threading.Event()
        self._connections = []
        self._threads = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    @property
    def messages(self):
        """Those that were carried until now, in their order."""
        return tuple(self.seen)

    def outwaited(self, direction):
        """Whether that direction's source has ended each stalled connection, and after how many seconds at most."""
        times = [connection.outwaited.get(direction) for connection in self._connections]
        return None if None in times else max(times, default=0.0)

    def settled(self, seconds):
        """Whether both sides of each connection are gone within so many seconds."""
        end = time.monotonic() + seconds
        for thread in list(self._threads):
            thread.join(max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _accept(self):
        while not self.stop.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._join(client)

    def _join(self, client):
        client.settimeout(None)
        try:
            server = self._connect()
        except OSError:
            reset(client)
            return
        server.settimeout(None)
        made = _Connection(len(self._connections), client, server, self)
        self._connections.append(made)
        thread = threading.Thread(target=made.run, daemon=True)
        self._threads.append(thread)
        thread.start()

    def close(self):
        self.stop.set()
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept
        self._acceptor.join()
        self._listener.close()
        for connection, thread in zip(self._connections, self._threads):
            connection.interrupt()
            thread.join(5.0)
            connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
