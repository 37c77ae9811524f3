"""Settings: bounds, types, text as typed, and paths."""

import dataclasses
import re
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import pytest

from sim import Scenario
from sim.settings.knobs import Knob, Settings, choices, get, knobs, parse, put, walk

Table = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Inner(Settings):
    depth: Annotated[int, Knob("D", 1, 9)] = 2


@dataclass(frozen=True)
class Sample(Settings):
    size: Annotated[float, Knob("s", 0, 10)] = 1.0
    free: Annotated[float, Knob("f")] = 0.0
    count: Annotated[int, Knob("n", 1, 2_147_483_647)] = 3
    on: Annotated[bool, Knob("on")] = False
    text: Annotated[str, Knob("text")] = ""
    menu: Annotated[Literal["red", "blue"], Knob("menu")] = "red"
    rows: Annotated[Table, Knob("M", -10, 10)] = ()
    inner: Inner = dataclasses.field(default_factory=Inner)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("size", 11, "size (s) must be in [0, 10], got 11."),
        ("size", float("nan"), "size (s) must be in [0, 10], got nan."),
        ("size", "big", "size (s) must be a number, got 'big'."),
        ("size", True, "size (s) must be a number, got True."),
        ("size", None, "size (s) must be a number, got None."),
        ("free", float("inf"), "free (f) must be in [-inf, inf], got inf."),
        ("count", 2.5, "count (n) must be a whole number, got 2.5."),
        ("count", 0, "count (n) must be in [1, 2147483647], got 0."),
        ("count", float("inf"), "count (n) must be a whole number, got inf."),
        ("on", 1, "on must be true or false, got 1."),
        ("text", 3, "text must be text, got 3."),
        ("menu", "green", "menu must be one of red, blue; got 'green'."),
        ("rows", "12", "must be rows of numbers, such as 1,0;0,1, got '12'."),
        ("rows", ["12"], "must be rows of numbers, such as 1,0;0,1"),
        ("rows", [[10**400]], "must be rows of numbers, such as 1,0;0,1"),
        ("rows", 5, "must be rows of numbers, such as 1,0;0,1, got 5."),
        ("rows", [[1, 2], [3]], "must have rows of the same length, got 2, 1."),
        ("rows", [[1, 20]], "must have entries in [-10, 10], got 20.0."),
        ("rows", [[float("nan")]], "must have entries in [-10, 10], got nan."),
        ("inner", 3, "inner must be a Inner, got 3."),
    ],
)
def test_a_wrong_value_is_refused_with_its_bound(name, value, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        Sample(**{name: value})


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("size", 3, 3.0),
        ("size", np.float32(0.5), 0.5),
        ("size", np.int64(4), 4.0),
        ("count", 7.0, 7),
        ("count", np.int64(7), 7),
        ("rows", [[1, 2], [3, 4]], ((1.0, 2.0), (3.0, 4.0))),
        ("rows", np.eye(2), ((1.0, 0.0), (0.0, 1.0))),
    ],
)
def test_a_value_takes_its_own_type(name, value, kept):
    found = getattr(Sample(**{name: value}), name)
    assert found == kept
    assert type(found) is type(kept)
    hash(Sample(**{name: value}))


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("size", " 1e-3 ", 1e-3),
        ("count", "12", 12),
        ("count", "1e3", 1000),
        ("on", "Yes", True),
        ("on", "off", False),
        ("text", " hello ", "hello"),
        ("menu", "blue", "blue"),
        ("rows", "1,0;0,1", ((1.0, 0.0), (0.0, 1.0))),
        ("rows", "1 0; 0 1", ((1.0, 0.0), (0.0, 1.0))),
        ("rows", "", ()),
    ],
)
def test_text_as_typed(name, text, value):
    sample = Sample()
    found = put(sample, name, parse(sample, name, text))
    assert getattr(found, name) == value


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("size", "ten", "must be a number, got 'ten'"),
        ("size", "1,5", "must be a number, got '1,5'"),
        ("count", "3.7", "must be a whole number, got 3.7"),
        ("on", "perhaps", "must be on or off, got 'perhaps'"),
        ("rows", "1,x", "must be rows of numbers"),
    ],
)
def test_text_that_is_no_value(name, text, words):
    sample = Sample()
    with pytest.raises(ValueError, match=words):
        put(sample, name, parse(sample, name, text))


def test_paths():
    sample = put(Sample(), "inner.depth", 5)
    assert get(sample, "inner.depth") == 5
    assert Sample().inner.depth == 2
    assert [path for path, *_ in walk(sample)][-2:] == ["inner", "inner.depth"]
    with pytest.raises(KeyError, match="'deep' is not one of depth"):
        get(sample, "inner.deep")
    with pytest.raises(KeyError, match="nothing below it"):
        put(sample, "size.x", 3)
    assert choices(Sample, "menu") == ("red", "blue")


def test_every_knob_of_the_simulator_is_described():
    from sim.settings.serialise import family

    seen = set()
    todo = [Scenario]
    while todo:
        cls = todo.pop()
        if cls in seen:
            continue
        seen.add(cls)
        for name, knob in knobs(cls).items():
            assert knob.label, f"{cls.__name__}.{name}"
            assert knob.help.endswith("."), f"{cls.__name__}.{name}"
            if knob.scale == "log":
                assert knob.lo > 0, f"{cls.__name__}.{name}"
        owner = cls()
        for _, inner, name in walk(owner):
            kinds = family(inner, name)
            todo += kinds.kinds().values() if kinds else ()
    assert len(seen) > 20


def test_members_of_a_family_are_found_by_folder():
    from sim.weights import Weights

    known = ["diagonal", "explicit", "file", "gaussian", "identity", "rotation"]
    kinds = Weights.kinds()
    assert list(kinds) == sorted(kinds)
    assert set(known) <= set(kinds)
    assert all(cls.summary() for cls in kinds.values())
    with pytest.raises(ValueError, match=r"V: no kind 'x'; there are .*diagonal, "):
        Weights.member("x", "V")
