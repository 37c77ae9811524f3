"""Numbers that glide: exact at every time, in frames, files, seeks and by flags."""

import json

import numpy as np
import pytest

from sim import Scenario, Simulation
from sim.dynamics import Dynamics
from sim.glides import why_fixed
from sim.loading import open_run
from sim.scenario import edit
from sim.schedule import Change, Run, with_changes
from sim.schedule_file import plain_run, run_from_plain
from sim.settings.knobs import get, kind_of, put, walk
from sim.spaces import Space

BASE = Scenario(tokens=12, seed=5)
GLIDE = Change(0.337, {"dynamics.beta": 12.0}, over=0.77)
RUN = Run(BASE, (GLIDE,))


def beta(run, t):
    return run.at(t).dynamics.beta


@pytest.mark.parametrize(("kind", "middle"), [("linear", 10.0), ("geometric", 8.0)])
def test_a_glide_goes_from_one_value_to_the_other(kind, middle):
    run = Run(BASE, (Change(2, {"dynamics.beta": 16}, over=4, ramp=kind),))
    times = (0.0, 2.0, 4.0, 6.0, 99.0)
    assert [beta(run, t) for t in times] == pytest.approx([4, 4, middle, 16, 16])
    assert (beta(run, 2.0), beta(run, 6.0)) == (4.0, 16.0)
    assert run.last.dynamics.beta == 16.0


@pytest.mark.parametrize("kind", ["linear", "geometric"])
@pytest.mark.parametrize("integrator", ["rk4", "euler", "midpoint", "layer"])
def test_a_glide_is_what_the_ramp_of_depth_is(kind, integrator):
    """Two mechanisms, which share no code, for the same β(t)."""
    ramp = {"": kind, ".end": 3.0, ".start": 0.337, ".length": 0.77}
    depth = {f"dynamics.heads.depth.ramp{k}": v for k, v in ramp.items()}
    change = Change(0.337, {"dynamics.beta": 12.0}, over=0.77, ramp=kind)
    runs = [Run(BASE, (change,)), Run(edit(BASE, depth))]
    runs = [Run(edit(r.start, {"integrator": integrator}), r.changes) for r in runs]
    a, b = (Simulation(run, "numpy") for run in runs)
    for t in (0.3, 0.5, 1.0, 1.5):
        a.reach(t)
        b.reach(t)
        assert a.t == b.t
        assert np.abs(a.x - b.x).max() < 1e-12


def test_frames_show_the_settings_of_their_time():
    run = Simulation(RUN, "numpy")
    for t in (0.2, 0.4, 0.41, 0.7, 1.05, 1.2):
        run.reach(t)
        frame = run.frame(t)
        assert frame.scenario == RUN.at(t)
        assert run.probe(t).beta == beta(RUN, t)


def test_steps_land_on_the_ends_of_a_glide():
    run = Simulation(RUN, "numpy")
    times = [0.0]
    while run.t < 1.5:
        run.step()
        times.append(run.t)
    assert GLIDE.t in times
    assert GLIDE.t + GLIDE.over in times


@pytest.mark.slow
@pytest.mark.parametrize("law", ["softmax", "inertial", "bracket"])
def test_a_run_resumed_within_a_glide_is_the_same_to_the_bit(law):
    path = "dynamics.gamma" if law == "bracket" else "dynamics.beta"
    changes = (Change(0.2, {path: 0.9}, over=1.1), Change(0.6, {"step": 0.03}))
    whole = Run(edit(BASE, {"dynamics": law, "integrator": "leapfrog"}), changes)
    run = Simulation(whole, "numpy")
    kept = []
    while run.t < 2.0:
        run.step()
        kept.append(run.checkpoint())
    for checkpoint in kept[3::9]:
        again = Simulation(whole, "numpy")
        again.resume(whole, checkpoint)
        while again.t < run.t:
            again.step()
        assert np.array_equal(again.x, run.x)
        assert np.array_equal(again.p, run.p)


def test_a_glide_without_a_difference_changes_nothing_but_where_steps_end():
    still = Run(BASE, (Change(0.5, {"dynamics.beta": BASE.dynamics.beta}, over=1.0),))
    a, b = (Simulation(run, "numpy") for run in (still, BASE))
    a.advance(2.0)
    b.advance(2.0)
    assert np.array_equal(a.x, b.x)


def test_another_edit_lets_a_number_glide_on():
    run = Simulation(RUN, "numpy")
    run.reach(0.5)
    seen = run.scenario
    run.reach(0.7)
    run.retune(edit(seen, {"dynamics.heads.scaled": True}))
    assert not {"dynamics.beta"} & {p for c in run.run.changes[1:] for p in c.settings}
    assert beta(run.run, 9.0) == 12.0
    assert run.scenario.dynamics.beta == beta(RUN, run.t)
    again = Simulation(run.run, "numpy")
    run.reach(1.5)
    again.reach(1.5)
    assert np.array_equal(run.x, again.x)


@pytest.mark.parametrize("change", [{"dynamics.beta": 2.5}, {"dynamics": "hardmax"}])
def test_an_edit_of_the_number_or_its_law_ends_the_glide(change):
    run = Simulation(RUN, "numpy")
    run.reach(0.7)
    run.retune(edit(run.scenario, change))
    assert run.run.last == run.scenario == edit(RUN.at(run.t), change)
    again = Simulation(run.run, "numpy")
    run.reach(1.5)
    again.reach(1.5)
    assert np.array_equal(run.x, again.x)


def test_an_edit_at_the_start_of_a_glide_keeps_it():
    run = Simulation(RUN, "numpy")
    run.reach(GLIDE.t)
    run.retune(edit(run.scenario, {"step": 0.02}))
    assert beta(run.run, 9.0) == 12.0
    assert run.run.last.step == 0.02


