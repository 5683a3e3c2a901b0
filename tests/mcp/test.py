"""Lists and calls every tool of `powermap mcp`, holds each answer to its schema and its size, and asks the questions of
`questions.py`, whose answers come from tool calls alone."""

import asyncio
import json
import subprocess
import sys

import jsonschema
from mcp import Client, StdioServerParameters

from questions import QUESTIONS

# Arguments with which each tool has an answer.
CALLS = {
    "search": {"text": "huang"},
    "show": {"player": "openai"},
    "ask": {"query": "investments-in", "parameters": {"player": "openai"}},
    "query": {"sparql": "SELECT DISTINCT ?edge ?who { ?edge pm:from ?who ; pm:to id:openai ; pm:restsOn ?claim }"},
    "board": {"top": 4},
    "conflicts": {},
    "control": {"of": "openai"},
    "dependence": {"of": ["openai"]},
    "diff": {"d1": "2025-09-01", "d2": "2025-10-15"},
    "exposure": {"of": "openai"},
    "loops": {"through": ["openai"], "max_length": 3},
    "paths": {"source": "nvidia", "target": "oracle"},
    "standing": {},
    "timeline": {"from": "2025-09"},
    "what_if": {"without": ["nvidia"]},
}
# What rests on the whole board has no claims of its own in each row.
WITHOUT_CLAIMS = {"search", "standing", "board", "what_if", "diff", "show"}
BYTES_MAX = 100_000


def size(result):
    """The bytes of an answer as the protocol sends it."""
    return len(json.dumps(result.model_dump(by_alias=True, exclude_none=True), ensure_ascii=False).encode())


def rows(answer):
    """All rows of an answer, in one table or in several."""
    for table in answer.get("tables", [answer]):
        yield from table["rows"]


def check_evidence(tool, answer):
    """Every claim of a row is there, with its document and its place."""
    for row in rows(answer):
        for one in row["evidence"]:
            claim = answer["claims"][one["claim"]]
            assert claim.get("document") == one["document"], (tool, one)
            assert one["document"] is None or one["document"] in answer["documents"], (tool, one)
        if tool not in WITHOUT_CLAIMS:
            assert row["evidence"], (tool, row)


async def check_tools(client):
    tools = (await client.list_tools()).tools
    assert {tool.name for tool in tools} == set(CALLS), sorted(tool.name for tool in tools)
    for tool in tools:
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
        jsonschema.Draft202012Validator.check_schema(tool.output_schema)
        assert tool.annotations.read_only_hint is True, tool.name
        assert tool.annotations.destructive_hint is False and tool.annotations.open_world_hint is False
        arguments = CALLS[tool.name]
        for more in ({}, {"lang": "zh"}, {"known_by": "2025-10-31", "policy": "latest"}):
            jsonschema.validate(arguments | more, tool.input_schema)
            result = await client.call_tool(tool.name, arguments | more)
            assert not result.is_error, (tool.name, more, result.content)
            answer = result.structured_content
            jsonschema.validate(answer, tool.output_schema)
            assert size(result) <= BYTES_MAX, (tool.name, size(result))
            if tool.name != "board":
                assert json.loads(result.content[0].text) == answer
                check_evidence(tool.name, answer)
        if "as_of" in tool.input_schema["properties"]:
            result = await client.call_tool(tool.name, arguments | {"as_of": "2025-10-15"})
            assert result.structured_content["view"]["as_of"] == "2025-10-15", tool.name
    print(f"{len(tools)} tools: listed, called, their answers keep to their schemas and below {BYTES_MAX} bytes")


