"""The CUDA source run on the processor, and NVIDIA's compiler, which needs no card."""

import ctypes
import shutil
import subprocess
import sysconfig
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import numpy as np
import pytest

from helpers import cards
from helpers.cards import Tape
from helpers.paths import ROOT
from sim.masks.causal import Causal
from sim.sums import Problem
from sim.sums.gpu_self_test import self_test_failure
from sim.sums.methods.cuda import MAX_RUNS, THREADS_PER_BLOCK, compiled, source

SHIM = Path(__file__).with_name("shim.cpp")
SHADERS = ROOT / "shaders"


def problem(n, m, width, depth, own=False, causal=False):
    rng = np.random.default_rng(n + width)
    k = rng.standard_normal((m, width)).astype(np.float32)
    y = k if own else rng.standard_normal((m, depth)).astype(np.float32)
    q = k if causal else rng.standard_normal((n, width)).astype(np.float32)
    return Problem(q, k, y, 0.7, Causal() if causal else None)


CASES = [
    problem(1, 1, 3, 3, own=True),
    problem(300, 300, 3, 3, own=True),
    problem(257, 129, 3, 5),
    problem(40, 1000, 2, 1),
    problem(300, 300, 4, 4, own=True, causal=True),
    problem(100, 260, 16, 16, own=True),
    problem(600, 700, 3, 6),
]


@cache
def built(*flags):
    """The source, compiled for the processor."""
    command = ["g++", "-std=c++20", "-O1", "-shared", "-fPIC", "-pthread", "-w"]
    with TemporaryDirectory() as folder:
        library = Path(folder) / "run.so"
        command += [*flags, f"-I{SHADERS}", "-o", library, SHIM]
        subprocess.run(command, check=True)
        return ctypes.CDLL(str(library))


def watched(text, folder, by, *flags):
    """Run the source with a sanitizer; return what that has to say."""
    if not Path("/proc/self/maps").exists():
        pytest.skip("sanitizers read /proc, which is not here")
    (folder / "attention.cu").write_text(text)
    program = folder / "watched"
    command = ["g++", "-std=c++20", "-O1", "-g", "-pthread", "-w", f"-fsanitize={by}"]
    command += [*flags, "-DCOUNT=300", f"-I{folder}", "-o", program, SHIM]
    if shutil.which("g++") is None or subprocess.run(command, check=False).returncode:
        pytest.skip(f"no compiler with {by} here")
    run = subprocess.run(program, capture_output=True, text=True, check=False)
    if "unexpected memory mapping" in run.stderr:
        pytest.skip(f"{by} cannot work on this system")
    assert run.returncode == 0 or run.stderr
    return run.stderr


class Module:
    """CuPy's, with the source run on the processor; counts its launches."""

    def __init__(self, options):
        self.library, self.options = built(*options), options
        self.launches = []

    def get_function(self, name):
        return partial(self._launched, name)

    def _launched(self, name, grid, block, given):
        assert block == (THREADS_PER_BLOCK,) and max(grid[1:]) <= MAX_RUNS
        run, made = {
            "attention": (self.library.collect, given[3:4]),
            "finish": (self.library.add_up, given[2:5]),
        }[name]
        x, y, *z = grid
        arguments = (x, y, *(z or [1]), *map(passed, given))

        def launch():
            assert given  # which are alive as long as they may be launched again
            self.launches.append((name, grid))
            run(*arguments)

        Tape.done(launch, cards.plain(made))


def passed(given):
    """An argument of a kernel as C takes it."""
    if given.ndim == 0:
        number = {"int32": ctypes.c_int, "float32": ctypes.c_float}[given.dtype.name]
        return number(given.item())
    assert given.flags.c_contiguous and given.dtype == np.float32
    return ctypes.c_void_p(given.ctypes.data)


def nvrtc():
    """NVIDIA's compiler, which needs no card; or a skip."""
    site = Path(sysconfig.get_paths()["purelib"])
    found = sorted(site.glob("nvidia/cuda_nvrtc/lib/libnvrtc.so*"))
    if not found:
        pytest.skip("nvidia-cuda-nvrtc-cu12 is not installed")
    return ctypes.CDLL(str(found[0]))


def translated(text, flags):
    """Compile; return the object code, the PTX, and what the compiler says of it."""
    lib, program = nvrtc(), ctypes.c_void_p()
    made = lib.nvrtcCreateProgram(
        ctypes.byref(program), text.encode(), b"attention.cu", 0, None, None
    )
    assert made == 0
    given = (ctypes.c_char_p * len(flags))(*(f.encode() for f in flags))
    result = lib.nvrtcCompileProgram(program, len(flags), given)

    def output_of(what):
        size = ctypes.c_size_t()
        getattr(lib, f"nvrtcGet{what}Size")(program, ctypes.byref(size))
        text = ctypes.create_string_buffer(size.value)
        assert getattr(lib, f"nvrtcGet{what}")(program, text) == 0
        return text.raw

    log = output_of("ProgramLog").decode()
    assert result == 0, log
    code, ptx = output_of("CUBIN"), output_of("PTX").decode()
    lib.nvrtcDestroyProgram(ctypes.byref(program))
    return code, ptx, log


@contextmanager
def card(monkeypatch):
    """Stand-ins for a card whose kernels run on the processor; the modules made."""
    if shutil.which("g++") is None:
        pytest.skip("no C++ compiler here")
    cupy, _ = cards.plug_in(monkeypatch)
    made = []

    def module(code, options=()):
        if code != source():  # such as of a benchmark: only launched
            return SimpleNamespace(get_function=lambda name: lambda *given: None)
        made.append(Module(options))
        return made[-1]

    monkeypatch.setattr(cupy, "RawModule", module, raising=False)
    for cached in (compiled, self_test_failure):
        cached.cache_clear()
    yield made
    for cached in (compiled, self_test_failure):
        cached.cache_clear()