def test_one_glide_takes_over_from_another():
    second = Change(0.737, {"dynamics.beta": 1.0}, over=1.0)
    run = Run(BASE, (GLIDE, second))
    assert beta(run, 0.737) == beta(RUN, 0.737)
    assert beta(run, 1.237) == pytest.approx((beta(RUN, 0.737) + 1) / 2)
    assert beta(run, 2.0) == 1.0


def test_a_file_gives_the_glides_again():
    changes = (GLIDE, Change(1, {"dynamics.beta": 3}, over=0.5, ramp="geometric"))
    run = Run(BASE, changes)
    data = json.loads(json.dumps(plain_run(run)))
    assert data["schedule"][0]["over"] == 0.77
    assert run_from_plain(data) == run


def test_values_may_be_text_as_a_person_types_it():
    change = Change(1, {"dynamics.beta": "9"}, over=2)
    assert beta(with_changes(Run(BASE), (change,)), 2.0) == 6.5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dynamics": "hardmax"}, "dynamics cannot glide: only numbers"),
        ({"dynamics.heads.count": 3}, "only numbers that are not whole"),
        ({"step": 0.01}, "only numbers of the law, the space and the noise"),
        ({"dynamics.heads.depth.thickness": 2.0}, "a schedule of their own"),
        ({"dynamics.beta": 1e9}, "must be in"),
        ({"tokens": 5}, "only numbers that are not whole"),
    ],
)
def test_what_cannot_glide_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        Run(BASE, (Change(1, change, over=2),))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"over": -1}, "must be 0 or more"),
        ({"over": float("nan")}, "must be 0 or more"),
        ({"over": True}, "must be 0 or more"),
        ({"over": 1, "ramp": "cubic"}, "one of linear, geometric"),
    ],
)
def test_a_ramp_needs_a_duration_and_a_kind(given, message):
    with pytest.raises(ValueError, match=message):
        Change(1, {"dynamics.beta": 2}, **given)


def test_a_geometric_glide_needs_one_sign():
    start = edit(BASE, {"dynamics": "bracket", "dynamics.gamma": 0.0})
    with pytest.raises(ValueError, match=r"from 0 to 0\.5.*one sign"):
        Run(start, (Change(1, {"dynamics.gamma": 0.5}, over=1, ramp="geometric"),))


PARTS = {
    "none": {},
    "gaussian": {"value": "gaussian", "query": "gaussian", "mlp": "additive"},
    "rotation": {"value": "rotation", "query": "low_rank", "positions": "rotary"},
    "other": {"value": "antisymmetric", "query": "symmetric", "mlp": "composed"},
    "places": {"positions": "sinusoidal"},
}


def scenarios():
    for kind in sorted(Dynamics.kinds()):
        law = edit(Scenario(tokens=6), {"dynamics": kind})
        heads = any(path == "dynamics.heads.mlp" for path, _, _ in walk(law))
        for parts in PARTS.values() if heads else [{}]:
            yield edit(law, {f"dynamics.heads.{k}": v for k, v in parts.items()})
    for kind in sorted(Space.kinds()):
        yield edit(Scenario(tokens=6), {"space": kind})


def ambient(scenario):
    run = Simulation(scenario, "numpy")
    return np.concatenate([run.velocity().ravel(), run.frame().x.ravel()])


@pytest.mark.slow
def test_velocities_are_continuous_in_every_number_that_can_glide():
    seen = set()
    for scenario in scenarios():
        for path, owner, name in walk(scenario):
            if kind_of(type(owner), name) is not float or why_fixed(scenario, path):
                continue
            if (key := (type(owner), name)) in seen and path != "dynamics.beta":
                continue
            seen.add(key)
            value = get(scenario, path)
            near = put(scenario, path, value + 1e-7)
            try:
                gap = np.abs(ambient(near) - ambient(scenario)).max()
            except ValueError:  # the law cannot be combined with this part
                continue
            assert gap < 1e-4, path
    assert len(seen) > 20


SHORT = ("--set", "tokens=8", "--set", "duration=1")


def written(folder, *args):
    from app.__main__ import main

    assert main(["run", *SHORT, *args, "-o", str(folder)]) == 0
    return folder / "observables.csv"


@pytest.mark.slow
def test_the_command_line_takes_ramps(tmp_path, capsys):
    flags = ("--ramp", "0.2", "0.5", "dynamics.beta=9")
    once = written(tmp_path / "a", *flags)
    run = open_run(tmp_path / "a" / "scenario.json")
    assert run.changes == (Change(0.2, {"dynamics.beta": 9.0}, over=0.5),)
    again = written(tmp_path / "b", str(tmp_path / "a" / "scenario.json"))
    assert again.read_bytes() == once.read_bytes()
    written(tmp_path / "c", "--geometric-ramp", "0", "1", "dynamics.beta=9", "--theory")
    run = open_run(tmp_path / "c" / "scenario.json")
    assert run.changes[0].ramp == "geometric"


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--ramp", "0.2", "0", "dynamics.beta=9"), "a duration above 0"),
        (("--ramp", "0.2", "x", "dynamics.beta=9"), "a duration above 0"),
        (("--ramp", "0.2", "1", "dynamics.beta"), "PATH=VALUE"),
        (("--ramp", "0.2", "1", "space=flat"), "space cannot glide"),
        (("--ramp", "2", "1", "dynamics.beta=9"), "after the end of the run"),
    ],
)
def test_the_command_line_refuses_in_one_line(capsys, flags, message):
    from app.__main__ import main

    assert main(["run", *SHORT, *flags]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert message in err
    assert len(err.strip().splitlines()) == 1
