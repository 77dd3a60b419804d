# SPDX-License-Identifier: Apache-2.0
"""What both sides agree on, when one of them wants less than everything: no key exchange, signing only,
nothing at all, weak keys."""

from peers import pair, tokens
from peers.peer import PeerRefused, Side

from .checks import SEC_E_UNSUPPORTED_FUNCTION, Check, arrow, joined

SIDE = Side()
KEY_EXCH, SEAL, SIGN = 0x40000000, 0x20, 0x10


def _final_flags(outcome):
    return tokens.flags(outcome.legs[-1][1])


def _without_key_exchange(ours, role, other):
    switch = f"ntlmssp_{'server' if role == 'client' else 'client'}:keyexchange"
    samba = SIDE.but(options={switch: "no"})
    sides = (SIDE, samba) if role == "client" else (samba, SIDE)
    with joined(ours, role, other, *sides) as (client, server):
        outcome = pair.must_establish(client, server)
        if _final_flags(outcome) & KEY_EXCH:
            raise pair.CheckFailed("key exchange was agreed: nothing was shown")
        pair.must_share_key(client, server)
        return ", ".join(sorted(pair.must_protect(client, server)))


def _sign_only(ours, role, other):
    """The client asks for integrity alone: signatures go both ways, and we do not seal."""
    wanted = ("integ",) if role == "client" or other == "gss-ntlm" else None
    samba = SIDE.but(
        options={"features": ("SESSION_KEY", "SIGN")}
    )  # a server that was told to seal refuses the client
    client_side = SIDE.but(flags=wanted) if wanted else samba
    server_side = samba if role == "client" and other != "gss-ntlm" else SIDE
    with joined(ours, role, other, client_side, server_side) as (client, server):
        outcome = pair.must_establish(client, server)
        if _final_flags(outcome) & (SIGN | SEAL) != SIGN:
            raise pair.CheckFailed(f"flags {_final_flags(outcome):08x}")
        pair.must_share_key(client, server)
        pair.must_carry_signed(client, server)
        pair.must_carry_signed(server, client)
        _must_not_seal(client if role == "client" else server)


def _must_not_seal(peer):
    try:
        message = peer.seal(b"not to be read by others")
    except PeerRefused:
        return
    raise pair.CheckFailed(f"sealed {len(message)} octets, though only signing was agreed")


def _nothing(ours, role, other):
    """No flags at all: a login, and no more."""
    client_side = SIDE.but(
        flags=(), options={"features": ()}
    )  # flags are for us and gss-ntlmssp, features for Samba
    server_side = SIDE.but(options={"features": ()}) if role == "client" else SIDE
    with joined(ours, role, other, client_side, server_side) as (client, server):
        outcome = pair.must_establish(client, server)
        flags = _final_flags(outcome)
        if flags & (SEAL | SIGN):
            raise pair.CheckFailed(f"flags {flags:08x}: {' '.join(tokens.flag_names(flags))}")
        _must_not_seal(client if role == "client" else server)
        return f"flags {flags:08x}"


def _confidentiality(ours, other):
    """Asking for confidentiality alone gives integrity too."""
    with joined(ours, "client", other, SIDE.but(flags=("conf",)), SIDE) as (client, server):
        outcome = pair.must_establish(client, server)
        if _final_flags(outcome) & (SIGN | SEAL) != SIGN | SEAL:
            raise pair.CheckFailed(f"flags {_final_flags(outcome):08x}")
        pair.must_protect(client, server)


def _too_weak(ours, role, switch):
    """Samba is told to do without something that we cannot do without."""
    samba = SIDE.but(options={switch: "no"})
    sides = (SIDE, samba) if role == "client" else (samba, SIDE)
    with joined(ours, role, "gensec-ntlm", *sides) as (client, server):
        outcome = pair.must_refuse(client, server, by=(role,))
    ours.expect(outcome.reason, SEC_E_UNSUPPORTED_FUNCTION)
    return outcome.reason[:70]


def _cases(ours):
    for role, others in (
        ("client", ("samba-ntlm", "gensec-ntlm")),
        ("server", ("samba-ntlm", "gensec-ntlm")),
    ):
        for other in others:
            yield role, other, "key exchange dropped, same key, messages", _without_key_exchange
    for role in ("client", "server"):
        for other in ("gss-ntlm", "gensec-ntlm"):
            yield role, other, "signing only", _sign_only
        for other in ("gss-ntlm", "samba-ntlm", "gensec-ntlm"):
            yield role, other, "no flags at all", _nothing
    for other in ("gss-ntlm", "gensec-ntlm"):
        yield "client", other, "confidentiality brings integrity", lambda ours, _, other: _confidentiality(
            ours, other
        )


def checks(ours):
    for role, other, what, run in _cases(ours):
        if role in ours.roles:
            yield Check(
                f"{role} {arrow(role, other)}: {what}",
                lambda r=run, role=role, other=other: r(ours, role, other),
            )
    for role in ours.roles:
        side = "server" if role == "client" else "client"
        for setting, what in (
            ("128bit", "keys of less than 128 bits"),
            ("ntlm2", "no extended session security"),
        ):
            yield Check(
                f"{role} {arrow(role, 'gensec-ntlm')}: {what} are refused".replace(
                    "security are", "security is"
                ),
                lambda role=role, switch=f"ntlmssp_{side}:{setting}": _too_weak(ours, role, switch),
            )
