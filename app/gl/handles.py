"""What a program, a buffer or a texture can do: the shapes of vispy's objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sim.array_types import AnyArray


class Buffer(Protocol):
    """Numbers on the graphics card, for vertices or their order."""

    def set_data(self, data: AnyArray) -> None:
        """Replace all; the length may change."""
        ...

    def set_subdata(self, data: AnyArray, offset: int) -> None:
        """Replace those from item `offset` on."""
        ...


class Texture(Protocol):
    """A picture on the graphics card."""

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
        """Draw all vertices, or those that `indices` name."""
        ...


class Target(Protocol):
    """What is drawn into while it is entered."""

    def __enter__(self) -> Target:
        """Draw into this."""
        ...

    def __exit__(self, *error: object) -> None:
        """Draw into what was drawn into before."""
        ...

    def resize(self, shape: tuple[int, int]) -> None:
        """Change height and width."""
        ...
