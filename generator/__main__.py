"""`python -m generator` and the command `policybook`."""

from generator.cli import main

if __name__ == "__main__":
    main()
