"""Functions of a cue about a sentence give what the model itself gives."""

import numpy as np
import pytest

import sim
from sim.lessons import check_cue
from sim.lessons.parser import parsed_lesson
from sim.models.head_spectra import head_spectra
from sim.models.interventions import Intervention
from sim.models.senses import APPLE

FRUIT, FIRM = APPLE[0][0], APPLE[1][0]
CUE = """---
title: A lesson
---

## A cue

```cue
{}
```
"""


def results(tmp_path, *lines):
    made = parsed_lesson(CUE.format("\n".join(lines)), tmp_path / "a.md")
    assert not made.faults
    return check_cue(made.cues[0])


def value(tmp_path, expression, *lines):
    answer = f"answer: {{{expression}:.12f}}"
    found = results(tmp_path, *lines, answer, "check: n > 0")[1]
    return float(found.replace("\u2212", "-"))


def cosine(a, b):
    return a @ b / np.linalg.norm(a) / np.linalg.norm(b)


def test_words_heads_and_layers(tmp_path):
    model = sim.open_model()
    one, two = (model.forward(text, np.float64) for text in (FRUIT, FIRM))

    def same(expression, expected, preset="apple"):
        found = value(tmp_path, expression, f"preset: {preset}", "until: 12")
        assert found == pytest.approx(expected, abs=1e-11)

    for k in (0, 7):
        same(
            f'word_cosine("apple", {k})', cosine(one.states[k, 5], two.states[k, 3 - 1])
        )
    same("head_weight(2, 12, 6, 1)", one.attention[1, 11, 5, 0])
    same("head_weight(2, 12, 2, 3, 2)", two.attention[1, 11, 1, 2])
    words = one.states[12, 1:-1]
    pairs = [cosine(a, b) for i, a in enumerate(words) for b in words[i + 1 :]]
    same("layer_cosine(12)", np.mean(pairs))
    centred = one.states[4] - one.states[4].mean(0)
    same("layer_residual(4)", np.linalg.norm(centred) / np.linalg.norm(one.states[4]))
    found = head_spectra(model.transformer, 4, 0)
    same('head_eigenvalue("V·O", 5, 1, 32)', found.value.real.min())
    same('head_eigenvalue("D", 5, 1, 1)', found.score.real.max())


def test_interventions_and_parts_taken_away(tmp_path):
    model = sim.open_model()
    lines = (
        "preset: sentence",
        "set: dynamics.intervention.layer=6 dynamics.intervention.head=6",
        "compare: dynamics.intervention.action=off,frozen",
    )
    edits = [Intervention("off", 5, 5)]
    before, after = (model.states(FRUIT, np.float64), None)
    after = model.forward(FRUIT, np.float64, edits).states
    moved = np.linalg.norm(after[-1] - before[-1], axis=1)
    expected = np.mean(moved / np.linalg.norm(before[-1], axis=1))
    assert value(tmp_path, "final_moved(1)", *lines) == pytest.approx(expected)
    assert value(tmp_path, "final_moved(2)", *lines) == 0
    skip = [Intervention("off", part="skip")]
    bare = model.forward(FRUIT, np.float64, skip).states[4]
    size = np.linalg.svd(bare, compute_uv=False) ** 2
    share = size / size.sum()
    rank = np.exp(-(share * np.log(share)).sum())
    found = value(tmp_path, 'layer_rank(4, "without skip")', "preset: sentence")
    assert found == pytest.approx(rank)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("head_weight(7, 1, 1, 1)", "layer must be from 1 to 6"),
        ("head_weight(1, 0, 1, 1)", "head must be from 1 to 12"),
        ("head_weight(1, 1, 12, 1)", "token must be from 1 to 11"),
        ("layer_cosine(13)", "has 0 to 12"),
        ("layer_cosine(3, 2)", "lane 2: the cue has 1"),
        ('layer_rank(3, "no skip")', "Known are model"),
        ('sense("across", "pear", 1)', "Known are apple, bank"),
        ('word_cosine("pear", 1, 1, 1)', "no word 'pear'"),
        ("head_pull(1)", "is used as head_pull"),
    ],
)
def test_what_there_is_not_is_said(tmp_path, expression, said):
    with pytest.raises(ValueError, match=said):
        results(tmp_path, "preset: sentence", f"check: {expression} > 0")


def test_a_cue_without_a_sentence_has_none(tmp_path):
    with pytest.raises(ValueError, match="has no sentence"):
        results(tmp_path, "preset: collapse", "check: layer_cosine(1) > 0")
