"""The tables of the design, written out by hand: what the law files and the engine are held to.

Nothing here is read from `rules/`: a slip in the data must not mend itself in the tests.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

AS_OF = date(2026, 11, 21)
LAW_BEGINS, LAW_ENDS = "1999-01-01", "2026-02-19"
FIRST_DAY, LAST_DAY = "1900-01-01", "2099-12-31"
ASSEMBLY = "asamblea_2016_2021"

Facts = dict[str, Any]
Window = tuple[str, str]

# event: (certain windows, disputed windows), in the order of the numerals of article 8
WINDOWS: dict[str, tuple[tuple[Window, ...], tuple[Window, ...]]] = {
    "abril_2002": (
        (("2002-04-11", "2002-04-12"),),
        (("2002-04-01", "2002-04-10"), ("2002-04-13", "2002-04-30")),
    ),
    "paro_2002_2003": ((("2002-12-01", "2003-02-28"),), ()),
    "referendo_2004": (
        (("2004-02-01", "2004-03-31"), ("2004-08-01", "2004-08-31")),
        (
            ("2004-01-01", "2004-01-31"),
            ("2004-04-01", "2004-07-31"),
            ("2004-09-01", "2004-12-31"),
        ),
    ),
    "mayo_2007": ((("2007-05-01", "2007-05-31"),), ()),
    "julio_septiembre_2009": ((("2009-07-01", "2009-09-30"),), ()),
    "presidencial_2013": (
        (("2013-04-14", "2013-04-30"),),
        (("2013-04-01", "2013-04-13"), ("2013-05-01", "2013-06-30")),
    ),
    "protestas_2014": ((("2014-02-01", "2014-06-30"),), ()),
    "asamblea_2016_2021": (
        (("2016-01-05", "2021-01-04"),),
        (("2021-01-05", "2021-12-31"),),
    ),
    "protestas_2017": ((("2017-03-01", "2017-08-31"),), ()),
    "enero_abril_2019": ((("2019-01-01", "2019-04-30"),), ()),
    "primarias_2023": (
        (("2023-10-01", "2023-10-31"),),
        (("2023-01-01", "2023-09-30"), ("2023-11-01", "2023-12-31")),
    ),
    "presidencial_2024": (
        (("2024-07-28", "2024-08-31"),),
        (("2024-07-01", "2024-07-27"), ("2024-09-01", "2025-01-31")),
    ),
    "regionales_2025": (
        (("2025-05-01", "2025-05-31"),),
        (("2025-02-01", "2025-04-30"), ("2025-06-01", "2025-07-31")),
    ),
}
EVENTS = (*WINDOWS, "none")

CLASSES: dict[str, tuple[str, ...]] = {
    "event_decides": (
        "terrorismo",
        "obstruccion_a_la_justicia",
        "incitacion_al_odio",
        "agravante_por_odio",
        "instigacion_a_desobediencia",
        "instigacion_a_delinquir",
        "informacion_falsa",
        "ofensa_al_presidente",
        "vilipendio",
        "ultraje_a_funcionario",
        "difamacion",
        "delitos_informaticos",
        "obstaculizacion_de_via",
        "resistencia_a_la_autoridad",
        "agavillamiento",
        "danos_a_la_propiedad",
        "incendio",
        "lesiones",
        "violencia_a_funcionario",
        "zona_de_seguridad",
        "simulacion_o_calumnia",
        "delitos_electorales",
        "usurpacion_de_funciones",
        "homicidio_culposo",
    ),
    "accessory": ("asociacion", "encubrimiento_o_complicidad"),
    "foreign_force": (
        "financiamiento_al_terrorismo",
        "sabotaje",
        "traicion_a_la_patria",
        "conspiracion",
        "revelacion_de_secretos",
        "espionaje",
        "promover_sanciones",
    ),
    "homicide_intentional": ("homicidio_intencional", "homicidio_calificado"),
    "gravest_injury": ("lesiones_gravisimas",),
    "corruption": ("peculado", "malversacion"),
    "human_rights": ("tortura",),
    "homicide_attempt": ("magnicidio_frustrado", "homicidio_frustrado"),
    "drug_trafficking": ("trafico_de_drogas",),
    "military_rebellion": ("rebelion_militar",),
    "military_other": (
        "traicion_a_la_patria_militar",
        "instigacion_a_la_rebelion",
        "motin",
        "sublevacion",
        "ultraje_al_centinela",
        "ultraje_a_la_fuerza_armada",
        "sustraccion_de_efectos",
        "desobediencia",
        "insubordinacion",
        "desercion",
        "abandono_de_servicio",
        "decoro_militar",
        "abuso_de_autoridad_militar",
        "fe_militar",
        "secretos_militares",
        "falsa_alarma",
    ),
    "disputed": (
        "legitimacion_de_capitales",
        "trafico_de_armas",
        "explosivos",
        "saqueo_o_robo",
        "aprovechamiento",
        "privacion_de_libertad",
        "porte_de_arma",
        "uso_de_adolescente",
        "quebrantamiento_de_medida",
        "rebelion_civil",
        "secuestro_o_extorsion",
        "posesion_de_drogas",
    ),
    "unrecognised": ("otro_cargo",),
}
CLASS_OF = {charge: name for name, charges in CLASSES.items() for charge in charges}
LASTING = frozenset(
    {
        "financiamiento_al_terrorismo",
        "asociacion",
        "legitimacion_de_capitales",
        "conspiracion",
        "usurpacion_de_funciones",
        "secuestro_o_extorsion",
    }
)
DENIED = (
    "protestas_2017",
    {"rebelion_militar", "traicion_a_la_patria"} | {"traicion_a_la_patria_militar"},
)

SITUATIONS = (
    "detained",
    "released_with_measures",
    "abroad",
    "wanted",
    "whereabouts_unknown",
    "fully_free",
)
PETITIONS = (
    "not_filed",
    "filed_no_answer",
    "denied",
    "granted_with_paper",
    "release_order_only",
)
FLAGS = ("death_charged", "gravest_injury_charged", "foreign_armed_action_charged")
MAY_NOT_APPLY = ("jurisdiction", "alleged_to_continue", "assembly_member", "arrest_date", "phase")
NEXT_STEPS_ONLY = ("situation", "petition", "arrest_date", "phase", "minor_at_fact")

PLAIN: Facts = {
    "military_status": "civilian",
    "death_charged": False,
    "gravest_injury_charged": False,
    "foreign_armed_action_charged": False,
    "alleged_to_continue": False,
}
"""Nothing of article 9 in the papers, and a civilian."""


def plus(day: str, days: int) -> str:
    """Return the day so many days later, as text."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
