# SPDX-License-Identifier: Apache-2.0
"""HTTPS: baresspi-http-get logs in inside TLS, with the connection's bindings, at Apache, and at servers whose logins are
ntlm_auth's and gss-ntlmssp's; kept alive, and through a proxy's tunnel. It is run on this machine, or by a device: who
has one gives a Client of its own to checks_of."""

from peers import tls_pki
from peers.apache import Apache
from peers.baresspi_http import Httpd, get
from peers.connect_proxy import ConnectProxy, TlsRelay
from peers.raw_http import RawServer
from peers.samba_web import PROXY, GssLogin, SambaLogin, SambaWeb

from .checks import Check
from .web import ACCOUNT, BIG, WHO, WRONG, _must, _page

SCHEMES = ("NTLM", "Negotiate")
SEC_E_WRONG_PRINCIPAL = "80090322"
SEC_E_UNTRUSTED_ROOT = "80090325"
SEC_E_CERT_EXPIRED = "80090328"
SEC_E_BAD_BINDINGS = "80090346"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Client:
    """Our client on this machine."""

    loopback = "127.0.0.1"  # where it finds this machine's
    patience = 1  # seconds in which it can do a handshake, and that it may be told to wait at most
    preset = None  # whose httpd
    longest = 60000  # text that it can be told to post

    def __init__(self, preset):
        self.preset = preset

    def get(self, *arguments):
        return get(*arguments, preset=self.preset)

    def get_at(self, port, *arguments, trust="roots"):
        """From the port, whatever host the URLs name."""
        return self.get(
            *arguments, "--trust", tls_pki.certificate(trust), "--connect", f"{self.loopback}:{port}"
        )

    def get_through(self, proxy, *arguments):
        return self.get(
            *arguments, "--trust", tls_pki.certificate("roots"), "--proxy", f"{self.loopback}:{proxy.port}"
        )


def _must_be_three(answer, logins=1, connections=1, schemes=SCHEMES):
    """GET, GET and POST of five octets, all of them let in."""
    _must(answer.exit_status == 0 and [status for status, _, _ in answer.answers] == [200] * 3, answer)
    for _, head, _ in answer.answers:
        _must(head.get("server") in [f"{WHO} by {scheme} (NTLM)" for scheme in schemes], answer)
    _must((answer.connections, answer.logins) == (connections, logins), answer)


def _three(url, path=""):
    return (f"{url}{path}/a", f"{url}{path}/b", "--post", "hello", f"{url}{path}/c")


def _apache(client, path, *options):
    with Apache() as server:
        url = f"{server.secure_url}/{path}/"
        answer = client.get_at(server.secure_port, url, url, "--post", "hello", url, *ACCOUNT, *options)
        _must_be_three(answer)
        _must(all(body == f"the page of {path}\n".encode() for _, _, body in answer.answers), answer)
        served = server.served(5)
        _must(len({port for port, *_ in served}) == 1, served)
        _must([words[2] for words in served] == ["401", "401", "200", "200", "200"], served)
        answer = client.get_at(server.secure_port, url, *WRONG, *options)
        _must(answer.status == 401 and answer.exit_status == 1 and answer.logins == 0, answer)
        return "it does not look at bindings; and refused with a wrong password"


def _inside(client, scheme, logins, certificate):
    with SambaWeb(schemes=(scheme,), certificate=certificate, logins=logins) as server:
        answer = client.get_at(server.port, *_three(server.secure_url), *ACCOUNT)
        _must_be_three(answer, schemes=(scheme,))
        _must(_page(answer.body.decode())["body"] == "5", answer)
        text = BIG.decode()[: client.longest]
        answer = client.get_at(server.port, "--post", text, f"{server.secure_url}/", *ACCOUNT)
        _must(answer.status == 200 and _page(answer.body.decode())["body"] == str(len(text)), answer)
        answer = client.get_at(server.port, f"{server.secure_url}/", *WRONG)
        _must(answer.status == 401 and answer.exit_status == 1, answer)


def _relayed(client, scheme):
    """A relay with another certificate that the client trusts: gss-ntlmssp sees it by the bindings, and only because of
    them, since ntlm_auth, which does not look at them, lets the same client in."""
    for logins, status in ((GssLogin, 401), (SambaLogin, 200)):
        with SambaWeb(schemes=(scheme,), certificate="server", logins=logins) as server:
            with TlsRelay(server.port, "server-rsa") as relay:
                answer = client.get_at(relay.port, f"{server.secure_url}/", *ACCOUNT)
                _must(answer.status == status, (logins.__name__, answer))
            with TlsRelay(server.port, "server") as relay:  # one with the server's key is the server
                answer = client.get_at(relay.port, f"{server.secure_url}/", *ACCOUNT)
                _must(answer.status == 200, (logins.__name__, answer))


