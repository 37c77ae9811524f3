"""Videos, pictures and tables: asked for here, made in another process.

Imports scene, drawing and annotations; the window imports it.
"""
