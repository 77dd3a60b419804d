# SPDX-License-Identifier: Apache-2.0
"""NTLM and Negotiate beside the bare cryptography, WinPR and gss-ntlmssp, on this machine: instructions, heap, stack.

Every program logs in twice, and sends every message twice; the second counts. Under callgrind, then once more with the
heap counted and the stack painted. A login:
  acquire    both credentials: the client's with user, domain and password; the server's
  handshake  every call from the first token to the keys of both sides. The server has the account's NT hash at hand:
             ours by its GetNtHash, WinPR's by SECPKG_ATTR_AUTH_NTLM_HASH; gss-ntlmssp's looks for it in its file
  end        both contexts deleted, both credentials freed
The bare cryptography (bare.cpp) is what [MS-NLMP] asks for, each operation once, by our functions, compiled likewise.
"""
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor

from building import WITHOUT_TLS, build
from counting import SIDES, count
from subject import ACCOUNT
from table import limit_cell

COMPILERS = {'gcc': [], 'clang': ['-DCMAKE_C_COMPILER=clang', '-DCMAKE_CXX_COMPILER=clang++']}
VARIANTS = [f'{crypto}-{option}' for crypto in ('small', 'fast') for option in ('Os', 'O2', 'O3')]
PEERS = {'WinPR': 'bench-ntlm-winpr', 'gss-ntlmssp': 'bench-ntlm-gss'}
SIZES = (64, 1024, 16384)
SHORT = [('gcc', 'small-O2'), ('gcc', 'fast-O2')]
# Without debug information: valgrind 3.19 does not read clang's.
OPTIONS = [*WITHOUT_TLS, '-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O2 -DNDEBUG']

MESSAGES = [(f'{there} + {back}', size, [f'{there} {size}', f'{back} {size}'])
            for there, back in (('seal', 'unseal'), ('sign', 'verify')) for size in SIZES]
COLUMNS = ['', 'ours', 'bare crypto', 'WinPR', 'gss-ntlmssp', 'ours / bare', 'limit', 'WinPR / ours', 'limit',
           'gss / ours', 'limit']


def folder_of(build_root, compiler):
    return os.path.join(build_root, f'bench-ntlm-{compiler}')


def build_all(build_root, wanted, programs):
    """programs: a format with {variant}. wanted: [(compiler, variant)]. Returns {compiler: where they are}."""
    folders = {}
    for compiler in dict.fromkeys(compiler for compiler, _ in wanted):
        targets = [program.format(variant=variant) for c, variant in wanted if c == compiler for program in programs]
        if compiler == 'gcc':
            targets += [*PEERS.values(), 'bench-heap']
        options = [*OPTIONS, *COMPILERS[compiler]]
        folders[compiler] = build(folder_of(build_root, compiler), 'host', options, {}, targets)
    return folders


def measure(build_root, wanted):
    """{'WinPR': Costs, ..., (compiler, variant, 'ours' or 'bare'): Costs}"""
    folders = build_all(build_root, wanted, ['bench-ntlm-ours-{variant}', 'bench-ntlm-bare-{variant}'])
    heap = os.path.join(folders['gcc'], 'libbench-heap.so')
    with tempfile.NamedTemporaryFile('w') as accounts, ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        accounts.write(ACCOUNT)
        accounts.flush()
        jobs = {name: pool.submit(count, os.path.join(folders['gcc'], program), accounts.name, heap)
                for name, program in PEERS.items()}
        for compiler, variant in wanted:
            for who in ('ours', 'bare'):
                path = os.path.join(folders[compiler], f'bench-ntlm-{who}-{variant}')
                jobs[compiler, variant, who] = pool.submit(count, path, accounts.name, heap)
        return {name: job.result() for name, job in jobs.items()}


def whole(costs, package):
    parts = [costs.instructions(f'{package} {part}') for part in ('acquire', 'handshake', 'end', 'release')]
    return sum(parts) if None not in parts else None


def message(costs, names):
    parts = [costs.instructions(name) for name in names]
    return sum(parts) if None not in parts else None


def over(a, b):
    return '' if a is None or not b else f'{a / b:.4g}'


def number(value):
    return '' if value is None else f'{value:,}'


def about(value):
    """Of those whose random numbers and addresses differ from run to run: four digits."""
    return '' if value is None else f'{float(f"{value:.4g}"):,.0f}'


