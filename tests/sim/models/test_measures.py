"""Measures of a sentence's way through a model, with controls and nulls."""

import numpy as np
import pytest
from helpers.checkpoints import TINY

from sim.models.functions import softmax
from sim.models.interventions import Intervention
from sim.models.language_model import open_model
from sim.models.law_beside_model import (
    BETAS,
    SENTENCES,
    compare_with_law,
    law_beside_model,
    law_direction,
    tangent,
    value_traces,
)
from sim.models.measures import (
    PATHS,
    effective_rank,
    mean_cosine,
    rank_residual,
    unit,
)
from sim.models.senses import EXAMPLES, senses, word_states
from sim.models.transformer import Pass

SHORT = ("the bank of the river", "a bird in a tree", "she opened an account", "light")


@pytest.fixture(scope="module")
def tiny():
    return open_model(TINY)


def random_pass(rng, n, d, heads, update):
    """A pass of one layer whose heads move tokens as `update` says."""
    x = rng.standard_normal((n, d)) + 0.8
    parts = np.stack([update(x, h) for h in range(heads)])
    states = np.stack([x, x, x])
    updates = np.stack([parts.sum(0), 0 * x])
    return Pass(states, np.zeros((1, heads, n, n)), parts[None], updates, x)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("beta", [1.0, 8.0])
def test_a_planted_law_gives_one_and_its_beta(beta, masked):
    rng = np.random.default_rng(2)

    def planted(x, h):
        return (h + 1) * law_direction(unit(x), beta, masked) + 0.3 * x

    passes = [random_pass(rng, n, 16, 3, planted) for n in (9, 12, 7, 10)]
    found = compare_with_law(passes[:2], passes[2:], masked=masked)
    assert np.allclose(found.law, 1, atol=1e-12)
    assert np.all(found.beta == beta)
    assert found.beats_both.all()


def test_a_planted_repulsion_gives_minus_one():
    rng = np.random.default_rng(3)
    passes = [
        random_pass(rng, 9, 16, 2, lambda x, _h: -law_direction(unit(x), 2.0, False))
        for _ in range(4)
    ]
    found = compare_with_law(passes[:2], passes[2:], masked=False)
    assert np.allclose(found.law, -1, atol=1e-12)


def test_random_values_stay_within_the_nulls():
    """V·O drawn at random, attention as the law has it: no head is explained."""
    rng = np.random.default_rng(4)
    heads, d = 24, 64
    through = rng.standard_normal((heads, d, d)) / np.sqrt(d)

    def drawn(x, h):
        u = unit(x)
        return softmax(2.0 * (u @ u.T)) @ u @ through[h]

    passes = [random_pass(rng, 12, d, heads, drawn) for _ in range(8)]
    found = compare_with_law(passes[:4], passes[4:], masked=False)
    assert not found.beats_both[:, :-1].any()
    assert np.abs(found.law[:, :-1]).max() < 0.2


def test_direction_of_the_law_is_that_of_its_formula():
    rng = np.random.default_rng(5)
    u = unit(rng.standard_normal((6, 4)))
    for i in range(6):
        w = np.exp(3.0 * u @ u[i])
        y = (w[:, None] * u).sum(0) / w.sum()
        want = y - (y @ u[i]) * u[i]
        assert np.allclose(law_direction(u, 3.0, False)[i], want, atol=1e-14)
    assert np.abs((tangent(u, u[::-1]) * u).sum(-1)).max() < 1e-14


def test_every_head_and_the_whole_are_compared(tiny):
    found = law_beside_model(tiny, SHORT)
    assert found.law.shape == found.to_mean.shape == (4, 5)
    assert set(found.beta.ravel()) <= set(BETAS)
    assert np.abs(found.law).max() <= 1
    assert "of 16 heads beat both nulls" in str(found)
    assert np.array_equal(law_beside_model(tiny, SHORT).permuted, found.permuted)
    with pytest.raises(ValueError, match="two sentences are needed"):
        law_beside_model(tiny, SHORT[:1])


@pytest.mark.slow
def test_figures_of_the_shipped_encoder():
    """What the page says: 2 of 72 heads, and a pull to the mean in the last layer."""
    model = open_model()
    found = law_beside_model(model, SENTENCES)
    assert found.beats_both[:, :-1].sum() == 2
    last = [a[-1, -1] for a in (found.law, found.to_mean, found.permuted)]
    assert np.allclose(last, [0.20, 0.01, 0.14], atol=0.006)
    traces = value_traces(model.transformer)
    assert np.corrcoef(traces.ravel(), found.law[:, :-1].ravel())[0, 1] > 0.6


@pytest.mark.slow
def test_senses_of_apple_part_and_those_of_bank_hardly_do():
    apple, bank = (
        senses(open_model(), word, *EXAMPLES[word]) for word in ("apple", "bank")
    )
    assert apple.across.shape == (4, 13) and apple.first.shape == (1, 13)
    assert apple.across[:, 0].min() > 0.95
    assert apple.across.mean(0)[-1] == pytest.approx(0.62, abs=0.02)
    assert apple.beyond_controls[-1] > 0.2
    assert 0 < bank.beyond_controls[-1] < 0.1


def test_senses_need_controls_and_the_word(tiny):
    with pytest.raises(ValueError, match="without a control a cosine says nothing"):
        senses(tiny, "bank", SHORT[:1], SHORT[:2])
    with pytest.raises(ValueError, match="no word 'ship'"):
        word_states(tiny, SHORT[0], "ship")


def test_a_word_in_pieces_is_their_mean(tiny):
    tokens = list(tiny.encode(SHORT[2]).find("opened").tokens)
    assert len(tokens) == 2
    want = tiny.states(SHORT[2], float)[:, tokens].mean(1)
    assert np.array_equal(word_states(tiny, SHORT[2], "opened"), want)


def test_ranks_of_what_is_known():
    e = np.eye(5, 8)
    assert effective_rank(3 * e) == pytest.approx(5)
    assert effective_rank(np.ones((4, 3))) == pytest.approx(1)
    assert rank_residual(np.ones((4, 3))) == pytest.approx(0, abs=1e-12)
    assert rank_residual(np.array([[1.0, 0], [-1, 0]])) == pytest.approx(1)
    assert rank_residual(e) == pytest.approx(np.sqrt(1 - 1 / 5))
    assert mean_cosine(np.array([[2.0, 0], [0, 1], [3, 0]])) == pytest.approx(1 / 3)
    assert np.isnan(mean_cosine(np.ones((1, 3))))


def test_without_the_skip_a_half_layer_replaces_the_states(tiny):
    t = tiny.transformer.cast(np.float64)
    found = tiny.forward(SHORT[0], float, [Intervention("off", 0, part="skip")])
    x = tiny.states(SHORT[0], float)[0]
    for half, want in zip(t.halves[:2], found.states[1:3], strict=True):
        x = half.update(half.input(x))
        assert np.allclose(x, want, atol=1e-12)
    with pytest.raises(ValueError, match="skip of a layer can only be off"):
        tiny.forward(SHORT[0], float, [Intervention("beta", 0, part="skip")])


@pytest.mark.slow
def test_attention_alone_loses_rank_and_the_skip_keeps_it():
    text = SENTENCES[0]
    last = {
        k: open_model().forward(text, float, e).states[-1] for k, e in PATHS.items()
    }
    assert rank_residual(last["attention alone"]) < 1e-3
    assert rank_residual(last["without skip"]) < 1e-2
    assert rank_residual(last["model"]) > 0.5
    assert rank_residual(last["without MLP"]) > 0.5