async def check_pages(client):
    """What an answer leaves out can be had by what it says."""
    whole, seen = 0, []
    arguments = {"sparql": "SELECT ?claim ?text { ?claim a pm:Claim ; pm:text ?text } ORDER BY ?claim ?text"}
    offset = 0
    while offset is not None:
        result = await client.call_tool("query", arguments | {"offset": offset})
        answer = result.structured_content
        assert size(result) <= BYTES_MAX
        seen += [(row["claim"], row["text"]) for row in answer["rows"]]
        left = answer["left_out"]
        if left is not None:
            whole = left["of"]
            assert left["rows"] == whole - len(seen) and "offset=" in left["how"], left
        offset = left and left["next_offset"]
    assert len(seen) == whole > 500 and len(set(seen)) == whole, (len(seen), whole)
    print(f"{whole} rows came page by page, each once")


async def check_resources(client):
    resources = (await client.list_resources()).resources
    assert {str(resource.uri) for resource in resources} == {
        "powermap://vocabulary", "powermap://analyses", "powermap://queries", "powermap://examples",
    }
    texts = {}
    for resource in resources:
        contents = (await client.read_resource(str(resource.uri))).contents
        texts[str(resource.uri)] = contents[0].text
        assert len(contents[0].text.encode()) <= BYTES_MAX, resource.uri
    assert "pm:investsIn" in texts["powermap://vocabulary"]
    assert "investments-in" in texts["powermap://queries"]
    templates = (await client.list_resource_templates()).resource_templates
    assert {template.uri_template for template in templates} == {"powermap://player/{id}", "powermap://query/{name}"}
    page = (await client.read_resource("powermap://player/openai")).contents[0].text
    assert page.startswith("# OpenAI"), page[:80]
    # Every example is a query that has rows.
    queries = texts["powermap://examples"].split("```sparql\n")[1:]
    for query in queries:
        result = await client.call_tool("query", {"sparql": query.split("```")[0]})
        assert result.structured_content["rows"], query
    print(f"{len(resources)} resources and {len(queries)} example queries")


async def check_prompts(client):
    prompts = (await client.list_prompts()).prompts
    for prompt in prompts:
        # A description ends with an example.
        arguments = {one.name: one.description.split("for example ")[1] for one in prompt.arguments}
        filled = await client.get_prompt(prompt.name, arguments)
        text = filled.messages[0].content.text
        assert "powermap" in text and all(value in text for value in arguments.values()), text
    print(f"{len(prompts)} prompts")


async def check_questions(client):
    wrong = []
    for question, tool, arguments, is_right in QUESTIONS:
        result = await client.call_tool(tool, arguments)
        answer = result.structured_content
        try:
            assert not result.is_error, result.content
            check_evidence(tool if tool in WITHOUT_CLAIMS else "answer of a question", {**answer, "tables": [
                {"rows": [row for row in rows(answer) if row["evidence"]]}]})
            assert is_right(list(rows(answer)), answer)
        except (AssertionError, KeyError, IndexError, TypeError, StopIteration) as error:
            wrong.append(f"{question}: {error!r}\n    {json.dumps(answer, ensure_ascii=False)[:1500]}")
    assert not wrong, "\n".join(wrong)
    assert len(QUESTIONS) >= 40
    print(f"{len(QUESTIONS)} questions answered right")


async def over_pipes(program):
    async with Client(StdioServerParameters(command=program, args=["mcp"])) as client:
        await check_tools(client)
        await check_pages(client)
        await check_resources(client)
        await check_prompts(client)
        await check_questions(client)


async def over_http(program):
    server = subprocess.Popen([program, "serve", "--bind", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True)
    try:
        for line in server.stderr:
            if line.startswith("listening on "):
                break
        address = line.removeprefix("listening on ").strip()
        async with Client(address + "mcp") as client:
            result = await client.call_tool("control", {"of": "openai"})
            assert result.structured_content["rows"][0]["controller"] == "openai-foundation"
            assert len((await client.list_tools()).tools) == len(CALLS)
    finally:
        server.terminate()
        server.wait(20)
    print("the same over HTTP")


def main():
    program = sys.argv[1]
    asyncio.run(over_pipes(program))
    asyncio.run(over_http(program))


main()
