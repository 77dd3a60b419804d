# SPDX-License-Identifier: Apache-2.0
"""Compiles a core and links the image that the sizes are taken from. An object is built again when its command, its compiler
or a file that it was made of has changed."""
import fcntl
import hashlib
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

from elf import Elf

# How CMake's MinSizeRel compiles the product (toolchains/options.cmake; checks.py compares). Warnings are the product
# build's business.
COMMON = ('-std=c++20', '-DNDEBUG', '-ffunction-sections', '-fdata-sections', '-ffreestanding', '-fno-exceptions',
          '-fno-rtti', '-fno-threadsafe-statics', '-fno-use-cxa-atexit')
# And mbed TLS (toolchains/mbedtls.cmake), from where setup brings it.
C_COMMON = ('-std=c99', '-DNDEBUG', '-ffunction-sections', '-fdata-sections')
MBEDTLS = 'build/_deps/mbedtls'
# Not where gcc writes a call graph, a file that ccache knows nothing of.
CCACHE = [path for path in [shutil.which('ccache')] if path]


@dataclass(frozen=True)
class Target:
    name: str
    compiler: str
    flags: tuple
    is_arm: bool = True  # call graph and image are made for Arm alone


@dataclass(frozen=True)
class Configuration:
    name: str
    title: str
    defines: tuple
    mbedtls: str = ''  # the configuration that Schannel's mbed TLS is compiled with; '': there is no Schannel

    @property
    def options(self):
        """What the compiler is told beside the target's own."""
        tls = (f'-DMBEDTLS_CONFIG_FILE="{self.mbedtls}"', '-isystem', f'{MBEDTLS}/include') if self.mbedtls else ()
        return (*(f'-D{d}' for d in self.defines), *tls)

    @property
    def mbedtls_options(self):
        """The same for mbed TLS, whose objects configurations share that differ in nothing that it sees."""
        return tuple(o for o in self.options if not o.startswith(('-DBARESSPI_NTLM', '-DBARESSPI_NEGOTIATE')))


TARGETS = {t.name: t for t in (
    Target('cortex-m0', 'arm-none-eabi-g++', ('-Os', '-mcpu=cortex-m0', '-mthumb', '-mfloat-abi=soft')),
    Target('cortex-m4', 'arm-none-eabi-g++', ('-Os', '-mcpu=cortex-m4', '-mthumb', '-mfloat-abi=soft')),
    Target('cortex-m33', 'arm-none-eabi-g++', ('-Os', '-mcpu=cortex-m33', '-mthumb', '-mfloat-abi=soft')),
    Target('rv32', 'riscv64-unknown-elf-g++', ('-Os', '-march=rv32imac', '-mabi=ilp32'), False),
    Target('host', 'g++', ('-O2',), False),
)}


class BuildError(Exception):
    pass


@dataclass
class Object:
    """One compiled source of the core."""
    source: str  # relative to the root: core/ntlm/keys.cpp
    path: str
    elf: Elf
    call_graph: str  # gcc's .ci file, '' where none was asked for

    @property
    def folder(self):
        return os.path.dirname(self.source)


def run(command, cwd=None):
    try:
        done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError:
        raise BuildError(f'{command[0]} is not installed')
    if done.returncode != 0:
        lines = done.stdout.strip().split('\n')
        raise BuildError('\n'.join([f'{command[0]}: failed', *lines[:12], *(['...'] if len(lines) > 12 else [])]))
    return done.stdout


def alone(build_root):
    """Holds the build folders for this process, after whoever has them; until the process ends."""
    os.makedirs(build_root, exist_ok=True)
    lock = open(os.path.join(build_root, 'budget.lock'), 'w')
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


@lru_cache(None)
def compiler_version(compiler):
    return run([compiler, '-dumpfullversion']).strip()


def core_sources(root):
    found = []
    for folder, _, names in os.walk(os.path.join(root, 'core')):
        found += [os.path.relpath(os.path.join(folder, n), root) for n in names if n.endswith('.cpp')]
    return sorted(found)


def _is_fresh(root, output, command):
    try:
        made = os.stat(output).st_mtime
        with open(output + '.command') as f:
            if f.read() != command:
                return False
        with open(output[:-2] + '.d') as f:
            files = f.read().replace('\\\n', ' ').split(': ', 1)[1].split()
        return all(os.stat(os.path.join(root, name)).st_mtime < made for name in files)
    except (OSError, IndexError):
        return False


