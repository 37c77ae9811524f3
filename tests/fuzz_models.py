"""Open damaged checkpoint folders: each is read, or refused in one sentence.

    python tests/fuzz_models.py --cases 600 --seed 1

Configuration, tokeniser, header, bytes or arrays of the small GPT-2 are changed at
random; a case follows from seed and number alone.  A fault is any exception but a
ValueError or an OSError of one sentence, a warning, or a state that is not finite.
Exit code: 0 without faults, 1 with.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import traceback
import warnings
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(HOME), str(HOME / "tests")]

import numpy as np
from helpers.checkpoints import TINY, safetensors, tiny_arrays

from sim.models.language_model import open_model

CONFIG, TOKENIZER, WEIGHTS = "config.json", "tokenizer.json", "model.safetensors"
ODD = (None, True, 0, -1, 3, 1e300, float("nan"), "", "gelu", [], {}, 10**30, 2**40)
KINDS = (CONFIG, TOKENIZER, "header", "bytes", "array", "missing")
TEXTS = ("the bank of the river", "x", "été 漢字 🙂", "a " * 200, "", "zzz")
LONGEST = 700  # characters of a refusal
DEPTH, SOME = 5, 5  # of groups, and elements of lists, that are changed


def places(data, way=()):
    """Return the ways to the values in plain data."""
    if len(way) > DEPTH or not isinstance(data, dict | list):
        return []
    items = data.items() if isinstance(data, dict) else enumerate(data[:SOME])
    found = []
    for key, value in items:
        found += [(*way, key), *places(value, (*way, key))]
    return found


def changed(text, rng):
    """Return JSON with a value taken out or replaced, one to three times."""
    data = json.loads(text)
    for _ in range(rng.randint(1, 3)):
        *way, last = rng.choice(places(data) or [("x",)])
        owner = data
        for key in way:
            owner = owner[key]
        if rng.random() < 0.3 and last in owner:
            del owner[last]
        else:
            owner[last] = rng.choice(ODD)
    return json.dumps(data).encode()


def other_header(content, rng):
    """Return weights with a header of JSON that was changed."""
    size = int.from_bytes(content[:8], "little")
    header = changed(content[8 : 8 + size], rng)
    return len(header).to_bytes(8, "little") + header + content[8 + size :]


def other_bytes(content, rng):
    """Return a file that is cut, longer, or has other bytes."""
    how = rng.random()
    if how < 0.3:
        return content[: rng.randrange(len(content))]
    if how < 0.5:
        return content + bytes(rng.randrange(1, 100))
    out = bytearray(content)
    for _ in range(rng.randint(1, 20)):
        out[rng.randrange(min(len(out), 4000))] = rng.randrange(256)
    return bytes(out)


def other_array(rng):
    """Return weights of which one array has another type, shape or size of numbers."""
    arrays = tiny_arrays()
    name = rng.choice(list(arrays))
    x = np.array(arrays[name])
    how = rng.randrange(4)
    if how == 0:
        x.flat[rng.randrange(x.size)] = rng.choice((np.nan, np.inf, 3e38))
    elif how == 1:
        x = x.T if x.ndim > 1 else x[:-1]
    elif how == 2:
        x = x.astype(rng.choice(("f2", "f8", "i8")))
    else:
        x = x * np.float32(1e25)
    return safetensors(arrays | {name: x})


def write(folder, rng):
    """Write a damaged copy of the small model."""
    files = {k: (TINY / k).read_bytes() for k in (CONFIG, TOKENIZER, WEIGHTS)}
    kind = rng.choice(KINDS)
    if kind in files:
        files[kind] = changed(files[kind], rng)
    elif kind == "header":
        files[WEIGHTS] = other_header(files[WEIGHTS], rng)
    elif kind == "array":
        files[WEIGHTS] = other_array(rng)
    else:
        name = rng.choice(list(files))
        content = files.pop(name)
        if kind == "bytes":
            files[name] = other_bytes(content, rng)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def fault_of(seed, number):
    """Return what is wrong with how a case is taken; empty for nothing."""
    rng = random.Random(f"{seed} {number}")
    with tempfile.TemporaryDirectory() as place:
        write(Path(place), rng)
        try:
            states = open_model(place).states(rng.choice(TEXTS))
        except (ValueError, OSError) as error:
            text = str(error)
            whole = text.rstrip().endswith(".") and len(text) <= LONGEST
            return "" if whole and "\n" not in text else f"refusal: {text}"
        except Exception:
            return traceback.format_exc(limit=-3)
        return "" if np.isfinite(states).all() else "states are not finite"


def main() -> int:
    """Try the cases, and print the faults."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=600)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    warnings.simplefilter("error")
    faults = 0
    for number in range(args.cases):
        if fault := fault_of(args.seed, number):
            faults += 1
            print(f"case {number}: {fault}", flush=True)
    print(f"{args.cases} cases, {faults} faults")
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
