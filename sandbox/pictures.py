"""Pictures that the bot uploads: how large one is, and whether Telegram would take it.

Only PNG is looked into: what people send has made-up bytes (files.py), which are no picture.
"""

from __future__ import annotations

from sandbox.errors import bad_request

LARGEST = 10 * 2**20
"""Bytes of a photo; what is larger goes as a document only (Bot API ``sendPhoto``)."""
LONGEST_SIDES = 10_000
"""Pixels of width and height together."""
NARROWEST = 20
"""Times that the longer side may be the shorter one."""

_PNG = b"\x89PNG\r\n\x1a\n"


def is_picture(data: bytes) -> bool:
    """Say whether it is one that can be looked at."""
    return data.startswith(_PNG) and len(data) > 24 and data[12:16] == b"IHDR"


def sides(data: bytes) -> tuple[int, int]:
    """Give width and height in pixels of what ``is_picture``."""
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def check_photo(data: bytes) -> None:
    """Refuse what Telegram would refuse as a photo; raises ApiError 400."""
    if len(data) > LARGEST:
        raise bad_request("file is too big")
    if data.startswith(_PNG) and not is_picture(data):
        raise bad_request("IMAGE_PROCESS_FAILED")
    if is_picture(data):
        shorter, longer = sorted(sides(data))
        if shorter + longer > LONGEST_SIDES or longer > NARROWEST * shorter:
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
