"""Texts from outside as a terminal may show them."""


def printable(text: object) -> str:
    """`text` with everything that a terminal would obey rather than show replaced; line ends stay."""
    return "".join(
        letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}" for letter in str(text)
    )


def one_line(text: object) -> str:
    """The same on one line."""
    return printable(" ".join(str(text).split()))
