# SPDX-License-Identifier: Apache-2.0
"""The painted stack: boots paint.cpp, linked with a configuration's own objects, on an emulated board, and reads how deep each
function of the API went with mbed TLS below it."""
import os
import re
import subprocess

from build import BuildError

# By processor: QEMU's machine and the linker script. There is no large machine with a Cortex-M0, whose code a Cortex-M3 runs as it is.
MACHINES = {
    'cortex-m0': ('mps2-an385', 'mps2.ld'),
    'cortex-m4': ('mps2-an386', 'mps2.ld'),
    'cortex-m33': ('mps2-an505', 'an505.ld'),
}
SOURCES = ('tests/budget/paint.cpp', 'tests/bench/pair.cpp', 'tests/bench/port.cpp', 'tests/support/pki/certificates.cpp',
           'boards/common/start.cpp', 'boards/common/arguments.cpp', 'boards/common/cortex_m.cpp',
           'port/semihosting/semihosting.cpp')
STACK = 16384
SECONDS = 300  # it takes a few


def wrapped(root):
    """The functions that paint.cpp stands in front of."""
    with open(os.path.join(root, SOURCES[0])) as f:
        return re.findall(r' __wrap_(\w+)\(', f.read())


def image(build):
    script = os.path.join(build.root, 'tests', 'budget', 'machines', MACHINES[build.target.name][1])
    options = ['-T', script, f'-L{os.path.join(build.root, "boards", "common")}', f'-Wl,--defsym=__stack_size={STACK}',
               '-Wl,--gc-sections', '-Wl,--no-warn-rwx-segments', *(f'-Wl,--wrap={name}' for name in wrapped(build.root))]
    return build.link_program('paint.elf', SOURCES, *options)


def boot(machine, path):
    """What the image prints, by semihosting."""
    command = ['qemu-system-arm', '-M', machine, '-display', 'none', '-monitor', 'none', '-serial', 'none',
               '-semihosting-config', 'enable=on,target=native,arg=paint', '-kernel', path]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=SECONDS)
    except FileNotFoundError:
        raise BuildError(f'{command[0]} is not installed')
    except subprocess.TimeoutExpired:
        raise BuildError(f'{path} on {machine} did not end within {SECONDS} s')
    if done.returncode != 0:
        raise BuildError(f'{path} on {machine}: status {done.returncode}\n{done.stdout.strip()}')
    return done.stdout


def painted(build):
    """{function: octets below a call of it, at the worst}"""
    lines = boot(MACHINES[build.target.name][0], image(build))
    found = {name: int(octets) for name, octets in re.findall(r'^(\w+) (\d+)$', lines, re.M)}
    missing = sorted(set(wrapped(build.root)) - {name for name, octets in found.items() if octets})
    if missing:
        raise BuildError(f'paint.cpp called no {", ".join(missing)}')
    return found
