//! `tour`: a walk through the whole map.

use crate::command::{analysis, board, show};
use crate::describe::{Words, empty, time};
use crate::evidence;
use crate::exit::Exit;
use crate::input;
use crate::options::Options;
use crate::output::Output;
use crate::report::{self, Report, Value};
use crate::story;
use crate::words::Message;
use anyhow::Result;
use oxigraph::model::NamedNode;
use powermap::analysis::{Analysis, DEPENDENCE, LOOPS, Piece, STANDING, StandingOptions};
use powermap::evidence::Question;
use powermap::model::Board;
use powermap::model::vocabulary::short_name;
use powermap::story::Story;
use powermap::{Map, MapError};
use powermap_rdf::table::TableFormat;
use powermap_rdf::{ResultFormat, write_files};
use std::cmp::Reverse;
use std::collections::HashMap;

pub(crate) fn run(options: &Options, output: &Output) -> Result<Exit> {
    let map = input::map(options, output)?;
    evidence::write(options, &map, || Question::Tour {
        lang: options.lang.tag().to_owned(),
    })?;
    let words = Words::of(&map, map.shown_records()?, options.lang);
    let is_for_people = matches!(
        output.format,
        None | Some(ResultFormat::Table | ResultFormat::Markdown)
    );
    if let Some(folder) = output.file() {
        let reports = tables(&map, words, options, output)?;
        let mut files = files(&reports, output)?;
        let text = story::markdown(&map.tour(options.lang)?, words, &words.view_text());
        files.push(("story.md".to_owned(), text.into_bytes()));
        files.extend(picture(&map, options)?);
        write_files(folder, &files).map_err(MapError::from)?;
        for (name, _) in &files {
            output.note(&folder.join(name).display().to_string());
        }
    } else if options.all || !is_for_people {
        let reports = tables(&map, words, options, output)?;
        report::write_all(&reports, "", output)?;
    } else {
        let tour = map.tour(options.lang)?;
        let last_word = next_steps(&tour, options);
        story::write(&tour, words, &words.view_text(), &last_word, output)?;
    }
    Ok(Exit::Done)
}

/// What to try after the story.
fn next_steps(tour: &Story, options: &Options) -> String {
    let map = options.map.as_ref();
    let map = map.map_or_else(String::new, |path| format!(" --map {}", path.display()));
    let player = tour.subject.as_ref();
    let player = player.map_or("PLAYER", |player| short_name(player.as_str()));
    Message::NextSteps.filled(options.lang, &[("map", &map), ("player", player)])
}

/// The tables that the story rests on.
fn tables(map: &Map, words: Words<'_>, options: &Options, output: &Output) -> Result<Vec<Report>> {
    let board = map.board()?;
    let title = Message::EdgesOnBoard.text(words.lang);
    let position = map.position()?;
    let found = map.standing(&StandingOptions::default())?;
    let strongest = found
        .rows
        .iter()
        .filter(|row| row.piece >= Some(Piece::Queen));
    let strongest: Vec<_> = strongest
        .map(|row| ("of", row.player.as_str().to_owned()))
        .collect();
    let part = |entry: &Analysis, given: &[(&'static str, String)], title: Message| {
        let section = analysis::section(words, map, &position, entry, given)?;
        anyhow::Ok(section.titled(title.text(words.lang)))
    };
    let mut reports = vec![
        players(words, board),
        show::deals(words, board, None),
        show::edges(words, board, "edges", title, |_| true),
        show::observations(words, board, None),
        part(&LOOPS, &[], Message::WhereMoneyGoesRound)?,
        part(&DEPENDENCE, &strongest, Message::KingAndQueensDependOn)?,
        show::contradictions(words, map, &show::all_contradictions(map)?, |_| true)?,
        analysis::section(words, map, &position, &STANDING, &[])?,
        sources(words),
    ];
    let is_cut = reports
        .iter_mut()
        .map(|report| report.cut(options.limit_rows))
        .fold(false, |some, one| some | one);
    if is_cut {
        output.cut(options.limit_rows);
    }
    Ok(reports)
}

/// Who is who, those with the most edges first.
fn players(words: Words<'_>, board: &Board) -> Report {
    let mut report = Report::new(
        words.lang,
        "players",
        Message::WhoIsWho.text(words.lang),
        [
            ("player", Message::HeadingPlayer),
            ("type", Message::HeadingType),
            ("edges", Message::HeadingEdgeCount),
            ("note", Message::HeadingNote),
        ],
    );
    let mut degrees: HashMap<&NamedNode, usize> = HashMap::new();
    for edge in board
        .edges
        .keys()
        .filter_map(|id| words.records.edges.get(id))
    {
        *degrees.entry(&edge.from).or_default() += 1;
        *degrees.entry(&edge.to).or_default() += 1;
    }
    let degree = |id: &NamedNode| degrees.get(id).copied().unwrap_or_default();
    // Speakers and players of other days would only hide who is on the board; `ask players` lists them.
    let mut players: Vec<_> = words.records.players.iter().collect();
    players.retain(|(id, _)| degree(id) > 0);
    players.sort_by_key(|(id, _)| Reverse(degree(id)));
    for (id, player) in players {
        report.push([
            words.thing(id),
            words.class_value(&player.player_type.class(), player.player_type.name()),
            degree(id).into(),
            Value::from(player.note.as_deref()),
        ]);
    }
    report
}

/// The documents and how many claims stand in each.
fn sources(words: Words<'_>) -> Report {
    let mut report = Report::new(
        words.lang,
        "sources",
        Message::SourcesTitle.text(words.lang),
        [
            ("document", Message::HeadingDocument),
            ("title", Message::HeadingTitle),
            ("issued", Message::HeadingIssued),
            ("tier", Message::HeadingTier),
            ("claims", Message::HeadingClaimCount),
            ("url", Message::HeadingUrl),
        ],
    );
    let mut counts: HashMap<&NamedNode, usize> = HashMap::new();
    for document in words
        .records
        .claims
        .values()
        .filter_map(|c| c.document.as_ref())
    {
        *counts.entry(document).or_default() += 1;
    }
    for (id, document) in &words.records.documents {
        let tier = document.tier.map(|tier| tier.iri());
        report.push([
            words.thing(id),
            Value::from(document.title.as_deref()),
            time(document.issued),
            tier.map_or_else(empty, |tier| words.concept(&tier)),
            counts.get(id).copied().unwrap_or_default().into(),
            Value::from(document.url.as_deref()),
        ]);
    }
    report
}

/// Draws the board with the greatest loops pointed out; a board without edges has no picture.
fn picture(map: &Map, options: &Options) -> Result<Option<(String, Vec<u8>)>> {
    let position = map.position()?;
    if position.edges().next().is_none() {
        return Ok(None);
    }
    let text = board::overview(options, &position)?;
    Ok(Some(("board.svg".to_owned(), text.into_bytes())))
}

/// Returns a file for each report; as Markdown unless a format is given.
fn files(reports: &[Report], output: &Output) -> Result<Vec<(String, Vec<u8>)>> {
    let format = match output.format {
        Some(_) => output.table_format()?,
        None => TableFormat::Markdown,
    };
    let ending = match format {
        TableFormat::Table => "txt",
        TableFormat::Markdown => "md",
        TableFormat::Csv => "csv",
        TableFormat::Tsv => "tsv",
        TableFormat::Json => "json",
    };
    let files = reports.iter().map(|report| {
        let mut bytes = Vec::new();
        report.write_titled(format, output, &mut bytes)?;
        Ok((format!("{}.{ending}", report.key), bytes))
    });
    files.collect()
}
