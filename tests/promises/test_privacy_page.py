"""Every sentence of /privacidad, of the start, of /acerca and of what /borrar says has its proof.

The sentences are read from the rendered pages. One that is added or changed has no row here and
turns this red until it is tied to the tests that prove it; so does a row without its sentence.
What no test can prove stands as ``OUTSIDE`` (about Telegram, or who we are) or ``MANNERS`` (it
claims nothing), and a person has to answer for each.
"""

from __future__ import annotations

import importlib
import inspect
import re

import pytest

import locales
from locales import Catalogue

PAGES = (
    *("start.hello", "command.about_text", "command.privacy_text", "command.privacy_more"),
    *("command.cancelled", "command.erased", "page.erase", "route.erase"),
)
OUTSIDE, MANNERS = "outside", "manners"

KEPT = "tests.promises.test_what_is_kept"
CHAT = "tests.promises.test_what_leaves_the_chat"
NEVER = "tests.promises.test_what_faro_never_does"
DISK = "tests.promises.test_stolen_disk"
GONE = "tests.promises.test_deleted_means_gone"

LAST_47_HOURS = (f"{CHAT}:test_messages_of_the_last_47_hours_go_both_sides",)
OLDER_STAY = (f"{CHAT}:test_messages_older_than_48_hours_stay_for_her_to_delete",)
NOTHING_IS_ASKED = (
    f"{KEPT}:test_no_screen_asks_for_a_name_a_number_or_an_address",
    f"{NEVER}:test_1_it_asks_what_the_papers_say_and_never_what_happened",
)
ERASED = (
    f"{CHAT}:test_erasing_takes_less_than_ten_seconds",
    f"{CHAT}:test_the_button_erases_as_the_command_does",
    f"{GONE}:test_deleted_means_gone",
)

