//! All arguments of the program.

mod board;
mod import;
#[cfg(feature = "server")]
mod serve;

pub(crate) use board::Board;
pub(crate) use import::{Import, Kind};
#[cfg(feature = "server")]
pub(crate) use serve::Serve;

use crate::command::{export::Target, generate::Form};
use crate::number::{self, whole};
use crate::options::Options;
use crate::parameters;
use crate::verbs::{self, Call};
use clap::{Args as ClapArgs, CommandFactory, FromArgMatches, Parser, Subcommand};
use powermap::model::{Day, generate::EDGES_MAX, generate::PLAYERS_MAX};
use powermap_rdf::Format;
use std::ffi::OsString;
use std::path::PathBuf;

/// Maps of power: who owns, funds, supplies and steers whom, and who says so
#[derive(Debug, Parser)]
#[command(
    name = "powermap",
    version,
    after_help = "\
Examples:
  powermap show openai
  powermap query 'SELECT ?who { ?who pm:investsIn id:openai }'
  powermap --lang zh --as-of 2025-10-01 timeline

Exit code: 0 done; 1 the answer is no (ASK is false, a check found problems); 2 error."
)]
pub(crate) struct Args {
    /// What every verb takes.
    #[command(flatten)]
    pub(crate) options: Options,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The format of a map by its name on the command line; the error lists the names.
pub(crate) fn map_format(text: &str) -> Result<Format, String> {
    let names: [(&str, Format); 7] = [
        ("turtle", Format::Turtle),
        ("trig", Format::TriG),
        ("ntriples", Format::NTriples),
        ("nquads", Format::NQuads),
        ("rdfxml", Format::RdfXml),
        ("jsonld", Format::JsonLd),
        ("csv", Format::Csv),
    ];
    let found = names.iter().find(|(name, _)| *name == text);
    found.map(|(_, format)| *format).ok_or_else(|| {
        let names = names.map(|(name, _)| name);
        format!("expected one of {}", names.join(", "))
    })
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// An analysis of the table.
    #[command(skip)]
    Analysis(Call),

    /// Run a SPARQL query on the map, its board and the ontology
    #[command(after_help = "\
The prefixes pm:, id:, call:, cur:, unit: and the usual ones need no declaration. ASK gives exit
code 1 for false.

Examples:
  powermap query 'SELECT ?who ?whom { ?who pm:investsIn ?whom }' --as-of 2025-09-30
  powermap query --file deals.rq --format csv --output deals.csv
  echo 'ASK { id:nvidia pm:investsIn id:openai }' | powermap query -")]
    Query(Query),

    /// Tell the story of the map: the circle of money, the largest deals, who depends on whom
    #[command(after_help = "\
Each figure has the number of its source. --all prints the tables behind it; with --output, the
story, each table and a picture become files in that folder.

Examples:
  powermap tour
  powermap tour --lang zh --as-of 2025-10-31
  powermap tour --all
  powermap tour --format markdown --output tour/")]
    Tour,

    /// Tell what there is to know about one player, on one page
    #[command(after_help = "\
Each figure has the number of its source. Formats: table (text), markdown, html, and csv, tsv or json with
one sentence in a row.

Examples:
  powermap brief openai
  powermap brief 甲骨文 --lang zh
  powermap brief nvidia --output nvidia.html")]
    Brief(Show),

    /// Show all there is about one player: deals, edges, figures, what is said, conflicts
    #[command(after_help = "\
Examples:
  powermap show openai
  powermap show 甲骨文 --lang zh
  powermap show \"Sam Altman\" --format json")]
    Show(Show),

    /// Draw the board: players as pieces on squares, edges as arrows
    #[command(after_help = "\
Without --format, the ending of --output decides; stdout gets SVG. Parallel edges of one family become
one arrow with the sum of their amounts. Drawn are the players with the most at stake: the members of
the greatest loops, who closes a loop with them, who deals in the most money with them; and who leads
them. A note under the picture counts what is left out.

Examples:
  powermap board --output board.svg
  powermap board --output board.html          (a page to explore, in both languages)
  powermap board --around oracle --hops 1 --lang zh --output oracle.png
  powermap board --players openai,nvidia,amd --family investment --theme dark > three.svg
  powermap board --look board --family investment,supply,influence --size 16:9 --output slide.png
  powermap board --diff 2025-09-01 2025-10-15 --output what-changed.svg
  powermap board --format dot | dot -Tpdf > board.pdf
  powermap board --output board.gexf          (with the places, for Gephi; .graphml for yEd and others)")]
    Board(Box<Board>),

    /// Ask a named query, or list them all
    #[command(after_help = "\
