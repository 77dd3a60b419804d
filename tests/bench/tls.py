# SPDX-License-Identifier: Apache-2.0
"""TLS with Schannel beside mbed TLS alone, on this machine; and whether pools get slower as they fill up."""
import os
import re
from concurrent.futures import ThreadPoolExecutor

import pools
from building import build
from counting import count

# The defaults of config/, but records of 16 KiB both ways, and slots for pools.cpp.
DEFINES = {'BARESSPI_TLS_OUT_BYTES': 16384, 'BARESSPI_SCHANNEL_MAX_TOKEN': 18432,
           'BARESSPI_MAX_CONTEXTS': 1024, 'BARESSPI_MAX_CREDENTIALS': 1024,
           'BARESSPI_SCHANNEL_MAX_CONTEXTS': 1024, 'BARESSPI_SCHANNEL_MAX_CREDENTIALS': 1024}
OURS, HEAP, PARSED, ARENA = 'bench-tls-ours', 'bench-tls-heap', 'bench-tls-heap-parsed', 'bench-tls-arena'
RECORDS = 16  # of a run: tls_measured.h

TASKS = [('handshake, TLS 1.2', ('12',)), ('handshake, TLS 1.3', ('13',))]
TASKS += [(f'records of {text}, TLS 1.{version - 10}', (str(version), str(size)))
          for text, size in (('16 KiB', 16384), ('1 KiB', 1024), ('64 B', 64)) for version in (12, 13)]


def is_handshake(name):
    return name.startswith('handshake')


class Measured:
    """What one program needs for one task."""

    def __init__(self, costs, each):
        (cost,) = costs.stretches.values()
        self.instructions = cost.instructions['client'] / each
        self.heap_calls = cost.heap_calls['client'] / each
        self.heap_peak, self.stack = cost.heap_peak['client'], cost.stack['client']
        self.output = costs.output

    def suite(self):
        return re.search(r'suite ([0-9a-f]{4})', self.output).group(1)


def run(build_root, limits, short, table):
    programs = [OURS, HEAP] if short else [OURS, HEAP, PARSED, ARENA]
    folder = build(os.path.join(build_root, 'bench-tls'), 'host', [], DEFINES, [*programs, pools.PROGRAM, 'bench-heap'])
    heap = os.path.join(folder, 'libbench-heap.so')
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        jobs = {(name, program): pool.submit(count, os.path.join(folder, program), None, heap, arguments)
                for name, arguments in TASKS for program in programs if program in (OURS, HEAP) or is_handshake(name)}
        pool_jobs = pools.start(pool, folder)
        results = {key: Measured(job.result(), 1 if is_handshake(key[0]) else RECORDS) for key, job in jobs.items()}
        compare(results, limits, table)
        pools.compare(pool_jobs, limits, table)
    if not short:
        print_notes(results)


def compare(results, limits, table):
    table.begin('TLS, client and server together, a handshake or a record: P-256, AES-128-GCM, config/mbedtls_all.h',
                ['', 'ours', 'mbed TLS', 'ratio', 'limit', 'heap calls: ours', 'mbed TLS', 'peak heap: ours',
                 'mbed TLS', 'stack: ours', 'mbed TLS'])
    for name, _ in TASKS:
        ours, plain = results[name, OURS], results[name, HEAP]
        ratio = table.ratio(limits, f'tls {name}', ours.instructions / plain.instructions)
        calls = table.figure(limits, f'tls heap calls, {name}', ours.heap_calls)
        table.row([name, f'{ours.instructions:,.0f}', f'{plain.instructions:,.0f}', *ratio,
                   calls, f'{plain.heap_calls:,.0f}', f'{ours.heap_peak:,}', f'{plain.heap_peak:,}',
                   f'{ours.stack:,}', f'{plain.stack:,}'])
        limits.expect(f'{name}: both have chosen the same cipher suite', ours.suite() == plain.suite())
        if is_handshake(name):
            limits.expect(f'{name}: calls of the heap can be seen', plain.heap_calls > 0)
    table.end()


def print_notes(results):
    print('notes: ours over mbed TLS alone, where that has')
    for name, _ in TASKS:
        if not is_handshake(name):
            continue
        ours = results[name, OURS].instructions
        print(f'{name}: certificates parsed beforehand, once for all: {ours / results[name, PARSED].instructions:.4f};'
              f' arenas as ours, not the heap: {ours / results[name, ARENA].instructions:.4f}')
        for line in results[name, OURS].output.splitlines():
            if line.startswith('arena'):
                print(f'    {line} octets')
    print()
