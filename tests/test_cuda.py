"""The CUDA source: compiled for two cards, run on the processor, and emulated."""

import ctypes
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import cards
import numpy as np
import pytest

from sim.masks.causal import Causal
from sim.sums import Problem
from sim.sums.choose import choose
from sim.sums.cuda import LOG2E, ROWS, THREADS, Cuda, compiled, options, source
from sim.sums.direct import attend as direct

SHIM = """
#include <cmath>
#define __global__
#define __device__
#define __forceinline__ inline
#define __shared__ static
#define __restrict__
#define __syncthreads()
#define EXP2 exp2f
struct Index { int x, y; };
static Index blockIdx, threadIdx;
#include "attention.cu"
extern "C" void run(const float* q, const float* shift, const float* k, const float* y,
                    float* mass, float* mean, int n, int m, int runs) {
  for (int r = 0; r < runs; ++r)
    for (int b = 0; b * THREADS * ROWS < n; ++b) {
      blockIdx = {b, r};
      attention(q, shift, k, y, mass, mean, n, m);
    }
}
"""


def problem(n, m, width, depth, own=False, causal=False):
    rng = np.random.default_rng(n + width)
    k = rng.standard_normal((m, width)).astype(np.float32)
    y = k if own else rng.standard_normal((m, depth)).astype(np.float32)
    q = k if causal else rng.standard_normal((n, width)).astype(np.float32)
    return Problem(q, k, y, 0.7, Causal() if causal else None)


def prepared(p):
    """What the host hands to the kernel."""
    top = abs(p.scale) * p.lengths[3] * np.linalg.norm(p.queries, axis=1)
    q = (p.queries * np.float32(p.scale * LOG2E)).astype(np.float32)
    return q, (top * LOG2E).astype(np.float32), top


def held(p, mass, mean, top):
    wide = (a.astype(float) for a in (p.scale * p.queries, p.keys, p.values))
    wanted = direct(*wide, p.mask)
    longest = np.linalg.norm(p.values, axis=1).max()
    assert np.abs(mean - wanted.mean).max() <= Cuda().error(p) * longest
    assert np.abs(np.log(mass) + top - wanted.log_z[:, 0]).max() < 1e-4


CASES = [
    problem(1, 1, 3, 3, own=True),
    problem(300, 300, 3, 3, own=True),
    problem(257, 129, 3, 5),
    problem(40, 1000, 2, 1),
    problem(300, 300, 4, 4, own=True, causal=True),
    problem(100, 260, 16, 16, own=True),
]


