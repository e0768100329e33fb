"""The page of a policy, one module for each of its parts, and the pages that belong to it."""
