"""What a person formats, attaches or is shown goes over the wire as Telegram's own app does it."""

from __future__ import annotations

import struct
from typing import Any

import aiohttp
import pytest
from telegram import Bot

from sandbox import Person, PersonError, Sandbox
from tests.sandbox.calls import Call
from tests.sandbox.desk import forum, only

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480) + b"\x08\x02" + b"x" * 40


def marks(message: dict[str, Any]) -> list[tuple[str, str]]:
    """Give each entity with its words; there is nothing outside the basic plane here."""
    text = message["text"]
    return [
        (one["type"], text[one["offset"] : one["offset"] + one["length"]])
        for one in message["entities"]
    ]


async def test_formatting_arrives_as_entities(box: Sandbox, maria: Person) -> None:
    sent = await maria.send(
        '  <b>Hoy</b> <i>abre</i> <u>la</u> <s>otra</s> <a href="https://tsj.gob.ve">nota</a>\n'
        "<blockquote>de /aqui</blockquote> &lt;3",
        html=True,
    )
    told = only(box)
    assert told["text"] == "Hoy abre la otra nota\nde /aqui <3"
    assert marks(told) == [
        ("bold", "Hoy"),
        ("italic", "abre"),
        ("underline", "la"),
        ("strikethrough", "otra"),
        ("text_link", "nota"),
        ("blockquote", "de /aqui"),
        ("bot_command", "/aqui"),
    ]
    assert told["entities"][4]["url"] == "https://tsj.gob.ve"
    bold = {"type": "bold", "offset": 3, "length": 2}
    await maria.edit(sent, "😀 no", entities=[bold])
    assert only(box)["entities"] == [bold]
    assert sent.history[-1] == "😀 no"


async def test_blanks_at_the_ends_take_their_part_of_the_formatting(
    box: Sandbox, maria: Person
) -> None:
    await maria.send(" ya ", entities=[{"type": "bold", "offset": 0, "length": 4}])
    assert only(box)["entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    group, ana, _ = forum(box)
    await ana.send("<b>ya</b>", html=True, to=group)
    assert marks(only(box)) == [("bold", "ya")]


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("<b>a", {"html": True}),
        ("a", {"entities": [{"type": "bold", "offset": 0, "length": 2}]}),
        ("a", {"entities": [{"type": "bold", "offset": -1, "length": 1}]}),
        ("a", {"entities": [{"type": "bold", "offset": 0, "length": 0}]}),
        ("a", {"entities": [{"type": "mention", "offset": 0, "length": 1}]}),
        ("a", {"entities": [{"type": "text_link", "offset": 0, "length": 1}]}),
        ("a", {"entities": [{"type": "bold", "offset": 0, "length": 1, "url": "https://x.org"}]}),
    ],
)
async def test_what_no_app_can_send_is_refused(
    maria: Person, text: str, more: dict[str, Any]
) -> None:
    with pytest.raises(PersonError):
        await maria.send(text, **more)


async def test_a_document_has_the_words_she_put_in_it(
    box: Sandbox, maria: Person, bot: Bot
) -> None:
    await maria.send_document("hoja.yaml", text="contacts: [ñ]")
    told = only(box)["document"]
    assert (told["file_name"], told["mime_type"]) == ("hoja.yaml", "application/yaml")
    found = await bot.get_file(told["file_id"])
    assert await found.download_as_bytearray() == "contacts: [ñ]".encode()
    await maria.send_document()
    assert only(box)["document"]["file_size"] == 20_480


async def test_a_picture_can_be_looked_at(
    box: Sandbox, maria: Person, bot: Bot, session: aiohttp.ClientSession
) -> None:
    sent = await bot.send_photo(maria.chat_id, PNG, caption="<b>La semana</b>", parse_mode="HTML")
    (size,) = sent.photo
    assert (size.width, size.height, size.file_size) == (640, 480, len(PNG))
    async with session.get(f"{box.url}/_people/{maria.chat_id}/screen") as response:
        shown = (await response.json())["messages"][-1]
    assert shown["picture"] == {"file_id": size.file_id, "width": 640, "height": 480}
    async with session.get(f"{box.url}/_pictures/{size.file_id}") as response:
        assert (response.content_type, await response.read()) == ("image/png", PNG)
    # What is no picture is not given as one.
    photo = await maria.send_photo()
    for file_id in (photo.content["photo"][0]["file_id"], "unknown"):
        async with session.get(f"{box.url}/_pictures/{file_id}") as response:
            assert response.status == 404


async def test_what_telegram_takes_as_no_photo_is_refused(
    box: Sandbox,
    maria: Person,
    session: aiohttp.ClientSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sandbox.pictures.LARGEST", 1000)

    def sized(width: int, height: int) -> bytes:
        return PNG[:16] + struct.pack(">II", width, height) + PNG[24:]

    for data, reason in (
        (PNG[:12], "IMAGE_PROCESS_FAILED"),
        (sized(9000, 2000), "PHOTO_INVALID_DIMENSIONS"),
        (sized(210, 10), "PHOTO_INVALID_DIMENSIONS"),
        (bytes(1001), "file is too big"),
    ):
        form = aiohttp.FormData({"chat_id": str(maria.chat_id)})
        form.add_field("photo", data, filename="semana.png")
        async with session.post(f"{box.url}/bot{box.token}/sendPhoto", data=form) as response:
            assert (await response.json())["description"] == f"Bad Request: {reason}"
    assert maria.from_bot() == ()


async def test_formatting_and_documents_from_another_process(
    box: Sandbox, maria: Person, call: Call, session: aiohttp.ClientSession
) -> None:
    path = f"{box.url}/_people/{maria.chat_id}"
    bold = {"type": "bold", "offset": 0, "length": 3}
    async with session.post(f"{path}/send", json={"text": "Hoy", "entities": [bold]}) as response:
        sent = await response.json()
    assert only(box)["entities"] == sent["entities"] == [bold]
    change = {"message_id": sent["message_id"], "text": "Hoy no", "entities": []}
    async with session.post(f"{path}/edit", json=change) as response:
        assert (await response.json())["entities"] == []
    box.queue.clear()
    async with session.post(
        f"{path}/document", json={"name": "a.yaml", "text": "a: 1"}
    ) as response:
        assert (await response.json())["file_name"] == "a.yaml"
    assert box.bytes_of(only(box)["document"]["file_id"]) == b"a: 1"
    wrong = {"text": "a", "entities": [{"type": "bold"}]}
    async with session.post(f"{path}/send", json=wrong) as response:
        assert response.status == 400
