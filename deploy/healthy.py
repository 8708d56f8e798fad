"""A container's health check: `python -m deploy.healthy URL`. Standard library only, for both images."""

import sys
import urllib.error
import urllib.request

PATIENCE = 4.0


def main() -> int:
    """Return the exit code: 0 when the address answers with success."""
    try:
        with urllib.request.urlopen(sys.argv[1], timeout=PATIENCE):  # noqa: S310 - the address is in the compose file
            return 0
    except (urllib.error.URLError, OSError) as error:
        print(f"{sys.argv[1]}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
