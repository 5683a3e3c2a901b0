//! `import`: brings files into a map on disk.

use crate::args::{Import, Kind};
use crate::differences;
use crate::exit::Exit;
use crate::failure::fail;
use crate::input;
use crate::options::Options;
use crate::output::Output;
use crate::spoken;
use crate::words::{Message, counted};
use anyhow::Result;
use oxigraph::model::Term;
use powermap::format::field::FieldReport;
use powermap::format::mapping::{self, MappedReport, Mapping};
use powermap::map::{Added, Imported, Known, NewFile, NoticeKind};
use powermap::model::Lang;
use powermap::model::vocabulary::short_name;
use powermap::{Map, MapError};
use powermap_rdf::{Format, FormatError};
use std::path::Path;

pub(crate) fn run(args: &Import, options: &Options, output: &Output) -> Result<Exit> {
    if args.suggest {
        return suggest(args, options, output);
    }
    let Some(folder) = args.into.as_deref().or(options.map.as_deref()) else {
        fail!(
            "import needs a folder to write to; the built-in map cannot be changed";
            "add --into my-map/, which is made if it is not there"
        );
    };
    input::check_is_path(folder)?;
    let mapping = input::mapping(options)?;
    let earlier = earlier(args)?;
    let mut known = Known::new(folder, &args.files, &earlier);
    let (mut files, mut reports, mut mapped) = (Vec::new(), Vec::new(), Vec::new());
    for path in &args.files {
        if let Some((file, report)) = mapped_file(path, mapping.as_ref(), &mut known, args)? {
            files.push(file);
            reports.push(report.field.clone());
            mapped.push(report);
            continue;
        }
        let (file, report) = new_file(path, &mut known, args)?;
        files.push(file);
        reports.extend(report);
    }
    let imported = match args.replace {
        None => Map::import(folder, &files, args.keep_going)?,
        Some(_) => Map::replace(folder, &files, &earlier, args.keep_going)?,
    };
    for report in &reports {
        account(report, output);
    }
    for report in &mapped {
        for line in report.players(output.lang) {
            output.note(&line);
        }
        for same in &report.same {
            output.warning(&same.text(output.lang));
        }
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

/// Returns the earlier editions that are named.
fn earlier(args: &Import) -> Result<Vec<String>> {
    let named = args.replace.iter().flatten();
    let named: Vec<_> = named.filter(|name| !name.is_empty()).cloned().collect();
    if let Some(first) = named.first()
        && args.files.len() > 1
    {
        fail!("--replace={} is the earlier edition of one file, and there are several", first; "import one file at a time");
    }
    Ok(named)
}

/// Prints a first mapping for a table.
fn suggest(args: &Import, options: &Options, output: &Output) -> Result<Exit> {
    let [path] = args.files.as_slice() else {
        fail!("--suggest is for one file"; "give one file after the other");
    };
    input::check_is_path(path)?;
    let name = path.to_string_lossy();
    let suggestion = mapping::suggest(path, &name, options.lang).map_err(MapError::from)?;
    output.data(|out| Ok(out.write_all(suggestion.text().as_bytes())?))?;
    let given = options
        .output
        .as_deref()
        .unwrap_or(Path::new("mapping.toml"));
    let given = given.display().to_string();
    let numbers = suggestion
        .numbers()
        .join(Message::ListSeparator.text(options.lang));
    output.note(&match suggestion.undecided() {
        0 if !numbers.is_empty() => {
            Message::SuggestedWithoutNumbers.filled(options.lang, &[("columns", &numbers)])
        }
        0 => Message::SuggestedWhole.filled(options.lang, &[("file", &name), ("mapping", &given)]),
        count => Message::SuggestedInPart.filled(options.lang, &[("count", &count.to_string())]),
    });
    Ok(Exit::Done)
}

/// Reads a table of others by the mapping that is given, or that lies next to it.
fn mapped_file(
    path: &Path,
    mapping: Option<&Mapping>,
    known: &mut Known,
    args: &Import,
) -> Result<Option<(NewFile, MappedReport)>> {
    input::check_is_path(path)?;
    if args.kind.is_some() {
        return Ok(None);
    }
    Ok(NewFile::of_mapped(path, mapping, known, args.keep_going)?)
}

/// Prints what is another on the board than before, both seen from the day of the new one.
fn changes(imported: &Imported, output: &Output) -> Result<()> {
    let before = imported.before.with_view(imported.map.board()?.view);
    let report = differences::report(&before, &imported.map, output.lang)?;
    super::finish(report, None, output)?;
    Ok(())
}

/// Reads a file; where it is in a format of the field, with the account of what was read.
fn new_file(
    path: &Path,
    known: &mut Known,
    args: &Import,
) -> Result<(NewFile, Option<FieldReport>)> {
    input::check_is_path(path)?;
    if args.kind.is_none()
        && let Some((file, report)) = NewFile::of_field(path, known, args.keep_going)?
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
        None => (Format::from_path(path).map_err(with_workbooks)?, None),
    };
    let file = NewFile {
        name: path.to_string_lossy().into_owned(),
        bytes: input::bytes(path)?,
        format,
        table,
    };
    Ok((file, None))
}

/// Returns the error of a name that no format has, with the endings of workbooks, which are told by what is in them.
fn with_workbooks(error: FormatError) -> FormatError {
    match error {
        FormatError::UnknownFormat {
            source_name,
            expected,
        } if cfg!(feature = "workbook") => FormatError::UnknownFormat {
            source_name,
            expected: format!("{expected}, .xlsx, .ods"),
        },
        error => error,
    }
}

/// Says what was read of a file in a format of the field, and what was left out.
fn account(report: &FieldReport, output: &Output) {
    for problem in &report.problems {
        output.problem(&spoken::problem(problem, output.lang));
    }
    for warning in &report.warnings {
        output.warning(&spoken::problem(warning, output.lang));
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
        output.problem(&spoken::problem(problem, output.lang));
    }
    for problem in &imported.problems {
        output.problem(&problem.to_string());
    }
    for warning in &imported.warnings {
        output.warning(&spoken::problem(warning, output.lang));
    }
    for twice in &imported.told_twice {
        let id = match &twice.about {
            Term::NamedNode(id) => short_name(id.as_str()).to_owned(),
            about => about.to_string(),
        };
        let reason = twice.reason_in(output.lang);
        output
            .warning(&Message::ToldTwice.filled(output.lang, &[("id", &id), ("reason", &reason)]));
    }
    for (given, target) in &imported.files {
        output.note(&format!("{given} → {}", folder.join(target).display()));
    }
    let lang = output.lang;
    for given in &imported.renamed {
        output.note(&Message::NameTaken.filled(lang, &[("file", given)]));
    }
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
