import dataclasses
import math
from itertools import pairwise

import numpy as np
import pytest
from helpers.scenes import show
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from app.annotations import number_format
from app.canvas.animation_timer import now
from app.canvas.hit_test import cluster_members, hover_text, pick
from app.canvas.orbit import Orbit
from app.canvas.token_view import TokenView
from app.document.document import Document
from app.document.look import CameraPose, Look
from app.inspectors import matrix_order
from app.inspectors.attention import AttentionPage
from app.plots.headings import heading
from app.plots.plot_area import closed_pieces
from app.plots.scenario_diff import breaks_curves, change_text
from app.plots.trace import CAPACITY, Trace, thinned
from app.scene.camera import Camera
from app.scene.cluster_ids import keep_large
from app.theme.palette import DARK, LIGHT, LONE
from app.widgets import axis_scale
from sim.frame import FrameRequest
from sim.scenario import Scenario, edit
from sim.simulation import Simulation

pytestmark = pytest.mark.screen

SMALL = Scenario(tokens=12, seed=3, step=0.1)


def frames(run, count, request):
    for _ in range(count):
        run.step()
        yield run.frame(None, request)


# -- what curves remember --------------------------------------------------------


def test_a_trace_is_bounded_and_keeps_extremes_and_the_last_point():
    trace = Trace(64)
    values = np.random.default_rng(1).normal(size=5000)
    for k, y in enumerate(values):
        trace.push(float(k), float(y))
    t, y = trace.points()
    assert len(t) <= 64 + 3
    assert (y.max(), y.min()) == (values.max(), values.min())
    assert (t[-1], y[-1]) == trace.last == (4999.0, values[-1])
    assert (np.diff(t) > 0).all()


def test_a_trace_is_thinned_evenly():
    trace = Trace(256)
    for k in range(100_000):
        trace.push(k, math.sin(k / 500))
    gaps = np.diff(trace.points()[0])
    assert gaps.max() < 8 * np.median(gaps)


def test_breaks_survive_thinning():
    t, y = np.arange(40.0), np.arange(40.0)
    y[[7, 21]] = np.nan
    _, thin = thinned(t, y)
    assert np.isnan(thin).sum() == 2
    assert len(thin) == 20


def test_a_trace_is_truncated_and_goes_on():
    trace = Trace()
    for k in range(10):
        trace.push(k, k)
    trace.truncate(4.0)
    assert trace.last == (3.0, 3.0)
    trace.break_at(4.0)
    trace.push(4.5, 1.0)
    t, y = trace.points()
    assert t.tolist() == [0, 1, 2, 3, 4, 4.5]
    assert np.isnan(y[4])


def test_points_are_thinned_to_what_is_asked_for():
    trace = Trace()
    for k in range(CAPACITY):
        trace.push(k, k)
    assert len(trace.points(1000)[0]) <= 1000


def test_the_light_below_a_curve_stops_at_breaks():
    t, y = np.arange(5.0), np.array([1, 2, np.nan, 3, 4])
    x, z = closed_pieces(t, y, 0.0)
    assert x.tolist() == [0, 0, 1, 1, 2, 3, 3, 4, 4]
    assert z[[0, 3, 5, 8]].tolist() == [0, 0, 0, 0]
    assert np.isnan(z[4])


# -- ranges and numbers ----------------------------------------------------------


def test_ranges_grow_by_doubling_and_hold_the_value():
    low, high = axis_scale.first_range(0.1)
    seen = set()
    for y in np.linspace(0.1, 1.0, 500):
        low, high = axis_scale.grown_range(low, high, float(y))
        assert low < y < high
        seen.add((low, high))
    assert len(seen) < 10
    assert axis_scale.grown_range(0.0, 1.0, -5.0)[0] < -5.0


