//! One row of each table as a record.

use crate::format::csv::Table;
use crate::format::csv::cells;
use crate::format::csv::claim;
use crate::format::csv::ids::own;
use crate::format::csv::print;
use crate::format::csv::scheme::{one_listed, scheme_cell};
use crate::format::csv::sheet::{Fault, Row, Spot};
use crate::model::identifier::normal_value;
use crate::model::name::{Family, PlayerType, Tier};
use crate::model::record::{
    Claim, Deal, Document, Edge, Identifier, Identity, MapDescription, Observation, Player, Topic,
};
use oxigraph::model::NamedNode;

/// What a row says, before it is known what the other rows say.
pub(super) enum Draft {
    Player(NamedNode, Player, Vec<Identifier>),
    Topic(NamedNode, Topic),
    Map(NamedNode, MapDescription),
    Deal(NamedNode, Deal),
    Document(NamedNode, Document),
    Identifier(Claimed<Identifier>),
    Identity(Claimed<Identity>),
    Edge(Claimed<Edge>),
    Observation(Claimed<Observation>),
    Claim(ClaimRow),
}

/// A row of claims.
pub(super) struct ClaimRow {
    pub(super) spot: Spot,
    pub(super) id: Option<NamedNode>,
    pub(super) claim: Claim,
}

/// A row with a thing and a claim about it.
pub(super) struct Claimed<T> {
    pub(super) spot: Spot,
    /// The id of the thing, if it is given.
    pub(super) id: Option<NamedNode>,
    pub(super) thing: T,
    /// The claim; what it is about is filled in when the id of the thing is known.
    pub(super) claim: Claim,
    /// Whether the row says anything of a claim.
    pub(super) is_said: bool,
}

/// Reads a row; `None` where something that is needed is missing, which the row has noted.
pub(super) fn read(table: Table, row: &mut Row<'_, '_>, schemes: &[NamedNode]) -> Option<Draft> {
    match table {
        Table::Players => player(row, schemes),
        Table::Identifiers => identifier(row, schemes),
        Table::Identities => identity(row),
        Table::Edges => edge(row),
        Table::Claims => claim_row(row),
        Table::Observations => observation(row),
        Table::Deals => deal(row),
        Table::Documents => document(row),
    }
}

const ID: &str = "an id such as 'sam-altman'";

fn player(row: &mut Row<'_, '_>, schemes: &[NamedNode]) -> Option<Draft> {
    let id = row.required("id", ID, cells::id);
    let kind = row.required("type", "a type such as company", row_type);
    let labels = row.labels("name");
    let aliases = row
        .text("alias")
        .map_or(Vec::new(), |text| cells::list(&text));
    let note = row.text("note");
    let part_of = row.reference("part_of");
    let identifiers = listed(row, id.as_ref(), schemes);
    let (id, kind) = (id?, kind?);
    let player_type = match kind {
        RowType::Player(player_type) => player_type,
        RowType::Topic => {
            let unused = ["alias", "note", "part_of", "identifier"];
            leave_empty(row, &unused, "a topic has names only");
            return Some(Draft::Topic(id, Topic { labels }));
        }
        RowType::Map => {
            let unused = ["alias", "part_of", "identifier"];
            leave_empty(row, &unused, "a map has names and a note only");
            return Some(Draft::Map(id, MapDescription { labels, note }));
        }
    };
    let player = Player {
        player_type,
        labels,
        aliases,
        note,
        part_of,
    };
    Some(Draft::Player(id, player, identifiers))
}

/// Rejects cells of columns that a row has no use for.
fn leave_empty(row: &mut Row<'_, '_>, columns: &[&str], why: &'static str) {
    for column in columns {
        if row.has(column) {
            row.reject(column, Fault::new(why).with_hint("leave the cell empty"));
        }
    }
}

/// What a row of the table of players is: a player, a topic, or the map itself.
#[derive(Clone, Copy)]
enum RowType {
    Player(PlayerType),
    Topic,
    Map,
}

fn row_type(text: &str) -> Result<RowType, Fault> {
    match text {
        "topic" => Ok(RowType::Topic),
        "map" => Ok(RowType::Map),
        _ => {
            let names = PlayerType::ALL.iter().map(|one| one.name());
            let names = names.chain(["topic", "map"]);
            cells::listed(text, names, PlayerType::from_class).map(RowType::Player)
        }
    }
}

fn deal(row: &mut Row<'_, '_>) -> Option<Draft> {
    let id = row.required("id", ID, cells::id);
    let deal = Deal {
        is_event: row.read("event", cells::boolean).unwrap_or(false),
        labels: row.labels("label"),
        announced: row.time("announced"),
        note: row.text("note"),
    };
    Some(Draft::Deal(id?, deal))
}

fn document(row: &mut Row<'_, '_>) -> Option<Draft> {
    let id = row.required("id", ID, cells::id);
    let document = Document {
        title: row.text("title"),
        labels: row.labels("label"),
        issued: row.time("issued"),
        url: row.read("url", url),
        tier: row.read("tier", |text| {
            cells::listed(text, Tier::ALL.iter().map(|one| one.name()), Tier::from_iri)
        }),
    };
    Some(Draft::Document(id?, document))
}

