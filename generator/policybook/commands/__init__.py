"""The command `policybook`: one file a command, and their reports as text.

May import everything else.
"""
