# SPDX-License-Identifier: Apache-2.0
"""Shows that the checks of ldap.py can fail: programs with one flaw each are put in the place of ours."""

from peers.pair import CheckFailed
from peers.samba_dc import why_impossible

from . import ldap
from .checks import Check


class _Flawed(ldap.Program):
    """Ours, with other arguments or other answers."""

    def __init__(self):
        super().__init__(ldap.controller())

    def ask(self, arguments):
        return arguments

    def tell(self, status, text):
        return status, text

    def run(self, arguments):
        return self.tell(*super().run(self.ask(list(arguments))))


class GoesAroundTheRelay(_Flawed):
    """As if whatever the relay does were borne."""

    def ask(self, arguments):
        at = arguments.index("--connect") + 1
        arguments[at] = f"{self.host}:{ldap.LDAP}"
        return arguments


class OnlySigns(_Flawed):
    def ask(self, arguments):
        return [*arguments, "--sign"]


class SealsAlways(_Flawed):
    def ask(self, arguments):
        return [*(word for word in arguments if word != "--plain"), "--seal"]


class KnowsThePassword(_Flawed):
    def ask(self, arguments):
        return [*arguments, "--user", "DEV1$", "--password", ldap.PASSWORD]


class TrustsAnybody(_Flawed):
    def ask(self, arguments):
        return [*arguments, "--trust", str(ldap.controller().trust)]


class FindsAnother(_Flawed):
    def ask(self, arguments):
        return [*arguments, "--filter", "(cn=alice)"]


class SaysNothing(_Flawed):
    def tell(self, status, text):
        return status, ""


class DoesNotKnow(_Flawed):
    """Dies of whatever it should refuse."""

    def tell(self, status, text):
        return (status, text) if status == 0 else (139, text)


CASES = (
    *((GoesAroundTheRelay, f"sealed: {deed}") for deed in ldap.WHY),
    (OnlySigns, "a search, sealed unless"),
    (SealsAlways, "a bind without protection"),
    (KnowsThePassword, "a wrong password, an"),
    (TrustsAnybody, "a CA that is not trusted"),
    (FindsAnother, "a search, signed"),
    (SaysNothing, "a search inside TLS"),
    (SaysNothing, "filters"),
    (DoesNotKnow, "a base that is not there"),
    (DoesNotKnow, "nobody listens"),
    (DoesNotKnow, "wrong options"),
)


def _must_find(flaw, words):
    every = ldap.checks_of(flaw, ldap.controller)
    found = [check for check in every if check.name.endswith(words)]
    found = found or [check for check in every if words in check.name]
    if len(found) != 1:
        raise CheckFailed(f"{len(found)} checks are named so")
    try:
        found[0].run()
    except CheckFailed as error:
        return str(error)[:80]
    raise CheckFailed("the check passed")


def checks():
    if why_impossible():
        return []
    return [
        Check(f"{flaw.__name__} is found by: ldap: {words}", lambda case=(flaw, words): _must_find(*case))
        for flaw, words in CASES
    ]
