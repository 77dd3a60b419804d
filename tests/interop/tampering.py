# SPDX-License-Identifier: Apache-2.0
"""Nobody on the way can change a login: one bit of an octet flipped, in any leg that a MIC covers, and it is
refused by whichever side. On this machine every octet is tried with every peer; on a board, where each try is
a boot, one of each field, with ntlm_auth."""

from collections import Counter

from peers import pair, tokens
from peers.peer import PeerBroken

from .checks import Check, arrow, joined

# gss-ntlmssp sends no MIC outside of SPNEGO, curl never does.
CLIENTS_WITH_MIC = ("samba-ntlm", "gensec-ntlm", "pyntlm")
SERVERS_WITH_MIC = ("samba-ntlm", "gss-ntlm", "gensec-ntlm")
# What the NT response covers, MIC or not: the response itself, and the names that the key is made of.
COVERED_BY_PROOF = {2: ("ServerChallenge",), 3: ("NtChallengeResponse", "UserName")}


def _bit(offset, field=""):
    """Not always the same one, and the same in every run. Without a MIC a name may change its case, which is
    bit 5."""
    return 1 if field.endswith("UserName") else (offset * 5 + 3) % 8


def _one_of_each_field(token):
    starts = {}
    for field in tokens.fields(token):
        starts[field.start] = field.start
        if field.name in ("NegotiateFlags", "MIC", "ServerChallenge", "MsvAvTimestamp"):
            starts |= {
                offset: offset
                for offset in range(field.start, field.end)[:: 1 if field.end - field.start == 4 else 7]
            }
    return sorted(starts)


def _killed_gss_ntlmssp(broken, server):
    """gss-ntlmssp 1.2.0's acceptor dies (SIGSEGV) when KEY_EXCH was agreed and the AUTHENTICATE holds no key.
    It lets nobody in."""
    return broken.side == "server" and server.name == "gss-ntlm" and "status -11" in str(broken)


def _flip_all(ours, role, other, leg, offsets_of):
    refused, let_in = Counter(), []
    with joined(ours, role, other) as (client, server):
        token = pair.must_establish(client, server).legs[leg - 1][1]
        offsets = offsets_of(token)
        if not offsets:
            raise pair.CheckFailed("there is no such octet")
        for offset in offsets:
            field = tokens.field_at(token, offset)
            bit = _bit(offset, field)
            try:
                outcome = pair.login(client, server, pair.flip(leg, offset, bit))
            except PeerBroken as broken:
                if not _killed_gss_ntlmssp(broken, server):
                    raise PeerBroken(f"octet {offset} bit {bit} {field}: {broken}", broken.side) from broken
                refused["gss-ntlmssp's death"] += 1
                continue
            if outcome.established:
                let_in.append(f"{offset} bit {bit} {field}")
            else:
                refused[outcome.refused_by] += 1
    if let_in:
        raise pair.CheckFailed(f"{len(let_in)} of {len(offsets)} were let in: {'; '.join(let_in[:12])}")
    return f"{len(offsets)} octets, refused by " + ", ".join(
        f"{who} {count}" for who, count in sorted(refused.items())
    )


def _covered_by_proof(leg, token):
    wanted = COVERED_BY_PROOF[leg]
    return [
        offset
        for field in tokens.fields(token)
        if field.name in wanted
        for offset in range(field.start, field.end)
    ]


def _some(ours, offsets):
    return offsets if ours.on_host else offsets[:: max(1, len(offsets) // 8)]


def checks(ours):
    pairings = [("client", other) for other in SERVERS_WITH_MIC] + [
        ("server", other) for other in CLIENTS_WITH_MIC
    ]
    choose = (lambda token: list(range(len(token)))) if ours.on_host else _one_of_each_field
    for role, other in pairings:
        if role not in ours.roles or not (ours.on_host or other == "samba-ntlm"):
            continue
        for leg, message in tokens.MESSAGE_NAMES.items():
            if role == "client" and leg == tokens.AUTHENTICATE and not ours.on_host:
                continue  # it is ntlm_auth alone that is tried by this
            yield Check(
                f"{role} {arrow(role, other)}: {message} altered on its way is refused",
                lambda role=role, other=other, leg=leg: _flip_all(ours, role, other, leg, choose),
            )
    if "server" in ours.roles:
        for leg, wanted in COVERED_BY_PROOF.items():
            yield Check(
                f"server from gss-ntlm, no MIC: {' and '.join(wanted)} altered is refused",
                lambda leg=leg: _flip_all(
                    ours, "server", "gss-ntlm", leg, lambda token: _some(ours, _covered_by_proof(leg, token))
                ),
            )
