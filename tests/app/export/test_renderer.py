"""Pictures without a window: frames on an exact clock, words that never collide."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import numpy as np
import pytest
from helpers.paths import needs_proc
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from app.annotations.label_selection import token_labels
from app.annotations.labels import Label, Labels
from app.annotations.overlay import Overlay
from app.document.document import Document
from app.document.look import Look
from app.export.frame_times import film_times, frame_at, frame_count, frames
from app.export.renderer import Renderer, application, camera_at
from app.theme import fonts
from app.theme.palette import DARK, LIGHT

SIZE = (320, 200)


@pytest.fixture(scope="module", autouse=True)
def qt(qapp):
    application()
    return qapp


@pytest.fixture(scope="module")
def renderer():
    made = Renderer(SIZE, DARK, Look())
    yield made
    made.close()


def document(**changes):
    return Document().edit({"tokens": 24, "dynamics.beta": 9.0, **changes})


def some(doc, count_=4, fps=10.0, chosen=()):
    return list(frames(doc, fps, count_ / fps, "numpy", chosen))


# The clock


def test_frame_k_is_at_exactly_k_times_speed_over_fps():
    doc = document(**{"look.speed": 3.0, "step": 0.07})
    times = [(frame.t, shown) for frame, shown in some(doc, 7, 30.0)]
    assert [t for t, _ in times] == [k * 3.0 / 30.0 for k in range(7)]
    assert [s for _, s in times] == [k / 30.0 for k in range(7)]


RACING = {"clock": "logarithmic", "clock.turn": 0.5, "integrator": "adaptive"}


@pytest.mark.slow
def test_videos_are_even_on_a_logarithmic_clock():
    """Frame k is at the clock's coordinate k · speed / fps."""
    doc = document(**RACING, **{"look.speed": 3.0, "step": 0.07})
    clock = doc.scenario.clock
    times = [frame.t for frame, _ in some(doc, 7, 10.0)]
    assert times == pytest.approx([clock.time(0.3 * k) for k in range(7)], rel=1e-12)
    assert (np.diff(times, 2) > 0).all()
    film = frames(doc, 10.0, 0.2, "numpy", start=2.0)
    coordinates = [clock.coordinate(frame.t) for frame, _ in film]
    assert np.diff(coordinates) == pytest.approx([0.3], rel=1e-12)


def test_frames_between_steps_do_not_depend_on_the_frame_rate():
    doc = document(step=0.2)
    slow, fast = some(doc, 3, 5.0), some(doc, 11, 25.0)
    for k in range(3):
        assert slow[k][0].x == pytest.approx(fast[5 * k][0].x, abs=1e-12)


@pytest.mark.parametrize(
    ("fps", "seconds", "why"),
    [
        (0.5, 1.0, r"\[1, 240\], got 0.5"),
        (241, 1.0, r"\[1, 240\], got 241"),
        (float("nan"), 1.0, "frames per second"),
        (30, 0.0, "above 0, got 0"),
        (30, -1.0, "above 0, got -1"),
        (30, float("inf"), "above 0, got inf"),
        (30, 1e9, r"at most 1,000,000 frames, got 1e\+09 s × 30"),
    ],
)
def test_bad_rates_and_lengths_are_explained(fps, seconds, why):
    with pytest.raises(ValueError, match=why):
        frame_count(fps, seconds)


@pytest.mark.parametrize("start", [-1.0, float("nan"), float("inf")])
def test_a_video_starts_at_a_time_of_the_run(start):
    with pytest.raises(ValueError, match="must be 0 or later, got"):
        film_times(document(), 30, 1.0, start)


def test_a_video_has_at_least_one_frame():
    assert frame_count(24, 0.001) == 1
    assert frame_count(30, 2.0) == 60


def test_a_still_is_the_frame_of_its_time():
    doc = document(**RACING, **{"look.speed": 3.0, "look.trail": 1.0, "step": 0.07})
    still = frame_at(doc, 40.0, "numpy")
    assert still.t == 40.0
    ages = [still.trace.coordinate - p.coordinate for p in still.trace.points]
    assert 1.0 <= ages[0] < 1.2
    assert np.diff(ages) == pytest.approx(np.diff(ages)[0])
    assert frame_at(doc, 0.0, "numpy").t == 0
    with pytest.raises(ValueError, match="0 or later, got -1"):
        frame_at(doc, -1.0)


# Pixels


