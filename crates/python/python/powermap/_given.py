"""Arguments of Python as the parameters of an analysis."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Optional, Protocol, Union

Day = Union[str, datetime.date]
Texts = Union[str, Iterable[str]]
Value = Union[None, bool, int, float, Day, Texts, Iterable[Day]]


class ArrowStream(Protocol):
    """A frame: whatever gives a stream of Arrow tables."""

    def __arrow_c_stream__(self, requested_schema: Optional[object] = None) -> object:
        """Returns the stream as a capsule."""


def text(value: bool | float | Day) -> str:
    """Returns a value as the program reads it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def given(values: dict[str, Value]) -> list[tuple[str, str]]:
    """Returns the parameters that have a value, those with several values once for each."""
    pairs: list[tuple[str, str]] = []
    for name, value in values.items():
        if value is None:
            continue
        if isinstance(value, (str, bool, int, float, datetime.date)):
            value = [text(value)]
        for one in value:
            pairs.append((name.replace("_", "-"), text(one)))
    return pairs


def day(value: Day | None) -> str | None:
    """Returns a day as it is written."""
    return None if value is None else text(value)
