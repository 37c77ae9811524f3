"""Bad input for attention: one message that says what to do; the run goes on."""

import numpy as np
import pytest

import sim
from sim.engine import Engine
from sim.loading import open_scenario
from sim.scenario import edit
from sim.settings.knobs import put
from sim.theory import Theory, applicable
from sim.weights.explicit import GivenMatrices

NAN, INF = np.full((3, 3), np.nan), np.full((9, 3), np.inf)
MATRIX = {"part": "dynamics.heads.value", "kind": "file"}
MASK = {"part": "dynamics.heads.mask", "kind": "graph"}
TOKENS = {"part": "initial", "kind": "file"}
FILES = {  # where it is read, what it holds, and what is said of it
    "matrix of a wrong shape": (MATRIX, np.eye(2), "must be 3 × 3.*got 2 × 2. Choose"),
    "matrix with nan": (MATRIX, NAN, "is nan; numbers must be finite. Fix"),
    "ragged matrix": (MATRIX, "1,2,3\n4,5\n6,7,8\n", "line 2 has 2 cells.*Give all"),
    "matrix of text": (MATRIX, "1,2,3\n4,x,6\n7,8,9\n", "line 2, column 2.*'x'. Fix"),
    "pickled matrix": (MATRIX, np.array([[1, "a"]], object), "pickles are refused"),
    "mask of a wrong size": (MASK, np.ones((4, 4)), "must be 9 × 9.*got 4 × 4. Choose"),
    "mask of tokens not there": (
        MASK,
        np.array([[0, 99]]),
        "0 to 8, got 0, 99.*Fix",
    ),
    "mask with nan": (MASK, NAN, "is nan; numbers must be finite. Fix"),
    "tokens with inf": (TOKENS, INF, "is inf; numbers must be finite. Fix"),
    "ragged tokens": (TOKENS, "1,2,3\n4,5\n", "line 1 .*has 3 cells.*give it 2"),
    "tokens of text": (TOKENS, "1,2\n4,x\n", "column 2: a finite number.*'x'. Fix"),
    "tokens on a line": (TOKENS, np.ones((9, 1)), "needs d ≥ 2 columns.*got 1. Give"),
    "tokens at zero": (TOKENS, np.zeros((9, 3)), "its length.*is zero.*Remove it"),
    "no tokens": (TOKENS, np.zeros((0, 3)), "has no tokens. Give one per row"),
}


@pytest.fixture
def run():
    made = sim.Simulation(sim.Scenario(tokens=9), "numpy")
    made.step()
    return made


def refused(run, scenario, words):
    """Assert that the run refuses what `scenario` makes, in a line, and goes on."""
    x, t, before = run.x, run.t, run.scenario
    with pytest.raises(ValueError, match=words) as said:
        run.retune(scenario())
    assert "\n" not in str(said.value)
    assert (run.scenario, run.t) == (before, t)
    assert np.array_equal(run.x, x)
    run.step()
    assert run.t > t
    assert np.isfinite(run.x).all()


@pytest.mark.parametrize("case", FILES)
def test_a_bad_file_is_refused(case, run, tmp_path):
    where, holds, words = FILES[case]
    path = tmp_path / ("bad.csv" if isinstance(holds, str) else "bad.npy")
    if isinstance(holds, str):
        path.write_text(holds, encoding="utf-8")
    else:
        np.save(path, holds)
    changes = {where["part"]: where["kind"], f"{where['part']}.path": str(path)}
    if where is TOKENS:
        changes["initial.centre"] = False

    def scenario():
        return edit(run.scenario, changes)

    refused(run, scenario, words)


