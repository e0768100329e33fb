"""What the data says, as frozen types without logic.

May import the top-level modules.
"""
