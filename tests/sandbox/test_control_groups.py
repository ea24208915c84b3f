"""Groups through the control API: what a member sees and does, from another process."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from sandbox import Sandbox
from tests.sandbox.calls import Call
from tests.sandbox.desk import kinds
from tests.sandbox.remote import Remote


@pytest.fixture
def remote(session: aiohttp.ClientSession, box: Sandbox) -> Remote:
    return Remote(session, box.url)


async def _desk(remote: Remote) -> tuple[int, int, int]:
    """Make a forum with Ana and, as administrator, Luis in it; gives the three ids."""
    group = (await remote.post("/_groups", title="Mesa", forum=True))["chat_id"]
    ids = [(await remote.post("/_people", name=name))["chat_id"] for name in ("Ana", "Luis")]
    await remote.post(f"/_groups/{group}/add", person=ids[0])
    await remote.post(f"/_groups/{group}/add", person=ids[1], admin=True)
    return group, ids[0], ids[1]


async def test_a_case_at_the_desk(remote: Remote, box: Sandbox, ask: Call) -> None:
    group, ana, luis = await _desk(remote)
    made = await ask("createForumTopic", chat_id=group, name="K7M2")
    topic = made["message_thread_id"]
    markup = {"inline_keyboard": [[{"text": "Tomar", "callback_data": "t"}]]}
    card = await ask("sendMessage", chat_id=group, message_thread_id=topic, text="Caso",
                     reply_markup=markup)  # fmt: skip
    (shown,) = await remote.get("/_groups")
    assert [one["name"] for one in shown["topics"]] == ["General", "K7M2"]
    assert [one["status"] for one in shown["members"]] == ["creator", "member", "administrator"]
    screen = await remote.get(f"/_groups/{group}/screen", **{"as": ana})
    assert [(one["name"], one["unread"]) for one in screen["topics"]] == [
        ("General", 0),
        ("K7M2", 1),
    ]
    waiting = asyncio.create_task(
        remote.get(f"/_groups/{group}/wait", **{"as": ana, "after": screen["version"]})
    )
    box.queue.clear()
    where = {"group": group, "topic": topic}
    said = await remote.post(
        f"/_people/{luis}/send", **where, text="nota", reply_to=card["message_id"]
    )
    assert (said["author"], said["name"], said["topic"]) == (luis, "Luis", topic)
    assert said["reply_to"]["text"] == "Caso"
    woken = await waiting
    assert [one["message"]["text"] for one in woken["events"]] == ["nota"]
    assert woken["topics"][1]["unread"] == 2
    await remote.post(f"/_people/{ana}/read", **where)
    seen = await remote.get(f"/_groups/{group}/screen", **{"as": ana, "topic": topic})
    assert seen["topics"][1]["unread"] == 0
    assert [one["kind"] for one in seen["messages"]] == ["forum_topic_created", "text", "text"]
    assert seen["messages"][0]["detail"] == "K7M2"
    await remote.post(f"/_people/{ana}/press", group=group, text="Tomar")
    mine = {"group": group, "message_id": said["message_id"]}
    await remote.post(f"/_people/{luis}/edit", **mine, text="otra nota")
    assert (await remote.post(f"/_people/{luis}/voice", **where))["kind"] == "voice"
    album = await remote.post(f"/_people/{luis}/album", **where, photos=2)
    assert [one["topic"] for one in album] == [topic, topic]
    await remote.post(f"/_people/{luis}/close", **where)
    assert kinds(box) == ["message", "callback_query", "edited_message", *["message"] * 4]
    refused = await remote.post(f"/_people/{ana}/send", 400, **where, text="a")
    assert "closed" in refused["error"]
    await remote.post(f"/_people/{luis}/reopen", **where)
    await remote.post(f"/_people/{ana}/leave", group=group)
    gone = await remote.post(f"/_people/{ana}/send", 400, **where, text="a")
    assert "not in the group" in gone["error"]


async def test_only_members_see_it(remote: Remote) -> None:
    group, ana, _ = await _desk(remote)
    await remote.post(f"/_groups/{group}/remove", person=ana)
    for path in ("screen", "wait"):
        refused = await remote.get(f"/_groups/{group}/{path}", 400, **{"as": ana})
        assert "not in the group" in refused["error"]


async def test_what_is_not_there_is_said(remote: Remote) -> None:
    group, ana, _ = await _desk(remote)
    for path, body in (
        (f"/_people/{ana}/send", {"group": 5, "text": "a"}),
        (f"/_people/{ana}/send", {"group": group, "text": "a", "reply_to": 99}),
        (f"/_people/{ana}/press", {"group": group, "message_id": 99, "text": "a"}),
        ("/_groups/5/add", {"person": ana}),
        (f"/_groups/{group}/add", {"person": 5}),
    ):
        assert "no such" in (await remote.post(path, 404, **body))["error"]
    for deed in ("read", "close", "leave"):
        refused = await remote.post(f"/_people/{ana}/{deed}", 400)
        assert refused["error"] == "missing group"