def run(build_root, limits, short, table):
    wanted = SHORT if short else [(compiler, variant) for compiler in COMPILERS for variant in VARIANTS]
    costs = measure(build_root, wanted)
    for compiler, variant in wanted:
        ours, bare = costs[compiler, variant, 'ours'], costs[compiler, variant, 'bare']
        limits.expect(f'{compiler} {variant}: the bare cryptography is of messages as long as ours',
                      bare.tokens[:4] == ours.tokens[:4] and len(ours.tokens) > 4)
        compare_logins(f'{compiler} {variant}', ours, bare, costs, limits, table)
        compare_messages(f'{compiler} {variant}', ours, bare, costs, limits, table)
    compare_memory(costs[wanted[0] + ('ours',)], wanted[0], costs, limits, table)


def compare_logins(build_name, ours, bare, costs, limits, table):
    winpr, gss = (costs[name] for name in PEERS)
    table.begin(f'A login, ours by {build_name}: instructions', COLUMNS)
    rows = [('NTLM handshake, both sides', lambda c: c.instructions('ntlm handshake')),
            *((f'NTLM, {side} alone', lambda c, side=side: c.instructions('ntlm handshake', side)) for side in SIDES),
            ('NTLM: acquire', lambda c: c.instructions('ntlm acquire')),
            ('NTLM: acquire, handshake, end', lambda c: whole(c, 'ntlm')),
            ('Negotiate handshake, both sides', lambda c: c.instructions('negotiate handshake')),
            *((f'Negotiate, {side} alone', lambda c, side=side: c.instructions('negotiate handshake', side))
              for side in SIDES),
            ('Negotiate: acquire, handshake, end', lambda c: whole(c, 'negotiate'))]
    for name, figure in rows:
        mine, least, theirs, gsss = (figure(c) for c in (ours, bare, winpr, gss))
        key = f'ntlm {build_name} {name}'
        cells = table.ratio(limits, f'{key}, over bare', mine / least) if least else ('', '')
        table.row([name, table.figure(limits, f'{key}, instructions', mine), number(least), about(theirs), about(gsss), *cells,
                   *table.ratio(limits, f'{key}, WinPR over it', theirs / mine),
                   *table.ratio(limits, f'{key}, gss over it', gsss / mine)])
    table.end()


def compare_messages(build_name, ours, bare, costs, limits, table):
    winpr, gss = (costs[name] for name in PEERS)
    table.begin(f'A message, ours by {build_name}: instructions of both sides', COLUMNS)
    for text, size, names in MESSAGES:
        mine, least, theirs, gsss = (message(c, names) for c in (ours, bare, winpr, gss))
        key = f'ntlm {build_name} {text} {size}'
        cells = table.ratio(limits, f'{key}, WinPR over it', theirs / mine) if theirs else ('', '')
        table.row([f'{text}, {size:,} octets', table.figure(limits, f'{key}, instructions', mine), number(least),
                   about(theirs), about(gsss),
                   *table.ratio(limits, f'{key}, over bare', mine / least), *cells,
                   *table.ratio(limits, f'{key}, gss over it', gsss / mine)])
    table.end()


def cell(cost, kind):
    by_side = getattr(cost, kind)
    return '; '.join(f'{by_side[side]:,}' for side in SIDES if side in by_side)


def compare_memory(ours, build_name, costs, limits, table):
    """Calls of the heap, the heap's peak and the deepest stack, of each side."""
    table.begin(f'Memory, ours by {" ".join(build_name)}: client; server',
                ['', *(f'{kind}: {name}' for kind in ('heap calls', 'peak heap', 'stack') for name in ('ours', *PEERS)),
                 'limit'])
    everyone = [ours, *(costs[name] for name in PEERS)]
    names = ['ntlm acquire', 'ntlm handshake', 'ntlm end', 'negotiate handshake', *(f'seal {size}' for size in SIZES),
             *(f'unseal {size}' for size in SIZES)]
    for name in names:
        limit, verdict = limits.check(f'ntlm heap calls, {name}', sum(ours.stretches[name].heap_calls.values()))
        cells = [cell(c.stretches[name], kind) for kind in ('heap_calls', 'heap_peak', 'stack') for c in everyone]
        table.row([name, *cells, limit_cell(limit, verdict)])
    table.end()
    limits.expect('calls of the heap can be seen',
                  all(costs[name].stretches['ntlm handshake'].heap_calls['client'] > 0 for name in PEERS))
