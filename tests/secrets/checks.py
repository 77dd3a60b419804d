# SPDX-License-Identifier: Apache-2.0
"""What tests/secrets/run and its selftest do with the programs."""
import os
import re
import subprocess

from building import HERE, link

COMPARE = '_ZN8baresspi17EqualConstantTimeEPKvS1_m'
RC4_KEY = '_ZN8baresspi3Rc43KeyEPKhm'
SUPPRESSIONS = os.path.join(HERE, 'rc4.supp')
EXCUSED = re.compile(r"used_suppression: +(\d+) (.*?) \S+:\d+$", re.M)
REPORT = re.compile(r'^==\d+== ((?:Use of uninit|Conditional|Invalid|Syscall).*\n(?:==\d+==    .*\n){1,4})', re.M)


WRAPPED = {
    'timing': (COMPARE, RC4_KEY),
    'timing, TLS': (COMPARE, RC4_KEY, 'mbedtls_ssl_setup', 'mbedtls_ssl_export_keying_material', 'mbedtls_ssl_session_save',
                    'mbedtls_ssl_session_load', 'mbedtls_ssl_conf_session_tickets_cb'),
    'leftovers': (),
    'leftovers, TLS': ('mbedtls_ssl_setup',),
}
COMMON_SOURCES = ('keys', 'ntlm', 'own_stack', 'port')


def program(path, kind, objects):
    return link(path, objects, [f'-Wl,--wrap={name}' for name in WRAPPED[kind]])


def valgrind(path, *arguments):
    """What the program says, what valgrind reports, and what was excused: {name: count}."""
    log = path + '.valgrind'
    done = subprocess.run(['valgrind', '-v', f'--log-file={log}', f'--suppressions={SUPPRESSIONS}', path, *arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with open(log) as file:
        text = file.read()
    # Each stands there once more at the end.
    reports = list(dict.fromkeys(re.sub(r'==\d+== +', '', report).strip().replace('\n', ' ') for report in REPORT.findall(text)))
    whole = re.search(r'ERROR SUMMARY: (\d+) errors', text)
    if whole is None or (int(whole.group(1)) != 0) != bool(reports):
        reports.append('valgrind has come to no end, or reports something else')
    return done, reports, {name: int(count) for count, name in EXCUSED.findall(text)}


def left(text):
    """What `leftovers` has found, but for what is left on purpose: (login, step, secret, where)."""
    found = re.findall(r'^LEFT (.*): (.*): (.*?), (below the caller by \d+|in the program.*?), windows \d+$', text, re.M)
    return [one for one in found if one[0] != '(on purpose)']

