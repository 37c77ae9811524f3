"""The values of expressions over the runs of a cue, each run played once."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.frame import FrameRequest
from sim.lessons.sentence_values import FUNCTIONS, SentenceValues
from sim.observables import Observable
from sim.simulation import Simulation

if TYPE_CHECKING:
    from sim.array_types import AnyArray
    from sim.frame import Frame
    from sim.lanes import Comparison

PLACES = 32  # times at which "rises", "least" and the like look
SLACK = 1e-9  # of the size of a value, by which it may move against its direction
CONSTANTS = {"pi": math.pi, "e": math.e}
BACKEND = "numpy"


class Wanted:
    """Notes which observables and tokens are wanted at which times of which lane."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self.end = comparison.first.start.duration
        self.times: dict[int, dict[float, set[str]]] = defaultdict(
            lambda: defaultdict(set)
        )
        self.rows: set[int] = set()

    def number(self, name: str) -> float:
        """Return a named number."""
        return named(name, self._comparison)

    def value(self, name: str, args: tuple[Any, ...]) -> Any:
        """Note what a function needs, and return 1 in place of its value."""
        if name == "word_cosine":
            for lane in _of_words(args)[2:]:
                self.value("cosine", (1, 1, args[1], lane))
        elif name not in FUNCTIONS:
            self._note(name, args)
        return 1.2345  # no round number, so that differences are not 0

    def _note(self, name: str, args: tuple[Any, ...]) -> None:
        lane, times, kinds = needs(name, args, self.end)
        if not 0 <= lane < len(self._comparison.runs):
            count = len(self._comparison.runs)
            raise ValueError(f"lane {lane + 1}: the cue has {count}. Count from 1.")
        for t in times:
            if not 0 <= t <= self.end * (1 + SLACK):
                raise ValueError(
                    f"time {t:g} is not between 0 and the end of the run, "
                    f"{self.end:g}. Give until: a later time."
                )
            self.times[lane][t] |= kinds
        if name == "weight":
            self.rows.add(int(args[0]) - 1)


def named(name: str, comparison: Comparison) -> float:
    """Return ``end``, ``n``, ``d``, ``beta``, ``pi`` or ``e``.

    Raises
    ------
    ValueError
        If it is none of these.
    """
    start = comparison.first.start
    known = {
        **CONSTANTS,
        "end": start.duration,
        "n": float(start.tokens),
        "d": float(start.dimension),
        "beta": getattr(start.dynamics, "beta", math.nan),
    }
    if name not in known:
        raise ValueError(f"{name!r} is no number. Known are {', '.join(known)}.")
    return known[name]


def needs(
    name: str, args: tuple[Any, ...], end: float
) -> tuple[int, tuple[float, ...], set[str]]:
    """Return lane, times and observables that a function needs.

    Raises
    ------
    ValueError
        If it has no such form.
    """
    if name in ("rises", "falls", "least", "most", "spread", "reached"):
        kind, *rest = args
        if kind not in Observable.kinds():
            raise ValueError(f"{kind!r} is no observable.")
        if name == "reached":
            lane = rest[1] if len(rest) > 1 else 1
            return int(lane) - 1, between(0.0, end), {kind}
        start, stop, lane = (*rest, *(0.0, end, 1)[len(rest) :])
        return int(lane) - 1, between(float(start), float(stop)), {kind}
    count = {"cosine": 2, "weight": 2, "distance": 2, "moved": 1, "length": 1}.get(name)
    if count is None:
        if name not in Observable.kinds():
            raise ValueError(f"{name} is a function of labs, and the cue has none.")
        t, lane = (*args, *(1,)[len(args) - 1 :])
        return int(lane) - 1, (float(t),), {name}
    t, lane = (*args[count:], *(1,)[len(args) - count - 1 :])
    return int(lane) - 1, (0.0, float(t)), set()


def between(start: float, stop: float) -> tuple[float, ...]:
    """Return even times, ends included."""
    return tuple(np.linspace(start, stop, PLACES + 1).tolist())


