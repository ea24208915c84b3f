"""Reading YAML with the line of every value kept, so that a fault can say where it stands.

Only text, whole numbers and true/false are read. A date stays text (its form is checked where
it is used); null, and YAML's other spellings of yes and no, are faults: the rule language has
no defaults and no null.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from rules.errors import Fault

Place = tuple[str | int, ...]
Value = str | int | bool | list["Value"] | dict[str, "Value"]

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_WHOLE_NUMBER = re.compile(r"0|[1-9]\d{0,8}")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_LOOKALIKES = frozenset({"yes", "no", "on", "off", "True", "False", "Yes", "No"})


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as plain values, with the line of every place in it and the faults met."""

    file: str
    value: Value
    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, place: Place) -> int:
        """Return the line of a place, or of the nearest one that encloses it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def fault(self, place: Place, message: str, hint: str) -> Fault:
        """Return the fault of a place in this file."""
        return Fault(self.file, self.line(place), message, hint)


def read(path: Path, name: str | None = None) -> Document:
    """Read one YAML file. Its faults are collected in the document, never raised."""
    name = name or path.name
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        fault = Fault(
            name, 0, "the file cannot be read", f"check that it is there: {error.strerror}"
        )
        return Document(name, {}, faults=[fault])
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        fault = Fault(
            name, line, f"this is not YAML: {error.problem}", "check indentation and quotes"
        )
        return Document(name, {}, faults=[fault])
    if node is None:
        return Document(
            name, {}, faults=[Fault(name, 1, "the file is empty", "write the law in it")]
        )
    document = Document(name, {})
    value = _value(node, (), document)
    return Document(name, value, document.lines, document.faults)


def _value(node: yaml.Node, place: Place, document: Document) -> Value:
    document.lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*place, i), document) for i, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, document)
    assert isinstance(node, yaml.ScalarNode)  # YAML has no fourth kind of node
    return _scalar(node, place, document)


def _mapping(node: yaml.MappingNode, place: Place, document: Document) -> Value:
    result: dict[str, Value] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in result:
            line = key_node.start_mark.line + 1
            document.faults.append(
                Fault(document.file, line, f"the key {key!r} is written twice", "keep one of them")
            )
        result[key] = _value(value_node, (*place, key), document)
        document.lines[(*place, key)] = key_node.start_mark.line + 1
    return result


def _scalar(node: yaml.ScalarNode, place: Place, document: Document) -> Value:
    text = str(node.value)
    if node.style:  # quoted or block: text, whatever it looks like
        return text
    if text in _NULLS:
        document.faults.append(
            document.fault(
                place, "there is no value here", "the rule language has no null: write one"
            )
        )
    elif text in _LOOKALIKES:
        document.faults.append(
            document.fault(place, f"{text!r} is ambiguous", "write true, false, or quote the text")
        )
    elif text in ("true", "false"):
        return text == "true"
    elif _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    return text
