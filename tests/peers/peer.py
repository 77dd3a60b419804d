# SPDX-License-Identifier: Apache-2.0
"""What every peer has in common: how it is asked, how it says no, and what it is told beforehand."""

from dataclasses import dataclass, field, replace


class PeerRefused(Exception):
    """The peer answered, and the answer was no. The text is its reason."""


class PeerBroken(Exception):
    """The peer hung, died or talked nonsense. Never a refusal: a crash must not pass for one. In a login,
    side is client or server."""

    def __init__(self, what, side=""):
        super().__init__(what)
        self.side = side


@dataclass(frozen=True)
class Side:
    """What one side of a login knows and wants. For a server, user, domain and password are the account that
    it lets in."""

    user: str = "alice"
    domain: str = "EXAMPLE"
    password: str = "Passw0rd!"
    spn: str = "host/localhost"  # client
    bindings: bytes | None = None  # application data of the channel bindings
    flags: tuple | None = None  # mutual replay sequence conf integ identify ..; None: the peer's own choice
    options: dict = field(default_factory=dict)  # the peer's own switches, see its file

    def but(self, **changes):
        return replace(self, **changes)


class Peer:
    """One side of a login. Octets are bytes. Every method may raise PeerRefused or PeerBroken."""

    name = "?"
    can = frozenset()  # what it is able to do of: key seal sign

    def begin(self):
        """Forgets the login, if there was one, so that the next step is the first one."""
        raise NotImplementedError

    def step(self, token):
        """The next leg: takes the other side's token (b"" for none), returns (own token, whether this side is
        done)."""
        raise NotImplementedError

    def session_key(self):
        raise PeerRefused("tells no session key")

    def seal(self, data):
        """A sealed message: signature and ciphertext, as GSS_Wrap lays them out for NTLM."""
        raise PeerRefused("cannot seal")

    def unseal(self, message):
        raise PeerRefused("cannot unseal")

    def sign(self, data):
        raise PeerRefused("cannot sign")

    def verify(self, data, signature):
        """Returns if the signature is right."""
        raise PeerRefused("cannot verify")

    def close(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