def _not_trusted(client):
    """No request goes to a server that is not the one of the URL, or not to be trusted."""
    with SambaWeb(certificate="server") as server:
        url = server.secure_url
        answer = client.get_at(server.port, f"{url}/", *ACCOUNT, trust="other-root")
        _must(answer.exit_status == 3 and SEC_E_UNTRUSTED_ROOT in answer.complaint, answer)
        other = url.replace(tls_pki.HOST, "other.example.test")
        answer = client.get_at(server.port, f"{other}/", *ACCOUNT)
        _must(answer.exit_status == 3 and SEC_E_WRONG_PRINCIPAL in answer.complaint, answer)
    with SambaWeb(certificate="server-expired") as server:
        answer = client.get_at(server.port, f"{server.secure_url}/", *ACCOUNT)
        _must(answer.exit_status == 3 and SEC_E_CERT_EXPIRED in answer.complaint, answer)
        answer = client.get_at(server.port, f"{server.secure_url}/", *ACCOUNT, "--no-dates")
        _must(answer.exit_status == 0, answer)


def _files(client):
    """Of DER, and those that are not there or hold something else."""
    with SambaWeb(certificate="server") as server:
        where = [f"{server.secure_url}/", *ACCOUNT, "--connect", f"{client.loopback}:{server.port}"]
        key = str(tls_pki.key_of("server"))
        for trust in ("/nowhere", key):
            answer = client.get(*where, "--trust", trust)
            _must(answer.exit_status == 2 and answer.connections == 0, answer)
        answer = client.get_at(
            server.port, *where, "--certificate", tls_pki.certificate("server"), "--key", "/no"
        )
        _must(answer.exit_status == 2 and answer.connections == 0, answer)


def _own_certificate(client):
    """A server that insists on the client's certificate, and says 401 inside."""
    client_pem, key = tls_pki.certificate("client"), tls_pki.key_of("client")
    for version in ("TLSv1_2", "TLSv1_3"):
        with SambaWeb(certificate="server", client_ca="root", version=version) as server:
            url = f"{server.secure_url}/"
            answer = client.get_at(server.port, url, *ACCOUNT, "--certificate", client_pem, "--key", key)
            _must(answer.exit_status == 0 and answer.logins == 1, (version, answer))
            answer = client.get_at(server.port, url, *ACCOUNT)
            _must(answer.exit_status == 3 and answer.logins == 0, (version, answer))


def _closes(client, scheme):
    """A server that closes with its 401; one that asks at each request; one that both does."""
    with SambaWeb(schemes=(scheme,), certificate="server", closes=True, logins=GssLogin) as server:
        answer = client.get_at(server.port, *_three(server.secure_url), *ACCOUNT)
        _must_be_three(answer, connections=2)
    with SambaWeb(schemes=(scheme,), certificate="server", forgets=True) as server:
        answer = client.get_at(server.port, *_three(server.secure_url), *ACCOUNT)
        _must_be_three(answer, logins=3)
    with SambaWeb(schemes=(scheme,), certificate="server", forgets=True, closes=True) as server:
        answer = client.get_at(server.port, *_three(server.secure_url), *ACCOUNT)
        _must_be_three(answer, connections=4, logins=3)


def _tunnel(client, scheme, closes):
    proxied = {"schemes": (scheme,), "closes": closes}
    with SambaWeb(schemes=(scheme,), certificate="server", logins=GssLogin) as server:
        with ConnectProxy(**proxied) as proxy:
            answer = client.get_through(proxy, *_three(server.secure_url), *ACCOUNT)
            _must_be_three(answer, logins=2, connections=2 if closes else 1)
            _must(answer.head.get("proxy") == f"{WHO} by {scheme} (NTLM)", answer)
            _must(proxy.asked == [f"{tls_pki.HOST}:{server.port}"], proxy.asked)
            wrong = ("--proxy-user", "alice", "--proxy-domain", "EXAMPLE", "--proxy-password", "wrong")
            answer = client.get_through(proxy, f"{server.secure_url}/", *ACCOUNT, *wrong)
            _must(answer.status == 407 and answer.exit_status == 1 and len(proxy.asked) == 1, answer)
            answer = client.get_through(proxy, f"{server.secure_url}/", *WRONG, *wrong[:-1], "Passw0rd!")
            _must(answer.status == 401 and answer.exit_status == 1 and answer.logins == 1, answer)


def _detour_in_tunnel(client):
    """--connect through a proxy: the proxy is told that."""
    with SambaWeb(certificate="server") as server, ConnectProxy() as proxy:
        answer = client.get_through(
            proxy, f"https://{tls_pki.HOST}/", *ACCOUNT, "--connect", f"elsewhere.test:{server.port}"
        )
        _must(
            answer.exit_status == 0 and proxy.asked == [f"elsewhere.test:{server.port}"],
            (answer, proxy.asked),
        )


def _tunnel_only_for_its_own(client):
    """The server behind the tunnel does not get the proxy's account by answering as a proxy does."""
    with SambaWeb(places=(PROXY,), certificate="server") as server, ConnectProxy() as proxy:
        answer = client.get_through(proxy, f"{server.secure_url}/", *ACCOUNT)
        _must(answer.status == 407 and answer.exit_status == 1 and answer.logins == 1, answer)
        _must("from" not in answer.head, answer)
    with SambaWeb(places=(PROXY,)) as server:
        answer = client.get(f"http://{client.loopback}:{server.port}/", *ACCOUNT)
        _must(answer.status == 407 and answer.logins == 0, answer)