def emulated(p, threads=8, rows=2, keys=16):
    """The kernel's lines, with a block's threads as an axis of arrays."""
    q, shift, _ = prepared(p)
    n, m, width, depth = p.shape
    f = np.float32
    mass, mean = np.empty(n, f), np.empty((n, depth), f)
    for block in range(-(-n // (threads * rows))):
        first = block * threads * rows
        i = first + np.arange(rows)[:, None] * threads + np.arange(threads)
        real = i < n
        at = np.minimum(i, n - 1)
        query = np.where(real[..., None], q[at], f(0))
        top = np.where(real, shift[at], f(0))
        total = np.zeros((rows, threads, 1 + depth), f)
        lost = np.zeros_like(total)
        end = min(m, first + threads * rows) if not p.full else m
        for start in range(0, end, keys):
            count = min(end - start, keys)
            part = np.zeros_like(total)
            for j in range(count):
                score = -top
                for c in range(width):
                    score = score + query[..., c] * p.keys[start + j, c]
                w = np.exp2(score)
                if not p.full:
                    w = np.where(start + j > i, f(0), w)
                part[..., 0] += w
                part[..., 1:] += w[..., None] * p.values[start + j]
            y = part - lost
            t = total + y
            lost = (t - total) - y
            total = t
        mass[i[real]] = total[real][:, 0]
        mean[i[real]] = total[real][:, 1:] / total[real][:, :1]
    return mass, mean


@pytest.mark.parametrize("p", CASES, ids=lambda p: str(p.shape))
def test_the_tiling_emulated_line_by_line_is_the_direct_sum(p):
    with np.errstate(over="ignore"):
        mass, mean = emulated(p)
    held(p, mass, mean, prepared(p)[2])


def built(flags, folder):
    """The source, compiled for the processor."""
    (folder / "attention.cu").write_text(source())
    (folder / "run.cpp").write_text(SHIM)
    library = folder / "run.so"
    flags = [f for f in flags if "THREADS" not in f]
    command = ["g++", "-O1", "-shared", "-fPIC", "-w", *flags, "-DTHREADS=1"]
    subprocess.run([*command, "-o", library, folder / "run.cpp"], check=True)
    return ctypes.CDLL(str(library)).run


@pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler here")
@pytest.mark.parametrize("p", CASES, ids=lambda p: str(p.shape))
def test_the_very_source_run_on_the_processor_is_the_direct_sum(p, tmp_path):
    n, m, _, depth = p.shape
    q, shift, top = prepared(p)
    mass, mean = np.empty(n, np.float32), np.empty((n, depth), np.float32)
    arrays = (q, shift, np.ascontiguousarray(p.keys), p.values, mass, mean)
    pointers = [ctypes.c_void_p(a.ctypes.data) for a in arrays]
    built(options(p), tmp_path)(*pointers, n, m, 1)
    held(p, mass, mean, top)


class Module:
    """CuPy's, with the source run on the processor; counts its launches."""

    def __init__(self, folder, **asked):
        self.run, self.launches = built(asked["options"], folder), []

    def get_function(self, name):
        assert name == "attention"
        return self

    def __call__(self, grid, block, given):
        *arrays, n, m = given
        assert all(a.flags.c_contiguous and a.dtype == np.float32 for a in arrays)
        assert block == (THREADS,) and (grid[0] - 1) * THREADS * ROWS < n
        pointers = [ctypes.c_void_p(a.ctypes.data) for a in arrays]
        self.run(*pointers, int(n), int(m), grid[1])
        self.launches.append(grid)


@pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler here")
def test_one_launch_serves_all_runs_and_heads(tmp_path, monkeypatch):
    cupy, _ = cards.plug_in(monkeypatch)
    made = []

    def module(code, options):
        assert code == source()
        made.append(Module(tmp_path, options=options))
        return made[-1]

    monkeypatch.setattr(cupy, "RawModule", module, raising=False)
    compiled.cache_clear()
    rng = np.random.default_rng(0)
    q, k = (rng.standard_normal((2, h, 300, 3)).astype("float32") for h in (4, 1))
    there = Problem(cupy.asarray(q), cupy.asarray(k), cupy.asarray(k), 0.7)
    found = Cuda().sums(there)
    compiled.cache_clear()
    assert made[0].launches == [(2, 8)]
    assert found.mean.shape == (2, 4, 300, 3)
    for run in range(2):
        for head in range(4):
            one = Problem(q[run, head], k[run, 0], k[run, 0], 0.7)
            some = (a[run, head, :, 0] for a in (found.mass, found.top))
            mass, top = (cupy.asnumpy(a) for a in some)
            held(one, mass, cupy.asnumpy(found.mean[run, head]), top)


def nvrtc():
    """NVIDIA's compiler, which needs no card; or a skip."""
    site = Path(sysconfig.get_paths()["purelib"])
    found = sorted(site.glob("nvidia/cuda_nvrtc/lib/libnvrtc.so*"))
    if not found:
        pytest.skip("nvidia-cuda-nvrtc-cu12 is not installed")
    return ctypes.CDLL(str(found[0]))


def cubin(text, flags):
    """Compile, and return the object code."""
    lib, program = nvrtc(), ctypes.c_void_p()
    made = lib.nvrtcCreateProgram(
        ctypes.byref(program), text.encode(), b"attention.cu", 0, None, None
    )
    assert made == 0
    given = (ctypes.c_char_p * len(flags))(*(f.encode() for f in flags))
    result = lib.nvrtcCompileProgram(program, len(flags), given)
    size = ctypes.c_size_t()
    lib.nvrtcGetProgramLogSize(program, ctypes.byref(size))
    log = ctypes.create_string_buffer(size.value)
    lib.nvrtcGetProgramLog(program, log)
    assert result == 0, log.value.decode()
    lib.nvrtcGetCUBINSize(program, ctypes.byref(size))
    code = ctypes.create_string_buffer(size.value)
    lib.nvrtcGetCUBIN(program, code)
    lib.nvrtcDestroyProgram(ctypes.byref(program))
    return code.raw, log.value.decode()


@pytest.mark.parametrize("card", ["sm_80", "sm_90"])
@pytest.mark.parametrize("p", CASES, ids=lambda p: str(p.shape))
def test_the_source_compiles_without_spills(card, p, record_property):
    flags = [*options(p), f"--gpu-architecture={card}", "--ptxas-options=-v"]
    code, log = cubin(source(), flags)
    assert b"attention" in code
    registers = int(re.search(r"Used (\d+) registers", log)[1])
    spilled = re.search(r"(\d+) bytes spill stores, (\d+) bytes spill loads", log)
    record_property("registers", registers)
    print(card, p.shape, registers, "registers", spilled[0])
    assert (spilled[1], spilled[2]) == ("0", "0")
    assert registers * THREADS <= 65536 // 2, "a processor must hold two blocks"


def test_on_the_processor_it_says_what_it_needs():
    p = CASES[1]
    assert "graphics card" in Cuda().refusal(p)
    assert choose(Problem(p.queries, p.keys, p.values)).method.name != "cuda"
    assert ROWS * THREADS == 256


@pytest.mark.gpu
@pytest.mark.parametrize("p", CASES, ids=lambda p: str(p.shape))
def test_on_a_card_it_is_the_direct_sum(p):
    cupy = cards.real()
    k = cupy.asarray(p.keys)
    y = k if p.values is p.keys else cupy.asarray(p.values)
    q = k if p.queries is p.keys else cupy.asarray(p.queries)
    there = Problem(q, k, y, p.scale, p.mask)
    assert Cuda().refusal(there) is None
    found = Cuda().sums(there)
    top = cupy.asnumpy(found.top)[:, 0]
    held(p, cupy.asnumpy(found.mass)[:, 0], cupy.asnumpy(found.mean), top)
