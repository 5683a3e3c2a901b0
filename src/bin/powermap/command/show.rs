//! `show`: all there is about one player.

use crate::args::Show;
use crate::command::{analysis, identities};
use crate::describe::{Words, claim_id, time, values};
use crate::evidence;
use crate::exit::Exit;
use crate::input;
use crate::options::Options;
use crate::output::Output;
use crate::report::{self, Column, QUANTITY, Report, SOURCES, Value};
use crate::words::Message;
use anyhow::Result;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap::Map;
use powermap::analysis::{Analysis, Answer, CONFLICTS, CONTROL, Cell, DEPENDENCE, EXPOSURE, LOOPS};
use powermap::evidence::Question;
use powermap::model::vocabulary::short_name;
use powermap::model::{Board, Claim, Edge, Lang, TimeSpan};
use std::collections::{HashMap, HashSet};

/// The headings that several of the reports share.
const CLAIMS: Column = ("claims", Message::HeadingClaims);
const STATUS: Column = ("status", Message::HeadingStatus);
const KIND: Column = ("kind", Message::HeadingKind);

pub(crate) fn run(args: &Show, options: &Options, output: &Output) -> Result<Exit> {
    let map = input::map(options, output)?;
    let player = map.player(&args.player)?;
    let mut reports = reports(&map, &player, options.lang)?;
    evidence::write(options, &map, || Question::Show {
        player: short_name(player.as_str()).to_owned(),
    })?;
    let is_cut = reports
        .iter_mut()
        .map(|report| report.cut(options.limit_rows))
        .fold(false, |some, one| some | one);
    report::write_all(&reports, "", output)?;
    if is_cut {
        output.cut(options.limit_rows);
    }
    Ok(Exit::Done)
}

/// All there is about a player.
pub(crate) fn reports(map: &Map, player: &NamedNode, lang: Lang) -> Result<Vec<Report>> {
    reports_among(map, player, lang, &all_contradictions(map)?)
}

