"""Runs in a notebook: what they say of themselves, and the page of the help."""

import re
import subprocess

import numpy as np
import pytest
from helpers.paths import ROOT

import sim
from sim import notebook, rendering
from sim.rendering import CannotDrawError, Video

PAGE = ROOT / "assets" / "help" / "python.md"
BLOCK = re.compile(r"(?:^    .*\n|^\n(?=    ))+", re.MULTILINE)


def run_of(**changes) -> sim.Simulation:
    return sim.Simulation(sim.edit(sim.Scenario(tokens=7, seed=3), changes), "numpy")


def drawn(run, suffix, size, flags, timeout_s=None):
    return f"{suffix} {size} {dict(flags)}".encode()


@pytest.mark.slow
def test_the_page_of_the_help_runs_as_it_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    known: dict[str, object] = {}
    for block in blocks:
        exec("\n".join(line[4:] for line in block.splitlines()), known)
    assert len(blocks) == 7
    assert known["lanes"].titles == ("β = 1", "β = 9")
    assert known["apart"].matched == 64 and 0 < known["apart"].mean_angle < 3
    fork = sim.open_comparison("fork.json")
    assert fork.titles == ("unchanged", "from t = 5: β = 60")
    rows = known["rows"]
    assert [set(row) for row in rows] == [{"t", "f_hat", "clusters"}] * 21
    assert known["run"].scenario.space.kind == "flat"


@pytest.mark.parametrize("wrong", [float("nan"), -1, float("inf"), "5", True, None])
def test_a_time_to_advance_by_must_be_one(wrong):
    run = run_of()
    for method in (run.advance, lambda t: run.sample(t, 0.1)):
        with pytest.raises(ValueError, match=r"^duration must be a"):
            method(wrong)
    assert run.t == 0
    run.advance(np.float32(0.5))
    run.advance(0)
    assert run.t == 0.5


def test_samples_do_not_change_a_run():
    """Times between steps are interpolated, and the run is the same to the bit."""
    run, alone = run_of(), run_of()
    rows = run.sample(1.0, 0.03, ["f_hat"])
    alone.advance(1.0)
    assert [row["t"] for row in rows] == pytest.approx(0.03 * np.arange(34))
    assert np.array_equal(run.x, alone.x)
    on_step = rows[20]  # t = 0.6, which is a step
    exact = run_of()
    exact.advance(0.6)
    assert on_step["f_hat"] == pytest.approx(exact.measure("f_hat")["f_hat"], abs=1e-9)
    with pytest.raises(ValueError, match="at most 1,000,000 samples"):
        run.sample(1e9, 0.1)
    with pytest.raises(ValueError, match="no kind 'g'; there are"):
        run.sample(1, 0.1, ["g"])


def test_measures_are_those_asked_for():
    run = run_of()
    some, every = run.measure("f_hat", "clusters"), run.measures()
    assert some == {k: every[k] for k in ("f_hat", "clusters")}
    with pytest.raises(ValueError, match="measure: no kind 'energie'"):
        run.measure("energie")


def test_arguments_of_a_wrong_kind_are_explained():
    run = run_of()
    with pytest.raises(TypeError, match="one by one"):
        run.measure(["f_hat", "clusters"])
    with pytest.raises(TypeError, match="must be a dictionary"):
        sim.edit(run.scenario, "dynamics.beta=9")
    with pytest.raises(TypeError, match=r"got 'words'\. Read .* sim\.open_scenario"):
        sim.Simulation("words")


def test_a_run_says_its_law_size_and_time():
    run = run_of()
    n, d = run.x.shape
    said = f"{run.scenario.dynamics.title}, n = {n}, d = {d}, t = {run.t:.6g}"
    assert repr(run) == f"<Simulation: {said}>"


def test_attention_is_the_softmax_of_scores():
    run = run_of(**{"dynamics.beta": 5.0})
    p = np.exp(5 * run.x @ run.x.T)
    p /= p.sum(axis=1, keepdims=True)
    assert run.attention() == pytest.approx(p[None], abs=1e-14)
    run.edit_tokens(sim.TokenEdits(remove=(2,)))
    rows = run.attention(ids=[6, 3])
    assert rows == pytest.approx(run.attention()[:, [5, 2]], abs=1e-15)
    with pytest.raises(ValueError, match="no token 2 now"):
        run.attention(ids=[2])
    with pytest.raises(ValueError, match="no attention among tokens"):
        run_of(dynamics="bracket").attention()


def test_the_state_is_a_copy():
    run = run_of()
    run.state.x[:] = 9
    assert np.abs(run.x).max() <= 1


def test_a_run_shows_its_picture_settings_and_measures(monkeypatch):
    monkeypatch.setattr(notebook, "rendered", drawn)
    run = run_of(title="<b>", **{"dynamics.beta": 9})
    run.advance(0.5)
    text = run._repr_html_()
    assert 'src="data:image/png;base64,' in text and "&lt;b&gt;" in text
    cells = dict(re.findall(r"<tr><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td>", text))
    assert cells["dynamics.beta (β)"] == "9" and cells["dynamics (Law)"] == "softmax"
    assert float(cells["f_hat"]) == pytest.approx(run.measure("f_hat")["f_hat"], 1e-5)
    assert "nan" not in text


def test_a_run_without_a_picture_says_why(monkeypatch):
    def refuse(*_args):
        raise CannotDrawError("no <driver>.")

    monkeypatch.setattr(notebook, "rendered", refuse)
    text = run_of()._repr_html_()
    assert "No picture: no &lt;driver&gt;." in text and "dynamics.beta" in text


@pytest.mark.slow
def test_a_film_is_drawn_and_plays_inline(tmp_path):
    run = run_of()
    run.edit_tokens(sim.TokenEdits(move={0: (0, 0, 1)}))
    film = run.video(0.2, size=(96, 64), fps=10)
    assert film.data[4:8] == b"ftyp" and "video/mp4;base64," in film._repr_html_()
    film.save(tmp_path / "a.mp4")
    assert sim.open_run(tmp_path / "a.mp4") == run.run
    assert run.t == 0


def test_a_film_that_cannot_be_drawn_says_why(monkeypatch):
    def fail(command, **_options):
        return subprocess.CompletedProcess(command, 2, "", "orrery: no driver.\n")

    monkeypatch.setattr(rendering.subprocess, "run", fail)
    with pytest.raises(ValueError, match=r"^no driver\.$"):
        Video.of(run_of().run, (96, 64), {})
