"""Files, flags and words."""

import json
import re

import numpy as np
import pytest
from helpers import paths
from helpers.runs import FILES
from helpers.sampling import drawn
from hypothesis import given
from hypothesis import strategies as st

from app.document.document import Document
from sim import Scenario, Simulation, edit
from sim.initial.places import Places
from sim.lanes import open_comparison
from sim.scenario import fitted, from_json, from_plain, plain, to_json
from sim.settings.knobs import choices, groups, hints, kind_of, knobs, put
from sim.settings.plugins import Plugin

SCENARIOS = sorted(paths.SCENARIOS.glob("*.json"))
MODELS = {"head", "sentence", "trained"}  # whose path leads to a checkpoint
EXAMPLES = 60  # a second's worth


def value_of(cls, name):
    """Return a strategy for one setting."""
    kind, knob = kind_of(cls, name), knobs(cls)[name]
    if menu := choices(cls, name):
        return st.sampled_from(menu)
    if kind is bool:
        return st.booleans()
    if kind is str:
        return st.just("asset:words.npz") if name == "path" else st.text(max_size=9)
    lo, hi = max(knob.lo, -1e9), min(knob.hi, 1e9)
    if kind is int:
        return st.integers(int(lo), int(hi))
    if kind is float:
        return st.floats(lo, hi)
    inside, least = st.floats(lo, hi), (1, 2) if cls is Places else (0, 1)
    return st.integers(least[1], 3).flatmap(
        lambda width: st.lists(
            st.lists(inside, min_size=width, max_size=width),
            min_size=least[0],
            max_size=3,
        )
    )


@st.composite
def records(draw, cls):
    """Return a strategy for settings records of a class or family."""
    if issubclass(cls, Plugin):
        kinds = [k for k in cls.kinds() if k not in FILES | MODELS]
        cls = cls.kinds()[draw(st.sampled_from(kinds))]
    values = {name: draw(value_of(cls, name)) for name in knobs(cls)}
    values |= {name: draw(records(kind)) for name, kind in groups(cls).items()}
    return cls(**values)


@pytest.mark.slow
@given(records(Scenario))
@drawn(EXAMPLES)
def test_any_scenario_comes_back_from_its_file(scenario):
    back = from_json(to_json(scenario))
    assert back == fitted(scenario)
    assert to_json(back) == to_json(fitted(scenario))
    assert hash(back) == hash(from_json(to_json(back)))


def test_a_saved_scenario_loads(tmp_path):
    path = tmp_path / "μ.json"
    scenario = edit(Scenario(title="β → ∞"), {"dynamics": "bracket"})
    scenario.save(path)
    assert Scenario.load(path) == scenario
    assert "β → ∞" in path.read_text(encoding="utf-8")
    assert [p.name for p in tmp_path.iterdir()] == ["μ.json"]


def test_an_old_file_takes_new_defaults():
    old = '{"format": 1, "dynamics": {"kind": "softmax", "beta": 9.0}}'
    assert from_json(old) == put(Scenario(), "dynamics.beta", 9.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a scenario, its text is not JSON: Expecting value in line 1"),
        ("{", "not a scenario, its text is not JSON: Expecting"),
        ("[1]", "not a scenario: expected {…}"),
        ("{}", "its format must be 1, got None"),
        ('{"format": true}', "its format must be 1, got True"),
        ('{"format": 99}', "format 99 is newer than 1, the newest read here. Update"),
        ('{"format": 1, "tokns": 3}', "scenario: no setting 'tokns'; there are title,"),
        (
            '{"format": 1, "tokens": 0}',
            "tokens (n) must be in [1, 2000000], got 0.",
        ),
        ('{"format": 1, "step": NaN}', "step (h) must be in [0.0001, 2]"),
        (
            '{"format": 1, "dynamics": {"kind": "hardmx"}}',
            "dynamics: no kind 'hardmx'; there are",
        ),
        ('{"format": 1, "dynamics": {"beta": 1}}', "dynamics: no kind ''; there are"),
        ('{"format": 1, "dynamics": 7}', "dynamics: expected a group of settings"),
        (
            '{"format": 1, "dynamics": {"kind": "softmax", "heads": {"cont": 1}}}',
            "dynamics.heads: no setting 'cont'; there are count,",
        ),
        (
            '{"format": 1, "dynamics": {"kind": "softmax", "beta": 999999}}',
            "dynamics.beta (β) must be in [-64, 100000], got 999999",
        ),
        ("[" * 100_000, "nested too deeply"),
        (f'{{"seed": {"9" * 5000}}}', "whole number of more than 4,300 digits"),
        ("[]" * 1_000_001, "1,000,001 lists, groups and names, and at most 1,000,000"),
        (
            '{"format": 1, "tokens": [' + "1," * 500 + "1]}",
            "must be a whole number, got [1, 1, 1, 1, 1, 1, ...].",
        ),
    ],
)
def test_a_broken_file_says_where_and_what_to_do(text, words, tmp_path):
    with pytest.raises(ValueError, match=re.escape(words)):
        from_json(text)
    path = tmp_path / "mine.json"
    path.write_text(text, encoding="utf-8")
    for load in (Scenario.load, Document.load):
        with pytest.raises(ValueError, match=r"mine\.json: .*" + re.escape(words)):
            load(path)