fn url(text: &str) -> Result<String, Fault> {
    match NamedNode::new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(Fault::new(format!("'{text}' is not a URL"))
            .with_hint("write it in full, with https:// in front and %20 for spaces")),
    }
}

fn edge(row: &mut Row<'_, '_>) -> Option<Draft> {
    let from = row.required_player("from", "the id of the player who acts");
    let to = row.required_player("to", "the id of the player acted upon");
    let family = row.required("family", "investment, supply or influence", |text| {
        cells::listed(
            text,
            Family::ALL.iter().map(|one| one.name()),
            Family::from_iri,
        )
    });
    let id = row.read("id", cells::id);
    let kind = row.concept("kind");
    let deal = row.reference("deal");
    let since = row.time("since");
    let until = row.time("until");
    let part_of_total = row.reference("part_of_total");
    let components = row.references("components", id.as_ref());
    let labels = row.labels("label");
    let is_said = claim::is_said(row);
    let claim = claim::read(row, own("x"));
    if row.has("locator") && !row.has("document") {
        let fault = Fault::new("there is no document that it could be a place in");
        row.reject("locator", fault.with_hint("fill in the column 'document'"));
    }
    let thing = Edge {
        family: family?,
        kind,
        from: from?,
        to: to?,
        deal,
        since,
        until,
        part_of_total,
        components,
        labels,
    };
    Some(Draft::Edge(Claimed {
        spot: row.spot(),
        id,
        thing,
        claim,
        is_said,
    }))
}

fn observation(row: &mut Row<'_, '_>) -> Option<Draft> {
    let subject = row.required_reference("subject", "the id of a player, product or topic");
    if !row.has("metric") {
        row.required("metric", "a metric such as revenue", cells::concept);
    }
    let metric = row.concept("metric");
    let id = row.read("id", cells::id);
    let period = row.time("period");
    let deal = row.reference("deal");
    let part_of_total = row.reference("part_of_total");
    let labels = row.labels("label");
    let is_said = claim::is_said(row);
    if is_said && !row.has("document") {
        row.required("document", DOCUMENT, cells::id);
    }
    let claim = claim::read(row, own("x"));
    let thing = Observation {
        subject: subject?,
        metric: metric?,
        period,
        deal,
        part_of_total,
        labels,
    };
    Some(Draft::Observation(Claimed {
        spot: row.spot(),
        id,
        thing,
        claim,
        is_said,
    }))
}

const DOCUMENT: &str = "the id or the address of the text that says so";

fn claim_row(row: &mut Row<'_, '_>) -> Option<Draft> {
    let about = row.required_reference("about", "the id of what the claim is about");
    if !row.has("document") {
        row.required("document", DOCUMENT, cells::id);
    }
    let id = row.read("id", cells::id);
    let period = row.time("period");
    let mut claim = claim::read(row, about?);
    claim.period = period;
    Some(Draft::Claim(ClaimRow {
        spot: row.spot(),
        id,
        claim,
    }))
}

/// Reads the list of identifiers of a player: `lei:549300S4KLFTLO7GSQ80;wikidata:Q21708200`.
fn listed(
    row: &mut Row<'_, '_>,
    player: Option<&NamedNode>,
    schemes: &[NamedNode],
) -> Vec<Identifier> {
    let Some(text) = row.text("identifier") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for part in cells::list(&text) {
        match one_listed(&part, schemes) {
            Ok((scheme, value)) => found.extend(player.map(|player| Identifier {
                player: player.clone(),
                scheme,
                value,
            })),
            Err(fault) => row.reject("identifier", fault),
        }
    }
    found
}

/// Reads a row of `identifiers.csv`.
fn identifier(row: &mut Row<'_, '_>, schemes: &[NamedNode]) -> Option<Draft> {
    let player = row.required_reference("player", "the id of the player who has it");
    let scheme = row.required("scheme", "a scheme such as lei", |text| {
        scheme_cell(text, schemes)
    });
    let value = row.required("value", "the identifier", |text| match &scheme {
        Some(scheme) => Ok(normal_value(scheme, text)?),
        None => Ok(text.to_owned()),
    });
    let id = row.read("id", cells::id);
    let is_said = claim::is_said(row);
    let claim = claim::read(row, own("x"));
    let thing = Identifier {
        player: player?,
        scheme: scheme?,
        value: value?,
    };
    Some(Draft::Identifier(Claimed {
        spot: row.spot(),
        id,
        thing,
        claim,
        is_said,
    }))
}

/// Reads a row of `identities.csv`.
fn identity(row: &mut Row<'_, '_>) -> Option<Draft> {
    let one = row.required_reference("a", "the id of a player");
    let other = row.required_reference("b", "the id of another player");
    let id = row.read("id", cells::id);
    let is_said = row.has("same") || claim::is_said(row);
    if is_said && !row.has("same") {
        row.required("same", "yes or no", cells::boolean);
    }
    let claim = claim::read(row, own("x"));
    let (one, other) = (one?, other?);
    let Some(thing) = Identity::between(one.clone(), other) else {
        let name = print::id_or_iri(&one);
        let fault = Fault::new(format!("'{name}' is the player in the column 'a' too"));
        row.reject(
            "b",
            fault.with_hint("give the other player, or remove the row"),
        );
        return None;
    };
    Some(Draft::Identity(Claimed {
        spot: row.spot(),
        id,
        thing,
        claim,
        is_said,
    }))
}
