"""Draws a `Picture`: camera, layers in their order.  Only this package uses vispy."""
