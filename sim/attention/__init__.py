"""What laws of attention are made of: heads, layers, weights, and sums over keys.

May import `sim.sums`, masks, masses, weights, positions and perceptrons, and what is
below them; never a law of motion.
"""
