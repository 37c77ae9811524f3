"""Tokens that move, appear and go: at their times, by their ids, bit for bit."""

import csv
import json
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import AddedToken, Change, Run, Scenario, Simulation, TokenEdits, edit
from sim.dynamics import Dynamics
from sim.frame import FrameRequest
from sim.integrators import Integrator
from sim.masks import Mask
from sim.masses import Masses
from sim.recording.run_folder import record_run
from sim.schedule import WHOLE_RUN
from sim.schedule_file import plain_run, run_from_plain
from sim.spaces import Space
from sim.tables.reading import read_tokens

BASE = Scenario(tokens=8, seed=3)
POINT = (0.6, 0.0, 0.8)
BANK = AddedToken((3.0, 0.0, 0.0), "bank", "river")
MOVE = TokenEdits({2: (0.0, 0.0, 2.0)})
ALL = TokenEdits({2: POINT, 8: (0.0, 1.0, 0.0)}, (BANK, AddedToken(POINT)), (0, 5))
SCHEDULE = (Change(0.32, {}, ALL), Change(0.71, {"step": 0.03}, MOVE))
RESIZABLE = sorted(k for k, law in Dynamics.kinds().items() if not law().fixed_tokens())
FIXED = sorted(Dynamics.kinds().keys() - set(RESIZABLE))
PAIRS = {
    "noise": {"integrator": "maruyama", "integrator.temperature": 0.1},
    "dropout": {"dynamics.heads.depth.dropout": 0.3},
    "heads": {"dynamics.heads.count": 2, "dynamics.heads.depth.dropout": 0.2},
    "layers": {
        "dynamics.heads.depth.layers": 3,
        "dynamics.heads.depth.thickness": 0.23,
        "dynamics.heads.value": "gaussian",
    },
    "causal": {"dynamics.heads.mask": "causal"},
    "rotary": {"dynamics.heads.positions": "rotary"},
    "float32": {"precision": "float32"},
    "clock": {"clock": "logarithmic"},
    "groups": {"initial": "clusters"},
}


def same(a, b):
    pairs = ((a.x, b.x), (a.p, b.p), (a.ids, b.ids))
    equal = all(np.array_equal(*pair, equal_nan=True) for pair in pairs)
    return equal and a.t == b.t and (a.names, a.groups) == (b.names, b.groups)


def live(start, changes, end):
    """Return a run with the changes made by hand at their times."""
    run = Simulation(start, "numpy")
    for change in changes:
        run.advance(change.t - run.t)
        run.retune(change.apply(run.scenario))
        run.edit_tokens(change.tokens)
    run.advance(end - run.t)
    return run


def replayed(run, end=1.2):
    again = Simulation(run, "numpy")
    again.advance(end)
    return again


def assert_live_is_replayed(start, changes):
    by_hand = live(start, changes, 1.2)
    assert by_hand.run == Run(start, by_hand.run.changes)
    assert same(by_hand, replayed(Run(start, changes)))
    assert same(by_hand, replayed(by_hand.run))
    saved = run_from_plain(json.loads(json.dumps(plain_run(by_hand.run))))
    assert saved == by_hand.run
    assert same(by_hand, replayed(saved))


@pytest.mark.slow
@pytest.mark.parametrize("law", RESIZABLE)
def test_every_law_without_a_graph_is_played_again_to_the_bit(law):
    assert_live_is_replayed(edit(BASE, {"dynamics": law}), SCHEDULE)


@pytest.mark.slow
@pytest.mark.parametrize("law", FIXED)
def test_tokens_on_a_graph_move_and_are_played_again_to_the_bit(law):
    moves = (
        Change(0.32, {}, MOVE),
        Change(0.5, {"step": 0.03}, TokenEdits({1: POINT})),
    )
    assert_live_is_replayed(edit(BASE, {"dynamics": law}), moves)


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(Integrator.kinds()))
def test_every_integrator_is_played_again_to_the_bit(kind):
    start = edit(BASE, {"integrator": kind})
    if kind == "leapfrog":
        start = edit(start, {"dynamics": "inertial"})
    assert_live_is_replayed(start, SCHEDULE)


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(Space.kinds()))
def test_every_space_is_played_again_to_the_bit(kind):
    start = edit(BASE, {"space": kind})
    assert_live_is_replayed(start, SCHEDULE)
    run = live(start, SCHEDULE[:1], 0.32)
    if start.space.bounded:
        assert np.allclose(np.linalg.norm(run.x, axis=1), 1, atol=1e-12)


