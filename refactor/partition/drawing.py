"""Draw the parts of a partition as SVG: a disc per part, a line per pair with edges between them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape

from refactor.partition.graph import ClassGraph, Labels

_WIDTH, _HEIGHT = 960, 620
_COLOURS = ("#4e79a7", "#b07aa1", "#59a14f", "#c2652a", "#76b7b2", "#9c755f", "#d37295", "#7f7f7f")
_NAMED_TABLES = 3


def draw_parts(graph: ClassGraph, labels: Labels, tables: Mapping[str, str]) -> str:
    """before: a partition   after: an <svg> element

    The area of a disc is its part's number of classes, the width of a line the edge weight between two parts; every
    shape has a title, so that hovering and screen readers say what it is.
    """
    sizes: dict[str, int] = {}
    for part in labels.values():
        sizes[part] = sizes.get(part, 0) + 1
    parts = sorted(sizes)
    between: dict[tuple[str, str], list[float]] = {}
    for e in graph.edges:
        a, b = labels.get(e.source), labels.get(e.target)
        if a is not None and b is not None and a != b:
            between.setdefault((min(a, b), max(a, b)), []).append(e.weight)
    weights = {pair: math.fsum(found) for pair, found in sorted(between.items())}
    centers = _centers(parts)
    radius = _radii(sizes, len(parts))
    cut = math.fsum(weights.values())
    summary = f"{len(parts)} parts, {len(labels)} classes, edge weight {cut:g} between parts"
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(summary)}">',
        f"<title>{escape(summary)}</title>",
    ]
    heaviest = max(weights.values(), default=1.0)
    for (a, b), weight in weights.items():
        (x1, y1), (x2, y2) = centers[a], centers[b]
        width = 1 + 13 * math.sqrt(weight / heaviest)
        out.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
            f' stroke="#8c959f" stroke-opacity="0.6" stroke-width="{width:.1f}">'
            f"<title>{escape(a)} and {escape(b)}: edge weight {weight:g}</title></line>"
        )
    for at, part in enumerate(parts):
        x, y = centers[part]
        owned = sorted(t for t, owner in tables.items() if owner == part)
        said = f"{part}: {sizes[part]} classes" + (f", owns {', '.join(owned)}" if owned else "")
        r = radius[part]
        disc = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{_COLOURS[at % len(_COLOURS)]}"/>'
        out.append(f"<g><title>{escape(said)}</title>{disc}")
        # White on the disc where the name fits, dark below it where it does not.
        inside = len(part) * 8 < 2 * r
        if inside:
            out.append(_text(x, y + 1, part, 14, "#fff"))
            out.append(_text(x, y + 16, str(sizes[part]), 12, "#fff"))
        else:
            out.append(_text(x, y + r + 16, f"{part} ({sizes[part]})", 14, "#1b1f24"))
        below = y + r + (16 if inside else 32)
        shown = ", ".join(owned[:_NAMED_TABLES]) + (f" +{len(owned) - _NAMED_TABLES}" if len(owned) > _NAMED_TABLES else "")
        if shown:
            out.append(_text(x, below, shown, 11, "#57606a"))
        out.append("</g>")
    out.append("</svg>")
    return "\n".join(out)


def _centers(parts: list[str]) -> dict[str, tuple[float, float]]:
    """On an ellipse in name order, the first on top; a single part in the middle."""
    if len(parts) == 1:
        return {parts[0]: (_WIDTH / 2, _HEIGHT / 2)}
    found = {}
    for at, part in enumerate(parts):
        angle = 2 * math.pi * at / len(parts) - math.pi / 2
        found[part] = (_WIDTH / 2 + 0.36 * _WIDTH * math.cos(angle), _HEIGHT / 2 - 15 + 0.33 * _HEIGHT * math.sin(angle))
    return found


def _radii(sizes: Mapping[str, int], parts: int) -> dict[str, float]:
    """Area by size; the largest as large as the neighbours on the ellipse leave it."""
    largest = max(sizes.values(), default=1)
    most = min(70.0, 0.3 * _HEIGHT * math.sin(math.pi / max(2, parts)))
    return {part: max(4.0, most * math.sqrt(size / largest)) for part, size in sizes.items()}


def _text(x: float, y: float, text: str, size: int, colour: str) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-family="system-ui,sans-serif" text-anchor="middle"'
    if colour != "#fff":
        place += ' stroke="#fff" stroke-width="4" paint-order="stroke"'  # a halo: lines may run behind it
    return f'<text {place} fill="{colour}">{escape(text)}</text>'
