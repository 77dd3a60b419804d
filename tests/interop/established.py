# SPDX-License-Identifier: Apache-2.0
"""A login succeeds; both sides hold the same key; what one seals or signs, the other reads."""

from peers import pair, registry, tokens
from peers.baresspi_peer import BareSspiPeer
from peers.peer import Side

from .checks import Check, arrow, joined


def _sizes(outcome):
    return " + ".join(str(len(token)) for _, token in outcome.legs) + " octets"


def _whole(ours, role, other):
    with joined(ours, role, other) as (client, server):
        outcome = pair.must_establish(client, server)
        done = ["login"]
        if "key" in client.can & server.can:
            pair.must_share_key(client, server)
            done.append("key")
        done += sorted(pair.must_protect(client, server))
        caller = getattr(server, "caller", None)
        if caller is not None and caller != "EXAMPLE\\alice":
            raise pair.CheckFailed(f"the server calls us {caller}")
    return f"{', '.join(done)}; {_sizes(outcome)}"


def _shape(ours, other):
    """Version always, hence the MIC at 72 and the payload at 88; a MIC whenever the server told its time."""
    with joined(ours, "client", other) as (client, server):
        negotiate, challenge, authenticate = (token for _, token in pair.must_establish(client, server).legs)
    if len(negotiate) != 40 or not tokens.flags(negotiate) & 0x02000000:
        raise pair.CheckFailed(f"NEGOTIATE of {len(negotiate)} octets, flags {tokens.flags(negotiate):08x}")
    first = min(
        start for start, end in (tokens.payload(authenticate, at) for at in range(12, 60, 8)) if end > start
    )
    if first != 88:
        raise pair.CheckFailed(f"the payload of AUTHENTICATE begins at {first}")
    if tokens.av_value(challenge, tokens.AV_TIMESTAMP) is None:
        raise pair.CheckFailed("the server told no time: nothing was shown")
    if not tokens.announces_mic(authenticate) or not any(authenticate[72:88]):
        raise pair.CheckFailed("no MIC")
    start, end = tokens.payload(authenticate, 12)
    if authenticate[start:end] != bytes(24):
        raise pair.CheckFailed("the LM response is not Z(24)")
    if tokens.av_value(authenticate, tokens.AV_TARGET_NAME) != "host/localhost".encode("utf-16-le"):
        raise pair.CheckFailed("the target name is not the one that was given")
    if tokens.av_value(authenticate, tokens.AV_CHANNEL_BINDINGS) is not None:
        raise pair.CheckFailed("channel bindings, though none were given")


def _between_boards(ours, role):
    """This board with the host, the same code twice, by two compilers and over two ports."""
    host = BareSspiPeer("server" if role == "client" else "client", Side())
    with host, ours.make(role, Side()) as board:
        client, server = (board, host) if role == "client" else (host, board)
        pair.must_establish(client, server)
        pair.must_share_key(client, server)
        return ", ".join(sorted(pair.must_protect(client, server)))


def checks(ours):
    for role in ours.roles:
        for other in registry.SERVERS if role == "client" else registry.CLIENTS:
            name = f"{role} {arrow(role, other)}: login, same key, messages"
            yield Check(name, lambda role=role, other=other: _whole(ours, role, other))
        if not ours.on_host:
            yield Check(f"{role} {arrow(role, 'the host')}", lambda role=role: _between_boards(ours, role))
    if "client" in ours.roles:
        for other in registry.SERVERS:
            yield Check(
                f"client to {other}: messages have the shape they should",
                lambda other=other: _shape(ours, other),
            )
