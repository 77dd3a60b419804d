# SPDX-License-Identifier: Apache-2.0
"""HTTP: curl logs in at baresspi-httpd, baresspi-http-get at Apache and at ntlm_auth's web server, as a server's callers and
as a proxy's. This machine only: boards have no network yet."""

import http.client
import subprocess
from concurrent.futures import ThreadPoolExecutor

from peers.apache import Apache
from peers.baresspi_http import Httpd, get, program
from peers.curl import curl
from peers.pair import CheckFailed
from peers.peer import Side
from peers.samba_peer import SambaPeer
from peers.samba_web import PROXY, SERVER, SambaWeb
from peers.http_wire import authorization, challenge

from .checks import Check

ACCOUNT = ("--user", "alice", "--domain", "EXAMPLE", "--password", "Passw0rd!")
WRONG = (*ACCOUNT[:-1], "wrong")
WHO = "EXAMPLE\\alice"
NOWHERE = "http://nowhere.example.test/page"
BIG = b"0123456789" * 10000
CONTEXTS = 8  # BARESSPI_MAX_CONTEXTS of the default configuration
NO_RULES = (
    "alice",
    "alice=A\\alice",
    "cn:=A\\alice",
    "cn:alice",
    "cn:alice=",
    "cn:alice=A\\",
    "dn:alice=A\\alice",
    "sha256:00=A\\a",
)


def _must(condition, what):
    if not condition:
        raise CheckFailed(str(what))


def _page(text):
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


# ---- Our server. ----


def _curl_logs_in(preset, scheme, proxy):
    option = f"--{'proxy-' if proxy else ''}{scheme}"
    with Httpd(*(["--proxy-mode"] if proxy else []), preset=preset) as server:
        where = ["--proxy", server.url, NOWHERE] if proxy else [f"{server.url}/whoami?x=1"]
        answer = curl(option, *where)
        _must(answer.status == 200 and _page(answer.body)["user"] == WHO, answer)
        _must(_page(answer.body)["scheme"].lower() == scheme and answer.connections == 1, answer)
        for wrong in ({"password": "wrong"}, {"user": "mallory"}, {"password": ""}):
            answer = curl(option, *where, **wrong)
            _must(answer.status == (407 if proxy else 401) and "user=" not in answer.body, answer)
        answer = curl(*where)
        _must(answer.status == (407 if proxy else 401), answer)


def _curl_posts(preset, scheme):
    with Httpd(preset=preset) as server:
        for more in ([], ["--header", "Expect: 100-continue"]):
            answer = curl(f"--{scheme}", "--data-binary", "@-", *more, f"{server.url}/whoami", given=BIG)
            _must(answer.status == 200 and _page(answer.body)["body"] == str(len(BIG)), answer)


def _login_is_the_connections(preset, scheme):
    """The second request over it needs no login; another connection does."""
    with Httpd(preset=preset) as server:
        answer = curl(f"--{scheme}", f"{server.url}/whoami", f"{server.url}/whoami?two")
        _must(answer.body.count(f"user={WHO}") == 2 and answer.connections == 0, answer)
        _must(curl(f"{server.url}/three").status == 401, "let in without a login")
    _must(server.said.count(b"in: ") == 1, server.said)


def _samba_logs_in(preset, password, status):
    """ntlm_auth as a client; its tokens carried by Python's HTTP."""
    with Httpd(preset=preset) as server, SambaPeer("client", Side(password=password)) as client:
        connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
        client.begin()
        token, done = b"", False
        while not done:
            token, done = client.step(token)
            connection.request("GET", "/whoami", headers={"Authorization": authorization("NTLM", token)})
            answer = connection.getresponse()
            body = answer.read().decode()
            token = challenge(answer, "NTLM")
        connection.close()
        _must(answer.status == status and (f"user={WHO}" in body) == (status == 200), (answer.status, body))


