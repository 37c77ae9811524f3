"""The fused softmax sum: blocking, layout of tokens, kernels, and who runs them.

May import `sim.sums` and `sim.jit`.
"""
