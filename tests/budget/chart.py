# SPDX-License-Identifier: Apache-2.0
"""sizes.svg: what NTLM takes of flash, ours and others', as bars. Readable on light and dark pages."""
from xml.sax.saxutils import escape

_STYLE = '''
text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
.title { font-size: 15px; font-weight: 600 }
.small { font-size: 11.5px; fill: #59636e }
.grid { stroke: #d1d9e0 }
.p0 { fill: #0b57a4 } .p1 { fill: #2f81d6 } .p2 { fill: #72aee8 } .p3 { fill: #aecff0 }
.other { fill: #9aa4af } .around { fill: #c9d0d7 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .small { fill: #9198a1 } .grid { stroke: #3d444d }
  .p0 { fill: #8cc2ff } .p1 { fill: #4f9bec } .p2 { fill: #2b6cb8 } .p3 { fill: #1c4a80 }
  .other { fill: #6e7781 } .around { fill: #484f58 }
}
'''
_LEFT, _RIGHT, _WIDTH, _BAR, _STEP, _TOP = 236, 96, 820, 22, 38, 84


def draw(title, legend, rows, note):
    """legend: [(class, text)]; rows: [(label, remark, [(class, bytes)])]. Returns the SVG's text."""
    largest = max(sum(size for _, size in parts) for _, _, parts in rows)
    step = next(s for s in (1, 2, 4, 8, 16, 32, 64) if largest / 1024 / s <= 7)
    end = -(-largest * 118 // (step * 1024 * 100)) * step  # room for the longest bar's figure
    scale = (_WIDTH - _LEFT - _RIGHT) / (end * 1024)
    bottom = _TOP + len(rows) * _STEP
    height = bottom + 50
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
           f'role="img" aria-label="{escape(title)}">', f'<style>{_STYLE}</style>',
           f'<text class="title" x="16" y="26">{escape(title)}</text>']
    x = 16
    for style, text in legend:
        out.append(f'<rect class="{style}" x="{x}" y="42" width="12" height="12" rx="2"/>'
                   f'<text class="small" x="{x + 17}" y="52">{escape(text)}</text>')
        x += 34 + 6.4 * len(text)
    for kib in range(0, end + 1, step):
        at = _LEFT + kib * 1024 * scale
        out.append(f'<line class="grid" x1="{at:.1f}" y1="{_TOP - 10}" x2="{at:.1f}" y2="{bottom}"/>'
                   f'<text class="small" x="{at:.1f}" y="{bottom + 16}" text-anchor="middle">{kib}'
                   f'{" KiB" if kib == end else ""}</text>')
    for i, (label, remark, parts) in enumerate(rows):
        y = _TOP + i * _STEP
        out.append(f'<text x="{_LEFT - 10}" y="{y + (9 if remark else 16)}" text-anchor="end">{escape(label)}</text>')
        if remark:
            out.append(f'<text class="small" x="{_LEFT - 10}" y="{y + 23}" text-anchor="end">{escape(remark)}</text>')
        at = float(_LEFT)
        for style, size in parts:
            out.append(f'<rect class="{style}" x="{at:.1f}" y="{y}" width="{max(size * scale, 0.1):.1f}" height="{_BAR}">'
                       f'<title>{size:,} B</title></rect>')
            at += size * scale
        out.append(f'<text x="{at + 8:.1f}" y="{y + 16}">{sum(size for _, size in parts):,} B</text>')
    out.append(f'<text class="small" x="16" y="{height - 8}">{escape(note)}</text>')
    return '\n'.join(out) + '\n</svg>\n'
