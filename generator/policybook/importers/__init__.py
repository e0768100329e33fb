"""Policies and their history from elsewhere: each importer yields records, one writer makes data.

`git_archives`, `packages`, `accounts` and `guides` read one kind of source each; `writing` has the
writer. May import `data` and what stands above it.
"""
