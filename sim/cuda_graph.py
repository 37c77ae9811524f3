"""Steps on a graphics card as CUDA graphs: recorded once, then launched at once.

Every kernel costs the processor some microseconds, and a step has some sixty: of few
tokens a card spends most of its time waiting.  A graph holds them all.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from math import prod
from typing import TYPE_CHECKING

from sim.arrays import namespace, to_host
from sim.attention.softmax import SoftmaxAttention
from sim.state import State
from sim.sums.choose import best

if TYPE_CHECKING:
    from sim.field import Field
    from sim.scenario import Scenario

Step = Callable[[State, float], State]

MOST = 1 << 28  # pairs: from here on sums take longer than their launches
WARM = 2  # steps before the recorded one: kernels are loaded, memory is at hand
TRIED = 2  # steps that must agree, the second from other tokens than were recorded


class Tape:
    """A step x ↦ x', recorded: a function of the tokens alone.

    Tokens are copied to where the graph reads them, and back from where it leaves them.
    All between lies in a pool of its own, which lives as long as the graph does.

    Parameters
    ----------
    step : (State, float) -> State
        Launches the step, kernel by kernel; reads nothing back from the card.
    s : State
        Any state of the run.
    h : float
        How long the step is.
    """

    def __init__(self, step: Step, s: State, h: float) -> None:
        cuda = import_module("cupy").cuda
        pool, stream = cuda.MemoryPool(), cuda.Stream(non_blocking=True)
        weakref.finalize(self, pool.free_all_blocks).atexit = False
        cuda.get_current_stream().synchronize()  # the tokens of `s` are there
        with stream, cuda.using_allocator(pool.malloc):
            self.h, self._entry = h, s.x.copy()
            later = s.t + h  # not the time of `s`: what depends on it then shows

            def once() -> State:
                # A view each time: sums that were made of another are made anew.
                return step(State(later, self._entry[...], s.p), h)

            for _ in range(WARM):
                once()
            stream.begin_capture()
            try:
                self._exit = once().x
            except Exception:
                with suppress(Exception):  # what went wrong first is what to tell
                    stream.end_capture()
                raise
            self._graph = stream.end_capture()
        stream.synchronize()

    def __call__(self, s: State) -> State:
        """Return the state after `h`: (n, d)."""
        self._entry[...] = s.x
        self._graph.launch()
        return State(s.t + self.h, self._exit.copy(), s.p)


def recorded(
    scenario: Scenario, field: Field, s: State, step: Step
) -> tuple[Tape | None, str]:
    """Return the steps of a run as a graph, if that can be trusted, and a line on it.

    Nothing is said where there is no card.
    """
    if namespace(s.x).__name__ != "cupy":
        return None, ""
    why = hindrance(scenario, field, s)
    if not why:
        try:
            tape = Tape(step, s, scenario.step)
            if agree(tape, step, s):
                return tape, "all kernels of a step are launched at once"
            why = "the graph does not give the same numbers here"
        except Exception as error:  # CuPy raises many kinds
            why = f"they cannot be recorded here ({type(error).__name__}: {error})"
    return None, f"kernels are launched one by one: {why}"


def agree(tape: Tape, step: Step, s: State) -> bool:
    """Whether replays give what steps give, to the last bit, on this very card."""
    plain = replayed = s
    for _ in range(TRIED):
        plain, replayed = step(plain, tape.h), tape(replayed)
        if to_host(plain.x).tobytes() != to_host(replayed.x).tobytes():
            return False
    return True


def hindrance(scenario: Scenario, field: Field, s: State) -> str:
    """Say why steps from `s` cannot be recorded; nothing if they can."""
    if why := unsettled(scenario, field, s):
        return why
    if not scenario.space.autonomous:
        return "the space changes with time"
    if not scenario.integrator.fixed_operations:
        return f"{scenario.integrator.title} draws numbers, or looks at them"
    if scenario.clock.span(scenario.step, scenario.step) != scenario.step:
        return "the clock races, so that no two steps are alike"
    if prod(s.x.shape[:-1]) * s.x.shape[-2] > MOST:
        return "sums over so many pairs take longer than launches"
    return ""


def unsettled(scenario: Scenario, field: Field, s: State) -> str:
    """Say why the way of summing depends on the tokens; nothing if it does not.

    Where their space keeps tokens at length 1 and `cuda` sums them as they are, scores
    have a bound that need not be read back from the card: sums are told.
    """
    a = field.attention
    if not scenario.space.bounded:
        return "tokens have any length, which is read back before every sum"
    if not isinstance(a, SoftmaxAttention) or field.carrier:
        return "the law is no attention of tokens without momenta"
    if a.schedule is not None:
        return "the law changes with depth"
    p = a.problem(s.x)
    if not (p.queries is p.keys is p.values and a.feed_forward is None):
        return "masses, positions, Q, K and blocks need what CuPy cannot record"
    a.cache.length = 1.0
    name = best(a.problem(s.x)).name
    if name != "cuda":
        a.cache.length = None
        return f"sums are made by {name}"
    return ""
