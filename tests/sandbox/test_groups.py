"""Groups: who is in them, who may what, how they change, and what the bot is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sandbox import Group, Person, PersonError, Sandbox
from tests.sandbox.calls import Call
from tests.sandbox.desk import forum, kinds, only

ALL = ["message", "chat_member", "my_chat_member"]


async def test_a_group_is_older_than_the_bots_first_update(box: Sandbox, ask: Call) -> None:
    group = box.group("Mesa", forum=True)
    assert len(box.queue) == 0
    assert group.chat_id < -(10**12)
    assert box.group("Chico", basic=True).chat_id > -(10**11)
    shown = await ask("getChat", chat_id=group.chat_id)
    assert (shown["type"], shown["title"], shown["is_forum"]) == ("supergroup", "Mesa", True)
    with pytest.raises(ValueError, match="topics"):
        box.group("Mesa", forum=True, basic=True)


async def test_somebody_comes_rises_falls_and_goes(box: Sandbox, ask: Call) -> None:
    await ask("getUpdates", allowed_updates=ALL)
    group, ana = box.group("Mesa"), box.person("Ana")
    group.add(ana)
    joined = box.queue.pending
    assert kinds(box) == ["chat_member", "message"]
    assert joined[0]["chat_member"]["old_chat_member"]["status"] == "left"
    assert joined[1]["message"]["new_chat_members"] == [ana.chat.user]
    box.queue.clear()
    group.promote(ana, {"can_pin_messages"})
    change = only(box)
    assert change["new_chat_member"]["status"] == "administrator"
    assert change["new_chat_member"]["can_pin_messages"] is True
    assert change["new_chat_member"]["can_manage_topics"] is False
    group.demote(ana)
    assert only(box)["new_chat_member"]["status"] == "member"
    group.remove(ana)
    assert kinds(box) == ["message", "chat_member"]
    assert box.queue.pending[0]["message"]["left_chat_member"]["id"] == ana.chat_id
    place = {"chat_id": group.chat_id, "user_id": ana.chat_id}
    assert (await ask("getChatMember", **place))["status"] == "kicked"
    group.add(ana)
    group.leave(ana)
    assert (await ask("getChatMember", **place))["status"] == "left"
    with pytest.raises(PersonError, match="not in the group"):
        await ana.send("hola", to=group)
    with pytest.raises(ValueError, match="can_fly"):
        group.add(ana, admin={"can_fly"})


async def test_chat_member_comes_only_when_asked_for(box: Sandbox) -> None:
    group = box.group("Mesa")
    group.add(box.person("Ana"))
    assert kinds(box) == ["message"]


async def test_members_as_the_bot_sees_them(box: Sandbox, ask: Call, refusal: Call) -> None:
    group, ana, luis = forum(box)
    place = {"chat_id": group.chat_id}
    member = await ask("getChatMember", **place, user_id=ana.chat_id)
    assert member == {"user": ana.chat.user, "status": "member"}
    admins = await ask("getChatAdministrators", **place)
    assert [one["status"] for one in admins] == ["creator", "administrator", "administrator"]
    assert {one["user"]["id"] for one in admins} >= {luis.chat_id, 1000}
    stranger = box.person("Otra")
    assert (await ask("getChatMember", **place, user_id=stranger.chat_id))["status"] == "left"
    assert (await ask("getChatMember", **place, user_id=1087968824))["status"] == "left"
    assert "user not found" in await refusal("getChatMember", **place, user_id=5)
    group.set(has_hidden_members=True)
    group.demote_bot()
    said = await refusal("getChatMember", **place, user_id=ana.chat_id)
    assert said == "400 Bad Request: member list is inaccessible"


async def test_the_posture_of_a_group(box: Sandbox, ask: Call) -> None:
    group = box.group("Mesa")
    group.set(has_visible_history=True, join_by_request=True, has_protected_content=True)
    shown = await ask("getChat", chat_id=group.chat_id)
    assert shown["has_visible_history"] is shown["join_by_request"] is True
    assert (await ask("sendMessage", chat_id=group.chat_id, text="a"))["has_protected_content"]
    group.set(has_visible_history=False)
    assert "has_visible_history" not in await ask("getChat", chat_id=group.chat_id)
    with pytest.raises(ValueError, match="colour"):
        group.set(colour=1)


async def test_what_members_may_do(box: Sandbox, ask: Call, refusal: Call) -> None:
    group, ana, luis = forum(box)
    place = {"chat_id": group.chat_id}
    before = (await ask("getChat", **place))["permissions"]
    assert (before["can_send_polls"], before["can_pin_messages"]) == (True, False)
    group.set(permissions={"can_send_photos": False})
    after = (await ask("getChat", **place))["permissions"]
    assert after == {**before, "can_send_photos": False}
    with pytest.raises(PersonError, match="photos"):
        await ana.send_photo(to=group)
    await ana.send("hola", to=group)
    photo = (await luis.send_photo(to=group)).content["photo"][-1]["file_id"]
    group.demote_bot()
    said = await refusal("sendPhoto", **place, photo=photo)
    assert said == "400 Bad Request: not enough rights to send photos to the chat"
    await ask("sendMessage", **place, text="a")
    with pytest.raises(ValueError, match="can_fly"):
        group.set(permissions={"can_fly": True})


async def test_somebody_is_restricted(box: Sandbox, ask: Call) -> None:
    await ask("getUpdates", allowed_updates=ALL)
    group, ana, _ = forum(box)
    group.restrict(ana, {"can_send_messages"})
    change = only(box)["new_chat_member"]
    assert (change["status"], change["is_member"]) == ("restricted", True)
    assert (change["can_send_messages"], change["can_send_photos"]) == (True, False)
    await ana.send("hola", to=group)
    with pytest.raises(PersonError, match="voice"):
        await ana.send_voice(to=group)
    group.demote(ana)
    await ana.send_voice(to=group)
    group.restrict(ana)
    with pytest.raises(PersonError, match="text"):
        await ana.send("hola", to=group)
    basic = box.group("Chico", basic=True)
    basic.add(ana)
    with pytest.raises(PersonError, match="supergroup"):
        basic.restrict(ana)


async def test_somebody_asks_to_be_let_in(box: Sandbox) -> None:
    group, ana, _ = forum(box)
    stranger = box.person("Otra")
    group.ask_to_join(stranger)
    asked = only(box)
    assert (asked["from"], asked["user_chat_id"]) == (stranger.chat.user, stranger.chat_id)
    group.demote_bot("can_invite_users")
    group.ask_to_join(stranger)
    assert kinds(box) == ["my_chat_member"]
    with pytest.raises(PersonError, match="is in the group"):
        group.ask_to_join(ana)


async def test_talk_in_a_group(box: Sandbox, ask: Call) -> None:
    group, ana = box.group("Mesa"), box.person("Ana")
    group.add(ana)
    box.queue.clear()
    sent = await ask("sendMessage", chat_id=group.chat_id, text="¿Quién?")
    assert (await group.next_message()).text == "¿Quién?"
    hers = await ana.send("yo", to=group, reply_to=group.last())
    update = only(box)
    assert update["from"]["id"] == ana.chat_id
    assert update["chat"]["id"] == group.chat_id
    assert update["reply_to_message"]["message_id"] == sent["message_id"]
    assert update["message_thread_id"] == sent["message_id"]
    assert "is_topic_message" not in update
    await ana.edit(hers, "yo no")
    assert only(box)["text"] == "yo no"
    assert [one.text for one in group.screen()][-2:] == ["¿Quién?", "yo no"]
    assert ana.screen() == ()
    other = box.person("Otra")
    with pytest.raises(PersonError, match="own"):
        await other.edit(hers, "no")
    await ana.delete(hers, for_both=True)
    assert hers not in group.screen()


async def test_supergroups_count_their_own_messages(box: Sandbox, ask: Call) -> None:
    first, second = box.group("Una"), box.group("Otra")
    basic = box.group("Chico", basic=True)
    ids = [
        (await ask("sendMessage", chat_id=group.chat_id, text="a"))["message_id"]
        for group in (first, second, first, basic)
    ]
    assert ids[:3] == [1, 1, 2]
    assert ids[3] > 900_000_000


async def test_a_button_in_a_group(box: Sandbox, ask: Call) -> None:
    group, ana, _ = forum(box)
    markup = {"inline_keyboard": [[{"text": "Tomar", "callback_data": "t"}]]}
    await ask("sendMessage", chat_id=group.chat_id, text="Cola", reply_markup=markup)
    press = await ana.press(group.last(), "Tomar")
    query = only(box)
    assert (query["from"]["id"], query["message"]["chat"]["id"]) == (ana.chat_id, group.chat_id)
    assert await ask("answerCallbackQuery", callback_query_id=query["id"], text="Suyo")
    assert await press.answer() == "Suyo"
    with pytest.raises(PersonError, match="not in the group"):
        await box.person("Otra").press(group.last(), "Tomar")


async def test_nobody_presses_in_anothers_chat(box: Sandbox, ask: Call, maria: Person) -> None:
    markup = {"inline_keyboard": [[{"text": "No", "callback_data": "n"}]]}
    await ask("sendMessage", chat_id=maria.chat_id, text="¿?", reply_markup=markup)
    with pytest.raises(PersonError, match="another"):
        await box.person("Otra").press(maria.last(), "No")


async def test_an_anonymous_administrator_is_the_group(box: Sandbox, ask: Call) -> None:
    group, ana = box.group("Mesa"), box.person("Ana")
    group.add(ana, admin=True, anonymous=True)
    box.queue.clear()
    await ana.send("cierren", to=group)
    update = only(box)
    assert update["from"]["id"] == 1087968824
    assert update["sender_chat"]["id"] == group.chat_id
    assert str(ana.chat_id) not in str(update)
    member = await ask("getChatMember", chat_id=group.chat_id, user_id=ana.chat_id)
    assert member["is_anonymous"] is True
    with pytest.raises(ValueError, match="anonymous"):
        group.add(box.person("Luis"), anonymous=True)


@pytest.mark.parametrize(
    ("says", "sender"),
    [
        (Group.linked_post, 777000),
        (Group.telegram_says, 777000),
        (Group.channel_says, 136817688),
    ],
)
def test_who_is_nobody(box: Sandbox, says: Callable[[Group, str], object], sender: int) -> None:
    group = box.group("Mesa")
    says(group, "Comunicado")
    update = only(box)
    assert update["from"]["id"] == sender
    assert update.get("is_automatic_forward", False) == (says is Group.linked_post)
    assert ("sender_chat" in update) == (says is not Group.telegram_says)


async def test_a_group_becomes_a_supergroup(box: Sandbox, ask: Call, call: Call) -> None:
    group, ana = box.group("Mesa", basic=True), box.person("Ana")
    group.add(ana)
    box.queue.clear()
    old = group.chat_id
    new = group.migrate()
    assert group.chat_id == new < -(10**12)
    first, second = (one["message"] for one in box.queue.pending)
    assert (first["chat"]["id"], first["migrate_to_chat_id"]) == (old, new)
    assert (second["chat"]["id"], second["migrate_from_chat_id"]) == (new, old)
    for method, more in (("sendMessage", {"text": "a"}), ("getChatMember", {"user_id": 5})):
        answer = await call(method, chat_id=old, **more)
        assert answer["description"] == (
            "Bad Request: group chat was upgraded to a supergroup chat"
        )
        assert answer["parameters"] == {"migrate_to_chat_id": new}
    assert (await ask("getChat", chat_id=old))["type"] == "group"
    await ask("sendMessage", chat_id=new, text="a")
    await ana.send("hola", to=group)
    group.make_forum()
    assert (await ask("getChat", chat_id=new))["is_forum"] is True
    with pytest.raises(PersonError, match="already"):
        group.migrate()


@pytest.mark.parametrize(("basic", "name"), [(False, "supergroup"), (True, "group")])
async def test_the_bot_is_thrown_out(box: Sandbox, refusal: Call, basic: bool, name: str) -> None:
    group, ana = box.group("Mesa", basic=basic), box.person("Ana")
    group.add(ana)
    box.queue.clear()
    group.remove_bot()
    assert only(box)["new_chat_member"]["status"] == "kicked"
    await ana.send("¿sigue?", to=group)
    assert len(box.queue) == 0
    said = await refusal("sendMessage", chat_id=group.chat_id, text="a")
    assert said == f"403 Forbidden: bot was kicked from the {name} chat"


async def test_the_bot_comes_rises_falls_and_leaves(box: Sandbox, ask: Call, refusal: Call) -> None:
    group = box.group("Ajeno", bot=False)
    place = {"chat_id": group.chat_id}
    assert await refusal("getChat", **place) == "400 Bad Request: chat not found"
    group.add_bot()
    assert kinds(box) == ["my_chat_member", "message"]
    box.queue.clear()
    group.promote_bot({"can_pin_messages", "can_manage_topics"})
    assert only(box)["new_chat_member"]["can_manage_topics"] is True
    group.demote_bot("can_manage_topics")
    assert only(box)["new_chat_member"]["can_manage_topics"] is False
    group.demote_bot()
    assert only(box)["new_chat_member"]["status"] == "member"
    assert await ask("leaveChat", **place)
    assert only(box)["new_chat_member"]["status"] == "left"
    said = await refusal("sendMessage", **place, text="a")
    assert said == "403 Forbidden: bot is not a member of the supergroup chat"


async def test_deleting_others_messages_needs_the_right(
    box: Sandbox, ask: Call, refusal: Call
) -> None:
    group, ana, _ = forum(box)
    hers = await ana.send("uno", to=group)
    place = {"chat_id": group.chat_id, "message_id": hers.message_id}
    group.demote_bot("can_delete_messages")
    assert "message can't be deleted" in await refusal("deleteMessage", **place)
    sent = await ask("sendMessage", chat_id=group.chat_id, text="a")
    await ask("deleteMessage", chat_id=group.chat_id, message_id=sent["message_id"])
    group.promote_bot()
    assert await ask("deleteMessage", **place)
    assert hers not in group.screen()


async def test_pins(box: Sandbox, ask: Call, refusal: Call) -> None:
    group, *_ = forum(box)
    sent = await ask("sendMessage", chat_id=group.chat_id, text="Cola")
    place = {"chat_id": group.chat_id, "message_id": sent["message_id"]}
    assert await ask("pinChatMessage", **place, disable_notification=True)
    assert only(box)["pinned_message"]["text"] == "Cola"
    assert (await ask("getChat", chat_id=group.chat_id))["pinned_message"]["text"] == "Cola"
    assert await ask("unpinChatMessage", **place)
    assert "pinned_message" not in await ask("getChat", chat_id=group.chat_id)
    assert "message to unpin not found" in await refusal("unpinChatMessage", **place)
    place["message_id"] = 9999
    assert "message to pin not found" in await refusal("pinChatMessage", **place)
    group.demote_bot("can_pin_messages")
    said = await refusal("pinChatMessage", **place)
    assert said == "400 Bad Request: not enough rights to manage pinned messages in the chat"


async def test_what_is_for_groups_is_refused_in_private(refusal: Call, maria: Person) -> None:
    for method in ("leaveChat", "getChatAdministrators"):
        assert "not a group" in await refusal(method, chat_id=maria.chat_id)


async def test_twenty_a_minute_in_a_group(box: Sandbox, ask: Call, call: Call) -> None:
    group, other = box.group("Mesa", forum=True), box.group("Otra")
    box.limits.per_group = 20
    place = {"chat_id": group.chat_id}
    sent = await ask("sendMessage", **place, text="0")
    for number in range(17):
        await ask("editMessageText", **place, message_id=sent["message_id"], text=f"{number + 1}")
    await ask("createForumTopic", **place, name="K7M2")
    two = [sent["message_id"], group.topics[0].thread_id]
    copies = {"from_chat_id": group.chat_id, "message_ids": two}
    assert (await call("copyMessages", **place, **copies))["parameters"] == {"retry_after": 60}
    await ask("sendMessage", **place, text="20")
    refused: tuple[tuple[str, dict[str, object]], ...] = (
        ("sendMessage", {"text": "21"}),
        ("createForumTopic", {"name": "x"}),
        ("editMessageCaption", {"message_id": sent["message_id"], "caption": "21"}),
    )
    for method, more in refused:
        assert (await call(method, **place, **more))["error_code"] == 429
    assert box.limits.refused == 4
    await ask("pinChatMessage", **place, message_id=sent["message_id"])
    await ask("sendMessage", chat_id=other.chat_id, text="a")
