"""Reads the tables of the built-in map with other programs, and edges that these write with powermap."""

import csv
import datetime
import io
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.parquet

POWERMAP = Path(sys.argv[1]).resolve()
RECORDS = [
    "players",
    "identifiers",
    "identities",
    "deals",
    "edges",
    "observations",
    "claims",
    "documents",
]
DERIVED = ["board", "loops"]


def powermap(*words, fails=False):
    """Runs the program; returns what it says."""
    done = subprocess.run([POWERMAP, *map(str, words)], capture_output=True, text=True)
    assert (done.returncode != 0) == fails, done.stderr
    return done.stderr if fails else done.stdout


def rows(*words):
    """Returns the rows that the program prints."""
    return list(csv.DictReader(io.StringIO(powermap(*words, "--format", "csv"))))


def count(query):
    return int(rows("query", f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {query} }}")[0]["n"])


def check_counts(folder):
    of_class = {
        "edges": "VALUES ?c { pm:Investment pm:Supply pm:Influence } ?x a ?c",
        "claims": "?x a pm:Claim",
        "deals": "VALUES ?c { pm:Deal pm:Event } ?x a ?c",
        "observations": "?x a pm:Observation",
    }
    for table in RECORDS + DERIVED:
        path = str(folder / f"{table}.parquet")
        counts = {
            duckdb.sql(f"SELECT count(*) FROM '{path}'").fetchall()[0][0],
            polars.read_parquet(path).height,
            len(pandas.read_parquet(path)),
            pyarrow.parquet.read_table(path).num_rows,
        }
        assert len(counts) == 1, (table, counts)
        if table in of_class:
            assert counts == {count(of_class[table])}, (table, counts)
        metadata = pyarrow.parquet.read_metadata(path).metadata
        assert metadata[b"powermap.schema"] == b"1"
        assert metadata[b"powermap.table"] == table.encode()
        print(f"{table}: {counts.pop()} rows")


def check_values(folder):
    # Amounts of claims, exclusive ends and days as DuckDB sees them, against the program's own query.
    found = duckdb.sql(
        f"""SELECT id, lower, upper, unit FROM '{folder}/claims.parquet'
        WHERE unit = 'USD' ORDER BY id"""
    ).fetchall()
    expected = rows(
        "query",
        """SELECT ?c ?lower ?upper { ?c a pm:Claim ; pm:amount ?q . ?q pm:unit cur:USD
           OPTIONAL { ?q pm:lower|pm:lowerExclusive ?lower }
           OPTIONAL { ?q pm:upper|pm:upperExclusive ?upper } } ORDER BY ?c""",
    )
    number = lambda text: float(text) if text else None
    local = lambda iri: iri.rsplit("/", 1)[-1].removeprefix("id:")
    expected = sorted((local(r["c"]), number(r["lower"]), number(r["upper"])) for r in expected)
    assert sorted(row[:3] for row in found) == expected
    assert any(row[1] is None for row in found), "an open bound is null"

    claims = polars.read_parquet(folder / "claims.parquet")
    months = claims.filter(polars.col("said").str.len_chars() == 7)
    assert months.height > 0
    first, last = months.row(0, named=True)["said_first"], months.row(0, named=True)["said_last"]
    assert isinstance(first, datetime.date) and first.day == 1 and first < last

    board = pandas.read_parquet(folder / "board.parquet")
    query = "SELECT ?e { ?e pm:from ?f . GRAPH pm:board { ?e pm:status ?s } }"
    edges = {local(row["e"]) for row in rows("query", query)}
    assert edges == set(board[board["status"].notna()]["edge"])
    assert set(board["claims"].explode().dropna()) <= set(claims["id"])


def check_map_read_back(folder):
    for question in (["loops"], ["timeline"], ["conflicts"]):
        assert powermap("--map", folder, *question, "--format", "json") == powermap(*question, "--format", "json")


def check_edges_of_others(folder):
    """Edges that polars, pandas and DuckDB write are read, whatever their types are."""
    loops = lambda path: rows("--edge-list", path, "loops", "--flow", "cash")
    columns = {
        "from": ["a", "b", "c"],
        "to": ["b", "c", "a"],
        "family": ["investment"] * 3,
        "amount": [1e9, 2e9, None],
        "note": ["x", "y", "z"],
    }
    polars.DataFrame(columns).write_parquet(folder / "polars.parquet")
    pandas.DataFrame(columns).to_parquet(folder / "pandas.parquet")
    edges = pyarrow.table(columns)
    duckdb.sql("SELECT * FROM edges").write_parquet(str(folder / "duckdb.parquet"))
    found = [loops(folder / f"{name}.parquet") for name in ("polars", "pandas", "duckdb")]
    assert len(found[0]) == 3 and found[0] == found[1] == found[2], found
    assert found[0][0]["upper"] == "1000000000"
    columns["from"][1] = None
    polars.DataFrame(columns).write_parquet(folder / "null.parquet")
    error = powermap("--edge-list", folder / "null.parquet", "loops", fails=True)
    assert "null.parquet: row 2, column 'from': is null" in error, error
    columns["from"][1] = "b"
    columns["since"] = [datetime.datetime(2025, 1, 1, tzinfo=datetime.timezone.utc)] * 3
    polars.DataFrame(columns).write_parquet(folder / "moments.parquet")
    error = powermap("--edge-list", folder / "moments.parquet", "loops", fails=True)
    assert "the column 'since' has the type Timestamp" in error, error


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        tables, others = folder / "tables", folder / "others"
        others.mkdir()
        powermap("export", "--to", "parquet", "--output", tables)
        check_counts(tables)
        check_values(tables)
        check_map_read_back(tables)
        check_edges_of_others(others)
    print("the tables are what the map says")


main()
