"""The lab of heads against sums written out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.labs.heads import SeveralHeads


def written_out(lab):
    """Return the output by loops over heads, queries, keys and columns."""
    d = len(lab.queries[0]) // lab.heads
    out = np.zeros((len(lab.queries), len(lab.values[0])))
    for c in range(out.shape[1]):
        columns = range(c // d * d, c // d * d + d)
        for i, q in enumerate(lab.queries):
            e = [
                math.exp(math.fsum(q[m] * k[m] for m in columns) / d**0.5)
                for k in lab.keys
            ]
            total = zip(e, lab.values, strict=True)
            out[i, c] = math.fsum(a * v[c] for a, v in total) / math.fsum(e)
    return out


@pytest.mark.parametrize("heads", [1, 2, 4])
def test_heads_are_sums_over_their_columns(heads):
    lab = SeveralHeads(heads=heads)
    found = lab.compute().items[-1].values
    np.testing.assert_allclose(found, written_out(lab), rtol=1e-12, atol=1e-12)


def test_numbers_by_hand():
    first = {i.name: i.values for i in SeveralHeads().compute().items}
    np.testing.assert_array_equal(first["head 1 scores"][1], [0, 2, 2])
    np.testing.assert_allclose(first["head 1 scaled"][1], [0, 2**0.5, 2**0.5])
    e = math.exp(2**0.5)
    expected = [1 / (1 + 2 * e), e / (1 + 2 * e), e / (1 + 2 * e)]
    np.testing.assert_allclose(first["head 1 weights"][1], expected)


def test_heads_that_do_not_divide_the_columns_are_refused():
    with pytest.raises(ValueError, match="heads 3"):
        SeveralHeads(heads=3).compute()
