"""The run as layers: the film strip, whole steps that are shown, and their record."""

from __future__ import annotations

import itertools
import json
import time

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from app.document.document import Document
from app.document.look import Look
from app.layer_strip.samples import MAX_SAMPLES, MAX_TOKENS, LayerSamples
from app.layer_strip.strip import LayerStrip
from app.layer_strip.texts import (
    decoder_lines,
    encoder_lines,
    layer_power,
    layer_text,
)
from app.scene.builder import SceneBuilder
from app.theme.palette import DARK, LIGHT
from sim import Scenario, Simulation, edit
from sim.__main__ import main
from sim.engine import Engine
from sim.frame import FrameRequest
from sim.loading import open_scenario
from sim.recorders.layers import Layers
from sim.recording.run_folder import record_run
from sim.state import State

pytestmark = pytest.mark.screen

DEEP = edit(
    Scenario(tokens=9, seed=1, duration=4.0, step=0.5),
    {"integrator": "layer", "dynamics.beta": 3.0},
)
SMOOTH = edit(DEEP, {"integrator": "rk4", "step": 0.1})


def kept(scenario, times):
    """Return the moments of a run that was shown at `times`."""
    run, samples, builder = (
        Simulation(scenario, "numpy"),
        LayerSamples(),
        SceneBuilder(DARK),
    )
    for t in times:
        run.reach(t)
        feed(samples, builder, run.frame(t))
    return samples


def feed(samples, builder, frame):
    from app.layer_strip.samples import LayerSample

    if samples.needs(frame):
        builder.build(frame, Look())
        samples.keep(LayerSample.of(frame, builder.info))


@pytest.fixture
def strip(qtbot):
    made = LayerStrip(DARK)
    qtbot.addWidget(made)
    made.resize(684, 118)
    return made


def played(strip, scenario, times):
    strip.show_document(Document(scenario))
    run, builder = Simulation(scenario, "numpy"), SceneBuilder(DARK)
    for t in times:
        run.reach(t)
        frame = run.frame(t)
        builder.build(frame, Look())
        strip.show_frames((frame,))
        strip.show_scenes((builder.info,))
    return run


# -- moments -----------------------------------------------------------------------


def test_only_whole_layers_are_kept():
    times = np.arange(0, 4.01, 0.125)
    depths = [m.depth for m in kept(DEEP, times).selected(99)]
    assert depths == pytest.approx(range(9))


def test_moments_are_even_and_no_more_than_fit():
    samples = kept(DEEP, np.arange(0, 4.01, 0.5))
    assert [m.depth for m in samples.selected(5)] == pytest.approx([0, 2, 4, 6, 8])
    assert [m.depth for m in samples.selected(4)] == pytest.approx([0, 4, 8])
    assert [m.depth for m in samples.selected(2)] == pytest.approx([0, 8])


@pytest.mark.slow
def test_memory_is_bounded_and_the_start_stays():
    samples = kept(edit(DEEP, {"tokens": 900}), np.arange(0, 60.01, 0.5))
    shown = samples.selected(999)
    assert MAX_SAMPLES / 2 <= len(shown) <= MAX_SAMPLES
    assert shown[0].depth == 0
    assert np.ptp(np.diff([m.depth for m in shown])) < 1e-9
    assert shown[0].points.shape == (MAX_TOKENS, 3)


@pytest.mark.slow
def test_a_run_that_is_shown_now_and_then_gives_what_there_is():
    times = np.cumsum(np.random.default_rng(0).uniform(0.03, 0.4, 60))
    samples = kept(SMOOTH, [0, *times])
    depths = np.array([m.depth for m in samples.selected(6)])
    assert depths[0] == 0
    assert 3 <= len(depths) <= 6
    assert np.diff(depths).min() > 0.5 * np.diff(depths).max()


def test_going_back_forgets_what_came_after():
    samples, builder = LayerSamples(), SceneBuilder(DARK)
    run = Simulation(DEEP, "numpy")
    frames = []
    for _ in range(6):
        frames.append(run.frame())
        feed(samples, builder, frames[-1])
        run.step()
    run.restore(frames[2])
    feed(samples, builder, run.frame())
    assert [m.depth for m in samples.selected(9)] == pytest.approx([0, 1, 2])


# -- what is shown -----------------------------------------------------------------


def test_the_strip_marks_the_present_and_a_click_goes_back(strip, qtbot):
    played(strip, DEEP, np.arange(0, 4.01, 0.5))
    shown = strip.shown
    assert len(shown) >= 3
    assert strip.present == len(shown) - 1
    with qtbot.waitSignal(strip.time_chosen) as caught:
        at = strip.pane(1).center().toPoint()
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=at)
    assert caught.args == [shown[1].t]
    with qtbot.waitSignal(strip.time_chosen) as caught:
        qtbot.keyClick(strip, Qt.Key.Key_Left)
    assert caught.args == [shown[-2].t]


def test_panes_lie_between_the_boxes_at_any_width(strip):
    played(strip, DEEP, np.arange(0, 4.01, 0.5))
    for width in (420, 684, 1100, 1900):
        strip.resize(width, strip.height())
        places = [strip.pane(k) for k in range(len(strip.shown))]
        assert len(places) >= 2
        gaps = [b.left() - a.right() for a, b in itertools.pairwise(places)]
        assert min(gaps) > 20
        assert places[-1].right() < width - 92


