# SPDX-License-Identifier: Apache-2.0
"""Time of messages and logins beside WinPR, by Google Benchmark: medians of repetitions that take turns in one process.
Ratios within a run say something; the times themselves are this machine's, and so they are in no test run."""
import json
import os
import tempfile

from counting import environment, run as run_program
from ntlm import SIZES, build_all
from subject import ACCOUNT

WANTED = [(compiler, variant) for compiler in ('gcc', 'clang') for variant in ('fast-O2', 'fast-O3', 'small-O2')]
REPETITIONS = 15
SUBJECTS = ('ours', 'bare crypto', 'WinPR', 'gss-ntlmssp')
ROWS = [(f'seal + unseal, {size:,} octets', f'seal+unseal/{size}') for size in SIZES]
ROWS += [('NTLM login', 'login'), ('Negotiate login', 'login by Negotiate')]


def medians(program, env):
    """{'SUBJECT/WHAT': nanoseconds of processor time}"""
    options = [f'repetitions={REPETITIONS}', 'enable_random_interleaving=true', 'min_time=0.02', 'format=json',
               'report_aggregates_only=true']
    text = run_program([program, *(f'--benchmark_{option}' for option in options)], env)
    found = {}
    for row in json.loads(text)['benchmarks']:
        if row.get('aggregate_name') == 'median':
            found[row['run_name']] = row['cpu_time']
    return found


def run(build_root, limits, table):
    folders = build_all(build_root, WANTED, ['bench-ntlm-time-{variant}'])
    with tempfile.NamedTemporaryFile('w') as accounts:
        accounts.write(ACCOUNT)
        accounts.flush()
        for compiler, variant in WANTED:
            program = os.path.join(folders[compiler], f'bench-ntlm-time-{variant}')
            compare(f'{compiler} {variant}', medians(program, environment(accounts.name)), limits, table)


def compare(build_name, times, limits, table):
    table.begin(f'Nanoseconds of both sides, ours by {build_name} (medians of {REPETITIONS}, this machine alone)',
                ['', *SUBJECTS, 'ours / bare', 'WinPR / ours', 'limit', 'gss / ours'], exact=False)
    for title, name in ROWS:
        ours, bare, winpr, gss = (times[f'{subject}/{name}'] for subject in SUBJECTS)
        table.row([title, *(f'{time:,.0f}' for time in (ours, bare, winpr, gss)), f'{ours / bare:.3g}',
                   *table.ratio(limits, f'time {build_name} {name}', winpr / ours), f'{gss / ours:.3g}'])
    table.end()
