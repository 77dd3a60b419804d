# SPDX-License-Identifier: Apache-2.0
"""What is measured: configurations and processors."""
from build import TARGETS, Configuration

NO_SERVER, NO_CLIENT, NTLM, NEGOTIATE = ('BARESSPI_NTLM_SERVER=0', 'BARESSPI_NTLM_CLIENT=0', 'BARESSPI_NEGOTIATE=0',
                                        'BARESSPI_NEGOTIATE=1')
CLIENT = Configuration('ntlm-client', 'NTLM client', (NO_SERVER, NTLM))
SERVER = Configuration('ntlm-server', 'NTLM server', (NO_CLIENT, NTLM))
BOTH = Configuration('ntlm', 'NTLM, both halves', (NTLM,))
FAST = Configuration('ntlm-fast', 'NTLM, fast crypto', ('BARESSPI_CRYPTO_FAST=1', NTLM))
UNICODE = Configuration('ntlm-unicode', 'NTLM, case folding for all of Unicode', ('BARESSPI_UNICODE_FULL=1', NTLM))
NEGOTIATE_CLIENT = Configuration('negotiate-client', 'NTLM and Negotiate, client', (NO_SERVER, NEGOTIATE))
NEGOTIATE_SERVER = Configuration('negotiate-server', 'NTLM and Negotiate, server', (NO_CLIENT, NEGOTIATE))
NEGOTIATE_BOTH = Configuration('negotiate', 'NTLM and Negotiate, both halves', (NEGOTIATE,))

# With TLS: mbed TLS's small configuration, and an arena that is enough for it with P-256 and RSA-2048.
SMALL = 'config/mbedtls_small.h'
TLS_SIZES = ('BARESSPI_SCHANNEL_ARENA_BYTES=22528', 'BARESSPI_SCHANNEL_MAX_TOKEN=4096')
TLS_HALVES = ('BARESSPI_SCHANNEL_CLIENT=1', 'BARESSPI_SCHANNEL_SERVER=1', *TLS_SIZES)
TLS_CLIENT = Configuration('tls-client', 'NTLM and TLS, client',
                           (NO_SERVER, NTLM, 'BARESSPI_SCHANNEL_CLIENT=1', 'BARESSPI_SCHANNEL_SERVER=0', *TLS_SIZES), SMALL)
TLS_BOTH = Configuration('tls', 'NTLM and TLS, both halves', (NTLM, *TLS_HALVES), SMALL)
EVERYTHING = Configuration('everything', 'NTLM, Negotiate, TLS: everything', (NEGOTIATE, *TLS_HALVES), SMALL)

# In the tables' order, each on each processor.
MAIN = (CLIENT, BOTH, NEGOTIATE_CLIENT, NEGOTIATE_BOTH, TLS_CLIENT, TLS_BOTH, EVERYTHING)
CPUS = ('cortex-m0', 'cortex-m4', 'cortex-m33')
# What can be chosen beside the default.
CHOICES = {BOTH: 'the default: both halves, small crypto, European scripts', SERVER: 'server alone',
           FAST: 'fast crypto (BARESSPI_CRYPTO_FAST=1)', UNICODE: 'case folding for all of Unicode (BARESSPI_UNICODE_FULL=1)'}
MEASURED = [(c, TARGETS[cpu]) for c in MAIN for cpu in CPUS]
MEASURED += [(c, TARGETS['cortex-m4']) for c in CHOICES if c not in MAIN]
# Those whose TLS, with both halves in one image, can talk with itself: the stack is painted.
PAINTED = (TLS_BOTH, EVERYTHING)
# What is compiled for its symbols alone.
COMPILED = [(c, TARGETS[t]) for c in (CLIENT, SERVER, BOTH, FAST, UNICODE, NEGOTIATE_CLIENT, NEGOTIATE_SERVER, NEGOTIATE_BOTH,
                              TLS_CLIENT, TLS_BOTH, EVERYTHING)
            for t in ('host', 'rv32')]


def build_name(configuration, cpu):
    return f'{configuration.name}-{cpu}'
