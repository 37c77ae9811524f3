"""Scenarios from arrays of a program: tokens, masses, graph, momenta and matrices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from sim.given_tables import GivenTables
from sim.settings.effect import without_effect
from sim.settings.knobs import put
from sim.settings.serialise import edited

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike

PLACING = ("initial", "tokens", "dimension")


@dataclass(frozen=True)
class GivenArrays:
    """What a scenario inherits to be made from arrays."""

    @classmethod
    def from_arrays(
        cls,
        x: ArrayLike,
        *,
        names: Sequence[str] | None = None,
        groups: Sequence[str] | None = None,
        masses: ArrayLike | None = None,
        graph: ArrayLike | None = None,
        momenta: ArrayLike | None = None,
        query: ArrayLike | None = None,
        key: ArrayLike | None = None,
        value: ArrayLike | None = None,
        centre: bool = False,
        settings: Mapping[str, Any] | None = None,
    ) -> Self:
        """Return a scenario whose tokens, and what is given beside them, are arrays.

        The arrays are copied, and travel inside a file of the scenario up to 2 MB;
        larger ones are written beside it.

        Parameters
        ----------
        x : array_like, shape (n, d)
            Tokens, one per row; the space normalises them.
        names, groups : sequence of str, optional
            A name and a group for each token.
        masses : array_like, shape (n,), optional
            How much each token counts for the others; only ratios matter.
        graph : array_like, int (m, 2), or (m, 3) with weights, optional
            Edges between tokens, counted from 0: the graph of a law on graphs, else the
            pairs that attend.
        momenta : array_like, shape (n, d) or (m, d), optional
            Momenta at the start, of tokens or of edges by the law; those of edges point
            from the first to the second node of a row of `graph`, or in the order of
            ``run.frame().edges`` where there is none.
        query, key, value : array_like, shape (d, d) or (h, d, d), optional
            Matrices of attention, one for all heads or one for each; Q and K may have
            fewer rows than d.
        centre : bool
            Whether to subtract the mean of all tokens first.
        settings : mapping of str to value, optional
            Further settings by path, as in `edit`, such as the law:
            ``{"dynamics": "bracket"}``.

        Raises
        ------
        ValueError
            If shapes do not agree, a number is not finite, or the law has no use for
            an array or a setting; says which.
        """
        matrices = {"query": query, "key": key, "value": value}
        settings = dict(settings or {})
        if taken := next((p for p in settings if p.split(".")[0] in PLACING), None):
            raise ValueError(f"settings: {taken} is given by x. Leave it out.")
        scenario = edited(cls(), settings)
        tables = GivenTables(x, scenario.dynamics)
        tables.add_texts("names", names)
        tables.add_texts("groups", groups)
        tables.add_graph(graph)
        tables.add_momenta(momenta)
        tables.add_masses(masses)
        tables.add_matrices({k: v for k, v in matrices.items() if v is not None})
        for path, part in tables.settings(centre).items():
            scenario = put(scenario, path, part)
        if found := without_effect(scenario, settings):
            raise ValueError(f"settings: {found[0]}. Leave it out.")
        return scenario
