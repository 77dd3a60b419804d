# SPDX-License-Identifier: Apache-2.0
"""TLS with implementations of others: much data both ways, and a stream that comes in any pieces."""

import threading

from peers.tls_program import GnutlsServer, OpensslClient, OpensslServer

from .checks import Check
from .tls_common import VERSIONS, OurSide, can_check, must, must_be, must_be_same, must_exchange, octets

HOST_SIZE, BOARD_SIZE = 10_000_000, 10_000  # a board's UART takes some 8,000 characters a second


def _size(ours):
    return HOST_SIZE if ours.on_host else BOARD_SIZE


def _both_ways(wire, peer, size):
    """peer: a program that sends its standard input, and says what it receives."""
    to_peer, from_peer = octets(size, 1), octets(size, 2)
    before = len(peer.said)
    wire.send(to_peer)
    peer.wait_until(lambda said: len(said) >= before + size)
    must_be_same(peer.said[before:], to_peer, "what the peer received")
    telling = threading.Thread(target=peer.tell, args=(from_peer,), daemon=True)
    telling.start()
    must_be_same(wire.receive_exactly(size), from_peer, "what we received")
    telling.join(5.0)


def _client(ours, version, certificate):
    with OurSide(ours, "client") as we, OpensslServer(certificate, version, quiet=True) as peer:
        wire = we.wire(peer.connect())
        wire.handshake()
        suite = must_be(wire, version)
        _both_ways(wire, peer, _size(ours))
        wire.shutdown()
        must(wire.receive_all() == b"", "data after the end")
    return suite


def _server(ours, version, certificate):
    with OurSide(ours, "server", certificate) as we, OpensslClient(
        we.port, version, quiet=True, options=["-verify_quiet"]
    ) as peer:
        wire = we.accept()
        wire.handshake()
        suite = must_be(wire, version)
        _both_ways(wire, peer, _size(ours))
    return suite


def _suite(ours, role, version, suite):
    """A cipher suite of each kind, by the peer's choice alone. CBC's have to be named."""
    words = {"algs": "8004,800c,800d"} if suite in CBC else {}
    options = ["-ciphersuites" if version == "1.3" else "-cipher", suite]
    certificate = "server-rsa" if "RSA" in suite and "ECDSA" not in suite else "server"
    if role == "client":
        with OurSide(ours, "client", **words) as we, OpensslServer(
            certificate, version, True, options=options
        ) as peer:
            wire = we.wire(peer.connect())
            return _with_suite(wire, peer, version)
    with OurSide(ours, "server", certificate, **words) as we, OpensslClient(
        we.port, version, True, options=[*options, "-verify_quiet"]
    ) as peer:
        return _with_suite(we.accept(), peer, version)


def _with_suite(wire, peer, version):
    wire.handshake()
    name = must_be(wire, version)
    _both_ways(wire, peer, 50_000)
    info = wire.channel.tells("key-info")
    return f"{name}, {info['cipher']} {info['bits']}"


