"""The numbers on the card of a token, against a softmax written out here."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from app.document.attention_look import AttentionLook
from app.token_card.facts import ROWS, token_facts
from sim import Scenario, Simulation, edit
from sim.frame import FrameRequest

N, BETA, TOKEN = 40, 9.0, 7
ASKED = FrameRequest(frozenset(), rows=(TOKEN,), columns=(TOKEN,))
NAMES = tuple(f"word{k}" for k in range(N))
TOLERANCE = 1e-12  # of float64 weights of at most 1


def a_frame(t=1.0, changes=None, names=NAMES):
    start = edit(Scenario(tokens=N, seed=1), {"dynamics.beta": BETA, **(changes or {})})
    run = Simulation(start, "numpy")
    run.advance(t)
    return dataclasses.replace(run.frame(None, ASKED), names=names)


def softmax_of(x):
    scores = BETA * np.asarray(x, np.float64) @ np.asarray(x, np.float64).T
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("incoming", [False, True])
def test_the_ten_largest_weights_are_those_of_the_matrix(incoming):
    frame = a_frame(0.3)
    facts = token_facts(frame, TOKEN, AttentionLook(incoming=incoming))
    p = softmax_of(frame.x)
    part = p[:, TOKEN] if incoming else p[TOKEN]
    order = np.argsort(-part, kind="stable")
    assert [w.token for w in facts.weights] == order[:ROWS].tolist()
    assert [w.name for w in facts.weights] == [NAMES[k] for k in order[:ROWS]]
    for weight in facts.weights:
        assert abs(weight.value - part[weight.token]) < TOLERANCE
        assert weight.own is (weight.token == TOKEN)
    covered = np.cumsum(part[order]) / part.sum()
    count = 1 + int(np.searchsorted(covered, 0.9))
    assert facts.covered == (count if count <= ROWS else 0)
    assert f"{count} make 90 % of it" in facts.total
    assert facts.total.startswith(f"{100 * covered[ROWS - 1]:.0f} %")


def test_entropy_cluster_centre_and_start():
    frame = a_frame(6.0)
    facts = token_facts(frame, TOKEN, AttentionLook())
    lines = dict(facts.lines)
    assert lines["Token"] == f"number {TOKEN + 1} of {N}"
    p = softmax_of(frame.x)[TOKEN]
    entropy = -sum(v * math.log(v) for v in p if v)
    assert lines["Entropy"] == (
        f"{entropy:.3f} nats: as {math.exp(entropy):.1f} tokens"
    )
    members = frame.x[frame.labels == frame.labels[TOKEN]]
    assert len(members) > 1
    assert f", {len(members)} tokens" in lines["Cluster"]
    centre = members.mean(axis=0) / np.linalg.norm(members.mean(axis=0))
    own, least = frame.x[TOKEN] @ centre, (members @ centre).min()
    assert lines["Its centre"] == f"cos {own:.5f}, least {least:.5f}"
    turned = math.degrees(math.acos(frame.first[TOKEN] @ frame.x[TOKEN]))
    apart = np.linalg.norm(frame.first - frame.first[TOKEN], axis=1)
    near = NAMES[int(np.argsort(apart)[1])]
    assert lines["Began"] == f"{turned:.1f}° away, near {near}"


def test_heads_their_mean_and_differences():
    heads = {"dynamics.heads.count": 3, "dynamics.heads.query": "gaussian"}
    frame = a_frame(0.0, heads)
    rows = frame.rows[TOKEN]
    for look, want, heading in (
        (AttentionLook(), rows.mean(axis=0), "Mean of heads"),
        (AttentionLook(head=2), rows[1], "Head 2"),
        (AttentionLook(head=1, minus=3), rows[0] - rows[2], "Head 1 − head 3"),
    ):
        facts = token_facts(frame, TOKEN, look)
        assert facts.heading == heading
        assert facts.signed is bool(look.minus)
        assert [w.value for w in facts.weights] == [
            want[w.token] for w in facts.weights
        ]
        size = np.sort(np.abs(want))[::-1]
        found = [abs(w.value) for w in facts.weights]
        assert found == pytest.approx(size[:ROWS], abs=1e-15)
        assert ("Entropy" in dict(facts.lines)) is not bool(look.minus)


def test_what_is_not_known_is_said():
    lone = dict(token_facts(a_frame(0.0), TOKEN, AttentionLook()).lines)
    assert lone["Cluster"] == "alone by cos > 0.999"
    bare = dataclasses.replace(a_frame(0.0), labels=None, rows={}, columns={})
    facts = token_facts(bare, TOKEN, AttentionLook())
    assert (facts.weights, facts.why_not) == ((), "…")
    many = dataclasses.replace(
        bare, x=np.zeros((5000, 3)), ids=np.arange(5000), names=(), first=None
    )
    facts = token_facts(many, TOKEN, AttentionLook(incoming=True))
    assert "at most 4,096 tokens; there are 5,000" in facts.why_not
    law = edit(bare.scenario, {"dynamics": "bracket"})
    graph = dataclasses.replace(bare, scenario=law)
    facts = token_facts(graph, TOKEN, AttentionLook())
    assert "no attention among the tokens" in facts.why_not
    assert token_facts(graph, 999, AttentionLook()) is None
