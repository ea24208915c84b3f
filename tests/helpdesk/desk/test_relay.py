"""What a family writes reaches her topic, in order and whole, and nothing of who she is with it."""

from __future__ import annotations

import pytest

from helpdesk.desk import budget, deliveries, relay, unheard
from helpdesk.desk.case import Urgency
from helpdesk.desk.family import Heard
from helpdesk.desk.lengths import TEXT, pieces, units, weight
from helpdesk.desk.posts import Place
from helpdesk.messages import Unread, Unreadable
from store import Session, sessions
from tests.helpdesk.desk.hall import AUNT, MOTHER, Hall

OWNER = 11


@pytest.fixture
async def topic(hall: Hall) -> int:
    await hall.member(OWNER)
    return (await hall.claimed(OWNER))[1]


def texts(hall: Hall, topic: int) -> list[str]:
    """What stands in a topic after the card."""
    return [one.text for one in hall.in_topic(topic)][1:]


async def test_texts_of_three_seconds_are_one_message(hall: Hall, topic: int) -> None:
    for word in ("hola", "soy la mamá", "¿me leen?"):
        assert await hall.say(word) is Heard.PASSED
        hall.wait(seconds=2)
        (queued,) = await hall.do(deliveries.waiting, hall.now, hall.context)
        assert (queued.not_before or 0) > hall.now.timestamp()
    await hall.drain()
    hall.wait(seconds=4)
    await hall.say("otra cosa")
    await hall.drain()
    assert texts(hall, topic) == ["Familia:\nhola\nsoy la mamá\n¿me leen?", "Familia:\notra cosa"]


async def test_whoever_keeps_typing_is_read_all_the_same(hall: Hall, topic: int) -> None:
    for number in range(12):
        await hall.say(f"línea {number}")
        hall.wait(seconds=1)
    (post,) = await hall.posts()
    assert post.post.not_before is not None
    assert post.post.not_before - post.post.at == relay.JOIN_AT_MOST


async def test_every_message_can_be_answered_and_corrected(hall: Hall, topic: int) -> None:
    first = hall.room(MOTHER).last + 1
    await hall.say("uno")
    await hall.say("dos")
    await hall.drain()
    said = hall.found("uno", topic)
    pairs = (await hall.open_case()).pairs
    assert [(pair.family, pair.desk) for pair in pairs] == [(first, said.id), (first + 1, said.id)]
    hall.wait(minutes=1)
    await hall.say("dos y medio", edit=first + 1)
    await hall.drain()
    corrected = hall.found("La familia corrigió:\ndos y medio", topic)
    assert corrected.answers == said.id


async def test_an_edit_of_what_still_waits_takes_its_place(hall: Hall, topic: int) -> None:
    await hall.say("mi cédula es 12345678")
    first = hall.room(MOTHER).last
    await hall.say("eso")
    await hall.say("perdón, sin números", edit=first)
    await hall.drain()
    assert texts(hall, topic) == ["Familia:\nperdón, sin números\neso"]


async def test_an_edit_of_what_is_on_its_way_is_a_correction(hall: Hall, topic: int) -> None:
    await hall.say("antes")
    message_id = hall.room(MOTHER).last
    hall.wait(seconds=5)
    (post,) = await hall.posts()
    ready = await hall.do(deliveries.claim, post.id, hall.now, hall.context)
    assert isinstance(ready, deliveries.Ready)
    await hall.say("después", edit=message_id)
    await hall.end(ready, hall.carry_out(ready))
    await hall.drain()
    said, corrected = hall.in_topic(topic)[1:]
    assert (said.text, corrected.text) == ("Familia:\nantes", "La familia corrigió:\ndespués")
    assert corrected.answers == said.id


