# SPDX-License-Identifier: Apache-2.0
"""The device's web page inside TLS: who is let in by which way of asking, who is not, and what each may see. The
callers are curl and Python with python3-ntlm-auth. Where the page is, a site says (peers/web_page.py): this machine,
or a device."""

import hashlib
import socket
import ssl

from peers import tls_pki
from peers.curl import curl
from peers.raw_http import statuses
from peers.web_page import MAPPED, CLIENTS, Caller, HostSite, refused_by_alert

from . import https_page_crowd
from .checks import Check
from .web import BIG, WHO, _must, _page

MAPPED_BY_NAME = (*CLIENTS, "--map-certificate", "cn:alice=EXAMPLE\\alice")
FINGERPRINT = hashlib.sha256(tls_pki.der("client")).hexdigest()
MAPPED_BY_FINGERPRINT = (*CLIENTS, "--map-certificate", f"sha256:{FINGERPRINT}=EXAMPLE\\alice")
VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
BOB = ("--user", "bob", "--domain", "EXAMPLE", "--password", "Passw0rd!")
SCHEMES = ("ntlm", "negotiate", "anyauth")


def ask(page, *arguments, path="/whoami", **more):
    # Whatever way the account goes to curl: --anyauth chooses Negotiate, which takes it from a file.
    words = [word for word in arguments if word != "--anyauth"]
    if len(words) < len(arguments):
        words += ["--anyauth", "--user", ":"]
    return curl(*words, "--cacert", page.ca_file, f"{page.url}{path}", **more)


def _certificate(name):
    return ("--cert", tls_pki.certificate(name), "--key", tls_pki.key_of(name))


def _curl_logs_in(site, scheme):
    with site.open() as page:
        for options in ((), ("--tls-max", "1.2")):
            answer = ask(page, f"--{scheme}", *options)
            _must(answer.status == 200 and _page(answer.body)["user"] == WHO, answer)
            _must(_page(answer.body)["package"] == "NTLM", answer)
        for wrong in ({"password": "wrong"}, {"user": "mallory"}):
            answer = ask(page, f"--{scheme}", **wrong)
            _must(answer.status == 401 and "user=" not in answer.body, answer)
        answer = ask(page)
        _must(answer.status == 401 and "user=" not in answer.body, answer)


def _curl_posts(site, scheme):
    with site.open() as page:
        for more in ([], ["--header", "Expect: 100-continue"], ["--header", "Expect:"]):
            answer = ask(page, f"--{scheme}", "--data-binary", "@-", *more, given=BIG)
            _must(answer.status == 200 and _page(answer.body)["body"] == str(len(BIG)), answer)


def _by_certificate(site, rule, version):
    with site.open(*rule) as page:
        answer = ask(page, *_certificate("client"), "--tls-max", version)
        _must(answer.status == 200 and _page(answer.body)["user"] == WHO, answer)
        _must(_page(answer.body)["scheme"] == "Certificate", answer)
        _must(_page(answer.body)["package"] == "Schannel", answer)
        # Who brings none is asked, as anybody is.
        _must(ask(page, "--tls-max", version).status == 401, "let in with neither")
        answer = ask(page, "--ntlm", "--tls-max", version)
        _must(answer.status == 200 and _page(answer.body)["scheme"] == "NTLM", answer)


def _certificate_of_nobody(site, version):
    """It was checked, and stands for no account: a caller like any other."""
    rule = (*CLIENTS, "--map-certificate", "cn:somebody else=EXAMPLE\\alice")
    with site.open(*rule) as page:
        _must(ask(page, *_certificate("client"), "--tls-max", version).status == 401, "let in")
        answer = ask(page, *_certificate("client"), "--ntlm", "--tls-max", version)
        _must(answer.status == 200 and _page(answer.body)["scheme"] == "NTLM", answer)


def _certificate_of_unknown_authority(site, version):
    with site.open(*MAPPED) as page:
        reason = refused_by_alert(page, "client-untrusted", VERSIONS[version])
        _must(reason == "TLSV1_ALERT_UNKNOWN_CA", reason)
        _must(ask(page, *_certificate("client-untrusted")).status == 0, "curl had an answer")
        _must(ask(page, "--ntlm").status == 200, "nobody is let in any more")


def _another_login(site):
    """Who came by certificate may be somebody else by password, and again nobody else once that is refused."""
    with site.open(*MAPPED, *BOB) as page, Caller(page, "client") as caller:
        _must("scheme=Certificate" in caller.get()[1], "by certificate")
        status, content = caller.log_in()
        _must(status == 200 and "scheme=NTLM" in content, (status, content))
        _must(caller.log_in(password="wrong")[0] == 401, "the wrong password")
        _must("scheme=Certificate" in caller.get()[1], "by certificate, after that")


def _who_may_see_what(site):
    with site.open(*BOB, "--admin", WHO, *MAPPED) as page:
        for path, status in (("/", 200), ("/settings", 200), ("/nothing", 404), ("/favicon.ico", 404)):
            answer = ask(page, "--ntlm", path=path)
            _must(answer.status == status, (path, answer))
        for path, status in (("/", 200), ("/settings", 403)):
            answer = ask(page, "--ntlm", path=path, user="bob")
            _must(answer.status == status and "/settings" not in answer.body, (path, answer))
        _must(ask(page, *_certificate("client"), path="/settings").status == 200, "the same account")
        _must(ask(page, path="/settings").status == 401, "let in with neither")