@pytest.mark.slow
def test_the_same_frames_make_the_same_pixels(renderer):
    doc = document()
    made = []
    for _ in range(2):
        one = Renderer(SIZE, DARK, doc.look)
        made.append([one.draw(f, s) for f, s in some(doc)])
        one.close()
    for a, b in zip(*made, strict=True):
        assert np.array_equal(a, b)
        assert a.shape == (200, 320, 3)
        assert a.dtype == np.uint8


def test_a_picture_shows_tokens_and_text(renderer):
    frame, _ = some(document())[0]
    pixels = renderer.draw(frame)
    assert pixels.std() > 10
    corner = pixels[-40:, :120].astype(int)
    assert corner.max() > 180  # the title is nearly white


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {"dimension": 2},
        {"dimension": 16},
        {"space": "flat"},
        {"dynamics": "bracket", "space": "flat", "dynamics.beta": None},
    ],
)
def test_every_kind_of_run_is_drawn(renderer, changes):
    doc = Document().edit({k: v for k, v in {"tokens": 24, **changes}.items() if v})
    for frame, shown in some(doc, 2, chosen=(3,)):
        pixels = renderer.draw(frame, shown, (3,))
    assert pixels.std() > 5


@pytest.mark.slow
def test_a_large_picture_shows_what_a_small_one_shows():
    frame, _ = some(document())[0]
    small, large = (Renderer((k * 320, k * 200), DARK, Look()) for k in (1, 3))
    a = small.draw(frame).astype(float)
    b = large.draw(frame).reshape(200, 3, 320, 3, 3).mean(axis=(1, 3))
    small.close()
    large.close()
    assert np.abs(a - b).mean() < 3
    assert np.corrcoef(a.ravel(), b.ravel())[0, 1] > 0.97


@pytest.mark.slow
@needs_proc
def test_a_closed_renderer_frees_all_its_memory():
    def megabytes():
        gc.collect()
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGESIZE") / 2**20

    frame, _ = some(document())[0]
    held = []
    for _ in range(4):
        made = Renderer((1280, 720), DARK, Look(), samples=2)  # 60 MB
        made.draw(frame)
        made.close()
        del made
        held.append(megabytes())
    assert held[-1] - held[1] < 60


@pytest.mark.slow
@pytest.mark.parametrize("size", [(64, 64), (64, 300), (500, 64)])
def test_even_the_smallest_pictures_are_drawn(size):
    frame, _ = some(document())[0]
    made = Renderer(size, LIGHT, Look())
    assert made.draw(frame).shape == (size[1], size[0], 3)
    made.close()


@pytest.mark.parametrize(
    ("size", "name"), [((63, 99), "width"), ((99, 7681), "height")]
)
def test_sizes_out_of_bounds_are_explained(size, name):
    with pytest.raises(
        ValueError, match=rf"{name} must be in \[64, 7680\] pixels, got"
    ):
        Renderer(size, DARK, Look())


def test_the_globe_rotates_slowly():
    look = Look(rotate=10.0)
    at = [camera_at(look, SIZE, s, 1.0).azimuth for s in (0.0, 1.0, 36.0)]
    assert at == pytest.approx([30.0, 40.0, 30.0])


# Words


def paint(frame, look=None, chosen=(), size=(812, 804), overlay=None):
    """Paint an overlay alone; return it, and the boxes of its labels."""
    from app.scene.builder import SceneBuilder

    look, overlay = look or Look(), overlay or Overlay(DARK)
    builder = SceneBuilder(DARK)
    builder.build(frame, look, chosen)
    info = builder.info
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    overlay.paint(painter, camera_at(look, size, 0, 1.0), look, info)
    painter.end()
    return overlay, overlay.boxes, image


def words(**changes):
    file = {"initial": "file", "initial.path": "asset:words.npz"}
    start = {**file, "initial.centre": True, "dynamics.beta": 9.0}
    return Document().edit({**start, **changes})


def apart(boxes):
    return not any(a.intersects(b) for k, a in enumerate(boxes) for b in boxes[k + 1 :])


@pytest.mark.slow
def test_labels_do_not_overlap_each_other_or_the_caption():
    for frame, _ in some(words(), 2):
        for look in (Look(), Look(colour="group")):
            _, boxes, _ = paint(frame, look)
            assert len(boxes) > 20
            assert apart(boxes)


