# SPDX-License-Identifier: Apache-2.0
"""Nobody on the way can talk the two sides into less than they would have agreed on: what SPNEGO puts around
NTLM's tokens is altered, and it ends in a refusal, or in the login that it would have been."""

from collections import Counter
from functools import partial

from peers import pair, registry, tokens
from peers.peer import PeerBroken
from peers.spnego_tokens import (
    ACCEPT_INCOMPLETE,
    KERBEROS,
    MECH_LIST_MIC,
    NTLM,
    OCTET_STRING,
    REQUEST_MIC,
    TOKEN,
    NegToken,
    element,
    framing,
)

from .checks import SEC_E_MESSAGE_ALTERED, Check, arrow, joined
from .spnego import KERBEROS_FIRST, SIDE, must_agree, must_have_signed

SENDERS = ("client", "server")
UNKNOWN_AV_ID = b"\x7f\0"


def _sender(leg):
    return SENDERS[(leg - 1) % 2]


def _edit(*changes):
    """An alter() for login that has each of the changes made: change(sender, NegToken)."""

    def alter(leg, octets):
        token = NegToken.read(octets)
        for change in changes:
            change(_sender(leg), token)
        return token.octets()

    return alter


def _without_mic_of(*senders):
    def change(sender, token):
        if sender in senders and not token.init:
            token.fields.pop(MECH_LIST_MIC, None)

    return change


def _flipped_mic_of(wanted, at):
    def change(sender, token):
        mic = bytearray(token.content(MECH_LIST_MIC))
        if sender == wanted and mic and not token.init:
            mic[at] ^= 1 << at * 5 % 8
            token.fields[MECH_LIST_MIC] = element(OCTET_STRING, bytes(mic))

    return change


def _list_of(mechanisms, drop_token=False):
    def change(_, token):
        if token.init:
            token.set_mechanisms(mechanisms)
            if drop_token:
                token.fields.pop(TOKEN)

    return change


def _state(old, new):
    def change(_, token):
        if token.state == old:
            token.set_state(new)

    return change


def _without_time(_, token):
    """Of NTLM's CHALLENGE: a client that learns no time sends no MIC, and then NTLM wants no mechListMIC. Our
    server misses its time."""
    inner = token.content(TOKEN)
    if tokens.message_type(inner) == tokens.CHALLENGE:
        [at] = [at for av_id, at, *_ in tokens.av_pairs(inner) if av_id == tokens.AV_TIMESTAMP]
        inner = inner[:at] + UNKNOWN_AV_ID + inner[at + 2 :]
        token.fields[TOKEN] = element(OCTET_STRING, inner)


# (what is done, how, with what status ours refuses it, if any particular one)
MICS = (
    ("the client's mechListMIC taken away", [_without_mic_of("client")], None),
    ("the server's mechListMIC taken away", [_without_mic_of("server")], SEC_E_MESSAGE_ALTERED),
    ("both mechListMICs taken away", [_without_mic_of(*SENDERS)], None),
)
# To clients and servers that would take NTLM at once.
LISTS = (
    ("Kerberos put behind NTLM on its way", [_list_of([NTLM, KERBEROS])], SEC_E_MESSAGE_ALTERED),
    ("Kerberos put before NTLM on its way", [_list_of([KERBEROS, NTLM])], None),
    (
        "Kerberos put before NTLM on its way, the token taken away",
        [_list_of([KERBEROS, NTLM], drop_token=True)],
        None,
    ),
    (
        "Kerberos put before NTLM on its way, and request-mic turned into accept-incomplete",
        [_list_of([KERBEROS, NTLM]), _state(REQUEST_MIC, ACCEPT_INCOMPLETE)],
        None,
    ),
)
# To clients that would rather take Kerberos, at our server.
_TO_NTLM = _list_of([NTLM], drop_token=True)
_NTLM_FIRST = _list_of([NTLM, KERBEROS], drop_token=True)
_NO_REQUEST = _state(REQUEST_MIC, ACCEPT_INCOMPLETE)
DOWNGRADES = (
    ("Kerberos taken off its list", [_TO_NTLM]),
    ("Kerberos taken off its list, and both mechListMICs", [_TO_NTLM, _without_mic_of(*SENDERS)]),
    ("NTLM put before Kerberos", [_NTLM_FIRST]),
    ("NTLM put before Kerberos, both mechListMICs taken away", [_NTLM_FIRST, _without_mic_of(*SENDERS)]),
    ("request-mic and both mechListMICs taken away", [_NO_REQUEST, _without_mic_of(*SENDERS)]),
    ("the client's mechListMIC taken away", [_without_mic_of("client")]),
    (
        "the CHALLENGE's time, request-mic and both mechListMICs taken away",
        [_without_time, _NO_REQUEST, _without_mic_of(*SENDERS)],
    ),
)


def _must_refuse(ours, role, other, changes, status, sides=(SIDE, SIDE)):
    """By whichever side: what one lets pass (MIT's server does without the client's mechListMIC), the other
    must not."""
    with joined(ours, role, other, *sides) as (client, server):
        outcome = pair.must_refuse(client, server, _edit(*changes))
    if outcome.refused_by == role and status is not None:
        ours.expect(outcome.reason, status)
    return str(outcome)[:70]


