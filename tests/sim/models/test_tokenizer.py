"""Tokenisers: the numbers that the usual library gives, word by word."""

import json
import string

import pytest
from helpers.checkpoints import TINY, minilm
from helpers.paths import DATA

from sim.models.normalising import pattern_words
from sim.models.tokenizer import read_tokenizer

IDS = json.loads((DATA / "tokenizer_ids.json").read_text(encoding="utf-8"))
"""Numbers of hard texts by the package tokenizers 0.23, for each tokeniser."""
LLAMA = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"
    r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
SPLIT = {"type": "Split", "pattern": {"Regex": LLAMA}, "behavior": "Isolated"}
LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False}


def written(folder, **changes):
    data = json.loads((TINY / "tokenizer.json").read_text(encoding="utf-8"))
    (folder / "tokenizer.json").write_text(json.dumps(data | changes), encoding="utf-8")
    return read_tokenizer(folder)


@pytest.mark.slow
def test_byte_level_bpe():
    own = read_tokenizer(TINY)
    for text, want in zip(IDS["texts"], IDS["bpe"], strict=True):
        assert list(own.encode(text).ids) == want, text


@pytest.mark.slow
def test_byte_level_bpe_with_a_pattern_of_its_own(tmp_path):
    plan = {"type": "Sequence", "pretokenizers": [SPLIT, LEVEL]}
    own = written(tmp_path, pre_tokenizer=plan, normalizer=None)
    for text, want in zip(IDS["texts"], IDS["pattern"], strict=True):
        assert list(own.encode(text).ids) == want, text


def test_word_piece(tmp_path):
    """On a vocabulary of characters and a few pieces, with the rules of BERT."""
    (tmp_path / "tokenizer.json").write_text(json.dumps(IDS["bert"]), encoding="utf-8")
    own = read_tokenizer(tmp_path)
    for text, want in zip(IDS["texts"], IDS["word_piece"], strict=True):
        assert list(own.encode(text).ids) == want, text


@pytest.mark.skipif(minilm() is None, reason="the float32 MiniLM is not installed")
def test_word_piece_of_minilm():
    own = read_tokenizer(minilm())
    for text, want in zip(IDS["texts"], IDS["minilm"], strict=True):
        assert list(own.encode(text).ids) == want, text


def test_words_of_several_pieces(tmp_path):
    found = read_tokenizer(TINY, begin=0).encode("The boat drifted")
    assert found.special == (True, False, False, False, False, False, False)
    assert found.find("drifted").tokens == (4, 5, 6)
    assert " drifted = dr + if + ted" in found.in_pieces()
    with pytest.raises(ValueError, match="no word 'ship'; it has the, boat, drifted"):
        found.find("ship")


def test_patterns_use_letters_and_numbers_of_all_alphabets():
    text = "naïve Ⅷ²½ 漢字 x_1"
    assert pattern_words(text, r"\p{L}+|\p{N}+") == [
        *("naïve", " ", "Ⅷ²½", " ", "漢字", " ", "x", "_", "1")
    ]
    assert pattern_words("a\x1fb", r"\S+") == ["a\x1fb"]
    with pytest.raises(ValueError, match="pattern of words cannot be used"):
        pattern_words("a", "(")


def test_letters_of_bytes_are_one_for_each():
    from sim.models.pieces import byte_letters, byte_values

    assert len(set(byte_letters())) == len(byte_values()) == 256
    assert all(byte_letters()[ord(c)] == c for c in string.ascii_letters)
