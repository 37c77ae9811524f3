"""The page of modes: heights are energies, and nothing is asked while it is hidden."""

from __future__ import annotations

import numpy as np
import pytest

from app.inspectors.bar_chart import BIN_COUNT, SpectralLines
from app.inspectors.modes import ModesPage
from app.inspectors.tabs import PAGES
from app.theme.palette import DARK, LIGHT
from app.widgets.view import NO_REQUEST
from sim import Scenario, Simulation, edit
from sim.frame import FrameRequest

pytestmark = pytest.mark.screen

RING = edit(
    Scenario(tokens=12, seed=3),
    {
        "space": "flat",
        "dynamics": "bracket",
        "dynamics.graph": "ring",
        "integrator": "exact",
    },
)


@pytest.fixture
def page(qtbot):
    made = ModesPage(DARK)
    qtbot.addWidget(made)
    made.resize(327, 360)
    return made


def shown(page, run):
    page.draw(run.frame(None, FrameRequest(quantities=frozenset({"modes"}))))
    return page.bars._now


def test_nothing_is_requested_while_the_page_is_hidden(page):
    assert ModesPage in PAGES
    assert page.request() == NO_REQUEST
    page.show()
    assert page.request().quantities == {"modes"}


def test_modes_fit_laws_on_graphs_of_up_to_512_tokens():
    assert ModesPage.fits(RING)
    assert not ModesPage.fits(Scenario())
    assert not ModesPage.fits(edit(RING, {"tokens": 513}))


def test_a_ring_has_seven_frequencies_and_its_bars_sum_to_e(page):
    run = Simulation(RING, "numpy")
    run.advance(1.0)
    lines = shown(page, run)
    k = np.arange(7)
    np.testing.assert_allclose(lines.frequency, 2 * np.sin(np.pi * k / 12), atol=1e-7)
    assert lines.count.tolist() == [1, 2, 2, 2, 2, 2, 1]
    assert lines.energy.sum() == pytest.approx(run.measures()["energy"], rel=1e-12)


def test_waves_keep_the_height_of_every_bar(page):
    run = Simulation(RING, "numpy")
    first = shown(page, run).energy
    run.advance(7.0)
    np.testing.assert_allclose(shown(page, run).energy, first, rtol=1e-10)
    assert "every bar keeps" in page.text


def test_the_double_bracket_damps_each_bar_at_its_rate(page):
    """Amplitudes fall as e^{−γω²t}, and energies with their squares."""
    gamma, t = 0.25, 1.5
    run = Simulation(edit(RING, {"dynamics.gamma": gamma}), "numpy")
    first = shown(page, run)
    run.advance(t)
    last = shown(page, run)
    fall = np.exp(-2 * gamma * first.frequency**2 * t)
    np.testing.assert_allclose(last.energy, first.energy * fall, rtol=1e-9)
    shares = page.bars.share(last.energy)
    assert shares[1] > shares[-1]
    assert page.bars._first is not None
    np.testing.assert_array_equal(page.bars._first.energy, first.energy)


def test_many_modes_are_summed_in_bins_and_the_page_says_so(page):
    s = edit(RING, {"tokens": 240})
    run = Simulation(s, "numpy")
    lines = shown(page, run)
    assert (lines.binned, len(lines.energy)) == (True, BIN_COUNT)
    assert lines.count.sum() == 240
    assert lines.energy.sum() == pytest.approx(run.measures()["energy"], rel=1e-12)
    assert page.text.startswith("240 modes, summed in 100 bins.")


def test_a_logarithmic_scale_shows_six_decades(page):
    modes = np.array([[0.0, 1.0], [1.0, 1e-3], [2.0, 1e-9]])
    page.bars.show_spectrum(SpectralLines.of(modes))
    page.bars.scale(log=True)
    shares = page.bars.share(np.array([1.0, 1e-3, 1e-9]))
    np.testing.assert_allclose(shares, [1, 0.5, 0], atol=5e-3)


def test_another_run_starts_the_scale_anew(page):
    run = Simulation(RING, "numpy")
    shown(page, run)
    page.bars.show_spectrum(SpectralLines.of(np.array([[0.0, 90.0]] * 12)))
    run.reset()
    shown(page, run)
    assert page.bars._top == shown(page, run).energy.max()


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_bars_are_painted_in_the_accent(page, theme, qtbot):
    page.set_theme(theme, 1.0)
    page.show()
    shown(page, Simulation(RING, "numpy"))
    image = page.bars.grab().toImage()
    inks = {image.pixelColor(x, image.height() // 2).name() for x in range(0, 300)}
    assert theme.accent.lower() in inks
