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
    # Where a person may answer.
    *("case.about_text", "case.privacy_text", "case.privacy_more", "case.privacy_person"),
    *("case.consent", "case.consent_answers", "case.consent_unfinished", "case.consent_nothing"),
    *("case.consent_never", "case.talk_unreachable", "case.end_talk", "case.still_open"),
    *("case.report", "case.report_over", "case.reported", "case.reported_waiting"),
    *("case.report_unled", "case.report_over_unled", "case.reported_unled"),
    *("case.contact", "case.contact_write", "case.contact_left", "case.contact_taken_back"),
    # Alerts, and what comes with each.
    *("alerts.what", "alerts.due", "alerts.regions", "alerts.left", "alerts.goes_on"),
    *("alerts.lapsed", "alerts.not_subscribed", "alerts.still_on", "alerts.ask_again"),
    *("alerts.privacy", "letter.opening", "letter.foot"),
)
CLAIMS = re.compile(r"\bguard\w+|\bborr[ao]\w*|\bquit[oaé]\b|\bse borra|\bven\b|ve sólo|[Ll]o verá")
"""Words that tell what is kept, what goes and who sees it: with them, a line of ours about a
person who answers is a promise, whatever page it stands on."""
OUTSIDE, MANNERS = "outside", "manners"

KEPT = "tests.promises.test_what_is_kept"
CHAT = "tests.promises.test_what_leaves_the_chat"
NEVER = "tests.promises.test_what_faro_never_does"
DISK = "tests.promises.test_stolen_disk"
GONE = "tests.promises.test_deleted_means_gone"
PERSON = "tests.promises.test_what_a_person_sees"
ASKING = "tests.helpdesk.test_asking_for_a_person"
SHARING = "tests.helpdesk.test_desk_sharing"
CASE_SCREENS = "tests.helpdesk.test_case_screens"
ALERTS = "tests.promises.test_alerts"
ON_A_PHONE = "tests.promises.test_alerts_on_a_phone"
TURN = "tests.helpdesk.test_alerts_turn"
SENDING = "tests.helpdesk.broadcasts.test_sending"

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