PROOFS: dict[str, tuple[str, ...]] = {
    # The start, and /acerca.
    "Hola.": (MANNERS,),
    "Soy Faro.": (f"{CHAT}:test_a_search_for_its_name_finds_the_chat",),
    "Le hago unas preguntas cortas y le digo qué puede hacer.": (
        "tests.helpdesk.test_walker:test_every_straight_walk_comes_to_its_end",
    ),
    "Es gratis.": (f"{NEVER}:test_8_the_first_screen_of_a_conversation_says_what_it_never_asks",),
    "Nunca le pediremos nombre, cédula, dinero ni código.": NOTHING_IS_ASKED,
    "Nunca le escribimos primero por otra cuenta.": (f"{CHAT}:test_it_never_writes_first",),
    "No somos el Gobierno, ni un partido, ni un bufete.": (OUTSIDE,),
    "Soy Faro, un programa que ayuda a familias.": (OUTSIDE,),
    "Hago unas preguntas cortas y digo qué se puede hacer.": (
        "tests.helpdesk.test_walker:test_every_straight_walk_comes_to_its_end",
    ),
    "Lo que no soy": (MANNERS,),
    "No soy el Gobierno, ni un partido, ni un bufete.": (OUTSIDE,),
    "No reemplazo a un abogado.": (OUTSIDE,),
    "No decido nada: decide el juez.": (
        f"{NEVER}:test_3_it_never_says_more_than_the_determination",
    ),
    "De dónde sale lo que digo": (MANNERS,),
    "De la ley de amnistía del 19 de febrero de 2026, leída en la prensa y en documentos públicos "
    "hasta octubre de 2026.": (
        "tests.rules.test_law_data:test_the_law_is_the_one_of_the_gazette",
        f"{NEVER}:test_9_every_result_says_that_it_is_a_draft",
    ),
    "No tenemos el texto oficial completo.": (
        "tests.rules.test_law_data:test_all_sixteen_articles_are_there_with_their_status",
    ),
    "Mientras ningún abogado firme las reglas, son un borrador, y cada respuesta lo dice.": (
        f"{NEVER}:test_9_every_result_says_that_it_is_a_draft",
        f"{NEVER}:test_9_the_doctor_is_red_while_it_is_a_draft",
    ),
    "Puedo equivocarme.": (MANNERS,),
    "Cuídese de quien use este nombre": (MANNERS,),
    "Si alguien lo hace en nombre de Faro, no es Faro.": (
        *NOTHING_IS_ASKED,
        f"{CHAT}:test_it_never_writes_first",
    ),
    # /privacidad.
    "Qué se guarda y quién lo ve, en palabras claras.": (
        "tests.locales.test_words:test_words_are_plain",
    ),
    "Léalo con calma.": (MANNERS,),
    "Al final puede borrar todo con un botón.": (
        f"{CHAT}:test_the_button_erases_as_the_command_does",
    ),
    "Lo que guardo": (MANNERS,),
    "Sus respuestas, cifradas, mientras conversamos.": (
        f"{KEPT}:test_answers_lie_sealed_on_the_disk",
        f"{DISK}:test_a_stolen_disk_says_nothing",
    ),
    "También, cifrados, los números de este chat y de sus mensajes: con ellos le contesto y puedo "
    "borrar.": (
        f"{DISK}:test_a_stolen_disk_says_nothing",
        "tests.store.test_sessions:test_message_ids_are_kept_47_hours",
        *LAST_47_HOURS,
    ),
    "Si pasa 7 días sin usarme, todo eso se borra solo.": (
        f"{KEPT}:test_seven_idle_days_and_they_are_gone",
        f"{KEPT}:test_coming_back_within_seven_days_keeps_them",
        f"{CHAT}:test_seven_days_idle_and_the_running_program_has_forgotten",
    ),
    "No pido nombre ni cédula, y sus palabras no las guardo: sólo lo que marca, y la fecha o los "
    "cargos que le muestro para confirmar.": (
        *NOTHING_IS_ASKED,
        f"{KEPT}:test_her_words_are_neither_kept_nor_said_again",
        f"{KEPT}:test_what_she_marks_and_confirms_is_all_that_is_kept",
    ),
    "Fotos, videos, documentos, contactos y ubicaciones los quito de este chat.": (
        f"{CHAT}:test_photos_and_the_like_leave_the_chat_at_once",
    ),
    "Nada de eso se guarda.": (f"{CHAT}:test_nothing_of_them_is_ever_looked_at",),
    "Cuento cuántas respuestas hay de cada clase por semana.": (
        f"{KEPT}:test_counts_are_of_kinds_of_answers_and_nothing_else",
        f"{KEPT}:test_counts_are_by_week_and_hold_no_account",
    ),
    "Sin nombres, sin cuentas, sin días.": (
        f"{KEPT}:test_counts_are_of_kinds_of_answers_and_nothing_else",
        f"{KEPT}:test_counts_are_by_week_and_hold_no_account",
        "tests.store.test_counters:test_anything_but_two_plain_dimensions_is_refused",
    ),
    "Para borrar": (MANNERS,),
    "/borrar quita sus respuestas en menos de 10 segundos.": ERASED,
    "También quita los mensajes de este chat de las últimas 47 horas.": LAST_47_HOURS,
    "Telegram no deja quitar los de más de 48: ésos bórrelos usted, con «Borrar chat».": OLDER_STAY,
    # Its second page.
    "Lo que conviene saber de este teléfono y de esta aplicación.": (MANNERS,),
    "Es corto.": ("tests.helpdesk.test_walker:test_a_wandering_walk_never_finds_a_wall",),
    "Léalo cuando esté en un lugar tranquilo y pueda pensarlo.": (MANNERS,),
    "Telegram puede leer lo que se escribe a un programa como éste: estos chats no van cifrados de "
    "punta a punta.": (OUTSIDE,),
    "También sabe qué cuenta me escribió y cuándo.": (OUTSIDE,),
    "Si le revisan el teléfono, verán este chat, con lo que usted escribió y lo que yo contesté.": (
        f"{CHAT}:test_who_searches_the_phone_reads_both_sides",
    ),
    "Si buscan «Faro», aparece.": (f"{CHAT}:test_a_search_for_its_name_finds_the_chat",),
    "/borrar quita los mensajes de las últimas 47 horas.": LAST_47_HOURS,
    "El chat vacío y los mensajes más viejos los tiene que borrar usted.": OLDER_STAY,
    "Una foto de la pantalla no la puedo borrar yo.": (OUTSIDE,),
    "Nadie de Faro lee este chat: contesta un programa.": (
        f"{CHAT}:test_what_she_writes_goes_to_nobody",
    ),
    "Quien cuida la máquina tiene la llave de lo que guardo, y no debe usarla para mirar.": (
        OUTSIDE,
    ),
    "Lo que cuente afuera, a un abogado o a una oficina, ya no depende de mí.": (MANNERS,),
    # What /cancelar and /borrar say.
    "Listo, lo dejamos aquí.": (MANNERS,),
    "Olvidé lo que me había contestado.": (f"{KEPT}:test_cancelling_forgets_the_answers",),
    "Los mensajes siguen en su teléfono: si quiere quitarlos, pulse «Borrar todo».": (
        f"{CHAT}:test_the_button_erases_as_the_command_does",
    ),
    "Cuando quiera volver a empezar, aquí estoy.": (
        "tests.helpdesk.test_interview:test_cancel_forgets",
    ),
    "Listo: borré lo que tenía.": ERASED,
    "Si algún mensaje viejo sigue en pantalla, bórrelo usted con «Borrar chat», y así tampoco "
    "queda este aviso.": OLDER_STAY,
    "Cuídese mucho.": (MANNERS,),
    "Si un día hace falta, escriba /start.": (
        "tests.bot.test_outgoing:test_who_starts_again_during_borrar_gets_farewell_and_screen",
    ),
    "¿Quiere borrar todo?": (MANNERS,),
    "Se van sus respuestas y los mensajes de las últimas 47 horas, los suyos y los míos.": (
        *ERASED,
        *LAST_47_HOURS,
    ),
    "Se van sus respuestas y los mensajes de este chat de las últimas 47 horas, los suyos y los "
    "míos.": (*ERASED, *LAST_47_HOURS),
    "Después no se puede deshacer.": (f"{GONE}:test_deleted_means_gone",),
}


