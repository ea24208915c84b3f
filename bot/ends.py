"""Says what a failed call means for the desk's post that it was to bring, by its cause.

Telegram tells causes apart in English words and nowhere else; the words are here, and nowhere else.
Nothing is called here.
"""

from __future__ import annotations

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.backoff import LONGEST_PAUSE, pause
from bot.fates import Fate, judge, seconds_to_wait
from helpdesk.desk.ends import End, Result
from helpdesk.desk.posts import Call

_SAME = ("message is not modified", "topic_not_modified")
_NO_RIGHTS = (
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat_admin_required",
    "write_forbidden",
    "the chat is not a forum",
)
_OUT = ("chat not found", "group chat was deactivated", "peer_id_invalid", "chat_id is empty")
_NO_VOICE = ("voice_messages_forbidden",)
_TOPIC_CLOSED = ("topic_closed",)
_TOPIC_GONE = ("thread not found", "topic_id_invalid", "topic_deleted")
_TOO_LONG = (
    "message is too long",
    "message_too_long",
    "caption is too long",
    "caption_too_long",
    "text is too long",
)
_SOURCE_GONE = ("message to copy not found", "message to forward not found", "file_id")
_UNCOPYABLE = (
    "can't be copied",
    "can't be forwarded",
    "forwards_restricted",
    "file is too big",
)
"""Also what getFile says of a file over 20 MB."""
_BAD_FILE = (
    "wrong file identifier",
    "wrong remote file",
    "file_reference",
    "file_id",
    "can't use file of type",
    "media_empty",
    "media_invalid",
)
_TARGET_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message to delete not found",
    "message can't be deleted",
    "message to be replied not found",
    "message_id_invalid",
)
_CAUSES: tuple[tuple[tuple[str, ...], End], ...] = (
    (_SAME, End.SENT),
    (_NO_RIGHTS, End.NO_RIGHTS),
    (_OUT, End.OUT),
    (_NO_VOICE, End.VOICE_FORBIDDEN),
    (_TOPIC_CLOSED, End.TOPIC_CLOSED),
    (_TOPIC_GONE, End.TOPIC_GONE),
    (_TOO_LONG, End.TOO_LONG),
    (_SOURCE_GONE, End.SOURCE_GONE),
    (_UNCOPYABLE, End.UNCOPYABLE),
    (_TARGET_GONE, End.TARGET_GONE),
)
"""The first that is in a refusal's words decides. Telegram writes some in capitals, and the library
makes the first letter one: all are compared in lower case."""

REPEATABLE = frozenset({Call.EDIT, Call.CLOSE_TOPIC, Call.REOPEN_TOPIC, Call.DELETE_TOPIC})
"""Calls that do nothing more when they are made twice: for these no answer means to try again."""
MOST_DOWNLOADS = 5
"""Tries to get a file that is to go to a family: what is said after it waits for it."""

_NO_FILE = frozenset({End.SOURCE_GONE, End.UNCOPYABLE})


def result_of(error: TelegramError, call: Call, *, group: bool, tries: int = 0) -> Result:
    """Say how a call ended that raised; ``group``: it went to the group, not to a person.

    ``tries`` is how often it was tried before: the pauses grow with it.
    """
    if isinstance(error, RetryAfter):
        return Result(End.LATER, seconds=seconds_to_wait(error))
    if isinstance(error, ChatMigrated):
        return Result(End.MOVED, moved_to=error.new_chat_id)
    if isinstance(error, InvalidToken):
        # The whole bot is refused; the intake ends the program for it. Nothing is lost meanwhile.
        return Result(End.LATER, seconds=LONGEST_PAUSE)
    words = error.message.lower()
    if isinstance(error, Forbidden):
        if not group:
            return Result(End.FAMILY_GONE)
        return Result(End.NO_RIGHTS if any(one in words for one in _NO_RIGHTS) else End.OUT)
    if isinstance(error, BadRequest):
        return Result(_cause(words, group=group))
    fate = judge(error)
    later = fate in (Fate.NEVER_LEFT, Fate.TROUBLE)
    if later or (fate is Fate.UNKNOWN and call in REPEATABLE):
        return Result(End.LATER, seconds=pause(tries))
    return Result(End.UNKNOWN if fate is Fate.UNKNOWN else End.REFUSED)


def refuses_file(error: BadRequest) -> bool:
    """Say whether a ``file_id`` was refused for what it is: the same file uploaded may go."""
    words = error.message.lower()
    return any(phrase in words for phrase in (*_UNCOPYABLE, *_BAD_FILE))


def result_of_download(error: TelegramError, tries: int) -> Result:
    """Say how a call ended whose file could not be downloaded: nothing was sent for certain."""
    result = result_of(error, Call.MEDIA, group=False, tries=tries)
    if isinstance(error, RetryAfter | InvalidToken) or result.end in _NO_FILE:
        return result
    if tries >= MOST_DOWNLOADS or isinstance(error, BadRequest | Forbidden):
        return Result(End.UNCOPYABLE)
    return Result(End.LATER, seconds=pause(tries))


def _cause(words: str, *, group: bool) -> End:
    """Find the cause of a 400 in its words."""
    for phrases, end in _CAUSES:
        if any(phrase in words for phrase in phrases):
            # A person's chat that Telegram does not know (any more) is a person who is gone.
            return End.FAMILY_GONE if end is End.OUT and not group else end
    return End.REFUSED
