"""The encoder that comes with the program: near the float32 one, and small."""

import json

import numpy as np
import pytest
from helpers.paths import DATA, ROOT

from sim.models.language_model import folder_of, open_model

HOME = ROOT / "assets" / "models" / "minilm"
KNOWN = ("bank_river", "bank_money", "one_token")  # of whose words it has all pieces
LEAST = 0.999  # cosine of a token's state with the one in float64


def cosines(a, b):
    a, b = a.astype(float), b.astype(float)
    return (a * b).sum(-1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)


@pytest.mark.slow
@pytest.mark.parametrize("case", KNOWN)
def test_states_are_near_those_of_float32(case):
    z = np.load(DATA / f"transformer_minilm_{case}.npz")
    encoding = open_model().encode(str(z["sentence"]))
    assert list(encoding.names) == z["tokens"].tolist()
    found = open_model().forward(str(z["sentence"]))
    assert cosines(found.states[::2], z["hidden"]).min() >= LEAST
    assert cosines(found.states[1::2], z["post_attn"]).min() >= LEAST
    assert np.abs(found.attention - z["attention"]).max() < 0.03


@pytest.mark.slow
def test_words_without_a_piece_are_split_and_said():
    z = np.load(DATA / "transformer_minilm_unicode.npz")
    encoding = open_model().encode(str(z["sentence"]))
    assert "naive" in z["tokens"].tolist()
    assert "naive = na + ##ive" in encoding.in_pieces()


@pytest.mark.slow
def test_it_is_described_and_loaded_once():
    model = open_model()
    assert model is open_model("asset:minilm") is open_model(HOME)
    assert model.about() == "minilm: bert, 6 layers, 12 heads, d = 384, apache-2.0"
    assert model.transformer.positions == 512


def test_folder_is_small_and_has_its_licence():
    sizes = {p.name: p.stat().st_size for p in HOME.iterdir()}
    assert sum(sizes.values()) <= 16e6
    assert "Apache License" in (HOME / "LICENSE.txt").read_text(encoding="utf-8")
    assert "What is changed" in (HOME / "README.md").read_text(encoding="utf-8")


def test_vocabulary_can_spell_every_word_in_ascii():
    data = json.loads((HOME / "tokenizer.json").read_text(encoding="utf-8"))
    words = data["model"]["vocab"]
    assert sorted(words.values()) == list(range(len(words)))
    letters = [chr(k) for k in range(33, 127) if not chr(k).isupper()]
    assert all(c in words for c in letters)
    assert all(f"##{c}" in words for c in letters if c.isalnum())


@pytest.mark.parametrize("path", ["asset:nothing", "asset:../fonts", "asset:"])
def test_other_assets_are_refused(path):
    with pytest.raises(ValueError, match="there is no such model; there are minilm"):
        folder_of(path)
