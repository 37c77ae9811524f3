"""Draws a `Scene` with OpenGL, one file a layer; the only user of vispy; no Qt."""
