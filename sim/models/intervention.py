"""An intervention: heads or an MLP off, frozen, the identity, or at another β."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Action = Literal["off", "frozen", "identity", "beta"]
Part = Literal["attention", "mlp", "skip"]


@dataclass(frozen=True, slots=True)
class Intervention:
    """One change of the forward pass.

    Attributes
    ----------
    action : str
        ``"off"``: adds nothing.  ``"frozen"``: attention as in the pass without
        interventions.  ``"identity"``: a head attends to its own token alone; an MLP
        leaves the states as they are, with the norm that follows it.  ``"beta"``:
        scores, or what an MLP adds, times `beta`.
    layer, head : int or None
        Which, counted from 0; None means all.
    part : str
        ``"attention"``, ``"mlp"``, or ``"skip"``: off, a half layer's update takes the
        place of the states instead of being added to them.
    beta : float
        β of the action ``"beta"``.
    """

    action: Action
    layer: int | None = None
    head: int | None = None
    part: Part = "attention"
    beta: float = 1.0

    def check(self, layers: int, heads: int, counted_from: int = 0) -> None:
        """Check that a model has what it names; messages count from `counted_from`.

        Raises
        ------
        ValueError
            If it has not, or the action is unknown.
        """
        if self.action not in get_args(Action) or self.part not in get_args(Part):
            raise ValueError(
                f"no intervention {self.action!r} on {self.part!r}; there are "
                f"{', '.join(get_args(Action))} on {' and '.join(get_args(Part))}."
            )
        for name, got, count in (
            ("layer", self.layer, layers),
            ("head", self.head, heads),
        ):
            if got is not None:
                check_place(name, got, count, counted_from)
        if self.part == "skip" and (self.head is not None or self.action != "off"):
            raise ValueError("the skip of a layer can only be off, for all its heads.")
        if self.part == "mlp" and (self.head is not None or self.action == "frozen"):
            raise ValueError("an MLP has no heads, and no attention to be frozen.")

    def concerns(self, layer: int, part: Part) -> bool:
        """Whether it changes a part of a layer."""
        return self.part == part and self.layer in (None, layer)

    def heads(self) -> slice:
        """Return the heads that it changes."""
        return slice(None) if self.head is None else slice(self.head, self.head + 1)


def check_place(name: str, got: int, count: int, counted_from: int = 0) -> None:
    """Check that a model has a layer or a head; the message counts as asked.

    Raises
    ------
    ValueError
        If it has not.
    """
    if not 0 <= got < count:
        first, last, said = (counted_from + k for k in (0, count - 1, got))
        raise ValueError(
            f"the {name} must be from {first} to {last} (counted from {first}), got "
            f"{said}."
        )
