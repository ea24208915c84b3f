"""The command line: a contract that other programs rely on, word by word."""

from __future__ import annotations

import io
import json
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import rules
from rules import Law
from rules.__main__ import main
from tests.rules.golden import golden_cases
from tests.rules.tables import MAY_NOT_APPLY, NEXT_STEPS_ONLY, PLAIN, WINDOWS, Facts

ROOT = Path(rules.__file__).parent.parent
STORY: Facts = {
    **PLAIN,
    "event": "presidencial_2024",
    "fact_date": "2024-07-29",
    "charges": ["terrorismo", "incitacion_al_odio"],
}
BAD = {
    "law": "amnistia",
    "facts": {"colour": "red", "fact_date": "2024-02-30", "charges": ["terrorismo", "rebelion"]},
}


class Terminal:
    """Runs a command with something on its standard input; ``code`` is how the last one ended."""

    def __init__(self, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self._patch, self._capture = patch, capture
        self.code = 0
        self.text = ""

    def __call__(self, *arguments: str, given: object = None) -> Any:
        text = given if isinstance(given, str) else json.dumps(given)
        self._patch.setattr(sys, "stdin", io.StringIO(text))
        self.code = main(list(arguments))
        self.text = self._capture.readouterr().out
        assert self.text.count("\n") == 1
        return json.loads(self.text)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(monkeypatch, capsys)


def case(facts: object, **more: object) -> dict[str, object]:
    return {"law": "amnistia", "as_of": "2026-11-21", "facts": facts, **more}


def test_a_blank_sheet_prints_one_line_with_needs_facts(run: Terminal) -> None:
    answer = run("assess", "-", given={"law": "amnistia", "facts": {}})
    assert run.code == 0
    assert answer["outcome"] == "needs_facts"
    assert answer["light"] == "amber"


def test_an_answer_has_exactly_the_keys_of_the_contract(run: Terminal, law: Law) -> None:
    answer = run("assess", "-", given=case({**STORY, "fact_date": "2024-07"}))
    assert list(answer) == [
        "outcome",
        "light",
        "law",
        "version",
        "status",
        "grounds",
        "missing",
        "readings",
        "receipt",
    ]
    assert (answer["law"], answer["version"]) == ("amnistia", "2026-02-19")
    assert answer["status"] == "draft"
    keys = {"rule", "article", "numeral", "effect", "truth", "decisive", "facts"}
    assert all(set(ground) == keys for ground in answer["grounds"])
    assert [ground["rule"] for ground in answer["grounds"]] == list(law.rules)
    assert answer["missing"] == [
        {
            "fact": "fact_date",
            "kind": "imprecise",
            "if": {
                "2024-07-01/2024-07-27": "needs_judge",
                "2024-07-28/2024-07-31": "likely_covered",
            },
        }
    ]
    assert answer["readings"] == [
        {"reading": "literal", "outcome": "needs_facts"},
        {"reading": "practice", "outcome": "needs_facts"},
    ]
    assert set(answer["receipt"]) == {"law_hash", "engine", "as_of", "as_of_defaulted"}
    assert answer["receipt"]["law_hash"] == law.law_hash


def test_the_ground_of_the_event_is_as_the_contract_prints_it(run: Terminal) -> None:
    answer = run("assess", "-", given=case(STORY))
    assert answer["outcome"] == "likely_covered"
    assert answer["missing"] == []
    decisive = [ground for ground in answer["grounds"] if ground["decisive"]]
    assert decisive == [
        {
            "rule": "evento_presidencial_2024",
            "article": "8",
            "numeral": "12",
            "effect": "covers",
            "truth": "yes",
            "decisive": True,
            "facts": ["event", "fact_date"],
        }
    ]


def test_the_kinds_of_what_is_missing(run: Terminal) -> None:
    facts: Facts = {
        "event": "protestas_2014",
        "fact_date": "2024-07-29",
        "charges": ["terrorismo"],
        "military_status": "civilian",
        "death_charged": {"unknown": "does_not_know"},
        "gravest_injury_charged": {"unknown": "prefers_not_to_say"},
    }
    answer = run("assess", "-", given=case(facts))
    assert {gap["fact"]: gap["kind"] for gap in answer["missing"]} == {
        "event": "contradicted",
        "death_charged": "does_not_know",
        "gravest_injury_charged": "prefers_not_to_say",
        "foreign_armed_action_charged": "not_asked",
    }
    assert set(answer["missing"][0]["if"]) == {*WINDOWS, "none"}
    assert set(answer["missing"][1]["if"]) == {"true", "false"}


def test_a_list_gives_a_list_and_a_bad_case_spoils_no_other(run: Terminal) -> None:
    answers = run("assess", "-", given=[case(STORY), BAD, case({}), "no case"])
    assert run.code == 2
    assert [answer.get("outcome") for answer in answers] == [
        "likely_covered",
        None,
        "needs_facts",
        None,
    ]
    errors = answers[1]["error"]
    assert set(answers[1]) == {"error"}
    assert all(list(fault) == ["path", "code", "message", "hint"] for fault in errors)
    assert [(fault["path"], fault["code"]) for fault in errors] == [
        ("facts.colour", "unknown_key"),
        ("facts.fact_date", "bad_date"),
        ("facts.charges[1]", "unknown_charge"),
    ]
    assert [fault["message"] for fault in errors] == [
        "there is no fact 'colour'",
        "fact_date is not a date that exists, or not in a form that is read here",
        "there is no charge with this id",
    ]
    assert "event, fact_date" in errors[0]["hint"]
    assert "2024-07-28/2024-08-05" in errors[1]["hint"]
    assert "otro_cargo" in errors[2]["hint"]
    assert answers[3]["error"][0]["code"] == "bad_type"


def test_a_list_of_good_cases_ends_well_and_an_empty_one_too(run: Terminal) -> None:
    answers = run("assess", "-", given=[case(golden.facts) for golden in golden_cases()[:20]])
    assert run.code == 0
    assert [a["outcome"] for a in answers] == [g.outcome for g in golden_cases()[:20]]
    assert run("assess", "-", given=[]) == []
    assert run.code == 0


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"facts": {}}, [("law", "unknown_law")]),
        ({"law": 1, "facts": {}}, [("law", "unknown_law")]),
        (case({}, law="indulto"), [("law", "unknown_law")]),
        (case({}, version="2026-02-05"), [("version", "unknown_version")]),
        (case({}, version=["2026-02-19"]), [("version", "unknown_version")]),
        (case({}, as_of="2026-02-18"), [("as_of", "before_the_law")]),
        (case({}, as_of="2026-02-18", version="2026-02-19"), [("as_of", "before_the_law")]),
        (case({}, as_of="2026-11-31"), [("as_of", "bad_date")]),
        (case({}, as_of="2026-W47-6"), [("as_of", "bad_date")]),
        (case({}, as_of="20261121"), [("as_of", "bad_date")]),
        (case({}, as_of=2026), [("as_of", "bad_date")]),
        (case({}, mood="sad"), [("mood", "unknown_key")]),
        (case([]), [("facts", "bad_type")]),
        (case({"charges": "terrorismo"}), [("facts.charges", "bad_type")]),
        (
            case({"charges": [1, ["terrorismo"]]}),
            [("facts.charges[0]", "unknown_charge"), ("facts.charges[1]", "unknown_charge")],
        ),
        (case({"event": "carnaval_2020"}), [("facts.event", "bad_value")]),
        (case({"event": None}), [("facts.event", "bad_value")]),
        (case({"event": True}), [("facts.event", "bad_value")]),
        (case({"death_charged": "true"}), [("facts.death_charged", "bad_value")]),
        (case({"death_charged": 1}), [("facts.death_charged", "bad_value")]),
        (case({"fact_date": 2014}), [("facts.fact_date", "bad_date")]),
        (case({"event": {"unknown": "does_not_apply"}}), [("facts.event", "bad_non_answer")]),
        (case({"event": {"unknown": "not_asked"}}), [("facts.event", "bad_non_answer")]),
        (case({"event": {"unknown": ["x"]}}), [("facts.event", "bad_non_answer")]),
        (
            case({"event": {"unknown": "does_not_know", "why": "x"}}),
            [("facts.event", "bad_non_answer")],
        ),
        (case({"event": {}}), [("facts.event", "bad_non_answer")]),
        (
            case({"colour": 1}, law="indulto", as_of="yesterday", mood="sad"),
            [
                ("mood", "unknown_key"),
                ("as_of", "bad_date"),
                ("law", "unknown_law"),
                ("facts.colour", "unknown_key"),
            ],
        ),
    ],
)
def test_every_fault_of_a_case_is_named(
    run: Terminal, given: dict[str, object], faults: list[tuple[str, str]]
) -> None:
    for command in ("assess", "ask"):
        answer = run(command, "-", given=given)
        assert run.code == 2
        assert [(fault["path"], fault["code"]) for fault in answer["error"]] == faults
        assert all(fault["message"] and fault["hint"] for fault in answer["error"])