def test_encoder_layer_and_decoder_are_named(strip):
    run = played(strip, DEEP, [0, 0.5])
    assert encoder_lines(DEEP) == ["Uniform"]
    assert layer_text(DEEP) == "Φ: one layer, h = 0.5, of Softmax attention (SA)."
    assert layer_text(SMOOTH).startswith("Φ: one step of Runge")
    read = decoder_lines(run.frame())
    assert read == [f"energy {run.measures()['f_hat']:.3g}", "9 clusters"]
    assert layer_power(1) == "Φ"
    assert layer_power(12) == "Φ¹²"
    assert strip.tip_at(strip.pane(0).center()) == "Click to go to this moment."
    between = QPointF(strip.pane(0).right() + 5, strip.pane(0).center().y())
    assert strip.tip_at(between) == layer_text(DEEP)


@pytest.mark.slow
@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_tokens_are_painted_where_the_camera_sees_them(strip, theme, scale):
    from app.theme.palette import to_hex

    strip.set_theme(theme, scale)
    strip.resize(round(684 * scale), strip.sizeHint().height())
    played(strip, edit(DEEP, {"tokens": 1}), [0])
    image = strip.grab().toImage()
    pane, ratio = strip.pane(0), image.devicePixelRatio()
    inks = {
        image.pixelColor(round(x * ratio), round(y * ratio)).name().upper()
        for x in np.arange(pane.left(), pane.right(), 1.0)
        for y in np.arange(pane.top(), pane.bottom(), 1.0)
    }
    assert to_hex(strip.shown[0].colours[0, :3]) in inks
    ground = image.pixelColor(2, 2).name().upper()
    assert ground == theme.canvas.upper()


# -- the engine shows whole layers -------------------------------------------------


@pytest.mark.slow
def test_every_layer_and_the_start_reach_the_window():
    engine = Engine(Simulation(edit(DEEP, {"step": 0.2}), "numpy"), speed=4.0)
    depths, end = set(), time.monotonic() + 20.0
    engine.start()
    try:
        while max(depths, default=0) < 12 and time.monotonic() < end:
            frame = engine.latest()
            if frame is not None and frame.layer:
                depths.add(round(frame.depth))
    finally:
        engine.close()
    assert depths >= set(range(12))


def test_frames_know_their_depth():
    run = Simulation(DEEP, "numpy")
    run.reach(1.5)
    assert run.frame().layer
    assert run.frame().depth == pytest.approx(3)
    assert not run.frame(1.3).layer
    smooth = Simulation(SMOOTH, "numpy")
    smooth.reach(1.0)
    assert smooth.frame().depth == pytest.approx(10)
    assert not smooth.frame().layer


# -- the record --------------------------------------------------------------------


def test_layers_are_q_of_the_layer_before(tmp_path):
    found = record_run(DEEP, tmp_path, backend="numpy", layers=True)
    assert (found["steps"], found["frames"]) == (8, 9)
    with np.load(tmp_path / "layers.npz") as file:
        h, t = file["h"], file["t"]
        assert set(file.files) == {"h", "t", "scenario"}
    assert h.shape == (9, 9, 3)
    np.testing.assert_allclose(t, 0.5 * np.arange(9), rtol=1e-15)
    for x, after in itertools.pairwise(h):
        weight = np.exp(3.0 * x @ x.T)
        q = x + 0.5 * (weight / weight.sum(axis=1, keepdims=True)) @ x
        q /= np.linalg.norm(q, axis=1, keepdims=True)
        np.testing.assert_allclose(after, q, atol=1e-15)


def test_layers_of_graph_laws_have_momenta_and_q_is_one_step(tmp_path):
    changes = {"space": "flat", "dynamics": "bracket", "dynamics.gamma": 0.5}
    scenario = edit(SMOOTH, {**changes, "dynamics.graph": "ring", "duration": 1.0})
    record_run(scenario, tmp_path, backend="numpy", layers=True)
    run = Simulation(scenario, "numpy")
    with np.load(tmp_path / "layers.npz") as file:
        h, p, t = file["h"], file["p"], file["t"]
    assert (h.shape, p.shape) == ((11, 9, 3), (11, 9, 3))
    for k in range(10):
        run._stepper.restart(State(t[k], h[k], p[k]))
        run.step()
        np.testing.assert_array_equal(run.x, h[k + 1])
        np.testing.assert_array_equal(run.p, p[k + 1])


def test_the_same_run_gives_the_same_archive_and_carries_its_scenario(tmp_path):
    for name in ("a", "b"):
        record_run(DEEP, tmp_path / name, backend="numpy", layers=True)
    a, b = (tmp_path / name / "layers.npz" for name in ("a", "b"))
    assert a.read_bytes() == b.read_bytes()
    assert open_scenario(a) == DEEP
    with np.load(a) as file:
        assert json.loads(str(file["scenario"]))["integrator"]["kind"] == "layer"


def test_no_layers_are_no_archive(tmp_path):
    with pytest.raises(ValueError, match="at least one frame"):
        Layers().record([], tmp_path / "layers.npz")
    assert not list(tmp_path.iterdir())
    assert Layers().request() == FrameRequest(observables=frozenset(), clusters=False)


def test_the_command_line_writes_layers(tmp_path, capsys):
    flags = ["--set", "integrator=layer", "--set", "duration=1", "--set", "tokens=5"]
    args = ["run", *flags, "--layers", "--every", "5", "-o", str(tmp_path)]
    assert main(args) == 0
    with np.load(tmp_path / "layers.npz") as file:
        np.testing.assert_allclose(file["t"], [0, 0.25, 0.5, 0.75, 1.0])
    capsys.readouterr()
