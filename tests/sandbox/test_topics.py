"""Topics of a forum: made, written in, closed, deleted, by the bot and by people."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sandbox import PersonError, Sandbox
from sandbox.group_chats import GENERAL
from tests.sandbox.calls import Call
from tests.sandbox.desk import forum, only


async def test_a_topic_of_the_bot(box: Sandbox, ask: Call) -> None:
    group, ana, _ = forum(box)
    made = await ask("createForumTopic", chat_id=group.chat_id, name=" K7M2 ", icon_color=7322096)
    assert made["name"] == "K7M2"
    (topic,) = group.topics
    assert topic.thread_id == made["message_thread_id"]
    service = only(box)
    assert service["message_id"] == topic.thread_id
    assert service["forum_topic_created"]["name"] == "K7M2"
    place = {"chat_id": group.chat_id, "message_thread_id": topic.thread_id}
    sent = await ask("sendMessage", **place, text="Caso")
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (topic.thread_id, True)
    await ana.send("nota", to=group, topic=topic)
    update = only(box)
    # What answers nothing answers the message that made the topic: nothing to take for a reply.
    assert update["reply_to_message"]["message_id"] == topic.thread_id
    assert "forum_topic_created" in update["reply_to_message"]
    assert update["is_topic_message"] is True
    await ana.send("respuesta", to=group, reply_to=group.last())
    update = only(box)
    assert update["message_thread_id"] == topic.thread_id
    assert update["reply_to_message"]["text"] == "Caso"
    await ana.send("a todos", to=group)
    assert "message_thread_id" not in only(box)
    assert [one.text for one in group.screen(topic)] == ["", "Caso", "nota", "respuesta"]
    assert [one.text for one in group.screen(GENERAL)][-1] == "a todos"
    assert group.topic("K7M2") is topic
    with pytest.raises(PersonError, match="no topic"):
        group.topic("otro")


async def test_an_answer_stays_in_its_topic(box: Sandbox, ask: Call, refusal: Call) -> None:
    group, ana, _ = forum(box)
    one, two = group.new_topic("uno"), group.new_topic("dos")
    hers = await ana.send("hola", to=group, topic=one)
    reply = {"message_id": hers.message_id}
    sent = await ask("sendMessage", chat_id=group.chat_id, text="a", reply_parameters=reply)
    assert sent["message_thread_id"] == one.thread_id
    place = {"chat_id": group.chat_id, "message_thread_id": two.thread_id, "text": "a"}
    said = await refusal("sendMessage", **place, reply_parameters=reply)
    assert "message to be replied not found" in said
    sent = await ask(
        "sendMessage", **place, reply_parameters={**reply, "allow_sending_without_reply": True}
    )
    assert sent["message_thread_id"] == two.thread_id
    assert sent["reply_to_message"]["message_id"] == two.thread_id


async def test_a_closed_topic(box: Sandbox, ask: Call, refusal: Call) -> None:
    group, ana, luis = forum(box)
    topic = group.new_topic("K7M2", by=luis)
    place = {"chat_id": group.chat_id, "message_thread_id": topic.thread_id}
    box.queue.clear()
    group.close_topic(topic, by=luis)
    update = only(box)
    assert (update["forum_topic_closed"], update["from"]["id"]) == ({}, luis.chat_id)
    await ask("sendMessage", **place, text="quien maneja los temas puede")
    group.demote_bot("can_manage_topics")
    before = len(group.screen())
    said = await refusal("sendMessage", **place, text="a")
    assert said == "400 Bad Request: TOPIC_CLOSED"
    assert len(group.screen()) == before
    group.promote_bot()
    with pytest.raises(PersonError, match="closed"):
        await ana.send("a", to=group, topic=topic)
    await luis.send("a", to=group, topic=topic)
    assert "TOPIC_NOT_MODIFIED" in await refusal("closeForumTopic", **place)
    assert await ask("reopenForumTopic", **place)
    await ask("sendMessage", **place, text="a")
    assert await ask("closeForumTopic", **place)
    assert topic.closed
    group.reopen_topic(topic)
    with pytest.raises(PersonError, match="may not"):
        group.close_topic(topic, by=ana)


async def test_general_is_closed_renamed_and_hidden(box: Sandbox, ask: Call, refusal: Call) -> None:
    group, ana, luis = forum(box)
    place = {"chat_id": group.chat_id}
    assert await ask("closeGeneralForumTopic", **place)
    update = only(box)
    assert update["forum_topic_closed"] == {}
    assert "message_thread_id" not in update
    with pytest.raises(PersonError, match="closed"):
        await ana.send("a", to=group)
    await luis.send("a", to=group)
    assert "TOPIC_NOT_MODIFIED" in await refusal("closeGeneralForumTopic", **place)
    box.queue.clear()
    assert await ask("hideGeneralForumTopic", **place)
    assert "general_forum_topic_hidden" in only(box)
    assert await ask("reopenGeneralForumTopic", **place)
    assert (group.chat.general.hidden, group.chat.general.closed) == (False, False)
    assert "TOPIC_NOT_MODIFIED" in await refusal("unhideGeneralForumTopic", **place)
    assert await ask("hideGeneralForumTopic", **place)
    assert group.chat.general.closed
    assert await ask("unhideGeneralForumTopic", **place)
    assert group.chat.general.closed
    box.queue.clear()
    assert await ask("editGeneralForumTopic", **place, name="Pasillo")
    assert only(box)["forum_topic_edited"] == {"name": "Pasillo"}
    group.reopen_topic(GENERAL)
    await ana.send("a", to=group)
    group.close_topic(GENERAL, by=luis)
    group.demote_bot("can_manage_topics")
    said = await refusal("sendMessage", **place, text="a")
    assert said == "400 Bad Request: TOPIC_CLOSED"


async def test_a_topic_is_renamed(box: Sandbox, ask: Call, refusal: Call) -> None:
    group, *_ = forum(box)
    topic = group.new_topic("K7M2")
    place = {"chat_id": group.chat_id, "message_thread_id": topic.thread_id}
    box.queue.clear()
    assert await ask("editForumTopic", **place, name="K7M2 cerrado")
    assert only(box)["forum_topic_edited"] == {"name": "K7M2 cerrado"}
    assert topic.name == "K7M2 cerrado"
    said = await refusal("editForumTopic", **place, name="K7M2 cerrado")
    assert said == "400 Bad Request: TOPIC_NOT_MODIFIED"
    assert '"name"' in await refusal("editForumTopic", **place, name="a" * 129)
    assert await ask("editForumTopic", **place, name="")
    assert topic.name == "K7M2 cerrado"


@pytest.mark.parametrize("by_bot", [True, False])
async def test_a_deleted_topic_takes_its_messages(
    box: Sandbox, ask: Call, refusal: Call, by_bot: bool
) -> None:
    group, ana, _ = forum(box)
    topic, other = group.new_topic("K7M2"), group.new_topic("otro")
    hers = await ana.send("nota", to=group, topic=topic)
    stays = await ana.send("queda", to=group, topic=other)
    place = {"chat_id": group.chat_id, "message_thread_id": topic.thread_id}
    box.queue.clear()
    if by_bot:
        assert await ask("deleteForumTopic", **place)
    else:
        group.delete_topic(topic)
    assert len(box.queue) == 0
    assert group.topics == (other,)
    assert hers.deleted
    assert not stays.deleted
    said = await refusal("sendMessage", **place, text="a")
    assert said == "400 Bad Request: message thread not found"
    for method in ("editForumTopic", "closeForumTopic", "reopenForumTopic", "deleteForumTopic"):
        assert await refusal(method, **place) == "400 Bad Request: TOPIC_ID_INVALID"
    with pytest.raises(PersonError, match="no such topic"):
        await ana.send("a", to=group, topic=topic)


async def test_rights_for_topics(box: Sandbox, ask: Call, refusal: Call) -> None:
    group, *_ = forum(box)
    topic = group.new_topic("K7M2")
    place = {"chat_id": group.chat_id, "message_thread_id": topic.thread_id}
    group.demote_bot("can_manage_topics")
    said = await refusal("createForumTopic", chat_id=group.chat_id, name="a")
    assert said == "400 Bad Request: not enough rights to create a topic"
    said = await refusal("closeForumTopic", **place)
    assert said == "400 Bad Request: not enough rights to close or open the topic"
    said = await refusal("editForumTopic", **place, name="a")
    assert said == "400 Bad Request: not enough rights to edit the topic"
    said = await refusal("closeGeneralForumTopic", chat_id=group.chat_id)
    assert said == "400 Bad Request: not enough rights to close or open the topic"
    await ask("sendMessage", **place, text="a")
    group.promote_bot({"can_manage_topics"})
    said = await refusal("deleteForumTopic", **place)
    assert said == "400 Bad Request: not enough rights to delete the topic"


async def test_where_there_are_no_topics(box: Sandbox, refusal: Call) -> None:
    group = box.group("Mesa")
    said = await refusal("createForumTopic", chat_id=group.chat_id, name="a")
    assert said == "400 Bad Request: the chat is not a forum"
    place = {"chat_id": group.chat_id, "message_thread_id": GENERAL}
    assert "thread not found" in await refusal("sendMessage", **place, text="a")
    assert "thread not found" in await refusal("sendChatAction", **place, action="typing")
    with pytest.raises(PersonError, match="off"):
        group.new_topic("a")
    group.make_forum()
    assert "thread not found" in await refusal("sendMessage", **place, text="a")
    said = await refusal("createForumTopic", chat_id=group.chat_id, name="a", icon_color=1)
    assert "icon color" in said


async def test_the_message_that_makes_a_topic_stays(box: Sandbox, ask: Call, refusal: Call) -> None:
    group, ana, _ = forum(box)
    topic = group.new_topic("K7M2")
    place = {"chat_id": group.chat_id, "message_id": topic.thread_id}
    assert "can't be deleted" in await refusal("deleteMessage", **place)
    assert "can't be edited" in await refusal("editMessageText", **place, text="a")
    old = await ana.send("nota", to=group, topic=topic)
    box.clock.forward(timedelta(hours=49))
    place["message_id"] = old.message_id
    assert "for everyone" in await refusal("deleteMessage", **place)
