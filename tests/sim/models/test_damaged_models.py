"""Damage that shows when a sentence is passed through a model: one message each."""

import json
import os
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from helpers.checkpoints import TINY, safetensors, tiny_arrays, tiny_copy

from sim.io.free_memory import free_memory
from sim.models.language_model import open_model


def test_states_that_are_not_finite_are_said_once(tmp_path):
    names = ("h.1.mlp.c_fc.weight", "h.1.mlp.c_proj.weight")
    huge = {name: tiny_arrays()[name] * np.float32(1e30) for name in names}
    weights = safetensors(tiny_arrays(**huge))
    model = open_model(tiny_copy(tmp_path / "model", weights=weights))
    with pytest.raises(ValueError, match="forward pass of this sentence: it has num"):
        model.states("the bank")


def test_no_room_for_matrices_of_another_type_is_said(monkeypatch):
    def full(*_):
        raise MemoryError

    monkeypatch.setattr("sim.models.transformer._cast", full)
    with pytest.raises(ValueError, match="no room in memory for its matrices in float"):
        open_model(TINY).states("the bank")


def test_products_without_room_for_buffers_are_not_begun(monkeypatch, tmp_path):
    model = open_model(tiny_copy(tmp_path / "model"))  # not yet cast by another test
    monkeypatch.setattr("sim.models.transformer.free_memory", partial(int, 90 << 20))
    with pytest.raises(ValueError, match="no room in memory for its matrices"):
        model.states("the bank", np.float64)


@pytest.mark.skipif(not Path("/proc/meminfo").exists(), reason="it is not known")
def test_free_memory_is_less_than_there_is():
    pages, size = (os.sysconf(f"SC_{name}") for name in ("PHYS_PAGES", "PAGE_SIZE"))
    assert 0 < free_memory() <= pages * size


def test_pieces_that_weights_or_vocabulary_lack(tmp_path):
    known = json.loads((TINY / "tokenizer.json").read_text(encoding="utf-8"))["model"]
    far = {piece: number + 10**9 for piece, number in known["vocab"].items()}
    model = open_model(
        tiny_copy(tmp_path / "a", tokenizer={"model": known | {"vocab": far}})
    )
    with pytest.raises(ValueError, match=r"the token 1,0[0-9,]+; this model has words"):
        model.states("x")