@pytest.mark.parametrize("name", sorted(PAIRS))
def test_what_interacts_with_tokens_is_played_again_to_the_bit(name):
    assert_live_is_replayed(edit(BASE, PAIRS[name]), SCHEDULE)


STEPS = st.lists(
    st.sampled_from(
        [
            lambda run: run.edit_tokens(TokenEdits(add=(BANK,))),
            lambda run: run.edit_tokens(TokenEdits(remove=(int(run.ids[-1]),))),
            lambda run: run.edit_tokens(TokenEdits(remove=(int(run.ids[0]),))),
            lambda run: run.edit_tokens(TokenEdits({int(run.ids[1]): POINT})),
            lambda run: run.retune(edit(run.scenario, {"dynamics": "inertial"})),
            lambda run: run.retune(edit(run.scenario, {"dynamics": "softmax"})),
            lambda run: run.retune(edit(run.scenario, {"space": "centred"})),
            lambda run: run.retune(edit(run.scenario, {"space": "sphere"})),
            lambda run: run.step(),
            lambda run: (run.step(), run.step(), run.step()),
        ]
    ),
    max_size=14,
)


@pytest.mark.slow
@given(STEPS)
@settings(max_examples=60, deadline=None)
def test_any_live_edits_are_played_again_to_the_bit(steps):
    run = Simulation(edit(BASE, {"integrator": "maruyama"}), "numpy")
    for step in steps:
        if len(run.ids) > 3:
            step(run)
    run.step()
    again = Simulation(run.run, "numpy")
    while again.t < run.t:
        again.step()
    assert same(run, again)


def test_ids_are_stable_and_never_used_again():
    run = live(BASE, SCHEDULE, 1.0)
    assert run.ids.tolist() == [1, 2, 3, 4, 6, 7, 8, 9]
    run.edit_tokens(TokenEdits(remove=(9,)))
    run.step()
    run.edit_tokens(TokenEdits(add=(BANK,)))
    assert run.ids.tolist() == [1, 2, 3, 4, 6, 7, 8, 10]
    assert run.frame().ids.tolist() == run.ids.tolist()
    assert run.names == ("",) * 6 + ("bank",) * 2
    assert run.frame().groups == ("",) * 6 + ("river",) * 2


def test_tokens_are_where_they_were_put_and_the_others_stay():
    run, plain = Simulation(BASE, "numpy"), Simulation(BASE, "numpy")
    run.advance(0.32)
    plain.advance(0.32)
    run.edit_tokens(ALL)
    rows = dict(zip(run.ids.tolist(), run.x, strict=True))
    for token in (1, 3, 4, 6, 7):
        assert np.array_equal(rows[token], plain.x[token])
    for token, point in {2: POINT, 8: (0.0, 1.0, 0.0), 9: POINT}.items():
        assert np.allclose(rows[token], point, atol=1e-15)


def test_the_velocity_is_that_of_a_run_which_starts_with_these_tokens(tmp_path):
    run = live(BASE, SCHEDULE[:1], 0.5)
    np.save(tmp_path / "tokens.npy", run.x)
    path = {"initial.path": str(tmp_path / "tokens.npy"), "initial.centre": False}
    other = Simulation(edit(BASE, {"initial": "file", **path}), "numpy")
    assert np.allclose(run.velocity(), other.velocity(), rtol=0, atol=1e-14)


def test_momenta_stay_with_their_tokens_and_are_zero_for_new_ones():
    start = edit(BASE, {"dynamics": "inertial", "space": "flat", "dynamics.beta": 0.5})
    run, plain = Simulation(start, "numpy"), Simulation(start, "numpy")
    run.advance(0.5)
    plain.advance(0.5)
    run.edit_tokens(TokenEdits({1: POINT}, (BANK,), (0,)))
    assert np.array_equal(run.p[:-1], plain.p[1:])
    assert not run.p[-1].any()
    assert np.abs(plain.p).max() > 1e-3