def _escaped(site):
    """A name is text, whoever chose it."""
    with site.open("--computer", "<i>&'", "--user", "a<b>", "--password", "Passw0rd!") as page:
        answer = ask(page, "--ntlm", path="/", user="a<b>")
        _must(answer.status == 200 and "EXAMPLE\\a&lt;b&gt;\n" in answer.body, answer)
        _must("<title>&lt;i&gt;&amp;&#39;</title>" in answer.body, answer)
        _must("a<b>" not in answer.body and "<i>" not in answer.body, answer)


def _a_browsers_ways(site):
    with site.open() as page, Caller(page) as caller:
        status, content = caller.get("/")
        fields = caller.answer.headers
        _must(status == 401 and content.startswith("<!DOCTYPE html>"), (status, content))
        _must(fields.get_all("WWW-Authenticate") == ["Negotiate", "NTLM"], fields.items())
        _must(caller.log_in("/")[0] == 200, "logs in on the same connection")
        status, content = caller.get("/", method="HEAD")
        fields = caller.answer.headers
        _must(status == 200 and content == "" and int(fields["Content-Length"]) > 100, (status, content))
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ):
            _must(fields[name] == value, fields.items())
        _must("default-src 'none'" in fields["Content-Security-Policy"], fields.items())
        _must("Strict-Transport-Security" not in fields, "it is not for a device with a CA of its own")
        status, content = caller.get(f"https://{page.host}:{page.port}/whoami?x")
        _must(status == 200 and f"user={WHO}" in content, ("absolute-form", status, content))
        # Another connection needs a login of its own.
        with Caller(page) as other:
            _must(other.get("/")[0] == 401, "let in by another connection's login")
        _must(caller.get("/")[0] == 200, "and this one goes on")


def _bindings(site, policy, cases):
    """cases: what a login says of its channel, and whether it is let in."""
    with site.open("--bindings", policy) as page:
        for said, status in cases:
            with Caller(page) as caller:
                caller.connect()
                own = caller.end_point()
                found = caller.log_in(bindings={"none": None, "own": own, "another's": own[:-1] + b"\0"}[said])[0]
                _must(found == status, (said, found))


def _guessing(site):
    """The third refusal is a connection's last."""
    with site.open() as page, Caller(page) as caller:
        for left in (2, 1, 0):
            _must(caller.log_in(password="wrong")[0] == 401, "a wrong password")
            _must((caller.answer.headers["Connection"] == "close") == (left == 0), left)


def _no_tls(site):
    """Who speaks something else gets no page, and is no harm to others."""
    with site.open() as page:
        for octets in (b"GET / HTTP/1.1\r\nHost: h\r\n\r\n", b"\x16\x03\x01\x40\x00" + bytes(64), bytes(300), b""):
            with socket.create_connection((page.host, page.port), 10) as connection:
                connection.sendall(octets)
                connection.shutdown(socket.SHUT_WR)
                came = b""
                try:
                    while some := connection.recv(4096):
                        came += some
                except ConnectionError:
                    pass
                _must(not statuses(came), came)
        _must(ask(page, "--ntlm").status == 200, "nobody is let in any more")


def checks_of(site):
    def check(name, run, *arguments):
        return Check(f"https page, {name}", lambda: run(site, *arguments))

    for scheme in SCHEMES:
        yield check(f"curl --{scheme} logs in, a wrong one does not", _curl_logs_in, scheme)
    for scheme in SCHEMES[:2]:
        yield check(f"curl --{scheme} posts 100 kB", _curl_posts, scheme)
    for version in VERSIONS:
        yield check(f"TLS {version}: a certificate's principal name is an account", _by_certificate, MAPPED, version)
        yield check(f"TLS {version}: a certificate that is nobody's", _certificate_of_nobody, version)
        yield check(f"TLS {version}: one of an unknown authority", _certificate_of_unknown_authority, version)
    yield check("a certificate's common name is an account", _by_certificate, MAPPED_BY_NAME, "1.3")
    yield check("a certificate's fingerprint is an account", _by_certificate, MAPPED_BY_FINGERPRINT, "1.2")
    yield check("by certificate, then by password", _another_login)
    yield check("the settings are the administrator's", _who_may_see_what)
    yield check("names are text", _escaped)
    yield check("a browser's ways of asking", _a_browsers_ways)
    for policy, cases in (
        ("none", (("none", 200), ("own", 200), ("another's", 200))),
        ("offered", (("none", 200), ("own", 200), ("another's", 401))),
        ("required", (("none", 401), ("own", 200), ("another's", 401))),
    ):
        yield check(f"channel bindings {policy}", _bindings, policy, cases)
    yield check("who guesses has to come again", _guessing)
    yield check("who does not speak TLS", _no_tls)
    yield from https_page_crowd.checks_of(site)


def checks(ours):
    if ours.target == "host":
        yield from checks_of(HostSite(ours.preset))
