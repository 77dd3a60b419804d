# SPDX-License-Identifier: Apache-2.0
"""Whether a call takes longer when many slots are taken (pools.cpp)."""
import os

from counting import count

PROGRAM = 'bench-pools'
PACKAGES = ('NTLM', 'Negotiate', 'Schannel')
CALLS = ('Initialize', 'Query', 'Encrypt', 'Delete', 'Acquire', 'Query a credential', 'Free')
OTHERS = (1, 10, 100, 1000)


def start(pool, folder):
    return {package: pool.submit(count, os.path.join(folder, PROGRAM), None, None, (package,)) for package in PACKAGES}


def compare(jobs, limits, table):
    table.begin('Instructions of a call while 1, 10, 100 and 1,000 other contexts (or credentials) are there',
                ['', *(f'{others:,}' for others in OTHERS), '1,000 over 1', 'limit'])
    for package, job in jobs.items():
        costs = job.result()
        for call in CALLS:
            if f'{call} with 1' not in costs.stretches:
                continue
            figures = [costs.instructions(f'{call} with {others}') for others in OTHERS]
            ratio = table.ratio(limits, f'pools {package} {call}', max(figures) / figures[0])
            table.row([f'{package}: {call}', *(f'{figure:,}' for figure in figures), *ratio])
    table.end()
