"""`python -m policybook` and the command `policybook`."""

import signal


def main() -> None:
    """Run the command line; Ctrl+C ends the process without a word from the first moment on."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from policybook.commands.main import main as run  # noqa: PLC0415  # it takes a while

    run()


if __name__ == "__main__":
    main()
