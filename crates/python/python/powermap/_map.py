"""Maps: opened, looked at from a day, asked."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Mapping
from typing import Literal, Union

from powermap import _powermap
from powermap._given import Day, Texts, Value, day, given
from powermap._powermap import Board, Table

Term = Union[str, bool, int, float, datetime.date]


def open(path: str | os.PathLike[str] | None = None) -> Map:
    """Opens the map in a file or a folder: text in any format that the program reads, Parquet, or a compiled map.

    Without a path, it is the built-in map of Silicon Valley.
    """
    return Map(_powermap.open(path))


class Map:
    """A map of power, looked at from a day.

    Each analysis is a method that gives a table. Work runs without the lock of the interpreter; Ctrl-C ends it, and so does
    `timeout`.
    """

    __slots__ = ("_map",)

    def __init__(self, inner: _powermap.Map) -> None:
        self._map = inner

    def __repr__(self) -> str:
        return repr(self._map)

    def _answer(self, name: str, values: dict[str, Value], timeout: float | None) -> Table:
        return self._map.analysis(name, given(values), timeout)

    def at(
        self,
        as_of: Day | None = None,
        *,
        known_by: Day | None = None,
        policy: Literal["weighed", "latest", "lowest", "highest", "most-trusted", "all"] | None = None,
    ) -> Map:
        """Returns the same map looked at from another day, with other knowledge, or by another policy.

        >>> import powermap
        >>> early = powermap.open().at("2024-01-01")
        >>> len(early.tables("board")) < len(powermap.open().tables("board"))
        True
        """
        return Map(self._map.at(day(as_of), day(known_by), policy))

    def query(
        self,
        text: str,
        parameters: Mapping[str, Term] | None = None,
        *,
        timeout: float | None = None,
        memory: int | None = None,
        rows: int | None = None,
        **named: Term,
    ) -> Table:
        """Runs a SPARQL query; parameters are the values of its variables, which no text can break out of.

        A text is a player by any of its names, or an id with a colon (`pm:Equity`, a full IRI); between double quotes it is a
        text. `memory` is the most bytes that the query may hold, `rows` the most rows.

        >>> import powermap
        >>> table = powermap.open().query("SELECT ?who { ?who pm:investsIn ?in }", {"in": "OpenAI"})
        >>> "microsoft" in table["who"]
        True
        """
        values = {**(parameters or {}), **named}
        return self._map.query(text, values, timeout=timeout, memory=memory, rows=rows)

    def tables(self, name: str) -> Table:
        """Returns a table of the map: players, identifiers, identities, deals, edges, observations, claims, documents, board or
        loops."""
        return self._map.table(name)

    def players(self) -> Table:
        """Returns the players, the topics, and what the map says of itself."""
        return self.tables("players")

    def edges(self) -> Table:
        """Returns the edges, without values; these stand on claims, and on the board."""
        return self.tables("edges")

    def claims(self) -> Table:
        """Returns what the sources say."""
        return self.tables("claims")

    def player(self, name: str) -> str:
        """Returns the id of a player by any of its names.

        >>> import powermap
        >>> powermap.open().player("Jensen Huang")
        'jensen-huang'
        """
        return self._map.player(name)

    def to_parquet(self, folder: str | os.PathLike[str]) -> list[str]:
        """Writes the map as Parquet files into a folder; returns what they cannot hold, a sentence each."""
        return self._map.to_parquet(folder)

    def board(
        self,
        *,
        players: Iterable[str] | None = None,
        around: str | None = None,
        hops: int = 1,
        top: int | None = None,
        loops: int | None = None,
        title: str | None = None,
        lang: Literal["en", "zh"] = "en",
        dark: bool = False,
    ) -> Board:
        """Draws the board, which a notebook shows; `loops` of the greatest loops are pointed out, or those that its
        finding names.

        players: only these players
        around: only this player and those within this number of `hops`
        top: only this many of the strongest players
        """
        listed = None if players is None else list(players)
        return self._map.board(
            players=listed,
            around=around,
            hops=hops,
            top=top,
            loops=loops,
            title=title,
            lang=lang,
            dark=dark,
        )

    def conflicts(
        self,
        *,
        family: Texts | None = None,
        kind: Texts | None = None,
        min_status: str | None = None,
        min_amount: float | None = None,
        timeout: float | None = None,
    ) -> Table:
        """Returns what the sources do not agree on.

        family: only edges of these families: investment, supply, influence
        kind: only edges of these kinds, such as equity
        min_status: only edges that are at least this firm, such as committed
        min_amount: only edges that may be worth this much money, in their own currency
        timeout: seconds after which it stops
        """
        values: dict[str, Value] = {
            "family": family,
            "kind": kind,
            "min_status": min_status,
            "min_amount": min_amount,
        }
        return self._answer("conflicts", values, timeout)

    def control(
        self,
        of: str,
        *,
        way: Literal["owners", "holdings"] = "owners",
        threshold: float | str = 0.5,
        family: Texts | None = None,
        kind: Texts | None = None,
        min_status: str | None = None,
        min_amount: float | None = None,
        timeout: float | None = None,
    ) -> Table:
        """Returns who controls a player, or what it controls, and how surely.

        of: the player
        way: up to who owns it, or down to what it owns
        threshold: the part of the votes that is control
        family: only edges of these families: investment, supply, influence
        kind: only edges of these kinds, such as equity
        min_status: only edges that are at least this firm, such as committed
        min_amount: only edges that may be worth this much money, in their own currency
        timeout: seconds after which it stops
        """
        values: dict[str, Value] = {
            "of": of,
            "way": way,
            "threshold": threshold,
            "family": family,
            "kind": kind,
            "min_status": min_status,
            "min_amount": min_amount,
        }
        return self._answer("control", values, timeout)

    def dependence(
        self,
        *,
        of: Texts | None = None,
        on: Texts | None = None,
        by: Literal["auto", "amount", "capacity", "units", "edges"] = "auto",
        at: Day | Iterable[Day] | None = None,
        family: Texts | None = None,
        kind: Texts | None = None,
        min_status: str | None = None,
        min_amount: float | None = None,
        timeout: float | None = None,
    ) -> Table:
        """Returns who could do without whom.

        of: only the dependence of these players
        on: only these sides: supply, funding, sales, portfolio
        by: what the shares are taken of
        at: on these days; several give a series
        family: only edges of these families: investment, supply, influence
        kind: only edges of these kinds, such as equity
        min_status: only edges that are at least this firm, such as committed
        min_amount: only edges that may be worth this much money, in their own currency
        timeout: seconds after which it stops
        """
        values: dict[str, Value] = {
            "of": of,
            "on": on,
            "by": by,
            "at": at,
            "family": family,
            "kind": kind,
            "min_status": min_status,
            "min_amount": min_amount,
        }
        return self._answer("dependence", values, timeout)

    def diff(
        self,
        d1: Day,
        d2: Day,
        *,
        family: Texts | None = None,
        kind: Texts | None = None,
        min_status: str | None = None,
        min_amount: float | None = None,
        timeout: float | None = None,
    ) -> Table:
        """Returns what differs between the boards of two days.

        d1: the first day, or day@known-by
        d2: the second day
        family: only edges of these families: investment, supply, influence
        kind: only edges of these kinds, such as equity
        min_status: only edges that are at least this firm, such as committed
        min_amount: only edges that may be worth this much money, in their own currency
        timeout: seconds after which it stops
        """
        values: dict[str, Value] = {
            "d1": d1,
            "d2": d2,
            "family": family,
            "kind": kind,
            "min_status": min_status,
            "min_amount": min_amount,
        }
        return self._answer("diff", values, timeout)

    def exposure(
        self,
        of: str,
        *,
        shock: float = 1.0,
        against: Literal["any", "market-value", "backlog", "revenue"] = "any",
        family: Texts | None = None,
        kind: Texts | None = None,
        min_status: str | None = None,
        min_amount: float | None = None,
        timeout: float | None = None,
    ) -> Table:
        """Returns who is hurt if a player fails.

        of: the player that fails
        shock: how much of it is lost, from 0 to 1
        against: what the exposure is measured against
        family: only edges of these families: investment, supply, influence
        kind: only edges of these kinds, such as equity
        min_status: only edges that are at least this firm, such as committed
        min_amount: only edges that may be worth this much money, in their own currency
        timeout: seconds after which it stops
        """
        values: dict[str, Value] = {
            "of": of,
            "shock": shock,
            "against": against,
            "family": family,
            "kind": kind,
            "min_status": min_status,
            "min_amount": min_amount,
        }
        return self._answer("exposure", values, timeout)

    def loops(
        self,
        *,
        max_length: int = 3,
        through: Texts | None = None,
        flow: Texts | None = None,
        window: int | None = None,
        each_edge: bool | None = None,
        near: bool | None = None,
        count: bool | None = None,
        significance: int | None = None,
        seed: int = 1,
        limit: int = 1000,
        search_limit: int | None = None,
        family: Texts | None = None,
        kind: Texts | None = None,
        min_status: str | None = None,
        min_amount: float | None = None,
        timeout: float | None = None,
    ) -> Table:
        """Returns where the money goes round, the greatest amount first.

        max_length: the most players of a loop
        through: only loops through all of these players
        flow: what may flow along a leg; cash and equity unless given
        window: only loops whose legs begin one after the other within this number of days
        each_edge: one loop for each choice of parallel edges
        near: loops that one more leg would close
        count: only count, by length
        significance: compare with this many random networks
        seed: where the random networks begin
        limit: the most loops
        search_limit: the most loops that are looked through
        family: only edges of these families: investment, supply, influence
        kind: only edges of these kinds, such as equity
        min_status: only edges that are at least this firm, such as committed
        min_amount: only edges that may be worth this much money, in their own currency
        timeout: seconds after which it stops
        """
        values: dict[str, Value] = {
            "max_length": max_length,
            "through": through,
            "flow": flow,
            "window": window,
            "each_edge": each_edge,
            "near": near,
            "count": count,
            "significance": significance,
            "seed": seed,
            "limit": limit,
            "search_limit": search_limit,
            "family": family,
            "kind": kind,
            "min_status": min_status,
            "min_amount": min_amount,
        }
        return self._answer("loops", values, timeout)

    def paths(
        self,
        source: str,
        target: str,
        *,
        max_hops: int = 4,
        limit: int = 10,
        shortest: bool | None = None,
        flow: Texts | None = None,
        weight: Literal["hops", "amount"] = "hops",
        family: Texts | None = None,
        kind: Texts | None = None,
        min_status: str | None = None,
        min_amount: float | None = None,
        timeout: float | None = None,
    ) -> Table:
        """Returns how one player reaches another, the best paths first.

        source: where the paths begin
        target: where they end
        max_hops: the most hops
        limit: the most paths
        shortest: only paths with the least number of hops
        flow: walk the way that these flow
        weight: what the best paths have
        family: only edges of these families: investment, supply, influence
        kind: only edges of these kinds, such as equity
        min_status: only edges that are at least this firm, such as committed
        min_amount: only edges that may be worth this much money, in their own currency
        timeout: seconds after which it stops
        """
        values: dict[str, Value] = {
            "source": source,
            "target": target,
            "max_hops": max_hops,
            "limit": limit,
            "shortest": shortest,
            "flow": flow,
            "weight": weight,
            "family": family,
            "kind": kind,
            "min_status": min_status,
            "min_amount": min_amount,
        }
        return self._answer("paths", values, timeout)

    def standing(
        self,
        *,
        leverage_by: Literal["edges", "amount", "capacity", "units"] = "edges",
        error: float = 0.005,
        seed: int = 1,
        family: Texts | None = None,
        kind: Texts | None = None,
        min_status: str | None = None,
        min_amount: float | None = None,
        timeout: float | None = None,
    ) -> Table:
        """Returns who is player and who is piece.

        leverage_by: what leverage is measured by
        error: the error allowed where betweenness is sampled
        seed: where the random numbers begin
        family: only edges of these families: investment, supply, influence
        kind: only edges of these kinds, such as equity
        min_status: only edges that are at least this firm, such as committed
        min_amount: only edges that may be worth this much money, in their own currency
        timeout: seconds after which it stops
        """
        values: dict[str, Value] = {
            "leverage_by": leverage_by,
            "error": error,
            "seed": seed,
            "family": family,
            "kind": kind,
            "min_status": min_status,
            "min_amount": min_amount,
        }
        return self._answer("standing", values, timeout)

    def timeline(
        self,
        *,
        start: Day | None = None,
        end: Day | None = None,
        player: str | None = None,
        family: Texts | None = None,
        kind: Texts | None = None,
        min_status: str | None = None,
        min_amount: float | None = None,
        timeout: float | None = None,
    ) -> Table:
        """Returns what happened when.

        start: leave out what was over before
        end: leave out what began after
        player: only what this player takes part in
        family: only edges of these families: investment, supply, influence
        kind: only edges of these kinds, such as equity
        min_status: only edges that are at least this firm, such as committed
        min_amount: only edges that may be worth this much money, in their own currency
        timeout: seconds after which it stops
        """
        values: dict[str, Value] = {
            "from": start,
            "to": end,
            "player": player,
            "family": family,
            "kind": kind,
            "min_status": min_status,
            "min_amount": min_amount,
        }
        return self._answer("timeline", values, timeout)

    def what_if(
        self,
        *,
        without: Texts | None = None,
        without_edge: Texts | None = None,
        edge: str | None = None,
        amount: float | None = None,
        currency: str = "USD",
        compare: Texts | None = None,
        family: Texts | None = None,
        kind: Texts | None = None,
        min_status: str | None = None,
        min_amount: float | None = None,
        timeout: float | None = None,
    ) -> Table:
        """Returns what would change without some players or edges, or with another amount.

        without: players that are gone, with all their edges
        without_edge: edges that are gone
        edge: an edge that is worth another amount
        amount: what it is worth instead
        currency: the currency of the amount
        compare: only these analyses: loops, dependence, standing
        family: only edges of these families: investment, supply, influence
        kind: only edges of these kinds, such as equity
        min_status: only edges that are at least this firm, such as committed
        min_amount: only edges that may be worth this much money, in their own currency
        timeout: seconds after which it stops
        """
        values: dict[str, Value] = {
            "without": without,
            "without_edge": without_edge,
            "edge": edge,
            "amount": amount,
            "currency": currency,
            "compare": compare,
            "family": family,
            "kind": kind,
            "min_status": min_status,
            "min_amount": min_amount,
        }
        return self._answer("what-if", values, timeout)
