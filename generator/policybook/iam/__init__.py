"""How IAM reads a policy document, without any book around it.

May import `model` and what stands above it.
"""
