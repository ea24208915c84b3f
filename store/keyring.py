"""The keys of the day: made, kept in a folder beside the key file, destroyed; no row is read here.

An epoch is the time from one daily key to the next. Its key is random and derived from nothing:
once its file is destroyed, whoever has the master key, today's keyring and an old copy of the
database still cannot open what was sealed under it. When keys are made and destroyed is decided
in `store.rotation`.

The folder holds one file per epoch, ``epoch-<number>``, 0600, sealed under a subkey of the master
key: the folder alone says nothing but the numbers, which are days.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from store import cipher
from store.derivation import KEY_BYTES, Secret
from store.errors import IntegrityError, KeyringEmptyError, KeyringError
from store.hours import day_number, hour

_TABLE: Final = "keyring"
_MADE_BYTES: Final = 8
_FILE: Final = re.compile(r"epoch-([0-9]{1,9})")
_UNFINISHED: Final = ".new-"
_LONGEST_FILE: Final = 4096


class Epoch(Secret):
    """The key of one epoch. Number 0 is the master key: rows from before there were epochs."""

    __slots__ = ("made", "number")

    def __init__(self, number: int, made: datetime, secret: bytes) -> None:
        """``made`` is aware; only its hour is kept."""
        super().__init__(secret)
        self.number = number
        self.made = made


class Keyring:
    """Epoch keys in memory only: for the demo and for tests."""

    __slots__ = ("_epochs", "_lock")

    def __init__(self) -> None:
        """Begin without any key."""
        self._epochs: dict[int, Epoch] = {}
        self._lock = threading.RLock()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def epochs(self) -> tuple[Epoch, ...]:
        """Every epoch whose key can be used, newest first."""
        self._refresh()
        epochs = self._epochs
        return tuple(epochs[number] for number in sorted(epochs, reverse=True))

    def get(self, number: int) -> Epoch | None:
        """The epoch of this number; None when its key was destroyed, lost or never here."""
        self._refresh()
        return self._epochs.get(number)

    def current(self) -> Epoch:
        """The newest epoch, under which new rows are sealed. Raises `KeyringEmptyError`."""
        epochs = self.epochs()
        if not epochs:
            raise KeyringEmptyError("there is no key of the day: call store.rotation.rotate first")
        return epochs[0]

    def due(self, now: datetime) -> bool:
        """Whether a new key is to be made: none of this day of Caracas, or its file is gone."""
        epochs = self.epochs()
        if not epochs or not self._stands(epochs[0].number):
            return True
        return day_number(epochs[0].made) != day_number(now)

    def create(self, now: datetime, above: int = 0) -> Epoch:
        """Make a random key and keep it for good before it is used; it is current from then on.

        Its number is that of the day, or the next one free when that is not greater than every
        number known here and than ``above``: numbers never go back, whatever the clock does.
        Raises `KeyringError` when it cannot be written.
        """
        with self._lock:
            known = (above, *self._epochs, *self._numbers())
            number = max(day_number(now), max(known) + 1)
            made = datetime.fromtimestamp(hour(now) * 3600, UTC)
            epoch = Epoch(number, made, secret := secrets.token_bytes(KEY_BYTES))
            self._keep(epoch, secret)
            # A new mapping, so that who reads without the lock never sees it change.
            self._epochs = {**self._epochs, number: epoch}
        return epoch

    def destroy_before(self, number: int) -> int:
        """Destroy every key older than this epoch, readable or not; how many. Again does nothing.

        Raises `KeyringError` when a file stays; the others are gone then, and it may be retried.
        """
        with self._lock:
            old = {each for each in (*self._epochs, *self._numbers()) if each < number}
            for each in sorted(old):
                self._destroy(each)
                self._epochs = {key: kept for key, kept in self._epochs.items() if key != each}
            self._tidy()
        return len(old)

    def refresh(self) -> None:
        """Read the keyring anew, as it stands now."""

    def _refresh(self) -> None:
        """See what another program changed, if anything."""

    def _stands(self, number: int) -> bool:
        return number in self._epochs

    def _numbers(self) -> set[int]:
        """Numbers that are taken, readable or not."""
        return set()

    def _keep(self, epoch: Epoch, secret: bytes) -> None:
        """Write a key so that it survives a crash."""

    def _destroy(self, number: int) -> None:
        """Make the key of an epoch impossible to read again."""

    def _tidy(self) -> None:
        """Destroy what an interrupted `create` left."""


class FileKeyring(Keyring):
    """Epoch keys in a folder. Only its owner may open it, and no backup should hold it."""

    __slots__ = ("_seal", "_stamp", "folder")

    def __init__(self, folder: Path, seal: bytes) -> None:
        """``seal`` is the subkey of the master key under which each file is sealed.

        Raises `KeyringError` when the folder is there and cannot be read.
        """
        super().__init__()
        self.folder = folder.absolute()
        self._seal = seal
        self._stamp: int | None = None
        self.refresh()

    def refresh(self) -> None:
        """Read every file of the folder; one that does not open is a key that is lost.

        A key in memory whose file is gone stays: when the folder is taken away while Faro runs,
        live sessions are under it until `due` has a new one made. Only `destroy_before` drops it.
        """
        with self._lock:
            stamp = self._changed_at()
            found = {number: self._read(number) for number in self._numbers()}
            readable = {number: epoch for number, epoch in found.items() if epoch is not None}
            self._epochs = {**self._epochs, **readable}
            self._stamp = stamp

    def _refresh(self) -> None:
        # The time at which names in the folder changed: 2 µs to ask, and a program beside this
        # one (the doctor) never judges rows by keys that were replaced meanwhile.
        if self._changed_at() != self._stamp:
            self.refresh()

    def _changed_at(self) -> int | None:
        try:
            return os.stat(self.folder).st_mtime_ns
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._trouble("read", error) from None

    def _numbers(self) -> set[int]:
        return {int(match[1]) for name in self._names() if (match := _FILE.fullmatch(name))}

    def _names(self) -> list[str]:
        try:
            return os.listdir(self.folder)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._trouble("read", error) from None

    def _stands(self, number: int) -> bool:
        return self._path(number).exists()

    def _read(self, number: int) -> Epoch | None:
        try:
            descriptor = os.open(
                self._path(number), os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
            )
        except FileNotFoundError:
            return None  # another program destroyed it just now
        except OSError as error:
            raise self._trouble("read", error) from None
        try:
            sealed = os.read(descriptor, _LONGEST_FILE)
        except OSError as error:
            raise self._trouble("read", error) from None
        finally:
            os.close(descriptor)
        try:
            opened = cipher.unwrap(self._seal, _TABLE, b"%d" % number, sealed)
        except IntegrityError:
            return None
        hours = int.from_bytes(opened[:_MADE_BYTES], "big", signed=True)
        return Epoch(number, datetime.fromtimestamp(hours * 3600, UTC), opened[_MADE_BYTES:])

    def _keep(self, epoch: Epoch, secret: bytes) -> None:
        made = hour(epoch.made).to_bytes(_MADE_BYTES, "big", signed=True)
        sealed = cipher.wrap(self._seal, _TABLE, b"%d" % epoch.number, made + secret)
        try:
            if not self.folder.exists():
                os.mkdir(self.folder, 0o700)
                _sync_folder(self.folder.parent)
            if stat.S_IMODE(os.stat(self.folder).st_mode) != 0o700:
                os.chmod(self.folder, 0o700)
            unfinished = self.folder / f"{_UNFINISHED}{secrets.token_hex(8)}"
            descriptor = os.open(
                unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600
            )
            try:
                os.fchmod(descriptor, 0o600)  # an odd umask may only take bits away from it
                os.write(descriptor, sealed)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            os.rename(unfinished, self._path(epoch.number))
            _sync_folder(self.folder)
        except OSError as error:
            raise self._trouble("write", error) from None

    def _destroy(self, number: int) -> None:
        self._shred(self._path(number))

    def _tidy(self) -> None:
        for name in self._names():
            if name.startswith(_UNFINISHED):
                self._shred(self.folder / name)

    def _shred(self, path: Path) -> None:
        # Overwriting is the second line: a file system may refuse it, or write elsewhere. What
        # must succeed is that the name goes.
        with suppress(OSError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                os.write(descriptor, secrets.token_bytes(os.fstat(descriptor).st_size))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        try:
            path.unlink(missing_ok=True)
            if self.folder.exists():
                _sync_folder(self.folder)
        except OSError as error:
            raise self._trouble("destroy a key in", error) from None

    def _path(self, number: int) -> Path:
        return self.folder / f"epoch-{number}"

    def _trouble(self, what: str, error: OSError) -> KeyringError:
        return KeyringError(
            f"cannot {what} the keyring {self.folder}: {error.strerror} "
            f"(its folder must be one that Faro may write)"
        )


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
