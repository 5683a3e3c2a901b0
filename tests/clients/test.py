"""Asks `powermap serve` what its users ask, with their own clients."""

import csv
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

import openapi_spec_validator
import rdflib
import SPARQLWrapper
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore

ID = rdflib.Namespace("https://w3id.org/powermap/id/")
PM = rdflib.Namespace("https://w3id.org/powermap/ns#")
TOKEN = "a-token-for-tests-0123456789"
INVESTORS = "PREFIX pm: <https://w3id.org/powermap/ns#> SELECT ?who { ?who pm:investsIn <https://w3id.org/powermap/id/openai> }"


class Server:
    def __init__(self, program, *arguments):
        command = [program, "serve", "--bind", "127.0.0.1:0", *arguments]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if line.startswith("listening on "):
                self.address = line.removeprefix("listening on ").strip().rstrip("/")
                return
        raise RuntimeError("the server ended")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        assert self.process.wait(20) == 0


def curl(*arguments):
    done = subprocess.run(["curl", "--silent", "--show-error", *arguments], capture_output=True, check=True)
    return done.stdout.decode()


def check_rdflib(server):
    store = SPARQLStore(server.address + "/sparql")
    graph = rdflib.Graph(store)
    who = {row.who for row in graph.query(INVESTORS)}
    assert ID["nvidia"] in who and ID["amd"] not in who, who
    assert (ID["nvidia"], PM["investsIn"], ID["openai"]) in graph
    assert graph.query("ASK { <https://w3id.org/powermap/id/amd> ?p <https://w3id.org/powermap/id/openai> }").askAnswer
    described = graph.query("DESCRIBE <https://w3id.org/powermap/id/openai>").graph
    assert len(described) > 10
    # The service description, by content negotiation.
    description = rdflib.Graph().parse(server.address + "/sparql")
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    assert (None, sd["endpoint"], rdflib.URIRef(server.address + "/sparql")) in description
    text = rdflib.Graph().parse(server.address + "/graphs?default")
    assert len(text) > 3_000, len(text)


def check_wrapper(server):
    wrapper = SPARQLWrapper.SPARQLWrapper(server.address + "/sparql")
    wrapper.setQuery(INVESTORS)
    for method in (SPARQLWrapper.GET, SPARQLWrapper.POST):
        for request_method in (SPARQLWrapper.URLENCODED, SPARQLWrapper.POSTDIRECTLY):
            wrapper.setMethod(method)
            wrapper.setRequestMethod(request_method)
            wrapper.setReturnFormat(SPARQLWrapper.JSON)
            rows = wrapper.queryAndConvert()["results"]["bindings"]
            assert any(row["who"]["value"].endswith("/nvidia") for row in rows)
    wrapper.setReturnFormat(SPARQLWrapper.CSV)
    assert b"nvidia" in wrapper.queryAndConvert()
    wrapper.setReturnFormat(SPARQLWrapper.XML)
    assert "nvidia" in wrapper.queryAndConvert().toxml()
    wrapper.setQuery("CONSTRUCT { ?a ?p ?b } { ?a ?p ?b . FILTER(?p = <https://w3id.org/powermap/ns#investsIn>) }")
    wrapper.setReturnFormat(SPARQLWrapper.TURTLE)
    graph = rdflib.Graph().parse(data=wrapper.queryAndConvert(), format="turtle")
    assert (ID["nvidia"], PM["investsIn"], ID["openai"]) in graph
    wrapper.setQuery("SELECT ?x { ?x")
    try:
        wrapper.query()
        raise AssertionError("an error is expected")
    except SPARQLWrapper.SPARQLExceptions.QueryBadFormed as error:
        assert "1:15" in str(error), error


def check_curl(server):
    answer = json.loads(curl(server.address + "/api/control?of=openai"))
    assert answer["rows"][0]["controller"] == "openai-foundation"
    table = list(csv.DictReader(io.StringIO(curl("-H", "Accept: text/csv", server.address + "/api/control?of=openai"))))
    assert table[0]["verdict"] == "certain" and table[0]["claims"].startswith("claim-")
    assert curl("--compressed", server.address + "/board.svg").startswith("<svg")
    head = curl("--head", server.address + "/api/loops").splitlines()
    tag = next(line[len("etag: "):] for line in head if line.lower().startswith("etag: "))
    status = curl("-o", "/dev/null", "-w", "%{http_code}", "-H", f"If-None-Match: {tag}", server.address + "/api/loops")
    assert status == "304", status
    posted = curl("--data-urlencode", f"query={INVESTORS}", "-H", "Accept: text/csv", server.address + "/sparql")
    assert "nvidia" in posted


def check_openapi(server):
    with urllib.request.urlopen(server.address + "/openapi.json") as answer:
        document = json.load(answer)
    openapi_spec_validator.validate(document)
    # Each address with no parameter that is needed answers; what-if needs one of several.
    for path, operations in document["paths"].items():
        operation = operations.get("get")
        needed = [one for one in operation.get("parameters", []) if one.get("required")]
        if needed or path in ("/sparql", "/graphs", "/api/what-if"):
            continue
        with urllib.request.urlopen(server.address + path) as answer:
            assert answer.status == 200, path


def check_writing(program):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "map").mkdir()
        (folder / "map" / "map.ttl").write_text("")
        (folder / "token").write_text(TOKEN)
        arguments = ["--map", str(folder / "map"), "--writable", "--token-file", str(folder / "token")]
        with Server(program, *arguments) as server:
            store = SPARQLUpdateStore(
                server.address + "/sparql", server.address + "/sparql", headers={"Authorization": f"Bearer {TOKEN}"}
            )
            graph = rdflib.Graph(store, identifier=ID["notes"])
            graph.add((ID["ada"], rdflib.RDF.type, PM["Person"]))
            assert (ID["ada"], rdflib.RDF.type, PM["Person"]) in graph
            graph.remove((ID["ada"], None, None))
            assert len(graph) == 0
            turtle = "<https://w3id.org/powermap/id/bob> a <https://w3id.org/powermap/ns#Person> ."
            status = curl(
                "-X", "PUT", "-H", "Content-Type: text/turtle", "-H", f"Authorization: Bearer {TOKEN}",
                "--data-binary", turtle, "-o", "/dev/null", "-w", "%{http_code}", server.address + "/graphs?default",
            )
            assert status == "201", status
            assert json.loads(curl(server.address + "/api/players"))["rows"][0]["id"] == "bob"


def main():
    program = sys.argv[1]
    with Server(program) as server:
        for check in (check_rdflib, check_wrapper, check_curl, check_openapi):
            check(server)
            print(check.__name__)
    check_writing(program)
    print("check_writing")


main()