def _many_at_once(preset):
    with Httpd(preset=preset) as server, ThreadPoolExecutor(6) as pool:
        schemes = ["--ntlm", "--negotiate"] * 6
        answers = list(
            pool.map(lambda scheme: curl(scheme, "--retry", "8", f"{server.url}/whoami?{scheme}"), schemes)
        )
    bad = [answer for answer in answers if answer.status != 200 or f"user={WHO}" not in answer.body]
    _must(not bad, bad)


def _surplus(preset):
    """As many logins at a time as there are contexts; one more is 503, and works once one of them has gone."""
    negotiate = {
        "Authorization": authorization("NTLM", bytes.fromhex("4e544c4d53535000010000000782080a") + bytes(16))
    }

    def begin(server):
        connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
        connection.request("GET", "/", headers=negotiate)
        answer = connection.getresponse()
        answer.read()
        return connection, answer

    with Httpd(preset=preset) as server:
        held = [begin(server) for _ in range(CONTEXTS)]
        _must(
            all(answer.status == 401 and challenge(answer, "NTLM") for _, answer in held),
            "not all were answered",
        )
        connection, answer = begin(server)
        _must(answer.status == 503 and answer.getheader("Retry-After"), answer.status)
        connection.close()
        _must(curl(f"{server.url}/").status == 401, "a request without a login needs no context")
        held.pop()[0].close()
        _must(curl("--ntlm", f"{server.url}/").status == 200, "no login after one has gone")
        for connection, _ in held:
            connection.close()


# ---- Our client. ----


def _apache(preset, path, *options):
    with Apache() as server:
        answer = get(f"{server.url}/{path}/", *ACCOUNT, *options, preset=preset)
        _must(answer.status == 200 and answer.body == f"the page of {path}\n".encode(), answer)
        _must(answer.head.get("server", "").startswith(WHO), answer)
        answer = get(f"{server.url}/{path}/", *WRONG, *options, preset=preset)
        _must(answer.status == 401 and answer.exit_status == 1, answer)
        _must(get(f"{server.url}/{path}/", preset=preset).status == 401, "let in without an account")
        return "and refused with a wrong password"


def _samba(preset, scheme, places):
    proxied = PROXY in places
    with SambaWeb(places, schemes=(scheme,)) as server:
        url = NOWHERE if proxied else f"{server.url}/page"
        where = [url, *(["--proxy", f"127.0.0.1:{server.port}"] if proxied else [])]
        answer = get(*where, *ACCOUNT, preset=preset)
        _must(
            answer.status == 200 and _page(answer.body.decode())["users"] == ",".join([WHO] * len(places)),
            answer,
        )
        names = [name for place, name in ((SERVER, "server"), (PROXY, "proxy")) if place in places]
        _must(all(answer.head.get(name) == f"{WHO} by {scheme} (NTLM)" for name in names), answer)
        answer = get(*where, *ACCOUNT, "--post", "x" * 5000, preset=preset)
        _must(answer.status == 200 and _page(answer.body.decode())["body"] == "5000", answer)
        answer = get(*where, *WRONG, preset=preset)
        _must(answer.status == (407 if proxied else 401) and answer.exit_status == 1, answer)


def _choice(preset):
    """Negotiate where both are offered; the one that is asked for; none that is not offered."""
    with SambaWeb() as server:
        for options, expected in (((), "Negotiate"), (("--ntlm",), "NTLM"), (("--negotiate",), "Negotiate")):
            answer = get(f"{server.url}/", *ACCOUNT, *options, preset=preset)
            _must(answer.head.get("server") == f"{WHO} by {expected} (NTLM)", answer)
    with SambaWeb(schemes=("NTLM",)) as server:
        _must(get(f"{server.url}/", *ACCOUNT, "--negotiate", preset=preset).status == 401, "not offered")


def _last_token(preset):
    """Negotiate's last token comes with the page, and has to be right."""
    with SambaWeb(schemes=("Negotiate",), flip=True) as server:
        answer = get(f"{server.url}/", *ACCOUNT, preset=preset)
        _must(answer.exit_status == 3 and "8009030f" in answer.complaint and not answer.body, answer)


