# SPDX-License-Identifier: Apache-2.0
"""The device's own web page, and who is let in there: BareSSPI's client, curl, a certificate, nobody else."""

from peers.baresspi_http import get, program  # noqa: F401 (stay tells where the program is)
from peers.curl import curl
from story import must

HOST = "device.example.test"
ACCOUNT = ("--user", "alice", "--domain", "EXAMPLE", "--password", "Passw0rd!")
ADMIN = ("--user", "admin", "--domain", "EXAMPLE", "--password", "Adm1n!")
WHO = "EXAMPLE\\alice"


class Page:
    """How the page is asked for, and how it is got at once it is up."""

    def __init__(self, certificates):
        self.certificate, key = certificates.server(HOST, "127.0.0.1")
        self.client = certificates.client("alice")
        self.anchor = certificates.anchor
        own = ("--certificate", self.certificate, "--key", key, "--trust", self.anchor)
        maps = ("--map-certificate", f"cn:alice={WHO}")
        self.words = (*own, *maps, "--bindings", "offered", *ACCOUNT, *ADMIN, "--admin", "EXAMPLE\\admin")

    def curl_words(self, port):
        return ("--cacert", self.anchor, "--resolve", f"{HOST}:{port}:127.0.0.1")


def _answer(story, shown, answer, status):
    story.line(f"$ {shown}")
    text = answer.body.decode() if isinstance(answer.body, bytes) else answer.body
    lines = [f"{answer.status}", *text.splitlines()[:3]] if answer.status == 200 else [f"{answer.status}"]
    story.line("\n".join(lines))
    must(answer.status == status, f"status {answer.status}, not {status}: {text[-200:]}")
    if status == 200:
        must(f"user={WHO}" in text, "the page tells another name")


def tell(story, device, page):
    story.step(f"Its own web page, https://{HOST}, for the accounts alice and admin and for certificates")
    with device.serve(page.words) as serving:
        url = f"https://{HOST}:{serving.port}/whoami"
        short = f"https://{HOST}/whoami"
        words = page.curl_words(serving.port)
        connect = ("--connect", f"127.0.0.1:{serving.port}", "--trust", page.anchor)
        own = get(url, *connect, *ACCOUNT)
        _answer(story, f"baresspi-http-get {short} --user alice ...   (Negotiate, bound to TLS)", own, 200)
        _answer(
            story, f"curl --negotiate -u : {short}   (MIT GSSAPI, gss-ntlmssp)", curl(url, *words, "--negotiate"), 200
        )
        _answer(story, f"curl --ntlm -u 'EXAMPLE\\alice:...' {short}", curl(url, *words, "--ntlm"), 200)
        identity = ("--cert", page.client[0], "--key", page.client[1])
        _answer(story, f"curl --cert alice.pem --key alice.key {short}", curl(url, *words, *identity), 200)
        _answer(story, f"curl {short}   (nobody)", curl(url, *words), 401)
        wrong = curl(url, *words, "--ntlm", password="wrong")
        _answer(story, f"curl --ntlm -u 'EXAMPLE\\alice:wrong' {short}", wrong, 401)
    story.line("what the device says of it:")
    story.line("\n".join(line for line in serving.text.splitlines() if line))
    must(serving.status == 0, f"the page ended with {serving.status}")
    story.result("four ways in, one identity; and nobody else")
