"""Questions to the built-in map, the tool that answers each, and what a careful reader would print: the values are those that
`tests/map/built_in_table.rs` takes from the sources."""


def one(rows, **wanted):
    """The first row with these values."""
    return next(row for row in rows if all(row[name] == value for name, value in wanted.items()))


def names(rows, column):
    return {row[column].removeprefix("id:") for row in rows}


def query(text):
    return {"sparql": text}


def ask(name, **parameters):
    return {"query": name, "parameters": parameters}


WARRANT = "amd-openai-2025-10-warrant"
DATA_CENTRE = "nvidia-openai-2025-09-data-centre"
PLEDGE = "stargate-2025-01-pledge"
LEADERS = "SELECT ?who { ?edge pm:kind pm:Leadership ; pm:to id:openai ; pm:from ?who ; pm:restsOn ?claim }"


def bounds(edge, unit):
    """A query for the resolved value of an edge in a unit."""
    return query(
        f"SELECT ?value ?lower ?upper {{ ?value pm:of id:{edge} ; pm:unit {unit} . "
        "OPTIONAL { ?value pm:lower ?lower } OPTIONAL { ?value pm:upper ?upper } }"
    )


def status(edge):
    return query(f"SELECT ?status {{ id:{edge} pm:status ?status }}")


# The question, the tool, its arguments, and whether rows (and the whole answer) are right.
QUESTIONS = [
    ("Does NVIDIA invest in OpenAI, and AMD not?", "query", query("SELECT ?who { ?who pm:investsIn id:openai }"),
     lambda rows, _: "nvidia" in names(rows, "who") and "amd" not in names(rows, "who")),
    ("Does Disney invest in OpenAI?", "ask", ask("investments-in", player="openai"),
     lambda rows, _: "disney" in names(rows, "investor")),
    ("Who invests in Disney?", "query", query("SELECT ?who { ?who pm:investsIn id:disney }"),
     lambda rows, _: rows == []),
    ("Who invests in AMD?", "query", query("SELECT ?who { ?who pm:investsIn id:amd }"),
     lambda rows, _: "openai" in names(rows, "who")),
    ("Which warrants are there?", "ask", ask("warrants"),
     lambda rows, _: any(f"id:{WARRANT}" in row.values() for row in rows)),
    ("Who controls OpenAI?", "control", {"of": "openai"},
     lambda rows, _: (rows[0]["controller"], rows[0]["verdict"], rows[0]["basis"])
        == ("openai-foundation", "certain", "stated")),
    ("How much of OpenAI does its foundation hold?", "control", {"of": "openai"},
     lambda rows, _: one(rows, controller="openai-foundation")["share_lower"] is None),
    ("How much of OpenAI does Microsoft hold?", "control", {"of": "OpenAI"},
     lambda rows, _: (lambda row: (row["share_lower"], row["share_upper"], row["verdict"]))(one(rows, controller="microsoft"))
        == (0.27, 0.27, "no")),
    ("How much of OpenAI does SoftBank hold?", "control", {"of": "openai"},
     lambda rows, _: (lambda row: (row["share_lower"], row["share_upper"]))(one(rows, controller="softbank")) == (0.11, 0.13)),
    ("Was anybody certain to control OpenAI on 27 October 2025?", "control", {"of": "openai", "as_of": "2025-10-27"},
     lambda rows, _: all(row["verdict"] != "certain" for row in rows)),
    ("Who controls xAI?", "control", {"of": "xai"},
     lambda rows, _: (rows[0]["controller"], rows[0]["verdict"]) == ("spacex", "certain")),
    ("Who controls io?", "control", {"of": "io"},
     lambda rows, _: (rows[0]["controller"], rows[0]["verdict"]) == ("openai", "certain")),
    ("Who controlled io before the takeover was closed?", "control", {"of": "io", "as_of": "2025-06-30"},
     lambda rows, _: rows[0]["verdict"] == "possible"),
    ("How much of AMD can OpenAI hold?", "control", {"of": "amd"},
     lambda rows, _: rows[0]["controller"] == "openai" and rows[0]["verdict"] == "no"
        and rows[0]["share_lower"] == 0 and rows[0]["share_upper"] <= 0.10),
    ("How firm was AMD's warrant, as known by 14 October 2025?", "query", status(WARRANT) | {"known_by": "2025-10-14"},
     lambda rows, _: [row["status"] for row in rows] == ["pm:Committed"]),
    ("And by 31 October, when an article had repeated it?", "query", status(WARRANT) | {"known_by": "2025-10-31"},
     lambda rows, _: [row["status"] for row in rows] == ["pm:Committed"]),
    ("For how many shares is the warrant?", "query",
     query(f"SELECT ?lower ?upper {{ id:{WARRANT} pm:unitsLower ?lower ; pm:unitsUpper ?upper ; pm:unitsUnit pm:StockShare }}"),
     lambda rows, _: (rows[0]["lower"], rows[0]["upper"]) == (160_000_000, 160_000_000)),
    ("Which conditions does the warrant have?", "ask", ask("contingent"),
     lambda rows, _: "claim-e022-b" in names(rows, "claim")),
    ("How firm are NVIDIA's ten gigawatts?", "query", status(DATA_CENTRE) | {"as_of": "2025-09-22"},
     lambda rows, _: [row["status"] for row in rows] == ["pm:LetterOfIntent"]),
    ("How many gigawatts, at least and at most?", "query",
     query(f"SELECT ?lower ?upper {{ id:{DATA_CENTRE} pm:capacityUnit ?unit "
           f"OPTIONAL {{ id:{DATA_CENTRE} pm:capacityLower ?lower }} OPTIONAL {{ id:{DATA_CENTRE} pm:capacityUpper ?upper }} }}"),
     lambda rows, _: (rows[0]["lower"], rows[0]["upper"]) == (10, None)),
    ("What was Oracle worth on 10 September 2025?", "ask", ask("figures-of", player="oracle"),
     lambda rows, _: (lambda row: (row["lower"], row["upper"], row["disputed"]))(
        one(rows, observation="id:oracle-market-capitalisation-2025-09-10")) == (933_000_000_000, 933_000_000_000, True)),
    ("Why is it not the article's figure?", "ask", ask("why", about="oracle-market-capitalisation-2025-09-10"),
     lambda rows, _: one(rows, claim="id:claim-e044")["value_outcome"] == "wins"
        and one(rows, claim="id:claim-s005")["value_outcome"] == "farther from the facts"),
    ("What is pledged for Stargate, and how firmly?", "query", status(PLEDGE),
     lambda rows, _: [row["status"] for row in rows] == ["pm:Announced"]),
    ("How much is pledged?", "query",
     query(f"SELECT ?lower ?upper {{ ?value pm:of id:{PLEDGE} ; pm:lower ?lower ; pm:upper ?upper }}"),
     lambda rows, _: (rows[0]["lower"], rows[0]["upper"]) == (500_000_000_000, 500_000_000_000)),
    ("Who led OpenAI on 16 November 2023?", "query", query(LEADERS) | {"as_of": "2023-11-16"},
     lambda rows, _: names(rows, "who") == {"sam-altman"}),
    ("And on 18 November?", "query", query(LEADERS) | {"as_of": "2023-11-18"},
     lambda rows, _: names(rows, "who") == {"mira-murati"}),
    ("And on 20 November?", "query", query(LEADERS) | {"as_of": "2023-11-20"},
     lambda rows, _: names(rows, "who") == {"emmett-shear"}),
    ("And on 30 November?", "ask", ask("leaders") | {"as_of": "2023-11-30"},
     lambda rows, _: {row["from"] for row in rows if row["to"] == "id:openai"} == {"id:sam-altman"}),
    ("What does SoftBank lose if OpenAI fails?", "exposure", {"of": "openai"},
     lambda rows, _: (lambda row: (row["direct_lower"], row["direct_upper"]))(one(rows, player="softbank")) == (60e9, 60e9)),
    ("And its co-investors?", "exposure", {"of": "openai"},
     lambda rows, _: (lambda row: (row["direct_lower"], row["direct_upper"]))(one(rows, player="openai-co-investors-2025"))
        == (11e9, 11e9)),
    ("And Amazon, of which part is contingent?", "exposure", {"of": "openai"},
     lambda rows, _: (lambda row: (row["direct_lower"], row["direct_upper"]))(one(rows, player="amazon")) == (15e9, 50e9)),
    ("How much of its 50 bn is Amazon bound to pay?", "ask", ask("bound-to-pay", player="openai"),
     lambda rows, _: (lambda row: (row["lower"], row["upper"], row["of_upper"], row["of_status"]))(one(rows, payer="id:amazon"))
        == (15_000_000_000, 15_000_000_000, 50_000_000_000, "contingent")),
    ("How much computing power is OpenAI to get in all?", "ask", ask("compute-total", player="openai"),
     lambda rows, _: (lambda row: (row["lower"], row["upper"]))(one(rows, role="sum")) == (29, None)),
    ("How much of it from Broadcom?", "ask", ask("compute-total", player="openai"),
     lambda rows, _: (lambda row: (row["lower"], row["upper"]))(one(rows, role="part", supplier="id:broadcom")) == (10, 10)),
    ("How much does the article say?", "ask", ask("compute-total", player="openai"),
     lambda rows, _: any(row["upper"] == 26 for row in rows if row["role"] == "stated")),
    ("Which suppliers of OpenAI have a stake in it?", "ask", ask("suppliers-with-a-stake", player="openai"),
     lambda rows, _: {row["supplier"]: row["status"] for row in rows}
        == {"id:disney": "announced", "id:microsoft": "completed", "id:nvidia": "completed"}),
    ("On whom did OpenAI depend in 2024?", "ask", ask("dependence-over-time", player="openai"),
     lambda rows, _: (lambda row: (row["supplier"], row["share_lower"], row["share_upper"]))(
        one(rows, day="2025-09-01", basis="spending")) == ("id:nvidia", 0.8, 0.8)),
    ("Do the years of cash burn contradict their sum?", "conflicts", {},
     lambda rows, _: all(row["about"] != "openai-cumulative-cash-burn-2029" for row in rows)),
    ("Did Brian Chesky and Ron Conway back Altman?", "ask", ask("ouster-backers"),
     lambda rows, _: {"id:brian-chesky", "id:ron-conway"} <= {row["backer"] for row in rows if row["in_event"]}),
    ("How many statements are by unnamed voices?", "ask", ask("anonymous-voices"), lambda rows, _: len(rows) == 28),
    ("Who is 埃里克森?", "search", {"text": "埃里克森", "kind": "player"}, lambda rows, _: rows[0]["id"] == "larry-ellison"),
    ("Whose ticker is MSFT?", "search", {"text": "MSFT"}, lambda rows, _: rows[0]["id"] == "microsoft"),
    ("Who is the strongest player?", "standing", {"max_rows": 2},
     lambda rows, _: [(row["player"], row["piece"]) for row in rows] == [("openai", "king"), ("sam-altman", "queen")]),
    ("How much money goes through Microsoft's hands?", "standing", {},
     lambda rows, _: one(rows, player="microsoft")["money_lower"] == 263e9),
]
