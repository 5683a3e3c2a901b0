//! `tour`: a walk through the whole map.

use crate::args::Options;
use crate::command::{analysis, board, show};
use crate::describe::{Words, empty, time};
use crate::exit::Exit;
use crate::input;
use crate::output::{self, Output};
use crate::report::{self, Report, Value};
use anyhow::{Context, Result};
use oxigraph::model::NamedNode;
use powermap::Map;
use powermap::analysis::{Analysis, DEPENDENCE, LOOPS, Piece, STANDING, StandingOptions};
use powermap::model::Board;
use powermap_rdf::table::TableFormat;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::path::Path;

pub(crate) fn run(options: &Options, output: &Output) -> Result<Exit> {
    let map = input::map(options, output)?;
    let board = map.board()?;
    let words = Words::of(&map, map.records()?, options.lang);
    let title = words.lang.pick("Edges on the board", "棋盘上的关系");
    let position = map.position()?;
    let found = map.standing(&StandingOptions::default())?;
    let strongest = found.rows.iter().filter(|row| row.piece >= Piece::Queen);
    let strongest: Vec<_> = strongest
        .map(|row| ("of", row.player.as_str().to_owned()))
        .collect();
    let part = |entry: &Analysis, given: &[(&'static str, String)], title: &str| {
        let section = analysis::section(words, &map, &position, entry, given)?;
        anyhow::Ok(section.titled(title))
    };
    let mut reports = [
        players(words, board),
        show::deals(words, board, None),
        show::edges(words, board, "edges", title, |_| true),
        show::observations(words, board, None),
        part(
            &LOOPS,
            &[],
            words
                .lang
                .pick("Where the money goes round", "钱在哪里兜圈子"),
        )?,
        part(
            &DEPENDENCE,
            &strongest,
            words
                .lang
                .pick("Whom the king and the queens depend on", "王与后依赖谁"),
        )?,
        show::contradictions(words, &map, |_| true)?,
        analysis::section(words, &map, &position, &STANDING, &[])?,
        sources(words),
    ];
    let is_cut = reports
        .iter_mut()
        .map(|report| report.cut(options.limit_rows))
        .fold(false, |some, one| some | one);
    match output.file() {
        Some(folder) => {
            files(&reports, folder, output)?;
            picture(&map, options, folder, output)?;
        }
        None => report::write_all(&reports, next_steps(words), output)?,
    }
    if is_cut {
        output.cut(options.limit_rows);
    }
    Ok(Exit::Done)
}

/// Who is who, those with the most edges first.
fn players(words: Words<'_>, board: &Board) -> Report {
    let mut report = Report::new(
        "players",
        words.lang.pick("Who is who", "人物与机构"),
        [
            ("player", "名称"),
            ("type", "类型"),
            ("edges", "关系数"),
            ("note", "说明"),
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
        "sources",
        words.lang.pick("Sources", "文献"),
        [
            ("document", "文献"),
            ("title", "标题"),
            ("issued", "日期"),
            ("tier", "层级"),
            ("claims", "说法数"),
            ("url", "网址"),
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

/// What to try after the tour.
fn next_steps(words: Words<'_>) -> &'static str {
    words.lang.pick(
        "What to try next\n\n\
         powermap show openai                       all there is about one player\n\
         powermap timeline --from 2025-09           what happened when\n\
         powermap ask                               the named queries\n\
         powermap diff 2025-09-01 2025-10-31        what changed between two days\n\
         powermap tour --known-by 2025-10-31        the map as it was known on a day\n\
         powermap query 'SELECT ?who ?whom { ?who pm:investsIn ?whom }'\n\
         powermap export --output my-map/           a copy to change\n",
        "接下来可以试试\n\n\
         powermap show openai --lang zh             一位参与者的全部信息\n\
         powermap timeline --from 2025-09 --lang zh 什么时候发生了什么\n\
         powermap ask --lang zh                     命名查询\n\
         powermap diff 2025-09-01 2025-10-31        两天之间的变化\n\
         powermap tour --known-by 2025-10-31        某一天所知的棋盘\n\
         powermap query 'SELECT ?who ?whom { ?who pm:investsIn ?whom }'\n\
         powermap export --output my-map/           导出一份可修改的副本\n",
    )
}

/// Draws the board with the greatest loops pointed out; a board without edges has no picture.
fn picture(map: &Map, options: &Options, folder: &Path, output: &Output) -> Result<()> {
    let position = map.position()?;
    if position.edges().next().is_none() {
        return Ok(());
    }
    let text = board::overview(options, &position)?;
    let path = folder.join("board.svg");
    output::to_file(&path, |out| Ok(out.write_all(text.as_bytes())?))?;
    output.note(&path.display().to_string());
    Ok(())
}

/// Writes each report to a file of a folder; as Markdown unless a format is given.
fn files(reports: &[Report], folder: &Path, output: &Output) -> Result<()> {
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
    std::fs::create_dir_all(folder)
        .with_context(|| format!("{}: could not make the folder", folder.display()))?;
    for report in reports {
        let path = folder.join(format!("{}.{ending}", report.key));
        output::to_file(&path, |out| report.write_titled(format, output.lang, out))?;
        output.note(&path.display().to_string());
    }
    Ok(())
}
