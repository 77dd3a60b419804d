# SPDX-License-Identifier: Apache-2.0
"""Time of TLS over mbed TLS alone, by Google Benchmark: programs that take turns, and the medians of each."""
import json
import os
from statistics import median

import tls
from building import build
from counting import environment, run as run_program

TURNS = 7
PROGRAMS = ['bench-tls-time-ours', 'bench-tls-time-heap', 'bench-tls-time-arena']
ROWS = [(name, '/'.join(['handshake' if tls.is_handshake(name) else 'records', *arguments]))
        for name, arguments in tls.TASKS]


def times(program):
    """{WHAT: nanoseconds of processor time}"""
    text = run_program([program, '--benchmark_min_time=0.02', '--benchmark_format=json'], environment(None))
    return {row['name']: row['cpu_time'] for row in json.loads(text)['benchmarks']}


def run(build_root, limits, table):
    folder = build(os.path.join(build_root, 'bench-tls'), 'host', [], tls.DEFINES, PROGRAMS)
    turns = [[times(os.path.join(folder, program)) for program in PROGRAMS] for _ in range(TURNS)]
    table.begin(f'TLS, nanoseconds of both sides (medians of {TURNS}, this machine alone)',
                ['', 'ours', 'mbed TLS', 'ratio', 'limit', 'mbed TLS on arenas like ours', 'ratio'], exact=False)
    for title, name in ROWS:
        ours, plain, arena = (median(turn[i][name] for turn in turns) for i in range(len(PROGRAMS)))
        table.row([title, f'{ours:,.0f}', f'{plain:,.0f}', *table.ratio(limits, f'time tls {title}', ours / plain),
                   f'{arena:,.0f}', f'{ours / arena:.4g}'])
    table.end()