@pytest.mark.parametrize(
    "low, high", [(0, 1), (-3, 64), (0.0491, 0.0509), (1e-9, 3e-9)]
)
def test_between_two_and_four_round_numbers_lie_inside(low, high):
    values = axis_scale.round_numbers(low, high)
    assert 2 <= len(values) <= 4
    tiny = 1e-9 * (high - low)
    assert all(low - tiny <= v <= high + tiny for v in values)
    assert len(set(number_format.tick_labels(values))) == len(values)


@pytest.mark.parametrize(
    "y, top, whole, text",
    [
        (0.17894, 0.2, False, "0.1789"),
        (128.0, 130.0, False, "128.0"),
        (7.0, 64.0, True, "7"),
        (math.nan, 1.0, False, "–"),
        (-2.5, 3.0, False, "−2.500"),
        (-math.inf, 1.0, False, "−∞"),
        (1.5e-9, 2e-9, False, "1.5·10⁻⁹"),
        (6.44e91, 1e92, False, "6.44·10⁹¹"),
    ],
)
def test_numbers_are_told(y, top, whole, text):
    assert number_format.plot_value(y, top, whole) == text


@pytest.mark.parametrize("lines", [1.0, 2.0, 3.5, 8.0])
@pytest.mark.parametrize(
    "low, high", [(0.43, 1.2), (-3, 64), (86.1, 88.4), (4e-7, 5e-7)]
)
def test_numbers_on_an_axis_stand_apart(low, high, lines):
    values = axis_scale.axis_ticks(low, high, lines)
    rows = [(v - low) / (high - low) * lines for v in values]
    assert all(b - a >= 1 for a, b in pairwise(rows))
    assert all(0.4 <= r <= lines - 0.4 for r in rows)
    assert len(values) >= (2 if lines > 3 else 1)


@pytest.mark.parametrize("low, high", [(30, 34), (3.4, 6.1), (0, 250), (-0.1, 2.1)])
def test_what_is_counted_is_labelled_by_whole_numbers(low, high):
    for values in (
        axis_scale.round_numbers(low, high, whole=True),
        axis_scale.axis_ticks(low, high, 5, whole=True),
    ):
        assert values
        assert all(v.is_integer() and low <= v <= high for v in values)


# -- what breaks a curve ---------------------------------------------------------


def test_a_title_does_not_matter_and_beta_does():
    assert not breaks_curves(
        SMALL, dataclasses.replace(SMALL, title="other", duration=3.0)
    )
    warmer = edit(SMALL, {"dynamics.beta": 9.0})
    assert breaks_curves(SMALL, warmer)
    assert change_text(SMALL, warmer) == "β = 9"
    assert change_text(SMALL, edit(SMALL, {"dynamics": "bracket"})) == "Graph bracket"
    assert change_text(SMALL, edit(SMALL, {"dynamics.beta": 9.0, "step": 0.2})) == ""


# -- the dock of curves ----------------------------------------------------------


def plot(curves, kind):
    return curves._plots[kind]


def broken(curves, kind="energy"):
    return int(np.isnan(plot(curves, kind).trace.points()[1]).sum())


def test_curves_follow_a_run(curves, qtbot):
    run = Simulation(SMALL)
    for frame in frames(run, 10, curves.request()):
        curves.show_frames((frame,))
    energy = plot(curves, "energy")
    assert energy.trace.last == (run.t, frame.measures["energy"])
    told = number_format.plot_value(frame.measures["energy"], 0.5, False)
    qtbot.waitUntil(lambda: energy.value == told)
    assert energy.toolTip().startswith("F̂ = (1/n²)")
    assert "rises" in energy.toolTip()


def test_curves_break_where_a_setting_changed_and_say_which(curves):
    run = Simulation(SMALL)
    for frame in frames(run, 5, curves.request()):
        curves.show_frames((frame,))
    run.retune(edit(run.scenario, {"title": "same run, other name"}))
    curves.show_frames((run.frame(None, curves.request()),))
    assert broken(curves) == 0
    run.retune(edit(run.scenario, {"dynamics.beta": 9.0}))
    for frame in frames(run, 5, curves.request()):
        curves.show_frames((frame,))
    assert broken(curves) == 1
    assert [m.text for m in curves._markers] == ["β = 9"]


