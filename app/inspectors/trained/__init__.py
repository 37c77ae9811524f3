"""Pages of a trained model: what one sentence does in it, layer by layer.

What they show is computed by `sim.models` on a thread, kept, and given up once it is
no longer wanted.  May import what `app.inspectors` may.
"""
