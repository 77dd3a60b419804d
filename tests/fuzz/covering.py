# SPDX-License-Identifier: Apache-2.0
"""What of core the unit tests and the fuzzers' corpus reach: lines and branches, by folder and by file. Of a parser
every line must be reached, or named in unreached.txt with the reason."""
import concurrent.futures
import glob
import os
import shutil
import subprocess

import fuzzing
from fuzzing import HERE, PROCESSORS, ROOT

# The unit tests whose programs link core, by their folder in tests/unit; the minutes-long cases of Schannel are left
# out.
TESTS = ['base', 'crypto', 'hostile', 'negotiate', 'ntlm', 'schannel', 'sspi', 'stream']
ENVIRONMENT = {'schannel': {'GTEST_FILTER': '-*TlsLong*'}}


class Coverage:
    """Of one file: how often each line and each branch was taken."""

    def __init__(self):
        self.lines = {}
        self.branches = {}

    def count(self, what):
        counts = list((self.lines if what == 'lines' else self.branches).values())
        return sum(1 for c in counts if c), len(counts)


def read_lcov(text, root):
    """{path below the root: Coverage}."""
    files, current = {}, None
    for line in text.splitlines():
        kind, _, rest = line.partition(':')
        if kind == 'SF':
            path = os.path.relpath(os.path.normpath(rest), root)
            current = files.setdefault(path, Coverage())
        elif kind == 'DA':
            number, count = rest.split(',')[:2]
            current.lines[int(number)] = current.lines.get(int(number), 0) + int(count)
        elif kind == 'BRDA':
            number, block, branch, count = rest.split(',')
            key = (number, block, branch)
            current.branches[key] = current.branches.get(key, 0) + (0 if count == '-' else int(count))
    return files


def percent(pair):
    covered, total = pair
    return '     -' if total == 0 else f'{100 * covered / total:6.1f}' if covered != total else ' 100  '


def row(name, lines, branches):
    return (f'{name:<40} {lines[0]:>6} of {lines[1]:>5} {percent(lines)} % {branches[0]:>6} of {branches[1]:>5} '
            f'{percent(branches)} %').replace('- %', '-  ')


def add(pairs):
    pairs = list(pairs)
    return sum(p[0] for p in pairs), sum(p[1] for p in pairs)


def table(files):
    """By folder, each with its files below it."""
    out = [f'{"":<40} {"lines":>15} {"":>8} {"branches":>15}']
    out.append(row('core', add(f.count('lines') for f in files.values()),
                   add(f.count('branches') for f in files.values())))
    for folder in sorted({os.path.dirname(path) for path in files}):
        inside = {path: f for path, f in sorted(files.items()) if os.path.dirname(path) == folder}
        out.append(row(folder, add(f.count('lines') for f in inside.values()),
                       add(f.count('branches') for f in inside.values())))
        out += [row('  ' + os.path.basename(path), f.count('lines'), f.count('branches'))
                for path, f in inside.items()]
    return out


def read_list(name):
    with open(os.path.join(HERE, name)) as file:
        return [line.strip() for line in file if line.strip() and not line.startswith('#')]


def gaps(coverage, text):
    """The lines not reached, in runs of neighbours: {how unreached.txt names a run: the first line's number}."""
    numbers = sorted(coverage.lines)
    found, run = {}, []
    for number in numbers + [None]:
        if number is not None and coverage.lines[number] == 0:
            run.append(number)
        elif run:
            found.setdefault(f'{text[run[0] - 1]} (+{len(run) - 1})', run[0])
            run = []
    return found


def judge(files, parsers, named, root):
    """Lines `ok PARSER` or `FAIL PARSER: why`. named: (file, a run of lines as gaps() names it, reason)."""
    out = []
    for path in parsers:
        coverage = files.get(path)
        if coverage is None:
            out.append(f'FAIL {path}: nothing of it was measured')
            continue
        with open(os.path.join(root, path)) as file:
            missed = gaps(coverage, [line.strip() for line in file])
        excused = {name[1] for name in named if name[0] == path}
        faults = [f'line {number} is not reached, and not named in unreached.txt: {name}'
                  for name, number in missed.items() if name not in excused]
        faults += [f'unreached.txt names what is reached, or not there: {name}'
                   for name in sorted(excused - set(missed))]
        out += [f'FAIL {path}: {fault}' for fault in faults]
        if not faults:
            covered, lines = coverage.count('lines')
            out.append(f'ok {path}: {lines} lines'
                       + (f', {lines - covered} of them not reached, and named' if missed else ''))
    strangers = {name[0] for name in named} - set(parsers)
    return out + [f'FAIL unreached.txt: {name} is none of parsers.txt' for name in sorted(strangers)]


