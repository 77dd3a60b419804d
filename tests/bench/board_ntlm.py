# SPDX-License-Identifier: Apache-2.0
"""NTLM and Negotiate on the emulated Cortex-M3 (boards/mps2-an385) beside bare cryptography: instructions, stack."""
import os
import re
import sys

from board import boot_lines
from building import WITHOUT_TLS, build

IMAGE = 'baresspi-bench-ntlm'
CRYPTO = {'small': 'OFF', 'fast': 'ON'}
LOGINS = [('NTLM: acquire', 'ntlm-acquire'), ('NTLM handshake', 'ntlm-handshake'),
          ('Negotiate handshake', 'negotiate-handshake')]
MESSAGES = [(f'{text}, {size:,} octets', f'{text}-{size}')
            for size in (64, 1024, 16384) for text in ('seal', 'unseal', 'sign', 'verify')]


def figures(lines):
    """{('ours' or 'bare', what): {side: (instructions, stack)}}"""
    found = {}
    for line in lines:
        match = re.match(r'(\w+) (\S+) (\w+) instructions (\d+) stack (\d+)$', line)
        if match is None:
            sys.exit(f'{IMAGE}: {line}')
        who, what, side = match.group(1, 2, 3)
        found.setdefault((who, what), {})[side] = (int(match.group(4)), int(match.group(5)))
    return found


def run(build_root, limits, table):
    for crypto, switch in CRYPTO.items():
        options = [*WITHOUT_TLS, f'-DBARESSPI_CRYPTO_FAST={switch}']
        folder = build(os.path.join(build_root, f'bench-board-ntlm-{crypto}'), 'm3', options, {}, [IMAGE])
        found = figures(boot_lines(os.path.join(folder, IMAGE)))
        table.begin(f'Cortex-M3, -Os, {crypto} crypto: instructions and stack',
                    ['', 'ours', 'bare crypto', 'ours / bare', 'limit', 'stack'])
        for title, what in LOGINS + MESSAGES:
            ours, bare = found['ours', what], found.get(('bare', what), {})
            for side, (instructions, stack) in ours.items():
                name = f'{title}, {side}' if (title, what) in LOGINS else title
                least = bare[side][0]
                ratio = ('', '')
                if least > 1000:  # the timer's tick is 40
                    ratio = table.ratio(limits, f'board {crypto} {name}, over bare', instructions / least)
                limits.check(f'board {crypto} {name}', instructions)
                table.row([name, f'{instructions:,}', f'{least:,}', *ratio, f'{stack:,}'])
        table.end()
        ours, bare = ({what for who, what in found if who == wanted} for wanted in ('ours', 'bare'))
        limits.expect(f'board {crypto}: the bare cryptography of everything', ours == bare)
