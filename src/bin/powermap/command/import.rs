//! `import`: brings files into a map on disk.

use crate::args::{Import, Kind};
use crate::differences;
use crate::exit::Exit;
use crate::failure::fail;
use crate::input;
use crate::options::Options;
use crate::output::Output;
use crate::words::{Message, counted};
use anyhow::Result;
use powermap::Map;
use powermap::format::field::FieldReport;
use powermap::map::{Added, Imported, NewFile, NoticeKind};
use powermap::model::Lang;
use powermap_rdf::Format;
use std::path::Path;

pub(crate) fn run(args: &Import, options: &Options, output: &Output) -> Result<Exit> {
    let Some(folder) = args.into.as_deref().or(options.map.as_deref()) else {
        fail!(
            "import needs a folder to write to; the built-in map cannot be changed";
            "add --into my-map/, which is made if it is not there"
        );
    };
    input::check_is_path(folder)?;
    let (mut files, mut reports) = (Vec::new(), Vec::new());
    for path in &args.files {
        let (file, report) = new_file(path, args)?;
        files.push(file);
        reports.extend(report);
    }
    let imported = match args.replace.as_deref() {
        None => Map::import(folder, &files, args.keep_going)?,
        Some(earlier) => {
            let earlier = Some(earlier).filter(|name| !name.is_empty());
            if earlier.is_some() && files.len() > 1 {
                fail!("--replace={} is the earlier edition of one file, and there are several", earlier.unwrap_or_default(); "import one file at a time");
            }
            Map::replace(folder, &files, earlier, args.keep_going)?
        }
    };
    for report in &reports {
        account(report, output);
    }
    tell(&imported, folder, output);
    if args.replace.is_some() {
        changes(&imported, output)?;
    }
    // What cannot be read was told already.
    let notices = imported.map.notices()?.into_iter();
    output.notices(notices.filter(|notice| notice.kind != NoticeKind::Unread));
    let is_read = reports.iter().all(|report| report.problems.is_empty());
    let is_whole = is_read && imported.left_out.is_empty() && imported.problems.is_empty();
    Ok(if is_whole { Exit::Done } else { Exit::No })
}

/// Prints what is another on the board than before, both seen from the day of the new one.
fn changes(imported: &Imported, output: &Output) -> Result<()> {
    let before = imported.before.with_view(imported.map.board()?.view);
    let report = differences::report(&before, &imported.map, output.lang)?;
    super::finish(report, None, output)?;
    Ok(())
}

/// Reads a file; where it is in a format of the field, with the account of what was read.
fn new_file(path: &Path, args: &Import) -> Result<(NewFile, Option<FieldReport>)> {
    input::check_is_path(path)?;
    if args.kind.is_none()
        && let Some((file, report)) = NewFile::of_field(path, args.keep_going)?
    {
        return Ok((file, Some(report)));
    }
    #[cfg(feature = "parquet")]
    if args.kind.is_none()
        && let Some(file) = NewFile::of_parquet(path)?
    {
        return Ok((file, None));
    }
    let (format, table) = match args.kind {
        Some(Kind::Table(table)) => (Format::Csv, Some(table)),
        Some(Kind::Rdf(format)) => (format, None),
        None => (Format::from_path(path)?, None),
    };
    let file = NewFile {
        name: path.to_string_lossy().into_owned(),
        bytes: input::bytes(path)?,
        format,
        table,
    };
    Ok((file, None))
}

/// Says what was read of a file in a format of the field, and what was left out.
fn account(report: &FieldReport, output: &Output) {
    for problem in &report.problems {
        output.problem(&problem.to_string());
    }
    for warning in &report.warnings {
        output.warning(&warning.to_string());
    }
    for line in report.summary(output.lang) {
        output.note(&line);
    }
    for kind in &report.left_out {
        output.note(&format!("  {}", kind.text(output.lang)));
    }
}

/// Says what came in, what was left out and what was made up.
fn tell(imported: &Imported, folder: &Path, output: &Output) {
    for problem in &imported.left_out {
        output.problem(&problem.to_string());
    }
    for problem in &imported.problems {
        output.problem(&problem.to_string());
    }
    for warning in &imported.warnings {
        output.warning(&warning.to_string());
    }
    for (given, target) in &imported.files {
        output.note(&format!("{given} → {}", folder.join(target).display()));
    }
    let lang = output.lang;
    let new = listed(imported.added, lang);
    let gone = listed(imported.gone, lang);
    output.note(&match new.is_empty() {
        true => Message::NothingNew.text(lang).to_owned(),
        false => Message::New.filled(lang, &[("list", &new)]),
    });
    if !gone.is_empty() {
        output.note(&Message::Gone.filled(lang, &[("list", &gone)]));
    }
}

/// How many records of each sort there are, in words.
fn listed(added: Added, lang: Lang) -> String {
    let counts = [
        (added.players, [Message::OneNewPlayer, Message::NewPlayers]),
        (
            added.identifiers,
            [Message::OneNewIdentifier, Message::NewIdentifiers],
        ),
        (
            added.identities,
            [Message::OneNewIdentity, Message::NewIdentities],
        ),
        (added.deals, [Message::OneNewDeal, Message::NewDeals]),
        (added.edges, [Message::OneNewEdge, Message::NewEdges]),
        (
            added.observations,
            [Message::OneNewObservation, Message::NewObservations],
        ),
        (added.claims, [Message::OneNewClaim, Message::NewClaims]),
        (
            added.documents,
            [Message::OneNewDocument, Message::NewDocuments],
        ),
    ];
    let new = counts.into_iter().filter(|(count, _)| *count > 0);
    let new: Vec<_> = new
        .map(|(count, messages)| counted(lang, count, messages))
        .collect();
    new.join(Message::ListSeparator.text(lang))
}
