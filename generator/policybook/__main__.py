"""`python -m policybook` and the command `policybook`."""

from policybook.commands.cli import main

if __name__ == "__main__":
    main()