NARROW = ((1.0, 0.0), (0.0, 1.0))
RAGGED = ((1.0, 0.0, 0.0), (0.0, 1.0), (0.0, 0.0, 1.0))
GIVEN = "dynamics.heads.value"
MASSES = "dynamics.heads.masses"
SETTINGS = {
    "a matrix of a wrong shape": (
        {GIVEN: "explicit", f"{GIVEN}.matrix": NARROW},
        r"must be 3 × 3 \(d = 3\), got 2 × 2. Give d rows",
    ),
    "a ragged matrix": (
        {GIVEN: "explicit", f"{GIVEN}.matrix": RAGGED},
        "rows of the same length, got 3, 2, 3",
    ),
    "a matrix of text": (
        {GIVEN: "explicit", f"{GIVEN}.matrix": "1 2; x y"},
        "rows of numbers, such as 1,0;0,1, got",
    ),
    "β out of range": ({"dynamics.beta": 1e6}, r"in \[-64, 100000\], got 1000000"),
    "β no number": ({"dynamics.beta": float("nan")}, r"in \[-64, 100000\], got nan"),
    "β of text": ({"dynamics.beta": "hot"}, "must be a number, got 'hot'"),
    "d = 1": ({"dimension": 1}, r"must be in \[2, 4096\], got 1"),
    "n = 0": ({"tokens": 0}, r"must be in \[1, 2000000\], got 0"),
    "masses of other tokens": (
        {MASSES: "explicit", f"{MASSES}.masses": ((1.0, 2.0),)},
        "one mass per token, n = 9, got 2. Give n numbers",
    ),
    "a negative mass": (
        {MASSES: "explicit", f"{MASSES}.masses": ((-1.0,) * 9,)},
        r"entries in \[0, 1000000\], got -1",
    ),
    "a mask on keys": (
        {"dynamics": "cross", "dynamics.heads.mask": "causal"},
        "needs the mask full, got causal.*Choose the mask full",
    ),
    "too steep for the papers' clock": (
        {
            "dynamics": "unnormalised",
            "dynamics.beta": 90,
            "dynamics.shifted": False,
        },
        r"must be on where \|β\| > 80, got β = 90",
    ),
    "a ramp too steep for the papers' clock": (
        {
            "dynamics": "unnormalised",
            "dynamics.beta": 20,
            "dynamics.shifted": False,
            "dynamics.heads.depth.ramp": "geometric",
            "dynamics.heads.depth.ramp.end": 8,
        },
        r"must be on where \|β\| > 80, got β = 160",
    ),
    "a vector product in four dimensions": (
        {"dimension": 4, "dynamics": "spin"},
        "needs tokens in 3 dimensions, got d = 4. Set dimension to 3",
    ),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_a_bad_setting_is_refused(case, run):
    changes, words = SETTINGS[case]

    def scenario():
        return edit(run.scenario, changes)

    refused(run, scenario, words)


def test_infinite_entries_are_refused():
    with pytest.raises(ValueError, match=r"entries in \[-1000, 1000\], got nan"):
        GivenMatrices(matrix=((float("nan"), 0.0), (0.0, 1.0)))


@pytest.mark.parametrize("space", ["sphere", "pre_ln", "flat"])
def test_one_token_is_no_error(space):
    """Measures of pairs then have no meaning, and say so by NaN."""
    run = sim.Simulation(edit(sim.Scenario(tokens=1), {"space": space}), "numpy")
    run.advance(1.0)
    found = run.measures()
    assert np.isfinite(run.x).all()
    assert np.isnan(found["mean_cosine"])
    assert found["clusters"] == 1


def test_the_engine_says_what_is_wrong_and_goes_on(run):
    engine = Engine(run)
    bad = put(run.scenario, "dynamics.heads.value", GivenMatrices(matrix=NARROW))
    before = run.scenario
    engine.retune(bad)
    engine._loop.handle_requests()  # pyright: ignore[reportPrivateUsage]
    failure = engine.failure()
    assert failure is not None
    assert "must be 3 × 3" in failure.text
    assert run.scenario == before
    engine._loop.advance(0.05)  # pyright: ignore[reportPrivateUsage]
    assert engine.failure() is None
    assert run.t > 0
    engine.close()


def test_an_overlay_whose_hypotheses_fail_says_why_and_draws_nothing(run):
    """A curve that held is gone when the law under it no longer fits."""
    s = edit(run.scenario, {"dynamics.beta": 0.0, "tokens": 9})
    assert "kuramoto" in applicable(s, run.x)
    for changes, words in (
        ({"dynamics.beta": 1.0}, "needs β = 0, got 1"),
        ({"dynamics.heads.mask": "causal"}, "without a mask"),
        ({"integrator": "maruyama"}, "it needs an ODE, got noise"),
        ({"dynamics": "hardmax"}, "it needs a law with β, got hardmax"),
    ):
        other = edit(s, changes)
        run.retune(other)
        why = Theory.member("kuramoto")().why_not(run.scenario, run.x)
        assert words in why
        assert "\n" not in why
        assert "kuramoto" not in applicable(run.scenario, run.x)
        run.step()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off"])
def test_an_archive_cut_short_is_reported_in_a_sentence(content, tmp_path):
    path = tmp_path / "cut.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"cut\.npz: cannot be read as \.npz"):
        open_scenario(path)