def test_changes_in_quick_succession_share_a_mark(curves):
    run = Simulation(SMALL)
    run.advance(4.0)
    for beta in (5.0, 6.0, 7.0):
        curves.show_frames((run.frame(None, curves.request()),))
        run.retune(edit(run.scenario, {"dynamics.beta": beta}))
        run.advance(0.01)
    curves.show_frames((run.frame(None, curves.request()),))
    assert [m.text for m in curves._markers] == ["β = 7"]


def test_a_new_sample_starts_over(curves):
    run = Simulation(SMALL)
    for frame in frames(run, 5, curves.request()):
        curves.show_frames((frame,))
    run.retune(dataclasses.replace(SMALL, seed=4))
    curves.show_frames((run.frame(None, curves.request()),))
    assert len(plot(curves, "energy").trace.points()[0]) == 1
    assert not curves._markers


def test_going_back_truncates_and_looking_back_forgets_nothing(curves):
    run = Simulation(SMALL)
    kept = list(frames(run, 10, curves.request()))
    for frame in kept:
        curves.show_frames((frame,))
    curves.show_frames((kept[3],))
    energy = plot(curves, "energy")
    assert energy.trace.last == (kept[-1].t, kept[-1].measures["energy"])
    run.restore(kept[3])
    curves.show_frames((run.frame(None, curves.request()),))
    assert energy.trace.last == (kept[3].t, pytest.approx(kept[3].measures["energy"]))
    assert len(energy.trace.points()[0]) == 4


def test_a_law_with_another_energy_starts_that_curve_over(curves):
    run = Simulation(SMALL)
    for frame in frames(run, 5, curves.request()):
        curves.show_frames((frame,))
    run.retune(edit(SMALL, {"dynamics": "bracket", "space": "flat"}))
    curves.show_frames((run.frame(None, curves.request()),))
    assert len(plot(curves, "energy").trace.points()[0]) == 1
    assert curves.kinds == ("energy", "energy_rate", "dirichlet")
    assert plot(curves, "energy").accessibleName().startswith("Energy E(q, p)")


def test_an_undefined_measure_says_so(curves, qtbot):
    curves.kinds = ("f_hat", "energy")
    run = Simulation(edit(SMALL, {"dynamics": "bracket"}))
    for frame in frames(run, 3, curves.request()):
        curves.show_frames((frame,))
    qtbot.waitUntil(lambda: plot(curves, "f_hat").value == "–")
    assert plot(curves, "f_hat").empty_text == "no β: not defined here"
    assert plot(curves, "energy").empty_text == ""


def test_kinds_can_be_chosen_up_to_four(curves, qtbot):
    with qtbot.waitSignal(curves.request_changed):
        curves.kinds = ("order", "entropy", "nonsense", "order")
    assert curves.kinds == ("order", "entropy")
    assert curves.request() == FrameRequest(
        frozenset({"order", "entropy"}), clusters=False
    )
    curves.kinds = ("energy", "clusters", "order", "f", "e_beta", "entropy")
    assert len(curves.kinds) == 4
    menu = curves._make_menu()
    free = {a.data() for a in menu.actions() if a.isEnabled()}
    assert free == set(curves.kinds)
    menu.triggered.emit(next(a for a in menu.actions() if a.data() == "f"))
    assert curves.kinds == ("energy", "clusters", "order")
    menu.close()
    curves.show_frames((Simulation(SMALL).frame(None, curves.request()),))
    names = [a.text() for a in curves._make_menu().actions()]
    seen = {name.replace("\u0302", "") for name in names}  # menus hide hats
    assert len(seen) == len(names)  # F̂ once, where it is the energy


