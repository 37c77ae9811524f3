"""Pictures of several lanes: globes as those of single runs, and what is said."""

from __future__ import annotations

import dataclasses
import math
from contextlib import closing
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

import sim
from app.__main__ import document_of, parser_of
from app.annotations.globe_room import LINE_PX, GlobeRoom
from app.annotations.number_format import angle, signed
from app.document.document import Document
from app.document.look import Look
from app.document.look_track import LookTrack
from app.document.provenance import embedded_document, embedded_sums
from app.export import lane_panel
from app.export.lane_composition import composed_lanes, lane_film
from app.export.lane_layout import lane_places
from app.export.lane_panel import LanePanel
from app.export.lane_words import lane_lines
from app.export.layout import design_ratio, text_ratio
from app.export.lettering import width
from app.export.render_file import render_file
from app.export.render_options import RenderOptions
from app.export.renderer import Renderer
from app.scene.camera import Camera
from app.theme import fonts
from app.theme.colour import rgb
from app.theme.palette import DARK, LIGHT
from sim.lanes import Comparison, compare, difference
from sim.schedule import Run

SIZE = (320, 240)
OPTIONS = RenderOptions(SIZE, 4.0, 0.75, backend="numpy", layout="curve")
START = sim.edit(sim.Scenario(), {"tokens": 24, "duration": 2.0, "step": 0.1})

NOTES = (
    "shown by a linear map that separates groups, onto the globe",
    "16 % of the variance shown",
    "one colour: cos > 0.9; one cluster: cos > 0.999",
)


def lanes_of(over="dynamics.beta", values=(1, 9), look=None):
    document = Document(look=look or Look())
    return document.with_comparison(compare(START, {over: values}))


