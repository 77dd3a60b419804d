# SPDX-License-Identifier: Apache-2.0
"""A check, how checks are run and reported, and who "ours" is."""

import contextlib
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Callable

from peers import registry
from peers.baresspi_peer import ROLES, BareSspiPeer, image_of, is_built_with
from peers.pair import CheckFailed
from peers.peer import PeerBroken, PeerRefused, Side

WORKERS = 4

SEC_E_UNSUPPORTED_FUNCTION = 0x80090302
SEC_E_LOGON_DENIED = 0x8009030C
SEC_E_MESSAGE_ALTERED = 0x8009030F
SEC_E_OUT_OF_SEQUENCE = 0x80090310
SEC_E_BAD_BINDINGS = 0x80090346


@dataclass(frozen=True)
class Check:
    """run() returns a detail worth printing, or None; it raises CheckFailed, PeerRefused or PeerBroken."""

    name: str
    run: Callable


class Ours:
    """The implementation under test: BareSSPI on a board; or one of the independent peers in its place, which
    is how the checks themselves are tried."""

    def __init__(self, target, preset=None):
        self.target = target
        self.preset = preset
        self.is_baresspi = target not in registry.INDEPENDENT
        self.on_host = not self.is_baresspi or target == "host"
        self.roles = ROLES.get(target, ("client", "server"))
        self._image = image_of(target, preset) if self.is_baresspi else None
        self.full_unicode = not self.is_baresspi or is_built_with("BARESSPI_UNICODE_FULL", target, preset)

    def make(self, role, side, package="ntlm"):
        if self.is_baresspi:
            return BareSspiPeer(role, side, self.target, self._image, package)
        name = self.target if package == "ntlm" else self.target.replace("-ntlm", "-spnego")
        return registry.make(name, role, side)

    def expect(self, reason, status):
        """The reason that we gave for a refusal names this status."""
        if self.is_baresspi and f"{status:08x}" not in reason.lower():
            raise CheckFailed(f"refused, but not with {status:08x}: {reason}")


@contextlib.contextmanager
def joined(ours, role, other, client=Side(), server=Side()):
    """Ours in that role and the other peer in the other one, as (client, server). Ours speaks what the other
    does."""
    package = registry.package_of(other)
    with contextlib.ExitStack() as stack:
        if role == "client":
            pair = ours.make("client", client, package), registry.make(other, "server", server)
        else:
            pair = registry.make(other, "client", client), ours.make("server", server, package)
        for peer in pair:
            stack.enter_context(peer)
        yield pair


def arrow(role, other):
    return f"to {other}" if role == "client" else f"from {other}"


def _outcome(check):
    try:
        detail = check.run()
    except (CheckFailed, PeerRefused, PeerBroken) as error:
        return False, str(error) or type(error).__name__
    except Exception:
        return False, " ".join(traceback.format_exc().split())[-500:]
    return True, detail


def run_all(checks, workers=WORKERS, second_tries=0):
    """Runs and prints them in their order; returns (passed, failed). second_tries: of so many checks that failed each is
    run once more, alone, when all are through: for those whose peers and clocks are at the mercy of a busy machine. What
    then passes has failed before, which a line SHAKY says; more such checks fail."""
    counts = {True: 0, False: 0}

    def tell(check, passed, detail):
        counts[passed] += 1
        if passed:
            print(f"ok {check.name}" + (f" ({detail})" if detail else ""), flush=True)
        else:
            print(f"FAIL {check.name}: {detail}", flush=True)

    again = []
    with ThreadPoolExecutor(workers) as pool:
        for check, (passed, detail) in zip(checks, pool.map(_outcome, checks)):
            if not passed and len(again) < second_tries:
                print(f"SHAKY {check.name}: {detail}", flush=True)
                again.append(check)
            else:
                tell(check, passed, detail)
    for check in again:
        tell(check, *_outcome(check))
    return counts[True], counts[False]
