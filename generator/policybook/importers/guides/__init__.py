"""AWS guide pages about managed policies: each form to the same blocks, and blocks to facts.

May import `data`, `importers/snapshots.py`, and what stands above them.
"""
