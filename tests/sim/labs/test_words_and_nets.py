"""Decoder, byte-pair merges, word arithmetic and perceptron against other ways."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import expit, ndtr

from sim.labs.decoder import DICTIONARY, TARGET, Decoder
from sim.labs.pair_merges import PairMerges
from sim.labs.perceptron import ForwardPass
from sim.labs.word_sums import WordSums, embeddings
from sim.models.language_model import open_model


def shown(lab, name):
    """Return the item of a lab's plate that has this name."""
    return next(i for i in lab.compute().items if i.name == name)


@pytest.mark.parametrize("text", ["the cat eats a fish .", "a dog sees the bird"])
def test_a_sharp_decoder_translates_word_by_word(text):
    lab = Decoder(text=text)
    found = [TARGET[k] for k in lab.answer()]
    assert found == [DICTIONARY[w] for w in text.split()]


def test_next_token_has_probabilities_of_its_logits():
    lab = Decoder(temperature=2.0)
    chance = shown(lab, "next token").heights
    logits = shown(lab, "Logits").values[-1]
    e = [math.exp(v / 2) for v in logits]
    np.testing.assert_allclose(chance, np.array(e) / math.fsum(e), rtol=1e-12)


def test_later_words_do_not_change_earlier_logits():
    lab = Decoder()
    words, answer = lab.words(), lab.answer()
    whole = lab.logits(words, answer)[0]
    for t in range(len(answer)):
        np.testing.assert_allclose(
            lab.logits(words, answer[:t])[0], whole[: t + 1], atol=1e-12
        )


def test_a_flat_decoder_reads_the_mean_of_the_sentence():
    lab = Decoder(beta=0.0, repeat=0.0, gain=1.0)
    words = lab.words()
    logits, cross, _ = lab.logits(words, [])
    np.testing.assert_allclose(cross, 1 / len(words))
    np.testing.assert_allclose(logits[0], lab.encode(words)[1].mean(0))


def test_a_word_that_is_unknown_is_named():
    with pytest.raises(ValueError, match="zebra"):
        Decoder(text="the zebra").compute()


def test_the_first_merges_are_the_known_ones():
    learned, words = PairMerges(merges=3).learn()
    assert learned == [("u", "g"), ("u", "n"), ("h", "ug")]
    assert words == {
        ("hug",): 10,
        ("p", "ug"): 5,
        ("p", "un"): 12,
        ("b", "un"): 4,
        ("hug", "s"): 5,
    }
    first = shown(PairMerges(merges=0), "pairs")
    assert dict(zip(first.labels, first.heights, strict=True))["u g"] == 20
    assert dict(zip(first.labels, first.heights, strict=True))["h u"] == 15


def test_merges_lose_no_letter_and_end():
    lab = PairMerges(corpus="banana 3 bandana 2 nab 1", merges=100, word="banana")
    learned, words = lab.learn()
    assert ["".join(p) for p in words] == ["banana", "bandana", "nab"]
    assert all(len(p) == 1 for p in words)
    assert lab.pieces(learned) == ("banana",)
    with pytest.raises(ValueError, match="whole number"):
        PairMerges(corpus="hug ten").compute()


@pytest.mark.parametrize(
    ("text", "answer"),
    [("king - man + woman", "queen"), ("queen − woman + man", "king")],
)
def test_words_add_up(text, answer):
    assert WordSums(expression=text).nearest()[0][0] == answer


def test_cosines_are_those_of_the_vectors_of_the_model():
    model = open_model()
    a, b = (model.tokenizer.model.vocabulary[w] for w in ("dog", "dogs"))
    x, y = (model.transformer.words.rows([k], np.float64)[0] for k in (a, b))
    expected = math.fsum(x * y) / math.sqrt(math.fsum(x * x) * math.fsum(y * y))
    assert dict(WordSums(expression="dog").nearest())["dogs"] == pytest.approx(expected)
    assert len(embeddings()[0]) > 8000


@pytest.mark.parametrize("text", ["king man", "+", "king - xqzzv"])
def test_sums_that_are_none_are_refused(text):
    with pytest.raises(ValueError):
        WordSums(expression=text).compute()


def test_a_forward_pass_by_hand():
    lab = ForwardPass()
    sums = shown(lab, "sums").heights
    np.testing.assert_allclose(sums, [0.15, 0.28, -0.3])
    active = [1 / (1 + math.exp(-v)) for v in (0.15, 0.28, -0.3)]
    y = [active[0] + active[1] + 0.5 * active[2], -active[1] + 2 * active[2] + 0.1]
    np.testing.assert_allclose(shown(lab, "output").heights, y)


def test_activations_are_the_known_functions():
    t = np.linspace(-4, 4, 161)
    for name, expected, slope in (
        ("sigmoid", expit(t), expit(t) * expit(-t)),
        (
            "gelu",
            t * ndtr(t),
            ndtr(t) + t * np.exp(-t * t / 2) / math.sqrt(2 * math.pi),
        ),
        ("tanh", np.tanh(t), 1 / np.cosh(t) ** 2),
        ("silu", t * expit(t), expit(t) * (1 + t * expit(-t))),
    ):
        np.testing.assert_allclose(shown(ForwardPass(), name).y, expected, atol=1e-12)
        np.testing.assert_allclose(shown(ForwardPass(), f"{name}′").y, slope, atol=1e-7)


def test_tables_of_other_sizes_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        ForwardPass(inputs=((1.0, 2.0, 3.0),)).compute()