def test_momenta_of_edges_stay_when_a_token_moves():
    start = edit(BASE, {"dynamics": "bracket"})
    run = Simulation(start, "numpy")
    run.advance(0.5)
    p = run.p
    run.edit_tokens(TokenEdits({1: POINT}))
    assert np.array_equal(run.p, p)
    assert np.abs(p).max() > 1e-3


def drift(changes, start):
    """Return where tokens are after one step from t = 0.5, by id, at β = 0."""
    run = Simulation(start, "numpy")
    run.advance(0.5)
    run.edit_tokens(changes)
    run.step()
    return dict(zip(run.ids.tolist(), run.x, strict=True))


def test_noise_of_a_token_does_not_depend_on_which_others_there_are():
    alone = {"dynamics": "cross", "integrator": "maruyama"}  # no interaction
    start = edit(BASE, alone)
    plain = drift(TokenEdits(), start)
    edited = drift(TokenEdits(add=(BANK,), remove=(0, 4)), start)
    for token in (1, 2, 3, 5, 6, 7):
        assert np.array_equal(edited[token], plain[token])


@pytest.mark.parametrize("law", ["softmax", "cross"])
def test_dropout_of_a_pair_does_not_depend_on_which_others_there_are(law):
    start = edit(BASE, {"dynamics": law, "dynamics.heads.depth.dropout": 0.4})
    run = Simulation(start, "numpy")
    whole = _kept(run)
    run.edit_tokens(TokenEdits(add=(BANK, BANK), remove=(0, 4)))
    left = [1, 2, 3, 5, 6, 7]
    fewer = _kept(run)
    assert len(fewer) == 8
    if law == "softmax":
        assert np.array_equal(fewer[:6, :6], whole[np.ix_(left, left)])
        added = fewer[6:, :6]
        run.edit_tokens(TokenEdits(remove=(1, 2)))
        assert np.array_equal(_kept(run)[4:, :4], added[:, 2:])
    else:
        assert np.array_equal(fewer[:6], whole[left])


def _kept(run):
    """Return which weights the first layer's dropout keeps, of the first head."""
    schedule = _attention(run).schedule
    return schedule.dropped(0).kept[0]


def _attention(run):
    velocity = run._bound.field.velocity  # the closure holds cross-attention
    cells = dict(zip(velocity.__code__.co_freevars, velocity.__closure__, strict=True))
    return cells["attention" if "attention" in cells else "lookup"].cell_contents


def test_dropout_is_kept_at_its_rate_for_added_tokens():
    start = edit(BASE, {"dynamics.heads.depth.dropout": 0.4})
    run = Simulation(start, "numpy")
    run.edit_tokens(TokenEdits(add=(BANK,) * 60))
    kept = _kept(run)
    assert kept.shape == (68, 68)
    assert abs(kept.mean() - 0.6) < 4 * (0.24 / kept.size) ** 0.5
    assert not np.array_equal(kept, kept.T)


def test_a_run_without_edits_draws_as_ever():
    """A constant of an earlier version: noise and dropout keep their bytes."""
    noisy = Simulation(edit(BASE, PAIRS["noise"]), "numpy")
    drawn = noisy._stepper._noise(noisy._bound.state)
    key = [BASE.seed, zlib.crc32(b"noise"), 0]
    assert np.array_equal(drawn, np.random.default_rng(key).normal(size=(8, 3)))


@pytest.mark.parametrize("law", FIXED)
def test_a_graph_refuses_other_numbers_of_tokens(law):
    run = Simulation(edit(BASE, {"dynamics": law}), "numpy")
    run.advance(0.2)
    before = (run.run, run.x)
    for edits in (TokenEdits(add=(BANK,)), TokenEdits(remove=(1,))):
        with pytest.raises(ValueError, match="only moved: the graph joins"):
            run.edit_tokens(edits)
    assert run.run == before[0]
    assert np.array_equal(run.x, before[1])


