"""The interface to vispy: the few names of its `gloo` that layers use, with types."""

from __future__ import annotations

import ctypes
import sys
import threading
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from vispy import gloo as _vispy
from vispy.gloo import context as _vispy_context

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    import numpy.typing as npt

    from app.gl.handles import Buffer as Buffer
    from app.gl.handles import Framebuffer as Framebuffer
    from app.gl.handles import Program as Program
    from app.gl.handles import Texture as Texture
    from sim.array_types import AnyArray as AnyArray
    from sim.array_types import Pixels

_gloo: Any = _vispy
_context: Any = _vispy_context

CONTEXT_LOCK = threading.RLock()
"""Held while canvases and what is drawn on them are made: vispy numbers its objects."""


class _CanvasesOfThread(threading.local):
    """The canvases of a thread, the last one current, in the place of vispy's list.

    OpenGL has a current context for each thread.  Vispy has one for all, so that
    pictures of two lanes could not be drawn at once.
    """

    def __init__(self) -> None:
        self._canvases: list[Any] = []

    def __len__(self) -> int:
        return len(self._canvases)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._canvases)

    def __getitem__(self, place: int) -> Any:
        return self._canvases[place]

    def __setitem__(self, places: slice, canvases: list[Any]) -> None:
        self._canvases[places] = canvases


_context.canvasses = _CanvasesOfThread()

SOFTWARE_RENDERERS = ("llvmpipe", "softpipe", "swrast", "swiftshader", "basic render")
RGBA8 = 0x8058  # GL_RGBA8
DRAW_BINDING = 0x8CA6  # GL_DRAW_FRAMEBUFFER_BINDING
READ_FRAMEBUFFER, COLOUR_BIT, NEAREST = 0x8CA8, 0x4000, 0x2600
RENDERER, VERSION = 0x1F01, 0x1F02  # GL_RENDERER, GL_VERSION
RGB, BGRA, UNSIGNED_BYTE = 0x1907, 0x80E1, 0x1401  # GL_RGB, GL_BGRA, …
DEPTH24 = 0x81A6  # GL_DEPTH_COMPONENT24: with 16 bits, beads at one place speckle


class _Program(_gloo.Program):
    """A program that sends a uniform only where its value is another one.

    Most of the seventy uniforms of a picture stay as they are while the camera rests.
    """

    def __init__(self, vertex: str, fragment: str) -> None:
        self._sent: dict[str, Hashable] = {}
        super().__init__(vertex, fragment)

    def __setitem__(self, name: str, value: Any) -> None:
        now: Hashable = value
        if isinstance(value, np.ndarray):
            now = value.tobytes()
        elif not isinstance(value, float | int | tuple):
            now = None  # a buffer or a texture, whose contents may be other ones
        if now is None or self._sent.get(name) != now:
            self._sent[name] = now
            super().__setitem__(name, value)


def program(vertex: str, fragment: str) -> Program:
    """Return the program of two sources."""
    return _Program(vertex, fragment)


class Vertices:
    """Structured vertices whose fields are the attributes of some programs."""

    def __init__(self, data: AnyArray, *programs: Program) -> None:
        self._buffer: Buffer = _gloo.VertexBuffer(data)
        self._programs, self._length = programs, 0
        self._bind(len(data))

    def set(self, data: AnyArray) -> None:
        """Replace all; the length may change."""
        self._buffer.set_data(data)
        self._bind(len(data))

    def set_part(self, data: AnyArray, offset: int) -> None:
        """Replace those from item `offset` on."""
        self._buffer.set_subdata(data, offset)

    def _bind(self, length: int) -> None:
        if length == self._length:  # attributes keep the length they were bound with
            return
        self._length = length
        for program_ in self._programs:
            program_.bind(self._buffer)


def vertex_buffer(data: AnyArray) -> Buffer:
    """Return a vertex buffer."""
    return _gloo.VertexBuffer(data)


def index_buffer(data: npt.NDArray[np.uint32]) -> Buffer:
    """Return an index buffer."""
    return _gloo.IndexBuffer(data)


def texture(
    data: AnyArray | tuple[int, ...],
    kind: str,
    smooth: bool,
    wrap: str = "clamp_to_edge",
) -> Texture:
    """Return a texture of internal format `kind`; `wrap` is for s, t never wraps."""
    wrapping = (wrap, "clamp_to_edge")
    how = "linear" if smooth else "nearest"
    return _gloo.Texture2D(
        data, interpolation=how, wrapping=wrapping, internalformat=kind
    )


def image_texture(width: int, height: int) -> tuple[Texture, Framebuffer]:
    """Return a texture of 8 bits a channel, and the framebuffer that draws into it."""
    image = texture((height, width, 4), "rgba8", smooth=False)
    return image, _gloo.FrameBuffer(image)


def framebuffer(width: int, height: int) -> Framebuffer:
    """Return a framebuffer of 8 bits a channel, with depth of 24 bits."""
    shape = (height, width)
    colour = _gloo.RenderBuffer(shape, RGBA8)
    return _gloo.FrameBuffer(colour, _gloo.RenderBuffer(shape, DEPTH24))


