"""The words by which a family leaves: alone, in any spelling, and nothing is taken for them."""

from __future__ import annotations

import pytest

from helpdesk import leaving
from helpdesk.routes import route_of

LEAVES = (
    *("ALTO", "alto", "¡ALTO!", "Álto.", "  alto  ", "A L T O".replace(" ", ""), "ALTO por favor"),
    *("BAJA", "baja", "Baja, gracias", "PARAR", "parar ya", "Pare", "paren por favor"),
    *("stop", "STOP!!!", "Stop.", "unsubscribe", "UNSUBSCRIBE", "opt out", "stop all"),
    *("dar de baja", "Darme de baja", "quiero darme de baja", "deme de baja", "denme de baja"),
    *("no quiero avisos", "No quiero más avisos", "ya no quiero avisos", "NO QUIERO MAS MENSAJES"),
    *("no quiero recibir avisos", "ya no quiero recibir más avisos", "no quiero recibir más"),
    *(
        "no me escriban más",
        "no me escriba mas",
        "Por favor no me escriban más",
        "no me manden más",
    ),
    *("no me manden avisos", "no me envíen más mensajes", "no más avisos", "dejen de escribirme"),
    *("dejar de recibir", "dejar de recibir avisos", "quitar los avisos", "quítenme los avisos"),
    *("hola, no quiero avisos", "🛑 ALTO 🛑", "ＡＬＴＯ", "no more messages", "stop messages"),
    *("don't send me messages", "I don’t want any more alerts", "stop messaging me"),
)

STAYS = (
    *("", " ", "hola", "no", "sí", "para", "2014", "altos", "bajar", "rebaja", "alto mando"),
    *("lo dieron de baja", "le dieron la baja", "dado de baja", "está de baja", "baja médica"),
    *("el alto tribunal de justicia", "alta traición", "lo pararon en la alcabala"),
    *("quiero que paren esto", "no me escriban más a mi hijo", "no quiero más problemas"),
    *("no me dicen nada", "no me dan los papeles", "ya no más", "no quiero", "no sé"),
    *("no quiero más", "ya no quiero más", "no quiero nada más", "basta", "ya basta"),
    *("quiero avisos", "sí quiero avisos", "no quiero dejar de recibir avisos", "los avisos"),
    *("me quitaron el teléfono", "alto " * 40),
)


@pytest.mark.parametrize("text", LEAVES)
def test_it_is_understood(text: str) -> None:
    assert leaving.leaves(text)
    assert route_of(text) is None, "somebody who leaves is not told of something else"


@pytest.mark.parametrize("text", STAYS)
def test_nothing_else_is_taken_for_it(text: str) -> None:
    assert not leaving.leaves(text)