MASKS = {"full", "others", "causal", "window", "block"}


@pytest.mark.parametrize("kind", sorted(Mask.kinds()))
def test_masks_follow_the_order_of_tokens_or_refuse(kind, tmp_path):
    start = edit(BASE, {"dynamics.heads.mask": kind})
    if kind == "graph":
        np.save(tmp_path / "m.npy", np.ones((8, 8)))
        start = edit(start, {"dynamics.heads.mask.path": str(tmp_path / "m.npy")})
    if kind in MASKS:
        assert_live_is_replayed(start, SCHEDULE)
        return
    run = Simulation(start, "numpy")
    with pytest.raises(ValueError, match=r"the mask .* Choose another mask first"):
        run.edit_tokens(TokenEdits(remove=(1,)))
    run.edit_tokens(MOVE)
    run.step()


def test_a_causal_mask_counts_the_tokens_that_are_there():
    start = edit(BASE, {"dynamics.heads.mask": "causal"})
    run = live(start, (Change(0.3, {}, TokenEdits(add=(BANK,), remove=(1, 2))),), 0.3)
    matrix = run.frame(request=FrameRequest(matrix=100)).matrix[0]
    assert np.array_equal(matrix > 0, np.tri(7, dtype=bool))


@pytest.mark.parametrize("kind", sorted(Masses.kinds()))
def test_given_masses_refuse_other_numbers_of_tokens(kind, tmp_path):
    np.savetxt(tmp_path / "m.csv", np.arange(1.0, 9.0), delimiter=",")
    own = {
        "explicit": {"dynamics.heads.masses.masses": ((1.0, 2, 3, 4, 5, 6, 7, 8),)},
        "file": {"dynamics.heads.masses.path": str(tmp_path / "m.csv")},
    }
    masses = {"dynamics.heads.masses": kind, **own.get(kind, {})}
    run = Simulation(edit(BASE, masses), "numpy")
    if kind == "equal":
        run.edit_tokens(TokenEdits(remove=(1,)))
        return
    with pytest.raises(ValueError, match=r"given mass .* Choose equal masses first"):
        run.edit_tokens(TokenEdits(remove=(1,)))
    run.edit_tokens(MOVE)
    run.step()


def test_a_graph_may_be_chosen_after_tokens_were_added():
    run = Simulation(BASE, "numpy")
    run.edit_tokens(TokenEdits(add=(BANK,)))
    run.retune(edit(run.scenario, {"dynamics": "bracket"}))
    run.step()
    assert run.frame().edges.max() == 8
    assert same(run, replayed(run.run, run.t))


def test_a_law_for_another_number_of_tokens_is_refused():
    club = {"dynamics": "bracket", "dynamics.graph": "karate"}
    changes = (Change(0.5, {}, TokenEdits(remove=(3,))), Change(1.0, club))
    message = r"change 2 \(t = 1\): the law needs 34 tokens, and there are 33"
    with pytest.raises(ValueError, match=message):
        Run(Scenario(tokens=34), changes)
    run = Simulation(Scenario(tokens=34), "numpy")
    run.edit_tokens(changes[0].tokens)
    with pytest.raises(ValueError, match="needs 34 tokens"):
        run.retune(edit(run.scenario, club))
    assert run.scenario.dynamics.kind == "softmax"


def test_rows_of_the_matrix_are_requested_by_id():
    run = live(BASE, SCHEDULE[:1], 0.4)
    rows = run.frame(request=FrameRequest(rows=(0, 8, 1, 77))).rows
    whole = run.frame(request=FrameRequest(matrix=99)).matrix
    assert rows.keys() == {8, 1}
    for token, row in rows.items():
        at = run.ids.tolist().index(token)
        assert np.allclose(row, whole[:, at], atol=1e-14)


def test_a_frame_knows_where_each_token_began():
    run = live(BASE, SCHEDULE, 1.0)
    frame, start = run.frame(), Simulation(BASE, "numpy").x
    assert np.array_equal(frame.first[:6], start[[1, 2, 3, 4, 6, 7]])
    assert np.allclose(frame.first[6:], [(0, 1, 0), POINT], atol=1e-15)