def compile_one(root, target, options, source, output):
    """source is relative to root, so that the call graph names files as the repository does. Returns the object's path."""
    is_c = source.endswith('.c')
    compiler = target.compiler.replace('g++', 'gcc') if is_c else target.compiler
    command = [compiler, *(C_COMMON if is_c else COMMON), *target.flags, *options, '-Icore/include', '-I.', '-MD']
    has_graph = target.is_arm and not is_c
    if has_graph:
        command.append('-fcallgraph-info=su')
    command += ['-c', source, '-o', output]
    remembered = ' '.join(command) + ' ' + compiler_version(target.compiler)
    if not _is_fresh(root, output, remembered):
        os.makedirs(os.path.dirname(output), exist_ok=True)
        run(command if has_graph else CCACHE + command, cwd=root)
        with open(output + '.command', 'w') as f:
            f.write(remembered)
    return output


class Build:
    """One configuration for one target: its objects, and its image where it has one."""

    def __init__(self, root, target, configuration, build_root, threads=1):
        self.root, self.target, self.configuration, self.threads = root, target, configuration, threads
        self.name = f'{configuration.name}-{target.name}'
        self.folder = os.path.join(build_root, f'budget-{target.name}-{configuration.name}')
        tag = hashlib.sha256(' '.join(configuration.mbedtls_options).encode()).hexdigest()[:8]
        self.mbedtls_folder = os.path.join(build_root, f'budget-{target.name}-mbedtls-{tag}')
        self.objects, self.programs, self.mbedtls = [], [], []
        self.image = self.map = self.whole = ''

    def compile(self):
        def one(source):
            output = os.path.join(self.folder, source[:-len('.cpp')] + '.o')
            compile_one(self.root, self.target, self.configuration.options, source, output)
            call_graph = ''
            if self.target.is_arm:
                with open(output[:-2] + '.ci') as f:
                    call_graph = f.read()
            return Object(source, output, Elf(output), call_graph)
        with ThreadPoolExecutor(self.threads) as pool:
            self.objects = list(pool.map(one, core_sources(self.root)))

    def compile_beside(self, source):
        """Another source, which is not of the core and not counted: the image's program, its port."""
        output = os.path.join(self.folder, 'beside', os.path.relpath(source, self.root)[:-len('.cpp')] + '.o')
        return compile_one(self.root, self.target, self.configuration.options, source, output)

    def compile_mbedtls(self):
        """All of mbed TLS's objects; the linker leaves out what is not called."""
        folder = os.path.join(self.root, MBEDTLS, 'library')
        if not os.path.isdir(folder):
            raise BuildError(f'no mbed TLS in {MBEDTLS} (sh toolchains/mbedtls.sh brings it)')
        options = self.configuration.mbedtls_options

        def one(name):
            output = os.path.join(self.mbedtls_folder, name[:-len('.c')] + '.o')
            return compile_one(self.root, self.target, options, f'{MBEDTLS}/library/{name}', output)
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(one, sorted(n for n in os.listdir(folder) if n.endswith('.c'))))

    def link(self, beside):
        """The program, its port and what they need of the core, the C library and the compiler's runtime, as a firmware
        links them. Its start is BudgetMain."""
        self.programs = [self.compile_beside(source) for source in beside]
        self.mbedtls = self.compile_mbedtls() if self.configuration.mbedtls else []
        self.image, self.map = (os.path.join(self.folder, f'image.{e}') for e in ('elf', 'map'))
        self._link(self.image, '-Wl,-e,BudgetMain', '-Wl,--gc-sections', f'-Wl,-Map={self.map}', *self.programs)
        # And with all of the core, so that every function of the runtime that core may call is there to be looked at.
        self.whole = os.path.join(self.folder, 'whole.elf')
        self._link(self.whole, '-Wl,-e,BudgetMain', '-Wl,--no-gc-sections', *self.programs)

    def link_program(self, name, sources, *options):
        """Another image, with the same objects of core and of mbed TLS, by a linker script among the options."""
        image = os.path.join(self.folder, name)
        self._link(image, *options, *(self.compile_beside(os.path.join(self.root, source)) for source in sources))
        return image

    def _link(self, output, *options):
        run([self.target.compiler, *self.target.flags, '-nostartfiles', '-o', output, *options,
             *(o.path for o in self.objects), *self.mbedtls], cwd=self.root)
