"""`python -m tests.torture --kills 1000`; a life imports this file too, and nothing with it."""

if __name__ == "__main__":
    import sys

    from tests.torture.command import main

    sys.exit(main())