class Measured:
    """Gives the values of expressions, of runs that are played to all wanted times.

    Parameters
    ----------
    comparison : Comparison
        The runs.
    wanted : Wanted
        What was noted of all expressions.
    """

    def __init__(self, comparison: Comparison, wanted: Wanted) -> None:
        self._comparison, self._end = comparison, wanted.end
        self._sentences = SentenceValues(comparison)
        self._frames: dict[int, dict[float, Frame]] = {}
        for lane, times in sorted(wanted.times.items()):
            simulation = Simulation(comparison.runs[lane], BACKEND)
            found: dict[float, Frame] = {}
            for t in sorted(times):
                simulation.reach(t)
                rows = tuple(sorted(wanted.rows))
                request = FrameRequest(frozenset(times[t]), clusters=False, rows=rows)
                found[t] = simulation.frame(t, request)
            self._frames[lane] = found

    def number(self, name: str) -> float:
        """Return a named number."""
        return named(name, self._comparison)

    def value(self, name: str, args: tuple[Any, ...]) -> Any:
        """Return the value of a function; see `sim.lessons.expression.PARAMETERS`."""
        if name in FUNCTIONS:
            return self._sentences.value(name, args)
        if name == "word_cosine":
            return self._word_cosine(*_of_words(args))
        lane, times, kinds = needs(name, args, self._end)
        frames = [self._frames[lane][t] for t in times]
        if kinds:
            (kind,) = kinds
            values = [frame.measures.get(kind, math.nan) for frame in frames]
            return values[0] if name == kind else _over_time(name, args, times, values)
        return _of_tokens(name, args, frames[0], frames[-1])

    def _word_cosine(self, word: str, t: float, *lanes: int) -> float:
        """Return the cosine of the states of a word in two lanes."""
        rows: list[AnyArray] = []
        for lane in lanes:
            tokens = self._sentences.tokens_of(word, lane)
            frame = self._frames[lane - 1][float(t)]
            there = frame.rows_of(tokens)
            rows.append(frame.x[[there[i] for i in tokens]].astype(float).mean(0))
        a, b = rows
        return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def _of_words(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return word, time and two lanes, the first and the second if none is given."""
    word, t, *lanes = args
    a, b = (*lanes, *(1, 2)[len(lanes) :])
    return word, t, int(a), int(b)


def _over_time(
    name: str, args: tuple[Any, ...], times: tuple[float, ...], values: list[float]
) -> Any:
    steps, size = np.diff(values), SLACK * max(map(abs, values))
    match name:
        case "rises":
            return bool((steps >= -size).all() and values[-1] > values[0])
        case "falls":
            return bool((steps <= size).all() and values[-1] < values[0])
        case "least":
            return min(values)
        case "most":
            return max(values)
        case "spread":
            return max(values) - min(values)
        case _:
            return _reached(float(args[1]), times, values)


def _reached(goal: float, times: tuple[float, ...], values: list[float]) -> float:
    """Return the first time at which a value has come to a goal; ∞ if never."""
    falling = values[0] > goal
    for t, value in zip(times, values, strict=True):
        if (value <= goal) if falling else (value >= goal):
            return t
    return math.inf


def _of_tokens(name: str, args: tuple[Any, ...], first: Frame, last: Frame) -> float:
    i = int(args[0]) - 1
    x, here = last.x.astype(float), last.rows_of((i,))
    if i not in here:
        raise ValueError(f"there is no token {i + 1}. Count from 1.")
    a = x[here[i]]
    if name == "moved":
        return float(np.linalg.norm(a - first.x[first.rows_of((i,))[i]]))
    if name == "length":
        return float(np.linalg.norm(a))
    j = int(args[1]) - 1
    if j not in (there := last.rows_of((j,))):
        raise ValueError(f"there is no token {j + 1}. Count from 1.")
    b = x[there[j]]
    if name == "distance":
        return float(np.linalg.norm(a - b))
    if name == "weight":
        if i not in last.rows:
            raise ValueError("this law has no weights of tokens. Check another number.")
        return float(np.mean(last.rows[i], axis=0)[there[j]])
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))
