# SPDX-License-Identifier: Apache-2.0
"""A wrong password, an account that is not there, channel bindings of another channel: refused, and for that
reason."""

from peers import pair, registry
from peers.peer import Side

from .checks import SEC_E_BAD_BINDINGS, SEC_E_LOGON_DENIED, Check, arrow, joined

SIDE = Side()
BOUND = SIDE.but(bindings=b"tls-server-end-point:" + bytes(range(32)))
LENIENT = BOUND.but(flags=("allow-missing-bindings",))  # a server's
OTHERWISE_BOUND = SIDE.but(bindings=b"tls-server-end-point:" + bytes(range(1, 33)))


def _password(ours, role, other):
    with joined(ours, role, other, SIDE.but(password="Passw0rd?"), SIDE) as (client, server):
        outcome = pair.must_refuse(client, server, by=("server",))
    if role == "server":
        ours.expect(outcome.reason, SEC_E_LOGON_DENIED)
    return outcome.reason[:70]


def _unknown_user(ours, other):
    with joined(ours, "server", other, SIDE.but(user="mallory"), SIDE) as (client, server):
        ours.expect(pair.must_refuse(client, server, by=("server",)).reason, SEC_E_LOGON_DENIED)


def _other_domain(ours, other):
    with joined(ours, "server", other, SIDE.but(domain="ELSEWHERE"), SIDE) as (client, server):
        ours.expect(pair.must_refuse(client, server, by=("server",)).reason, SEC_E_LOGON_DENIED)


def _anonymous(ours):
    with joined(ours, "server", "gensec-ntlm", SIDE.but(user="", domain="", password=""), SIDE) as (
        client,
        server,
    ):
        ours.expect(pair.must_refuse(client, server, by=("server",)).reason, SEC_E_LOGON_DENIED)


def _anonymous_allowed(ours):
    server_side = SIDE.but(options={"policy": "anonymous"})
    with joined(ours, "server", "gensec-ntlm", SIDE.but(user="", domain="", password=""), server_side) as (
        client,
        server,
    ):
        pair.must_establish(client, server)


def _anonymous_client(ours):
    with joined(
        ours, "client", "gensec-ntlm", SIDE.but(flags=("anon",)), SIDE.but(options={"features": ()})
    ) as (client, server):
        pair.must_establish(client, server)


def _bindings_differ(ours, role, other, client_side, server_side):
    with joined(ours, role, other, client_side, server_side) as (client, server):
        outcome = pair.must_refuse(client, server, by=("server",))
    if role == "server":
        ours.expect(outcome.reason, SEC_E_BAD_BINDINGS)


def _established(ours, role, other, client_side, server_side):
    with joined(ours, role, other, client_side, server_side) as (client, server):
        pair.must_establish(client, server)
        if "key" in client.can & server.can:
            pair.must_share_key(client, server)


def _client_checks(ours):
    for other in registry.SERVERS:
        yield f"client to {other}: a wrong password is refused", lambda o=other: _password(ours, "client", o)
    yield (
        "client to gss-ntlm: the same channel bindings log in",
        lambda: _established(ours, "client", "gss-ntlm", BOUND, BOUND),
    )
    yield (
        "client to gss-ntlm: different channel bindings are refused",
        lambda: _bindings_differ(ours, "client", "gss-ntlm", BOUND, OTHERWISE_BOUND),
    )
    for other in ("samba-ntlm", "gensec-ntlm"):
        yield (
            f"client to {other}, which ignores bindings: a client that has some logs in",
            lambda other=other: _established(ours, "client", other, BOUND, SIDE),
        )
    yield "client to gensec-ntlm: an anonymous login", lambda: _anonymous_client(ours)


def _server_checks(ours):
    for other in registry.CLIENTS:
        yield f"server from {other}: a wrong password is refused", lambda o=other: _password(
            ours, "server", o
        )
    for other in ("samba-ntlm", "pyntlm"):
        yield f"server from {other}: an unknown user is refused", lambda o=other: _unknown_user(ours, o)
        yield f"server from {other}: a user of another domain is refused", lambda o=other: _other_domain(
            ours, o
        )
    yield "server from gensec-ntlm: an anonymous client is refused", lambda: _anonymous(ours)
    yield (
        "server from gensec-ntlm: an anonymous client is let in by a policy that says so",
        lambda: _anonymous_allowed(ours),
    )
    for other in ("gss-ntlm", "pyntlm"):
        for what, client_side, server_side in (
            ("the same channel bindings log in", BOUND, BOUND),
            ("no channel bindings at a server that allows them to be missing log in", SIDE, LENIENT),
            ("the same channel bindings at a server that allows them to be missing log in", BOUND, LENIENT),
            ("channel bindings at a server that has none log in", BOUND, SIDE),
        ):
            yield (
                f"server {arrow('server', other)}: {what}",
                lambda other=other, c=client_side, s=server_side: _established(ours, "server", other, c, s),
            )
        for what, client_side, server_side in (
            ("different channel bindings are refused", BOUND, OTHERWISE_BOUND),
            ("no channel bindings at a server that has some are refused", SIDE, BOUND),
            (
                "different channel bindings at a server that allows them to be missing are refused",
                OTHERWISE_BOUND,
                LENIENT,
            ),
        ):
            yield (
                f"server from {other}: {what}",
                lambda other=other, c=client_side, s=server_side: _bindings_differ(
                    ours, "server", other, c, s
                ),
            )
    for other in ("samba-ntlm", "gensec-ntlm"):
        for what, server_side in (("has some", BOUND), ("allows them to be missing", LENIENT)):
            yield (
                f"server from {other}, which sends zeros for bindings: a server that {what} refuses",
                lambda other=other, s=server_side: _bindings_differ(ours, "server", other, SIDE, s),
            )


def checks(ours):
    if "client" in ours.roles:
        yield from (Check(*named) for named in _client_checks(ours))
    if "server" in ours.roles:
        yield from (Check(*named) for named in _server_checks(ours))
