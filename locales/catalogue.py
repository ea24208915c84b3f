"""Renders messages as Telegram HTML or plain text; holds no words and decides nothing."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal

from locales.dates import spoken
from locales.errors import MissingMessage, WrongParameters
from locales.message import Message, pieces, without_tags
from locales.reader import read_folder

SOURCE = "es"
"""The language that is written first, and that a lawyer signs; the others say the same."""

LANGUAGES = (SOURCE, "en")
"""Every language that a family or a volunteer can read."""

OF_THE_TEAM = frozenset(
    {"broadcast.po", "desk.po", "editorial.po", "group.po", "sending.po", "team.po"}
)
"""Files whose words no family reads on a screen of Faro's: they are the volunteers'. Prepared
answers are among them: each is reviewed for itself (``helpdesk/desk/canned.yaml``)."""

_BABEL_LOCALES = {"es": "es_VE"}
_FIRST_LETTER = re.compile(r"\A((?:<[bi]>|[\s¿¡«“(✓])*)([^\W\d_])")
_SOUNDS_LIKE_I = re.compile(r"h?i(?![ae])", re.IGNORECASE)
_NOTHING: Mapping[str, str | int] = MappingProxyType({})


class Catalogue:
    """All messages of one language.

    Values of parameters are escaped, except that a string that starts with

    * ``@`` is another key, rendered in place (that message takes no parameters);
    * ``date:`` is an ISO day, month, year or span, written in words;
    * ``list:`` is values joined by ``|``, each read by these same rules: "a, b y c",
      "a, b, and c";
    * ``text:`` is printed as it stands, whatever it begins with.

    Integers are written with the language's separators.
    """

    def __init__(
        self, language: str, messages: Mapping[str, Message], plural_form: Callable[[int], int]
    ) -> None:
        self.language = language
        self._messages = dict(messages)
        self._plural_form = plural_form
        self._locale = Locale.parse(_BABEL_LOCALES.get(language, language))

    @property
    def keys(self) -> frozenset[str]:
        """Every key that has words."""
        return frozenset(self._messages)

    def __contains__(self, key: object) -> bool:
        return key in self._messages

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages.values())

    @property
    def wording_hash(self) -> str:
        """SHA-256 of what families read, keys and words, in hex: a lawyer signs it with the law.

        It belongs to one language: a signature under the Spanish says nothing of the English.
        Any change of any of these takes the signature away, as it should; a change of what only
        volunteers read (OF_THE_TEAM) does not.
        """
        digest = hashlib.sha256()
        for key, message in sorted(self._messages.items()):
            if message.file.rpartition("/")[2] not in OF_THE_TEAM:
                for text in (key, *message.forms):
                    digest.update(f"{len(text)}\0{text}".encode())
        return digest.hexdigest()

    def placeholders(self, key: str) -> frozenset[str]:
        """Names of the parameters a message takes (``count`` is filled from ``count``)."""
        return self._find(key).placeholders

    def text(
        self,
        key: str,
        params: Mapping[str, str | int] = _NOTHING,
        count: int | None = None,
    ) -> str:
        """Render a message as Telegram HTML, its first letter a capital.

        Raises MissingMessage for an unknown key (also one behind ``@``), WrongParameters for
        missing, extra or unreadable parameters, or a plural asked of a message without one.
        """
        return _FIRST_LETTER.sub(
            lambda match: match.group(1) + match.group(2).upper(),
            self._render(key, params, count),
            count=1,
        )

    def plain(
        self,
        key: str,
        params: Mapping[str, str | int] = _NOTHING,
        count: int | None = None,
    ) -> str:
        """Render a message without tags or entities: for buttons, lists and files."""
        return without_tags(self.text(key, params, count))

    def _find(self, key: str) -> Message:
        try:
            return self._messages[key]
        except KeyError:
            raise MissingMessage(key) from None

    def _render(self, key: str, params: Mapping[str, str | int], count: int | None) -> str:
        message = self._find(key)
        if message.plural != (count is not None):
            problem = "needs a count" if message.plural else "has no plural, and a count was given"
            raise WrongParameters(key, problem)
        given: dict[str, str | int] = dict(params)
        form = message.forms[0]
        if count is not None:
            form = message.forms[self._plural_form(count)]
            given.setdefault("count", count)
        self._compare(message, given)
        parts = pieces(form)
        parts[1::2] = [self._value(key, name, given[name]) for name in parts[1::2]]
        return "".join(parts)

    def _compare(self, message: Message, given: Mapping[str, str | int]) -> None:
        wanted = message.placeholders | ({"count"} if message.plural else set())
        problems = []
        if missing := sorted(wanted - given.keys()):
            problems.append("missing " + ", ".join(missing))
        if extra := sorted(given.keys() - wanted):
            problems.append("does not take " + ", ".join(extra))
        if problems:
            raise WrongParameters(message.key, "; ".join(problems))

    def _value(self, key: str, name: str, value: str | int) -> str:
        if isinstance(value, int):
            return format_decimal(value, locale=self._locale)
        kind, colon, rest = value.partition(":")
        if value.startswith("@"):
            return self._render(value[1:], _NOTHING, None)
        if colon and kind == "date":
            try:
                return spoken(rest, self._locale)
            except ValueError as error:
                raise WrongParameters(key, f"{name}: {error}") from None
        if colon and kind == "list":
            if not rest:
                raise WrongParameters(key, f"{name}: an empty list")
            return self._joined([self._value(key, name, item) for item in rest.split("|")])
        return html.escape(rest if colon and kind == "text" else value, quote=False)

    def _joined(self, items: list[str]) -> str:
        """Join with the language's list format; Spanish says "e" before an i sound."""
        if self.language == "es" and len(items) > 1 and _SOUNDS_LIKE_I.match(items[-1]):
            return f"{', '.join(items[:-1])} e {items[-1]}"
        return format_list(items, locale=self._locale)


def load(language: str = SOURCE, folder: Traversable | None = None) -> Catalogue:
    """Read the catalogue of one of LANGUAGES from this package (or from ``folder``).

    Raises CatalogueFaults with every fault of every file.
    """
    where = folder if folder is not None else files("locales").joinpath(language)
    reading = read_folder(where, language)
    return Catalogue(language, reading.messages, reading.plural_form)