def test_a_mark_keeps_its_word(curves, qtbot):
    run = Simulation(SMALL)
    for frame in frames(run, 9, curves.request()):
        curves.show_frames((frame,))
    before = curves.grab().toImage()
    curves.mark(0.4, "law toggled")
    curves._draw()
    assert curves.grab().toImage() != before


def test_hidden_curves_are_not_drawn(curves, qtbot):
    curves.hide()
    run, order = Simulation(SMALL), plot(curves, "order")
    before = order.value
    for frame in frames(run, 3, curves.request()):
        curves.show_frames((frame,))
    qtbot.wait(120)
    assert order.value == before
    curves.show()
    qtbot.waitUntil(lambda: order.value != before)


def test_the_energy_is_named_by_the_law():
    assert heading("energy", SMALL).tip == "rises"
    repelled = edit(SMALL, {"dynamics.heads.value.scale": -1.0})
    assert heading("energy", repelled).tip == "falls"
    bracket = edit(SMALL, {"dynamics": "bracket", "space": "flat"})
    assert heading("energy", bracket).tip == "conserved to O(h⁴)"
    assert "Choose" in heading("energy", bracket).formula
    kept = edit(bracket, {"integrator": "midpoint"})
    assert heading("energy", kept).tip == "conserved"
    noisy = edit(SMALL, {"integrator": "maruyama", "integrator.temperature": 0.1})
    assert heading("energy", noisy).tip == "rises, but for noise"
    assert "both ways" in heading("energy", noisy).formula
    cold = edit(noisy, {"integrator.temperature": 0.0})
    assert heading("energy", cold).tip == "rises"


# -- the dock of the matrix ------------------------------------------------------


@pytest.fixture
def matrix(qtbot):
    made = AttentionPage(DARK)
    qtbot.addWidget(made)
    made.resize(300, 340)
    made.show()
    return made


def shown(matrix, scenario, steps=30):
    run = Simulation(scenario)
    for _ in range(steps):
        run.step()
    frame = run.frame(None, matrix.request())
    numbers = (
        keep_large(np.zeros(0, int), frame.labels) if frame.labels is not None else None
    )
    if numbers is None:
        numbers = np.full(len(frame.x), LONE)
    show(matrix, frame, numbers)
    matrix._draw()
    return frame, numbers


def test_large_clusters_come_first_and_lone_tokens_last():
    numbers = np.array([LONE, 2, 1, 1, LONE, 1, 2])
    assert matrix_order.cluster_order(numbers).tolist() == [2, 3, 5, 1, 6, 0, 4]


def test_a_sheet_is_ordered_on_both_sides():
    run = Simulation(dataclasses.replace(SMALL, tokens=40))
    frame = run.frame(None, FrameRequest(matrix=288))
    numbers = np.arange(40) % 3
    sheet = matrix_order.attention_image(frame, numbers, None)
    i, j = sheet.tokens[5], sheet.tokens[17]
    assert sheet.values[5, 17] == frame.matrix[:, i, j].mean()
    assert sheet.cuts.tolist() == [14, 27]


def test_a_causal_mask_is_shown_by_index():
    run = Simulation(edit(SMALL, {"dynamics.heads.mask": "causal"}))
    frame = run.frame(None, FrameRequest(matrix=288))
    sheet = matrix_order.attention_image(frame, np.zeros(12, int), None)
    assert sheet.tokens.tolist() == list(range(12))
    assert not np.triu(sheet.values, 1).any()


def test_pooling_takes_means():
    values = np.arange(100.0).reshape(10, 10)
    small = matrix_order.block_means(values, 4)
    assert small.shape == (4, 4)
    assert small[0, 0] == values[:3, :3].mean()
    assert small[3, 3] == values[9, 9]
    assert matrix_order.block_means(values, 10) is values