SEEN_BY_THE_TEAM = (f"{PERSON}:test_the_team_sees_what_she_agreed_to_and_what_she_sends",)
NEVER_SEEN = (
    f"{PERSON}:test_the_team_never_sees_who_she_is",
    f"{SHARING}:test_no_day_no_rank_and_no_seat_in_an_assembly",
)
ONLY_LEADS = (
    f"{PERSON}:test_a_report_and_a_contact_are_for_those_who_coordinate",
    f"{ASKING}:test_a_report_goes_to_those_who_coordinate_and_to_nobody_else",
)
BARRED = (
    f"{ASKING}:test_a_report_goes_to_those_who_coordinate_and_to_nobody_else",
    f"{ASKING}:test_closing_a_case_is_no_way_out_of_a_report",
)
READ_BY_NOBODY = (
    f"{ASKING}:test_where_nobody_would_read_a_report_she_is_told_so",
    "tests.helpdesk.desk.test_family_side:test_a_report_that_nobody_reads_bars_all_the_same",
)
GONE_BEFORE = ("tests.helpdesk.desk.test_deliveries:test_a_message_she_deleted_leaves_a_line",)
SEVEN_DAYS = (f"{PERSON}:test_seven_days_after_the_end_case_and_topic_are_gone",)
CASE_ERASED = (f"{PERSON}:test_erasing_leaves_nothing_of_the_case",)
NOT_LOST = (
    f"{ASKING}:test_while_the_group_is_not_safe_she_is_told_and_nothing_is_lost",
    f"{PERSON}:test_what_cannot_be_passed_lies_there_for_a_day_at_most",
)
NOT_ASKED_FOR = (f"{ALERTS}:test_nothing_is_kept_of_who_did_not_ask",)
LEFT = (
    f"{ALERTS}:test_when_she_leaves_no_byte_is_left",
    f"{ALERTS}:test_after_leaving_nothing_goes_out",
    f"{ON_A_PHONE}:test_one_tap_ends_them",
)
BY_A_WORD = (
    f"{TURN}:test_a_word_alone_is_enough_wherever_she_is",
    f"{ON_A_PHONE}:test_a_word_ends_them",
)
ALERTS_ERASED = (
    f"{ON_A_PHONE}:test_erasing_takes_them_out_of_the_chat_and_off_the_list",
    f"{ALERTS}:test_when_she_leaves_no_byte_is_left",
)
NONE_BEFORE_YES = (f"{ALERTS}:test_after_180_days_she_is_asked_and_gets_none_before_she_says_yes",)
FORGOTTEN = (f"{ALERTS}:test_who_does_not_answer_within_30_days_is_forgotten",)
COMES_BACK = (f"{ALERTS}:test_coming_back_is_one_press",)
SEEN_ON_THE_PHONE = (f"{ON_A_PHONE}:test_who_searches_the_phone_reads_it_and_sees_what_she_chose",)
STAYS_UNTIL_ERASED = (f"{ON_A_PHONE}:test_what_came_before_she_left_stays_until_she_erases_it",)
A_CONTACT = (f"{ASKING}:test_a_contact_is_left_shown_and_taken_back",)

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
    "Si pidió avisos, ya no le llegan.": ALERTS_ERASED,
    "Si algún mensaje viejo sigue en pantalla, bórrelo usted con «Borrar chat», y así tampoco "
    "queda éste.": OLDER_STAY,
    "Cuídese mucho.": (MANNERS,),
    "Si un día hace falta, escriba /start.": (
        "tests.bot.test_outgoing:test_who_starts_again_during_borrar_gets_farewell_and_screen",
    ),
    "¿Quiere borrar todo?": (MANNERS,),
    "Se van sus respuestas y los mensajes de las últimas 47 horas, los suyos y los míos.": (
        *ERASED,
        *LAST_47_HOURS,
    ),
    "Se van sus respuestas y los mensajes de este chat de las últimas 47 "
    "horas, los suyos y los míos.": (*ERASED, *LAST_47_HOURS),
    "Ya no le llegan avisos.": ALERTS_ERASED,
    "Después no se puede deshacer.": (f"{GONE}:test_deleted_means_gone",),
    # Where a person may answer: the pages, and the screen on which she agrees.
    "Si lo pide, le contesta una persona voluntaria.": (
        f"{ASKING}:test_an_answer_arrives_and_hers_goes_back",
    ),
    "Qué se guarda y quién lo ve.": ("tests.locales.test_words:test_words_are_plain",),
    "Si habla con una persona o pide avisos es distinto: vea los botones.": (
        f"{ASKING}:test_start_help_and_privacy_still_work",
        f"{TURN}:test_what_is_kept_is_one_tap_from_privacidad",
    ),
    "Nadie de Faro lee este chat, salvo que usted pida una persona.": (
        f"{CHAT}:test_what_she_writes_goes_to_nobody",
        f"{ASKING}:test_without_a_case_nothing_she_sends_is_kept_for_anybody",
        f"{ASKING}:test_she_goes_on_with_her_questions_and_nobody_reads_that",
    ),
    "Esto vale sólo si pide hablar con una persona.": (
        f"{CHAT}:test_what_she_writes_goes_to_nobody",
    ),
    "Antes de empezar le muestro qué vería esa persona.": (
        f"{ASKING}:test_nothing_is_opened_before_she_says_yes",
        f"{ASKING}:test_what_the_team_sees_is_what_she_was_told",
    ),
    "Léalo con calma, y después decida.": (MANNERS,),
    "Quién lo ve": (MANNERS,),
    "Quien le contesta y su equipo ven lo que usted dejó ver y lo que mande, con sus fotos y notas "
    "de voz.": SEEN_BY_THE_TEAM,
    "Eso queda en un grupo de Telegram.": (OUTSIDE,),
    "No ven su nombre, su teléfono ni su cuenta.": NEVER_SEEN,
    "Un aviso suyo o un contacto que deje los ve sólo quien coordina.": ONLY_LEADS,
    "Cuánto dura": (MANNERS,),
    "Sus palabras las guardo cifradas hasta pasarlas, un día como mucho.": (
        f"{PERSON}:test_what_she_writes_lies_sealed_and_goes_when_it_is_passed",
        f"{PERSON}:test_what_cannot_be_passed_lies_there_for_a_day_at_most",
        f"{ASKING}:test_what_she_writes_while_waiting_is_noted_and_kept_nowhere",
    ),
    "Las fotos que manda para esa persona no las quito del chat.": (
        f"{ASKING}:test_a_photo_and_a_voice_note_for_a_person_stay_in_her_chat",
    ),
    "Terminada la consulta, a los 7 días se borra, también del grupo.": SEVEN_DAYS,
    "Si nadie escribe, termina sola a los 30 días.": (
        f"{PERSON}:test_when_nobody_writes_it_ends_by_itself_after_thirty_days",
    ),
    "/borrar la borra enseguida, y manda borrarla del grupo.": CASE_ERASED,
    "Lo que alguien anotó aparte no lo puedo borrar yo.": (OUTSIDE,),
    "Antes de decir que sí, lea qué vería esa persona.": (
        f"{ASKING}:test_nothing_is_opened_before_she_says_yes",
    ),
    "Usted no sabrá su nombre: la verá como V-07, por ejemplo.": (
        f"{PERSON}:test_she_sees_a_pseudonym",
    ),
    "Ella tampoco sabe quién es usted: ve un número.": NEVER_SEEN,
    "Ella y su equipo verían": (MANNERS,),
    "De qué quiere hablar, si es urgente y en qué idioma.": SEEN_BY_THE_TEAM,
    "Lo que escriba para ella, con sus fotos y notas de voz.": SEEN_BY_THE_TEAM,
    "Sólo si dice «con mis respuestas»: ….": (
        f"{SHARING}:test_she_agrees_to_what_is_named_and_to_nothing_else",
        f"{ASKING}:test_what_she_keeps_back_is_not_shown",
    ),
    "También la respuesta que le di, y por qué.": (
        f"{SHARING}:test_the_outcome_is_that_of_the_whole_answers",
    ),
    "También lo que falta por contestar.": (f"{SHARING}:test_before_the_end_nothing_is_explained",),
    "No verían su nombre, su teléfono ni su cuenta.": NEVER_SEEN,
    "Tampoco el día de los hechos ni el lugar.": NEVER_SEEN,
    "Pero sí lo que usted cuente, o lo que se note en una foto o en su voz.": SEEN_BY_THE_TEAM,
    # While it is open, and at its end.
    "Perdone: ahora mismo no le puedo pasar nada a ….": NOT_LOST,
    "Algo falla de este lado, y no es culpa suya.": (MANNERS,),
    "Lo que mande no se pierde: se lo paso cuando se arregle.": NOT_LOST,
    "Si antes borra de este chat una foto o una nota de voz, ya no se la puedo pasar.": GONE_BEFORE,
    "¿Terminamos la consulta con …?": (MANNERS,),
    "Verá que usted la terminó.": (f"{ASKING}:test_she_ends_it",),
    "Lo que guardamos se borra a los 7 días; con /borrar, enseguida.": (
        *SEVEN_DAYS,
        *CASE_ERASED,
    ),
    "Si más adelante hace falta, la puede pedir otra vez.": (
        f"{PERSON}:test_erasing_leaves_nothing_of_the_case",
    ),
    "Pero su consulta con una persona sigue abierta, con lo que usted le dejó ver.": (
        f"{ASKING}:test_cancelling_forgets_the_answers_and_not_the_case",
    ),
    "Para cerrarla, pulse «Mi consulta con una persona».": (
        f"{ASKING}:test_cancelling_forgets_the_answers_and_not_the_case",
    ),
    # A report.
    "¿Qué pasó con …?": (MANNERS,),
    "¿Qué pasó con la persona que le contestaba?": (MANNERS,),
    "No tiene que dar explicaciones.": (MANNERS,),
    "Su aviso lo ve sólo quien coordina.": ONLY_LEADS,
    "… deja de tener su consulta y no la vuelve a tener.": BARRED,
    "Su consulta pasa otra vez a la lista, para otra persona.": BARRED,
    "Esa persona no vuelve a tener consultas suyas.": BARRED,
    "Gracias por avisar.": (MANNERS,),
    "Lo ve quien coordina, y nadie más.": ONLY_LEADS,
    "Si le pidió dinero, no lo dé: nada de esto se paga.": (MANNERS,),
    "Si le dio un dato suyo y tiene miedo, puede borrar todo con /borrar.": CASE_ERASED,
    "Su consulta está otra vez en la lista, para otra persona.": BARRED,
    "Quien le contestaba puede leer lo que usted escriba mientras siga en el equipo.": (
        *SEEN_BY_THE_TEAM,
    ),
    "Si no lo quiere así, espere antes de escribir más, o quite la consulta de la lista.": (
        f"{ASKING}:test_she_needs_it_no_more",
    ),
    "Ahora mismo no hay quien coordine el equipo y pueda leer su aviso.": READ_BY_NOBODY,
    "Pero sí sirve: … deja de tener su consulta y no la vuelve a tener.": READ_BY_NOBODY,
    "Pero sí sirve: esa persona no vuelve a tener consultas suyas.": READ_BY_NOBODY,
    "Pero ahora mismo no hay quien coordine el equipo, y su aviso no lo leyó nadie.": (
        *READ_BY_NOBODY,
    ),
    "Si quiere contarlo, hágalo a un abogado de confianza o a quien ve en «Quién ayuda».": (
        MANNERS,
    ),
    # A contact.
    "Dejar un contacto para un abogado": (MANNERS,),
    "No hace falta, y nadie se lo puede exigir.": (MANNERS,),
    "Sirve para que le llame un abogado gratis de una organización de derechos humanos.": (
        OUTSIDE,
    ),
    "Piénselo con calma:": (MANNERS,),
    "Ese dato dice quién es usted.": (MANNERS,),
    "Lo ve sólo quien coordina, y se lo da al abogado.": ONLY_LEADS,
    "Lo guardo cifrado con su consulta, hasta 7 días después de terminarla.": (
        f"{PERSON}:test_a_report_and_a_contact_are_for_those_who_coordinate",
        *SEVEN_DAYS,
    ),
    "Lo puede quitar aquí mientras siga abierta, o con /borrar siempre.": (
        *A_CONTACT,
        *CASE_ERASED,
    ),
    "Lo que el abogado ya anotó no lo puedo borrar yo.": (OUTSIDE,),
    "No sé si le llamará alguien, ni cuándo.": (MANNERS,),
    "Lo que escriba ahora, en un solo mensaje, queda como contacto: por ejemplo, un número y cómo "
    "quiere que le digan.": A_CONTACT,
    "No hace falta su nombre completo.": (MANNERS,),
    "Antes de dejarlo se lo muestro.": A_CONTACT,
    "Y su mensaje lo quito de este chat.": A_CONTACT,
    "Listo, quedó el contacto.": A_CONTACT,
    "Lo ve sólo quien coordina.": ONLY_LEADS,
    "Si cambia de idea, pulse «Quitar el contacto que dejé».": A_CONTACT,
    "Listo: quité el contacto, y ya no lo guardo.": A_CONTACT,
    "Si alguien ya lo había anotado, eso no lo puedo borrar yo.": (OUTSIDE,),
    # What is said of a message that she sent.
    "Lo verá la persona que tome su consulta, tal como usted lo mandó.": (
        f"{ASKING}:test_what_she_writes_while_waiting_is_noted_and_kept_nowhere",
    ),
    "Si antes lo borra de este chat, ya no lo verá.": GONE_BEFORE,
    "Lo que escribió también lo verá la persona que tome su consulta.": (
        f"{ASKING}:test_a_cry_for_help_is_answered_at_once_and_also_noted",
    ),
    "Si quiere, escriba aquí desde ya lo que necesita: lo verá quien la tome.": (
        f"{ASKING}:test_what_she_writes_while_waiting_is_noted_and_kept_nowhere",
    ),
    "Los videos no los paso: en ellos se ven caras y lugares.": (
        f"{ASKING}:test_what_tells_who_she_is_is_not_passed_and_leaves_the_chat",
    ),
    "No lo guardé, y lo quité de este chat.": (
        f"{ASKING}:test_what_tells_who_she_is_is_not_passed_and_leaves_the_chat",
    ),
    "No la guardé, y la quité de este chat.": (
        f"{ASKING}:test_what_tells_who_she_is_is_not_passed_and_leaves_the_chat",
    ),
    "Es muy largo para un contacto, y no lo guardé.": (
        f"{ASKING}:test_a_contact_as_long_as_a_story_is_not_taken",
    ),
    "Perdone: algo que escribió aquí no le llegó a nadie, y ya no lo guardo.": (
        f"{PERSON}:test_what_telegram_refuses_is_told_to_her_and_not_kept",
    ),
    # Alerts.
    "Si pide avisos es distinto: vea su botón.": (
        f"{TURN}:test_what_is_kept_is_one_tap_from_privacidad",
    ),
    "También los avisos que pidió.": SEEN_ON_THE_PHONE,
    "Si usted quiere, le escribo por aquí cuando haya algo nuevo que le sirva.": (
        f"{ALERTS}:test_only_who_asked_for_it_gets_it",
    ),
    "No hace falta para usar Faro, y los avisos se dejan cuando quiera.": (
        f"{ALERTS}:test_faro_works_without_them",
        *LEFT,
    ),
    "Los escribe una persona del equipo de Faro, y otra los revisa.": (
        f"{ALERTS}:test_whoever_wrote_it_cannot_let_it_out",
    ),
    "Pueden llegar varios en una semana, o ninguno en un mes.": (OUTSIDE,),
    "Suenan como cualquier mensaje; de noche esperan, salvo uno urgente.": (
        "tests.bot.test_organisers_work:"
        "test_an_organiser_writes_and_another_approves_and_those_very_bytes_arrive",
        f"{SENDING}:test_no_phone_rings_at_night",
        f"{SENDING}:test_what_is_urgent_does_not_wait_nor_do_changes",
    ),
    "Se ven en su teléfono, también si alguien lo revisa.": SEEN_ON_THE_PHONE,
    "Para dejarlos: el botón que trae cada aviso, o escriba ALTO.": (*LEFT, *BY_A_WORD),
    "Hace meses que pidió lo que tiene ✓.": NONE_BEFORE_YES,
    "Hasta que me diga si lo quiere todavía, no le llega nada:": (
        *NONE_BEFORE_YES,
        f"{TURN}:test_the_page_says_that_nothing_arrives_and_one_tap_renews",
    ),
    "¿De qué estado quiere avisos?": (MANNERS,),
    "Puede tocar varios.": (f"{TURN}:test_several_states_from_two_pages",),
    "Si marca sólo un estado, le llega sólo lo de ese estado: para lo demás, vuelva y toque "
    "también «Todo lo importante».": (
        f"{ALERTS}:test_what_is_of_one_state_goes_to_who_chose_it",
        f"{ALERTS}:test_only_who_asked_for_it_gets_it",
    ),
    "En este chat se ve lo que usted tocó.": SEEN_ON_THE_PHONE,
    "Listo.": (MANNERS,),
    "Ya no le llegarán avisos de Faro.": LEFT,
    "Si alguno ya iba en camino, puede que todavía llegue.": (
        f"{ALERTS}:test_one_that_was_on_its_way_may_still_arrive",
    ),
    "Si un día los quiere otra vez, escriba /avisos.": COMES_BACK,
    "Los que ya llegaron siguen en este chat.": STAYS_UNTIL_ERASED,
    "Para quitarlos: /borrar, y después «Borrar chat».": (*STAYS_UNTIL_ERASED, *OLDER_STAY),
    "Gracias.": (MANNERS,),
    "Le sigo mandando los avisos que pidió, y dentro de unos meses le vuelvo a preguntar.": (
        *NONE_BEFORE_YES,
        "tests.helpdesk.test_subscriptions:"
        "test_after_180_days_nothing_goes_out_before_she_says_yes",
    ),
    "Para cambiarlos escriba /avisos.": (f"{TURN}:test_taking_the_last_one_away_is_leaving",),
    "Para dejarlos, ALTO.": BY_A_WORD,
    "Gracias por contestar.": (MANNERS,),
    "Ahora mismo no tiene avisos pedidos, y no le llega ninguno.": (
        f"{TURN}:test_a_yes_that_comes_too_late_subscribes_nobody",
    ),
    "Si los quiere otra vez, escriba /avisos y toque lo que quiera.": COMES_BACK,
    "No le mando avisos, así que no hay nada que quitar: sólo contesto cuando usted escribe.": (
        *NOT_ASKED_FOR,
        f"{CHAT}:test_it_never_writes_first",
    ),
    "Para borrar lo de este chat, escriba /borrar.": ERASED,
    "Se va lo de las últimas 47 horas; lo más viejo quítelo usted, con «Borrar chat».": (
        *LAST_47_HOURS,
        *OLDER_STAY,
    ),
    "Los avisos que pidió siguen.": (f"{ALERTS}:test_cancelling_leaves_them_as_they_are",),
    "Para dejarlos, escriba ALTO.": BY_A_WORD,
    "Le escribe Faro.": (f"{CHAT}:test_a_search_for_its_name_finds_the_chat",),
    "Hace unos meses usted pidió avisos por aquí.": NONE_BEFORE_YES,
    "¿Los quiere todavía?": (MANNERS,),
    "Conteste con un botón de abajo.": (
        f"{TURN}:test_yes_renews_without_a_conversation",
        f"{TURN}:test_no_is_the_same_button_as_everywhere",
    ),
    "Si no contesta, no le mando más, y en 30 días olvido que los pidió.": (
        *NONE_BEFORE_YES,
        *FORGOTTEN,
    ),
    "Esto vale sólo si pide avisos.": NOT_ASKED_FOR,
    "Si no los pide, no guardo nada de esto.": NOT_ASKED_FOR,
    "Léalo con calma, y después decida si los quiere.": (MANNERS,),
    "El número de este chat, para escribirle, lo que tocó en /avisos y desde cuándo.": (
        f"{ALERTS}:test_chat_choice_and_hour_are_all_that_is_kept",
    ),
    "Va cifrado: cerrado con una llave.": (f"{ALERTS}:test_it_lies_sealed_on_the_disk",),
    "Sus respuestas no van ahí.": (f"{ALERTS}:test_chat_choice_and_hour_are_all_that_is_kept",),
    "Hasta que los deje o bloquee este chat, aunque no use Faro.": (
        *LEFT,
        f"{ALERTS}:test_who_blocks_the_chat_is_forgotten",
        f"{ALERTS}:test_it_is_kept_while_she_does_not_use_faro",
    ),
    "A los 180 días le pregunto si los quiere: mientras no conteste no le llega ninguno, y a los "
    "30 días lo borro.": (*NONE_BEFORE_YES, *FORGOTTEN),
    "Qué avisos le llegaron, cifrado, mientras dura el envío y 48 horas más: para corregirlos o "
    "borrarlos.": (f"{ALERTS}:test_numbers_of_messages_lie_sealed_for_48_hours",),
    "El equipo ve a cuántas personas les llegó, y no a quiénes.": (
        f"{ON_A_PHONE}:test_the_team_sees_how_many_and_never_who",
    ),
    "Si le revisan el teléfono": (MANNERS,),
    "Verán los avisos, con su botón para dejarlos, y lo que tocó en /avisos.": SEEN_ON_THE_PHONE,
    "/borrar también los deja, y quita los de las últimas 47 horas.": ALERTS_ERASED,
    "Lo demás, como los más viejos y la pregunta de los 180 días, quítelo usted con «Borrar "
    "chat».": (
        f"{ALERTS}:test_the_question_is_not_among_what_erasing_deletes",
        f"{ON_A_PHONE}:test_without_a_conversation_one_tap_is_enough_and_its_answer_stays",
        *OLDER_STAY,
    ),
    "Es Faro, con un aviso de los que usted pidió.": (
        f"{ALERTS}:test_only_who_asked_for_it_gets_it",
        f"{CHAT}:test_a_search_for_its_name_finds_the_chat",
    ),
    "Léalo con calma, en un lugar tranquilo.": (MANNERS,),
    "Si no quiere recibir más, toque el botón de abajo.": LEFT,
    "/borrar borrar todo, enseguida": ERASED,
    "/privacidad qué se guarda": (f"{CHAT}:test_the_button_erases_as_the_command_does",),
}


