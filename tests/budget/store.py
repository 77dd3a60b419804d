# SPDX-License-Identifier: Apache-2.0
"""figures.json: a line for each figure, with its value in each build, so that what changed is read off the lines that changed.

In memory the figures of a build are {'flash': 8186, ..., 'symbols': {name: octets}, 'paths': {function: [names]}, ...}; in the file
the figure of a part is called "symbols: NAME", and builds that do not have it have null there."""
import json

PATHS = 'paths'  # words, not numbers: kept for builds whose table of functions is printed


def read(path):
    """{'compiler': version, 'builds': {name: figures}}, or None where there is no file."""
    try:
        with open(path) as f:
            stored = json.load(f)
    except FileNotFoundError:
        return None
    builds = {name: {} for name in stored['builds']}
    for title, values in stored['figures'].items():
        section, is_part, name = title.partition(': ')
        for build, value in zip(builds.values(), values):
            if value is not None and is_part:
                build.setdefault(section, {})[name] = value
            elif value is not None:
                build[title] = value
    for name, paths in stored[PATHS].items():
        builds[name][PATHS] = paths
    return {'compiler': stored['compiler'], 'builds': builds}


def _flat(figures):
    flat = {}
    for title, value in figures.items():
        if title == PATHS:
            continue
        if isinstance(value, dict):
            flat.update({f'{title}: {name}': octets for name, octets in value.items()})
        else:
            flat[title] = value
    return flat


def text(compiler, builds, with_paths):
    flat = {name: _flat(figures) for name, figures in builds.items()}
    titles = dict.fromkeys(title for figures in flat.values() for title in figures if ': ' not in title)
    titles.update(dict.fromkeys(sorted({title for figures in flat.values() for title in figures if ': ' in title})))

    def lines(pairs):
        return ',\n'.join(f'{json.dumps(key)}: {json.dumps(value)}' for key, value in pairs)
    rows = lines((title, [figures.get(title) for figures in flat.values()]) for title in titles)
    paths = ',\n'.join(f'{json.dumps(name)}: {{\n{lines(builds[name][PATHS].items())}}}' for name in with_paths)
    names = ',\n'.join(json.dumps(name) for name in builds)
    return f'{{"compiler": {json.dumps(compiler)},\n"builds": [\n{names}],\n"figures": {{\n{rows}}},\n"{PATHS}": {{\n{paths}}}}}\n'


def write(path, compiler, builds, with_paths):
    with open(path, 'w') as f:
        f.write(text(compiler, builds, with_paths))
