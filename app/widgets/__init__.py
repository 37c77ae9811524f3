"""Small widgets and helpers that every other room of widgets uses.

Imports the theme only.
"""
