"""Trained transformers: checkpoint folders, tokenisers and their forward pass.

May import `sim.io`, `sim.arrays` and what is below them; never torch, and never the
network.  Heads add up here, as in the checkpoints, and have biases; the laws of
`sim.dynamics` average heads without biases.
"""
