//! The parts of `show` about who a player is: what it was joined from, and what lies within it.

use crate::describe::{Words, empty, time};
use crate::report::{Report, SOURCES, Value};
use crate::words::Message;
use oxigraph::model::NamedNode;
use powermap::model::vocabulary::short_name;
use powermap::model::{Basis, Board, Link, Outcome};

/// What was said of the records of a player being one, with each other or with others; nothing where nobody said anything.
///
/// The words are those of the records as they stand in the text.
pub(crate) fn joined(words: Words<'_>, board: &Board, player: &NamedNode) -> Option<Report> {
    let own = std::slice::from_ref(player);
    let members = match board.joined.members(player) {
        [] => own,
        members => members,
    };
    let is_own = |id: &NamedNode| members.binary_search(id).is_ok();
    let links = board.joined.links().iter();
    let links: Vec<_> = links
        .filter(|link| link.players.iter().any(is_own))
        .collect();
    if links.is_empty() {
        return None;
    }
    let mut report = Report::new(
        words.lang,
        "identities",
        Message::JoinedFrom.text(words.lang),
        [
            ("a", Message::HeadingRecord),
            ("b", Message::HeadingOtherRecord),
            ("outcome", Message::HeadingOutcome),
            ("identifier", Message::HeadingIdentifier),
            ("status", Message::HeadingStatus),
            SOURCES,
            ("claims", Message::HeadingClaims),
        ],
    )
    .for_programs_only(["claims"]);
    for link in links {
        let [one, other] = &link.players;
        let (identifier, status) = match &link.basis {
            Basis::Identity(_, status) => (empty(), words.status(*status)),
            Basis::Identifier(scheme, value) => {
                let scheme = short_name(scheme.as_str());
                (format!("{scheme} {value}").into(), empty())
            }
        };
        report.push([
            words.thing(one),
            words.thing(other),
            outcome(words, link),
            identifier,
            status,
            words.sources(&link.claims),
            words.claims(&link.claims),
        ]);
    }
    Some(report)
}

fn outcome(words: Words<'_>, link: &Link) -> Value {
    let plain = |message: Message| message.text(words.lang).to_owned();
    let of_two = |message: Message, [one, other]: &[NamedNode; 2]| {
        let (one, other) = (words.name(one), words.name(other));
        message.filled(words.lang, &[("one", &one), ("other", &other)])
    };
    let (data, people) = match &link.outcome {
        Outcome::Joined => ("joined", plain(Message::OutcomeJoined)),
        Outcome::Different => ("different", plain(Message::OutcomeDifferent)),
        Outcome::Loose => ("loose", plain(Message::OutcomeLoose)),
        Outcome::Contradicted(pair) => ("contradicted", of_two(Message::OutcomeContradicted, pair)),
        Outcome::Unlike(pair) => ("unlike", of_two(Message::OutcomeUnlike, pair)),
    };
    Value::Words {
        people,
        data: data.to_owned(),
    }
}

/// The edges that are not on the board since the player is at both their ends; nothing where there are none.
pub(crate) fn within(words: Words<'_>, board: &Board, player: &NamedNode) -> Option<Report> {
    let mut report = Report::new(
        words.lang,
        "edges_within",
        Message::EdgesWithin.text(words.lang),
        [
            ("edge", Message::HeadingEdge),
            ("from", Message::HeadingFrom),
            ("to", Message::HeadingTo),
            ("family", Message::HeadingFamily),
            ("kind", Message::HeadingKind),
            ("since", Message::HeadingSince),
            ("until", Message::HeadingUntil),
        ],
    );
    for id in &board.within {
        let Some(edge) = words.records.edges.get(id) else {
            continue;
        };
        if board.joined.shown(&edge.from) != player {
            continue;
        }
        let mut row = Vec::from(words.edge(id, edge));
        row.extend([time(edge.since), time(edge.until)]);
        report.push(row);
    }
    (!report.is_empty()).then_some(report)
}
