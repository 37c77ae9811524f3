"""Edits of tokens stay edits of the same tokens when others are deleted or moved."""

from sim import AddedToken, TokenEdits
from sim.tokens.renumber import renumbered

A, B, POINT = AddedToken((1, 0, 0), "a"), AddedToken((0, 1, 0), "b"), (0, 0, 1)
EDITS = (
    TokenEdits(add=(A,)),
    TokenEdits(add=(B,)),
    TokenEdits({5: POINT, 6: POINT, 0: POINT}, (), (1,)),
    TokenEdits(remove=(5, 6)),
)


def test_the_same_order_leaves_edits_as_they_are():
    assert renumbered(5, EDITS, range(4)) == list(EDITS)


def test_what_was_done_to_a_token_that_is_not_added_is_left_out():
    assert renumbered(5, EDITS, (1, 2, 3)) == [
        TokenEdits(add=(B,)),
        TokenEdits({5: POINT, 0: POINT}, (), (1,)),
        TokenEdits(remove=(5,)),
    ]


def test_tokens_added_in_another_order_change_their_numbers():
    assert renumbered(5, EDITS, (1, 0, 2, 3)) == [
        TokenEdits(add=(B,)),
        TokenEdits(add=(A,)),
        TokenEdits({6: POINT, 5: POINT, 0: POINT}, (), (1,)),
        TokenEdits(remove=(6, 5)),
    ]