@pytest.fixture(scope="module")
def words() -> Catalogue:
    return locales.load()


def sentences(text: str) -> list[str]:
    """The sentences of a page as they are read; a heading or a point of a list ends one."""
    lines = (line.removeprefix("• ").strip() for line in text.splitlines())
    return [one for line in lines for one in re.split(r"(?<=[.?!])\s+", line) if one]


def said(words: Catalogue) -> set[str]:
    whole = {one for key in PAGES for one in read(words, key)}
    ours = [key for key in words.keys if key.startswith("case.") and key not in PAGES]
    return whole | {one for key in ours for one in read(words, key) if CLAIMS.search(one)}


def read(words: Catalogue, key: str) -> list[str]:
    """The sentences of a message; what stands there for each family is left open."""
    return sentences(words.plain(key, dict.fromkeys(words.placeholders(key), "…")))


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
        assert not marks & {"skip", "skipif", "xfail", "soak"}, "what does not run proves nothing"


def _marks(where: object) -> list[pytest.Mark]:
    found = getattr(where, "pytestmark", [])
    return [*found] if isinstance(found, list) else [getattr(found, "mark", found)]


def test_what_no_test_can_prove_is_a_short_list() -> None:
    assert sum(proof == (OUTSIDE,) for proof in PROOFS.values()) <= 14
    assert sum(proof == (MANNERS,) for proof in PROOFS.values()) <= len(PROOFS) // 3
