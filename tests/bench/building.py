# SPDX-License-Identifier: Apache-2.0
"""CMake's programs, in a build folder of each configuration."""
import os
import subprocess
import sys

# CMake's switches.
WITHOUT_TLS = ['-DBARESSPI_SCHANNEL_CLIENT=OFF', '-DBARESSPI_SCHANNEL_SERVER=OFF']

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def build(folder, preset, options, defines, targets):
    """defines: of config/, NAME to value. Returns where the targets are."""
    os.makedirs(folder, exist_ok=True)
    config = os.path.join(folder, 'bench_config.h')
    text = ''.join(f'#define {name} {value}\n' for name, value in defines.items())
    if not os.path.exists(config) or open(config).read() != text:
        with open(config, 'w') as file:
            file.write(text)
    commands = [['cmake', '--preset', preset, '-B', folder, '-DBARESSPI_SHARED=OFF', f'-DBARESSPI_CONFIG_FILE={config}',
                 *options],
                ['cmake', '--build', folder, '--parallel', str(os.cpu_count() or 2), '--target', *targets]]
    for command in commands:
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            sys.exit(f'{" ".join(command)}: failed\n{done.stdout[-4000:]}')
    return os.path.join(folder, 'tests', 'bench')
