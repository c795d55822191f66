"""What can go wrong, with its place and its text."""
from __future__ import annotations

from typing import Optional


class LiescapeError(Exception):
    """Base of all that this package raises on purpose."""


class InputError(LiescapeError, ValueError):
    """The input cannot mean anything; place and text as the program says them.

    ``file``, ``line``, ``column`` (from 1) and ``excerpt`` are None when there is no
    place in a text; ``message`` is the sentence without the place.
    """

    def __init__(self, text: str, *, message: Optional[str] = None,
                 file: Optional[str] = None, line: Optional[int] = None,
                 column: Optional[int] = None, excerpt: Optional[str] = None) -> None:
        super().__init__(text)
        self.message = message if message is not None else text
        self.file, self.line, self.column = file, line, column
        self.excerpt = excerpt


class ConversionError(LiescapeError, TypeError):
    """An object of another package has no exact counterpart; says which gate."""


class LimitError(LiescapeError):
    """A limit was reached before there was anything to report."""


class ProgramError(LiescapeError, RuntimeError):
    """The program is missing, or ended in a way it should not."""

    def __init__(self, text: str, *, status: Optional[int] = None) -> None:
        super().__init__(text)
        self.status = status
