"""The page of merges: bands are the labels, plateaus have Σα², clicks go to merges."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from app.inspectors.merge_history import GONE, merge_history, plateau_text
from app.inspectors.merge_steps import MergeSteps
from app.inspectors.merges import MergesPage, merge_text, merges_at
from app.inspectors.time_axis import TimeAxis
from app.theme.palette import DARK, LONE
from sim import Run, Scenario, Simulation, TokenEdits, edit
from sim.measure.plateaus import shares_squared
from sim.playback import Playback

pytestmark = pytest.mark.screen

KINDS = frozenset({"clusters", "f_hat"})
NAMES = tuple("abcdefghijkl")
START = edit(
    Scenario(tokens=12, dimension=2, seed=2, step=0.1, duration=6),
    {"dynamics.beta": 9.0, "initial": "clusters", "initial.centres": 3},
)


@pytest.fixture(scope="module")
def frame():
    playback = Playback(Simulation(Run(START), "numpy"))
    playback.sample(KINDS)
    while playback.simulation.t < 6 - 1e-9:
        playback.step()
    return dataclasses.replace(playback.frame(6.0, MergesPage.wants), names=NAMES)


@pytest.fixture
def page(frame, qtbot):
    made = MergesPage(DARK)
    qtbot.addWidget(made)
    made.resize(320, 340)
    made.show()
    made.show_frames((frame,))
    made._draw()
    return made


def test_bands_and_tree_are_the_labels_over_time(frame):
    samples = frame.record.samples
    history = merge_history(samples)
    assert sorted(history.tokens.tolist()) == list(range(12))
    assert len(history.t) == len(samples.t)
    for k, partition in enumerate(samples.partitions):
        labels = history.labels[history.partition[k]]
        assert np.array_equal(labels, partition.labels[history.tokens])
        colours = history.colours[history.partition[k]]
        for label in set(labels.tolist()):
            assert len(set(colours[labels == label].tolist())) == 1
    assert history.merges
    for merge, t in zip(history.merges, history.times, strict=True):
        k = merge.sample
        assert samples.t[k] == t
        tokens = history.tokens[np.concatenate(merge.parts)]
        now, before = (samples.partitions[k - j].labels[tokens] for j in (0, 1))
        assert len(set(now.tolist())) == 1
        assert len(set(before.tolist())) > 1
        for later in samples.partitions[k:]:
            assert len(set(later.labels[tokens].tolist())) == 1


def test_plateaus_are_labelled_with_the_shares(frame):
    samples = frame.record.samples
    found = merge_history(samples).plateaus
    assert found
    for plateau in found:
        k = int(np.searchsorted(samples.t, plateau.start))
        sizes = np.bincount(samples.partitions[k].labels)
        want = float(((sizes / sizes.sum()) ** 2).sum())
        assert plateau.shares_squared == pytest.approx(want, abs=1e-12)
        inside = (samples.t >= plateau.start) & (samples.t <= plateau.end)
        f = samples.values["f_hat"][inside]
        assert plateau.level == pytest.approx(f.mean(), abs=1e-12)
        assert np.ptp(f) <= 0.02 * f.max()
    last = found[-1]
    text = f"Σα² {last.shares_squared:.3g}"
    assert plateau_text(last).startswith(text)
    off = dataclasses.replace(last, level=1.5 * last.shares_squared)
    assert "F̂" in plateau_text(off)
    assert shares_squared(np.array([3.0])) == 1.0


def test_a_click_goes_to_the_merge_beside_it_or_to_the_time(page, qtbot):
    bands, history = page.bands, page.history
    x = float(bands.axis.x_of(history.times[-1]))
    at = QPointF(x + 2, 20).toPoint()
    chosen = []
    page.tokens_chosen.connect(chosen.append)
    with qtbot.waitSignal(page.time_chosen) as caught:
        qtbot.mouseClick(bands, Qt.MouseButton.LeftButton, pos=at)
    assert caught.args == [history.times[-1]]
    parts = history.merges[-1].parts
    groups = [set(history.tokens[part].tolist()) for part in parts]
    assert len(chosen[0]) == len(groups) >= 2
    assert all(t in group for t, group in zip(chosen[0], groups, strict=True))
    away = QPointF(bands.width() - 3, 20).toPoint()
    with qtbot.waitSignal(page.time_chosen) as caught:
        qtbot.mouseClick(bands, Qt.MouseButton.LeftButton, pos=away)
    assert caught.args[0] == pytest.approx(6.0, abs=0.15)


def test_a_merge_names_the_groups_that_it_joins(page, frame):
    history = page.history
    text = merge_text(history, frame, 0)
    parts = [history.tokens[part] for part in history.merges[0].parts]
    assert text.startswith(f"t = {history.times[0]:.4g}: ")
    assert all(NAMES[part[0]] in text for part in parts)
    assert page._describe(6.0, -1).startswith("t = 6: ")
    assert f"{len(history.merges)} merge" in page._tip.text()
    page.draw(dataclasses.replace(frame, t=float(history.times[0])))
    first = [f"{NAMES[part[0]]} ({len(part)})" for part in parts]
    assert page._tip.text().startswith(" + ".join(first))
    assert text in page._tip.toolTip()


def test_the_axis_is_linear_or_logarithmic(page):
    page._log.setChecked(True)
    assert page.bands.log
    page.bands.grab()
    for log in (False, True):
        axis = TimeAxis.of(np.array([0.0, 0.1, 1.0, 10.0]), 200.0, log=log)
        assert (axis.low, axis.high) == ((0.1, 10.0) if log else (0.0, 10.0))
        t = np.array([0.1, 1.0, 10.0])
        assert np.allclose(axis.time_at(axis.x_of(t)), t, rtol=1e-12)
        assert len(axis.ticks()) >= 2
    assert axis.x_of(1.0) == pytest.approx(100.0)
    assert TimeAxis.of(np.zeros(0), 200.0, log=True).high == 1.0


def test_hovering_a_band_tells_which_token_it_is(page, qtbot):
    box = page.bands.band_box
    for row in (0, 7, 11):
        at = QPointF(50, box.y() + (row + 0.5) * box.height() / 12)
        assert page.bands.token_at(at) == page.history.tokens[row]
    with qtbot.waitSignal(page.tokens_hovered) as caught:
        page._hover(3)
    assert caught.args == [(3,)]
    before = page.bands.grab().toImage()
    page.choose((3,))
    assert page.bands.grab().toImage() != before


def test_tokens_that_are_removed_leave_their_band():
    playback = Playback(Simulation(Run(START), "numpy"))
    playback.sample(KINDS)
    playback.step()
    playback.edit_tokens(TokenEdits(remove=(4,)))
    playback.step()
    history = merge_history(playback.record.samples)
    column = history.tokens.tolist().index(4)
    assert history.colours[0, column] not in (GONE, LONE)
    assert history.colours[-1, column] == GONE


def test_what_is_not_known_is_said(page, frame):
    assert merge_history(None) is None
    samples = dataclasses.replace(frame.record.samples, partitions=(None,))
    record = dataclasses.replace(frame.record, samples=samples)
    many = dataclasses.replace(frame, record=record, x=np.zeros((600, 2)))
    page.show_frames((many,))
    page._draw()
    assert "at most 512 tokens; there are 600" in page.bands._text
    assert page.figure() is None


def test_the_figure_has_every_token(page):
    (plot,) = page.figure().panels
    assert [c.name for c in plot.data[:2]] == ["t", "F̂"]
    assert {c.name for c in plot.data[2:]} == set(NAMES)


class StandIn:
    """A player of samples that notes where it is sent."""

    def __init__(self, frame):
        self.samples, self.end, self.t = frame.record.samples, 6.0, 0.0
        self.frame = frame
        self.merges = [0.7]

    def seek(self, t):
        self.t = t


def test_keys_go_from_merge_to_merge(page, frame, monkeypatch, qtbot):
    steps = MergeSteps(None)
    steps._player = player = StandIn(frame)
    times = sorted(set(page.history.times.tolist()))
    seen, said = [], []
    steps.message.connect(said.append)
    for _ in times:
        steps.next()
        seen.append(player.t)
    assert seen == times
    assert said == [merges_at(page.history, frame, t) for t in times]
    with qtbot.waitSignal(steps.message) as caught:
        steps.next()
    assert "no merge after" in caught.args[0]
    for t in reversed(times[:-1]):
        steps.previous()
        assert player.t == t
    with qtbot.waitSignal(steps.message) as caught:
        steps.previous()
    assert "no merge before" in caught.args[0]
    player.samples, player.t = None, 0.0
    steps.next()
    assert player.t == 0.7
