"""A whole run written to a folder: what the recorders share, and what drives them.

Imports the simulation and the recorders.
"""
