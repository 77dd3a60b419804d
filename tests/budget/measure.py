# SPDX-License-Identifier: Apache-2.0
"""One build, from its sources to its figures and to the list of its checks. A process of its own does it, since the builds go as
many at a time as there are processors."""
import os
from dataclasses import dataclass, field

import checks
import figures as fig
import paint
import sizes as sz
from build import Build, BuildError
from configurations import MEASURED, PAINTED
from demangle import Demangler

HERE = os.path.dirname(os.path.abspath(__file__))


@dataclass
class Result:
    """What a process hands back."""
    name: str
    checks: list = field(default_factory=list)  # (name, problems)
    figures: dict = None  # None where the build is not measured, or too broken for it
    used_annotations: set = field(default_factory=set)
    used_targets: set = field(default_factory=set)

    def check(self, name, problems):
        self.checks.append((f'{self.name}: {name}', problems))


def compile_mbedtls(root, configuration, target, build_root, threads):
    """The problems of it. Builds share its objects, so they are made before the first build begins."""
    try:
        Build(root, target, configuration, build_root, threads).compile_mbedtls()
    except BuildError as error:
        return str(error).split('\n')
    return []


def examine(root, configuration, target, build_root, annotations):
    build = Build(root, target, configuration, build_root)
    result = Result(build.name)
    try:
        build.compile()
    except BuildError as error:
        result.check('compiles', str(error).split('\n'))
        return result
    demangle = Demangler(build.objects)
    result.check('undefined symbols', checks.undefined_symbols(build, demangle))
    result.check('no global constructors', checks.constructors(build, demangle))
    result.check('no guards of statics', checks.static_guards(build, demangle))
    result.check('no initialised data', checks.initialised_data(build, demangle))
    if (configuration, target) in MEASURED:
        _measure(result, build, annotations, demangle)
    return result


def _measure(result, build, annotations, demangle):
    graph, problems = checks.call_graph(build, annotations)
    result.used_annotations, result.used_targets = graph.used_annotations, graph.used_targets
    for name, wrong in problems.items():
        result.check(name, wrong)
    painted = {}
    try:
        build.link([os.path.join(HERE, 'image.cpp'), os.path.join(HERE, 'stub_port.cpp')])
        graph.costs = checks.runtime_costs(build, graph)
        slots = sz.slot_sizes(build.compile_beside(os.path.join(HERE, 'slots.cpp')))
        if build.configuration in PAINTED:
            painted = paint.painted(build)
            result.check('what is above mbed TLS is painted', checks.unpainted(graph, painted))
            result.check('what is painted is within the call graph', checks.graph_and_paint(graph, painted))
    except BuildError as error:
        result.check('links, and runs', str(error).split('\n'))
        return
    result.check('the image uses the whole API', checks.unused_functions(build, graph))
    if not problems['no recursion'] and not problems['bounded frames']:
        result.figures = fig.of_build(build, sz.Sizes(build, demangle), sz.whole_flash(build), slots, graph, painted,
                                      checks.undefined_by_kind(build))
