"""What a type checker accepts of the package; it is checked and not run."""

import datetime
from typing import Any

import powermap


def rows(path: str) -> list[dict[str, Any]]:
    valley: powermap.Map = powermap.open(path).at(datetime.date(2025, 10, 1), policy="latest")
    table: powermap.Table = valley.loops(through=["openai"], flow="cash", max_length=4, timeout=2.5)
    found: powermap.Table = powermap.loops(valley.edges(), max_length=3, limit=10)
    notes: list[str] = table.notes + valley.timeline(start="2025", end=datetime.date(2025, 12, 31)).notes
    assert len(notes) >= 0
    picture: str = valley.board(top=10).svg
    assert picture
    return table.to_pylist() + found.to_pylist()


def hint() -> str | None:
    try:
        powermap.open().control("openay")
    except powermap.ArgumentError as error:
        return error.hint
    return None
