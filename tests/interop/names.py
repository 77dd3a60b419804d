# SPDX-License-Identifier: Apache-2.0
"""Names and passwords as people have them: letters of many alphabets, whose upper case goes into the key and
must be what Windows and Samba take for it; none at all; user@realm. ntlm_auth is the judge, both ways."""

from peers import pair
from peers.peer import Side

from .checks import SEC_E_LOGON_DENIED, Check, joined

SIDE = Side()
# (what, name, its upper case in Windows and Samba)
NAMES = (
    ("umlauts", "jörg müller-ähre", "JÖRG MÜLLER-ÄHRE"),
    ("cedilla and circumflex", "çağrî", "ÇAĞRÎ"),
    ("y with diaeresis", "louÿs", "LOUŸS"),
    ("Greek with a final sigma", "οδυσσεύς", "ΟΔΥΣΣΕΎΣ"),
    ("Cyrillic", "борис ёлкин", "БОРИС ЁЛКИН"),
    ("Armenian", "արամ", "ԱՐԱՄ"),
    ("dotless i, which stays", "yıldız", "YıLDıZ"),
    ("micro sign, which stays", "µcontroller", "µCONTROLLER"),
    ("long s, which stays", "ſam", "ſAM"),
    ("sharp s, which stays", "strauß", "STRAUß"),
    ("Hangul and kanji, which have no case", "홍길동 山田", "홍길동 山田"),
    ("beyond the first plane", "𐐨lice", "𐐨LICE"),
    ("of 60 letters", "abcdefghijklmnopqrstuvwxyzäöüé" * 2, "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜÉ" * 2),
)
# These only with BARESSPI_UNICODE_FULL.
FULL_UNICODE_NAMES = (
    ("full-width Latin", "ａｌｉｃｅ", "ＡＬＩＣＥ"),
    ("circled letters", "ⓐⓛⓘⓒⓔ", "ⒶⓁⒾⒸⒺ"),
    ("Glagolitic, which stays", "ⰰⰱⰲ", "ⰰⰱⰲ"),
    ("Vietnamese", "nguyễn văn đạt", "NGUYỄN VĂN ĐẠT"),
)
# A client that folds the first as Unicode does it would be let in by a server that knows the second only.
NOT_THE_SAME = (("yıldız", "yildiz"), ("µcontroller", "μcontroller"), ("ſam", "sam"))


def _login(ours, role, client_side, server_side=None):
    with joined(ours, role, "samba-ntlm", client_side, server_side or client_side) as (client, server):
        pair.must_establish(client, server)
        pair.must_share_key(client, server)


def _stranger(ours, client_side, server_side):
    with joined(ours, "server", "samba-ntlm", client_side, server_side) as (client, server):
        ours.expect(pair.must_refuse(client, server, by=("server",)).reason, SEC_E_LOGON_DENIED)


def _names(ours):
    return NAMES + FULL_UNICODE_NAMES if ours.full_unicode else NAMES


def _sides(ours):
    for what, name, _ in _names(ours):
        yield f"user name, {what}", SIDE.but(user=name)
    yield "user name, user@realm and no domain", SIDE.but(user="alice@example.test", domain="")
    yield "domain, empty", SIDE.but(domain="")
    yield "domain, in letters that have a case and are not folded", SIDE.but(domain="münchen.Example")
    yield "password, empty", SIDE.but(password="")
    yield "password, of many alphabets", SIDE.but(password='Пароль "zwölf" \\ 密码 𐐨 %')
    yield "password, of 120 letters", SIDE.but(password="correct horse battery " * 5 + "0123456789")


def checks(ours):
    for role in ours.roles:
        for what, side in _sides(ours):
            yield Check(
                f"{role}, ntlm_auth agrees: {what}", lambda role=role, side=side: _login(ours, role, side)
            )
    if "server" not in ours.roles:
        return
    for what, name, upper in _names(ours):
        yield Check(
            f"server, the account is found by its name in lower case: {what}",
            lambda name=name, upper=upper: _login(ours, "server", SIDE.but(user=name), SIDE.but(user=upper)),
        )
    for name, lookalike in NOT_THE_SAME:
        yield Check(
            f"server, {name} is not {lookalike}",
            lambda name=name, lookalike=lookalike: _stranger(
                ours, SIDE.but(user=name), SIDE.but(user=lookalike)
            ),
        )