def play(fuzz, binaries, profiles):
    """Runs the unit tests and replays the corpus, each program with a profile of its own. Their failures: [text]."""
    jobs = []
    for test in TESTS:
        program = os.path.join(binaries, 'tests', 'unit', test, 'test_' + test)
        jobs.append((test, [program], ENVIRONMENT.get(test, {})))
    with open(os.path.join(binaries, 'tests', 'fuzz', 'targets.txt')) as names:
        targets = names.read().split()
    for target in targets:
        jobs.append((target, [os.path.join(binaries, 'tests', 'fuzz', 'fuzz_' + target), *fuzz.inputs(target)], {}))

    def run(job):
        name, command, environment = job
        profile = os.path.join(profiles, os.path.basename(command[0]) + '.profraw')
        environment = dict(os.environ, LLVM_PROFILE_FILE=profile, **environment)
        with open(os.path.join(fuzz.folder('logs'), f'coverage-{name}.log'), 'wb') as log:
            status = subprocess.call(command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                     env=environment, cwd=ROOT)
        return f'FAIL coverage: {os.path.basename(command[0])} ended with {status} ({log.name})' if status else ''

    with concurrent.futures.ThreadPoolExecutor(PROCESSORS) as pool:
        failures = [text for text in pool.map(run, sorted(jobs, key=lambda j: j[0] != 'schannel')) if text]
    return failures, [command[0] for _, command, _ in jobs]


def export(fuzz, programs, profiles):
    merged = os.path.join(profiles, 'all.profdata')
    raw = glob.glob(os.path.join(profiles, '*.profraw'))
    fuzzing.must(['llvm-profdata-14', 'merge', '-sparse', '-o', merged, *raw],
                 os.path.join(fuzz.work, 'logs', 'profdata.log'))
    objects = [word for program in programs[1:] for word in ('-object', program)]
    return subprocess.run(['llvm-cov-14', 'export', '-format=lcov', f'-instr-profile={merged}', programs[0], *objects],
                          stdout=subprocess.PIPE, check=True, text=True, cwd=ROOT).stdout


def measure(fuzz):
    """Builds, runs, and prints. (passed, failed)."""
    binaries = os.path.join(fuzz.work, 'coverage')
    profiles = os.path.join(fuzz.work, 'profiles')
    shutil.rmtree(profiles, ignore_errors=True)
    os.makedirs(profiles)
    fuzzing.configure_and_build('host-coverage', binaries, ['fuzzers', *('test_' + test for test in TESTS)],
                                os.path.join(fuzz.work, 'logs', 'build-coverage.log'))
    failures, programs = play(fuzz, binaries, profiles)
    files = read_lcov(export(fuzz, programs, profiles), ROOT)
    # The interface's headers have no code: what counts there is macros, where a test uses one.
    files = {path: f for path, f in files.items() if path.startswith('core/') and 'include' not in path.split('/')}
    lines = table(files)
    named = [tuple(part.strip() for part in line.split('|||')) for line in read_list('unreached.txt')]
    verdicts = failures + judge(files, read_list('parsers.txt'), named, ROOT)
    text = '\n'.join(lines)
    print('\nWhat the unit tests and the corpus reach of core (also in build/fuzz/coverage.txt):\n' + text)
    print('\nOf the parsers every line:\n' + '\n'.join(verdicts))
    with open(os.path.join(fuzz.work, 'coverage.txt'), 'w') as file:
        file.write(text + '\n\n' + '\n'.join(verdicts) + '\n')
    failed = sum(1 for line in verdicts if line.startswith('FAIL'))
    return len(verdicts) - failed, failed