def _chunked(preset):
    with SambaWeb(chunked=True) as server:
        answer = get(f"{server.url}/page", *ACCOUNT, preset=preset)
        _must(answer.status == 200 and answer.body.endswith(b"target=/page\nbody=0\n"), answer)


def _usage(preset):
    wrong = {
        "baresspi-http-get": (
            [],
            ["--user"],
            ["http://h/", "--bogus"],
            ["https://h/"],
            ["ftp://h/"],
            ["http://h:0/"],
            ["http://h:65536/"],
            ["http://h/ x"],
            ["http:///"],
            ["http://h/"] * 17,
            ["--post", "x", "http://h/", "--post", "y"],
            ["--post", "x", "--post", "y", "http://h/"],
            ["https://h/", "--trust", "f", "--key", "k"],
            ["http://h/", "--proxy", "p:1", "--connect", "c:1"],
            ["http://h/", "--proxy", "h:x"],
            ["http://h/", "--timeout", "-1"],
            ["http://" + "h" * 256 + "/"],
        ),
        "baresspi-httpd": (
            [],
            ["--port", "1"],
            ["--user"],
            ["--password", "x"],
            ["--user", "a", "--bogus", "x"],
            ["--user", "a", "--port", "65536"],
            ["--user", "a", "--timeout", "0"],
            ["--user", "a"] * 9,
            ["--user", "a", "--certificate", "c"],
            ["--user", "a", "--key", "k"],
            ["--user", "a", "--trust", "t"],
            ["--user", "a", "--bindings", "required"],
            ["--user", "a", "--bindings", "some"],
            ["--user", "a", "--map-certificate", "cn:a=A\\a"],
            ["--certificate", "c", "--key", "k"],
            *(
                ["--certificate", "c", "--key", "k", "--trust", "t", "--map-certificate", rule]
                for rule in NO_RULES
            ),
        ),
    }
    for name, lines in wrong.items():
        for line in lines:
            done = subprocess.run([program(name, preset), *line], capture_output=True, timeout=10)
            good = (
                done.returncode == 2 and done.stderr.startswith(f"usage: {name}".encode()) and not done.stdout
            )
            _must(good, (name, line, done))


def checks(ours):
    if ours.target != "host":
        return
    preset = ours.preset

    def check(name, run, *arguments):
        return Check(f"http, {name}", lambda: run(preset, *arguments))

    for scheme in ("ntlm", "negotiate"):
        yield check(f"server: curl --{scheme} logs in, a wrong one does not", _curl_logs_in, scheme, False)
        yield check(
            f"server: curl --proxy-{scheme} logs in, a wrong one does not", _curl_logs_in, scheme, True
        )
        yield check(f"server: curl --{scheme} posts 100 kB", _curl_posts, scheme)
        yield check(f"server: {scheme}, the login is the connection's", _login_is_the_connections, scheme)
    yield check("server: ntlm_auth logs in", _samba_logs_in, "Passw0rd!", 200)
    yield check("server: ntlm_auth with a wrong password does not", _samba_logs_in, "wrong", 401)
    yield check("server: a dozen clients at once", _many_at_once)
    yield check("server: one login too many is 503", _surplus)
    for path, options in (("ntlm", ("--ntlm",)), ("negotiate", ("--negotiate",)), ("negotiate", ())):
        yield check(f"client: Apache lets us in, {path} {' '.join(options)}", _apache, path, *options)
    for scheme in ("NTLM", "Negotiate"):
        yield check(f"client: ntlm_auth's server, {scheme}", _samba, scheme, (SERVER,))
        yield check(f"client: ntlm_auth's proxy, {scheme}", _samba, scheme, (PROXY,))
        yield check(f"client: a proxy and a server behind it, {scheme}", _samba, scheme, (PROXY, SERVER))
    yield check("client: which scheme", _choice)
    yield check("client: the last token has to be right", _last_token)
    yield check("client: a chunked answer", _chunked)
    yield check("wrong options are a usage line", _usage)
