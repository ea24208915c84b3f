"""Groups, topics and copies through python-telegram-bot, as Faro will use them."""

from __future__ import annotations

import pytest
from telegram import (
    Bot,
    ChatMemberAdministrator,
    ChatMemberOwner,
    ChatMemberRestricted,
    Message,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatMemberStatus, ReactionEmoji
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter

from sandbox import Person, Sandbox
from tests.sandbox.desk import forum


async def test_a_case_at_the_desk(box: Sandbox, bot: Bot, maria: Person) -> None:
    group, ana, _ = forum(box)
    made = await bot.create_forum_topic(group.chat_id, "K7M2", icon_color=7322096)
    (topic,) = group.topics
    assert (made.message_thread_id, made.name) == (topic.thread_id, "K7M2")
    card = await bot.send_message(
        group.chat_id, "<b>Caso</b>", parse_mode="HTML", message_thread_id=topic.thread_id
    )
    assert card.is_topic_message
    assert await bot.pin_chat_message(group.chat_id, card.message_id, disable_notification=True)
    hers = await maria.send("¿Y mi hijo?")
    copy = await bot.copy_message(
        group.chat_id,
        maria.chat_id,
        hers.message_id,
        message_thread_id=topic.thread_id,
        protect_content=True,
    )
    shown = group.last()
    assert (shown.message_id, shown.protected) == (copy.message_id, True)
    await ana.send("Ya casi", to=group, reply_to=shown)
    *_, update = await bot.get_updates(allowed_updates=Update.ALL_TYPES)
    assert update.message is not None
    assert update.message.is_topic_message
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.message_id == copy.message_id
    await bot.copy_message(
        maria.chat_id,
        group.chat_id,
        update.message.message_id,
        reply_parameters=ReplyParameters(hers.message_id),
    )
    assert (maria.last().text, maria.last().reply_to) == ("Ya casi", hers.message_id)
    assert await update.message.set_reaction(ReactionEmoji.THUMBS_UP)
    assert await bot.edit_forum_topic(group.chat_id, topic.thread_id, name="K7M2 cerrado")
    assert await bot.close_forum_topic(group.chat_id, topic.thread_id)
    group.demote_bot("can_manage_topics")
    with pytest.raises(BadRequest, match="Topic_closed"):
        await bot.send_message(group.chat_id, "a", message_thread_id=topic.thread_id)
    group.promote_bot()
    assert await bot.reopen_forum_topic(group.chat_id, topic.thread_id)
    assert await bot.unpin_chat_message(group.chat_id, card.message_id)
    assert await bot.delete_forum_topic(group.chat_id, topic.thread_id)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(group.chat_id, "a", message_thread_id=topic.thread_id)


async def test_every_update_of_a_group_can_be_read(box: Sandbox, bot: Bot) -> None:
    await bot.get_updates(allowed_updates=Update.ALL_TYPES)
    group, ana = box.group("Mesa", forum=True, bot=False), box.person("Ana")
    group.add_bot()
    group.promote_bot()
    group.add(ana, admin=True, anonymous=True)
    topic = group.new_topic("K7M2", by=ana)
    await ana.send_album(2, "mire", to=group, topic=topic)
    group.close_topic(topic)
    group.linked_post("Comunicado")
    group.channel_says("Otro")
    group.remove(ana)
    group.remove_bot()
    basic = box.group("Chico", basic=True)
    new = basic.migrate()
    updates = await bot.get_updates()
    assert len(updates) == len(box.queue) == 16
    promoted = updates[2].my_chat_member
    assert promoted is not None
    assert isinstance(promoted.new_chat_member, ChatMemberAdministrator)
    assert promoted.new_chat_member.can_manage_topics
    created = updates[5].message
    assert created is not None
    assert created.forum_topic_created is not None
    assert created.from_user is not None
    assert created.from_user.id == 1087968824
    moved = updates[-2].message
    assert moved is not None
    assert moved.migrate_to_chat_id == new


async def test_chats_and_members_through_the_library(box: Sandbox, bot: Bot, maria: Person) -> None:
    group, ana, luis = forum(box)
    group.set(has_hidden_members=True, join_by_request=True, has_protected_content=True)
    chat = await bot.get_chat(group.chat_id)
    assert chat.is_forum
    assert (chat.has_hidden_members, chat.join_by_request) == (True, True)
    assert chat.permissions is not None
    assert (await bot.get_chat(maria.chat_id)).first_name == "María"
    member = await bot.get_chat_member(group.chat_id, ana.chat_id)
    assert member.status == ChatMemberStatus.MEMBER
    admins = await bot.get_chat_administrators(group.chat_id)
    assert isinstance(admins[0], ChatMemberOwner)
    assert luis.chat_id in {one.user.id for one in admins}
    assert await bot.leave_chat(group.chat_id)
    with pytest.raises(Forbidden, match="not a member"):
        await bot.send_message(group.chat_id, "a")


async def test_general_and_captions_through_the_library(
    box: Sandbox, bot: Bot, maria: Person
) -> None:
    group, *_ = forum(box)
    assert await bot.close_general_forum_topic(group.chat_id)
    assert await bot.hide_general_forum_topic(group.chat_id)
    assert await bot.unhide_general_forum_topic(group.chat_id)
    assert await bot.reopen_general_forum_topic(group.chat_id)
    assert await bot.edit_general_forum_topic(group.chat_id, "Pasillo")
    photo = (await maria.send_photo()).content["photo"][-1]["file_id"]
    sent = await bot.send_photo(group.chat_id, photo, caption="uno")
    edited = await bot.edit_message_caption(group.chat_id, sent.message_id, caption="dos")
    assert isinstance(edited, Message)
    assert edited.caption == "dos"


async def test_new_kinds_of_updates_can_be_read(box: Sandbox, bot: Bot, maria: Person) -> None:
    await bot.get_updates(allowed_updates=Update.ALL_TYPES)
    group, ana, _ = forum(box)
    group.restrict(ana, {"can_send_messages"})
    group.ask_to_join(maria)
    await maria.send_poll(quiz=True)
    await maria.send_dice()
    await maria.send_animation("mire")
    restricted, asked, poll, dice, animation = await bot.get_updates()
    assert restricted.chat_member is not None
    member = restricted.chat_member.new_chat_member
    assert isinstance(member, ChatMemberRestricted)
    assert (member.can_send_messages, member.can_send_photos) == (True, False)
    assert asked.chat_join_request is not None
    assert asked.chat_join_request.from_user.id == maria.chat_id
    assert poll.message is not None
    assert poll.message.poll is not None
    assert poll.message.poll.question == "¿Cuándo?"
    assert dice.message is not None
    assert dice.message.dice is not None
    assert animation.message is not None
    assert animation.message.animation is not None


async def test_files_and_albums_through_the_library(box: Sandbox, bot: Bot, maria: Person) -> None:
    group, *_ = forum(box)
    voice = await maria.send_voice()
    file_id = voice.content["voice"]["file_id"]
    sent = await bot.send_voice(group.chat_id, file_id, caption="V-07")
    assert (sent.voice is not None, sent.caption) == (True, "V-07")
    assert (await bot.get_file(file_id)).file_size == 20_480
    album = await maria.send_album(2)
    photo = album[0].content["photo"][-1]["file_id"]
    assert (await bot.send_photo(group.chat_id, photo)).photo
    ids = [one.message_id for one in album]
    assert len(await bot.copy_messages(group.chat_id, maria.chat_id, ids)) == 2
    with pytest.raises(BadRequest, match="increasing"):
        await bot.copy_messages(group.chat_id, maria.chat_id, ids[::-1])
    with pytest.raises(BadRequest, match="never forwards"):
        await bot.forward_message(group.chat_id, maria.chat_id, ids[0])
    maria.refuse_voice()
    with pytest.raises(BadRequest, match="Voice_messages_forbidden"):
        await bot.send_voice(maria.chat_id, file_id)


async def test_refusals_of_groups_are_the_librarys_errors(
    monkeypatch: pytest.MonkeyPatch, box: Sandbox, bot: Bot
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    basic = box.group("Chico", basic=True)
    old, new = basic.chat_id, basic.migrate()
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(old, "a")
    assert moved.value.new_chat_id == new
    group, *_ = forum(box)
    group.demote_bot("can_manage_topics")
    with pytest.raises(BadRequest, match="Not enough rights to create a topic"):
        await bot.create_forum_topic(group.chat_id, "a")
    box.limits.per_group = 1
    await bot.send_message(group.chat_id, "a")
    with pytest.raises(RetryAfter):
        await bot.send_message(group.chat_id, "b")
    group.remove_bot()
    box.limits.per_group = None
    with pytest.raises(Forbidden, match="kicked from the supergroup chat"):
        await bot.send_message(group.chat_id, "a")
