#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether a libbaresspi.so exports the API, all of it and nothing else, and needs no other library than libc.

usage: exports.py NM READELF LIBRARY SOURCE-ROOT [--without-schannel]

What the API is comes from the public headers, as text: each name before a "(" in a declaration that returns something
of the interface's. The last line counts the cases."""
import pathlib
import re
import subprocess
import sys

DECLARATION = re.compile(
    r"^(?:SECURITY_STATUS|PSecurityFunctionTable[AW]|BOOL|PCCERT_CONTEXT)\s+(?:SEC_ENTRY\s+)?(\w+)\(", re.MULTILINE
)
# Where Schannel is not configured in, these are declared and not there.
WITH_SCHANNEL = "--without-schannel" not in sys.argv
OF_SCHANNEL = {"BareSspiTlsArenaPeak", "CertEnumCertificatesInStore", "CertFreeCertificateContext"}
OF_THE_PORT = {"baresspi_posix_set_device"}
# What the sanitizers add to a library that is built with them.
OF_SANITIZERS = re.compile(r"^__(odr_)?asan|^__ubsan|^__sanitizer|^__lsan")
C_LIBRARY = re.compile(r"^(libc|libpthread|ld-linux.*)\.so")
# They are C++ themselves, and bring its libraries.
SANITIZER = re.compile(r"^lib(a|ub|l|t)san\.so")


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def exported(nm, library):
    lines = [line.split() for line in output_of(nm, "--dynamic", "--defined-only", library).splitlines()]
    return {words[-1] for words in lines if words and not OF_SANITIZERS.match(words[-1])}


def declared(root):
    names = set()
    for header in sorted((root / "core/include/baresspi").glob("*.h")):
        text = re.sub(r"/\*.*?\*/", "", header.read_text(encoding="utf-8"), flags=re.DOTALL)
        names |= set(DECLARATION.findall(text))
    return names if WITH_SCHANNEL else names - OF_SCHANNEL


def the_headers_declare_what_is_known_to_be_there(nm, readelf, library, root):
    names = declared(root)
    wanted = {
        "InitSecurityInterfaceA",
        "InitSecurityInterfaceW",
        "AcquireCredentialsHandleA",
        "AcceptSecurityContext",
        "InitializeSecurityContextW",
        "EncryptMessage",
        "BareSspiQueryTokenInformation",
        "BareSspiNtHash",
    }
    assert wanted <= names and len(names) > 40, sorted(names)


def every_function_of_the_headers_is_exported(nm, readelf, library, root):
    missing = (declared(root) | OF_THE_PORT) - exported(nm, library)
    assert not missing, sorted(missing)


def nothing_else_is_exported(nm, readelf, library, root):
    more = exported(nm, library) - declared(root) - OF_THE_PORT
    assert not more, sorted(more)


def it_needs_the_c_library_alone(nm, readelf, library, root):
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", output_of(readelf, "--dynamic", "--wide", library))
    sanitized = any(SANITIZER.match(name) for name in needed)
    other = [name for name in needed if not C_LIBRARY.match(name)]
    assert needed and (sanitized or not other), needed


def it_has_a_soname_with_a_version(nm, readelf, library, root):
    found = re.findall(r"\(SONAME\).*\[(.*)\]", output_of(readelf, "--dynamic", "--wide", library))
    assert len(found) == 1 and re.fullmatch(r"libbaresspi\.so\.\d+", found[0]), found


CASES = [
    the_headers_declare_what_is_known_to_be_there,
    every_function_of_the_headers_is_exported,
    nothing_else_is_exported,
    it_needs_the_c_library_alone,
    it_has_a_soname_with_a_version,
]


def main():
    if len(sys.argv) != (5 if WITH_SCHANNEL else 6):
        sys.stderr.write(__doc__)
        return 2
    nm, readelf, library, root = sys.argv[1:5]
    failed = 0
    for case in CASES:
        name = case.__name__.replace("_", " ")
        try:
            case(nm, readelf, library, pathlib.Path(root))
            print("ok    shared: %s" % name)
        except (AssertionError, subprocess.CalledProcessError) as error:
            failed += 1
            print("FAIL  shared: %s: %s" % (name, error))
    print("%d passed, %d failed" % (len(CASES) - failed, failed))
    return 1 if failed else 0


sys.exit(main())
