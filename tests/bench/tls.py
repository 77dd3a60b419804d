# SPDX-License-Identifier: Apache-2.0
"""Instructions of TLS with Schannel over those of mbed TLS alone, on this machine."""
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from building import build

# The defaults of config/, but records of 16 KiB both ways.
DEFINES = {'BARESSPI_TLS_OUT_BYTES': 16384, 'BARESSPI_SCHANNEL_MAX_TOKEN': 18432}
OURS, HEAP, PARSED, ARENA = 'bench-tls-ours', 'bench-tls-heap', 'bench-tls-heap-parsed', 'bench-tls-arena'
HEAP_CALLS = {'malloc', 'calloc', 'realloc', 'free', 'aligned_alloc', 'posix_memalign'}
RECORDS = 16  # of a run: tls_measured.h

TASKS = [('handshake, TLS 1.2', ('12',), 'bench_handshake'),
         ('handshake, TLS 1.3', ('13',), 'bench_handshake'),
         ('records of 16 KiB, TLS 1.2', ('12', '16384'), 'bench_records'),
         ('records of 16 KiB, TLS 1.3', ('13', '16384'), 'bench_records'),
         ('records of 1 KiB, TLS 1.2', ('12', '1024'), 'bench_records'),
         ('records of 1 KiB, TLS 1.3', ('13', '1024'), 'bench_records')]


@dataclass(frozen=True)
class Count:
    instructions: int
    heap_calls: int
    output: str


def read_profile(path):
    """(instructions, calls of the heap) of a file that callgrind wrote."""
    names, total, calls, callee = {}, 0, 0, ''
    with open(path) as file:
        for line in file:
            if line.startswith('totals:'):
                total = int(line.split()[1])
            elif match := re.match(r'c?fn=(\(\d+\))(?: (.*))?$', line):
                number, name = match.groups()
                if name:
                    names[number] = name
                if line[0] == 'c':
                    callee = names[number]
            elif line.startswith('calls=') and callee.split('@')[0] in HEAP_CALLS:
                calls += int(line[6:].split()[0])
    return total, calls


def count(folder, program, arguments, function):
    profile = os.path.join(folder, '-'.join([program, *arguments, 'callgrind']))
    command = ['valgrind', '--tool=callgrind', f'--callgrind-out-file={profile}', f'--toggle-collect={function}',
               os.path.join(folder, program), *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f'{" ".join(command)}: failed\n{done.stderr[-2000:]}')
    return Count(*read_profile(profile), done.stdout)


def suite(result):
    return re.search(r'suite ([0-9a-f]{4})', result.output).group(1)


def run(build_root, limits, short):
    programs = [OURS, HEAP] if short else [OURS, HEAP, PARSED, ARENA]
    folder = build(os.path.join(build_root, 'bench-tls'), 'host', [], DEFINES, programs)
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        jobs = {(name, program): pool.submit(count, folder, program, arguments, function)
                for name, arguments, function in TASKS for program in programs
                if program in (OURS, HEAP) or function == 'bench_handshake'}
        results = {key: job.result() for key, job in jobs.items()}

    print('instructions on this machine, client and server together: P-256, AES-128-GCM, config/mbedtls_all.h')
    print(f'{"":28}{"ours":>13}{"mbed TLS":>13}{"ratio":>9}{"limit":>7}')
    for name, arguments, function in TASKS:
        ours, plain = results[name, OURS], results[name, HEAP]
        each = 1 if function == 'bench_handshake' else RECORDS
        ratio = ours.instructions / plain.instructions
        limit, verdict = limits.check(f'tls {name}', ratio)
        print(f'{name:28}{ours.instructions // each:13,}{plain.instructions // each:13,}{ratio:9.4f}{limit or "":>7} {verdict}')
        limits.expect(f'{name}: both have chosen the same cipher suite', suite(ours) == suite(plain))
    print('\ncalls of the heap')
    for name, _, function in TASKS:
        ours, plain = results[name, OURS].heap_calls, results[name, HEAP].heap_calls
        limit, verdict = limits.check(f'tls heap calls, {name}', ours)
        print(f'{name:28}{ours:13,}{plain:13,}{"":9}{"" if limit is None else format(limit, ".0f"):>7} {verdict}')
        if function == 'bench_handshake':
            limits.expect(f'{name}: calls of the heap can be seen', plain > 0)
    print()
    if not short:
        print_notes(results)


def print_notes(results):
    print('notes: ours over mbed TLS alone, where that has')
    for name, _, function in TASKS:
        if function != 'bench_handshake':
            continue
        ours = results[name, OURS].instructions
        print(f'{name}: certificates parsed beforehand, once for all: {ours / results[name, PARSED].instructions:.4f};'
              f' arenas as ours, not the heap: {ours / results[name, ARENA].instructions:.4f}')
        for line in results[name, OURS].output.splitlines():
            if line.startswith('arena'):
                print(f'    {line} octets')
    print()
