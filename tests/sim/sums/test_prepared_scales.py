"""What is compiled before β changes serves the sums at any β."""

from functools import partial

import numpy as np
import pytest

from sim.jit.kernel import Kernel
from sim.sums import Problem, choose

N = 512  # tokens: the fewest for which other methods are prepared


def problem(score, n=N):
    """Return the sums of tokens on a circle, of length 1/2: β is four times that."""
    turn = np.linspace(0, 6, n)
    x = np.stack([np.cos(turn), np.sin(turn)], axis=-1).astype(np.float32) / 2
    return Problem(x, x, x, 4 * score)


@pytest.fixture
def at_once(monkeypatch):
    """Do at once what else is done in the background."""
    monkeypatch.setattr(choose, "run_in_background", lambda task: task())


@pytest.mark.parametrize("score", [0.3, 60.0, 900.0])
def test_no_score_needs_kernels_beyond_those_prepared(monkeypatch, at_once, score):
    choose.prepare_scales(problem(9.0))

    def refuse(*_):
        raise AssertionError("a sum compiled a kernel")

    monkeypatch.setattr(Kernel, "__init__", refuse)
    choose.best(problem(score)).sums(problem(score))


def test_scores_are_those_of_beta_from_a_tenth_to_a_thousand(monkeypatch, at_once):
    asked = []

    def best(at):
        asked.append(at.max_score)
        return choose.METHODS[0]

    monkeypatch.setattr(choose, "best", best)
    choose.prepare_scales(problem(9.0))
    assert asked == pytest.approx(choose.SCORES)


def test_few_tokens_prepare_nothing(monkeypatch):
    monkeypatch.setattr(choose, "run_in_background", partial(pytest.fail, "started"))
    choose.prepare_scales(problem(9.0, N // 2))
