"""What is known of one token: found by name, as numbers on a card.  Computes nothing.

May import widgets, scene, document, actions and theme.
"""
