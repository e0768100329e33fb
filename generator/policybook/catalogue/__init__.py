"""AWS's services, actions, resource types and condition keys, and where they come from.

May import `iam` and what stands above it.
"""
