"""Photos and voice by file_id, copies, reactions, and what is refused among them."""

from __future__ import annotations

import aiohttp
import pytest

from sandbox import Person, PersonError, Sandbox
from tests.sandbox.calls import Call
from tests.sandbox.desk import forum, only


async def test_a_file_goes_out_by_its_id(box: Sandbox, ask: Call, maria: Person) -> None:
    await maria.send_voice()
    voice = only(box)["voice"]
    await maria.send_photo("mire")
    photo = only(box)["photo"][-1]
    group, *_ = forum(box)
    topic = group.new_topic("K7M2")
    place = {"chat_id": group.chat_id, "message_thread_id": topic.thread_id}
    sent = await ask("sendVoice", **place, voice=voice["file_id"], caption="<b>V-07</b>",
                     parse_mode="HTML", protect_content=True)  # fmt: skip
    assert sent["voice"] == voice
    assert sent["caption"] == "V-07"
    assert sent["caption_entities"][0]["type"] == "bold"
    assert sent["has_protected_content"] is True
    assert "caption" not in await ask("sendPhoto", **place, photo=photo["file_id"])
    file = await ask("getFile", file_id=voice["file_id"])
    assert file["file_size"] == voice["file_size"]
    assert file["file_path"].startswith("voice/")


async def test_a_file_is_downloaded_and_uploaded(
    box: Sandbox, ask: Call, session: aiohttp.ClientSession, maria: Person
) -> None:
    sent = await maria.send_photo()
    file_id = sent.content["photo"][-1]["file_id"]
    path = (await ask("getFile", file_id=file_id))["file_path"]
    assert (await ask("getFile", file_id=file_id))["file_path"] == path
    async with session.get(f"{box.url}/file/bot{box.token}/{path}") as response:
        data = await response.read()
    assert data == box.bytes_of(file_id)
    assert len(data) == sent.content["photo"][-1]["file_size"]
    for wrong, status in ((f"bot1:WRONG/{path}", 401), (f"bot{box.token}/photos/x.jpg", 404)):
        async with session.get(f"{box.url}/file/{wrong}") as response:
            assert response.status == status
    for content, ok in ((data, True), (b"", False)):
        form = aiohttp.FormData()
        form.add_field("chat_id", str(maria.chat_id))
        form.add_field("photo", content, filename="foto.jpg")
        async with session.post(f"{box.url}/bot{box.token}/sendPhoto", data=form) as response:
            answer = await response.json()
        assert answer["ok"] is ok
    again = maria.last().content["photo"][-1]["file_id"]
    assert again != file_id
    assert box.bytes_of(again) == data
    async with session.get(f"{box.url}/_calls") as response:
        shown = (await response.json())["calls"]
    assert shown[-1]["parameters"]["photo"] == "a file of 0 bytes"


async def test_a_file_too_large_cannot_be_downloaded(
    box: Sandbox, ask: Call, refusal: Call, maria: Person
) -> None:
    sent = await maria.send_voice()
    sent.content["voice"]["file_size"] = 20 * 2**20 + 1
    said = await refusal("getFile", file_id=sent.content["voice"]["file_id"])
    assert said == "400 Bad Request: file is too big"


async def test_nothing_is_copied_out_of_a_group_with_protected_content(
    box: Sandbox, ask: Call, refusal: Call, maria: Person
) -> None:
    group, ana, _ = forum(box)
    before = await ana.send_photo(to=group)
    to_her = {"chat_id": maria.chat_id}
    origin = {**to_her, "from_chat_id": group.chat_id, "message_id": before.message_id}
    await ask("copyMessage", **origin)
    group.set(has_protected_content=True)
    assert await refusal("copyMessage", **origin) == "400 Bad Request: the message can't be copied"
    many = {**to_her, "from_chat_id": group.chat_id, "message_ids": [before.message_id]}
    assert "no messages to copy" in await refusal("copyMessages", **many)
    photo = before.content["photo"][-1]["file_id"]
    await ask("sendPhoto", **to_her, photo=photo)
    box.faults.keep_files()
    forbidden = "400 Bad Request: CHAT_FORWARDS_RESTRICTED"
    assert await refusal("sendPhoto", **to_her, photo=photo) == forbidden
    own = (await maria.send_photo()).content["photo"][-1]["file_id"]
    await ask("sendPhoto", **to_her, photo=own)
    box.faults.clear()
    await ask("sendPhoto", **to_her, photo=photo)


