"""AWS's services, actions, resource types and condition keys, and the sources of these lists.

May import `iam` and what stands above it.
"""
