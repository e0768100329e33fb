"""`python -m policybook` and the command `policybook`."""

from policybook.commands.main import main

if __name__ == "__main__":
    main()
