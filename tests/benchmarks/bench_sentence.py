"""How long a sentence takes: python tests/benchmarks/bench_sentence.py [FOLDER].

A forward pass of 32 tokens, in processor time of this thread and in wall time of two
threads, with PyTorch beside it in the same run where it is installed; and what lies
between Enter and the first frame.  Of the shipped encoder, or of another model.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

THREADS = "OPENBLAS_NUM_THREADS"
TOKENS, TRIES = 32, 15
LIMIT_MS = 60.0  # of a pass
PICTURE_MS = 500.0  # from Enter
SENTENCE = "The boat drifted to the bank of the river."


def least_ms(what, clock) -> float:
    """Return the least time that something took, in milliseconds."""
    what()
    found = []
    for _ in range(TRIES):
        start = clock()
        what()
        found.append(1000 * (clock() - start))
    return min(found)


def passes(folder: str) -> None:
    """Print the times of a pass with the number of threads in force."""
    import numpy as np

    from sim.models.interventions import forward
    from sim.models.language_model import open_model

    model = open_model(folder)
    kept = [k for k, added in enumerate(model.encode(SENTENCE).special) if not added]
    ids = model.encode(SENTENCE).ids
    some = [ids[kept[k % len(kept)]] for k in range(TOKENS)]
    threads = os.environ[THREADS]

    def run() -> None:
        forward(model.transformer, some)

    def states() -> None:
        cast = model.transformer.cast(np.float32)
        x = cast.embed(some)
        for half in cast.halves:
            x = half.apply(x)

    for name, what in (("with what each head adds", run), ("states alone", states)):
        clock = time.thread_time if threads == "1" else time.perf_counter
        kind = (
            "of the processor" if threads == "1" else f"of the wall, {threads} threads"
        )
        print(f"{name}: {least_ms(what, clock):.1f} ms {kind}", flush=True)
    beside_torch(model, some, int(threads))


def beside_torch(model, ids, threads: int) -> None:
    """Print the time of the same pass in PyTorch, written as its own modules would."""
    try:
        import torch
    except ImportError:
        print("PyTorch: not installed, so not measured", flush=True)
        return
    from sim.models.half_layers import AttentionHalf

    if model.transformer.kind != "bert":
        print("PyTorch: written for BERT alone, so not measured", flush=True)
        return
    torch.set_num_threads(threads)
    t = model.transformer.cast("float32")
    tensor = torch.nn.functional

    def matrix(affine):
        bias = None if affine.bias is None else torch.tensor(affine.bias)
        return torch.tensor(affine.weight.T.copy()), bias

    layers = []
    for half in t.halves:
        norm = [torch.tensor(v) for v in (half.norm.gain, half.norm.bias)]
        names = ("query", "key", "value", "out")
        attends = isinstance(half, AttentionHalf)
        parts = names if attends else ("up", "down")
        layers.append((attends, [matrix(getattr(half, n)) for n in parts], norm))
    x0, d, h = torch.tensor(t.embed(ids)), t.dimension, t.heads

    @torch.inference_mode()
    def run() -> None:
        x = x0
        for attends, parts, norm in layers:
            if attends:
                q, k, v = (
                    tensor.linear(x, *p).view(-1, h, d // h).transpose(0, 1)
                    for p in parts[:3]
                )
                y = tensor.scaled_dot_product_attention(q, k, v)
                u = tensor.linear(y.transpose(0, 1).reshape(-1, d), *parts[3])
            else:
                u = tensor.linear(tensor.gelu(tensor.linear(x, *parts[0])), *parts[1])
            x = tensor.layer_norm(x + u, (d,), *norm)

    clock = time.thread_time if threads == 1 else time.perf_counter
    print(f"PyTorch {torch.__version__}: {least_ms(run, clock):.1f} ms", flush=True)


def typing() -> None:
    """Print what lies between Enter, or the choice of the preset, and the picture."""
    from typed_sentence import opened_first, typed

    (wall, processor), held = opened_first()
    print(
        f"preset to picture, its model not yet read: {wall:.0f} ms, {processor:.0f} ms "
        f"of the processor; the window waited for {held:.0f} ms",
        flush=True,
    )
    found = typed()
    for what, times in zip(
        ("wall", "processor"), zip(*found, strict=True), strict=True
    ):
        each = " ".join(f"{t:.0f}" for t in times)
        print(
            f"Enter to picture, ms of the {what}: {each}; median {median(times):.0f}, "
            f"at most {PICTURE_MS:g} on a quiet machine",
            flush=True,
        )


def main() -> None:
    """Measure with one thread and with two, each in a process of its own."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("EGL_PLATFORM", "surfaceless")
    folder = sys.argv[1] if len(sys.argv) > 1 else "asset:minilm"
    if folder == "--typing":
        typing()
        return
    if THREADS in os.environ:
        passes(folder)
        return
    print(f"{TOKENS} tokens; a pass is to take {LIMIT_MS:g} ms at most")
    for count in ("1", "2"):
        env = os.environ | {THREADS: count, "OMP_NUM_THREADS": count}
        subprocess.run([sys.executable, __file__, folder], env=env, check=True)
    subprocess.run([sys.executable, __file__, "--typing"], env=env, check=True)


if __name__ == "__main__":
    main()
