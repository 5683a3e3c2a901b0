#!/usr/bin/env python3
"""Check the vocabulary, the shapes and the built-in map with an independent SHACL engine.

The program has a checker of its own; this one exists so that the shapes are held to the
standard and not to our reading of it. Needs `pip install pyshacl`. Run it from anywhere:

    python3 tests/shacl/check.py

It checks that
1. shapes.ttl is valid SHACL, and every message is there in English and Chinese;
2. every term of the vocabulary has a name and a definition in English and Chinese, and
   every pm: term that the shapes or the map use is defined;
3. the vocabulary, the built-in map and tests/shacl/good/*.ttl conform, warnings included;
4. every tests/shacl/bad/*.ttl gives exactly the finding named in its first line,
   `# expect: <component> <focus>`, where the focus is a prefixed name, or `_:` for a blank node.

Exit status: 0 if all of this holds, 1 if not.
"""

import sys
from pathlib import Path

from pyshacl import validate
from pyshacl.errors import ReportableRuntimeError
from rdflib import RDF, RDFS, SH, SKOS, BNode, Graph, Namespace

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
VOCABULARY = ROOT / "data" / "ontology" / "powermap.ttl"
SHAPES = ROOT / "data" / "ontology" / "shapes.ttl"
MAP = ROOT / "data" / "silicon-valley"
PM = Namespace("https://w3id.org/powermap/ns#")
ID = Namespace("https://w3id.org/powermap/id/")
BOTH = {"en", "zh"}


def load(*paths):
    """The graph of all the files, or a message that says which one cannot be read."""
    graph = Graph()
    for path in paths:
        try:
            graph.parse(path)
        except Exception as error:
            sys.exit(f"{path}: cannot be read as Turtle: {error}")
    return graph


def short(graph, term):
    """A term as it is written in the files, for reading."""
    return "_:" if isinstance(term, BNode) else term.n3(graph.namespace_manager)


class Finding:
    """One result of a run."""

    def __init__(self, report, result):
        self.component = str(report.value(result, SH.sourceConstraintComponent)).removeprefix(str(SH))
        self.focus = short(report, report.value(result, SH.focusNode))
        value = report.value(result, SH.value)
        self.value = "" if value is None else f" ({short(report, value)})"
        self.severity = str(report.value(result, SH.resultSeverity)).removeprefix(str(SH))
        messages = [each for each in report.objects(result, SH.resultMessage) if each.language == "en"]
        self.message = str(min(messages, default="(no English message)"))

    def __str__(self):
        return f"  {self.severity} {self.focus} {self.component}{self.value}: {self.message}"


def findings(data, shapes, meta=False):
    """The results of one run, sorted as text."""
    _, report, _ = validate(
        data, shacl_graph=shapes, meta_shacl=meta, allow_warnings=False, inference="none"
    )
    report.bind("id", ID)
    report.bind("pm", PM)
    results = (Finding(report, each) for each in report.subjects(RDF.type, SH.ValidationResult))
    return sorted(results, key=str)


def listed(found):
    """The findings, one a line."""
    return "\n".join(map(str, found))


def languages(graph, node, *properties):
    """The languages in which a node has one of the properties."""
    return {value.language for each in properties for value in graph.objects(node, each)}


def check_shapes(vocabulary, shapes):
    """Faults of the shapes graph itself."""
    try:
        found = findings(vocabulary, shapes, meta=True)
    except ReportableRuntimeError as error:
        yield f"shapes.ttl is not valid SHACL: {error}"
        return
    if found:
        yield f"the vocabulary does not conform to the shapes:\n{listed(found)}"
    speaking = set(shapes.objects(None, SH.property)) | set(shapes.subjects(SH.closed))
    speaking |= {each for each in shapes.subjects(SH["not"]) if not isinstance(each, BNode)}
    for shape in speaking:
        if languages(shapes, shape, SH.message) != BOTH:
            path = shapes.value(shape, SH.path)
            yield f"shape {shape} with path {path}: needs one message @en and one @zh"


def check_vocabulary(vocabulary, used):
    """Terms without names or definitions, and terms used without being defined."""
    defined = set()
    for term in set(vocabulary.subjects(RDF.type)):
        if isinstance(term, BNode):
            continue
        defined.add(term)
        if not BOTH <= languages(vocabulary, term, RDFS.label, SKOS.prefLabel):
            yield f"{term}: needs a label @en and @zh"
        if not BOTH <= languages(vocabulary, term, RDFS.comment, SKOS.definition):
            yield f"{term}: needs a definition @en and @zh"
    for name, graph in used:
        own = set(graph.subjects(RDF.type))
        terms = {str(term) for triple in graph for term in triple if str(term).startswith(str(PM))}
        terms |= {
            str(term.datatype)
            for term in graph.objects()
            if str(getattr(term, "datatype", "")).startswith(str(PM))
        }
        for term in sorted(terms - {str(each) for each in defined | own} - {str(PM)}):
            yield f"{name} uses {term}, which is not defined: add it to {VOCABULARY.name}"


def check_bad(path, vocabulary, shapes):
    """Whether a faulty map gives exactly the finding that its first line names."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    words = first.removeprefix("# expect:").split()
    if not first.startswith("# expect:") or len(words) != 2:
        return f"{path.name}: the first line must read `# expect: <component> <focus>`"
    found = findings(vocabulary + load(path), shapes)
    if [(each.component, each.focus) for each in found] != [tuple(words)]:
        return f"{path.name}: expected exactly {' '.join(words)}, found\n{listed(found)}"
    return None


def main():
    vocabulary, shapes = load(VOCABULARY), load(SHAPES)
    map_files = sorted(MAP.rglob("*.ttl"))
    good_files = sorted((HERE / "good").glob("*.ttl"))
    bad_files = sorted((HERE / "bad").glob("*.ttl"))
    the_map = load(*map_files)
    problems = list(check_shapes(vocabulary, shapes))
    problems += check_vocabulary(vocabulary, [("shapes.ttl", shapes), ("the map", the_map)])
    for name, graph in [(MAP.name, the_map)] + [(path.name, load(path)) for path in good_files]:
        found = findings(vocabulary + graph, shapes)
        if found:
            problems.append(f"{name} does not conform:\n{listed(found)}")
    problems += filter(None, (check_bad(path, vocabulary, shapes) for path in bad_files))
    for problem in problems:
        print(problem, file=sys.stderr)
    print(
        f"{len(map_files)} map files with {len(the_map)} triples, {len(good_files)} good and "
        f"{len(bad_files)} bad fixtures: {len(problems)} problems"
    )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
