# SPDX-License-Identifier: Apache-2.0
"""pyntlm: python3-ntlm-auth, the library below requests-ntlm and pywinrm, as a client in this process."""

import hashlib

from .peer import Peer, PeerRefused

_openssl_new = hashlib.new


def _new_with_md4(name, data=b"", **more):
    """OpenSSL 3 no longer gives MD4, without which the library can log nobody in."""
    if name.lower() != "md4":
        return _openssl_new(name, data, **more)
    from Cryptodome.Hash import MD4

    return MD4.new(data)


class PyNtlmPeer(Peer):
    name = "pyntlm"
    can = frozenset({"key", "seal"})

    def __init__(self, role, side):
        if role != "client":
            raise ValueError("pyntlm is a client only")
        hashlib.new = _new_with_md4
        self._side = side
        self._context = None

    def begin(self):
        from ntlm_auth.ntlm import NtlmContext

        side = self._side
        self._context = NtlmContext(
            side.user, side.password, side.domain or None, "PYTHON1", self._bindings(), ntlm_compatibility=3
        )

    def step(self, token):
        # Whatever it raises on a token, a struct.error or an AttributeError, is the way in which it says no.
        try:
            out = self._context.step(token or None)
        except Exception as error:
            raise PeerRefused(f"{type(error).__name__}: {error}") from error
        return out, self._context.complete

    def session_key(self):
        if not self._context.session_key:
            raise PeerRefused("neither signing nor sealing was agreed")
        return self._context.session_key

    def seal(self, data):
        return self._context.wrap(data)

    def unseal(self, message):
        try:
            return self._context.unwrap(message)
        except Exception as error:
            raise PeerRefused(f"{type(error).__name__}: {error}") from error

    def _bindings(self):
        if self._side.bindings is None:
            return None
        from ntlm_auth.gss_channel_bindings import GssChannelBindingsStruct

        bindings = GssChannelBindingsStruct()
        bindings[bindings.APPLICATION_DATA] = self._side.bindings
        return bindings
