# SPDX-License-Identifier: Apache-2.0
"""Negotiate with other implementations of SPNEGO: a login whoever speaks first, by way of Kerberos where the
client likes that better, and what each side must refuse."""

from functools import partial

from peers import pair, registry, tokens
from peers.peer import Side
from peers.spnego_tokens import (
    KERBEROS,
    MECH_LIST_MIC,
    MS_KERBEROS,
    NTLM,
    REQUEST_MIC,
    TOKEN,
    NegToken,
)

from .checks import SEC_E_BAD_BINDINGS, SEC_E_LOGON_DENIED, SEC_E_MESSAGE_ALTERED, Check, arrow, joined

SIDE = Side()
# The account as a client of Kerberos' names it, and such a client. Samba asks for no ticket for localhost.
PRINCIPAL = SIDE.but(user="alice@EXAMPLE.TEST", domain="")
WITH_TICKET = SIDE.but(spn="host/server.example.test", options={"kerberos": True})
KEY_EXCH = 0x40000000
KERBEROS_REQUEST = bytes.fromhex("0100")  # before a KRB_AP_REQ, RFC 4121 4.1
# (client, its side, our account, what stands before NTLM on its list)
KERBEROS_FIRST = (
    ("gss-spnego", SIDE, SIDE, [KERBEROS]),
    ("gensec-spnego", WITH_TICKET, PRINCIPAL, [MS_KERBEROS, KERBEROS]),
)
BOUND = SIDE.but(bindings=b"tls-server-end-point:" + bytes(range(32)))
OTHERWISE_BOUND = SIDE.but(bindings=b"tls-server-end-point:" + bytes(range(1, 33)))
CHECK_BINDINGS = ("gss-spnego", "gss-spnego-ntlm")  # Samba does not look at them, and sends zeros


def read(outcome):
    return [NegToken.read(token) for _, token in outcome.legs]


def must_have_signed(outcome):
    """Both sides sent a mechListMIC, in their last tokens."""
    if not all(len(token.content(MECH_LIST_MIC)) == 16 for token in read(outcome)[-2:]):
        raise pair.CheckFailed("established without both mechListMICs")


def must_agree(client, server):
    """The same key; messages both ways. Returns what was done."""
    pair.must_share_key(client, server)
    if "sign" in client.can & server.can:
        for sender, receiver in ((client, server), (server, client)):
            signature = sender.sign(b"after the mechListMIC")
            if signature[12:] != bytes([1, 0, 0, 0]):
                raise pair.CheckFailed(f"the first message has the number {signature[12:].hex()}, not 1")
            receiver.verify(b"after the mechListMIC", signature)
    return ["key", *sorted(pair.must_protect(client, server))]


def _login(ours, role, other, server_first=False):
    with joined(ours, role, other) as (client, server):
        outcome = pair.must_establish(client, server, server_first=server_first)
        must_have_signed(outcome)
        done = must_agree(client, server)
        caller = getattr(server, "caller", None)
        if caller is not None and caller != "EXAMPLE\\alice":
            raise pair.CheckFailed(f"the server calls us {caller}")
    if server_first and not (outcome.legs[0][0] == "server" and read(outcome)[0].init):
        raise pair.CheckFailed("the server did not begin")
    return f"{', '.join(done)}; {' + '.join(str(len(token)) for _, token in outcome.legs)} octets"


def _kerberos_first(ours, other, client_side, server_side, kerberos, server_first):
    """The peer's own tokens all along; only its ticket is made up (kerberos_files.py)."""
    with joined(ours, "server", other, client_side, server_side) as (client, server):
        outcome = pair.must_establish(client, server, server_first=server_first)
        must_have_signed(outcome)
        must_agree(client, server)
    init, reply = read(outcome)[1:3] if server_first else read(outcome)[:2]
    if init.mechanisms[: len(kerberos)] != kerberos or NTLM not in init.mechanisms:
        raise pair.CheckFailed(f"the client's list is {[oid.hex() for oid in init.mechanisms]}")
    if KERBEROS + KERBEROS_REQUEST not in init.content(TOKEN)[:24]:
        raise pair.CheckFailed("the client sent no token for Kerberos")
    if reply.state != REQUEST_MIC or reply.content(TOKEN):
        raise pair.CheckFailed(f"we answered with state {reply.state}, {len(reply.content(TOKEN))} octets")


def _asked_for_mic(ours, role, other):
    """No peer here asks for it when what is first on our list is taken, so it is made to on the way."""

    def alter(leg, octets):
        token = NegToken.read(octets)
        if leg == 2:
            token.set_state(REQUEST_MIC)
        return token.octets()

    with joined(ours, role, other) as (client, server):
        must_have_signed(pair.must_establish(client, server, alter))
        must_agree(client, server)


def _password(ours, role, other):
    with joined(ours, role, other, SIDE.but(password="Passw0rd?"), SIDE) as (client, server):
        outcome = pair.must_refuse(client, server, by=("server",))
    if role == "server":
        ours.expect(outcome.reason, SEC_E_LOGON_DENIED)
    return outcome.reason[:70]


def _bound(ours, role, other):
    with joined(ours, role, other, BOUND, BOUND) as (client, server):
        pair.must_establish(client, server)
        must_agree(client, server)


def _otherwise_bound(ours, role, other):
    with joined(ours, role, other, BOUND, OTHERWISE_BOUND) as (client, server):
        outcome = pair.must_refuse(client, server, by=("server",))
    if role == "server":
        ours.expect(outcome.reason, SEC_E_BAD_BINDINGS)


def _without_key_exchange(ours, role, other):
    """Samba is told to do without: then no cipher goes over the mechListMIC, and none is to be restarted."""
    switch = f"ntlmssp_{'server' if role == 'client' else 'client'}:keyexchange"
    samba = SIDE.but(options={switch: "no"})
    sides = (SIDE, samba) if role == "client" else (samba, SIDE)
    with joined(ours, role, other, *sides) as (client, server):
        outcome = pair.must_establish(client, server)
        if tokens.flags(read(outcome)[2].content(TOKEN)) & KEY_EXCH:
            raise pair.CheckFailed("key exchange was agreed: nothing was shown")
        must_have_signed(outcome)
        must_agree(client, server)


def _both(ours):
    """(role, other, what, run)"""
    for role in ours.roles:
        for other in registry.SPNEGO:
            yield role, other, "login, same key, messages", _login
            yield role, other, "server first, login, same key, messages", partial(_login, server_first=True)
            yield role, other, "a wrong password is refused", _password
            if other in CHECK_BINDINGS:
                yield role, other, "the same channel bindings log in", _bound
                yield role, other, "different channel bindings are refused", _otherwise_bound
            if role == "client":
                what = "accept-incomplete turned into request-mic: login, same key, messages"
                yield role, other, what, _asked_for_mic
        yield role, "gensec-spnego", "key exchange dropped, same key, messages", _without_key_exchange


def checks(ours):
    for role, other, what, run in _both(ours):
        yield Check(f"{role} {arrow(role, other)}: {what}", partial(run, ours, role, other))
    if "server" in ours.roles:
        for case in KERBEROS_FIRST:
            names = "Kerberos" if len(case[3]) == 1 else "Kerberos by both of its names"
            for hint in (False, True):
                first = "first, after our hint" if hint else "first"
                yield Check(
                    f"server from {case[0]}, which tries {names} {first}: NTLM by request-mic",
                    partial(_kerberos_first, ours, *case, server_first=hint),
                )