def test_going_back_brings_tokens_back():
    run = Simulation(BASE, "numpy")
    run.advance(0.3)
    early = run.frame()
    run.edit_tokens(ALL)
    late = run.frame()
    run.step()
    run.restore(early)
    assert np.array_equal(run.x, early.x)
    assert run.run == Run(BASE)
    run.edit_tokens(ALL)
    run.step()
    later = run.frame()
    run.restore(late)
    assert np.array_equal(run.x, late.x)
    assert run.run.changes == (Change(late.t, {}, ALL),)
    run.step()
    assert np.array_equal(run.x, later.x)


def test_undone_at_the_same_time_the_state_before_returns():
    run = Simulation(edit(BASE, {"dynamics": "inertial"}), "numpy")
    run.advance(0.3)
    kept, before = run.checkpoint(), run.run
    run.edit_tokens(ALL)
    run.resume(before, kept)
    plain = Simulation(before, "numpy")
    plain.advance(0.3)
    assert same(run, plain)


@pytest.mark.parametrize("law", ["softmax", "inertial"])
def test_a_run_resumes_from_any_checkpoint(law):
    run = Run(edit(BASE, {"dynamics": law, "integrator": "maruyama"}), SCHEDULE)
    whole = Simulation(run, "numpy")
    kept = [whole.checkpoint()]
    while whole.t < 1.0:
        whole.step()
        kept.append(whole.checkpoint())
    for checkpoint in (kept[2], kept[-2], kept[8], kept[0], kept[12]):
        other = Simulation(BASE, "numpy")
        other.resume(run, checkpoint)
        while other.t < whole.t:
            other.step()
        assert same(other, whole)


def test_a_table_of_tokens_has_their_ids(tmp_path):
    run = Run(edit(BASE, {"duration": 1}), SCHEDULE)
    record_run(run, tmp_path, 1, "numpy", layers=True)
    lines = (tmp_path / "trajectory.csv").read_text().splitlines()
    rows = list(csv.reader(line for line in lines if line[:1] != "#"))
    head = rows[0]
    assert head[:4] == ["t", "token", "label", "group"]
    assert {len(row) for row in rows} == {len(head)}
    found = {}
    for row in rows[1:]:
        found.setdefault(float(row[0]), []).append(int(row[1]))
    assert found[0.0] == list(range(8))
    assert found[0.32] == found[max(found)] == [1, 2, 3, 4, 6, 7, 8, 9]
    with np.load(tmp_path / "layers.npz") as arrays:
        h, t = arrays["h"], arrays["t"]
    assert h.shape == (len(t), 10, 3)
    there = np.isfinite(h).all(axis=2)
    assert (there[t < 0.32] == (np.arange(10) < 8)).all()
    assert np.array_equal(np.flatnonzero(there[-1]), [1, 2, 3, 4, 6, 7, 8, 9])


def test_an_exported_table_with_ids_is_read_back(tmp_path):
    record_run(Run(edit(BASE, {"duration": 1}), SCHEDULE), tmp_path, 1, "numpy")
    table = read_tokens(str(tmp_path / "trajectory.csv"))
    run = Simulation(Run(BASE, SCHEDULE), "numpy")
    run.reach(1.0)
    assert np.array_equal(table.x, run.x)
    assert table.names == run.names


def test_purity_counts_tokens_that_have_a_group():
    run = Simulation(edit(BASE, {"initial": "clusters"}), "numpy")
    before = run.measures()["purity"]
    run.edit_tokens(TokenEdits(add=(AddedToken((1.0, 0, 0)),) * 3))
    assert run.measures()["purity"] == before
    alone = Simulation(BASE, "numpy")
    alone.edit_tokens(TokenEdits(add=(BANK,)))
    assert alone.measures()["purity"] == 1.0


