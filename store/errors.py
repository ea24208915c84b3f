"""Every error of the store, in one family; no message holds a key, an id of a person or a text.

::

    StoreError
    ├── DatabaseURLError      the URL is not one of SQLite, or names no file
    ├── SchemaError           the database was written by a Faro this one does not know
    ├── WrongKeyError         the database was written under another key file
    ├── StoreBusyError        another program held the database for too long
    ├── StoreClosedError      the database was closed, or the transaction is over
    ├── IntegrityError        a ciphertext was altered, moved, or its key is another or gone
    ├── GoneError             what was to be written anew is no longer there
    ├── LedgerError           the recipients of a broadcast were fixed already
    ├── CaseError
    │   ├── OpenCaseError     the chat has an open case already
    │   └── CaseKeyError      the look-up leads to another case already
    ├── KeyFileError
    │   ├── KeyFileExists     keygen found a file where it was to write one
    │   ├── KeyFileMissing    there is no key file at that path
    │   ├── KeyFileFormat     the file is not one line ``faro1:<base64url of 32 bytes>``
    │   └── KeyFileTooOpen    others may read the file
    ├── KeyringError          the keys of the day cannot be read, written or destroyed
    │   ├── KeyringEmptyError no key of the day was made yet
    │   └── KeyringPlaceError the keyring is inside the database's folder
    └── CounterError
        ├── CounterKeyError   a counter that is not one or two ``dimension=value``
        └── WeekClosedError   a count arrived for a week that was already rounded
"""

from __future__ import annotations


class StoreError(Exception):
    """Anything the store refuses or cannot do."""


class DatabaseURLError(StoreError):
    """The URL is not ``sqlite+aiosqlite:///PATH`` or ``sqlite:///PATH``."""


class SchemaError(StoreError):
    """The tables in the file are not the ones this program knows."""


class WrongKeyError(StoreError):
    """The database opens, but what is in it was sealed under another key."""


class StoreBusyError(StoreError):
    """Another connection kept the write lock through every retry."""


class StoreClosedError(StoreError):
    """Something was asked of a closed database or of a transaction that has ended."""


class IntegrityError(StoreError):
    """A sealed value does not open here: altered, moved, or its key is another or gone."""


class GoneError(StoreError):
    """A row that was read before is to be written whole, and is no longer there."""


class LedgerError(StoreError):
    """The recipients of a broadcast are fixed once: a second time would send it twice."""


class CaseError(StoreError):
    """A case that would take the place of another."""


class OpenCaseError(CaseError):
    """A chat has at most one open case that is linked to it."""


class CaseKeyError(CaseError):
    """A look-up leads to one case only, open or closed."""


class KeyFileError(StoreError):
    """Something is wrong with the key file."""


class KeyFileExists(KeyFileError):
    """A key is never written over a file that exists."""


class KeyFileMissing(KeyFileError):
    """There is no key file at the path."""


class KeyFileFormat(KeyFileError):
    """The file is not one line of the format ``faro1:<base64url of 32 bytes>``."""


class KeyFileTooOpen(KeyFileError):
    """Others than the owner may read or write the key file."""


class KeyringError(StoreError):
    """The keyring beside the key file cannot be read, written, or rid of an old key."""


class KeyringEmptyError(KeyringError):
    """Nothing can be sealed: no key of the day was made since the keyring is there."""


class KeyringPlaceError(KeyringError):
    """The keyring is inside the database's folder, or the other way round."""


class CounterError(StoreError):
    """A count that the anonymous counters cannot take."""


class CounterKeyError(CounterError):
    """A counter's name is not one or two ``dimension=value`` of plain words."""


class WeekClosedError(CounterError):
    """The week was already closed and rounded; adding to it would undo the rounding."""