def _echo(ours, version):
    """gnutls-serv sends back what it receives, in records of its own size. It wants text in lines."""
    line = 50_000  # what the sockets between us hold
    with OurSide(ours, "client") as we, GnutlsServer(version=version) as peer:
        wire = we.wire(peer.connect())
        wire.handshake()
        for number in range(_size(ours) // 10 // line):
            text = octets(line // 2, number).hex().encode() + b"\n"
            wire.send(text)
            must_be_same(wire.receive_exactly(len(text)), text, "what came back")


def _pieces_client(ours, version, chop, size):
    """Each call is given so many octets more, until it has enough."""
    with OurSide(ours, "client") as we, OpensslServer(version=version, quiet=True) as peer:
        wire = we.wire(peer.connect(), chop=chop)
        wire.handshake()
        must_be(wire, version)
        _both_ways(wire, peer, size)


def _pieces_server(ours, version, chop, size):
    with OurSide(ours, "server", "server") as we, OpensslClient(
        we.port, version, quiet=True, options=["-verify_quiet"]
    ) as peer:
        wire = we.accept(chop=chop)
        wire.handshake()
        must_be(wire, version)
        _both_ways(wire, peer, size)


def _fragments(ours, role, version):
    """The peer sends records of 512 octets at most: messages of the handshake in pieces, and data."""
    options = ["-max_send_frag", "512", "-split_send_frag", "512", "-verify_quiet"]
    own = "server-chained" if role == "server" else "client-rsa"
    with OurSide(ours, role, own, chain="intermediate" if role == "server" else None) as we:
        if role == "client":
            options += ["-Verify", "3"]
            peer = OpensslServer("server-chained", version, True, client_ca="root-rsa", options=options)
        else:
            peer = OpensslClient(we.port, version, True, certificate="client-rsa", options=options)
        with peer:
            wire = we.wire(peer.connect()) if role == "client" else we.accept(flags="stream,extended,mutual")
            wire.handshake()
            must_be(wire, version)
            _both_ways(wire, peer, 20_000)


def _small_room(ours, role):
    """An output buffer that is too small, by one octet and by all: nothing happens but that it says how large."""
    with OurSide(ours, role, *(["server"] if role == "server" else [])) as we:
        peer = OpensslServer(version="1.2") if role == "client" else OpensslClient(we.port, "1.2")
        with peer:
            wire = we.wire(peer.connect()) if role == "client" else we.accept()
            refused = _with_small_rooms(wire)
            must_exchange(wire, peer)
    return f"{refused} calls had too little room"


def _with_small_rooms(wire):
    """A handshake in which every call has too little room at first, if it has something to write."""
    refused = 0
    step = wire.channel.step

    def step_with_less(data=b"", room=None):
        nonlocal refused
        size = 0
        while True:
            answer = step(data, size)
            if answer.status != "SEC_E_BUFFER_TOO_SMALL":
                return answer
            refused += 1
            needed = answer.count("needed")
            must(needed > size, f"{needed} octets are needed, where {size} are too few")
            size = needed

    wire.channel.step = step_with_less
    wire.handshake()
    wire.channel.step = step
    must(refused > 0, "every call had enough room")
    return refused


CBC = ("ECDHE-ECDSA-AES128-SHA256", "ECDHE-RSA-AES256-SHA384")
SUITES = {
    "1.2": (
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-ECDSA-AES128-CCM",
        "ECDHE-ECDSA-CHACHA20-POLY1305",
        "ECDHE-RSA-AES256-GCM-SHA384",
        *CBC,
    ),
    "1.3": (
        "TLS_AES_128_GCM_SHA256",
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_AES_128_CCM_SHA256",
    ),
}


def checks(ours):
    if not can_check(ours):
        return

    def check(name, run, *arguments):
        return Check(f"tls data, {name}", lambda: run(ours, *arguments))

    size = _size(ours)
    for version in VERSIONS:
        yield check(f"client to openssl {version}: {size:,} octets each way", _client, version, "server")
        yield check(f"server from openssl {version}: {size:,} octets each way", _server, version, "server")
        pieces = ((1, 2000), (20_011, 100_000)) if ours.on_host else ((700, 3000),)
        for chop, count in pieces:
            yield check(
                f"client to openssl {version}: in pieces of {chop}", _pieces_client, version, chop, count
            )
            yield check(
                f"server from openssl {version}: in pieces of {chop}", _pieces_server, version, chop, count
            )
        if not ours.on_host:
            continue
        yield check(f"client to openssl {version}: messages in fragments", _fragments, "client", version)
        yield check(f"server from openssl {version}: messages in fragments", _fragments, "server", version)
        yield check(f"client to gnutls {version}: what is sent comes back", _echo, version)
        for suite in SUITES[version]:
            yield check(f"client to openssl {version}: {suite}", _suite, "client", version, suite)
            yield check(f"server from openssl {version}: {suite}", _suite, "server", version, suite)
    yield check("client to openssl 1.2: too little room for a token, then enough", _small_room, "client")
    yield check("server from openssl 1.2: too little room for a token, then enough", _small_room, "server")