/// All there is about a player, with its contradictions out of all there are.
pub(crate) fn reports_among(
    map: &Map,
    player: &NamedNode,
    lang: Lang,
    found: &Answer,
) -> Result<Vec<Report>> {
    let records = map.shown_records()?;
    let board = map.board()?;
    let words = Words::of(map, records, lang);
    let said = |key, title, keep: &dyn Fn(&Claim) -> bool| said(words, key, title, keep);
    let about = |claim: &Claim| claim.about == *player;
    let by = |claim: &Claim| {
        claim.asserted_by.as_ref() == Some(player) || claim.attributed_to.as_ref() == Some(player)
    };
    let concerns = |id: &NamedNode| id == player || records.takes_part(player, id);
    let position = map.position()?;
    let of = |name: &'static str| vec![(name, player.as_str().to_owned())];
    let part = |entry: &Analysis, given: &[(&'static str, String)], title: Message| {
        let section = analysis::section(words, map, &position, entry, given)?;
        anyhow::Ok(section.titled(title.text(words.lang)))
    };
    let mut reports = vec![
        identity(words, player),
        deals(words, board, Some(player)),
        edges(
            words,
            board,
            "edges_out",
            Message::ToOthers.text(words.lang),
            |edge| edge.from == *player,
        ),
        edges(
            words,
            board,
            "edges_in",
            Message::FromOthers.text(words.lang),
            |edge| edge.to == *player,
        ),
        observations(words, board, Some(player)),
        said("said_about", Message::SaidAbout, &about),
        said("said_by", Message::SaidBy, &by),
        part(&LOOPS, &of("through"), Message::LoopsThroughIt)?,
        part(&DEPENDENCE, &of("of"), Message::DependsOn)?,
        part(&CONTROL, &of("of"), Message::OwnedBy)?,
        part(&EXPOSURE, &of("of"), Message::HurtIfItFails)?,
        contradictions(words, map, found, concerns)?,
    ];
    let as_written = Words::of(map, map.records()?, lang);
    let own = [
        identities::joined(as_written, board, player),
        identities::within(as_written, board, player),
    ];
    reports.splice(1..1, own.into_iter().flatten());
    Ok(reports)
}

/// All claims that do not go together; runs every check query of the map.
pub(crate) fn all_contradictions(map: &Map) -> Result<Answer> {
    Ok(map.answer_on(&map.position()?, &CONFLICTS, [])?)
}

/// Those of the claims that do not go together that are about whatever a condition holds of.
pub(crate) fn contradictions(
    words: Words<'_>,
    map: &Map,
    found: &Answer,
    keep: impl Fn(&NamedNode) -> bool,
) -> Result<Report> {
    let position = map.position()?;
    let mut answer = found.clone();
    answer
        .rows
        .retain(|row| matches!(row.cells.first(), Some(Cell::Id(about)) if keep(about)));
    Ok(analysis::evident(words, &position, &CONFLICTS, &answer))
}

/// Who the player is.
fn identity(words: Words<'_>, id: &NamedNode) -> Report {
    let mut report = Report::new(
        words.lang,
        "player",
        words.name(id),
        [
            ("field", Message::HeadingField),
            ("value", Message::HeadingValue),
        ],
    );
    let Some(player) = words.records.players.get(id) else {
        return report;
    };
    let lang = words.lang;
    let mut line = |data: &str, people: &str, value: Value| {
        let (data, people) = (data.to_owned(), people.to_owned());
        report.push([Value::Words { people, data }, value]);
    };
    let (own, id) = (id, short_name(id.as_str()));
    line("id", Message::HeadingId.text(lang), id.into());
    let kind = player.player_type;
    let class = words.class_value(&kind.class(), kind.name());
    line("type", Message::HeadingType.text(lang), class);
    for (tag, name) in player.labels.iter() {
        match tag {
            "" => line("name", Message::HeadingName.text(lang), name.into()),
            tag => line(
                &format!("name_{tag}"),
                &Message::NameIn.filled(lang, &[("tag", tag)]),
                name.into(),
            ),
        }
    }
    for alias in &player.aliases {
        line(
            "alias",
            Message::HeadingAlias.text(lang),
            alias.as_str().into(),
        );
    }
    let mut identifiers: Vec<_> = (words.records.identifiers.values())
        .filter(|identifier| identifier.player == *own)
        .map(|of| format!("{} {}", short_name(of.scheme.as_str()), of.value))
        .collect();
    identifiers.sort_unstable();
    identifiers.dedup();
    for identifier in identifiers {
        let heading = Message::HeadingIdentifier.text(lang);
        line("identifier", heading, identifier.into());
    }
    if let Some(parent) = &player.part_of {
        line(
            "part_of",
            Message::HeadingPartOf.text(lang),
            words.thing(parent),
        );
    }
    if let Some(note) = &player.note {
        line(
            "note",
            Message::HeadingNote.text(lang),
            note.as_str().into(),
        );
    }
    report
}

/// The deals of one player, or all.
pub(crate) fn deals(words: Words<'_>, board: &Board, player: Option<&NamedNode>) -> Report {
    let mut report = Report::new(
        words.lang,
        "deals",
        Message::DealsAndEvents.text(words.lang),
        [
            ("deal", Message::HeadingDeal),
            ("announced", Message::HeadingAnnounced),
            ("players", Message::HeadingDealPlayers),
            SOURCES,
            CLAIMS,
        ],
    )
    .for_programs_only([CLAIMS.0]);
    let known: HashSet<_> = board.claims.iter().collect();
    let mut claims_about: HashMap<_, Vec<_>> = HashMap::new();
    for (id, claim) in &words.records.claims {
        if known.contains(id) {
            claims_about.entry(&claim.about).or_default().push(id);
        }
    }
    let mut edges_of: HashMap<_, Vec<_>> = HashMap::new();
    for (id, edge) in &words.records.edges {
        if let Some(deal) = &edge.deal {
            edges_of.entry(deal).or_default().push((id, edge));
        }
    }
    for (id, deal) in &words.records.deals {
        if player.is_some_and(|player| !words.records.takes_part(player, id)) {
            continue;
        }
        let (mut players, mut parts) = (Vec::new(), vec![id]);
        for (edge_id, edge) in edges_of.get(id).into_iter().flatten() {
            parts.push(edge_id);
            for end in [&edge.from, &edge.to] {
                if !players.contains(&end) {
                    players.push(end);
                }
            }
        }
        let claims: Vec<_> = parts
            .iter()
            .filter_map(|part| claims_about.get(*part))
            .flatten()
            .map(|id| (*id).clone())
            .collect();
        // A deal that nobody has reported yet, or that is still to come on the day asked for, is no part of the view.
        let is_untold = claims.is_empty() && board.view.known_by.is_some();
        let begins = deal.announced.and_then(TimeSpan::earliest);
        let day = words.view().as_of.or(board.view.known_by);
        let is_to_come = matches!((begins, day), (Some(begins), Some(day)) if begins > day);
        if is_untold || is_to_come {
            continue;
        }
        let names: Vec<_> = players.iter().map(|id| words.name(id)).collect();
        let ids = players.iter().map(|id| short_name(id.as_str()).to_owned());
        let ids: Vec<_> = ids.collect();
        report.push([
            words.thing(id),
            time(deal.announced),
            Value::List {
                people: names.join(words.separator()),
                data: ids,
            },
            words.sources(&claims),
            words.claims(&claims),
        ]);
    }
    report
}

/// The edges on the board that a condition holds of.
pub(crate) fn edges(
    words: Words<'_>,
    board: &Board,
    key: &'static str,
    title: &str,
    keep: impl Fn(&Edge) -> bool,
) -> Report {
    let mut report = Report::new(
        words.lang,
        key,
        title,
        [
            ("edge", Message::HeadingEdge),
            ("from", Message::HeadingFrom),
            ("to", Message::HeadingTo),
            ("family", Message::HeadingFamily),
            KIND,
            QUANTITY,
            STATUS,
            ("since", Message::HeadingSince),
            ("until", Message::HeadingUntil),
            SOURCES,
            CLAIMS,
        ],
    )
    .for_programs_only([CLAIMS.0]);
    for (id, resolution) in &board.edges {
        let Some(edge) = words.records.edges.get(id).filter(|edge| keep(edge)) else {
            continue;
        };
        let mut row = Vec::from(words.edge(id, edge));
        row.extend([
            Value::Quantities(values(Some(resolution))),
            words.status(resolution.status),
            time(edge.since),
            time(edge.until),
            words.sources(&resolution.support()),
            words.claims(&resolution.claims),
        ]);
        report.push(row);
    }
    report
}

/// The figures about one player, or all.
pub(crate) fn observations(words: Words<'_>, board: &Board, player: Option<&NamedNode>) -> Report {
    let mut report = Report::new(
        words.lang,
        "observations",
        Message::Figures.text(words.lang),
        [
            ("observation", Message::HeadingObservation),
            ("subject", Message::HeadingSubject),
            ("metric", Message::HeadingMetric),
            ("period", Message::HeadingPeriod),
            QUANTITY,
            SOURCES,
            CLAIMS,
        ],
    )
    .for_programs_only(["observation", CLAIMS.0]);
    for (id, resolution) in &board.observations {
        let Some(observation) = words.records.observations.get(id) else {
            continue;
        };
        if player.is_some_and(|player| observation.subject != *player) {
            continue;
        }
        report.push([
            words.thing(id),
            words.thing(&observation.subject),
            words.concept(&observation.metric),
            time(observation.period),
            Value::Quantities(values(Some(resolution))),
            words.sources(&resolution.support()),
            words.claims(&resolution.claims),
        ]);
    }
    report
}

/// The claims that a condition holds of, in the map's own words.
pub(crate) fn said(
    words: Words<'_>,
    key: &'static str,
    title: Message,
    keep: impl Fn(&Claim) -> bool,
) -> Report {
    let claims = words.records.claims.iter();
    claims_report(words, key, title, claims.filter(|(_, claim)| keep(claim)))
}

/// These claims, in their order.
pub(crate) fn claims_report<'a>(
    words: Words<'_>,
    key: &'static str,
    title: Message,
    claims: impl Iterator<Item = (&'a NamedOrBlankNode, &'a Claim)>,
) -> Report {
    let mut report = Report::new(
        words.lang,
        key,
        title.text(words.lang),
        [
            ("claim", Message::HeadingClaim),
            ("about", Message::HeadingAbout),
            ("text", Message::HeadingText),
            ("modality", Message::HeadingModality),
            ("asserted_by", Message::HeadingAssertedBy),
            ("attributed_to", Message::HeadingAttributedTo),
            ("said", Message::HeadingSaid),
            SOURCES,
        ],
    )
    .for_programs_only(["claim"]);
    for (id, claim) in claims {
        report.push([
            claim_id(id).into(),
            words.thing(&claim.about),
            Value::from(claim.text.get(words.lang)),
            words.concept(&claim.modality.iri()),
            words.maybe(claim.asserted_by.as_ref()),
            words.maybe(claim.attributed_to.as_ref()),
            time(claim.said),
            words.sources(std::slice::from_ref(id)),
        ]);
    }
    report
}