@pytest.fixture(scope="module")
def words() -> Catalogue:
    return locales.load()


def sentences(text: str) -> list[str]:
    """The sentences of a page as they are read; a heading or a point of a list ends one."""
    lines = (line.removeprefix("• ").strip() for line in text.splitlines())
    return [one for line in lines for one in re.split(r"(?<=[.?!])\s+", line) if one]


def said(words: Catalogue) -> set[str]:
    return {one for key in PAGES for one in sentences(words.plain(key))}


def test_every_sentence_has_its_proof(words: Catalogue) -> None:
    unproven = said(words) - PROOFS.keys()
    assert not unproven, f"write a test for these, and a row here: {sorted(unproven)}"


def test_no_proof_is_left_of_a_sentence_that_is_gone(words: Catalogue) -> None:
    assert PROOFS.keys() - said(words) == set()


@pytest.mark.parametrize("sentence", PROOFS)
def test_every_proof_is_a_test_that_runs(sentence: str) -> None:
    for proof in PROOFS[sentence]:
        if proof in (OUTSIDE, MANNERS):
            continue
        module_name, _, name = proof.partition(":")
        assert module_name.startswith("tests.")
        assert module_name.rpartition(".")[2].startswith("test_"), "pytest would not collect it"
        assert name.startswith("test_"), "pytest would not collect it"
        module = importlib.import_module(module_name)
        test = getattr(module, name)
        assert inspect.isfunction(test)
        marks = {mark.name for mark in (*_marks(module), *_marks(test))}
        assert not marks & {"skip", "skipif", "xfail"}, "a test that does not run proves nothing"


def _marks(where: object) -> list[pytest.Mark]:
    found = getattr(where, "pytestmark", [])
    return [*found] if isinstance(found, list) else [getattr(found, "mark", found)]


def test_what_no_test_can_prove_is_a_short_list() -> None:
    assert sum(proof == (OUTSIDE,) for proof in PROOFS.values()) <= 9
    assert sum(proof == (MANNERS,) for proof in PROOFS.values()) <= len(PROOFS) // 3
