"""A real card, or stand-ins for CuPy and cufinufft: arrays that mix with no others.

They hold a method to what the libraries ask: arrays of one library, contiguous, of one
precision, and no options but those there are.  What a card computes they cannot tell.
"""

import sys
import types
from functools import partial
from types import SimpleNamespace

import finufft
import numpy as np
import pytest

from helpers.tapes import Allocator, MemoryPool, Stream, Tape
from sim.arrays import load

OPTIONS = {"gpu_method", "gpu_stream", "gpu_device_id", "upsampfac", "modeord"}
REAL = {"complex64": "float32", "complex128": "float64"}


class ndarray(np.ndarray):  # noqa: N801 - the name that it has in CuPy
    """An array of the card: what NumPy's functions and ufuncs get must be, too."""

    __module__ = "cupy"

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **settings):
        if ufunc is np.matmul and Tape.running is not None:
            raise NotImplementedError("calling cuBLAS API during stream capture")
        taken = {"out": out} if out else {}
        found = launched(getattr(ufunc, method), *inputs, **taken, **settings)
        return out[0] if out else found

    def __array_function__(self, function, kinds, given, named):
        return launched(function, *given, **named)

    def copy(self, order="C"):
        return launched(np.copy, self)

    def astype(self, kind, copy=True):
        if not copy and self.dtype == kind:
            return self
        return launched(np.ndarray.astype, self, kind)

    def __setitem__(self, at, given):
        place, given = plain(self), plain(given)
        Tape.done(lambda: place.__setitem__(at, given), [place[at]])

    def __float__(self):
        Tape.read()
        return float(plain(self))

    def __bool__(self):
        Tape.read()
        return bool(plain(self))


def launched(function, *given, **named):
    """Call a function of NumPy for arrays of the card; a view is no launch."""
    given, named = plain(given), plain(named)

    def operation():
        found = function(*given, **named)
        return np.asarray(found) if isinstance(found, np.generic) else found

    if Tape.running is not None:
        found = operation()
        taken = [a for a in given if isinstance(a, np.ndarray)]
        if any(np.shares_memory(a, found) for a in taken) and "out" not in named:
            return there(found)
    return there(Tape.done(operation))


def plain(given):
    """Take arrays of the card apart; refuse others, as CuPy does."""
    if isinstance(given, ndarray):
        return given.view(np.ndarray)
    if isinstance(given, np.ndarray):
        raise TypeError("Unsupported type <class 'numpy.ndarray'>")
    if isinstance(given, dict):
        return {name: plain(one) for name, one in given.items()}
    if isinstance(given, (tuple, list)):
        return type(given)(plain(one) for one in given)
    return given


def there(found):
    """Put what was found on the card: sums are arrays there, too."""
    if isinstance(found, (np.ndarray, np.generic)):
        return np.asarray(found).view(ndarray)
    return found


class Cupy(types.ModuleType):
    """NumPy's functions, for arrays of the card."""

    def __init__(self):
        super().__init__("cupy")
        self.ndarray = ndarray
        self.cuda = SimpleNamespace(
            get_current_stream=partial(Stream, ptr=7),
            Device=lambda: SimpleNamespace(id=3),
            Stream=Stream,
            MemoryPool=MemoryPool,
            using_allocator=Allocator,
        )

    def __getattr__(self, name):
        found = getattr(np, name)
        if isinstance(found, type) or not callable(found):
            return found
        return partial(launched, found)

    def asarray(self, given, dtype=None, copy=None):
        Tape.read()
        return there(np.array(given, dtype=dtype))

    def asnumpy(self, given):
        Tape.read()
        return np.array(plain(given))


class Cufinufft(types.ModuleType):
    """The functions of cufinufft 2.4 and 2.5 that the sums use, by finufft."""

    def __init__(self):
        super().__init__("cufinufft")
        self.calls = []
        for d in (1, 2, 3):
            setattr(self, f"nufft{d}d1", self._first(d))
            setattr(self, f"nufft{d}d2", self._second(d))

    def _first(self, d):
        def transform(*places, n_modes=None, out=None, eps=1e-6, isign=1, **options):
            *places, data, n_modes = places  # as they are passed: in this order
            self._check(d, places, data, options)
            whole = getattr(finufft, f"nufft{d}d1")
            given = (*plain(places), plain(data), n_modes)
            return there(whole(*given, eps=eps, isign=isign, nthreads=1))

        return transform

    def _second(self, d):
        def transform(*places, out=None, eps=1e-6, isign=-1, **options):
            *places, data = places
            self._check(d, places, data, options)
            whole = getattr(finufft, f"nufft{d}d2")
            return there(
                whole(*plain(places), plain(data), eps=eps, isign=isign, nthreads=1)
            )

        return transform

    def _check(self, d, places, data, options):
        assert len(places) == d
        for name in set(options) - OPTIONS:
            raise TypeError(f"Invalid option '{name}'")
        for one in (*places, data):
            assert isinstance(one, ndarray) and one.flags.c_contiguous
        assert {str(p.dtype) for p in places} == {REAL[str(data.dtype)]}
        self.calls.append(options)


def real():
    """Return CuPy on a real card; skip the test, saying why, where there is none."""
    try:
        return load("cupy").xp
    except RuntimeError as error:
        pytest.skip(str(error))


def plug_in(monkeypatch):
    """Let `import cupy` and `import cufinufft` give the stand-ins; return both."""
    cupy, cufinufft = Cupy(), Cufinufft()
    monkeypatch.setitem(sys.modules, "cupy", cupy)
    monkeypatch.setitem(sys.modules, "cufinufft", cufinufft)
    return cupy, cufinufft


def clock(monkeypatch, cupy, seconds):
    """Let every task take `seconds` on a card of two processors."""
    event = SimpleNamespace(record=lambda: None, synchronize=lambda: None)
    device = SimpleNamespace(id=3, attributes={"MultiProcessorCount": 2})
    properties = {"name": b"no card"}
    for name, value in {
        "Event": lambda: event,
        "get_elapsed_time": lambda start, end: 1e3 * seconds,
        "Device": lambda: device,
        "runtime": SimpleNamespace(getDeviceProperties=lambda device: properties),
    }.items():
        monkeypatch.setattr(cupy.cuda, name, value, raising=False)
    monkeypatch.setattr(cupy, "__version__", "0", raising=False)