def _no_way(client):
    """A proxy that finds nobody, or refuses the tunnel: its answer is the answer."""
    with ConnectProxy() as proxy:
        answer = client.get_through(proxy, "https://nobody.example.test:1/", *ACCOUNT)
        _must(answer.status == 502 and answer.exit_status == 1 and answer.body == b"nobody there\n", answer)
        _must(answer.head.get("from", "").startswith("the proxy"), answer)


def _ended_in_between(client):
    """A server may end an idle connection: a GET goes over a new one, once. A POST whose body is out does not."""
    url = f"http://{client.loopback}"
    with RawServer(["head", OK, 0.2], ["head", OK]) as server:
        one = f"{url}:{server.port}/"
        answer = client.get(one, one)
        _must(answer.exit_status == 0 and answer.connections == 2, answer)
    with RawServer(["head", OK, "head"], ["head", OK]) as server:
        one = f"{url}:{server.port}/"
        answer = client.get(one, one)
        _must(answer.exit_status == 0 and answer.connections == 2, answer)
    with RawServer(["head", OK, "head"], [], ["head", OK]) as server:
        one = f"{url}:{server.port}/"
        answer = client.get(one, one)
        _must(answer.exit_status == 3 and answer.connections == 2 and len(answer.answers) == 1, answer)
    with RawServer(["head", OK, "body"], ["head", OK]) as server:
        one = f"{url}:{server.port}/"
        answer = client.get(one, "--post", "hello", one)
        _must(answer.exit_status == 3 and answer.connections == 1 and len(server.heads) == 2, answer)


def _other_servers(client):
    """Another server is another connection and another login; the account is the same."""
    with SambaWeb(certificate="server") as one, SambaWeb() as two:
        # --connect is for all URLs, so the plain one stands where it says.
        answer = client.get(
            f"http://{client.loopback}:{two.port}/", f"http://{client.loopback}:{two.port}/", *ACCOUNT
        )
        _must(answer.exit_status == 0 and (answer.connections, answer.logins) == (1, 1), answer)
        answer = client.get_at(one.port, f"{one.secure_url}/", f"https://{tls_pki.HOST}/", *ACCOUNT)
        _must(answer.exit_status == 0 and (answer.connections, answer.logins) == (2, 2), answer)


def _our_own(client, scheme):
    """Our server wants the bindings, and says what it refused a relayed login for."""
    tls = ("--certificate", tls_pki.certificate("server"), "--key", tls_pki.key_of("server"))
    option = f"--{scheme.lower()}"
    with Httpd(*tls, "--bindings", "required", preset=client.preset) as server:
        url = f"https://{tls_pki.HOST}"
        answer = client.get_at(
            server.port, f"{url}/", f"{url}/", "--post", "hello", f"{url}/", *ACCOUNT, option
        )
        _must_be_three(answer, schemes=(scheme,))
        answer = client.get_at(server.port, f"{url}/", *WRONG, option)
        _must(answer.status == 401 and answer.exit_status == 1, answer)
        with TlsRelay(server.port, "server-rsa") as relay:
            answer = client.get_at(relay.port, f"{url}/", *ACCOUNT, option)
            _must(answer.status == 401 and answer.exit_status == 1, answer)
    _must(SEC_E_BAD_BINDINGS in server.said.decode(), server.said)


def checks_of(client):
    def check(name, run, *arguments):
        return Check(f"https, {name}", lambda: run(client, *arguments))

    for path, options in (("ntlm", ("--ntlm",)), ("negotiate", ())):
        yield check(f"Apache, three requests and one login, {path}", _apache, path, *options)
    for scheme in SCHEMES:
        for logins in (SambaLogin, GssLogin):
            yield check(
                f"{logins.__name__}, three requests and one login, {scheme}",
                _inside,
                scheme,
                logins,
                "server",
            )
        yield check(f"the bindings of an RSA certificate, {scheme}", _inside, scheme, GssLogin, "server-rsa")
        yield check(f"a relay is seen by the bindings, {scheme}", _relayed, scheme)
        yield check(f"our own server, {scheme}", _our_own, scheme)
        yield check(f"servers that close or forget, {scheme}", _closes, scheme)
        for closes in (False, True):
            how = "closes with its 407" if closes else "keeps the connection"
            yield check(f"a tunnel through a proxy that {how}, {scheme}", _tunnel, scheme, closes)
    yield check("not trusted, not the one, not in time", _not_trusted)
    yield check("files that are none", _files)
    yield check("a certificate of one's own", _own_certificate)
    yield check("--connect through a proxy", _detour_in_tunnel)
    yield check("only a proxy gets the proxy's account", _tunnel_only_for_its_own)
    yield check("a proxy that finds no way", _no_way)
    yield check("connections that end in between", _ended_in_between)
    yield check("another server", _other_servers)


def checks(ours):
    if ours.target == "host":
        yield from checks_of(Client(ours.preset))