@pytest.mark.slow
def test_a_small_picture_has_no_text_outside_it():
    frame, _ = some(words())[0]
    for size in ((200, 160), (64, 64), (1200, 90)):
        _, boxes, _ = paint(frame, size=size)
        assert apart(boxes)


def test_a_chosen_token_is_named_even_without_a_name_or_labels():
    frame, _ = some(document())[0]
    assert len(paint(frame)[0].labels) == 0
    assert [w.text for w in paint(frame, chosen=(4,))[0].labels] == ["token 5"]
    frame, _ = some(words())[0]
    shown = paint(frame, Look(labels=False), chosen=(4,))[0].labels
    assert [w.text for w in shown] == [frame.names[4]]


FONT = fonts.font()
PANE = QRectF(0, 0, 400, 300)


def label(token, x, y, rank=0.0, text="word"):
    return Label(token, text, (x, y), rank)


def arrange(labels, wanted, keep_out=()):
    return labels.arrange(wanted, FONT, 6.0, PANE, keep_out)


def test_a_label_keeps_its_position_while_it_is_free():
    labels = Labels()
    obstacle = QRectF(206, 80, 100, 40)
    first = arrange(labels, [label(1, 200, 100)], [obstacle])[0]
    assert first.box.right() < 200
    again = arrange(labels, [label(1, 202, 101)])[0]
    assert again.position == first.position
    fresh = arrange(Labels(), [label(1, 202, 101)])[0]
    assert fresh.box.left() > 200


def test_labels_fade_except_in_the_first_picture():
    labels = Labels()
    one, two = label(1, 50, 50), label(2, 300, 200)
    assert [p.alpha for p in arrange(labels, [one])] == [1.0]
    alphas = [
        {p.label.token: p.alpha for p in arrange(labels, [one, two])} for _ in range(8)
    ]
    rise = [a[2] for a in alphas]
    assert rise == sorted(rise)
    assert 0 < rise[0] < 0.3
    assert rise[-1] == 1.0
    fall = [
        {p.label.token: p.alpha for p in arrange(labels, [one])}.get(2, 0.0)
        for _ in range(8)
    ]
    assert fall == sorted(fall, reverse=True)
    assert fall[0] > 0.7
    assert fall[-1] == 0.0
    labels.clear()
    assert [p.alpha for p in arrange(labels, [two])] == [1.0]


def test_many_labels_never_overlap():
    rng = np.random.default_rng(0)
    labels = Labels()
    at = rng.uniform(0, 300, (200, 2))
    for _ in range(5):
        at += rng.normal(0, 1, at.shape)
        wanted = [label(k, *at[k].tolist(), rank=float(k)) for k in range(200)]
        placed = [p for p in arrange(labels, wanted) if p.position >= 0]
        assert len(placed) > 10
        assert apart([p.box for p in placed])
        assert all(PANE.contains(p.box) for p in placed)


def test_one_label_names_a_cluster_and_goes_on_naming_it():
    names = tuple(f"w{k}" for k in range(12))
    xy = np.array([[100.0, 100.0]] * 10 + [[200.0, 50.0], [130.0, 100.0]])
    xy[:10] += np.random.default_rng(0).normal(0, 1, (10, 2))
    cluster_ids = np.array([0] * 10 + [-1, 0])
    facing = np.ones(12)
    made = token_labels(names, xy, facing, cluster_ids, close=15.0)
    named = next(w for w in made if w.others)
    assert named.others == 9
    assert {w.token for w in made} == {named.token, 10, 11}
    other = (named.token + 1) % 10
    made = token_labels(names, xy, facing, cluster_ids, close=15.0, shown=[other])
    assert next(w for w in made if w.others).token == other


@pytest.mark.parametrize("together, alone", [(38, {38, 39}), (39, {40})])
def test_behind_the_globe_of_many_only_large_clusters_are_named(together, alone):
    n = together + 2
    names = tuple(f"w{k}" for k in range(n))
    xy = np.array([[100.0, 100.0]] * together + [[200.0, 50.0], [300.0, 50.0]])
    cluster_ids = np.array([0] * together + [-1, -1])
    facing = np.array([-0.5] * (n - 1) + [0.5])
    made = token_labels(names, xy, facing, cluster_ids, close=15.0)
    assert {w.token for w in made} - set(range(together)) == alone
    assert len(made) == 1 + len(alone)
    assert next(w for w in made if w.others).alpha < 0.5