def _mic_altered(ours, role, other, sender):
    """Any of its octets; by the side that receives it."""
    receiver = SENDERS[1 - SENDERS.index(sender)]
    octets = range(16) if ours.on_host else (4, 12)
    with joined(ours, role, other) as (client, server):
        for at in octets:
            change = _flipped_mic_of(sender, at)
            outcome = pair.must_refuse(client, server, _edit(change), by=(receiver,))
            if receiver == role:
                ours.expect(outcome.reason, SEC_E_MESSAGE_ALTERED)
    return f"{len(octets)} octets"


def _needless_request_mic(ours, role, other, sides):
    """The list that the mechListMIC is about is the same, so nobody is talked into anything."""
    with joined(ours, role, other, *sides) as (client, server):
        must_have_signed(pair.must_establish(client, server, _edit(_NO_REQUEST)))
        must_agree(client, server)


def _nothing_to_protect(ours, role, other):
    """A client that wants neither integrity nor confidentiality gets along with a server that signs no list,
    but not when it has been asked to sign: then another mechanism might have been first."""
    gone = _without_mic_of("server")
    sides = SIDE.but(flags=()), SIDE.but(options={"features": ()})
    with joined(ours, role, other, *sides) as (client, server):
        pair.must_establish(client, server, _edit(gone))
        asked = _edit(gone, _state(ACCEPT_INCOMPLETE, REQUEST_MIC))
        ours.expect(pair.must_refuse(client, server, asked, by=("client",)).reason, SEC_E_MESSAGE_ALTERED)


def _flip_framing(leg, nth, bit):
    def alter(number, octets):
        offsets = framing(octets)
        if number != leg or nth >= len(offsets):
            return octets
        return pair.flip(leg, offsets[nth], bit)(leg, octets)

    return alter


def _one_flip(role, pair_of, alter):
    """What became of it; raises when ours broke, or when it was established with anything amiss."""
    try:
        outcome = pair.login(*pair_of, alter)
    except PeerBroken as broken:
        if broken.side == role:
            raise
        return f"the {broken.side} " + ("says no more" if isinstance(broken, pair.LoginStalled) else "broke")
    if not outcome.established:
        return f"the {outcome.refused_by} refused"
    must_agree(*pair_of)
    return "the same login"


def _framing_altered(ours, role, other, every, sides=(SIDE, SIDE)):
    ends = Counter()
    with joined(ours, role, other, *sides) as pair_of:
        sound = pair.must_establish(*pair_of)
        flips = [
            (leg, nth, bit)
            for leg, (_, token) in enumerate(sound.legs, 1)
            for nth in range(len(framing(token)))
            for bit in range(8)
        ]
        for leg, nth, bit in flips[::every]:
            try:
                ends[_one_flip(role, pair_of, _flip_framing(leg, nth, bit))] += 1
            except (PeerBroken, pair.CheckFailed) as error:
                raise pair.CheckFailed(
                    f"leg {leg}, octet {nth} of the framing, bit {bit}: {error}"
                ) from error
    return ", ".join(f"{end} {count}" for end, count in sorted(ends.items()))


# One of how many flips of the framing is tried: ntlm_auth is a process for each login, a board a boot.
EVERY = {"gss-spnego": 3, "gss-spnego-ntlm": 7, "samba-spnego": 23, "gensec-spnego": 3}
ON_A_BOARD = 401
FRAMING = "SPNEGO's framing altered: refused, or nothing comes of it"


def _others(ours):
    """On a board one of each implementation."""
    return registry.SPNEGO if ours.on_host else ("gss-spnego", "gensec-spnego")


def _against_all(ours):
    """(role, other, what, run)"""
    for role in ours.roles:
        for other in _others(ours):
            for sender in SENDERS:
                what = f"the {sender}'s mechListMIC altered: refused"
                yield role, other, what, partial(_mic_altered, sender=sender)
            every = EVERY[other] if ours.on_host else ON_A_BOARD
            yield role, other, FRAMING, partial(_framing_altered, every=every)
            # Kerberos is first on the list of gss-spnego as it is.
            attacks = MICS if (role, other) == ("server", "gss-spnego") else MICS + LISTS
            for what, changes, status in attacks:
                yield role, other, f"{what}: refused", partial(_must_refuse, changes=changes, status=status)
    if "client" in ours.roles:
        for other in _others(ours):
            what = "nothing to protect: a server that signs no list is borne, but not after a request-mic"
            yield "client", other, what, _nothing_to_protect


def _against_kerberos_first(ours):
    """(other, what, run)"""
    for other, *sides, _ in KERBEROS_FIRST:
        for what, changes in DOWNGRADES:
            run = partial(_must_refuse, changes=changes, status=SEC_E_MESSAGE_ALTERED, sides=sides)
            yield other, f"{what}: refused", run
        what = "request-mic turned into accept-incomplete: both sign all the same"
        yield other, what, partial(_needless_request_mic, sides=sides)
        if other != "gss-spnego":  # which has no other way, and is with the rest
            every = 5 if ours.on_host else ON_A_BOARD
            yield other, FRAMING, partial(_framing_altered, every=every, sides=sides)


def checks(ours):
    for role, other, what, run in _against_all(ours):
        yield Check(f"{role} {arrow(role, other)}: {what}", partial(run, ours, role, other))
    if "server" in ours.roles:
        for other, what, run in _against_kerberos_first(ours):
            name = f"server from {other}, which tries Kerberos first: {what}"
            yield Check(name, partial(run, ours, "server", other))
