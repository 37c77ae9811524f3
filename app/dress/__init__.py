"""Colours, letters and icons: what everything on screen wears."""
