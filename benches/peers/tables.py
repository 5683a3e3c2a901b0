"""The queries of benches/queries.rs in SQL, on DuckDB and on one thread: `tables.py FOLDER RUNS [QUERY…]`.

FOLDER is what `--dump` wrote. Each run prints form, query, rows, the sum of all amounts and counts in the rows, and
milliseconds; first comes a line for loading each form. The form `triples` is a table of triples of ids as they come, with
the values of literals in a table beside it; `sorted` is the same sorted by property, subject and object; `edges` is a
table with a row for each reified edge, and one of the plain edges. Rows are fetched as columns of numbers; ids are not
turned into names.
"""

import csv
import sys
import time

import duckdb

folder, runs = sys.argv[1], int(sys.argv[2])
only = sys.argv[3:]
with open(f"{folder}/constants.csv", encoding="utf-8") as file:
    ID = {row["name"]: int(row["id"]) for row in csv.DictReader(file)}
KINDS = {"investsIn": 0, "supplies": 1, "influences": 2}

db = duckdb.connect()
db.execute("SET threads = 1")


def timed(form, query, run):
    start = time.perf_counter()
    rows, total = run()
    print(form, query, rows, total, f"{(time.perf_counter() - start) * 1e3:.3f}", sep="\t", flush=True)


def load_triples(table, order):
    db.execute(
        f"CREATE TABLE {table} AS SELECT * FROM read_csv('{folder}/triples.csv', "
        f"columns = {{s: 'INTEGER', p: 'INTEGER', o: 'INTEGER'}}) {order}"
    )
    db.execute(
        f"CREATE OR REPLACE TABLE literals AS SELECT * FROM read_csv('{folder}/literals.csv', "
        "columns = {id: 'INTEGER', amount: 'BIGINT', date: 'DATE'})"
    )
    return db.execute(f"SELECT count(*) FROM {table}").fetchone()[0], 0


def load_edges():
    db.execute(
        f"CREATE TABLE edges AS SELECT * FROM read_csv('{folder}/edges.csv', columns = {{id: 'INTEGER', "
        "kind: 'UTINYINT', source: 'INTEGER', target: 'INTEGER', amount: 'BIGINT', date: 'DATE'})"
    )
    db.execute("CREATE TABLE plain AS SELECT DISTINCT kind, source, target FROM edges ORDER BY kind, source, target")
    return db.execute("SELECT count(*) FROM edges").fetchone()[0], 0


def plain(name, prop, subject, value):
    """The plain edges of one kind as a table with named columns."""
    return f"(SELECT source AS {subject}, target AS {value} FROM plain WHERE kind = {KINDS[prop]}) AS {name}"


def reach(start, step):
    return f"WITH RECURSIVE found(x) AS ({start} UNION {step}) SELECT x FROM found"


def cycles(edge):
    return {
        "J2": f"SELECT a, b FROM {edge('i', 'investsIn', 'a', 'b')} JOIN {edge('s', 'supplies', 'b', 'a')} USING (a, b)",
        "J3": f"SELECT a, b, c FROM {edge('i', 'investsIn', 'a', 'b')} JOIN {edge('s', 'supplies', 'b', 'c')} USING (b) "
        f"JOIN {edge('f', 'influences', 'c', 'a')} USING (c, a)",
    }


def of_triples(table):
    def triple(name, prop, subject, value):
        """One triple pattern as a table with named columns."""
        return f"(SELECT s AS {subject}, o AS {value} FROM {table} WHERE p = {ID[prop]}) AS {name}"

    amounts = triple("m", "amount", "r", "v")
    return cycles(triple) | {
        "P": reach(
            f"SELECT o FROM {table} WHERE p = {ID['investsIn']} AND s = 5",
            f"SELECT o FROM found JOIN {table} ON s = x WHERE p = {ID['investsIn']}",
        ),
        "G": f"SELECT f, sum(amount)::BIGINT AS total FROM (SELECT s AS r FROM {table} WHERE p = {ID['type']} "
        f"AND o = {ID['Investment']}) AS t JOIN {triple('s', 'from', 'r', 'f')} USING (r) JOIN {amounts} USING (r) "
        "JOIN literals ON v = id GROUP BY f ORDER BY total DESC LIMIT 10",
        "S": f"SELECT r, f, t, a.amount, b.date FROM {triple('x', 'from', 'r', 'f')} "
        f"JOIN {triple('y', 'to', 'r', 't')} USING (r) JOIN {amounts} USING (r) "
        f"JOIN {triple('d', 'date', 'r', 'w')} USING (r) JOIN literals AS a ON v = a.id JOIN literals AS b ON w = b.id",
        "F": f"SELECT count(*) AS n FROM {amounts} JOIN literals ON v = id WHERE amount > 900000000",
    }


def of_edges():
    return cycles(plain) | {
        "P": reach(
            "SELECT target FROM plain WHERE kind = 0 AND source = 5",
            "SELECT target FROM found JOIN plain ON source = x WHERE kind = 0",
        ),
        "G": "SELECT source, sum(amount)::BIGINT AS total FROM edges WHERE kind = 0 GROUP BY source "
        "ORDER BY total DESC LIMIT 10",
        "S": "SELECT id, source, target, amount, date FROM edges",
        "F": "SELECT count(*) AS n FROM edges WHERE amount > 900000000",
    }


def answer(sql):
    columns = db.execute(sql).fetchnumpy()
    rows = len(next(iter(columns.values())))
    return rows, sum(int(columns[name].sum()) for name in ("amount", "total", "n") if name in columns)


FORMS = [
    ("triples", lambda: load_triples("triples", ""), of_triples("triples")),
    ("sorted", lambda: load_triples("sorted", "ORDER BY p, s, o"), of_triples("sorted")),
    ("edges", load_edges, of_edges()),
]
for form, load, queries in FORMS:
    timed(form, "load", load)
    for query, sql in queries.items():
        if not only or query in only:
            for _ in range(runs):
                timed(form, query, lambda sql=sql: answer(sql))
