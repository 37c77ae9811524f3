"""Checkpoint folders: damaged and foreign ones get one message each."""

import json

import numpy as np
import pytest
from helpers.checkpoints import TINY, safetensors, tiny_arrays, tiny_copy

from sim.models.checkpoint import open_checkpoint
from sim.models.language_model import open_model
from sim.models.quantised import quantise
from sim.models.safetensors import read_tensors

NAN = np.full((64, 64), np.nan, "f4")


def entry(**changes):
    return {"x": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]} | changes}


FILES = {
    "cut short": (safetensors({"x": np.ones(9, "f4")})[:-8], "is cut short or damaged"),
    "empty": (b"", "is no safetensors file, or is cut short"),
    "header of 100 MB": ((100 * 2**20).to_bytes(8, "little"), "header would have 104,"),
    "header longer than the file": ((99).to_bytes(8, "little") + b"{}", "99 bytes"),
    "header is no JSON": ((4).to_bytes(8, "little") + b"\x80abc", "is no JSON group"),
    "header is a list": ((2).to_bytes(8, "little") + b"[]", "is no JSON group"),
    "offsets outside": (
        safetensors({}, entry(data_offsets=[4, 12])),
        "would lie at bytes 4 to 12",
    ),
    "offsets backwards": (
        safetensors({}, entry(data_offsets=[8, 4])),
        "would lie at bytes 8 to 4",
    ),
    "negative offsets": (
        safetensors({}, entry(data_offsets=[-8, 0])),
        "must give its dtype, shape and data_offsets",
    ),
    "a shape that lies": (
        safetensors({"x": np.ones(9, "f4")}, entry(shape=[3, 7], data_offsets=[0, 36])),
        r"3 × 7 of type F32, 4 bytes each, but 36 bytes",
    ),
    "quantised type": (
        safetensors({"x": np.ones(8, "i1")}, entry(dtype="F8_E4M3")),
        "type F8_E4M3, which are not read",
    ),
    "no type": (safetensors({}, {"x": {"shape": [2]}}), "must give its dtype"),
}


@pytest.mark.parametrize("content, part", FILES.values(), ids=FILES)
def test_damaged_files_of_weights(tmp_path, content, part):
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=part) as caught:
        read_tensors(path)
    assert "model.safetensors" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_types_are_read_as_numbers(tmp_path):
    x = np.array([1.5, -2.25, 0.125], "f4")
    half = (x.view("u4") >> 16).astype("u2")
    path = tmp_path / "model.safetensors"
    arrays = {"a": x, "b": x.astype("f8"), "c": x.astype("f2"), "d": half.view("f2")}
    raw = safetensors(arrays)
    size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + size])
    header["d"]["dtype"] = "BF16"
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + raw[8 + size :])
    found = read_tensors(path)
    assert all(np.array_equal(found[k].floats(), x) for k in "abcd")


def without(folder, name):
    (folder / name).unlink()
    return folder


FOLDERS = {
    "no config": (lambda f: without(tiny_copy(f), "config.json"), "no config.json"),
    "no tokenizer": (
        lambda f: without(tiny_copy(f), "tokenizer.json"),
        "no tokenizer.json",
    ),
    "no weights": (
        lambda f: without(tiny_copy(f), "model.safetensors"),
        "no weights in it, model.safetensors",
    ),
    "unknown type": (
        lambda f: tiny_copy(f, config={"model_type": "mamba"}),
        "'mamba' is not known; known are bert, gpt2, llama",
    ),
    "quantised": (
        lambda f: tiny_copy(f, config={"quantization_config": {"bits": 4}}),
        "its weights are quantised",
    ),
    "NaN": (
        lambda f: tiny_copy(
            f, weights=safetensors(tiny_arrays(**{"h.0.attn.c_proj.weight": NAN}))
        ),
        "h.0.attn.c_proj.weight: it has numbers that are not finite",
    ),
    "another shape": (
        lambda f: tiny_copy(f, config={"n_embd": 32}),
        "asks for 32 × 96",
    ),
    "layers that are not there": (
        lambda f: tiny_copy(f, config={"n_layer": 5}),
        "have no h.4.attn.c_attn.weight",
    ),
    "no number": (lambda f: tiny_copy(f, config={"n_layer": "4"}), "n_layer must be"),
    "activation": (
        lambda f: tiny_copy(f, config={"activation_function": "snake"}),
        "activation 'snake' is not known",
    ),
    "activation of no name": (
        lambda f: tiny_copy(f, config={"activation_function": ["gelu"]}),
        "is not known; known are gelu",
    ),
    "normalizer of no group": (
        lambda f: tiny_copy(f, tokenizer={"normalizer": "Lowercase"}),
        "or is damaged. Copy it again",
    ),
    "special token without a number": (
        lambda f: tiny_copy(
            f,
            tokenizer={"added_tokens": [{"content": "x", "id": "1", "special": True}]},
        ),
        "a number of a piece, from 0, at '1'",
    ),
    "heads": (lambda f: tiny_copy(f, config={"n_head": 7}), "n_head = 7 must divide"),
    "integers without scales": (
        lambda f: tiny_copy(
            f,
            weights=safetensors(
                tiny_arrays(**{"h.0.mlp.c_fc.weight": np.ones((64, 256), "i1")})
            ),
        ),
        "type I8 without the scales",
    ),
    "tokeniser": (
        lambda f: tiny_copy(f, tokenizer={"model": {"type": "Unigram", "vocab": []}}),
        "the tokeniser 'Unigram' is not known",
    ),
    "tokeniser without words": (
        lambda f: tiny_copy(f, tokenizer={"model": {"type": "BPE", "merges": []}}),
        "tokenizer.json: it lacks 'vocab'",
    ),
    "normalizer": (
        lambda f: tiny_copy(f, tokenizer={"normalizer": {"type": "Precompiled"}}),
        "normalizer 'Precompiled' is not known",
    ),
}


