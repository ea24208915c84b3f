"""A reply with a way to reach somebody, a number of hers, money or a promise waits; others go."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.desk.outgoing_filter import Why, holds
from locales import lexicon, load

ORDINARY = (
    "Buenas tardes. Ya leí lo que escribió y estoy con usted.",
    "Gracias por escribir. Déme unos minutos para revisar los papeles que menciona.",
    "¿En los papeles dice en qué tribunal está el caso?",
    "¿Ya pidieron la amnistía? Puede contestar sí, no o no sé.",
    "Es gratis. No pague a nadie.",
    "No pague. La solicitud, la copia y la salida son gratis.",
    "Nadie puede cobrarle por la copia certificada.",
    "Si le piden dinero, anote quién, dónde y cuándo.",
    "Si alguien le ofrece un puesto en una lista por dinero, es una estafa.",
    "Un abogado privado puede cobrar su trabajo, pero la defensa pública es gratis.",
    "Hay gente que se hace pasar por funcionarios y pide plata: no les dé nada.",
    "La copia no se paga, y no tiene que llevar papel ni bolígrafos.",
    "Nunca le vamos a pedir dinero.",
    "No le cobramos nada por esto.",
    "La defensa pública es gratis, insista.",
    "Le pusieron el cargo de terrorismo; eso por sí solo no lo deja fuera.",
    "El cargo de instigación al odio aparece en el acta, según lo que me dice.",
    "Asociación para delinquir es un cargo pegado al principal.",
    "La rebelión militar es otra cosa: hay que verlo con un abogado.",
    "El tribunal tiene 15 días seguidos desde que metieron la solicitud.",
    "Los artículos 7, 8, 9, 10, 11, 12 y 13 hablan de eso.",
    "Fue entre el 28/07/2024 y el 31/08/2024, según el acta.",
    "La ley es del 19 de febrero de 2026 y salió en la Gaceta 6.990.",
    "De 6.487 solicitudes, 6.336 las metieron fiscales y defensores.",
    "La Asamblea del período 2016-2021 es otro de los hechos.",
    "El tribunal abre de 8:30 a 12:30 y de 1:30 a 3:30.",
    "Todo el trámite del amparo no debe pasar de 96 horas.",
    "Pida hoy un amparo a la libertad: lo puede pedir cualquier persona, sin abogado.",
    "Que su familiar siga yendo a sus presentaciones hasta tener la decisión en la mano.",
    "Si este mes no puede ir, hable antes con el defensor.",
    "Antes de moverse, hable con un abogado: hay otras órdenes que siguen en pie.",
    "No compre pasaje sin haber hablado con el abogado.",
    "Si no puede viajar a Caracas, dígaselo al defensor.",
    "Vuelva otro día con dos copias y pruebe en la URDD.",
    "Puede volver al tribunal mañana con dos copias.",
    "No discuta con el funcionario, y no grabe si corre peligro.",
    "Anote el nombre del tribunal, el piso, la hora y la excusa.",
    "Pregunte al defensor cuál es el número de causa y en qué etapa va.",
    "¿Cuál es el nombre del tribunal que aparece en la boleta?",
    "¿Cómo se llama el tribunal que dice la boleta?",
    "Eso se llama sobreseimiento. Así es como se llama el papel.",
    "¿Me puede decir qué dice el acta, en la parte de los cargos?",
    "No me mande fotos de la cédula ni escriba su nombre.",
    "No hace falta su nombre ni su dirección.",
    "No escriba nombres ni cédulas, por favor.",
    "Escríbame por aquí mismo cuando quiera.",
    "Siento mucho lo que está pasando. No tiene que resolverlo hoy.",
    "¿Tiene a alguien cerca con quien estar esta noche?",
    "Eso lo decide el juez. Yo no puedo asegurarle qué va a decir.",
    "No hay fecha segura, y no quiero darle una falsa esperanza.",
    "Parece entrar, pero lo decide el juez.",
    "No está claro. Con el mes de los hechos bastaría.",
    "Si dijeron que no, pida la decisión por escrito y apele: pueden ser sólo 5 días hábiles.",
    "La comisión de la Asamblea es un órgano del Estado: sus datos quedan allí; usted decide.",
    "Foro Penal y Provea ayudan gratis. Busque usted su página oficial.",
    "No tenemos un teléfono ni un correo comprobado para darle.",
    "Un abogado de confianza puede meter la solicitud con un poder simple.",
    "Guarde el original en su casa y lleve encima sólo una copia.",
    "Pida que el médico lo vea, y guarde los informes y los récipes.",
    "Voy a pasarle su caso a otra persona del equipo que sabe más de esto.",
    "No sé la respuesta. Voy a preguntar y le contesto aquí.",
    "Perdón por la demora. ¿Sigue ahí? 🙏🏽❤️",
    "A las 8 a.m. me dijeron que esperara, y a las 3 p.m. me dieron la copia.",
    "Su hijo(a) no tiene que firmar nada que no entienda.",
    "El defensor le va a dar la copia. Voy a averiguarlo por mi cuenta.",
    "Tribunal 3.º de Control, art. 236 y 242 del COPP.",
    "Ese punto es importante: ¿la acusación habla de hechos que siguen hoy?",
    "Con /borrar quita los mensajes de este chat.",
    "En 1ª instancia decide el tribunal de control.\n\nDespués, la Corte de Apelaciones.",
    "Good afternoon. I have read what you wrote and I am here.",
    "It is free. Do not pay anyone.",
    "If somebody asks you for money, write down who, where and when.",
    "The court has 15 days in a row from the day of filing, and it is not always met.",
    "Please keep going to the presentations until you hold the decision.",
    "Ask the defender for a stamped copy of the request. The judge decides.",
    "Before moving, speak with a lawyer. Other warrants still stand.",
)

HELD = {
    Why.PHONE: (
        "Llame al 0414-1234567",
        "0412 555 82 12",
        "(0212) 555.12.34",
        "+58 424 123 45 67",
        "Este es: 04141234567.",
        "cero cuatro catorce, uno dos tres, cuatro cinco, seis siete",
        "0 4 1 4 1 2 3 4 5 6 7",
        "cero cuatro veinticuatro y después se lo digo",
        "0,4,1,6,5,5,5,1,2,3,4",
        "cero-cuatro-doce quinientos cincuenta y cinco doce treinta y cuatro",
        "O4l4 l2345 67",
        "0414\n123\n4567",
        "+57 300 123 4567",
        "+1 305 555 0123",
        "4️⃣1️⃣4️⃣ 1️⃣2️⃣3️⃣ 4️⃣5️⃣6️⃣7️⃣ con un cero delante",
        "cuatrocientos catorce, ciento veintitrés, cuarenta y cinco, sesenta y siete",
        "zero four one four, one two three, four five six seven",
    ),
    Why.EMAIL: (
        "Escriba a ayuda@ejemplo.org",
        "ayuda arroba ejemplo punto org",
        "ayuda (at) ejemplo (punto) org",
        "mi gmail es ayudafamilias",
        "help at example dot org",
    ),
    Why.HANDLE: ("Busque a @ayuda_familias", "estoy como maria_perez99", "arroba ayudafamilias"),
    Why.LINK: (
        "Mire https://ejemplo.org/lista",
        "entre en www.ejemplo.com",
        "t.me/ayudafamilias",
        "t punto me barra ayuda",
        "wa.me/x",
        "la página es ejemplo . com",
        "ejemplo punto com",
        "tsj.gob.ve",
        "ejemplo.ve/amnistia",
        "foropenal.com.otro.net",
    ),
    Why.ID_NUMBER: (
        "V-12.345.678",
        "la cédula 12345678",
        "cédula: 9.876.543",
        "C.I. 123456",
        "el expediente 2024-000123",
        "12 345 678",
        "doce millones no, 12345678",
    ),
    Why.MONEY: (
        "Son 20 $ por el escrito",
        "cuesta veinte dólares",
        "500 Bs",
        "mándelo por pago móvil",
        "acepto Zelle",
        "haga una transferencia",
        "la consulta se paga",
        "No pague a nadie más, la consulta se paga aquí",
        "es gratis, pero el escrito se cobra",
        "Págueme cuando pueda",
        "le cobro poco",
        "le cobraré después",
        "si quiere le hago el escrito por una plata",
        "si quiere puede colaborar",
        "una donación ayuda al equipo",
        "necesito un adelanto para el pasaje",
        "It costs 50 dollars",
        "you can pay me later",
    ),
    Why.PRIVATE_CONTACT: (
        "Escríbame al privado",
        "mejor por WhatsApp",
        "le paso mi guasap",
        "llámeme esta noche",
        "agrégueme y hablamos",
        "hablemos por telegram aparte",
        "búsqueme en facebook",
        "le doy mi número",
        "w h a t s a p p",
        "add me and we talk",
        "text me later",
    ),
    Why.ASKS: (
        "¿Cómo se llama usted?",
        "Buenas tardes, ¿cómo se llama?",
        "¿Y cómo se llama su hijo?",
        "cómo te llamas",
        "¿Me puede dar su cédula?",
        "Deme su nombre y apellido",
        "mándeme una foto de su cédula",
        "¿Cuál es su dirección?",
        "¿Dónde vive?",
        "¿Qué fue lo que hizo él?",
        "what is your name?",
    ),
    Why.SEARCH_BAIT: (
        "eso fue en las guarimbas",
        "es un preso político",
        "el régimen no cumple",
        "lo dijo María Corina",
        "Maduro firmó eso",
        "la oposición pidió otra ley",
        "no es un terrorista",
    ),
    Why.PROMISE: (
        "Le garantizo que entra",
        "sale pronto",
        "eso sale rápido",
        "tranquila, ya casi lo sueltan",
        "Pronto lo van a soltar",
        "el viernes sale",
        "le prometo que se la dan",
        "todo va a salir bien",
        "si no responden, queda concedida",
        "he will be released soon",
    ),
    Why.ADVICE: (
        "ya puede volver",
        "puede viajar tranquilo",
        "preséntese mañana en el tribunal",
        "no lo pueden detener",
        "mejor que se entregue",
        "no vaya a la presentación",
        "puede dejar de firmar",
        "salga del país por la trocha",
        "diga que fue en julio",
        "que admita los hechos y ya",
        "it is safe to return",
    ),
}
CASES = [(why, text) for why, texts in HELD.items() for text in texts]


@pytest.mark.parametrize("text", ORDINARY)
def test_what_volunteers_write_every_day_goes_out(text: str) -> None:
    assert holds(text) == ()


def test_every_step_of_the_guidance_and_every_charge_may_be_told() -> None:
    words = load()
    told = [key for key in words.keys if key.startswith(("step.", "page.", "charge."))]
    assert told
    assert [key for key in told if holds(words.plain(key))] == []


@pytest.mark.parametrize(("why", "text"), CASES)
def test_what_could_harm_a_family_waits(why: Why, text: str) -> None:
    assert why in holds(text)


def test_links_to_hosts_that_were_allowed_pass_and_nothing_beside_them() -> None:
    allowed = frozenset({"ejemplo.org"})
    for good in ("https://ejemplo.org", "Vea (www.ejemplo.org/guia/paso-1).", "ayuda.ejemplo.org."):
        assert holds(good, allowed) == ()
        assert holds(good) == (Why.LINK,)
    for bad in (
        "ejemplo.org.malo.net",
        "noejemplo.org",
        "https://ejemplo.org@malo.net/x",
        "https://ejemplo.org/?u=malo.net",
        "ejemplo.org/t.me/alguien",
        "ejemplo.org y t.me/alguien",
    ):
        assert Why.LINK in holds(bad, allowed), bad
    assert Why.PHONE in holds("ejemplo.org/0414-1234567", allowed)


_HIDDEN = ("\u200b", "\u200d", "\u2060", "\u00ad", "\ufeff", "\u202e")
_LOOK_ALIKES = str.maketrans("aceopxyACEOPX@", "асеорхуАСЕОРХ＠")
_FULL_WIDTH = str.maketrans({chr(n): chr(n + 0xFEE0) for n in range(0x21, 0x7F)})
IN_WORDS = ("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve")


@settings(max_examples=40, deadline=None)
@given(case=st.sampled_from(CASES), trick=st.integers(0, 3), data=st.data())
def test_disguises_do_not_pass(case: tuple[Why, str], trick: int, data: st.DataObject) -> None:
    why, text = case
    place = data.draw(st.integers(0, len(text)))
    hidden = data.draw(st.sampled_from(_HIDDEN))
    disguised = (
        text.translate(_FULL_WIDTH),
        text[:place] + hidden + text[place:],
        text.replace(" ", "\n"),
        text.upper(),
    )[trick]
    assert why in holds(disguised)


@settings(max_examples=40, deadline=None)
@given(case=st.sampled_from(CASES))
def test_letters_of_another_alphabet_do_not_pass(case: tuple[Why, str]) -> None:
    assert holds(case[1].translate(_LOOK_ALIKES)) != ()


@settings(max_examples=40, deadline=None)
@given(prefix=st.sampled_from(["412", "414", "424", "416", "426", "422"]), data=st.data())
def test_no_way_of_grouping_a_mobile_number_passes(prefix: str, data: st.DataObject) -> None:
    rest = data.draw(st.text("0123456789", min_size=7, max_size=7))
    pieces = [
        data.draw(st.sampled_from([digit, IN_WORDS[int(digit)]])) for digit in f"0{prefix}{rest}"
    ]
    between = st.sampled_from([" ", "-", ".", " - ", "\n", "/", " "])
    written = "".join(piece + data.draw(between) for piece in pieces)
    assert Why.PHONE in holds(f"anote {written}por favor")


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_any_text_at_all_is_read(text: str) -> None:
    assert holds(text) == tuple(why for why in Why if why in holds(text))


def test_a_long_message_is_read_at_once() -> None:
    for piece in ("1 y ", "0-", "a.", "si le pide ", "cero ", "w . ", "(0"):
        holds((piece * 4096)[:4096])


def test_every_reason_of_the_words_is_one_of_ours() -> None:
    assert {why for why, _ in lexicon._load("es").desk} <= set(Why)
