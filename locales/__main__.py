"""``python -m locales check``: every fault of every message; no check is written here."""

from __future__ import annotations

import sys

from locales.checks import all_faults


def main(arguments: list[str]) -> int:
    """Run the command; return 0 when there is no fault, 1 with faults, 2 for a wrong command."""
    if arguments != ["check"]:
        print("usage: python -m locales check", file=sys.stderr)
        return 2
    faults = all_faults()
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults" if faults else "no faults", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
