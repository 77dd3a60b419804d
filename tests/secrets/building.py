# SPDX-License-Identifier: Apache-2.0
"""Compiles core, and the programs of this folder around it, with any compiler."""
import glob
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
MBEDTLS = os.path.join(ROOT, 'build', '_deps', 'mbedtls')
JOBS = os.cpu_count() or 2

# How the product is compiled (toolchains/options.cmake), with the lines that valgrind tells. Valgrind cannot read clang's DWARF 5.
COMMON = ['-g', '-gdwarf-4', '-DNDEBUG', '-ffunction-sections', '-fdata-sections']
INCLUDE = ['-I', ROOT, '-I', os.path.join(ROOT, 'core', 'include')]
CXX = ['-std=c++20', *COMMON, '-fno-exceptions', '-fno-rtti', '-fno-threadsafe-statics', '-fno-use-cxa-atexit', *INCLUDE]
WARNINGS = ['-Wall', '-Wextra', '-Wconversion', '-Wshadow', '-Werror']
TLS = ['-DBARESSPI_SCHANNEL_CLIENT=1', '-DBARESSPI_SCHANNEL_SERVER=1',
       f'-DMBEDTLS_CONFIG_FILE="{ROOT}/config/mbedtls_all.h"', '-isystem', os.path.join(MBEDTLS, 'include')]


@dataclass(frozen=True)
class Build:
    """A compiler, what it is told, and what core is configured with."""
    compiler: str
    optimisation: str
    fast: int  # BARESSPI_CRYPTO_FAST

    @property
    def name(self):
        return f'{self.compiler.replace("++", "")}{self.optimisation}{"-fast" if self.fast else ""}'

    @property
    def title(self):
        return f'{self.compiler} {self.optimisation}{", CRYPTO_FAST" if self.fast else ""}'


def compile_all(folder, jobs):
    """jobs: command without -o, and source. Returns the objects. ccache knows which are as they were."""
    os.makedirs(folder, exist_ok=True)
    ccache = ['ccache'] if shutil.which('ccache') else []

    def one(job):
        command, source = job
        path = os.path.join(folder, re.sub(r'\W', '_', os.path.relpath(source, ROOT)) + '.o')
        done = subprocess.run([*ccache, *command, '-c', source, '-o', path], cwd=ROOT, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise RuntimeError(f'{" ".join(command)} {source}: failed\n{done.stdout[-3000:]}')
        return path
    with ThreadPoolExecutor(JOBS) as pool:
        return list(pool.map(one, jobs))


def sources(pattern, root=ROOT):
    return sorted(glob.glob(os.path.join(root, pattern)))


def link(path, objects, options):
    # Bound at its start: what binds later saves all registers on the stack that is searched.
    done = subprocess.run(['g++', '-Wl,-z,now', '-Wl,--gc-sections', *options, *objects, '-o', path], cwd=ROOT,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise RuntimeError(f'{path}: not linked\n{done.stdout[-3000:]}')
    return path


def core(folder, build, tls=False):
    """The objects of core."""
    return compile_all(folder, [(core_command(build, tls), source) for source in sources('core/*/*.cpp')])


def core_command(build, tls=False):
    return [build.compiler, build.optimisation, *CXX, '-ffreestanding', f'-DBARESSPI_CRYPTO_FAST={build.fast}', *(TLS if tls else ())]


def own(folder, names, fast, tls=False):
    """The objects of this folder's sources, and of what they need beside core."""
    command = ['g++', '-O1', *CXX, *WARNINGS, f'-DBARESSPI_CRYPTO_FAST={fast}', *(TLS if tls else ())]
    paths = [os.path.join(HERE, f'{name}.cpp') for name in names]
    if tls:
        paths.append(os.path.join(ROOT, 'tests', 'support', 'pki', 'certificates.cpp'))
    return compile_all(folder, [(command, path) for path in paths])


def mbedtls(folder):
    command = ['gcc', '-std=c99', '-O2', *COMMON, *INCLUDE, *TLS]
    return compile_all(folder, [(command, source) for source in sources('library/*.c', MBEDTLS)])


def image(folder, fast, target):
    """The program for the emulated board."""
    configure = ['cmake', '--preset', 'm3', '-B', folder, f'-DBARESSPI_CRYPTO_FAST={"ON" if fast else "OFF"}']
    for command in (configure, ['cmake', '--build', folder, '--parallel', str(JOBS), '--target', target]):
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise RuntimeError(f'{" ".join(command)}: failed\n{done.stdout[-4000:]}')
    return os.path.join(folder, 'tests', 'secrets', target)


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def expect(self, name, holds, why=''):
        if holds:
            self.passed += 1
            print(f'ok {name}')
        else:
            self.failed += 1
            print(f'FAIL {name}: {why}' if why else f'FAIL {name}')
        sys.stdout.flush()

    def end(self):
        print(f'{self.passed} passed, {self.failed} failed')
        return 1 if self.failed else 0
