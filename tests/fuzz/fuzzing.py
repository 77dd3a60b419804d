# SPDX-License-Identifier: Apache-2.0
"""Builds the targets, writes the seeds, lets libFuzzer run, and says what came of it."""
import concurrent.futures
import glob
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
WORK = os.path.join(ROOT, 'build', 'fuzz')
PROCESSORS = os.cpu_count() or 2
LIMITS = ['-rss_limit_mb=2048', '-timeout=20']


def must(command, log):
    """Runs a command that has to go well, with what it says in a log, which is shown when it does not."""
    os.makedirs(os.path.dirname(log), exist_ok=True)
    with open(log, 'wb') as out:
        status = subprocess.call(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=ROOT)
    if status != 0:
        with open(log, errors='replace') as out:
            lines = out.readlines()
        print(''.join([line for line in lines if ' error: ' in line][:20] or lines[-40:]))
        sys.exit(f'FAIL {" ".join(command[:6])} ...: exit status {status} ({log})')


def configure_and_build(preset, folder, goals, log):
    must(['cmake', '--preset', preset, '-B', folder, '-DBARESSPI_TESTS_REQUIRED=ON'], log)
    must(['cmake', '--build', folder, '--parallel', str(PROCESSORS), '--target', *goals], log)


def hex_dump(octets, most=512):
    lines = []
    for at in range(0, max(min(len(octets), most), 1), 16):  # a row for none, too
        row = octets[at:at + 16]
        text = ''.join(chr(o) if 0x20 <= o < 0x7F else '.' for o in row)
        lines.append(f'    {at:04x}  {row.hex(" "):<47}  {text}')
    if len(octets) > most:
        lines.append(f'    ... {len(octets) - most} octets more')
    return '\n'.join(lines)


class Result:
    """What one target did."""

    def __init__(self, name):
        self.name = name
        self.executions = self.rate = self.edges = self.corpus = self.seeds = 0
        self.why = ''   # it failed
        self.crashes = []

    def read(self, log):
        for line in log.splitlines():
            seen = re.match(r'#\d+\s+\S+\s+cov: (\d+) ft: \d+ corp: (\d+)', line)
            if seen:
                self.edges, self.corpus = int(seen[1]), int(seen[2])
            seen = re.match(r'#(\d+)\s+INITED', line)
            if seen:
                self.seeds = int(seen[1])
            seen = re.match(r'stat::(\w+):\s+(\d+)', line)
            if seen and seen[1] == 'number_of_executed_units':
                self.executions = int(seen[2])
            if seen and seen[1] == 'average_exec_per_sec':
                self.rate = int(seen[2])


def reason(log, status):
    """The line of a failed run's log that says what happened."""
    for pattern in (r'.*does not hold.*', r'.*must not be 0x.*', r'.*runtime error:.*', r'.*ERROR: \w+Sanitizer.*',
                    r'.*ERROR: libFuzzer.*', r'.*ERROR:.*'):
        seen = re.search(pattern, log)
        if seen:
            return seen[0].strip()
    return f'exit status {status}'