The parameters of a query are options behind its name; `powermap ask NAME --help` shows them.

Examples:
  powermap ask
  powermap ask investments-in --player openai
  powermap ask investments-in --help
  powermap ask my-query --queries my-queries/")]
    Ask(Ask),

    /// Change a map on disk with a SPARQL update
    #[command(after_help = "\
The text stays as it is: changes go to a patch file beside it, whole or not at all. The board and
the ontology are derived and cannot be written. What changed is printed on stderr.

Examples:
  powermap export --output my-map/
  powermap update --map my-map/ \"INSERT DATA { id:acme a pm:Company ; rdfs:label 'Acme'@en }\"
  powermap update --map my-map/ --file changes.ru --dry-run")]
    Update(Update),

    /// Bring tables, RDF and data of registers, leaks and filings into a map on disk
    #[command(after_help = "\
Tables are recognised by the last word of their name (players, identifiers, identities, edges,
claims, observations, deals, documents) or by --as; RDF files by their ending. The files are checked
together with the map and written into its folder as they are, all or none. With --keep-going, bad
rows are left out, listed on stderr, and the exit code is 1.

Data of FollowTheMoney, BODS, Companies House, GLEIF, LittleSis, Offshore Leaks, Wikidata and the
SEC (schedules 13D and 13G) and workbooks (.xlsx, .ods) are recognised by their content, plain or
packed by gzip, zip or zstd, and written as Turtle. What has no place in a map is listed by kind.

