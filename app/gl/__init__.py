"""Draws a `Picture` with OpenGL, one file a layer; the only user of vispy; no Qt."""
