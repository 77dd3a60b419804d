#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the READMEs' pictures: of NAME.txt beside this script it makes NAME.svg, legible on light and dark pages.

  boards/pictures/draw.py            writes them all
  boards/pictures/draw.py --check    writes nothing; exit status 1 when one is not what its text says"""
import glob
import os
import re
import sys
from xml.sax.saxutils import escape

HERE = os.path.dirname(os.path.abspath(__file__))
STYLE = '''
text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
.title { font-size: 15px; font-weight: 600 } .name { font-weight: 600 }
.small { font-size: 11.5px; fill: #59636e } .call { font: 11.5px ui-monospace, Menlo, Consolas, monospace; fill: #0b57a4 }
.mid { text-anchor: middle } .end { text-anchor: end }
.ours { fill: #d3e5fa; stroke: #2f81d6 } .theirs { fill: #eaeef2; stroke: #9aa4af } .yours { fill: #dcf3e0; stroke: #3f9a56 }
.life { stroke: #9aa4af; stroke-dasharray: 4 4 } .arrow { stroke: #1f2328; stroke-width: 1.4 } .head { fill: #1f2328 }
.part { fill: #eaeef2 } .page { fill: #ffffff }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .small { fill: #9198a1 } .call { fill: #8cc2ff }
  .ours { fill: #12365e; stroke: #4f9bec } .theirs { fill: #2d333b; stroke: #6e7781 } .yours { fill: #173d22; stroke: #4ba565 }
  .life { stroke: #6e7781 } .arrow { stroke: #e6edf3 } .head { fill: #e6edf3 } .part { fill: #2d333b }
  .page { fill: #0d1117 }
}
'''


class Mistake(Exception):
    """A text that says nothing drawable."""


def lines_of(path):
    """[(what stands before the colon, the fields behind it)]; a backslash at a line's end joins it to the next."""
    found = []
    with open(path, encoding='utf-8') as file:
        for line in re.sub(r'\\\n\s*', '', file.read()).splitlines():
            if line and not line.startswith('#'):
                key, colon, rest = line.partition(': ')
                if not colon:
                    raise Mistake(f'{path}: no colon in "{line}"')
                found.append((key, [field.strip() for field in rest.split('|')]))
    return found


class Page:
    def __init__(self, title, description, width):
        self._title, self._description, self._width = title, description, width
        self._items = []
        self.text(16, 26, title, 'title')

    def text(self, x, y, text, style=''):
        if text:
            self._items.append(f'<text class="{style}" x="{x:g}" y="{y:g}">{escape(text)}</text>')

    def box(self, x, y, width, height, style):
        self._items.append(f'<rect class="{style}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="5"/>')

    def line(self, x, y, to_x, to_y, style):
        self._items.append(f'<line class="{style}" x1="{x:g}" y1="{y:g}" x2="{to_x:g}" y2="{to_y:g}"/>')

    def arrow(self, x, to_x, y):
        back = -8 if to_x > x else 8
        self.line(x, y, to_x + back / 2, y, 'arrow')
        self._items.append(f'<path class="head" d="M{to_x:g} {y:g}l{back} -4.5v9z"/>')

    def svg(self, height):
        size = f'viewBox="0 0 {self._width} {height}" width="{self._width}" height="{height}"'
        return '\n'.join([f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc">',
                          f'<title id="title">{escape(self._title)}</title>',
                          f'<desc id="desc">{escape(self._description)}</desc>',
                          f'<style>{STYLE}</style>',
                          # A page's colours may not be what the reader's system prefers: so the picture brings its own ground.
                          f'<rect class="page" width="{self._width}" height="{height}" rx="6"/>', *self._items, '</svg>', ''])


WIDTH = 940
EDGE = 16


# ---- Boxes on a grid of twelve columns: box KIND ROWS COLUMNS: name | line | line; label ROW COLUMNS: text ----

BOX, LABEL, GAP = 64, 20, 8


def span(text):
    first, _, last = text.partition('-')
    return int(first), int(last or first)


