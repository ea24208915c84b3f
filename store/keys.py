"""The master key, its file, and the subkeys derived from it; nothing here knows a table's content.

One key file holds 32 random bytes. Nothing is ever encrypted under the master key itself: each
purpose and each table has its own subkey (HKDF-SHA256, RFC 5869), so that equal ids in two tables
do not look equal and a ciphertext of one table means nothing in another.
"""

from __future__ import annotations

import base64
import hmac
import os
import re
import secrets
import stat
from pathlib import Path
from typing import Final, NoReturn

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from store.errors import KeyFileError, KeyFileExists, KeyFileFormat, KeyFileMissing, KeyFileTooOpen

KEY_BYTES: Final = 32
_PREFIX: Final = "faro1:"
_LINE: Final = re.compile(r"faro1:([A-Za-z0-9_-]*={0,2})\r?\n?")
_LONGEST_FILE: Final = 4096


class Keys:
    """The master key of one installation, and what is derived from it.

    Made by `load`, `generate` or `ephemeral`. It cannot be printed, compared or pickled, so that
    a log line or a traceback with it in sight shows nothing.
    """

    __slots__ = ("_derived", "_master")

    def __init__(self, master: bytes) -> None:
        """Take 32 bytes of key; use a constructor with a name instead."""
        if len(master) != KEY_BYTES:
            raise KeyFileFormat(f"a master key is {KEY_BYTES} bytes long")
        self._master = master
        self._derived: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return "<Keys>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are never pickled or copied")

    @classmethod
    def ephemeral(cls) -> Keys:
        """A random key in memory only, for the demo and for tests."""
        return cls(secrets.token_bytes(KEY_BYTES))

    @classmethod
    def load(cls, path: str | Path) -> Keys:
        """Read a key file; refuses a wrong format and a file that others may read.

        Raises `KeyFileMissing`, `KeyFileTooOpen`, `KeyFileFormat`; `KeyFileError` for the rest.
        """
        file = Path(path)
        try:
            # O_NONBLOCK: a pipe at this path must not hang the start.
            descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except FileNotFoundError:
            raise KeyFileMissing(f"no key file at {file}: make one with faro keygen") from None
        except OSError as error:
            raise KeyFileError(f"cannot read the key file {file}: {error.strerror}") from None
        try:
            # The mode is asked of the open file, not of the path: nothing can be swapped between.
            mode = os.fstat(descriptor).st_mode
            if not stat.S_ISREG(mode):
                raise KeyFileError(f"{file} is not a file")
            if mode & 0o077:
                raise KeyFileTooOpen(
                    f"others may open the key file {file} (mode {stat.S_IMODE(mode):04o}): "
                    f"chmod 600 it"
                )
            raw = os.read(descriptor, _LONGEST_FILE)
        finally:
            os.close(descriptor)
        return cls(_decode(raw, file))

    @classmethod
    def generate(cls, path: str | Path) -> Keys:
        """Write a new key file, 0600, and return its keys; never writes over a file.

        Raises `KeyFileExists` (the file is untouched) or `KeyFileError`.
        """
        file = Path(path)
        master = secrets.token_bytes(KEY_BYTES)
        line = f"{_PREFIX}{base64.urlsafe_b64encode(master).decode('ascii')}\n"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        try:
            descriptor = os.open(file, flags, 0o600)
        except FileExistsError:
            raise KeyFileExists(f"{file} exists and was left as it is") from None
        except OSError as error:
            raise KeyFileError(f"cannot write the key file {file}: {error.strerror}") from None
        with open(descriptor, "wb") as stream:
            os.fchmod(stream.fileno(), 0o600)  # an odd umask may only take bits away from it
            stream.write(line.encode("ascii"))
            stream.flush()
            os.fsync(stream.fileno())
        return cls(master)

    def subkey(self, purpose: str) -> bytes:
        """The 32-byte subkey of a purpose, such as ``buttons`` or ``lookup:session``."""
        known = self._derived.get(purpose)
        if known is None:
            info = b"faro/1/" + purpose.encode("utf-8")
            known = HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(self._master)
            self._derived[purpose] = known
        return known

    def lookup(self, table: str, chat: int) -> bytes:
        """The value under which a table finds a chat: HMAC-SHA256 of its id, 32 bytes.

        A keyed hash, because the ids of Telegram are few enough to try them all. Each table has
        its own subkey: two tables never show that they speak of the same chat.
        """
        message = chat.to_bytes(8, "big", signed=True)
        return hmac.digest(self.subkey(f"lookup:{table}"), message, "sha256")

    def wrapping_key(self, table: str) -> bytes:
        """The key that wraps the random row keys of a table.

        The seam for epoch keys: today a master subkey, later the key of the day, destroyed on
        the morrow. Only `store.envelope` asks for it.
        """
        return self.subkey(f"wrap:{table}")


def _decode(raw: bytes, file: Path) -> bytes:
    try:
        match = _LINE.fullmatch(raw.decode("ascii"))
    except UnicodeDecodeError:
        match = None
    if match is None:
        raise KeyFileFormat(f"{file} is not one line faro1:<base64url of {KEY_BYTES} bytes>")
    text = match[1].rstrip("=")
    try:
        master = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        # from None: what could not be decoded may be most of a key.
        raise KeyFileFormat(f"{file}: the part after faro1: is not base64url") from None
    if len(master) != KEY_BYTES:
        raise KeyFileFormat(f"{file} holds {len(master)} bytes of key, not {KEY_BYTES}")
    return master
