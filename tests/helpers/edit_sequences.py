"""Does to a run what a person can do, in any order."""

from hypothesis import strategies as st

from sim import AddedToken, Simulation, TokenEdits, edit
from sim.playback import Playback

EDITS = (
    {"dynamics.beta": 9.0},
    {"dynamics.beta": 1.0},
    {"dynamics": "unnormalised"},
    {"dynamics": "bracket"},
    {"dynamics": "inertial"},
    {"space": "flat"},
    {"space": "sphere"},
    {"integrator": "euler"},
    {"integrator": "adaptive"},
    {"step": 0.07},
    {"clock": "logarithmic"},
    {"dynamics.heads.depth.dropout": 0.3},
)
PLAY = st.tuples(st.just("play"), st.integers(1, 6))
SEEK = st.tuples(st.just("seek"), st.floats(0, 1.5))
RETURN = st.tuples(st.just("return"), st.integers(0, 5))
ACTIONS = st.one_of(
    PLAY,
    st.tuples(st.just("edit"), st.sampled_from(EDITS)),
    SEEK,
    RETURN,
    st.tuples(st.just("reset"), st.none()),
)
TOKEN_ACTIONS = st.one_of(
    ACTIONS,
    st.tuples(st.just("edit"), st.just({"duration": 3.0})),
    st.tuples(st.just("back"), st.integers(1, 8)),
    st.tuples(st.just("leave"), st.floats(0, 1.5)),
    st.tuples(st.sampled_from(("move", "add", "remove")), st.integers(0, 30)),
)
POINTS = ((1.0, 0.0, 0.0), (0.0, 0.6, 0.8), (-0.6, 0.0, 0.8), (0.0, 0.0, -1.0))
BACK = 0.03  # of a frame, when time goes backwards


def always(_share):
    """Let a seek go on."""
    return True


class EditedRun:
    """Does to a run what a person can do, and keeps what is seen and the runs."""

    def __init__(self, start, request):
        self.played = Playback(Simulation(start, "numpy"))
        self._request = request
        self.seen, self.runs = [], []
        self.look()

    def look(self, at=None):
        """See the frame at a time, or now."""
        self.seen.append(self.played.frame(at, self._request))

    def do(self, action, value):
        """Carry out one action, and look at what came of it."""
        self.runs.append(self.played.simulation.run)
        getattr(self, f"_{action}")(value)

    def _play(self, steps):
        for _ in range(steps):
            before = self.played.simulation.t
            self.played.step()
            self.look(before + 0.4 * (self.played.simulation.t - before))
        self.look()

    def _edit(self, changes):
        try:
            self.played.retune(edit(self.played.simulation.scenario, changes))
        except (KeyError, ValueError):
            return  # a setting that this law does not have
        self.look()

    def _seek(self, t):
        assert self.played.seek(t, always)
        self.look(t)

    def _back(self, frames):
        t = self.played.simulation.t
        for k in range(1, frames):
            self._seek(max(0.0, t - k * BACK))

    def _leave(self, t):
        """Leave a seek after a few steps."""
        left = [True] * 4 + [False] * 1000
        self.played.seek(t, lambda _share: left.pop(0))
        self.look()

    def _return(self, number):
        self.played.load(self.runs[number % len(self.runs)])
        self.look()

    def _reset(self, _none):
        self.played.reset()
        self.look()

    def _move(self, number):
        ids = self.played.simulation.ids
        token = int(ids[number % len(ids)])
        self._edit_tokens(TokenEdits({token: POINTS[number % len(POINTS)]}))

    def _add(self, number):
        self._edit_tokens(TokenEdits(add=(AddedToken(POINTS[number % len(POINTS)]),)))

    def _remove(self, number):
        ids = self.played.simulation.ids
        if len(ids) > 3:
            self._edit_tokens(TokenEdits(remove=(int(ids[number % len(ids)]),)))

    def _edit_tokens(self, edits):
        self.played.edit_tokens(edits)
        self.look()