Tables whose columns are not ours (\"Investor\", \"Amount (USD m)\", \"投资方\") are read by a mapping.toml,
which says what each column is: --suggest writes a first one from their headings and cells, and
marks with \"?\" what they do not tell. Players are found by name, alias and identifier.

With --replace, the files take the place of their earlier editions in the map, whose claims are
gone, and what changed on the board is printed.

Examples:
  powermap import edges.csv --into my-map/
  powermap import owners.ftm.json --into my-map/ --replace
  powermap import owners.ftm.json gleif.xml.gz --into my-map/
  powermap import 2025-deals.csv --as edges --into my-map/
  powermap import players.csv edges.csv more.ttl --into my-map/ --keep-going
  powermap import deals.xlsx --suggest --output mapping.toml
  powermap import deals.xlsx --mapping mapping.toml --into my-map/")]
    Import(Import),

    /// Write the map in another format
    #[command(after_help = "\
Formats: turtle, trig, ntriples, nquads, rdfxml, jsonld, csv (a folder of eight files) and parquet
(a folder of ten). Without --to, the ending of --output decides; a folder gets Turtle. For tools that know networks (Gephi,
yEd, igraph, Graphviz): graphml, gexf and dot hold the board of the day, every player and every
edge of it with status, amounts, days and sources, without places. Of the field: ftm (entities of
FollowTheMoney), bods (statements of BODS 0.4) and xlsx (a workbook, a sheet for each table); what
these do not hold is counted on stderr.

Examples:
  powermap export --output my-map/
  powermap export --to csv --output tables/
  powermap export --to parquet --output tables/
  powermap export --to trig --with-board --as-of 2025-10-31 > board.trig
  powermap export --output board.gexf
  powermap export --to ftm --output map.ftm.json
  powermap export --output map.xlsx")]
    Export(Export),

    /// Compile a map into one file that opens in microseconds
    #[command(after_help = "\
The file (.pmap) has the text, the ontology and the board of the default view, and goes with --map
wherever a folder does. It cannot be updated: update the text and compile again. For maps of some
megabytes this is done without asking, in the user's cache folder; see --no-cache.

Examples:
  powermap compile my-map/ --output my-map.pmap
  powermap query --map my-map.pmap 'SELECT ?who { ?who pm:investsIn id:openai }'")]
    Compile(Compile),

    /// Make up a map for benchmarks and tests: the same options give the same bytes
    #[command(after_help = "\
Degrees have a power-law tail with the exponent 2 + 1/SKEW. Formats: turtle, trig, ntriples, nquads,
rdfxml, jsonld, csv (a folder of eight files, made in memory) and edges (one table, the fastest).
Without --to, the ending of --output decides: .csv means edges, a folder csv.

Examples:
  powermap generate --players 100 --edges 500 --output made-up.ttl
  powermap generate --players 100000 --edges 1000000 --seed 7 --skew 2 --to edges > edges.csv
  powermap generate --players 50 --edges 200 --to csv --output made-up/")]
    Generate(Generate),

    /// Check the map: records, shapes, totals and contradictions
    #[command(after_help = "\
Reads every record, checks the SHACL shapes, and runs the named queries of the topic `checks`. Exit
code 1 if anything is found. Columns: check, count, finding, examples (about, file, line with --all).

Example:
  powermap check --map my-map/ --all")]
    Check,

    /// List players that may be one, with what speaks for it and against it
    #[command(after_help = "\
Compared are players with an identifier in common, or a name: without regard to case, punctuation,
marks and legal forms, in Latin letters. Pairs that identities.csv decides are left out. As CSV, the
rows are those of identities.csv, rumoured, which joins nobody: set the status to completed to accept
a row, and same to no as well to refuse it, and import the file.

Examples:
  powermap identities --map my-map/
  powermap identities --map my-map/ --output identities.csv
  powermap import identities.csv --into my-map/")]
    Identities,

    /// Write the map as a static site, which any web space can carry
    #[command(after_help = "\
The folder of --output gets a page for each player, deal, claim and document, the loops, the board, and
the data of each as JSON and CSV; search.json has every name with its page. Each figure links to its
claim. The same map gives the same bytes, and the address of a page is that of its id.

Example:
  powermap publish --map my-map/ --output site/")]
    Publish(Publish),

    /// Ask the question of a file of evidence again, and say what still holds
    #[command(after_help = "\
The answers of the analyses, query, ask, show, brief and tour can be kept with --evidence FILE: the
question, the view, the rows, the claims and documents beneath them, and the hash of the map. verify
asks again on the map of --map, from the same view, and names what changed and because of which claim.
--as-of and --known-by look from another day. Exit code 0 if everything holds, 1 if not.

Examples:
  powermap control openai --evidence control.json
  powermap verify control.json
  powermap verify control.json --map my-map/ --format json")]
    Verify(Verify),

    /// Serve the map over HTTP: SPARQL, the analyses as JSON and CSV, pictures
    #[cfg(feature = "server")]
    #[command(after_help = "\
/sparql takes queries by the SPARQL 1.1 Protocol, /graphs is the graph store, /api/ANALYSIS, /api/players,
/api/show/PLAYER and /api/ask/QUERY answer as JSON or CSV, /board.svg (png, html, dot, json …) draws,
/mcp answers assistants, /openapi.json describes it all. Every address takes as-of, known-by, policy
and lang. A request may take 30 seconds where --timeout does not say.

Examples:
  powermap serve
  powermap serve --map my-map/ --bind 127.0.0.1:8080 --timeout 10
  powermap serve --map my-map/ --writable --token-file token.txt
  curl 'http://127.0.0.1:7878/api/control?of=openai'")]
    Serve(Serve),

    /// Answer assistants by the Model Context Protocol, on stdin and stdout
    #[cfg(feature = "server")]
    #[command(after_help = "\
Tools: search, show, ask, query, board, and one for each analysis; each row of an answer carries its
claims with document and place. Resources: the vocabulary, the analyses, the named queries, examples.
A call may take 20 seconds where --timeout does not say.

Examples:
  powermap mcp
  powermap mcp --map my-map/ --as-of 2025-10-31 --timeout 5")]
    Mcp,

    /// Print a script that completes commands in a shell
    #[command(after_help = "\
Example:
  powermap completions bash > ~/.local/share/bash-completion/completions/powermap")]
    Completions(Completions),
}

impl Command {
    /// Whether the program answers others until it is told to stop.
    pub(crate) fn is_serve(&self) -> bool {
        #[cfg(feature = "server")]
        return matches!(self, Self::Serve(_));
        #[cfg(not(feature = "server"))]
        false
    }
}

/// `query`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Query {
    /// The query, or - to read it from stdin
    #[arg(required_unless_present = "file", conflicts_with = "file")]
    pub(crate) text: Option<String>,
    /// Read the query from this file
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Say on stderr how the query was evaluated: the steps on the columns of a compiled map, and their rows
    #[arg(long)]
    pub(crate) explain: bool,
}