async def test_files_that_are_refused(box: Sandbox, refusal: Call, maria: Person) -> None:
    await maria.send_photo()
    photo = only(box)["photo"][-1]["file_id"]
    place = {"chat_id": maria.chat_id}
    assert "wrong file identifier" in await refusal("sendPhoto", **place, photo="AgAC")
    assert "Photo as Voice" in await refusal("sendVoice", **place, voice=photo)
    assert "invalid file_id" in await refusal("getFile", file_id="AgAC")
    said = await refusal("sendPhoto", **place, photo=photo, caption="a" * 1025)
    assert said == "400 Bad Request: message caption is too long"


async def test_a_copy_names_nobody(box: Sandbox, ask: Call, maria: Person) -> None:
    group, *_ = forum(box)
    topic = group.new_topic("K7M2")
    hers = await maria.send("¿Y /mi hijo?")
    place = {"chat_id": group.chat_id, "message_thread_id": topic.thread_id}
    origin = {"from_chat_id": maria.chat_id, "message_id": hers.message_id}
    assert (await ask("copyMessage", **place, **origin)).keys() == {"message_id"}
    copy = await group.next_message()
    assert copy.text == hers.text
    assert copy.mine
    assert str(maria.chat_id) not in str(copy.to_json())
    photo = await maria.send_photo("mire")
    origin["message_id"] = photo.message_id
    await ask("copyMessage", **place, **origin)
    assert (await group.next_message()).content == photo.content
    await ask("copyMessage", **place, **origin, caption="otra", reply_parameters={
        "message_id": copy.message_id})  # fmt: skip
    last = await group.next_message()
    assert (last.content["caption"], last.reply_to) == ("otra", copy.message_id)
    await ask("copyMessage", **place, **origin, caption="")
    assert "caption" not in (await group.next_message()).content


async def test_what_cannot_be_copied(box: Sandbox, refusal: Call, maria: Person) -> None:
    group, ana, _ = forum(box)
    topic = group.new_topic("K7M2")
    to_her = {"chat_id": maria.chat_id, "from_chat_id": group.chat_id}
    said = await refusal("copyMessage", **to_her, message_id=topic.thread_id)
    assert said == "400 Bad Request: the message can't be copied"
    gone = await ana.send("nota", to=group)
    await ana.delete(gone, for_both=True)
    said = await refusal("copyMessage", **to_her, message_id=gone.message_id)
    assert said == "400 Bad Request: message to copy not found"
    paid = await maria.send_other(paid_media={"star_count": 1, "paid_media": []})
    origin = {"from_chat_id": maria.chat_id, "message_id": paid.message_id}
    assert "can't be copied" in await refusal("copyMessage", chat_id=group.chat_id, **origin)
    assert "never forwards" in await refusal("forwardMessage", chat_id=group.chat_id, **origin)


async def test_a_caption_is_put_only_where_one_can_be(box: Sandbox, ask: Call, refusal: Call,
                                                      maria: Person) -> None:  # fmt: skip
    group, *_ = forum(box)
    place = {"chat_id": group.chat_id, "from_chat_id": maria.chat_id}
    for sent in (await maria.send_sticker(), await maria.send_contact(), await maria.send("hola")):
        await ask("copyMessage", **place, message_id=sent.message_id, caption="V-07")
        assert "caption" not in (await group.next_message()).content
    for sent in (await maria.send_document(caption="a /b"), await maria.send_video("a")):
        await ask("copyMessage", **place, message_id=sent.message_id, caption="V-07")
        copied = (await group.next_message()).content
        assert (copied["caption"], "caption_entities" in copied) == ("V-07", False)
    said = await refusal(
        "copyMessage", **place, message_id=sent.message_id, caption="👍" * 512 + "a"
    )
    assert said == "400 Bad Request: message caption is too long"


async def test_polls_and_dice_are_copied_anew(box: Sandbox, ask: Call, refusal: Call,
                                              maria: Person) -> None:  # fmt: skip
    group, ana, _ = forum(box)
    place = {"chat_id": group.chat_id, "from_chat_id": maria.chat_id}
    poll = await maria.send_poll()
    poll.content["poll"]["total_voter_count"] = 3
    await ask("copyMessage", **place, message_id=poll.message_id)
    copied = (await group.next_message()).content["poll"]
    assert copied["total_voter_count"] == 0
    assert copied["id"] != poll.content["poll"]["id"]
    await ask("copyMessage", **place, message_id=(await maria.send_dice()).message_id)
    assert "dice" in (await group.next_message()).content
    quiz = await maria.send_poll(quiz=True)  # in private the bot learns the answer
    await ask("copyMessage", **place, message_id=quiz.message_id)
    secret = await ana.send_poll(quiz=True, to=group)
    to_her = {"chat_id": maria.chat_id, "from_chat_id": group.chat_id}
    said = await refusal("copyMessage", **to_her, message_id=secret.message_id)
    assert said == "400 Bad Request: the message can't be copied"


