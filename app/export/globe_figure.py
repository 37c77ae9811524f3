"""The figure of the globe: its pixels, and labels, axes and legend as vectors."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QFontMetricsF

from app.annotations.caption_text import scene_notes
from app.annotations.globe_legend import globe_rows
from app.annotations.legends import RINGS_TEXT, LegendRow, edge_rows, legend_rows
from app.annotations.overlay import Overlay
from app.annotations.text_cache import PX_PER_PT
from app.export.renderer import Renderer, camera_at
from app.figures.caption import frame_caption
from app.figures.figure import Figure, Picture, PictureRow
from app.figures.parts import Column, LegendEntry, PlacedText
from app.figures.style import MARGIN_MM, MAX_PICTURE_MM, FigureStyle, cell_mm
from app.scene.projector import CIRCLE
from app.theme import fonts
from app.theme.palette import PAPER
from sim.lanes import with_shared_axes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.document.look import Look
    from app.scene.camera import Camera
    from app.scene.scene_info import SceneInfo
    from sim.array_types import Pixels
    from sim.frame import Frame

    Arrow = tuple[tuple[float, float], tuple[float, float]]

GLOBE_DPI = 450
ANGLE_RADIUS = 1.6  # globe radii, of the angles around the circle
AXES_AT = (0.09, 0.90)  # widths of the picture, of the origin of the axes
AXES_LENGTH = 0.075  # of an axis, in widths of the picture
NAME_AT = 1.28  # lengths of an axis, of its name


def globe_side(width_mm: float) -> int:
    """Return the pixels of the side of the globe in a figure so wide."""
    return round(min(width_mm - 2 * MARGIN_MM, MAX_PICTURE_MM) / 25.4 * GLOBE_DPI)


def globe_figure(
    renderer: Renderer, frame: Frame, width_mm: float, chosen: tuple[int, ...] = ()
) -> Figure:
    """Return the figure of `frame` with the `chosen` tokens marked.

    `renderer` has the colours of `PAPER` and a square of `globe_side` pixels.
    """
    picture = globe_picture(renderer, frame, width_mm, chosen)
    return Figure("globe", (picture,), frame_caption(frame))


def lanes_figure(
    look: Look,
    frames: Sequence[Frame],
    titles: Sequence[str],
    width_mm: float,
    chosen: tuple[int, ...] = (),
) -> Figure:
    """Return the figure of several lanes: their globes side by side, with titles.

    Raises
    ------
    RuntimeError
        If there is no OpenGL to draw with.
    """
    cell = cell_mm(width_mm, len(frames)) + 2 * MARGIN_MM
    side = globe_side(cell)
    pictures: list[Picture] = []
    for frame in with_shared_axes(frames):
        with closing(Renderer((side, side), PAPER, look)) as renderer:
            pictures.append(globe_picture(renderer, frame, cell, chosen))
    named = tuple(t or f"lane {k}" for k, t in enumerate(titles, 1))
    lines = [
        f"{title}: {frame_caption(frame)[0]}"
        for title, frame in zip(named, frames, strict=True)
    ]
    lines += _lane_notes(pictures, named)
    bare = (
        replace(one, legend=tuple(e for e in one.legend if not _is_note(e)))
        for one in pictures
    )
    return Figure("globes", (PictureRow(tuple(bare), named),), tuple(lines))


def _lane_notes(pictures: Sequence[Picture], titles: Sequence[str]) -> list[str]:
    """Return the texts of legends that need more room than a picture of several has."""
    notes = [[e.text for e in one.legend if _is_note(e)] for one in pictures]
    shared = [text for text in notes[0] if all(text in other for other in notes)]
    own = [
        f"{title}: {text}"
        for title, texts in zip(titles, notes, strict=True)
        for text in texts
        if text not in shared
    ]
    return [*shared, *own]


def _is_note(entry: LegendEntry) -> bool:
    return entry.colours is None and not entry.low


def globe_picture(
    renderer: Renderer, frame: Frame, width_mm: float, chosen: tuple[int, ...]
) -> Picture:
    """Return the panel of `globe_figure`."""
    pixels = np.array(renderer.draw_without_text(frame, chosen=chosen))
    info, look = renderer.builder.info, renderer.look
    camera = camera_at(look, renderer.size, 0.0, renderer.ratio)
    camera = replace(camera, flat=frame.x.shape[1] == CIRCLE)
    names, arrows = _axes(camera, info)
    legend = tuple(LegendEntry(text) for text in scene_notes(frame, look, info))
    rows = [*legend_rows(frame, PAPER, info.legend), *edge_rows(info.scales, PAPER)]
    rows += globe_rows(info.painted, PAPER)
    rows += [LegendRow(RINGS_TEXT)] if info.ringed else []
    legend += tuple(LegendEntry(r.text, r.colours, r.low, r.line) for r in rows)
    texts = (*names, *_labels(camera, look, info, width_mm))
    return Picture(_trimmed(pixels), texts, arrows, legend, _data(frame, info))


def _trimmed(pixels: Pixels) -> Pixels:
    return np.ascontiguousarray(pixels[..., :3])


def _labels(
    camera: Camera, look: Look, info: SceneInfo, width_mm: float
) -> list[PlacedText]:
    """Return the labels of tokens, placed as in the window for letters of this size."""
    style = FigureStyle.of(width_mm)
    side_pt = min(width_mm, MAX_PICTURE_MM) / 25.4 * 72
    design = side_pt * fonts.BODY_PT * PX_PER_PT / style.small  # pixels of the design
    ratio = camera.size[0] / design
    overlay = Overlay(PAPER)
    out: list[PlacedText] = []
    capital = QFontMetricsF(overlay.font(fonts.BODY_PT)).height() / 2
    for placed in overlay.place_labels(camera, ratio, look, info, []):
        if placed.position < 0:
            continue
        one, box = placed.label, placed.box
        x, y = box.left() / design, (box.top() + capital) / design
        out.append(PlacedText(one.text, (x, y), PAPER.text, one.strong))
        if one.others:
            x += placed.name / design
            out.append(PlacedText(one.suffix, (x, y), PAPER.muted))
    return out


def _axes(
    camera: Camera, info: SceneInfo
) -> tuple[tuple[PlacedText, ...], tuple[Arrow, ...]]:
    """Return names and lines of the axes; of a circle, its angles."""
    if camera.flat:
        return _angles(camera), ()
    letter = "x" if info.share is None else "u"  # u where tokens are projected
    x, y = AXES_AT
    names: list[PlacedText] = []
    arrows: list[Arrow] = []
    for k, column in enumerate(np.asarray(camera.rotation, float).T):
        right, up = (AXES_LENGTH * column[:2]).tolist()
        arrows.append(((x, y), (x + right, y - up)))
        at = (x + NAME_AT * right, y - NAME_AT * up)
        name = letter + "₁₂₃"[k]
        if float(np.hypot(right, up)) > AXES_LENGTH / 4:
            names.append(PlacedText(name, at, PAPER.text, halo=False, centred=True))
    return tuple(names), tuple(arrows)


def _angles(camera: Camera) -> tuple[PlacedText, ...]:
    degrees = np.arange(0, 360, 30)
    turn = np.radians(degrees)
    at = np.stack([np.cos(turn), np.sin(turn), 0 * turn], -1) * ANGLE_RADIUS
    places = camera.project(at)[0] / camera.size[0]
    return tuple(
        PlacedText(f"{angle}°", (x, y), PAPER.muted, halo=False, centred=True)
        for angle, (x, y) in zip(degrees.tolist(), places.tolist(), strict=True)
    )


def _data(frame: Frame, info: SceneInfo) -> tuple[Column, ...]:
    """Return every token: its name or number, its cluster and its coordinates."""
    n, d = frame.x.shape
    names = frame.names or tuple(f"token {k + 1}" for k in range(n))
    columns = [Column("token", names)]
    if len(info.cluster_ids) == n:
        columns.append(Column("cluster", info.cluster_ids))
    columns += [Column(f"x{k + 1}", frame.x[:, k]) for k in range(d)]
    return tuple(columns)