class Fuzzing:
    def __init__(self, seconds, work=WORK, seed=None):
        self.seconds = seconds
        self.work = work
        self.chance = [] if seed is None else [f'-seed={seed}']
        self.binaries = os.path.join(work, 'libfuzzer', 'tests', 'fuzz')
        self.targets = []
        self.environment = dict(os.environ, UBSAN_OPTIONS='print_stacktrace=1')
        symbolizer = shutil.which('llvm-symbolizer-14')
        if symbolizer:
            self.environment['ASAN_SYMBOLIZER_PATH'] = symbolizer

    def folder(self, *names):
        path = os.path.join(self.work, *names)
        os.makedirs(path, exist_ok=True)
        return path

    def program(self, target):
        return os.path.join(self.binaries, 'fuzz_' + target)

    def configure(self):
        """So that targets are known."""
        folder = os.path.join(self.work, 'libfuzzer')
        must(['cmake', '--preset', 'host-fuzz', '-B', folder, '-DBARESSPI_TESTS_REQUIRED=ON'],
             os.path.join(self.work, 'logs', 'configure.log'))
        with open(os.path.join(self.binaries, 'targets.txt')) as names:
            self.targets = names.read().split()

    def build(self, only=None):
        """The targets (all, or those named), and the seeds."""
        goals = ['fuzz_seeds', *('fuzz_' + name for name in only)] if only else ['fuzzers']
        folder = os.path.join(self.work, 'libfuzzer')
        must(['cmake', '--build', folder, '--parallel', str(PROCESSORS), '--target', *goals],
             os.path.join(self.work, 'logs', 'build.log'))
        shutil.rmtree(os.path.join(self.work, 'seeds'), ignore_errors=True)
        must([os.path.join(self.binaries, 'fuzz_seeds'), self.folder('seeds')],
             os.path.join(self.work, 'logs', 'seeds.log'))

    def inputs(self, target):
        """The folders of a target's inputs: what was found, seeds, and the inputs of faults that were mended."""
        folders = [self.folder('corpus', target), self.folder('seeds', target)]
        regressions = os.path.join(HERE, 'regressions', target)
        return folders + ([regressions] if os.path.isdir(regressions) else [])

    def fuzz(self, target, seconds, extra=()):
        """One target for a while."""
        result = Result(target)
        crashes = self.folder('crashes', target)
        before = set(os.listdir(crashes))
        common = [self.program(target), *LIMITS, f'-artifact_prefix={crashes}/']
        # First what was found in former times, one by one: that it is mended does not hang on luck.
        old = sorted(glob.glob(os.path.join(HERE, 'regressions', target, '*')))
        commands = [common + old] if old else []
        dictionary = os.path.join(HERE, 'dictionaries', target + '.dict')
        commands.append(common + [f'-max_total_time={seconds}', '-print_final_stats=1', *self.chance, *extra,
                                  *([f'-dict={dictionary}'] if os.path.exists(dictionary) else []),
                                  *self.inputs(target)])
        with open(os.path.join(self.folder('logs'), target + '.log'), 'w') as kept:
            for command in commands:
                run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                     stdin=subprocess.DEVNULL, cwd=ROOT, env=self.environment, check=False)
                log = run.stdout.decode(errors='replace')
                kept.write(log)
                result.read(log)
                if run.returncode != 0:
                    result.why = reason(log, run.returncode)
                    # Of inputs that it was told one by one, libFuzzer keeps no copy.
                    result.crashes = re.findall(r'^Running: (\S+)', log, re.M)[-1:]
                    break
        result.crashes += sorted(os.path.join(crashes, name) for name in set(os.listdir(crashes)) - before)
        if not result.why and result.executions == 0:
            result.why = 'it ran nothing'
        return result

    def failure(self, result):
        """What is said of a target that failed: why, and each input with the command that does it again."""
        log = os.path.relpath(os.path.join(self.work, 'logs', result.name + '.log'), ROOT)
        lines = [f'FAIL {result.name}: {result.why} (in {log})']
        program = os.path.relpath(self.program(result.name), ROOT)
        for crash in result.crashes:
            with open(crash, 'rb') as file:
                octets = file.read()
            path = os.path.relpath(crash, ROOT)
            lines += [f'  the input, {len(octets)} octets, is kept: {path}', hex_dump(octets),
                      f'  again: {program} {path}']
        return '\n'.join(lines)

    def run(self, targets):
        """All of them; the table. (passed, failed)."""
        with concurrent.futures.ThreadPoolExecutor(PROCESSORS) as pool:
            results = list(pool.map(lambda name: self.fuzz(name, self.seconds), targets))
        print(f'{"target":<24} {"executions":>12} {"a second":>9} {"edges":>7} {"corpus":>7}  result')
        for r in results:
            word = 'FAIL' if r.why else 'ok'
            print(f'{r.name:<24} {r.executions:>12,} {r.rate:>9,} {r.edges:>7,} {r.corpus:>7,}  {word}')
        failed = [r for r in results if r.why]
        for r in results:
            if not r.why:
                print(f'ok {r.name}')
                if r.executions <= 1.1 * r.seeds:  # a slow machine, or a corpus of hours
                    print(f'SHAKY {r.name}: the {r.seeds} inputs that it began with took nearly all of its time')
        for r in failed:
            print(self.failure(r))
        return len(results) - len(failed), len(failed)
