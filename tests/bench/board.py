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
RESERVE = 1024  # BARESSPI_SCHANNEL_RESERVE_BYTES
LITTLE = {**COMMON, 'BARESSPI_SCHANNEL_MAX_TOKEN': 4096}

# Name, title, mbed TLS's configuration, CMake's switches, config/'s.
CONFIGURATIONS = [
    ('small-1.2', '4 KiB in, 2 KiB out, TLS 1.2 alone', SMALL, ['-DBARESSPI_TLS_1_3=OFF'], LITTLE),
    ('small', '4 KiB in, 2 KiB out', SMALL, [], LITTLE),
    ('small-restartable', '4 KiB in, 2 KiB out, TLS 1.2 alone, ECP_RESTARTABLE', SMALL, ['-DBARESSPI_TLS_1_3=OFF'],
     {**LITTLE, 'BARESSPI_TLS_RESTARTABLE': 1}),
    ('small-tight', 'in an arena of 22,528 octets, as tests/budget counts it', SMALL, [],
     {**LITTLE, 'BARESSPI_SCHANNEL_ARENA_BYTES': 22528}),
    ('all', '16 KiB in, 4 KiB out', ALL, [], COMMON),
]


def boot_lines(image):
    """What the image prints."""
    # An instruction takes a nanosecond of the board's time, so that its timer counts them.
    environment = dict(os.environ, BARESSPI_QEMU_ARGS='-icount shift=0')
    command = [os.path.join(ROOT, 'boards', 'run-image'), 'mps2-an385', image]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env=environment, timeout=300)
    if done.returncode != 0:
        sys.exit(f'{image}: failed\n{done.stdout}{done.stderr}')
    return done.stdout.splitlines()


def boot(image):
    """The image's lines, as [(scenario, side, {kind: figure})]."""
    rows = []
    for line in boot_lines(image):
        scenario, side, rest = line.split(' ', 2)
        rows.append((scenario, side, {kind: int(figure) for kind, figure in re.findall(r'(\S+) (\d+)', rest)}))
    return rows


def needed(peak):
    """BARESSPI_SCHANNEL_ARENA_BYTES of a device whose connections are like this one: in steps of 256."""
    return -(-(peak + RESERVE + 8) // 256) * 256


def cell(limits, name, figure):
    limit, verdict = limits.check(name, figure)
    return f'{figure:,}' + {'': '', 'ok': f' <= {limit or 0:,.0f}'}.get(verdict, f' {verdict} {limit or 0:,.0f}')


def run(build_root, limits, table):
    for name, title, mbedtls, switches, defines in CONFIGURATIONS:
        options = [f'-DBARESSPI_MBEDTLS_CONFIG={mbedtls}', *switches]
        folder = build(os.path.join(build_root, f'bench-board-{name}'), 'm3', options, defines, [IMAGE])
        if name == 'small-tight':
            limits.expect(f'{name}: every scenario fits', len(boot(os.path.join(folder, IMAGE))) > 0)
            continue
        table.begin(f'Cortex-M3, -Os, TLS, {name}: {title}; octets and instructions',
                    ['', 'arena', 'needs', 'stack', 'longest call', 'handshake', 'calls'])
        rows = boot(os.path.join(folder, IMAGE))
        limits.expect(f'{name}: there are scenarios', len(rows) > 0)
        for scenario, side, figures in rows:
            arena, *others = (cell(limits, f'{name} {scenario} {side} {kind}', figures[kind]) for kind in KINDS)
            table.row([f'{scenario}, {side}', arena, f'{needed(figures["arena"]):,}', *others, figures['calls']])
            if name == 'small-restartable' and side == 'client' and 'rsa' not in scenario:
                limits.expect(f'{name}, {scenario}: calls return before a computation is over', figures['calls'] > 10)
        table.end()
