# SPDX-License-Identifier: Apache-2.0
"""The login of subject.h."""

ACCOUNT = 'EXAMPLE:alice:Passw0rd!\n'  # as gss-ntlmssp reads it
