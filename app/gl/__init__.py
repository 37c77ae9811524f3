"""Draws a `Picture` with OpenGL: one file a layer; no Qt.  Only this package uses vispy."""
