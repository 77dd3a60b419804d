#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the bill of materials (toolchains/baresspi.spdx.json) and NOTICE against what toolchains/ fetches and compiles: its versions,
checksums and addresses, and every copyright line of it. Run by tests/package/run, from the repository's root. Complains, and exits
with 1, where something differs."""
import glob
import json
import re
import sys

BILL = 'toolchains/baresspi.spdx.json'
# What SPDX 2.3 demands of a document, of a package and of a relationship (clauses 6, 7 and 11).
DOCUMENT = ('spdxVersion', 'dataLicense', 'SPDXID', 'name', 'documentNamespace', 'creationInfo')
PACKAGE = ('SPDXID', 'name', 'downloadLocation')
RELATIONSHIP = ('spdxElementId', 'relationshipType', 'relatedSpdxElement')

wrong = []


def must(condition, complaint):
    if not condition:
        wrong.append(complaint)


def read(path):
    with open(path, encoding='utf-8', errors='replace') as file:
        return file.read()


def setting(script, name):
    """NAME=VALUE of a script, with the settings in it put in."""
    value = re.search(rf'^{name}=(.*)$', script, re.MULTILINE)[1]
    return re.sub(r'\$(\w+)', lambda other: setting(script, other[1]), value)


def check_document(bill):
    for kind, fields, things in (('document', DOCUMENT, [bill]), ('package', PACKAGE, bill['packages']),
                                 ('relationship', RELATIONSHIP, bill['relationships'])):
        for thing in things:
            missing = [field for field in fields if not thing.get(field)]
            must(not missing, f'{BILL}: a {kind} without {missing}')
    names = [package['SPDXID'] for package in bill['packages']]
    must(len(names) == len(set(names)), f'{BILL}: an SPDXID stands twice')
    for relationship in bill['relationships']:
        for end in ('spdxElementId', 'relatedSpdxElement'):
            must(relationship[end] in (*names, 'SPDXRef-DOCUMENT'), f'{BILL}: nothing is {relationship[end]}')


def check_fetched(packages):
    for name in ('mbedtls', 'lwip'):
        script, package = read(f'toolchains/{name}.sh'), packages[name]
        version, url = setting(script, 'version'), setting(script, 'url')
        must(package['versionInfo'] == version, f'{BILL}: {name} {package["versionInfo"]}, fetched is {version}')
        must(package['checksums'][0]['checksumValue'] == setting(script, 'sha256'), f'{BILL}: {name} has another checksum')
        must(package['downloadLocation'] == (url or 'NOASSERTION'), f'{BILL}: {name} comes from elsewhere')
        for reference in package['externalRefs']:
            must(version in reference['referenceLocator'], f'{BILL}: {name}: {reference["referenceLocator"]} is not of {version}')
        title = {'mbedtls': 'mbed TLS', 'lwip': 'lwIP'}[name]
        must(f'\n{title} {version}: ' in read('NOTICE'), f'NOTICE has no {title} {version}')


def check_copyrights():
    """The sources that toolchains/mbedtls.cmake and lwip.cmake compile."""
    sources = []
    for pattern in ('mbedtls/library/*.[ch]', 'lwip/src/core/*.c', 'lwip/src/core/ipv4/*.c', 'lwip/src/netif/ethernet.c'):
        found = glob.glob(f'build/_deps/{pattern}')
        must(found, f'no build/_deps/{pattern}')
        sources += found
    notice = ' '.join(read('NOTICE').split())
    lines = {re.sub(r'\s+', ' ', line).strip() for source in sources
             for line in re.findall(r'(Copyright (?:\(c\)|The) .*?)(?:\*/)?$', read(source), re.MULTILINE | re.IGNORECASE)}
    for line in sorted(lines):
        must(line in notice, f'NOTICE lacks: {line}')
    must(len(lines) > 5, f'only {len(lines)} copyright lines were found')


def main():
    bill = json.loads(read(BILL))
    check_document(bill)
    packages = {package['name']: package for package in bill['packages']}
    version = re.search(r'^project\(baresspi VERSION ([\d.]+)', read('CMakeLists.txt'), re.MULTILINE)[1]
    must(packages['baresspi']['versionInfo'] == version, f'{BILL}: BareSSPI {packages["baresspi"]["versionInfo"]}, it is {version}')
    must(bill['name'] == f'baresspi-{version}', f'{BILL}: its name is {bill["name"]}')
    check_fetched(packages)
    check_copyrights()
    print('\n'.join(wrong))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