/// `ask`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Ask {
    /// The name of the query; without one, all are listed
    pub(crate) name: Option<String>,
    /// Add the queries of this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) queries: Option<PathBuf>,
    /// A parameter; the same as --NAME VALUE after the name of the query
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter, requires = "name")]
    pub(crate) param: Vec<(String, String)>,
    /// Show what the query answers and takes
    #[arg(long, hide = true, requires = "name")]
    pub(crate) describe: bool,
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=').filter(|(name, _)| !name.is_empty());
    parts
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| format!("expected a value, as in --{text} VALUE or --param {text}=VALUE"))
}

/// `update`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Update {
    /// The update, or - to read it from stdin
    #[arg(required_unless_present = "file", conflicts_with = "file")]
    pub(crate) text: Option<String>,
    /// Read the update from this file
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// How long to wait while other processes change the map, in seconds
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 30,
        allow_negative_numbers = true,
        value_parser = whole::<u32>(0, u64::from(u32::MAX), "30")
    )]
    pub(crate) wait: u32,
}

/// `export`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Export {
    /// turtle, trig, ntriples, nquads, rdfxml, jsonld, csv, parquet, ftm, bods or xlsx for the map; graphml, gexf or dot for its board
    #[arg(long, value_name = "FORMAT", value_parser = Target::of_name)]
    pub(crate) to: Option<Target>,
    /// Add the board of the day as the graph pm:board (trig, nquads, jsonld)
    #[arg(long)]
    pub(crate) with_board: bool,
}

/// `compile`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Compile {
    /// A folder or a file, as for --map
    #[arg(value_name = "MAP", conflicts_with = "map")]
    pub(crate) path: Option<PathBuf>,
}

/// `generate`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Generate {
    /// How many players
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        value_parser = whole::<u32>(0, PLAYERS_MAX.into(), "1000")
    )]
    pub(crate) players: u32,
    /// How many edges
    #[arg(
        long,
        value_name = "M",
        allow_negative_numbers = true,
        value_parser = whole::<u64>(0, EDGES_MAX, "5000")
    )]
    pub(crate) edges: u64,
    /// Where the random numbers begin
    #[arg(
        long,
        value_name = "S",
        default_value_t = 1,
        allow_negative_numbers = true,
        value_parser = whole::<u64>(0, u64::MAX, "7")
    )]
    pub(crate) seed: u64,
    /// How unequal the degrees are: 0 (uniform) to 10
    #[arg(
        long,
        value_name = "SKEW",
        default_value_t = 1.0,
        allow_negative_numbers = true,
        value_parser = number::skew
    )]
    pub(crate) skew: f64,
    /// The first day of the deals
    #[arg(long, value_name = "DAY", default_value = "2015-01-01")]
    pub(crate) from: Day,
    /// The last day of the deals and claims
    #[arg(long, value_name = "DAY", default_value = "2025-12-31")]
    pub(crate) until: Day,
    /// turtle, trig, ntriples, nquads, rdfxml, jsonld, csv or edges [default: turtle]
    #[arg(long, value_name = "FORMAT", value_parser = form)]
    pub(crate) to: Option<Form>,
}

fn form(text: &str) -> Result<Form, String> {
    match text {
        "edges" => Ok(Form::Edges),
        _ => map_format(text)
            .map(Form::Map)
            .map_err(|expected| format!("{expected}, edges")),
    }
}

/// `publish`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Publish {
    /// What stands above the first page
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
}

/// `verify`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Verify {
    /// The file that --evidence wrote
    pub(crate) file: PathBuf,
}

/// `completions`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// `show`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Show {
    /// An id, an IRI, or a name in any language
    pub(crate) player: String,
}

/// Reads the arguments of the program, the first of which is its name.
///
/// # Errors
/// Help and version count as errors, as clap has it; see [`clap::Error::kind`].
pub(crate) fn parse(command: clap::Command, arguments: Vec<OsString>) -> Result<Args, clap::Error> {
    let matches = command.try_get_matches_from(parameters::rewrite(arguments))?;
    match verbs::call(&matches) {
        Some(call) => Ok(Args {
            options: Options::from_arg_matches(&matches)?,
            command: Command::Analysis(call),
        }),
        None => Args::from_arg_matches(&matches),
    }
}

/// The program with all its verbs: those that are written here, and one for each analysis.
pub(crate) fn command() -> clap::Command {
    Args::command().subcommands(verbs::commands())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        command().debug_assert();
    }
}