async def test_who_takes_no_voice_notes(box: Sandbox, ask: Call, refusal: Call,
                                        maria: Person) -> None:  # fmt: skip
    group, ana, _ = forum(box)
    note = await ana.send_voice(to=group)
    maria.refuse_voice()
    to_her = {"chat_id": maria.chat_id}
    forbidden = "400 Bad Request: VOICE_MESSAGES_FORBIDDEN"
    voice = note.content["voice"]["file_id"]
    assert await refusal("sendVoice", **to_her, voice=voice) == forbidden
    origin = {"from_chat_id": group.chat_id, "message_id": note.message_id}
    assert await refusal("copyMessage", **to_her, **origin) == forbidden
    origin["message_id"] = (await ana.send_video_note(to=group)).message_id
    assert await refusal("copyMessage", **to_her, **origin) == forbidden
    shown = await ask("getChat", **to_her)
    assert shown["has_restricted_voice_and_video_messages"] is True
    maria.refuse_voice(False)
    assert await ask("sendVoice", **to_her, voice=voice)


async def test_an_album_comes_item_by_item(box: Sandbox, ask: Call, refusal: Call,
                                           maria: Person) -> None:  # fmt: skip
    box.queue.clear()
    album = await maria.send_album(3, "mire")
    shown = [one["message"] for one in box.queue.pending]
    assert len({one["media_group_id"] for one in shown}) == 1
    assert [one.get("caption") for one in shown] == ["mire", None, None]
    group, *_ = forum(box)
    ids = [one.message_id for one in album]
    place = {"chat_id": group.chat_id, "from_chat_id": maria.chat_id}
    for wrong in ([ids[1], ids[0]], [ids[0], ids[0]]):
        said = await refusal("copyMessages", **place, message_ids=wrong)
        assert said == (
            "400 Bad Request: message identifiers must be in a strictly increasing order"
        )
    copies = await ask("copyMessages", **place, message_ids=[1, *ids], remove_caption=True)
    assert len(copies) == 3
    seen = group.from_bot()
    assert len({one.content["media_group_id"] for one in seen}) == 1
    assert seen[0].content["media_group_id"] != album[0].content["media_group_id"]
    assert "caption" not in seen[0].content
    assert "no messages to copy" in await refusal("copyMessages", **place, message_ids=[1, 2])
    assert "no messages to copy" in await refusal("copyMessages", **place, message_ids=[])
    await ask("copyMessage", **place, message_id=ids[0])
    assert "media_group_id" not in group.last().content


async def test_a_reaction(box: Sandbox, ask: Call, refusal: Call) -> None:
    group, ana, _ = forum(box)
    hers = await ana.send("respuesta", to=group)
    place = {"chat_id": group.chat_id, "message_id": hers.message_id}
    assert await ask("setMessageReaction", **place, reaction=[{"type": "emoji", "emoji": "👍"}])
    assert hers.reaction == "👍"
    said = await refusal("setMessageReaction", **place, reaction=[{"type": "emoji", "emoji": "✅"}])
    assert said == "400 Bad Request: REACTION_INVALID"
    assert await ask("setMessageReaction", **place)
    assert group.screen()[-1].reaction is None
    place["message_id"] = 9999
    assert "message to react not found" in await refusal("setMessageReaction", **place)


async def test_what_somebody_answers_comes_with_it(box: Sandbox, ask: Call,
                                                   maria: Person) -> None:  # fmt: skip
    await ask("sendMessage", chat_id=maria.chat_id, text="Hola")
    await maria.send("gracias", reply_to=maria.last())
    assert only(box)["reply_to_message"]["text"] == "Hola"
    await maria.delete(maria.last(), for_both=True)
    gone = next(one for one in maria.chat.messages.values() if one.deleted)
    with pytest.raises(PersonError, match="any more"):
        await maria.send("otra", reply_to=gone)


async def test_words_under_a_photo_are_edited(box: Sandbox, maria: Person) -> None:
    photo = await maria.send_photo("mire")
    box.queue.clear()
    await maria.edit(photo, "mire bien")
    update = only(box)
    assert update["caption"] == "mire bien"
    assert "text" not in update
