# SPDX-License-Identifier: Apache-2.0
"""Tokens in HTTP's header fields."""

import base64


def authorization(scheme, token):
    """The value of the field that carries the token."""
    return f"{scheme} {base64.b64encode(token).decode()}"


def challenge(answer, scheme):
    """The scheme's token in an answer of http.client, or b""."""
    for value in answer.headers.get_all("WWW-Authenticate") or []:
        name, _, token = value.partition(" ")
        if name == scheme:
            return base64.b64decode(token)
    return b""