def test_the_scale_ends_at_a_round_number():
    assert matrix_order.colour_limit(np.full((4, 4), 0.131)) == pytest.approx(0.15)
    assert matrix_order.colour_limit(np.zeros((4, 4))) == 1.0
    lone = np.full((300, 300), 0.001) + np.eye(300) * 0.7  # 0.3 % of the entries
    assert matrix_order.colour_limit(lone) == pytest.approx(0.04)
    shades = matrix_order.colour_indices(np.array([[0.0, 1.0, np.nan]]), 1.0)
    assert shades.tolist() == [[0, 255, 0]]


def test_hovering_tells_who_attends_to_whom(matrix):
    frame, numbers = shown(matrix, SMALL)
    box = matrix.map._box()
    sheet = matrix_order.attention_image(frame, numbers, None)
    at = box.topLeft() + QPointF(box.width() * 2.5 / 12, box.height() * 7.5 / 12)
    i, j = sheet.tokens[7], sheet.tokens[2]
    value = frame.matrix[0, i, j]
    assert matrix.text_at(at) == f"token {i + 1} → token {j + 1}: {value:.3g}"
    assert matrix.text_at(QPointF(-5, -5)) == ""


def test_hovering_uses_names(matrix):
    frame, numbers = shown(matrix, SMALL)
    named = dataclasses.replace(frame, names=tuple("abcdefghijkl"))
    show(matrix, named, numbers)
    matrix._draw()
    assert matrix.text_at(matrix.map._box().center())[0] in "abcdefghijkl"


def test_a_click_chooses_a_row(matrix, qtbot):
    shown(matrix, SMALL)
    at = matrix.map._box().center().toPoint()
    with qtbot.waitSignal(matrix.tokens_chosen) as caught:
        qtbot.mouseClick(matrix.map, Qt.MouseButton.LeftButton, pos=at)
    assert caught.args[0][0] in range(12)
    before = matrix.grab().toImage()
    matrix.choose(caught.args[0])
    assert matrix.grab().toImage() != before


def test_every_head_has_a_tab(matrix):
    changes = {"dynamics.heads.count": 3, "dynamics.heads.query": "gaussian"}
    shown(matrix, edit(SMALL, changes))
    tabs = matrix._tabs
    assert [tabs.tabText(k) for k in range(tabs.count())] == ["mean", "1", "2", "3"]
    before = matrix.map._image.values
    tabs.setCurrentIndex(2)
    matrix._draw()
    assert not np.array_equal(before, matrix.map._image.values)
    shown(matrix, SMALL)
    assert tabs.isHidden()


def test_a_graph_is_shown_as_its_adjacency(matrix):
    frame, _ = shown(matrix, edit(SMALL, {"dynamics": "bracket"}))
    assert matrix._title.text() == "Graph"
    assert matrix.map._image.values.sum() == 2 * len(frame.edges)
    assert "joined" in matrix.text_at(matrix.map._box().center())


def test_no_matrix_is_excused(matrix):
    frame, numbers = shown(matrix, edit(SMALL, {"dynamics": "bracket"}))
    bare = dataclasses.replace(frame, edges=None)
    show(matrix, bare, numbers)
    matrix._draw()
    assert "no attention matrix" in matrix.map.accessibleDescription()


def test_a_matrix_is_wished_for_only_while_seen(matrix):
    assert matrix.request().matrix == 288
    matrix.hide()
    assert matrix.request() == FrameRequest(frozenset(), clusters=False)


def test_views_change_clothes(curves, matrix):
    shown(matrix, SMALL)
    for view in (curves, matrix):
        before = view.grab().toImage()
        view.set_theme(LIGHT, 1.0)
        assert view.grab().toImage() != before


# -- the sphere ------------------------------------------------------------------

SIDE = 300


@pytest.fixture(scope="module")
def globe(qapp):
    """One sphere for all tests: each has an OpenGL context of its own."""
    made = TokenView(DARK)
    made.resize(SIDE, SIDE)
    made.show()
    yield made
    made.close()


