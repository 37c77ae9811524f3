"""Tables of users: tokens, matrices and edges, read exactly or refused.

A text table passes four stages: `source` decodes it, `opening` looks at its first
lines, `layout` decides what its columns are, `blocks` reads its numbers.  What was
decided is said by a `Report`.

May import `sim.io`, `sim.resources` and `sim.array_types`.
"""
