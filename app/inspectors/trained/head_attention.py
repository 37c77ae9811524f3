"""Attention of a sentence by layer and head, with its tokens.  No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.inspectors.trained.subject import Subject
    from sim.array_types import AnyArray

MAX_TOKENS = 160  # of a sentence whose heads are drawn


@dataclass(frozen=True, slots=True)
class HeadAttention:
    """Attention of a sentence, (L, h, n, n), its pieces, and their ids in the run."""

    attention: AnyArray
    names: tuple[str, ...]
    ids: tuple[int, ...]

    def of(self, layer: int, head: int) -> AnyArray:
        """Return the attention of a head, from 1; head 0 is the mean: (n, n)."""
        heads = self.attention[layer - 1]
        return heads[head - 1] if head else heads.mean(0)


def head_name(layer: int, head: int) -> str:
    """Return the name of a head, from 1, or of the mean of a layer."""
    return f"layer {layer}, {f'head {head}' if head else 'mean of heads'}"


def read_heads(subject: Subject) -> HeadAttention:
    """Return the attention of every head.

    Raises
    ------
    ValueError, OSError
        If the model cannot be read or the sentence is too long.
    """
    model = subject.model()
    encoding = model.encode(subject.text)
    if len(encoding.ids) > MAX_TOKENS:
        raise ValueError(
            f"attention by head is drawn for sentences of at most {MAX_TOKENS} tokens, "
            f"this one has {len(encoding.ids):,}. Type a shorter sentence."
        )
    run = subject.forward(model)
    return HeadAttention(run.attention, encoding.names, subject.tokens(encoding))
