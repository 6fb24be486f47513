"""Texts from outside as a terminal may show them."""

import re

_SHOWN = 80
# The user and password of an address, which may be anybody's: https://user:password@host.
_LOGIN = re.compile(r"(?<=://)[^\s/]*@")


def printable(text: object) -> str:
    """`text` with everything that a terminal would obey rather than show replaced; line ends stay."""
    return "".join(
        letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}" for letter in str(text)
    )


def one_line(text: object) -> str:
    """The same on one line."""
    return printable(" ".join(str(text).split()))


def discreet(text: str) -> str:
    """`text` without the login of any address in it."""
    return _LOGIN.sub("…@", text)


def quoted(value: object, limit: int = _SHOWN) -> str:
    """A value as code would write it, of at most `limit` characters and a few: a long text keeps its closing quote."""
    if isinstance(value, str):
        return repr(value if len(value) <= limit else f"{value[: limit - 1]}…")
    text = repr(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
