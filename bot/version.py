"""The version of the installed program; nothing else."""

from __future__ import annotations

from importlib import metadata


def version() -> str:
    """Version of the installed distribution, ``0`` when it runs without being installed."""
    try:
        return metadata.version("faro-helpdesk")
    except metadata.PackageNotFoundError:
        return "0"
