"""What can go wrong in the sandbox, and for whom; no behaviour lives here.

::

    SandboxError
    ├── ApiError            the bot asked for something Telegram refuses: goes out as JSON
    └── PersonError         a test asked a person to do what nobody can do in Telegram
        └── NoSuchButton    there is no such button to press

Waiting helpers raise the built-in ``TimeoutError``.
"""

from __future__ import annotations

from typing import Any


class SandboxError(Exception):
    """Root of everything the sandbox raises on purpose."""


class ApiError(SandboxError):
    """Raised when a call of the Bot API is refused; ``description`` goes out to the bot."""

    def __init__(
        self,
        code: int,
        description: str,
        *,
        retry_after: int | None = None,
        migrate_to_chat_id: int | None = None,
    ) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = {
            name: value
            for name, value in (
                ("retry_after", retry_after),
                ("migrate_to_chat_id", migrate_to_chat_id),
            )
            if value is not None
        }

    def answer(self) -> dict[str, Any]:
        """Give the JSON object of the refusal (Bot API, "Making requests")."""
        answer: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            answer["parameters"] = dict(self.parameters)
        return answer


class PersonError(SandboxError):
    """Raised when a test makes a person do what Telegram's own apps would not let them do."""


class NoSuchButton(PersonError):
    """Raised when the button to press never was on the screen; says which ones are there."""


def bad_request(reason: str) -> ApiError:
    """Build the most common refusal, ``400 Bad Request: <reason>``."""
    return ApiError(400, f"Bad Request: {reason}")


def too_many_requests(seconds: int) -> ApiError:
    """Build ``429`` with its ``retry_after``, in whole seconds."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