@pytest.fixture
def sphere(globe, qtbot):
    globe.choose(())
    globe.show_document(Document(look=Look(rotate=0.0)))
    globe.orbit.place(Camera(30, 18))
    globe.orbit.spin, globe.orbit.reduced_motion = 0.0, False
    run = Simulation(dataclasses.replace(SMALL, tokens=30))
    globe.show_frames((run.frame(None, globe.request()),))
    globe.catch_up()
    return globe


def seen(view):
    view.catch_up()
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).astype(int).copy()


def place_of(view, token):
    xy, _ = view.camera.project(view.info.points)
    return QPointF(*(xy[token] / view.camera.ratio)).toPoint()


def front(view):
    """Return the token that is nearest to the eye."""
    return int(np.argmax(view.info.points @ view.camera.turn[2]))


def drag(qtbot, view, a, b):
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(view, left, pos=a)
    for k in range(1, 6):
        at = a + (b - a) * (k / 5)
        move = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(at),
            view.mapToGlobal(QPointF(at)),
            Qt.MouseButton.NoButton,
            left,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(view, move)
    qtbot.mouseRelease(view, left, pos=b)


def test_frames_change_the_picture(sphere):
    run = Simulation(dataclasses.replace(SMALL, tokens=30))
    before = seen(sphere)
    run.advance(1.0)
    sphere.show_frames((run.frame(None, sphere.request()),))
    assert np.abs(seen(sphere) - before).max() > 60
    assert "30 tokens" in sphere.accessibleDescription()


def test_a_drag_turns_the_globe_and_is_told_when_it_is_over(sphere, qtbot):
    before, camera = seen(sphere), sphere.camera
    with qtbot.waitSignal(sphere.camera_turned, timeout=5000) as caught:
        drag(qtbot, sphere, QPoint(100, 100), QPoint(160, 120))
    assert np.abs(seen(sphere) - before).max() > 60
    turned = (camera.azimuth - sphere.camera.azimuth + 180) % 360 - 180
    assert turned >= 0.4 * 60 - 1e-6
    assert caught.args[0] == pytest.approx(sphere.camera.azimuth, abs=0.01)
    assert sphere.chosen == ()


def test_the_document_takes_the_camera_back(sphere, qtbot):
    with qtbot.waitSignal(sphere.camera_turned, timeout=5000) as caught:
        qtbot.keyClick(sphere, Qt.Key.Key_Left)
    azimuth, elevation, zoom = caught.args
    told = Document(look=Look(rotate=0.0, camera=CameraPose(azimuth, elevation, zoom)))
    there = sphere.camera
    sphere.show_document(told)
    assert not sphere.orbit.busy
    sphere.show_document(Document(look=Look(rotate=0.0)))
    qtbot.waitUntil(lambda: not sphere.orbit.busy)
    assert sphere.camera.azimuth == pytest.approx(30.0)
    assert there.azimuth == pytest.approx(35.0)


