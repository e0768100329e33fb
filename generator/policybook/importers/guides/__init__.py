"""AWS guide pages about managed policies: each form to the same blocks, and blocks to facts.

May import what stands beside it in `importers`, `data`, and what stands above them.
"""