def texture_framebuffer(image: Texture, width: int, height: int) -> Framebuffer:
    """Return a framebuffer that draws into `image`, with depth of 24 bits."""
    return _gloo.FrameBuffer(image, _gloo.RenderBuffer((height, width), DEPTH24))


def viewport(width: int, height: int) -> None:
    """Draw on the whole of a canvas of this size in pixels."""
    _gloo.set_viewport(0, 0, width, height)


def clear(colour: tuple[float, ...]) -> None:
    """Fill the canvas.

    The clear colour is reset after: vispy clears a window's alpha with it, and the
    desktop shows through a window without alpha.
    """
    _gloo.clear(color=colour, depth=False)
    _gloo.set_clear_color((0.0, 0.0, 0.0, 1.0))


def clear_depth() -> None:
    """Clear the depth buffer: everything drawn so far is behind what follows."""
    _gloo.set_depth_mask(True)
    _gloo.clear(color=False, depth=True)


def set_state(**states: object) -> None:
    """Set the GL state of the next draws."""
    _gloo.set_state(**states)


def set_blend_factors(colour: str, on: str, alpha: str, on_alpha: str) -> None:
    """Set the blend factors of source and destination, for colour and for alpha."""
    _gloo.set_blend_func(colour, on, alpha, on_alpha)


def depth_mask(write: bool) -> None:
    """Choose whether the next draws write depth."""
    _gloo.set_depth_mask(write)


def destroy_canvas(canvas: Any) -> None:
    """Free all memory of a canvas: vispy never destroys an EGL context itself."""
    canvas.close()
    backend, egl = canvas._backend, sys.modules.get("vispy.app.backends._egl")
    known: Any = egl
    if known is None or backend not in known._VP_EGL_ALL_WINDOWS:
        return  # a canvas of Qt, which frees its own
    known._VP_EGL_ALL_WINDOWS.remove(backend)
    library, display = known.egl._lib, known._EGL_DISPLAY
    library.eglMakeCurrent(display, None, None, None)
    library.eglDestroyContext.argtypes = [ctypes.c_void_p] * 2
    library.eglDestroyContext(display, backend._native_context)


def renderer() -> str:
    """Return the driver's name of the renderer, such as ``"llvmpipe (LLVM 15)"``."""
    name, version = (_gloo.gl.glGetParameter(k) for k in (RENDERER, VERSION))
    return f"{name}, OpenGL {version}"


def is_software(renderer_name: str) -> bool:
    """Whether the OpenGL renderer of this name runs on the processor."""
    return any(name in renderer_name.lower() for name in SOFTWARE_RENDERERS)


def flush() -> None:
    """Have OpenGL begin with everything drawn so far."""
    _context.get_current_canvas().context.flush_commands()


def bound_framebuffer() -> int:
    """Return the id of the framebuffer that is drawn into."""
    flush()
    return int(_gloo.gl.glGetParameter(DRAW_BINDING))


def blit(source: int, width: int, height: int) -> bool:
    """Copy all of framebuffer `source` to the bound one; return whether it worked.

    In software this is twenty times as fast as drawing a rectangle.  It is impossible
    where the canvas has several samples a pixel.
    """
    try:
        bind, copy = _blit_functions()
    except RuntimeError:  # OpenGL before 3.0
        return False
    destination = bound_framebuffer()
    bind(READ_FRAMEBUFFER, source)
    copy(0, 0, width, height, 0, 0, width, height, COLOUR_BIT, NEAREST)
    bind(READ_FRAMEBUFFER, destination)
    return not _gloo.gl.glGetError()


@cache
def _blit_functions() -> tuple[Any, Any]:
    """Return glBindFramebuffer and glBlitFramebuffer, which vispy does not wrap."""
    bind = gl_function("glBindFramebuffer", [ctypes.c_uint] * 2)
    return bind, gl_function(
        "glBlitFramebuffer", [ctypes.c_int] * 8 + [ctypes.c_uint] * 2
    )


def gl_function(name: str, kinds: list[Any], result: Any = None) -> Any:
    """Return the OpenGL function `name`, which vispy does not wrap.

    Raises
    ------
    RuntimeError
        If this OpenGL does not have it.
    """
    from vispy.gloo.gl import gl2

    raw: Any = gl2
    return raw._get_gl_func(name, result, kinds)


def read_pixels(pixels: Pixels) -> Pixels:
    """Return what is drawn, top row first; `pixels` of its shape is scratch.

    Of shape (height, width, 3) they are red, green, blue; of (height, width, 4) they
    are blue, green, red, alpha, which is how drivers and Qt keep them.
    """
    flush()
    height, width, channels = pixels.shape
    order = RGB if channels == 3 else BGRA  # noqa: PLR2004
    _gloo.gl.glPixelStorei(_gloo.gl.GL_PACK_ALIGNMENT, 1)
    _gl_read_pixels()(0, 0, width, height, order, UNSIGNED_BYTE, pixels.ctypes.data)
    return pixels[::-1]


@cache
def _gl_read_pixels() -> Any:
    """Return glReadPixels itself: vispy's wrapper copies twice, a tenth of a frame."""
    kinds = [ctypes.c_int] * 4 + [ctypes.c_uint] * 2 + [ctypes.c_void_p]
    return gl_function("glReadPixels", kinds)
