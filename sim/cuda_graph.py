"""Steps on a graphics card as CUDA graphs: recorded once, then launched at once.

Launching a kernel takes some microseconds, and a step has about sixty kernels: with few
tokens a card spends most of its time waiting.  A graph launches them all at once.
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

MAX_PAIRS = 1 << 28  # of tokens: above, sums take longer than their launches
WARM_UP_STEPS = 2  # before the recorded one: they load kernels and reserve memory
COMPARED_STEPS = 2  # that must agree; the second starts from other tokens


class StepGraph:
    """A step x ↦ x', recorded: a function of the tokens alone.

    Tokens are copied to where the graph reads them, and back from where it leaves them.
    All memory between is in a pool of its own, which lives as long as the graph.

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
            self.h, self._input = h, s.x.copy()
            later = s.t + h  # not the time of `s`: a dependence on time then shows

            def once() -> State:
                # A new view each time, so that cached sums are not reused.
                return step(State(later, self._input[...], s.p), h)

            for _ in range(WARM_UP_STEPS):
                once()
            stream.begin_capture()
            try:
                self._output = once().x
            except Exception:
                with suppress(Exception):  # the first error is the one to report
                    stream.end_capture()
                raise
            self._graph = stream.end_capture()
        stream.synchronize()

    def __call__(self, s: State) -> State:
        """Return the state after `h`: (n, d)."""
        self._input[...] = s.x
        self._graph.launch()
        return State(s.t + self.h, self._output.copy(), s.p)


def recorded_step(
    scenario: Scenario, field: Field, s: State, step: Step
) -> tuple[StepGraph | None, str]:
    """Return the step of a run as a graph, if it can be trusted, and the launch mode.

    The text is empty without a card.
    """
    if namespace(s.x).__name__ != "cupy":
        return None, ""
    why = why_not_recorded(scenario, field, s)
    if not why:
        try:
            graph = StepGraph(step, s, scenario.step)
            if replays_agree(graph, step, s):
                return graph, "all kernels of a step are launched at once"
            why = "the graph does not give the same numbers here"
        except Exception as error:  # CuPy raises many kinds
            why = f"they cannot be recorded here ({type(error).__name__}: {error})"
    return None, f"kernels are launched one by one: {why}"


def replays_agree(graph: StepGraph, step: Step, s: State) -> bool:
    """Whether replays equal steps to the last bit, on this card."""
    plain = replayed = s
    for _ in range(COMPARED_STEPS):
        plain, replayed = step(plain, graph.h), graph(replayed)
        if to_host(plain.x).tobytes() != to_host(replayed.x).tobytes():
            return False
    return True


def why_not_recorded(scenario: Scenario, field: Field, s: State) -> str:
    """Return why steps from `s` cannot be recorded; empty if they can."""
    if why := why_sums_depend_on_tokens(scenario, field, s):
        return why
    if not scenario.space.autonomous:
        return "the space changes with time"
    if not scenario.integrator.fixed_operations:
        return f"{scenario.integrator.title} draws numbers or branches on them"
    if scenario.clock.span(scenario.step, scenario.step) != scenario.step:
        return "steps of the clock differ in length"
    if prod(s.x.shape[:-1]) * s.x.shape[-2] > MAX_PAIRS:
        return "sums over so many pairs take longer than launches"
    return ""


def why_sums_depend_on_tokens(scenario: Scenario, field: Field, s: State) -> str:
    """Return why the method of summation depends on the tokens; empty if it does not.

    Where tokens have length 1 and `cuda` sums them directly, the bound on scores is
    known and need not be read back from the card: the cache of sums gets it here.
    """
    a = field.attention
    if not scenario.space.bounded:
        return "lengths of tokens are read back before every sum"
    if not isinstance(a, SoftmaxAttention) or field.carrier:
        return "the law is not softmax attention of tokens without momenta"
    if a.schedule is not None:
        return "the law changes with depth"
    p = a.problem(s.x)
    if not (p.queries is p.keys is p.values and a.feed_forward is None):
        return (
            "masses, positions, Q, K and MLPs need operations that CuPy cannot record"
        )
    a.cache.length = 1.0
    name = best(a.problem(s.x)).name
    if name != "cuda":
        a.cache.length = None
        return f"sums are computed by {name}"
    return ""