@pytest.mark.screen
@pytest.mark.parametrize("size", [(1280, 720), (1024, 768), (720, 1280), (1080, 1080)])
def test_notes_of_all_lanes_are_whole_in_every_shape_of_picture(
    qapp, size, monkeypatch
):
    fonts.install()
    ratio = design_ratio(size)
    places = lane_places(2, size[0] / ratio, size[1] / ratio, curve=True)
    panel = LanePanel(places, lanes_of().comparison, DARK, ratio)
    said = []

    def note_down(_painter, at, text, px, *_, room=math.inf, **_2):
        said.append((QRectF(at.x(), at.y() - px, width(text, px), px), text))
        assert width(text, px) <= room

    monkeypatch.setattr(lane_panel, "write", note_down)
    picture = QImage(*size, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    run = sim.Simulation(START, "numpy").frame()
    try:
        written = panel.paint(painter, (run, run), NOTES)
        too_many = panel.paint(painter, (run, run), NOTES * 9)
    finally:
        painter.end()
    assert written == NOTES
    assert too_many == ()  # then each globe has them
    words = [one for one in said if places.words.contains(one[0].center())]
    text = " ".join(line for _, line in words).replace("\N{NO-BREAK SPACE}", " ")
    assert all(note in text for note in NOTES)
    for (a, first), (b, second) in combinations(words, 2):
        assert first == second or not a.intersects(b)
    assert all(box.right() <= places.words.right() + 1 for box, _ in words)


@pytest.mark.slow
@pytest.mark.screen
def test_a_lanes_globe_is_that_of_its_run_alone(qapp):
    document = lanes_of(look=Look(speed=4.0, rotate=20.0))
    with closing(composed_lanes(document, OPTIONS, [0.0, 2.0], no_report)) as all_:
        buffer = all_.new_buffer()
        (x, y, w, h), (x2, y2, *size) = all_.boxes
        assert size == [w, h] and x2 >= x + w
        with (
            closing(Renderer((w, h), DARK, document.look)) as one,
            closing(Renderer((w, h), DARK, document.look)) as two,
        ):
            for frames, shown in lane_film(document, OPTIONS):
                all_.draw_globes(frames, shown, buffer)
                got = buffer.pixels[..., 2::-1]
                a = one.draw_without_text(frames[0], shown)
                b = two.draw_without_text(frames[1], shown)
                assert np.array_equal(got[y : y + h, x : x + w], a)
                assert np.array_equal(got[y2 : y2 + h, x2 : x2 + w], b)
        assert frames[0].t == 2.0 and not np.array_equal(a, b)


def test_frames_of_lanes_are_those_of_their_runs():
    document = lanes_of("dynamics", ("softmax", "hardmax"))
    runs = [sim.Simulation(run, "numpy") for run in document.comparison.runs]
    for frames, shown in lane_film(document, OPTIONS):
        for run, frame in zip(runs, frames, strict=True):
            run.reach(shown * document.look.speed)
            assert frame.t == shown * document.look.speed
            assert np.array_equal(run.frame(frame.t).x, frame.x)


@pytest.mark.parametrize("curve", [True, False])
@pytest.mark.parametrize("size", [(1280, 720), (720, 720), (720, 1280), (960, 720)])
@pytest.mark.parametrize("lanes", [1, 2, 3, 4])
def test_parts_of_a_picture_do_not_overlap(lanes, size, curve):
    found = lane_places(lanes, *size, curve)
    parts = [found.words, *found.readouts, *([found.curve] if curve else [])]
    whole = QRectF(0, 0, *size)
    assert len({(g.width(), g.height()) for g in found.globes}) == 1
    assert all(whole.contains(g) for g in (*found.globes, found.panel))
    assert all(found.panel.contains(part) for part in parts)
    shrunk = [p.adjusted(0.1, 0.1, -0.1, -0.1) for p in (*found.globes, *parts)]
    assert not any(a.intersects(b) for a, b in combinations(shrunk, 2))
    assert min(found.globes[0].width(), found.globes[0].height()) >= 150
    assert not curve or found.curve.height() >= 100
    assert all(one.height() >= 60 and one.width() >= 300 for one in found.readouts)


@pytest.mark.slow
@pytest.mark.screen
@pytest.mark.parametrize("suffix", ["mp4", "gif", "png"])
def test_an_export_opens_again_with_all_lanes(tmp_path, qapp, suffix):
    document, path = lanes_of(), tmp_path / f"lanes.{suffix}"
    shares = []
    options = dataclasses.replace(OPTIONS, at=1.0)
    render_file(document, path, options, shares.append)
    assert embedded_document(path).comparison == document.comparison
    assert [line[:14] for line in embedded_sums(path)] == [
        "sums of lane 1",
        "sums of lane 2",
    ]
    assert shares == sorted(shares) and shares[-1] == 1.0


@pytest.mark.slow
@pytest.mark.screen
def test_curves_are_in_the_colours_of_their_lanes(tmp_path, qapp):
    document = lanes_of()
    options = dataclasses.replace(OPTIONS, size=(1280, 720), theme="light", at=2.0)
    render_file(document, tmp_path / "a.png", options)
    picture = picture_of(tmp_path / "a.png")
    box = lane_places(2, 1280, 720, curve=True).curve.toRect()
    part = picture[box.top() : box.bottom(), box.left() : box.right()]
    for colour in LIGHT.lanes[:2]:
        near = np.abs(part - rgb(colour) * 255).max(-1) < 3
        assert near.any(axis=0).mean() > 0.4
    for colour in LIGHT.lanes[2:]:
        assert not (np.abs(part - rgb(colour) * 255).max(-1) < 3).any()


def test_a_matrix_of_lanes_is_refused(tmp_path, qapp):
    options = dataclasses.replace(OPTIONS, layout="matrix")
    with pytest.raises(ValueError, match="the layout 'matrix' is for one run"):
        render_file(lanes_of(), tmp_path / "a.mp4", options)
    assert not any(tmp_path.iterdir())


def test_what_is_said_of_a_lane_is_its_difference():
    lanes = compare(START, {"dynamics.beta": [1, 9]})
    a, b = (sim.Simulation(run, "numpy").frame() for run in lanes.runs)
    found = difference(a, b)
    count = f"{a.measures['clusters']:.0f} clusters"
    assert lane_lines(0, a, a) == [f"F̂ = {a.measures['f_hat']:.4f},  {count}"]
    numbers, apart = lane_lines(1, b, a)
    assert f"({signed(found.f_hat, 4)})" in numbers and found.f_hat < 0
    assert apart == "from the first: mean angle 0°, largest 0°"
    moved = dataclasses.replace(b, x=-b.x, ids=b.ids + 1)
    assert lane_lines(1, moved, a)[1].endswith("(2 left out)")


def test_angles_and_differences_in_words():
    angles = [angle(v) for v in (0.0, 1e-9, math.pi / 2, math.nan)]
    assert angles == ["0°", "5.73·10⁻⁸°", "90.0°", "–"]
    assert [signed(v, 2) for v in (0.0, -0.126, 2.0, math.nan)] == [
        "0",
        "−0.13",
        "+2.00",
        "–",
    ]


def test_the_command_line_keeps_lanes_and_the_recorded_look(tmp_path):
    track = LookTrack((0.0, 1.0), (Look(), Look(bead=2.0)))
    fork = Comparison.fork(Run(START), 1.0, {"dynamics.beta": 60.0})
    document = dataclasses.replace(Document().with_comparison(fork), track=track)
    document.save(tmp_path / "a.json")
    words = ["render", str(tmp_path / "a.json"), "-o", "a.mp4"]
    assert document_of(parser_of(words).parse_args(words)) == document
    words += ["--set", "step=0.05", "--set", "look.bead=3"]
    new = document_of(parser_of(words).parse_args(words))
    assert {run.start.step for run in new.comparison.runs} == {0.05}
    assert new.look.bead == 3.0 and new.comparison.titles == fork.titles


def no_report(_done):
    pass


def picture_of(path):
    from PIL import Image

    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(float)


def test_a_small_picture_has_larger_words_and_no_curve_that_is_too_low():
    assert text_ratio((1280, 720)) == 1.0
    assert text_ratio((640, 360)) == 0.75
    assert text_ratio((160, 90)) == pytest.approx(1.5 * design_ratio((160, 90)))
    assert lane_places(3, 640 / 0.75, 360 / 0.75, curve=True).curve.isEmpty()
    assert not lane_places(3, 1280, 720, curve=True).curve.isEmpty()


@pytest.mark.parametrize("flat", [False, True])
def test_rows_beside_a_globe_that_a_camera_sees_leave_it_free(flat):
    camera = Camera(size=(422, 360), flat=flat)
    room = GlobeRoom.seen(camera, 1.0, 1.0)
    assert room.radius < 180
    for span in room.spans(40.0, 320.0):
        near = max(abs(span.middle - 180) - LINE_PX / 2, 0.0)
        beside = 211 - span.right if span.left < 211 else span.left - 211
        assert span.whole or math.hypot(beside, near) > room.radius
