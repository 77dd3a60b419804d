#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Samba's GENSEC library behind the line protocol at the head of gss/gss_peer.c. A process of its own: it is
C below, and may crash.

    gensec_child.py client|server SMB_CONF USER DOMAIN PASSWORD SPN [SETTING=VALUE..]

Settings are smb.conf's; and mechanism=ntlmssp|spnego, features=SIGN,.., and kerberos=REALM for a client that
has a ticket of that realm in the environment's KRB5CCNAME.
Without a USER the client is anonymous.
A server takes its accounts from the database that SMB_CONF leads to, and leaves USER .. SPN unread."""

import base64
import os
import sys

from samba import auth, credentials, gensec, param

FEATURES = {
    "SIGN": gensec.FEATURE_SIGN,
    "SEAL": gensec.FEATURE_SEAL,
    "SESSION_KEY": gensec.FEATURE_SESSION_KEY,
}


def text(octets):
    return base64.b64encode(octets).decode() if octets else "-"


def octets(word):
    return b"" if word == "-" else base64.b64decode(word)


class Login:
    def __init__(self, role, conf, user, domain, password, spn, switches):
        self.features = switches.pop("features", "SESSION_KEY,SIGN,SEAL").split(",")
        self.mechanism = switches.pop("mechanism", "ntlmssp")
        self.realm = switches.pop("kerberos", None)
        self.role = role
        self.settings = param.LoadParm()
        self.settings.load(conf)
        for key, value in switches.items():
            self.settings.set(key, value)
        self.user, self.domain, self.password = user, domain, password
        self.service, _, self.host = spn.partition("/")
        if role == "server":
            from samba.auth import system_session
            from samba.samdb import SamDB

            url = self.settings.private_path("sam.ldb")
            self.database = SamDB(session_info=system_session(self.settings), lp=self.settings, url=url)
        self.security = self.fresh()

    def fresh(self):
        options = {"lp_ctx": self.settings, "target_hostname": self.host}
        own = credentials.Credentials()
        own.guess(self.settings)
        if self.role == "client":
            security = gensec.Security.start_client(options)
            if self.user:
                own.set_username(self.user)
                own.set_domain(self.domain)
                own.set_password(self.password)
            else:
                own.set_anonymous()
            own.set_workstation("GENSEC1")
            own.set_kerberos_state(credentials.DONT_USE_KERBEROS)
            if self.realm:
                own.set_realm(self.realm)
                own.set_named_ccache(os.environ["KRB5CCNAME"], credentials.SPECIFIED, self.settings)
                own.set_kerberos_state(credentials.AUTO_USE_KERBEROS)
        else:
            methods = ["anonymous", "sam_ignoredomain"]
            judge = auth.AuthContext(lp_ctx=self.settings, ldb=self.database, methods=methods)
            security = gensec.Security.start_server(options, judge)
            own.set_machine_account(self.settings)
        security.set_credentials(own)
        if self.role == "client":
            security.set_target_hostname(self.host)
            security.set_target_service(self.service)
        for feature in self.features:
            if feature:
                security.want_feature(FEATURES[feature])
        security.start_mech_by_name(self.mechanism)
        return security

    def answer(self, words):
        command, *rest = words
        if command == "STEP":
            done, token = self.security.update(octets(rest[0]))
            return f"TOK {text(token)} {'DONE' if done else 'CONTINUE'}"
        if command == "WRAP":
            return f"WRAPPED {rest[0]} {text(self.security.wrap(octets(rest[1])))}"
        if command == "UNWRAP":
            return f"PLAIN 1 0 {text(self.security.unwrap(octets(rest[0])))}"
        if command == "MIC":
            data = octets(rest[0])
            return f"MIC {text(self.security.sign_packet(data, data))}"
        if command == "VERIFY":
            data = octets(rest[0])
            self.security.check_packet(data, data, octets(rest[1]))
            return "VALID 0"
        if command == "KEY":
            return f"KEY {bytes(self.security.session_key()).hex()}"
        if command == "INFO":
            return "INFO " + " ".join(
                name for name, bit in FEATURES.items() if self.security.have_feature(bit)
            )
        if command == "RESET":
            self.security = self.fresh()
            return "FRESH"
        return "ERR unknown command"


def main():
    switches = dict(word.split("=", 1) for word in sys.argv[7:])
    login = Login(*sys.argv[1:7], switches)
    for line in sys.stdin:
        words = line.split()
        if words == ["QUIT"]:
            break
        try:
            print(login.answer(words), flush=True)
        except Exception as error:
            print("ERR", *(str(word).replace("\n", " ") for word in error.args), flush=True)


main()
