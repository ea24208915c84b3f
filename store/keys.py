"""The master key, its file, and the keyring beside it; nothing here knows a table's content.

One key file holds 32 random bytes (`store.derivation` says how they are used). The keys of the
day, of `store.keyring`, stand beside it in a folder of its name with ``.epochs`` at the end.
"""

from __future__ import annotations

import base64
import os
import re
import secrets
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from store.derivation import KEY_BYTES, Secret
from store.errors import KeyFileError, KeyFileExists, KeyFileFormat, KeyFileMissing, KeyFileTooOpen
from store.keyring import Epoch, FileKeyring, Keyring

BEFORE_EPOCHS: Final = 0
"""The number of the epoch of rows written before there were keys of the day: the master key's."""

FOLDER_END: Final = ".epochs"

_BEGINNING: Final = datetime(1970, 1, 2, tzinfo=UTC)
_PREFIX: Final = "faro1:"
_LINE: Final = re.compile(r"faro1:([A-Za-z0-9_-]*={0,2})\r?\n?")
_LONGEST_FILE: Final = 4096


class Keys(Secret):
    """The keys of one installation: the master key, what is derived from it, and the keyring.

    Made by `load`, `generate` or `ephemeral`.
    """

    __slots__ = ("__weakref__", "_before_epochs", "ring")

    def __init__(self, master: bytes, folder: Path | None = None) -> None:
        """Take 32 bytes of key; use a constructor with a name instead.

        ``folder`` is that of the keyring; without one it is kept in memory and has a key already.
        """
        if len(master) != KEY_BYTES:
            raise KeyFileFormat(f"a master key is {KEY_BYTES} bytes long")
        super().__init__(master)
        self._before_epochs = Epoch(BEFORE_EPOCHS, _BEGINNING, master)
        self.ring: Keyring
        if folder is not None:
            self.ring = FileKeyring(folder, self.subkey("seal:keyring"))
        else:
            self.ring = Keyring()
            self.ring.create(_BEGINNING)

    def epoch(self, number: int) -> Epoch | None:
        """The epoch of a row, by the number in the row; None when its key is gone."""
        return self._before_epochs if number == BEFORE_EPOCHS else self.ring.get(number)

    def epochs(self) -> tuple[Epoch, ...]:
        """Every epoch under which a row may stand: the current one first, `BEFORE_EPOCHS` last."""
        return (*self.ring.epochs(), self._before_epochs)

    @classmethod
    def ephemeral(cls) -> Keys:
        """A random key and a keyring in memory only, for the demo and for tests."""
        return cls(secrets.token_bytes(KEY_BYTES))

    @classmethod
    def load(cls, path: str | Path) -> Keys:
        """Read a key file and its keyring; refuses a wrong format and a file that others may read.

        The keyring may be empty: `store.rotation.rotate` makes its first key. Raises
        `KeyFileMissing`, `KeyFileTooOpen`, `KeyFileFormat`; `KeyFileError` for the rest of the
        file, `KeyringError` for a keyring that cannot be read.
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
        return cls(_decode(raw, file), keyring_folder(file))

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
        return cls(master, keyring_folder(file))


def keyring_folder(key_file: Path) -> Path:
    """Where the keys of the day stand: beside the key file, under its name and `FOLDER_END`."""
    return key_file.with_name(key_file.name + FOLDER_END)


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