def draw_layers(lines, page):
    labels = {int(key.split()[1]) for key, _ in lines if key.startswith('label ')}
    rows = max(span(key.split()[-2])[1] for key, _ in lines if key.startswith(('box ', 'label ')))
    tops, y = {}, 68
    for row in range(1, rows + 2):
        tops[row] = y
        y += (LABEL if row in labels else BOX) + GAP
    column = (WIDTH - 2 * EDGE + GAP) / 12
    for key, fields in lines:
        kind, *place = key.split()
        if kind not in ('box', 'label'):
            continue
        (top, bottom), (left, right) = span(place[-2]), span(place[-1])
        x, width = EDGE + (left - 1) * column, (right - left + 1) * column - GAP
        middle = x + width / 2
        if kind == 'label':
            page.text(middle, tops[top] + 14, fields[0], 'small mid')
            continue
        height = tops[bottom + 1] - tops[top] - GAP
        page.box(x, tops[top], width, height, place[0])
        first = tops[top] + height / 2 - 8.5 * (len(fields) - 1) + 5
        for number, field in enumerate(fields):
            page.text(middle, first + 17 * number, field, 'small mid' if number else 'name mid')
    return tops[rows + 1] - GAP + EDGE


# ---- A conversation: party NAME: title | remark; A > B: text | call of the left | call of the right. more: is another line of what
# stands before it; note: is said of both, and no arrow; part: begins a part. ----

LIFELINES = (244, 622, 840)
PARTY, CALL = 88, 14  # half of a party's width; from a lifeline to its calls


def turns_of(lines):
    """[(key, [fields of each line])]: a turn is drawn as one."""
    turns = []
    for key, fields in lines:
        fields = fields + [''] * (3 - len(fields))
        if key == 'more':
            turns[-1][1].append(fields)
        elif key in ('note', 'part') or ' > ' in key:
            turns.append((key, [fields]))
    return turns


def draw_turn(page, at, y, key, texts):
    """From y downwards; returns where it ends."""
    left, right, _ = LIFELINES
    if key == 'part':
        page.box(EDGE, y + 14, WIDTH - 2 * EDGE, 21, 'part')
        page.text(EDGE + 10, y + 29, texts[0][0], 'small')
        return y + 35
    begin, _, end = key.partition(' > ')
    middle = (at[begin] + at[end]) / 2 if end else (left + right) / 2
    y += 4
    for text, of_left, of_right in texts:
        y += 16
        page.text(middle, y, text, 'mid' if end else 'small mid')
        page.text(left - CALL, y, of_left, 'call end')
        page.text(right + CALL, y, of_right, 'call')
    if end:
        y += 7
        page.arrow(at[begin], at[end], y)
    return y


def draw_conversation(lines, page):
    parties = [(key.split()[1], fields) for key, fields in lines if key.startswith('party ')]
    if len(parties) != len(LIFELINES):
        raise Mistake(f'{len(parties)} parties, not {len(LIFELINES)}')
    turns = turns_of(lines)
    height = draw_turns(Page('', '', WIDTH), parties, turns) + 14
    for x in LIFELINES:  # behind all else
        page.line(x, 84, x, height, 'life')
    draw_turns(page, parties, turns)
    return height + EDGE


def draw_turns(page, parties, turns):
    at = {name: x for (name, _), x in zip(parties, LIFELINES)}
    for (_, (title, remark)), x in zip(parties, LIFELINES):
        page.box(x - PARTY, 42, 2 * PARTY, 42, 'theirs')
        page.text(x, 60, title, 'name mid')
        page.text(x, 76, remark, 'small mid')
    y = 84
    for key, texts in turns:
        y = draw_turn(page, at, y, key, texts)
    return y


def draw_legend(page, entries):
    x = EDGE
    for entry in entries:
        style, _, text = entry.partition(' ')
        page.box(x, 40, 14, 14, style)
        page.text(x + 20, 51, text, 'small')
        x += 44 + 6.4 * len(text)


def picture(path):
    """The SVG of a text."""
    lines = lines_of(path)
    said = dict(lines)
    try:
        page = Page(said['title'][0], said['desc'][0], WIDTH)
        draw_legend(page, said.get('legend', ()))
        draw = draw_conversation if any(key.startswith('party ') for key in said) else draw_layers
        return page.svg(round(draw(lines, page)))
    except (KeyError, ValueError) as error:
        raise Mistake(f'{path}: {error!r}') from error


def main(arguments):
    if arguments not in ([], ['--check']):
        print(__doc__, file=sys.stderr)
        return 2
    status = 0
    for path in sorted(glob.glob(f'{HERE}/*.txt')):
        to, made = path.removesuffix('.txt') + '.svg', picture(path)
        if not arguments:
            with open(to, 'w', encoding='utf-8') as file:
                file.write(made)
        elif not os.path.exists(to) or open(to, encoding='utf-8').read() != made:
            print(f'{os.path.relpath(to)} is not what its text says: run {os.path.relpath(__file__)}')
            status = 1
    return status


if __name__ == '__main__':
    try:
        sys.exit(main(sys.argv[1:]))
    except Mistake as mistake:
        sys.exit(str(mistake))
