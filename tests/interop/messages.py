# SPDX-License-Identifier: Apache-2.0
"""Messages after the login: an altered or repeated one is refused, and does no harm: the right one is still
read after it."""

from peers import pair
from peers.peer import PeerRefused

from .checks import SEC_E_MESSAGE_ALTERED, SEC_E_OUT_OF_SEQUENCE, Check, arrow, joined

TEXT = b"to be or not to be"


def _must_not_read(ours, receiver, message, status):
    try:
        receiver.unseal(message)
    except PeerRefused as refusal:
        ours.expect(str(refusal), status)
        return
    raise pair.CheckFailed("a forged message was read")


def _must_not_verify(ours, receiver, data, signature, status):
    try:
        receiver.verify(data, signature)
    except PeerRefused as refusal:
        ours.expect(str(refusal), status)
        return
    raise pair.CheckFailed("a forged signature was taken")


def _flipped(octets, offset):
    return octets[:offset] + bytes([octets[offset] ^ 0x20]) + octets[offset + 1 :]


def _forgeries(ours, role, other):
    with joined(ours, role, other) as (client, server):
        pair.must_establish(client, server)
        sender, receiver = (server, client) if role == "client" else (client, server)
        first = sender.seal(TEXT)
        # Version and checksum of the signature, first and last octet of the text.
        for offset in (0, 4, 11, 16, len(first) - 1):
            _must_not_read(ours, receiver, _flipped(first, offset), SEC_E_MESSAGE_ALTERED)
        for offset in (12, 15):
            _must_not_read(ours, receiver, _flipped(first, offset), SEC_E_OUT_OF_SEQUENCE)
        if receiver.unseal(first) != TEXT:
            raise pair.CheckFailed("the right message was not read after the forged ones")
        _must_not_read(ours, receiver, first, SEC_E_OUT_OF_SEQUENCE)
        if "sign" in sender.can:
            signature = sender.sign(TEXT)
            _must_not_verify(ours, receiver, _flipped(TEXT, 3), signature, SEC_E_MESSAGE_ALTERED)
            _must_not_verify(ours, receiver, TEXT, _flipped(signature, 5), SEC_E_MESSAGE_ALTERED)
            receiver.verify(TEXT, signature)
            _must_not_verify(ours, receiver, TEXT, signature, SEC_E_OUT_OF_SEQUENCE)
        pair.must_protect(client, server)


def _order(ours, role, other):
    """Of three messages the third may not come second."""
    with joined(ours, role, other) as (client, server):
        pair.must_establish(client, server)
        sender, receiver = (server, client) if role == "client" else (client, server)
        sealed = [sender.seal(bytes([65 + n]) * 40) for n in range(3)]
        for index, right in ((0, True), (2, False), (1, True), (1, False), (2, True)):
            if right:
                if receiver.unseal(sealed[index]) != bytes([65 + index]) * 40:
                    raise pair.CheckFailed(f"message {index} was not read")
            else:
                _must_not_read(ours, receiver, sealed[index], SEC_E_OUT_OF_SEQUENCE)


def checks(ours):
    pairings = [
        ("client", "gss-ntlm"),
        ("client", "gensec-ntlm"),
        ("server", "gss-ntlm"),
        ("server", "gensec-ntlm"),
        ("server", "pyntlm"),
        ("client", "gensec-spnego"),
        ("server", "gss-spnego"),
    ]
    for role, other in pairings:
        if role not in ours.roles:
            continue
        for what, run in (
            ("altered and repeated messages are refused, the right ones still read", _forgeries),
            ("messages out of order are refused, in order still read", _order),
        ):
            yield Check(
                f"{role} {arrow(role, other)}: {what}",
                lambda run=run, role=role, other=other: run(ours, role, other),
            )
