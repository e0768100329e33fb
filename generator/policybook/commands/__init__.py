"""The command `policybook`: one file a command, with shared options, arguments and text reports.

Since each command has a file of its own, there are more modules here than in other packages. They
import what they need when they run, so that each command starts fast. May import every package
except `pages`.
"""
