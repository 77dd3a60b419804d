# SPDX-License-Identifier: Apache-2.0
"""Stack, arenas and instructions of TLS on the emulated Cortex-M3 (boards/mps2-an385)."""
import os
import re
import subprocess
import sys

from building import ROOT, build

SMALL, ALL = 'config/mbedtls_small.h', 'config/mbedtls_all.h'
IMAGE = 'baresspi-bench-board'
KINDS = ('arena', 'stack', 'longest', 'handshake')
COMMON = {'BARESSPI_SCHANNEL_MAX_CONTEXTS': 2, 'BARESSPI_SCHANNEL_ARENA_BYTES': 98304}  # ample, to see what is used
LITTLE = {**COMMON, 'BARESSPI_SCHANNEL_MAX_TOKEN': 4096}

# Name, title, mbed TLS's configuration, CMake's switches, config/'s.
CONFIGURATIONS = [
    ('small-1.2', '4 KiB in, 2 KiB out, TLS 1.2 alone', SMALL, ['-DBARESSPI_TLS_1_3=OFF'], LITTLE),
    ('small', '4 KiB in, 2 KiB out', SMALL, [], LITTLE),
    ('small-restartable', '4 KiB in, 2 KiB out, TLS 1.2 alone, ECP_RESTARTABLE', SMALL, ['-DBARESSPI_TLS_1_3=OFF'],
     {**LITTLE, 'BARESSPI_TLS_RESTARTABLE': 1}),
    ('all', '16 KiB in, 4 KiB out', ALL, [], COMMON),
]


def boot(image):
    """The image's lines, as [(scenario, side, {kind: figure})]."""
    # An instruction takes a nanosecond of the board's time, so that its timer counts them.
    environment = dict(os.environ, BARESSPI_QEMU_ARGS='-icount shift=0')
    command = [os.path.join(ROOT, 'boards', 'run-image'), 'mps2-an385', image]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env=environment, timeout=300)
    if done.returncode != 0:
        sys.exit(f'{image}: failed\n{done.stdout}{done.stderr}')
    rows = []
    for line in done.stdout.splitlines():
        scenario, side, rest = line.split(' ', 2)
        rows.append((scenario, side, {kind: int(figure) for kind, figure in re.findall(r'(\S+) (\d+)', rest)}))
    return rows


def run(build_root, limits):
    for name, title, mbedtls, switches, defines in CONFIGURATIONS:
        options = [f'-DBARESSPI_MBEDTLS_CONFIG={mbedtls}', *switches]
        folder = build(os.path.join(build_root, f'bench-board-{name}'), 'm3', options, defines, [IMAGE])
        print(f'{name}: {title}; octets and instructions, Cortex-M3, -Os')
        print(f'{"":34}{"arena":>20}{"stack":>16}{"longest call":>24}{"handshake":>24}{"calls":>7}')
        rows = boot(os.path.join(folder, IMAGE))
        limits.expect(f'{name}: there are scenarios', len(rows) > 0)
        for scenario, side, figures in rows:
            cells = []
            for kind, width in zip(KINDS, (20, 16, 24, 24)):
                limit, verdict = limits.check(f'{name} {scenario} {side} {kind}', figures[kind])
                cell = f'{figures[kind]:,}' + (f' <= {limit:,.0f}' if verdict == 'ok' else f' {verdict} {limit:,.0f}' if verdict else '')
                cells.append(f'{cell:>{width}}')
            print(f'{scenario + ", " + side:34}{"".join(cells)}{figures["calls"]:7}')
        print()