def test_a_day_before_the_law_is_an_error_that_names_the_date(run: Terminal) -> None:
    (fault,) = run("assess", "-", given=case({}, as_of="2026-02-18"))["error"]
    assert "2026-02-19" in fault["message"]


def test_an_unknown_version_is_an_error_that_names_the_versions(run: Terminal) -> None:
    (fault,) = run("assess", "-", given=case({}, version="2026-02-05"))["error"]
    assert "2026-02-19" in fault["hint"]


def test_the_receipt_says_whether_somebody_gave_the_day(run: Terminal) -> None:
    given = run("assess", "-", given=case({}))["receipt"]
    assert (given["as_of"], given["as_of_defaulted"]) == ("2026-11-21", False)
    filled = run("assess", "-", given={"law": "amnistia", "facts": {}})["receipt"]
    assert filled["as_of_defaulted"] is True
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", filled["as_of"])


def test_facts_may_be_left_out_and_the_version_given(run: Terminal) -> None:
    answer = run("assess", "-", given={"law": "amnistia", "version": "2026-02-19"})
    assert (run.code, answer["outcome"]) == (0, "needs_facts")


@pytest.mark.parametrize("text", ["", "{", "nothing", '{"law": "amnistia",}', "[" * 200_000])
def test_what_is_not_json_is_an_error(run: Terminal, text: str) -> None:
    answer = run("assess", "-", given=text)
    assert run.code == 2
    assert answer["error"][0]["code"] == "not_json"