def test_the_wheel_zooms(sphere, qtbot):
    at = QPointF(150, 150)
    wheel = QWheelEvent(
        at,
        sphere.mapToGlobal(at),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(sphere, wheel)
    qtbot.waitUntil(lambda: not sphere.orbit.busy)
    assert sphere.camera.zoom == pytest.approx(1.18**2)


def test_a_click_chooses_the_bead_under_it_and_lets_go(sphere, qtbot):
    token = front(sphere)
    left, at = Qt.MouseButton.LeftButton, place_of(sphere, token)
    with qtbot.waitSignals([sphere.tokens_chosen, sphere.request_changed]):
        qtbot.mouseClick(sphere, left, pos=at)
    assert sphere.chosen == (token,)
    assert sphere.request().rows == (token,)
    qtbot.mouseClick(sphere, left, pos=at)
    assert sphere.chosen == ()


def test_shift_adds_and_escape_lets_go_of_all(sphere, qtbot):
    depth = sphere.info.points @ sphere.camera.turn[2]
    first, second = (int(i) for i in np.argsort(-depth)[[0, 4]])
    left, shift = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
    qtbot.mouseClick(sphere, left, pos=place_of(sphere, first))
    qtbot.mouseClick(sphere, left, shift, place_of(sphere, second))
    assert set(sphere.chosen) == {first, second}
    assert sphere.request().rows == sphere.chosen
    qtbot.keyClick(sphere, Qt.Key.Key_Escape)
    assert sphere.chosen == ()


def test_the_chosen_bead_wears_a_ring_and_its_arcs(sphere):
    before = seen(sphere)
    sphere.choose((front(sphere),))
    run = Simulation(dataclasses.replace(SMALL, tokens=30))
    sphere.show_frames((run.frame(None, sphere.request()),))
    assert np.abs(seen(sphere) - before).max() > 60


def test_a_double_click_centres_a_cluster_and_goes_home(sphere, qtbot):
    depth = sphere.info.points @ sphere.camera.turn[2]
    token = int(np.argsort(-depth)[6])
    qtbot.mouseDClick(sphere, Qt.MouseButton.LeftButton, pos=place_of(sphere, token))
    qtbot.waitUntil(lambda: not sphere.orbit.busy)
    near = sphere.info.points[cluster_members(sphere.info.cluster_ids, token)].mean(
        axis=0
    )
    xy, _ = sphere.camera.project(near[None])
    assert np.abs(xy[0] - SIDE / 2).max() < 2
    qtbot.mouseDClick(sphere, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    qtbot.waitUntil(lambda: not sphere.orbit.busy)
    assert sphere.camera.azimuth == pytest.approx(CameraPose().azimuth)


def test_keys_turn_zoom_and_go_home(sphere, qtbot):
    qtbot.keyClick(sphere, Qt.Key.Key_Right)
    qtbot.keyClick(sphere, Qt.Key.Key_Up)
    assert (sphere.camera.azimuth, sphere.camera.elevation) == (25.0, 23.0)
    qtbot.keyClick(sphere, Qt.Key.Key_Plus)
    qtbot.waitUntil(lambda: not sphere.orbit.busy)
    assert sphere.camera.zoom == pytest.approx(1.18)
    qtbot.keyClick(sphere, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: not sphere.orbit.busy)
    assert sphere.camera.elevation == pytest.approx(CameraPose().elevation)


def test_hovering_names_the_bead(sphere, qtbot):
    before = seen(sphere)
    qtbot.mouseMove(sphere, place_of(sphere, front(sphere)))
    sphere._hover(QPointF(place_of(sphere, front(sphere))))
    assert np.abs(seen(sphere) - before).max() > 60
    sphere._end_hover()
    assert np.abs(seen(sphere) - before).max() < 60
    cluster_ids = np.array([LONE, 2, 2])
    assert hover_text(0, (), cluster_ids) == "token 1"
    assert (
        hover_text(2, ("sun", "moon", "star"), cluster_ids)
        == "star, one of 2 in its cluster"
    )


def test_the_slow_turn_stops_at_a_touch_and_comes_back(sphere, qtbot):
    sphere.show_document(Document(look=Look(rotate=20.0)))
    sphere.orbit._touched = -1e9
    sphere._animation.start()
    start = sphere.camera.azimuth
    qtbot.waitUntil(lambda: sphere.camera.azimuth > start)
    qtbot.mouseClick(sphere, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    stopped = sphere.camera.azimuth
    qtbot.wait(100)
    assert sphere.camera.azimuth == stopped
    qtbot.waitUntil(lambda: not sphere._animation._tick_timer.isActive())
    sphere.orbit._touched = -1e9
    sphere._animation.start()
    qtbot.waitUntil(lambda: sphere.camera.azimuth > stopped)


def test_nothing_ticks_while_nothing_moves(sphere, qtbot):
    qtbot.waitUntil(lambda: not sphere._animation._tick_timer.isActive())
    qtbot.waitUntil(lambda: now() - sphere.paints[-1] > 1.5)  # and drawn with care
    painted = len(sphere.paints)
    qtbot.wait(60)
    assert len(sphere.paints) == painted


def test_the_circle_is_seen_face_on(sphere, qtbot):
    run = Simulation(dataclasses.replace(SMALL, dimension=2))
    sphere.show_frames((run.frame(None, sphere.request()),))
    sphere.catch_up()
    assert sphere.camera.flat
    before = sphere.camera
    drag(qtbot, sphere, QPoint(100, 100), QPoint(160, 120))
    assert sphere.camera == before
    token = 4
    place = place_of(sphere, token)
    assert sphere.token_at(QPointF(place)) == token
    assert "potential" in sphere.request().quantities


def test_a_smaller_run_lets_go_of_tokens_it_has_not(sphere):
    sphere.choose((3, 25))
    run = Simulation(SMALL)
    sphere.show_frames((run.frame(None, sphere.request()),))
    assert sphere.chosen == (3,)


def test_the_globe_changes_clothes(sphere):
    dark = seen(sphere).mean()
    sphere.set_theme(LIGHT, 1.15)
    assert seen(sphere).mean() > dark + 50
    sphere.set_theme(DARK, 1.0)
    assert seen(sphere).mean() == pytest.approx(dark, abs=2)


# -- how the camera moves --------------------------------------------------------


def test_a_flung_globe_goes_on_and_stops():
    orbit = Orbit(Camera(0, 0))
    orbit.grab(0.0)
    for k in range(1, 6):
        orbit.drag(10, 0, 0.01 * k)
    orbit.release(0.05)
    left = orbit.camera.azimuth
    while orbit.busy:
        assert orbit.tick(orbit._ticked_at + 0.016) or not orbit.busy
        assert orbit._ticked_at < 1.0
    flung = (left - orbit.camera.azimuth) % 360
    assert 5 < flung < 60


def test_reduced_motion_leaves_out_all_easing():
    orbit = Orbit(Camera(0, 0))
    orbit.reduced_motion, orbit.spin = True, 10.0
    orbit.grab(0.0)
    for k in range(1, 6):
        orbit.drag(10, 0, 0.01 * k)
    orbit.release(0.05)
    assert not orbit.busy
    orbit.zoom(2.0, 0.1)
    assert orbit.camera.zoom == 2.0
    orbit.turn_to(Camera(90, 10), 0.2)
    assert orbit.camera.azimuth == 90
    assert not orbit.tick(100.0)


def test_a_long_pause_is_no_turn_of_the_globe():
    orbit = Orbit(Camera(0, 0))
    orbit.spin = 10.0
    orbit.tick(1000.0)
    orbit.tick(5000.0)
    assert orbit.camera.azimuth <= 2.0


def test_the_zoom_has_bounds():
    orbit = Orbit(Camera(0, 0))
    orbit.reduced_motion = True
    orbit.zoom(1e6, 0.0)
    assert orbit.camera.zoom == 8.0
    orbit.zoom(1e-9, 0.0)
    assert orbit.camera.zoom == 0.4


def test_the_bead_in_front_is_picked_and_small_ones_can_be_hit():
    camera = Camera(0, 0, size=(200, 200))
    points = np.array([[-1, 0, 0], [1, 0, 0], [0, 1, 0]], float)
    assert pick(camera, points, (100, 100), 5.0) == 1
    side = camera.project(points[2:])[0][0]
    assert pick(camera, points, (side[0] + 5, side[1]), 1.0) == 2
    assert pick(camera, points, (5, 5), 5.0) is None
    assert pick(camera, points[:0], (5, 5), 5.0) is None
