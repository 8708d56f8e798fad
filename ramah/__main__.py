"""The command line: ``python -m ramah``."""

from ramah.cli.app import main

if __name__ == "__main__":
    main()
