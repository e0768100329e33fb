"""An AWS account's policies, through IAM's read-only calls.

May import what stands beside it in `importers`, `data`, and what stands above them.
"""
