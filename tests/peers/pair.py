# SPDX-License-Identifier: Apache-2.0
"""Joins a client and a server: carries the tokens, alters them if it is told to, and compares what both sides
hold in the end."""

from dataclasses import dataclass, field

from .peer import PeerBroken, PeerRefused

MESSAGES = (b"hello", bytes(range(256)) * 4, b"x", b"the last of four")
MOST_LEGS = 8


class CheckFailed(Exception):
    """A login or a message did not end as it must. The text says in what."""


class LoginStalled(PeerBroken):
    """One side has no more to say, while the other waits for more. side: the silent one."""


@dataclass
class Outcome:
    established: bool = False
    refused_by: str = ""  # client, server
    reason: str = ""
    legs: list = field(default_factory=list)  # (sender, token), as sent, before any alteration

    def __str__(self):
        return "established" if self.established else f"{self.refused_by} refused: {self.reason}"


def login(client, server, alter=None, see=None, server_first=False):
    """One login. alter(leg, token), leg counting from 1, returns what arrives in the token's place.
    see(sender, token) is told of every token on its way. A refusal by either side is an outcome; a side that
    breaks is PeerBroken, with .side saying which. server_first: as in protocols where the server's hint comes
    before anything of the client's."""
    client.begin()
    server.begin()
    outcome = Outcome()
    token, done = b"", {"client": False, "server": False}
    names = ("client", "server")
    peers = {"client": client, "server": server}
    for turn in range(server_first, server_first + MOST_LEGS):
        name = names[turn % 2]
        try:
            sent, done[name] = peers[name].step(token)
        except PeerRefused as refusal:
            outcome.refused_by, outcome.reason = name, str(refusal)
            return outcome
        except PeerBroken as broken:
            broken.side = name
            raise
        if not sent:
            if not all(done.values()):
                raise LoginStalled(
                    f"the {name} ({peers[name].name}) has nothing to say, and the login is not over", name
                )
            outcome.established = True
            return outcome
        outcome.legs.append((name, sent))
        if see is not None:
            see(name, sent)
        token = alter(len(outcome.legs), sent) if alter is not None else sent
    raise PeerBroken(f"no end after {MOST_LEGS} legs")


def flip(leg, offset, bit=0):
    """An alter() for login: one bit of one octet of one leg."""

    def alter(number, token):
        if number != leg:
            return token
        octets = bytearray(token)
        octets[offset] ^= 1 << bit
        return bytes(octets)

    return alter


def must_establish(client, server, alter=None, see=None, server_first=False):
    outcome = login(client, server, alter, see, server_first)
    if not outcome.established:
        raise CheckFailed(str(outcome))
    return outcome


def must_refuse(client, server, alter=None, by=("client", "server")):
    outcome = login(client, server, alter)
    if outcome.established:
        raise CheckFailed("established")
    if outcome.refused_by not in by:
        raise CheckFailed(f"{outcome}, not the {' or '.join(by)}")
    return outcome


def must_share_key(client, server):
    """Both hold the same session key. Returns it."""
    keys = client.session_key(), server.session_key()
    if keys[0] != keys[1] or len(keys[0]) != 16:
        raise CheckFailed(f"session keys: client {keys[0].hex()}, server {keys[1].hex()}")
    if not any(keys[0]):
        raise CheckFailed("the session key is all zeros")
    return keys[0]


def must_carry_sealed(sender, receiver, messages=MESSAGES):
    """Sealed messages arrive, octet for octet, and could not be read under way."""
    for data in messages:
        message = sender.seal(data)
        if len(message) != 16 + len(data):
            raise CheckFailed(f"{len(data)} octets were sealed to {len(message)}, not {16 + len(data)}")
        if len(data) > 4 and data in message:
            raise CheckFailed("the sealed message holds its plaintext")
        got = receiver.unseal(message)
        if got != data:
            raise CheckFailed(
                f"sealed {data[:16].hex()} ({len(data)}) arrived as {got[:16].hex()} ({len(got)})"
            )


def must_carry_signed(sender, receiver, messages=MESSAGES):
    for data in messages:
        signature = sender.sign(data)
        if len(signature) != 16:
            raise CheckFailed(f"a signature of {len(signature)} octets")
        receiver.verify(data, signature)


def must_protect(client, server):
    """Seals and signs both ways, as far as both can. Returns what was done."""
    both = client.can & server.can
    if "seal" in both:
        must_carry_sealed(client, server)
        must_carry_sealed(server, client)
    if "sign" in both:
        must_carry_signed(client, server)
        must_carry_signed(server, client)
    return both - {"key"}
