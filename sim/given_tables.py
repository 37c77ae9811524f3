"""Tables of a scenario that is made from arrays: checked, and kept to be read."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dynamics import AttentionLaw, GraphLaw
from sim.expressions.tokens import Tokens
from sim.given_graph import GivenGraph
from sim.graphs.file import EdgeListFile
from sim.initial.file import EmbeddingFile
from sim.io.embedded_files import kept_aside
from sim.masks.graph import AlongEdges
from sim.masses.file import MassFile
from sim.weights.file import MatrixFile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike

    from sim.array_types import Floats
    from sim.dynamics import Dynamics

TOKEN_AXES = 2
MATRIX_AXES = (2, 3)
HEADS = "dynamics.heads"


class GivenTables:
    """The arrays of a scenario, checked against its tokens and its law.

    Parameters
    ----------
    x : array_like, shape (n, d)
        The tokens.
    law : Dynamics
        The law that uses the others.

    Raises
    ------
    ValueError
        Here and in each method, if an array does not fit, or the law has no use for it.
    """

    def __init__(self, x: ArrayLike, law: Dynamics) -> None:
        self._law, self._arrays = law, {"tokens": (x := _tokens(x))}
        self._graph: GivenGraph | None = None
        self._matrices: tuple[str, ...] = ()
        self._n, self._d = x.shape

    def add_texts(self, name: str, texts: Sequence[str] | None) -> None:
        """Add names or groups."""
        if texts is None:
            return
        if isinstance(texts, str) or len(texts) != self._n:
            got = "one text" if isinstance(texts, str) else len(texts)
            raise ValueError(
                f"{name}: there must be one for each of the {self._n} tokens, got "
                f"{got}. Give a list of {self._n} texts."
            )
        self._arrays[name] = np.array([_text(text) for text in texts])

    def add_graph(self, graph: ArrayLike | None) -> None:
        """Add edges, for a law on graphs or as a mask."""
        if graph is None:
            return
        self._graph = GivenGraph.of(graph, self._n)
        if isinstance(self._law, GraphLaw):
            if self._graph.weight is not None and not self._law.weighs_edges:
                raise ValueError(
                    f"graph: the law {self._law.kind!r} does not use weights of edges. "
                    "Give edges of shape (m, 2)."
                )
            return
        self._require_heads("graph")
        if self._graph.weight is not None:
            raise ValueError(
                "graph: a mask has no weights, and the law "
                f"{self._law.kind!r} uses the edges as one. Give edges of shape (m, 2)."
            )

    def add_momenta(self, momenta: ArrayLike | None) -> None:
        """Add momenta of tokens or edges."""
        if momenta is None:
            return
        carrier = self._law.formula(Tokens()).carrier
        if not carrier:
            raise ValueError(
                f"momenta: the law {self._law.kind!r} has none. Leave them out, or "
                'choose a law that has, such as settings={"dynamics": "inertial"}.'
            )
        p = _numbers("momenta", momenta)
        if p.ndim != TOKEN_AXES or p.shape[1] != self._d:
            raise ValueError(
                f"momenta: must have d = {self._d} columns, as tokens have, got shape "
                f"{p.shape}."
            )
        if carrier == "tokens" and len(p) != self._n:
            raise ValueError(
                f"momenta: there must be one for each of the {self._n} tokens, got "
                f"shape {p.shape}."
            )
        if self._graph is not None and isinstance(self._law, GraphLaw):
            p = self._graph.carried(p)
        self._arrays["momenta"] = p

    def add_masses(self, masses: ArrayLike | None) -> None:
        """Add the weights of tokens."""
        if masses is None:
            return
        self._require_heads("masses")
        m = _numbers("masses", masses)
        if m.shape != (self._n,):
            raise ValueError(
                f"masses: there must be one for each of the {self._n} tokens, got "
                f"shape {m.shape}."
            )
        if not (m > 0).all():
            raise ValueError(f"masses: must be above 0, got {m.min():g}.")
        self._arrays["masses"] = m

    def add_matrices(self, given: Mapping[str, ArrayLike]) -> None:
        """Add Q, K or V."""
        for name, matrix in given.items():
            self._require_heads(name)
            m = _numbers(name, matrix)
            wide = m.ndim in MATRIX_AXES and m.shape[-1] == self._d
            if not wide or (name == "value" and m.shape[-2] != self._d):
                raise ValueError(
                    f"{name}: must have shape ({self._d}, {self._d}), for d = "
                    f"{self._d}, or that for every head, got {m.shape}."
                )
            self._arrays[name] = m
        rows = {k: self._arrays[k].shape[-2] for k in ("query", "key") if k in given}
        if len(set(rows.values())) > 1:
            raise ValueError(
                "query, key: must have the same number of rows, got "
                f"{rows['query']} and {rows['key']}."
            )
        self._matrices = tuple(given)

    def settings(self, centre: bool) -> dict[str, Any]:
        """Return the parts of the scenario that read these arrays, by path."""
        path = _stored("arrays.npz", **self._arrays)
        out: dict[str, Any] = {
            "initial": EmbeddingFile(path, centre, array="tokens"),
            "tokens": self._n,
            "dimension": self._d,
        }
        if "masses" in self._arrays:
            out[f"{HEADS}.masses"] = MassFile(path, "masses")
        if self._matrices:
            out[f"{HEADS}.count"] = self._heads()
        for name in self._matrices:
            out[f"{HEADS}.{name}"] = MatrixFile(path, name)
        if self._graph is not None:
            on_graph = isinstance(self._law, GraphLaw)
            out |= _of_graph(self._graph, on_graph)
        return out

    def _heads(self) -> int:
        """Return the number of heads that the matrices are for."""
        assert isinstance(self._law, AttentionLaw)
        stacks = {
            k: m for k in self._matrices if (m := self._arrays[k]).ndim > TOKEN_AXES
        }
        counts = {k: len(m) for k, m in stacks.items()}
        if len(set(counts.values())) > 1:
            raise ValueError(f"matrices must be for one number of heads, got {counts}.")
        return next(iter(counts.values()), self._law.heads.count)

    def _require_heads(self, name: str) -> None:
        if not isinstance(self._law, AttentionLaw):
            raise ValueError(
                f"{name}: the law {self._law.kind!r} has no use for it. Choose one "
                'with heads, such as settings={"dynamics": "softmax"}.'
            )


def _text(given: object) -> str:
    """Return a name or group as text; empty where it is missing, as in a table."""
    missing = given is None or (isinstance(given, float) and given != given)
    return "" if missing else str(given)


def _of_graph(graph: GivenGraph, on_graph: bool) -> dict[str, Any]:
    if on_graph:
        file = kept_aside("graph.csv", graph.table().encode())
        return {"dynamics.graph": EdgeListFile(path=str(file))}
    return {f"{HEADS}.mask": AlongEdges(_stored("edges.npz", edges=graph.edges))}


def _tokens(x: ArrayLike) -> Floats:
    out = _numbers("x", x)
    if out.ndim != TOKEN_AXES or not out.size or out.shape[1] < TOKEN_AXES:
        raise ValueError(
            "x: must have shape (n, d), one token per row, with d ≥ 2, got "
            f"{out.shape}."
        )
    return out


def _numbers(name: str, given: ArrayLike) -> Floats:
    """Return a copy of an array in float64; raise an error where it is not finite."""
    try:
        found = np.array(given)
        if found.dtype.kind not in "fiuO":
            raise TypeError(f"got {found.dtype}")
        if found.dtype == object and not found.ndim:
            raise TypeError(f"got {type(given).__name__}")
        out = found.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{name}: must be an array of real numbers ({error})."
        ) from None
    bad = np.argwhere(~np.isfinite(out))
    if len(bad):
        where = tuple(bad[0].tolist())
        raise ValueError(f"{name}: must be finite, got {out[where]} at {where}.")
    return out


def _stored(name: str, **arrays: Any) -> str:
    """Return the path of a file with `arrays`, kept until the program ends."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return str(kept_aside(name, buffer.getvalue()))
