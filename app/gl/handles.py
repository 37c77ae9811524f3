"""The interfaces of vispy's programs, buffers, textures and framebuffers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sim.array_types import AnyArray


class Buffer(Protocol):
    """Vertices or indices on the graphics card."""

    def set_data(self, data: AnyArray) -> None:
        """Replace all; the length may change."""
        ...

    def set_subdata(self, data: AnyArray, offset: int) -> None:
        """Replace those from item `offset` on."""
        ...


class Texture(Protocol):
    """An image on the graphics card."""

    def set_data(self, data: AnyArray) -> None:
        """Replace all; the shape may change."""
        ...


class Program(Protocol):
    """A vertex and a fragment shader."""

    def __setitem__(self, name: str, value: object) -> None:
        """Set a uniform or an attribute."""
        ...

    def bind(self, buffer: Buffer) -> None:
        """Take attributes from the fields of a structured buffer."""
        ...

    def draw(self, mode: str, indices: Buffer | None = None) -> None:
        """Draw all vertices, or those of `indices`."""
        ...


class Framebuffer(Protocol):
    """A framebuffer; draws go into it while its context is entered."""

    def __enter__(self) -> Framebuffer:
        """Draw into this."""
        ...

    def __exit__(self, *error: object) -> None:
        """Draw into the framebuffer before this one."""
        ...

    def resize(self, shape: tuple[int, int]) -> None:
        """Change height and width."""
        ...
