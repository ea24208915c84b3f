"""The column of organisers beside family and desk: formatting, files, pictures."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import aiohttp
import pytest

from sandbox import Clock, Sandbox
from tests.browser.browsing import NARROW, WIDE, Scheme, open_page, phone, violations
from tests.browser.desk import WHEN, pane

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TYPED = (
    "**Abrió __hoy__** en ++Táchira++.\n> Lleve ~~dos~~ tres.\nVea la [nota](https://tsj.gob.ve/a)"
)
TEXT = "Abrió hoy en Táchira.\nLleve dos tres.\nVea la nota"
MARKED = [
    ("bold", "Abrió hoy"),
    ("italic", "hoy"),
    ("underline", "Táchira"),
    ("blockquote", "Lleve dos tres."),
    ("strikethrough", "dos"),
    ("text_link", "nota"),
]


def png(width: int, height: int) -> bytes:
    """Make a picture that is all of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        end = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + end

    rows = zlib.compress((b"\x00" + b"\x0b\x55\x63" * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def organisers(page: Page) -> Locator:
    return page.get_by_role("region", name="Organización", exact=True)


def seats(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Quién es usted en la organización")


def writing(page: Page, name: str = "Julia") -> Locator:
    return page.get_by_role("textbox", name=f"Mensaje de {name}", exact=True)


async def test_formatting_leaves_as_entities(browser: Browser, can_browse: None) -> None:
    """Typed marks and the bar; a message that is changed shows its marks again."""
    async with Sandbox(clock=Clock(WHEN)) as box:
        julia, teresa = (box.person(name, organiser=True) for name in ("Julia", "Teresa"))
        page = await open_page(browser, box.url)
        await writing(page).fill(TYPED)
        await writing(page).press("Enter")
        own = phone(page, "Julia").locator(".own")
        await own.locator("blockquote s").get_by_text("dos").wait_for()
        (sent,) = julia.screen()
        assert sent.text == TEXT
        shown = [(one.type, sent.text[one.offset :][: one.length]) for one in sent.entities]
        assert shown == MARKED
        await own.get_by_label("Opciones del mensaje").click()
        await own.get_by_role("button", name="Cambiar").click()
        assert await writing(page).input_value() == TYPED
        await writing(page).fill("2 ** 3 no es _cursiva_")
        await writing(page).press("Enter")
        await own.get_by_text("editado").wait_for()
        assert (sent.text, sent.entities) == ("2 ** 3 no es _cursiva_", ())

        await seats(page).get_by_role("button", name="Teresa").click()
        hers = writing(page, "Teresa")
        await hers.fill("hoy y ya")
        await hers.evaluate("one => one.setSelectionRange(0, 3)")
        await hers.press("Control+b")
        await hers.evaluate("one => one.setSelectionRange(8, 12)")
        for mark in ("Tachado", "Cita"):
            await page.get_by_role("button", name=mark).click()
        assert await hers.input_value() == "> **hoy** ~~y ya~~"
        await hers.fill("ver")
        await hers.press("Control+a")
        await page.get_by_role("button", name="Enlace").click()
        await page.keyboard.type("tsj.gob.ve")
        await hers.press("Enter")
        await teresa.wait_until(lambda: teresa.screen() != ())
        assert teresa.screen()[0].entities[0].url == "https://tsj.gob.ve"


@pytest.mark.parametrize(
    ("size", "scheme"), [(NARROW, "dark"), (WIDE, "light")], ids=["narrow", "wide"]
)
async def test_the_three_columns_shut_nobody_out(
    browser: Browser, can_browse: None, size: tuple[int, int], scheme: Scheme
) -> None:
    """Side by side, or one at a time; with a picture, a file and the dialog to write one."""
    async with Sandbox(clock=Clock(WHEN)) as box, aiohttp.ClientSession() as session:
        box.person("María")
        julia, ana = box.person("Julia", organiser=True), box.person("Ana")
        box.group("Mesa de Faro", forum=True).add(ana)
        await julia.send("/start")
        form = aiohttp.FormData({"chat_id": str(julia.chat_id), "caption": "La semana"})
        form.add_field("photo", png(64, 48), filename="semana.png")
        async with session.post(f"{box.url}/bot{box.token}/sendPhoto", data=form) as response:
            assert response.status == 200

        page = await open_page(browser, box.url, size=size, scheme=scheme)
        wide = size == WIDE
        assert await phone(page).is_visible()
        assert await pane(page).is_visible() == await organisers(page).is_visible() == wide
        if not wide:
            await page.get_by_role("button", name="Organización", exact=True).click()
            assert not await phone(page).is_visible()
        hers = phone(page, "Julia")
        picture = hers.get_by_role("img", name="Imagen: ver en grande")
        await picture.wait_for()
        assert await picture.evaluate("one => one.decode().then(() => one.naturalWidth)") == 64
        await hers.get_by_label("Enviar otra cosa").click()
        await hers.get_by_role("button", name="Archivo de texto (YAML)…").click()
        await page.get_by_label("Lo que dice").fill("contacts: []")
        assert await violations(page) == []
        await page.get_by_role("button", name="Enviar el archivo").click()
        await hers.locator(".own").get_by_text("hoja.yaml").wait_for()
        document = julia.screen()[-1].content["document"]
        assert box.bytes_of(document["file_id"]) == b"contacts: []"
        switch = hers.get_by_role("button", name="Formato del texto")
        assert await switch.get_attribute("aria-expanded") == str(wide).lower()
        if not wide:
            await switch.click()
        assert await violations(page) == []
        assert (
            await page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            <= 0
        )
        # A message to thousands is one line among what the bot did.
        for chat_id in box.crowd(3):
            body = {"chat_id": chat_id, "text": "Hoy"}
            async with session.post(f"{box.url}/bot{box.token}/sendMessage", json=body) as response:
                assert response.status == 200
        await page.get_by_role("button", name="Controles de la prueba").click()
        await page.get_by_text("Envió un mensaje a alguien más (3 veces)").wait_for()
        await page.get_by_label("A quién").select_option("0.02")
        await page.get_by_role("button", name="Provocar la falla").click()
        await page.get_by_text("Error 429 al enviar: al 2 % de las personas").wait_for()
        assert await violations(page) == []
