"""The colour of each token, and the legend that explains it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from app.scene.density import density
from app.theme.colour import rgb
from app.theme.palette import LONE, Theme, colour_map, token_colours
from sim.measure.cluster_ids import MAX_COMPARED, MAX_OWN_IDS
from sim.measure.clusters import SAME_CLUSTER_COSINE, cluster_rule
from sim.theory import centres

if TYPE_CHECKING:
    from app.document.look import Look
    from sim.array_types import Ints, Single
    from sim.frame import Frame
    from sim.scenario import Scenario
    from sim.trace import ClusterIds


COLOUR_MAP = "viridis"
MAP_RANGES = {True: (0.22, 1.0), False: (0.0, 0.80)}  # by whether the theme is dark
SPEED_DECADES = 3.0  # shown below the highest speed so far
CLUSTER_COLOURS = ("cluster", "centre")  # colourings by clusters
FADE_S = 0.1  # time constant of a change of colour, in seconds of display
MAX_FADES = 6.0  # time constants after which nothing is left


@dataclass(frozen=True, slots=True)
class Legend:
    """What the colours mean.

    Attributes
    ----------
    title : str
        The quantity; empty for none.
    names : tuple of str
        Names of the swatches; empty where a ramp is drawn.
    swatches : float32, shape (k, 3)
        Their colours; of a ramp, its steps.
    low, high : str
        Texts at the ends of the ramp.
    note : str
        What else is to be said, below.
    """

    title: str
    names: tuple[str, ...]
    swatches: Single
    low: str = ""
    high: str = ""
    note: str = ""


class Colouring:
    """Colours tokens by `look.colour`; colours of clusters fade over 300 ms."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.legend: Legend | None = None
        self.reason = ""
        self._ranked_run: Any = None
        self._ranks: Ints | str = "centres are not known"

    def colour(
        self,
        frame: Frame,
        look: Look,
        points: Single,
        clusters: ClusterIds,
        link_cosine: float = SAME_CLUSTER_COSINE,
    ) -> tuple[Single, Ints]:
        """Return the colours and colour numbers of tokens: (n, 4) and int (n,).

        Tokens are linked to one of `clusters` above the cosine `link_cosine`.
        Sets `legend`, which explains the colours, and `reason`, if they are not those
        of `look.colour`.
        """
        self.reason, self.legend = "", None
        pick = getattr(self, f"_by_{look.colour}")
        rgba, numbers = pick(frame, points, clusters.now)
        if numbers is clusters.now and look.colour in CLUSTER_COLOURS:
            self._explain(link_cosine, cluster_rule(frame.scenario.space))
        if look.colour == "cluster":
            self._fade(frame, look, rgba, clusters)
        return rgba, numbers

    def _explain(self, link_cosine: float, rule: str) -> None:
        """Let the legend say where colours join more than the clusters that count."""
        looser = f"cos > {link_cosine:.4g}"
        if looser != rule and link_cosine < SAME_CLUSTER_COSINE:
            legend = self.legend or Legend("", (), np.zeros((0, 3), np.float32))
            note = f"one colour: {looser}; one cluster: {rule}"
            self.legend = replace(legend, note=note)

    def _fade(
        self, frame: Frame, look: Look, rgba: Single, clusters: ClusterIds
    ) -> None:
        """Mix the colours of clusters that changed lately with those before."""
        if frame.trace is None:
            return
        age = (frame.trace.coordinate - clusters.since) / look.speed
        recent = np.flatnonzero(age < MAX_FADES * FADE_S)
        if not len(recent):
            return
        before = token_colours(self.theme, clusters.before[recent])
        if len(rgba) > MAX_COMPARED:  # lone tokens have another colour each
            lone = clusters.before[recent] == LONE
            before[lone] = rgba[recent][lone]
        part = np.exp(-age[recent] / FADE_S).astype(np.float32)[:, None]
        rgba[recent] += (before - rgba[recent]) * part

    def _by_cluster(self, _: Frame, points: Single, cluster_ids: Ints) -> Any:
        rgba = token_colours(self.theme, cluster_ids)
        if len(cluster_ids) > MAX_COMPARED:
            lone = cluster_ids == LONE
            rank = np.empty(len(cluster_ids))
            rank[np.argsort(density(points), kind="stable")] = np.arange(
                len(cluster_ids)
            )
            rgba[lone] = self._shade(rank / len(cluster_ids))[lone]
            if lone.any():
                self._ramp("density of tokens", "sparse", "dense")
        return rgba, cluster_ids

    def _by_group(self, frame: Frame, points: Single, cluster_ids: Ints) -> Any:
        if not frame.groups:
            return self._index_instead("these tokens have no groups", frame)
        names, number = _in_order(frame.groups, frame.group_order)
        self._swatches("", names)
        return token_colours(self.theme, number), number

    def _by_head(self, frame: Frame, points: Single, cluster_ids: Ints) -> Any:
        if frame.head is None:
            return self._index_instead("this law has no heads", frame)
        number = np.asarray(frame.head)
        count = int(number.max(initial=0)) + 1
        if count <= MAX_OWN_IDS:
            self._swatches("moved most by", [f"head {k + 1}" for k in range(count)])
        return token_colours(self.theme, number), number

    def _by_speed(self, frame: Frame, points: Single, cluster_ids: Ints) -> Any:
        if frame.speed is None:
            return token_colours(
                self.theme, np.full(len(cluster_ids), LONE)
            ), cluster_ids
        speed = np.nan_to_num(np.asarray(frame.speed, float))
        past = 0.0 if frame.trace is None else frame.trace.state.peaks.speed
        top = max(past, float(speed.max(initial=0)), 1e-12)
        level = 1 + np.log10(np.maximum(speed / top, 1e-30)) / SPEED_DECADES
        low = top / 10**SPEED_DECADES
        self._ramp("speed, on a log scale", f"{low:.1g}", f"{top:.2g}")
        return self._shade(np.clip(level, 0, 1)), cluster_ids

    def _by_index(self, frame: Frame, points: Single, cluster_ids: Ints) -> Any:
        n = len(frame.x) if frame.run is None else frame.run.start.tokens
        self._ramp("index", "1", f"{max(n, frame.id_count):,}")
        return self._shade(np.minimum(frame.ids / max(n - 1, 1), 1)), cluster_ids

    def _by_centre(self, frame: Frame, points: Single, cluster_ids: Ints) -> Any:
        s = frame.scenario
        tokens = hash(frame.ids.tobytes())
        run = (frame.epoch, s.dynamics, s.space, s.integrator, tokens)
        if run != self._ranked_run and frame.first is not None:
            self._ranked_run, self._ranks = run, _ranks(s, frame.first)
        if isinstance(self._ranks, str):
            return self._index_instead(self._ranks, frame)
        theme = self.theme
        palette = np.array([rgb(theme.muted), rgb(theme.accent), rgb(theme.bad)])
        names = ("at a strong centre", "at another centre", "at no centre")
        self.legend = Legend("", names, palette[::-1].astype(np.float32))
        rgba = np.ones((len(frame.x), 4), np.float32)
        rgba[:, :3] = palette[_highest(self._ranks, cluster_ids)]
        return rgba, cluster_ids

    def _index_instead(self, why: str, frame: Frame) -> Any:
        self.reason = f"{why}: coloured by index"
        return self._by_index(frame, frame.x, np.full(len(frame.x), LONE))

    def _shade(self, level: Any) -> Single:
        low, high = MAP_RANGES[self.theme.dark]
        at = np.round((low + (high - low) * np.asarray(level)) * 255).astype(int)
        rgb = colour_map(COLOUR_MAP)[at].astype(np.float32) / np.float32(255)
        return np.concatenate([rgb, np.ones((*rgb.shape[:-1], 1), np.float32)], axis=-1)

    def _ramp(self, title: str, low: str, high: str) -> None:
        ramp = self._shade(np.linspace(0, 1, 32))[:, :3]
        self.legend = Legend(title, (), ramp, low, high)

    def _swatches(self, title: str, names: list[str]) -> None:
        rgb = token_colours(self.theme, np.arange(len(names)))[:, :3]
        self.legend = Legend(title, tuple(names), rgb)


def _in_order(
    groups: tuple[str, ...], known: tuple[str, ...]
) -> tuple[list[str], Ints]:
    """Return the different groups, in order, and the number of each token's.

    Those of `known` come first, so that each keeps its number; LONE for no group.
    """
    every = dict.fromkeys(name for name in (*known, *groups) if name)
    names = {name: k for k, name in enumerate(every)}
    return list(names), np.array([names.get(g, LONE) for g in groups])


def _ranks(scenario: Scenario, first: Any) -> Ints | str:
    """Return which tokens are centres, or why that is not known."""
    try:
        return centres.ranks(scenario, first)
    except ValueError as error:
        return str(error)


def _highest(ranks: Ints, cluster_ids: Ints) -> Ints:
    """Return the highest rank in the cluster of each token: int (n,)."""
    best = np.zeros(cluster_ids.max(initial=LONE) + 1, ranks.dtype)
    cluster_members = cluster_ids != LONE
    np.maximum.at(best, cluster_ids[cluster_members], ranks[cluster_members])
    out = ranks.copy()
    out[cluster_members] = best[cluster_ids[cluster_members]]
    return out