def test_edits_at_one_time_are_one_change():
    run = Run(BASE).with_change(1.0, BASE, TokenEdits(add=(BANK,)))
    run = run.with_change(1.0, edit(BASE, {"dynamics.beta": 2}))
    run = run.with_change(1.0, run.at(1.0), TokenEdits({8: POINT}, (), (3,)))
    assert len(run.changes) == 1
    assert run.changes[0] == Change(
        1.0, {"dynamics.beta": 2.0}, TokenEdits({8: POINT}, (BANK,), (3,))
    )
    assert run.with_change(0.5, edit(BASE, {"step": 0.1})).changes[-1].t == 0.5
    assert run == Run(BASE, run.changes)


BAD = {
    "no token 8": TokenEdits({8: POINT}),
    "no token 99": TokenEdits(remove=(99,)),
    "d = 3 coordinates, got 2": TokenEdits({1: (1.0, 0.0)}),
    "d = 3 coordinates, got 4": TokenEdits(add=(AddedToken((1, 0, 0, 0)),)),
    "cannot be put at .0, 0, 0.": TokenEdits({1: (0, 0, 0)}),
    "0 would be left": TokenEdits(remove=tuple(range(8))),
}


@pytest.mark.parametrize("message", BAD)
def test_edits_that_cannot_be_are_refused(message):
    run = Simulation(BASE, "numpy")
    run.step()
    with pytest.raises(ValueError, match=message):
        run.edit_tokens(BAD[message])
    assert run.run == Run(BASE)
    with pytest.raises(ValueError, match=rf"change 1 .t = 2.: .*{message}"):
        Run(BASE, (Change(2, {}, BAD[message]),))


def test_a_removed_token_is_refused():
    run = Simulation(BASE, "numpy")
    run.edit_tokens(TokenEdits(remove=(3,)))
    for wait in (False, True):
        if wait:
            run.step()
        for edits in (TokenEdits({3: POINT}), TokenEdits(remove=(3,))):
            with pytest.raises(ValueError, match="token 3 was removed earlier"):
                run.edit_tokens(edits)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: TokenEdits({1: (float("nan"), 0, 0)}), "finite numbers"),
        (lambda: TokenEdits({1: (float("inf"), 0, 0)}), "finite numbers"),
        (lambda: TokenEdits({1: (10**400, 0, 0)}), "finite numbers"),
        (lambda: TokenEdits({1: "100"}), "finite numbers"),
        (lambda: TokenEdits({1: (True, 0, 0)}), "finite numbers"),
        (lambda: TokenEdits({-1: POINT}), "0 or more, got -1"),
        (lambda: TokenEdits({1.5: POINT}), "0 or more, got 1.5"),
        (lambda: TokenEdits(remove=(True,)), "0 or more, got True"),
        (lambda: TokenEdits(remove=(2, 2)), "removed twice"),
        (lambda: AddedToken(POINT, 7), "name .* must be text"),
        (lambda: AddedToken(POINT, "", "g" * 999), "group .* must be text"),
    ],
)
def test_edits_of_the_wrong_form_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    "change",
    [
        {"t": 1, "move": [1]},
        {"t": 1, "move": {"a": [1, 0, 0]}},
        {"t": 1, "move": {"1": [1, 0, None]}},
        {"t": 1, "add": {"x": [1, 0, 0]}},
        {"t": 1, "add": [[1, 0, 0]]},
        {"t": 1, "add": [{"name": "bank"}]},
        {"t": 1, "add": [{"x": [1, 0, 0], "colour": 3}]},
        {"t": 1, "remove": 3},
        {"t": 1, "remove": ["3"]},
        {"t": 1, "removed": [3]},
        {"move": {"1": [1, 0, 0]}},
    ],
)
def test_a_file_with_edits_of_the_wrong_form_is_refused(change):
    with pytest.raises(ValueError, match="schedule, change 1: "):
        run_from_plain({**plain_run(Run(BASE)), "schedule": [change]})


def test_a_file_has_only_what_is_edited():
    run = Run(BASE, (Change(1, {}, TokenEdits({3: POINT})), Change(2, {"step": 0.1})))
    assert plain_run(run)["schedule"] == [
        {"t": 1.0, "move": {"3": [0.6, 0.0, 0.8]}},
        {"t": 2.0, "set": {"step": 0.1}},
    ]
    assert "tokens" not in WHOLE_RUN
