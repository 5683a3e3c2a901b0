"""Reads entities with the package of FollowTheMoney, and says what is wrong with them."""

import json
import sys

from followthemoney import model


def problems(path):
    """Yields what is wrong with the entities of a file."""
    with open(path, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    schemata = {line["id"]: model.get(line["schema"]) for line in lines}
    if len(schemata) != len(lines):
        yield f"{len(lines) - len(schemata)} ids occur twice"
    for line in lines:
        schema, where = schemata[line["id"]], f"{line['schema']} {line['id']}"
        if schema is None or schema.abstract:
            yield f"{where}: no such schema"
            continue
        for required in schema.required:
            if not line["properties"].get(required):
                yield f"{where}: {required} is missing"
        entity = model.get_proxy(line, cleaned=False)
        for name, values in line["properties"].items():
            prop = schema.get(name)
            if prop is None:
                yield f"{where}: no property {name}"
                continue
            if sorted(entity.get(name)) != sorted(values) and len(entity.get(name)) != len(values):
                yield f"{where}: {name} is {values}, and only {entity.get(name)} are taken"
            for value in values:
                other = schemata.get(value) if prop.range else None
                if other is not None and not other.is_a(prop.range):
                    yield f"{where}: {name} is a {other.name} and no {prop.range.name}"
    print(f"{path}: {len(lines)} entities", file=sys.stderr)


if __name__ == "__main__":
    found = [problem for path in sys.argv[1:] for problem in problems(path)]
    for problem in found[:50]:
        print(problem)
    sys.exit(1 if found else 0)
