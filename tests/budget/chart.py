# SPDX-License-Identifier: Apache-2.0
"""sizes.svg: what core takes of flash, as bars, and others' sizes as marks. Readable on light and dark pages."""
from xml.sax.saxutils import escape

_STYLE = '''
text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
.title { font-size: 15px; font-weight: 600 }
.small { font-size: 11.5px; fill: #59636e }
.sum { font-weight: 600 }
.grid { stroke: #d1d9e0 }
.mark { stroke: #bc4c00; stroke-width: 1.5; stroke-dasharray: 5 3 } .named { fill: #bc4c00; font-size: 12px }
.p0 { fill: #0b57a4 } .p1 { fill: #2f81d6 } .p2 { fill: #8250df } .p3 { fill: #1a7f5a } .p4 { fill: #72aee8 } .p5 { fill: #b6d4f0 }
.beyond { fill: #c9d0d7 }
.cut { stroke: #ffffff; stroke-width: 4; fill: none }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .small { fill: #9198a1 } .grid { stroke: #3d444d }
  .mark { stroke: #f0883e } .named { fill: #f0883e }
  .p0 { fill: #a5d1ff } .p1 { fill: #4f9bec } .p2 { fill: #a884f3 } .p3 { fill: #3fb68b } .p4 { fill: #2b6cb8 } .p5 { fill: #1c4a80 }
  .beyond { fill: #484f58 } .cut { stroke: #0d1117 }
}
'''
_LEFT, _RIGHT, _WIDTH, _BAR, _STEP, _TOP = 216, 70, 860, 22, 38, 122


def _text(style, x, y, text, anchor='start'):
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


class _Chart:
    def __init__(self, rows, end):
        self.scale = (_WIDTH - _LEFT - _RIGHT) / (end * 1024)
        self.end, self.bottom = end, _TOP + (rows + 1) * _STEP + 6
        self.out = []

    def at(self, octets):
        return _LEFT + octets * self.scale

    def legend(self, entries):
        x = 16.0
        for style, text in entries:
            self.out += [f'<rect class="{style}" x="{x:.1f}" y="42" width="12" height="12" rx="2"/>', _text('small', x + 17, 52, text)]
            x += 38 + 6.4 * len(text)

    def grid(self, step):
        for kib in range(0, self.end + 1, step):
            x = self.at(kib * 1024)
            self.out += [f'<line class="grid" x1="{x:.1f}" y1="{_TOP - 8}" x2="{x:.1f}" y2="{self.bottom}"/>',
                         _text('small', x, self.bottom + 16, f'{kib}{" KiB" if kib + step > self.end else ""}', 'middle')]

    def label(self, row, label, remark):
        y = _TOP + row * _STEP
        self.out += [_text('', _LEFT - 10, y + 9, label, 'end'), _text('small', _LEFT - 10, y + 23, remark, 'end')]

    def bar(self, row, label, remark, parts):
        y, octets = _TOP + row * _STEP, 0
        self.label(row, label, remark)
        for style, size in parts:
            if size:
                self.out.append(f'<rect class="{style}" x="{self.at(octets):.1f}" y="{y}" width="{size * self.scale:.1f}" '
                                f'height="{_BAR}"><title>{size:,} B</title></rect>')
            octets += size
        self.out.append(_text('sum', self.at(octets) + 8, y + 16, f'{octets:,}'))

    def marks(self, marks, rows):
        """Dashed lines down the rows that they are to be compared with; each is named above its line, on the side that is told."""
        for label, octets, remark, anchor in marks:
            x = self.at(octets)
            at = x + {'start': -6, 'middle': 0, 'end': 6}[anchor]
            self.out += [f'<line class="mark" x1="{x:.1f}" y1="{_TOP - 12}" x2="{x:.1f}" y2="{_TOP + rows * _STEP - 10}"/>',
                         _text('named', at, _TOP - 32, f'{label}: {octets:,}', anchor), _text('small', at, _TOP - 18, remark, anchor)]

    def cut_bar(self, row, label, remark, octets):
        """Longer than the page: the bar is broken before its end, which has no place on the scale."""
        y, end = _TOP + row * _STEP + 6, self.at(self.end * 1024)
        self.label(row, label, remark)
        self.out += [f'<rect class="beyond" x="{_LEFT}" y="{y}" width="{end - _LEFT:.1f}" height="{_BAR}"/>',
                     *(f'<path class="cut" d="M{x:.1f} {y - 3} l-7 14 l9 0 l-7 14"/>' for x in (end - 40, end - 30)),
                     _text('sum', end + 8, y + 16, f'{octets:,}')]


def draw(title, legend, rows, marks, marked_rows, beyond, note):
    """legend: [(class, text)]; rows: [(label, remark, [(class, octets)])]; marks: [(label, octets, remark, text-anchor)], down to
    marked_rows; beyond: a last row of one figure that is off the scale. Returns the SVG's text."""
    step = 8
    largest = max([sum(size for _, size in parts) for _, _, parts in rows] + [octets for _, octets, *_ in marks])
    picture = _Chart(len(rows), -(-largest // (step * 1024)) * step)
    picture.legend(legend)
    picture.grid(step)
    for row, (label, remark, parts) in enumerate(rows):
        picture.bar(row, label, remark, parts)
    picture.marks(marks, marked_rows)
    picture.cut_bar(len(rows), *beyond)
    height = picture.bottom + 48
    return '\n'.join([f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
                      f'role="img" aria-label="{escape(title)}">', f'<style>{_STYLE}</style>', _text('title', 16, 26, title), *picture.out,
                      _text('small', 16, height - 8, note), '</svg>']) + '\n'
