"""What members may do in a group: rights of administrators, permissions of everybody else.

Names only, and which one a message needs; who has them is in group_chats.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)
"""The rights of an administrator of a group (``ChatMemberAdministrator``)."""

SENDING = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
)
PERMISSIONS = (
    *SENDING,
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
"""What those who are not administrators may be allowed (``ChatPermissions``)."""

_NEEDED = {
    "audio": ("can_send_audios", "audios"),
    "document": ("can_send_documents", "documents"),
    "photo": ("can_send_photos", "photos"),
    "video": ("can_send_videos", "videos"),
    "video_note": ("can_send_video_notes", "video notes"),
    "voice": ("can_send_voice_notes", "voice notes"),
    "poll": ("can_send_polls", "polls"),
    "animation": ("can_send_other_messages", "animations"),
    "sticker": ("can_send_other_messages", "stickers"),
    "dice": ("can_send_other_messages", "dice"),
}


def needed(content: Iterable[str]) -> tuple[str, str]:
    """Give the permission that a message needs, and Telegram's word for what it brings.

    ``content`` are the Bot API fields of the message beside its text.
    """
    kind = next((name for name in content if name in _NEEDED), None)
    return _NEEDED[kind] if kind else ("can_send_messages", "text messages")


def read_permissions(given: Mapping[str, bool]) -> dict[str, bool]:
    """Check the names of permissions; raises ValueError."""
    if unknown := sorted(given.keys() - frozenset(PERMISSIONS)):
        raise ValueError(f"no permission {unknown[0]}")
    return dict(given)
