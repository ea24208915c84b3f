"""Family and desk side by side: several people with several conversations, by mouse and keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from sandbox import Sandbox
from sandbox.group_chats import GENERAL
from tests.browser.browsing import NARROW, WIDE, open_page, phone
from tests.browser.desk import Desk, open_topic, pane, room, running_desk, seat

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest_asyncio.fixture(loop_scope="session")
async def desk(can_browse: None) -> AsyncIterator[Desk]:
    async with running_desk() as running:
        yield running


async def test_without_a_group_there_is_only_the_phone(browser: Browser) -> None:
    """The desk comes with the first group, without a reload."""
    async with Sandbox() as box:
        maria, ana = box.person("María"), box.person("Ana")
        page = await open_page(browser, box.url)
        columns = page.get_by_role("navigation", name="Columnas")
        assert not await pane(page).is_visible()
        assert await phone(page, "Ana").is_visible()
        group = box.group("Mesa de Faro", forum=True)
        group.add(ana)
        await seat(page, "Ana").wait_for()
        assert await phone(page).is_visible()
        assert not await phone(page, "Ana").is_visible()
        assert not await columns.is_visible()  # there is room for both
        await pane(page).locator(".item").filter(has_text="a solas").click()
        await phone(page, "Ana").wait_for()
        assert maria.screen() == ()


async def test_each_volunteer_sees_with_her_own_eyes(browser: Browser, desk: Desk) -> None:
    page = await open_page(browser, desk.box.url, size=WIDE)
    tab = seat(page, "Ana")
    assert await tab.get_attribute("aria-label") == "Ana, 1 sin leer"
    await open_topic(page, "K7M2-4")
    hers = room(page, "K7M2-4", "Ana")
    await hers.locator(".theirs .text b").get_by_text("K7M2-4").wait_for()
    await seat(page, "Ana").and_(page.get_by_label("Ana", exact=True)).wait_for()
    assert desk.group.chat.unread(desk.ana.chat_id, desk.topic.thread_id) == 0
    assert desk.group.chat.unread(desk.luis.chat_id, desk.topic.thread_id) == 1
    box = hers.get_by_role("textbox")
    await box.fill("una nota")
    await box.press("Enter")
    await hers.locator(".own").get_by_text("una nota").wait_for()
    assert desk.group.screen(desk.topic)[-1].author == desk.ana.chat_id
    await box.fill("a medio escribir")
    await seat(page, "Luis").click()
    his = room(page, "K7M2-4", "Luis")
    await his.locator(".theirs").get_by_text("una nota").wait_for()
    assert await his.locator(".theirs .from").last.text_content() == "Ana"
    assert await his.get_by_role("textbox").input_value() == ""
    await seat(page, "Ana").click()
    assert await box.input_value() == "a medio escribir"
    await pane(page).locator(".item").filter(has_text="a solas").click()
    await phone(page, "Ana").get_by_role("button", name="Empezar").click()
    await desk.ana.wait_until(lambda: desk.ana.screen() != ())
    assert await phone(page).locator(".message").count() == 2


async def test_answering_changing_and_deleting(browser: Browser, desk: Desk) -> None:
    page = await open_page(browser, desk.box.url)
    await open_topic(page, "K7M2-4")
    hers = room(page, "K7M2-4", "Ana")
    await hers.locator(".theirs .bubble").click()
    await hers.get_by_role("button", name="Responder").click()
    await hers.get_by_text("Responde a Faro: Caso K7M2-4").wait_for()
    box = hers.get_by_role("textbox")
    await box.fill("sí")
    await box.press("Enter")
    own = hers.locator(".own")
    await own.get_by_role("button", name="Responde a Faro").wait_for()
    sent = desk.group.screen(desk.topic)[-1]
    assert sent.reply_to == desk.group.last().message_id
    assert not await hers.get_by_text("Responde a Faro: Caso").is_visible()
    await own.locator("time").dblclick()
    await hers.get_by_text("Responde a su mensaje: sí").wait_for()
    await box.press("Escape")
    assert not await hers.get_by_text("Responde a su mensaje").is_visible()
    await own.get_by_label("Opciones del mensaje").click()
    await own.get_by_role("button", name="Cambiar").click()
    await box.fill("sí, claro")
    await box.press("Enter")
    await own.get_by_text("editado").wait_for()
    assert sent.history == ["sí", "sí, claro"]
    await desk.ask(
        "setMessageReaction",
        chat_id=desk.group.chat_id,
        message_id=sent.message_id,
        reaction=[{"type": "emoji", "emoji": "👍"}],
    )
    await hers.get_by_role("img", name="Faro reaccionó con 👍").wait_for()
    await hers.get_by_role("button", name="Enviar una nota de voz").click()
    await hers.get_by_label("Enviar otra cosa").click()
    await hers.get_by_role("button", name="Álbum de tres fotos").click()
    await own.locator(".photo").nth(2).wait_for()
    album = desk.group.screen(desk.topic)[-3:]
    assert len({one.content["media_group_id"] for one in album}) == 1
    await own.first.get_by_label("Opciones del mensaje").click()
    await own.first.get_by_role("button", name="Borrar").click()
    await hers.get_by_text("sí, claro").wait_for(state="detached")
    assert sent.deleted


async def test_buttons_alerts_and_the_clipboard(browser: Browser, desk: Desk) -> None:
    page = await open_page(browser, desk.box.url)
    await open_topic(page, "K7M2-4")
    hers = room(page, "K7M2-4", "Ana")
    for alert in (False, True):
        desk.box.queue.clear()
        await hers.get_by_role("button", name="Tomar").click()
        ((press,),) = [await desk.ask("getUpdates", timeout=5)]
        assert press["callback_query"]["from"]["id"] == desk.ana.chat_id
        words = "Ya lo tiene V-12." if alert else "Es suyo."
        await desk.ask(
            "answerCallbackQuery",
            callback_query_id=press["callback_query"]["id"],
            text=words,
            show_alert=alert,
        )
        await page.get_by_text(words).wait_for()
        assert await page.get_by_role("dialog").is_visible() == alert
    await page.get_by_role("button", name="Entendido").click()
    await page.get_by_role("dialog").wait_for(state="hidden")
    await hers.get_by_role("button", name="Copiar el código").click()
    await page.get_by_text("Copiado: K7M2-4").wait_for()
    await hers.get_by_role("button", name="Copiado").wait_for()
    box = hers.get_by_role("textbox")
    await box.press("Control+V")
    assert await box.input_value() == "K7M2-4"


async def test_one_column_at_a_time_on_a_telephone(browser: Browser, desk: Desk) -> None:
    page = await open_page(browser, desk.box.url, size=NARROW)
    assert await phone(page).is_visible()
    assert not await pane(page).is_visible()
    await page.get_by_role("button", name="Mesa", exact=True).click()
    assert not await phone(page).is_visible()
    assert desk.group.chat.unread(desk.ana.chat_id, desk.topic.thread_id) == 1
    await open_topic(page, "K7M2-4")
    hers = room(page, "K7M2-4", "Ana")
    await hers.get_by_role("textbox").wait_for()
    back = page.get_by_role("button", name="Volver a las conversaciones")
    await back.click()
    assert not await hers.is_visible()
    await pane(page).locator(".item").filter(has_text="General").click()
    await room(page, "General", "Ana").get_by_role("textbox").wait_for()
    await back.click()
    await page.get_by_role("button", name="Familia", exact=True).click()
    assert await phone(page).is_visible()


async def test_the_desk_by_keyboard_alone(browser: Browser, desk: Desk) -> None:
    page = await open_page(browser, desk.box.url)
    await seat(page, "Luis").focus()
    await page.keyboard.press("Enter")
    focused = page.locator(":focus")
    for _ in range(10):
        await page.keyboard.press("Tab")
        if "K7M2-4" in (await focused.text_content() or ""):
            break
    await page.keyboard.press("Enter")
    assert await focused.get_attribute("aria-label") == "Mensaje de Luis en K7M2-4"
    await page.keyboard.type("con teclas")
    await page.keyboard.press("Enter")
    his = room(page, "K7M2-4", "Luis")
    await his.locator(".own").get_by_text("con teclas").wait_for()
    more = his.locator(".own").get_by_label("Opciones del mensaje")
    await more.focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    assert await focused.text_content() == "Responder"
    await page.keyboard.press("Escape")
    assert await focused.get_attribute("aria-label") == "Opciones del mensaje"


async def test_what_happens_to_a_group_is_seen(browser: Browser, desk: Desk) -> None:
    """A topic made, closed and deleted, somebody thrown out: at once, and nothing is HTML."""
    page = await open_page(browser, desk.box.url)
    named = "<i>P9QT</i>"
    other = desk.group.new_topic(named, by=desk.elena)
    await open_topic(page, named)
    hers = room(page, named, "Ana")
    await hers.get_by_text(f"Elena abrió el tema «{named}»").wait_for()
    desk.group.close_topic(other, by=desk.elena)
    await hers.get_by_text("Este tema está cerrado.").wait_for()
    assert not await hers.get_by_role("textbox").is_visible()
    await seat(page, "Elena").click()
    lead = room(page, named, "Elena")
    await lead.get_by_label("Opciones del tema").click()
    await lead.get_by_role("button", name="Volver a abrir el tema").click()
    await lead.get_by_text("Elena volvió a abrir el tema").wait_for()
    assert not other.closed
    desk.group.delete_topic(other)
    # Where she was is gone: she is in General, and may not find it in the list.
    await room(page, "General", "Elena").wait_for()
    assert await pane(page).locator(".item").filter(has_text=named).count() == 0
    desk.group.remove(desk.elena)
    await page.get_by_text("Elena ya no está en este grupo.").wait_for()
    await desk.ask("sendMessage", chat_id=desk.group.chat_id, text="Cola")
    pinned = desk.group.screen(GENERAL)[-1]
    await desk.ask("pinChatMessage", chat_id=desk.group.chat_id, message_id=pinned.message_id)
    await page.get_by_role("button", name="Mensaje fijado Cola").wait_for()


async def test_somebody_new_sits_down_at_the_desk(browser: Browser, desk: Desk) -> None:
    page = await open_page(browser, desk.box.url)
    await page.get_by_role("button", name="Añadir persona").click()
    await page.get_by_label("Nombre").fill("Rosa")
    await page.get_by_label("Dónde").select_option("Mesa de Faro")
    await page.get_by_role("button", name="Añadir", exact=True).click()
    rosa = seat(page, "Rosa")
    await rosa.wait_for()
    await room(page, "General", "Rosa").wait_for()
    assert await rosa.get_attribute("aria-current") == "true"
    # A phone of the family that nobody looks at says that something came.
    carmen = desk.box.person("Carmen")
    tab = page.get_by_role("navigation", name="Personas").get_by_role("button", name="Carmen")
    await tab.wait_for()
    await carmen.send("/start")
    desk.box.clock.forward(timedelta(minutes=1))
    await desk.ask("sendMessage", chat_id=carmen.chat_id, text="Hola")
    await page.get_by_role("button", name="Carmen, con mensajes nuevos").click()
    await page.get_by_role("button", name="Carmen", exact=True).wait_for()


async def test_one_of_many_families_is_shown_on_demand(browser: Browser, desk: Desk) -> None:
    nelly, aura = (desk.box.person(name, aside=True) for name in ("Nelly", "Aura"))
    page = await open_page(browser, desk.box.url)
    people = page.get_by_role("navigation", name="Personas")
    others = people.get_by_role("button", name="Ver 2 familias más")
    await others.wait_for()
    tab = people.get_by_role("button", name="Nelly")
    assert not await tab.is_visible()
    await nelly.send("/start")
    await desk.ask("sendMessage", chat_id=nelly.chat_id, text="Hola")
    await people.get_by_role("button", name="Ver 2 familias más, con mensajes nuevos").click()
    await tab.wait_for()
    assert await page.locator(":focus").inner_text() == "Nelly"
    assert not await others.is_visible()
    assert await phone(page).is_visible()
    await people.get_by_role("button", name="Aura", exact=True).click()
    await phone(page, aura.name).wait_for()
    assert not await phone(page).is_visible()
