# SPDX-License-Identifier: Apache-2.0
"""What a login may come to when one message of it goes wrong."""

from peers.pair import CheckFailed

from .relay import CLOSE, CRAWL, CRAWL_SECONDS, DRIP, RESET, STALL, TO_CLIENT, TO_SERVER

DONE, REFUSED, USAGE, NO_ANSWER = 0, 1, 2, 3


def _is_alert(message):
    """Also an encrypted one of TLS 1.3: two octets, their type, and a tag of sixteen."""
    return message.name == "TLS alert" or (message.name == "TLS data" and message.size == 5 + 2 + 1 + 16)


def exchange_of(seen):
    """How many of the messages belong to the exchange, which ends with the server's last answer: behind it are
    close_notify, and LDAP's unbind."""
    end = len(seen)
    while end and (seen[end - 1].direction == TO_SERVER or _is_alert(seen[end - 1])):
        end -= 1
    return end


def octets_of(message, few=False):
    """Where in a message a fault is worth it: at its begin, at its end, in the middle, and where its parts begin. The
    next login's messages may be some octets shorter or longer: so -1 is the last one."""
    middle = message.size // 2
    if few:
        return sorted({0, middle})
    return [-1, *sorted({0, min(1, middle), middle, *message.parts[:6]})]


def _cuts(fault, message, seconds):
    """Whether the message does not come, whole, in time."""
    if fault.kind == CRAWL:
        return (message.size - fault.octet) * CRAWL_SECONDS > seconds + 1
    return fault.kind in (STALL, RESET, CLOSE)


def must_be_right(fault, message, is_farewell, done, reference, login):
    """done: what the command came to under the fault; reference: without."""
    if done.status not in (DONE, REFUSED, NO_ANSWER):
        raise CheckFailed(f"exit status {done.status}: {done}")
    if is_farewell:
        # The device may not even have looked at it. What it says to the server may be lost.
        if done.status != DONE:
            raise CheckFailed(f"all was there, and the exit status is {done.status}: {done}")
    elif _cuts(fault, message, login.seconds):
        # A server that got half a request may still answer, and say no.
        allowed = (NO_ANSWER,) if fault.direction == TO_CLIENT or fault.kind != CLOSE else (REFUSED, NO_ANSWER)
        if done.status not in allowed:
            raise CheckFailed(f"exit status {done.status}, though a message is missing: {done}")
    elif fault.kind == DRIP and done.status != DONE:
        raise CheckFailed(f"exit status {done.status}, though all came: {done}")
    if done.status == DONE and login.is_protected and login.content(done) != login.content(reference):
        raise CheckFailed(f"another content than the server's: {done}")