def test_a_file_is_read_and_one_that_is_not_there_is_an_error(
    run: Terminal, tmp_path: Path
) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case(STORY)), "utf-8")
    assert run("assess", str(path))["outcome"] == "likely_covered"
    path.write_bytes(b'{"law": "\xff"}')
    assert run("assess", str(path))["error"][0]["code"] == "not_json"
    assert run("assess", str(tmp_path / "none.json"))["error"][0]["code"] == "no_file"
    assert run.code == 2


def test_half_a_surrogate_pair_does_not_stop_the_others(run: Terminal) -> None:
    given = '[{"law": "amnistia", "facts": {"\\ud800": 1}}, {"law": "amnistia", "facts": {}}]'
    answers = run("assess", "-", given=given)
    assert [fault["path"] for fault in answers[0]["error"]] == ["facts.\ud800"]
    assert answers[1]["outcome"] == "needs_facts"


def test_a_question_has_exactly_the_keys_of_the_contract(run: Terminal) -> None:
    facts = {name: value for name, value in STORY.items() if name != "charges"}
    answer = run("ask", "-", given=case(facts))
    assert list(answer) == ["question", "why", "if"]
    assert answer["question"] == {"id": "charges", "facts": ["charges"]}
    assert all(list(reason) == ["rule", "article", "numeral", "effect"] for reason in answer["why"])
    assert answer["if"]["event_decides"] == "likely_covered"
    assert answer["if"]["homicide_intentional"] == "likely_excluded"


