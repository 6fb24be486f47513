"""Texts from outside as a terminal may show them."""

import re

_SHOWN = 80
_SINGULAR = {"have": "has", "are": "is", "were": "was"}
_SINGULAR_PRONOUNS = {"their": "its", "themselves": "itself"}
# The user and password of an address, which may be anybody's: https://user:password@host.
_LOGIN = re.compile(r"(?<=://)[^\s/]*@")

# Between the words of a class name: JSONDecodeError has three.
_WORD_BEGINS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def printable(text: object) -> str:
    """`text` with everything that a terminal would obey rather than show replaced; line ends stay."""
    return "".join(
        letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}" for letter in str(text)
    )


def one_line(text: object) -> str:
    """The same on one line."""
    return printable(" ".join(str(text).split()))


def agreeing(number: int, phrase: str) -> str:
    """A phrase about several, such as `lack their lines`, as it is said of `number` things: one `lacks its lines`."""
    if number != 1:
        return phrase
    verb, *rest = phrase.split(" ")
    return " ".join([_SINGULAR.get(verb, f"{verb}s"), *(_SINGULAR_PRONOUNS.get(word, word) for word in rest)])


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 check`, `1,204 checks`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def some_of(part: int, whole: int, things: str, phrase: str) -> str:
    """`2 of 1,204 dates lack their lines`, `1 of 2 dates lacks its lines`, `0 of 1 date lacks its lines`."""
    named = things.removesuffix("s") if whole == 1 else things
    return f"{part:,} of {whole:,} {named} {agreeing(1 if whole == 1 else part, phrase)}"


def undecided_because(reason: str) -> str:
    """The reason of an undecided check without the words that say that it is undecided."""
    return reason.removeprefix("Cannot be decided: ")


def discreet(text: str) -> str:
    """`text` without the login of any address in it."""
    return _LOGIN.sub("…@", text)


def snake_case(class_name: str) -> str:
    """The words of a class name as JSON writes them: `timed_out`, `json_decode_error`."""
    return _WORD_BEGINS.sub("_", class_name).lower()


def quoted(value: object, limit: int = _SHOWN) -> str:
    """A value as code would write it, of at most `limit` characters and a few: a long text keeps its closing quote."""
    if isinstance(value, str):
        return repr(value if len(value) <= limit else f"{value[: limit - 1]}…")
    text = repr(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