def test_a_file_that_is_no_text(tmp_path):
    path = tmp_path / "x.json"
    path.write_bytes(b"\xff\xfe\x00\xd8")
    with pytest.raises(ValueError, match="UTF-8"):
        Scenario.load(path)
    path.write_bytes(b'\xef\xbb\xbf{"format": 1}')  # as Windows' editor saves it
    assert Scenario.load(path) == Scenario()
    with pytest.raises(OSError, match="No such file"):
        Scenario.load(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"dynamics.beta": "900000"}, "dynamics.beta (β) must be in [-64, 100000]"),
        ({"dynamics": "hardmx"}, "dynamics: no kind 'hardmx'; there are"),
        ({"dynamics.gamma": "1"}, "'gamma' is not one of beta, heads"),
        ({"dynamics.heads": "4"}, "a group of settings; set one"),
        ({"tokens": "many"}, "tokens (n) must be a number, got 'many'"),
        ({"tokens.x": "1"}, "nothing below it"),
        ({"": "1"}, "no setting ''"),
        ({"precision": "float16"}, "must be one of float32, float64; got 'float16'"),
    ],
)
def test_an_edit_that_cannot_be_says_why(changes, words):
    with pytest.raises((ValueError, KeyError), match=re.escape(words)):
        edit(Scenario(), changes)


def test_edits_are_made_in_order():
    found = edit(Scenario(), {"dynamics": "bracket", "dynamics.gamma": "0.5"})
    assert found.dynamics.gamma == 0.5


def test_paths_in_a_file_start_from_its_folder(tmp_path, monkeypatch):
    np.save(tmp_path / "mine.npy", np.eye(5)[:4] + 0.1)
    data = {"format": 1, "initial": {"kind": "file", "path": "mine.npy"}}
    (tmp_path / "s.json").write_text(json.dumps(data))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    for load in (Scenario.load, lambda p: Document.load(p).scenario):
        scenario = load(tmp_path / "s.json")
        assert (scenario.tokens, scenario.dimension) == (4, 5)
        assert Simulation(scenario, "numpy").x.shape == (4, 5)


def test_a_scenario_whose_tokens_are_gone_says_so(tmp_path):
    data = {"format": 1, "initial": {"kind": "file", "path": "gone.npy"}}
    (tmp_path / "s.json").write_text(json.dumps(data))
    with pytest.raises(ValueError, match=r"gone\.npy: there is no such file"):
        Scenario.load(tmp_path / "s.json")


@pytest.mark.slow
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_every_scenario_of_ours_loads_and_runs(path):
    document = Document.load(path)
    scenario = document.scenario
    assert scenario.title
    assert scenario.note.endswith(".")
    assert scenario.reference
    assert open_comparison(path).first.start == scenario
    assert Document.from_json(document.to_json()) == document
    run = Simulation(scenario, "numpy")
    run.step()
    assert np.isfinite(run.frame().x).all()


def test_titles_differ():
    titles = [Document.load(path).scenario.title for path in SCENARIOS]
    assert len(set(titles)) == len(titles) >= 15


def test_every_field_is_a_knob_or_a_group():
    for name in hints(Scenario):
        assert name in knobs(Scenario) or name in groups(Scenario)


def test_an_edit_does_not_depend_on_the_order_of_its_keys():
    """A kind is chosen before what is below it, wherever it stands."""
    changes = {
        "dynamics.heads.value.sigma": 0.5,
        "dynamics.beta": 60,
        "dynamics.heads.value": "gaussian",
        "dynamics": "unnormalised",
        "tokens": 12,
    }
    first = edit(Scenario(), changes)
    last = edit(Scenario(), dict(reversed(changes.items())))
    assert first == last
    assert (first.dynamics.kind, first.dynamics.beta) == ("unnormalised", 60)
    assert first.dynamics.heads.value.sigma == 0.5


def test_a_kind_that_is_chosen_already_keeps_its_settings():
    one = edit(Scenario(), {"dynamics.beta": 60, "space": "flat"})
    assert edit(one, {"dynamics": "softmax", "space": "flat"}) == one
    other = edit(one, {"dynamics": "unnormalised"})
    assert other.dynamics.beta == type(other.dynamics)().beta


@pytest.mark.parametrize("changed", [{"dynamics.heads.count": 99}, {"step": 9}])
def test_messages_name_a_setting_by_its_path(changed):
    (path,) = changed
    with pytest.raises(ValueError, match=f"^{re.escape(path)} "):
        edit(Scenario(), changed)
    data = plain(Scenario())
    group = data
    for name in path.split(".")[:-1]:
        group = group[name]
    group[path.rpartition(".")[2]] = changed[path]
    with pytest.raises(ValueError, match=f"^{re.escape(path)} "):
        from_plain(data)
