"""Files that people and the bot sent: what is known of them, their bytes, where the bot gets them.

A file is known by its ``file_id``. The bytes of one that a person sent are made up: its id, over
and over, so that a test can tell whose they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.messages import JSON

SIZE = 20_480
"""Bytes of a file that a person sends."""

_PATHS = {
    "photo": "photos/file_{}.jpg",
    "voice": "voice/file_{}.oga",
    "video": "videos/file_{}.mp4",
}
_OTHER = "documents/file_{}.bin"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call of the bot (Bot API ``InputFile``)."""

    data: bytes
    name: str

    def __str__(self) -> str:
        return f"a file of {len(self.data)} bytes"


class Files:
    """All files of a world, by ``file_id``."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, JSON]] = {}
        self._uploaded: dict[str, bytes] = {}
        self._paths: dict[str, str] = {}

    def add(self, file_id: str, kind: str, data: bytes | None = None, **more: Any) -> JSON:
        """Make a file known and give it as the Bot API writes it."""
        size = SIZE if data is None else len(data)
        made = {"file_id": file_id, "file_unique_id": file_id[-12:], "file_size": size, **more}
        self._known[file_id] = (kind, made)
        if data is not None:
            self._uploaded[file_id] = data
        return made

    def find(self, file_id: str) -> tuple[str, JSON] | None:
        """Give the kind and the fields of a file, None for an unknown one."""
        return self._known.get(file_id)

    def path(self, file_id: str) -> str:
        """Give the path under which a known file can be downloaded from now on."""
        found = next((path for path, known in self._paths.items() if known == file_id), None)
        if found is None:
            kind, _ = self._known[file_id]
            found = _PATHS.get(kind, _OTHER).format(len(self._paths))
            self._paths[found] = file_id
        return found

    def data(self, file_id: str) -> bytes:
        """Give the bytes of a known file."""
        if file_id in self._uploaded:
            return self._uploaded[file_id]
        size: int = self._known[file_id][1]["file_size"]
        return (file_id.encode() * (size // len(file_id) + 1))[:size]

    def at(self, path: str) -> bytes | None:
        """Give the bytes under a path that ``path`` gave, None for any other."""
        file_id = self._paths.get(path)
        return None if file_id is None else self.data(file_id)
