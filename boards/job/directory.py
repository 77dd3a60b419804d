# SPDX-License-Identifier: Apache-2.0
"""The device joins a directory: Samba's domain controller, in a network of its own."""


def tell(story, board):
    return []