@pytest.mark.parametrize("make, part", FOLDERS.values(), ids=FOLDERS)
def test_bad_folders(tmp_path, make, part):
    with pytest.raises((ValueError, OSError), match=part) as caught:
        open_model(make(tmp_path / "model"))
    assert "\n" not in str(caught.value)


def test_no_folder(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no such folder"):
        open_model(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(FileNotFoundError, match="is no folder"):
        open_model(tmp_path / "file")
    with pytest.raises(ValueError, match="no model is given"):
        open_model("")


def test_pickles_are_refused_and_never_read(tmp_path):
    folder = without(tiny_copy(tmp_path / "model"), "model.safetensors")
    (folder / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'false'\ntR.")
    with pytest.raises(
        ValueError, match=r"weights are pickles.*safe_serialization=True"
    ):
        open_model(folder)


def test_damaged_json(tmp_path):
    folder = tiny_copy(tmp_path / "model")
    (folder / "config.json").write_text("{")
    with pytest.raises(ValueError, match=r"config\.json: it is damaged"):
        open_model(folder)


def sharded(folder, names=("model-1.safetensors", "model-2.safetensors")):
    arrays = tiny_arrays()
    halves = dict(list(arrays.items())[::2]), dict(list(arrays.items())[1::2])
    without(tiny_copy(folder), "model.safetensors")
    places = {}
    for name, half in zip(names, halves, strict=True):
        (folder / name).write_bytes(safetensors(half))
        places |= dict.fromkeys(half, name)
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": places}))
    return folder


def test_weights_in_several_files(tmp_path):
    folder = sharded(tmp_path / "model")
    want = open_model(TINY).states("the bank")
    assert np.array_equal(open_model(folder).states("the bank"), want)
    (folder / "model-2.safetensors").unlink()
    with pytest.raises(ValueError, match=r"model-2\.safetensors is missing, one of 2"):
        open_model(folder)


def test_an_index_names_only_files_beside_it(tmp_path):
    folder = sharded(tmp_path / "model")
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"x": "../outside.safetensors"}}))
    with pytest.raises(ValueError, match="is not the name of a file beside it"):
        open_model(folder)


def test_a_model_is_loaded_once_while_its_files_stay_the_same(tmp_path):
    folder = tiny_copy(tmp_path / "model")
    first = open_model(folder)
    assert open_model(str(folder)) is first
    digest = first.files.sha256
    changed = tiny_arrays()
    changed["wte.weight"] = changed["wte.weight"] * 2
    (folder / "model.safetensors").write_bytes(safetensors(changed))
    second = open_model(folder)
    assert second is not first
    assert second.files.sha256 != digest


def test_licence_is_that_of_the_folder(tmp_path):
    folder = tiny_copy(tmp_path / "model")
    assert "licence not stated" in open_model(folder).about()
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n")
    assert open_checkpoint(folder).licence == "apache-2.0"


@pytest.mark.parametrize("words, part", [("", "is empty"), (" \t", "is empty")])
def test_empty_sentences(words, part):
    with pytest.raises(ValueError, match=part):
        open_model(TINY).forward(words)


def test_sentences_that_are_too_long():
    with pytest.raises(ValueError, match=r"has 203 tokens; this model takes 1 to 128"):
        open_model(TINY).forward("a " * 201)
    with pytest.raises(ValueError, match="100,001 characters"):
        open_model(TINY).forward("a" * 100_001)


def test_eight_bits_lose_less_than_half_a_step():
    rng = np.random.default_rng(3)
    x = rng.standard_normal((7, 96)).astype("f4") * rng.uniform(0, 9, (7, 1))
    x[2, :32] = 0
    codes, scale = quantise(x.astype("f4"))
    back = codes.reshape(7, 3, 32) * scale[..., None].astype("f4")
    error = np.abs(back - x.reshape(7, 3, 32))
    assert np.all(error <= scale[..., None] * 0.51 + np.abs(back) * 2**-10)
    assert codes.dtype == np.int8 and np.abs(codes).max() == 127