def test_with_nothing_left_to_ask_there_is_no_question(run: Terminal) -> None:
    assert run("ask", "-", given=case(STORY)) == {"question": None}
    assert run("ask", "-", given=[case(STORY), case({})])[0] == {"question": None}


def test_next_steps_are_never_asked(run: Terminal) -> None:
    answers = run("ask", "-", given=[case(golden.facts) for golden in golden_cases()])
    asked = {name for a in answers if a["question"] for name in a["question"]["facts"]}
    assert asked
    assert not asked & set(NEXT_STEPS_ONLY)


def test_check_says_that_there_are_no_faults(capsys: pytest.CaptureFixture[str], law: Law) -> None:
    assert main(["check"]) == 0
    summary, last = capsys.readouterr().out.splitlines()
    assert "16 articles, 13 events" in summary
    assert "72 charges" in summary
    assert law.law_hash in summary
    assert last == "no faults"


def test_the_vocabulary_is_a_json_schema_and_every_golden_case_fits_it(run: Terminal) -> None:
    schema = run("facts")
    assert run.code == 0
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert (schema["type"], schema["additionalProperties"]) == ("object", False)
    assert {name for name, fact in schema["properties"].items() if _may_not_apply(fact)} == set(
        MAY_NOT_APPLY
    )
    for golden in golden_cases():
        assert _fits(schema, golden.facts), golden.name
    assert not _fits(schema, {"colour": "red"})
    assert not _fits(schema, {"fact_date": "29/07/2024"})
    assert not _fits(schema, {"charges": ["rebelion"]})
    assert not _fits(schema, {"event": {"unknown": "does_not_apply"}})


def _may_not_apply(fact: dict[str, Any]) -> bool:
    (non_answer,) = (option for option in fact["anyOf"] if option.get("type") == "object")
    return "does_not_apply" in non_answer["properties"]["unknown"]["enum"]


def _fits(schema: dict[str, Any], value: Any) -> bool:
    """Hold a value against the few words of JSON Schema that the vocabulary uses."""
    used = {"$schema", "title", "description", "type", "additionalProperties", "properties"}
    assert set(schema) <= used | {"anyOf", "enum", "pattern", "items", "uniqueItems", "required"}
    types = {"object": dict, "array": list, "string": str, "boolean": bool}
    if "type" in schema and not isinstance(value, types[schema["type"]]):
        return False
    if "anyOf" in schema and not any(_fits(option, value) for option in schema["anyOf"]):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return False
    if "items" in schema and not all(_fits(schema["items"], item) for item in value):
        return False
    properties = schema.get("properties", {})
    if not properties:
        return True
    return (
        set(value) <= set(properties)
        and set(schema.get("required", ())) <= set(value)
        and all(_fits(properties[name], item) for name, item in value.items())
    )


def _process(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rules", *arguments],
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
    )


def test_the_program_itself_answers() -> None:
    done = _process("assess", "-", given='{"law":"amnistia","facts":{}}')
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["outcome"] == "needs_facts"


def test_the_program_itself_names_the_faults_and_ends_with_two() -> None:
    done = _process("assess", "-", given=json.dumps([case({}), BAD]))
    assert (done.returncode, done.stderr) == (2, "")
    assert len(json.loads(done.stdout)[1]["error"]) == 3


def test_the_program_ends_with_the_code_of_its_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["rules", "facts"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(Path(rules.__file__).parent / "__main__.py"), run_name="__main__")
    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out)["type"] == "object"


def test_the_program_needs_a_command_it_knows() -> None:
    done = _process("decide")
    assert done.returncode == 2
    assert "assess" in done.stderr
