"""The command line: assess, ask, check and facts. Its output is a contract that others rely on."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from rules.cases import Case, Json, answer_all
from rules.determination import determine
from rules.errors import LawFaults
from rules.loader import LAWS_FOLDER, Laws, load
from rules.questions import next_question
from rules.vocabulary import schema_of

CARACAS = timezone(timedelta(hours=-4))
DONE, UNUSABLE_LAW, BAD_INPUT = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 unusable law files, 2 bad input."""
    options = _parser().parse_args(arguments)
    try:
        laws = load(options.laws) if options.command == "check" else load()
    except LawFaults as error:
        for fault in error.faults:
            print(fault)
        print(f"{len(error.faults)} fault(s)")
        return UNUSABLE_LAW
    if options.command == "check":
        return _check(laws)
    today = datetime.now(CARACAS).date()
    if options.command == "facts":
        _print(schema_of(laws.get("amnistia", as_of=max(today, _newest(laws)))))
        return DONE
    answer = _determination if options.command == "assess" else _question
    return _answer(laws, options.file, today, answer)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rules", description="Hold a case against the amnesty law, as JSON."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, does in (
        ("assess", "print the determination of a case, or of each case of a list"),
        ("ask", "print the next question, why it is asked and the outcome of each answer"),
    ):
        command = commands.add_parser(name, help=does)
        command.add_argument("file", help="a JSON file, or - for standard input")
    check = commands.add_parser("check", help="print all faults of all law files")
    check.add_argument("laws", nargs="?", type=Path, default=LAWS_FOLDER, help="a folder of laws")
    commands.add_parser("facts", help="print the vocabulary as JSON Schema")
    return parser


def _newest(laws: Laws) -> date:
    return max(law.in_force for law in laws.versions.values())


def _check(laws: Laws) -> int:
    for law in laws.versions.values():
        print(
            f"{law.id} {law.version}: {law.status}, {len(law.articles)} articles, "
            f"{len(law.events)} events, {len(law.rules)} rules, {len(law.charges)} charges, "
            f"hash {law.law_hash}"
        )
    print("no faults")
    return DONE


def _determination(case: Case) -> BaseModel:
    return determine(case.law, case.sheet, as_of=case.as_of, as_of_defaulted=case.as_of_defaulted)


def _question(case: Case) -> Json:
    question = next_question(case.law, case.sheet)
    if question is None:
        return {"question": None}
    return {
        "question": {"id": question.id, "facts": list(question.facts)},
        "why": [reason.model_dump(mode="json") for reason in question.why],
        "if": {answer: outcome.value for answer, outcome in question.if_.items()},
    }


def _answer(laws: Laws, file: str, today: date, answer: Callable[[Case], BaseModel | Json]) -> int:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        value = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        _print({"error": [_unreadable(error)]})
        return BAD_INPUT
    printed, all_good = answer_all(laws, value, today, answer)
    _print(printed)
    return DONE if all_good else BAD_INPUT


def _unreadable(error: OSError | ValueError | RecursionError) -> dict[str, str]:
    if isinstance(error, json.JSONDecodeError):
        message = f"this is not JSON: {error.msg} in line {error.lineno}"
        return {
            "path": "",
            "code": "not_json",
            "message": message,
            "hint": "check quotes and commas",
        }
    if isinstance(error, OSError):
        message = f"the file cannot be read: {error.strerror}"
        return {"path": "", "code": "no_file", "message": message, "hint": "check its path"}
    message = "the text is not UTF-8, or nested too deeply"
    return {"path": "", "code": "not_json", "message": message, "hint": "save it as UTF-8"}


def _print(value: Any) -> None:
    # Half a surrogate pair is valid in JSON only as an escape; no stream can print it.
    text = json.dumps(value, ensure_ascii=False)
    print(text.encode("utf-8", "backslashreplace").decode("utf-8"))


if __name__ == "__main__":
    sys.exit(main())
