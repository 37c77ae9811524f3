"""Tokens moved by hand, added, removed, put between others, and perturbed.

May import pictures of tokens and documents, and what is below them.
"""
