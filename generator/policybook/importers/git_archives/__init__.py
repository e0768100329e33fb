"""Git archives of policies: each commit a state of all policies, the history as records.

May import what stands beside it in `importers`, `data`, and what stands above them.
"""