@pytest.mark.parametrize("sign", ["a", "&", "😀", "palabra "])
async def test_a_long_text_comes_whole_in_pieces(hall: Hall, topic: int, sign: str) -> None:
    text = (sign * 5000)[: 4096 // units(sign[0])]
    await hall.say(text)
    await hall.drain()
    said = [one.removeprefix("Familia:\n") for one in texts(hall, topic)]
    assert "".join(said).replace(" ", "") == text.replace(" ", "")
    assert all(weight(one) <= TEXT for one in said)


def test_a_text_is_cut_between_words() -> None:
    cut = pieces("uno dos tres cuatro", 9)
    assert cut == ("uno dos", "tres", "cuatro")
    assert pieces("x" * 20, 8) == ("x" * 8, "x" * 8, "x" * 4)


async def test_her_answer_to_a_reply_answers_it_in_the_topic(hall: Hall, topic: int) -> None:
    await hall.write(OWNER, "/r ¿tiene la boleta?", topic)
    await hall.drain()
    asked = hall.found("/r ¿tiene", topic)
    got = hall.room(MOTHER).last
    await hall.say("sí, aquí está", answers=got)
    await hall.drain()
    assert hall.found("aquí está", topic).answers == asked.id


async def test_photos_and_voice_are_copied_with_our_caption(hall: Hall, topic: int) -> None:
    await hall.say("mire")
    assert await hall.say(Unreadable.PHOTO, caption="la boleta") is Heard.PASSED
    photo = hall.room(MOTHER).last
    assert await hall.say(Unreadable.VOICE) is Heard.PASSED
    await hall.drain()
    said, copied, voice = hall.in_topic(topic)[1:]
    assert said.text == "Familia:\nmire"
    assert (copied.copied, copied.text, copied.own_caption) == (photo, "Familia:\nla boleta", False)
    assert (voice.copied, voice.text, voice.own_caption) == (photo + 1, "", False)


async def test_an_album_comes_item_by_item_in_order(hall: Hall, topic: int) -> None:
    first = hall.room(MOTHER).last + 1
    for _ in range(6):
        await hall.say(Unreadable.PHOTO)
    await hall.drain()
    assert [one.copied for one in hall.in_topic(topic)[1:]] == list(range(first, first + 6))


async def test_a_long_caption_follows_as_a_text(hall: Hall, topic: int) -> None:
    await hall.say(Unreadable.PHOTO, caption="x" * 1024)
    await hall.drain()
    copied, said = hall.in_topic(topic)[1:]
    assert (copied.text, said.text) == ("", "Familia:\n" + "x" * 1024)


@pytest.mark.parametrize(
    ("kind", "heard"),
    [
        (Unreadable.DOCUMENT, Heard.NOT_PASSED),
        (Unreadable.CONTACT, Heard.NOT_PASSED),
        (Unreadable.LOCATION, Heard.NOT_PASSED),
        (Unreadable.VIDEO, Heard.NOT_PASSED),
        (Unreadable.OTHER, Heard.NOT_PASSED),
        (Unreadable.STICKER, Heard.PASSED),
    ],
)
async def test_what_is_not_passed_leaves_a_line(
    hall: Hall, topic: int, kind: Unreadable, heard: Heard
) -> None:
    assert await hall.say(kind, caption="mi hijo en la foto") is heard
    await hall.drain()
    (line,) = hall.in_topic(topic)[1:]
    assert line.copied is None
    assert line.text.startswith("Mandó ")
    assert "hijo" not in line.text


async def test_words_that_link_to_an_account_never_come(hall: Hall, topic: int) -> None:
    assert await hall.say("hable con Marcador", names_account=True) is Heard.NOT_PASSED
    await hall.say(Unreadable.PHOTO, caption="Marcador", names_account=True)
    await hall.say("antes")
    own = hall.room(MOTHER).last
    await hall.say("Marcador otra vez", names_account=True, edit=own)
    await hall.drain()
    told = "\n".join(texts(hall, topic))
    assert "Marcador" not in told
    assert "antes" not in told
    assert told.count("enlaza a la cuenta de alguien") == 3


async def test_before_anybody_reads_only_numbers_are_kept(hall: Hall) -> None:
    await hall.family()
    assert await hall.say("secreto") is Heard.NOTED
    assert await hall.say(Unreadable.PHOTO, caption="secreto") is Heard.NOTED
    assert await hall.say(Unreadable.DOCUMENT, caption="secreto") is Heard.NOT_PASSED
    assert await hall.say("secreto de Marcador", names_account=True) is Heard.NOT_PASSED
    case = await hall.open_case()
    assert not await hall.posts()
    assert "secreto" not in case.model_dump_json()
    assert [one.passed_as for one in case.unheard] == ["copy", "copy", "document", "account"]
    await hall.member(OWNER)
    await hall.press(OWNER, f"claim:{case.code}")
    await hall.drain()
    case = await hall.open_case()
    assert case.topic is not None
    text, photo, document, account = hall.in_topic(case.topic)[2:]
    assert (text.copied, text.own_caption) == (case.pairs[0].family, True)
    assert photo.own_caption
    assert document.text.startswith("Mandó un documento")
    assert "cuenta de alguien" in account.text
    assert not case.unheard


async def test_an_edit_before_anybody_reads_needs_nothing(hall: Hall) -> None:
    await hall.family()
    await hall.say("borrador")
    own = hall.room(MOTHER).last
    await hall.say("limpio", edit=own)
    assert [one.message_id for one in (await hall.open_case()).unheard] == [own]
    await hall.say("con Marcador", edit=own, names_account=True)
    assert [one.passed_as for one in (await hall.open_case()).unheard] == ["account"]


async def test_much_before_anybody_reads_keeps_the_first_and_the_last(hall: Hall) -> None:
    await hall.family()
    first = hall.room(MOTHER).last + 1
    for number in range(unheard.MOST + 10):
        await hall.say(str(number))
    case = await hall.open_case()
    kept = [one.message_id - first for one in case.unheard]
    assert len(kept) == unheard.MOST
    assert kept[:30] == list(range(30))
    assert kept[-30:] == list(range(40, 70))
    assert case.unheard_more == 10


async def test_what_was_unread_comes_first_and_in_order(hall: Hall, topic: int) -> None:
    unread = (Unread(901, text="uno"), Unread(902, Unreadable.VOICE), Unread(903, text="tres"))
    hall.room(MOTHER).messages[902] = hall.in_topic(topic)[0]
    await hall.say("cuatro", unread=unread)
    await hall.drain()
    said = texts(hall, topic)
    assert said == ["Familia:\nuno", "", "Familia:\ntres\ncuatro"]


async def test_a_flood_ends_in_one_line_and_stays_bounded(hall: Hall, topic: int) -> None:
    unread = tuple(Unread(number, text="x" * 4000) for number in range(1000, 1500))
    assert await hall.say("y" * 4000, unread=unread) is Heard.TOO_MUCH
    posts = await hall.posts()
    assert len(posts) <= relay.MOST_WAITING + 1
    assert [one.post.shows for one in posts][-1] is not None
    await hall.drain()
    assert sum("más de lo que cabe" in one for one in texts(hall, topic)) == 1


async def test_short_texts_of_a_flood_join(hall: Hall, topic: int) -> None:
    unread = tuple(Unread(number, text="hola?") for number in range(1000, 1100))
    assert await hall.say("¿están?", unread=unread) is Heard.PASSED
    assert len(await hall.posts()) == 1


async def test_a_flood_of_one_family_leaves_room_for_another(hall: Hall, topic: int) -> None:
    for _ in range(30):
        await hall.say(Unreadable.PHOTO)
    _, other = await hall.claimed(OWNER, AUNT)
    begun = len(hall.calls)
    for _ in range(25):
        await hall.say(Unreadable.PHOTO)
    await hall.say("necesito algo", AUNT)
    hall.wait(seconds=3)
    await hall.drain()
    after = [ready.topic for _, ready in hall.calls[begun:] if ready.topic is not None]
    assert after.index(other) <= 2


async def test_urgent_goes_first_but_not_for_ever(hall: Hall) -> None:
    await hall.member(OWNER)
    _, urgent = await hall.claimed(OWNER, urgency=Urgency.NOW)
    _, calm = await hall.claimed(OWNER, AUNT)
    hall.wait(minutes=2)
    begun = len(hall.calls)
    for _ in range(12):
        await hall.say(Unreadable.PHOTO, AUNT)
        await hall.say(Unreadable.PHOTO)
    await hall.drain()
    order = [ready.topic for _, ready in hall.calls[begun:] if ready.topic is not None]
    assert order[:5] == [urgent] * 5
    assert calm in order[5:7]


async def test_muted_she_is_not_passed_and_it_is_said_how_often(hall: Hall, topic: int) -> None:
    await hall.write(OWNER, "/silenciar 2", topic)
    assert await hall.say("grosería") is Heard.MUTED
    assert await hall.say("grosería") is Heard.MUTED
    await hall.tend()
    hall.wait(hours=2)
    await hall.tend()
    assert await hall.say("perdón") is Heard.PASSED
    await hall.drain()
    told = "\n".join(texts(hall, topic))
    assert "grosería" not in told
    assert "escribió 2 mensajes, que no se pasaron" in told
    assert "Familia:\nperdón" in told


async def test_silence_ends_at_once_with_zero(hall: Hall, topic: int) -> None:
    await hall.write(OWNER, "/silenciar", topic)
    await hall.write(OWNER, "/silenciar 0", topic)
    assert await hall.say("hola") is Heard.PASSED
    await hall.write(OWNER, "/silenciar 99", topic)
    assert await hall.say("hola") is Heard.PASSED


async def test_no_call_into_the_group_carries_who_she_is(hall: Hall, topic: int) -> None:
    """Her chat's id stands nowhere in what goes into the group but as the source of a copy."""
    await hall.do(sessions.put, MOTHER, Session({"name": "Marcador"}), hall.now)
    await hall.say("hola")
    await hall.say(Unreadable.PHOTO, caption="boleta")
    await hall.say(Unreadable.CONTACT)
    await hall.drain()
    for _, ready in hall.calls:
        if ready.post.place in (Place.TOPIC, Place.GENERAL):
            said = ready.post.model_dump_json()
            assert str(MOTHER) not in said
            assert "Marcador" not in said


async def test_the_group_never_gets_more_than_it_takes(hall: Hall, topic: int) -> None:
    for _ in range(35):
        await hall.say(Unreadable.PHOTO)
    await hall.drain()
    times = [at.timestamp() for at, ready in hall.calls if ready.chat < 0]
    assert len(times) > 2 * budget.PER_MINUTE - 5
    for first, last in zip(times, times[budget.PER_MINUTE :], strict=False):
        assert last - first >= 60
