"""A secret of 32 bytes and the subkeys derived from it; where secrets are kept is not known here.

Nothing is ever encrypted under such a secret itself: each purpose and each table has its own
subkey (HKDF-SHA256, RFC 5869), so that equal ids in two tables do not look equal and a ciphertext
of one table means nothing in another.
"""

from __future__ import annotations

import hmac
from typing import Final, NoReturn

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32


class Secret:
    """Random bytes and what is derived from them.

    It cannot be printed, compared or pickled, so that a log line or a traceback with it in sight
    shows nothing.
    """

    __slots__ = ("_derived", "_secret")

    def __init__(self, secret: bytes) -> None:
        """Take `KEY_BYTES` random bytes."""
        self._secret = secret
        self._derived: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are never pickled or copied")

    def subkey(self, purpose: str) -> bytes:
        """The 32-byte subkey of a purpose, such as ``buttons`` or ``lookup:session``."""
        known = self._derived.get(purpose)
        if known is None:
            info = b"faro/1/" + purpose.encode("utf-8")
            known = HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(self._secret)
            self._derived[purpose] = known
        return known

    def lookup(self, table: str, chat: int) -> bytes:
        """The value under which a table finds a chat: HMAC-SHA256 of its id, 32 bytes.

        A keyed hash, because the ids of Telegram are few enough to try them all. Each table has
        its own subkey: two tables never show that they speak of the same chat.
        """
        return self._lookup(table, chat.to_bytes(8, "big", signed=True))

    def lookup_text(self, table: str, text: str) -> bytes:
        """As `lookup`, for a text such as a code; ids and texts never share a ``table``."""
        return self._lookup(table, text.encode("utf-8"))

    def _lookup(self, table: str, message: bytes) -> bytes:
        return hmac.digest(self.subkey(f"lookup:{table}"), message, "sha256")
