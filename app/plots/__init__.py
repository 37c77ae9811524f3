"""Curves against time, beside the picture.

Imports widgets, document and theme below.
"""
