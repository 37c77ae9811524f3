"""The CUDA source run on the processor, and NVIDIA's compiler, which needs no card."""

import ctypes
import subprocess
import sysconfig
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from sim.sums.cuda import MOST, THREADS

SHIM = Path(__file__).with_name("shim.cpp")
SHADERS = Path(__file__).parents[1] / "shaders"


def built(flags, folder):
    """The source, compiled for the processor."""
    library = folder / "run.so"
    command = ["g++", "-std=c++20", "-O1", "-shared", "-fPIC", "-pthread", "-w"]
    command += [*flags, f"-I{SHADERS}", "-o", library, SHIM]
    subprocess.run(command, check=True)
    return ctypes.CDLL(str(library))


class Module:
    """CuPy's, with the source run on the processor; counts its launches."""

    def __init__(self, folder, options):
        self.library, self.options = built(options, folder), options
        self.launches = []

    def get_function(self, name):
        return partial(self._launched, name)

    def _launched(self, name, grid, block, given):
        assert block == (THREADS,) and max(grid[1:]) <= MOST
        run = {"attention": self.library.collect, "finish": self.library.add_up}[name]
        x, y, *z = grid
        run(x, y, *(z or [1]), *map(passed, given))
        self.launches.append((name, grid))


def passed(given):
    """An argument of a kernel as C takes it."""
    if given.ndim == 0:
        assert given.dtype == np.int32
        return int(given)
    assert given.flags.c_contiguous and given.dtype == np.float32
    return ctypes.c_void_p(given.ctypes.data)


def nvrtc():
    """NVIDIA's compiler, which needs no card; or a skip."""
    site = Path(sysconfig.get_paths()["purelib"])
    found = sorted(site.glob("nvidia/cuda_nvrtc/lib/libnvrtc.so*"))
    if not found:
        pytest.skip("nvidia-cuda-nvrtc-cu12 is not installed")
    return ctypes.CDLL(str(found[0]))


def compiled(text, flags):
    """Compile; return the object code, the PTX, and what the compiler says of it."""
    lib, program = nvrtc(), ctypes.c_void_p()
    made = lib.nvrtcCreateProgram(
        ctypes.byref(program), text.encode(), b"attention.cu", 0, None, None
    )
    assert made == 0
    given = (ctypes.c_char_p * len(flags))(*(f.encode() for f in flags))
    result = lib.nvrtcCompileProgram(program, len(flags), given)

    def told(what):
        size = ctypes.c_size_t()
        getattr(lib, f"nvrtcGet{what}Size")(program, ctypes.byref(size))
        text = ctypes.create_string_buffer(size.value)
        assert getattr(lib, f"nvrtcGet{what}")(program, text) == 0
        return text.raw

    log = told("ProgramLog").decode()
    assert result == 0, log
    code, ptx = told("CUBIN"), told("PTX").decode()
    lib.nvrtcDestroyProgram(ctypes.byref(program))
    return code, ptx, log
