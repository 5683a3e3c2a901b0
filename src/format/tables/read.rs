//! Tables to records.

use crate::format::csv::cells::{concept, listed};
use crate::format::csv::scheme::scheme_cell;
use crate::format::csv::sheet::Fault;
use crate::format::tables::file::{Opened, damaged, open};
use crate::format::tables::frame::{Frame, check};
use crate::format::tables::{ArrowTable, SCHEMA_KEY, SCHEMA_VERSION, TABLE_KEY, write};
use crate::model::identifier::normal_value;
use crate::model::name::{Family, Modality, PlayerType, Stance, Status, Tier};
use crate::model::quantity::Quantity;
use crate::model::record::{
    Claim, Deal, Document, Edge, Identifier, Identity, MapDescription, Observation, Player,
    Records, Topic,
};
use crate::model::unit::Unit;
use arrow_schema::Schema;
use indexmap::IndexMap;
use oxigraph::model::NamedNode;
use parquet::arrow::ProjectionMask;
use powermap_rdf::{FormatError, StoreError, nearest};
use std::collections::BTreeMap;
use std::hash::Hash;
use std::path::Path;

/// The rows that are in memory at once.
const BATCH_ROWS: usize = 1 << 14;

/// Reads the records of Parquet files, each with the name that errors call it by; tables that are derived are passed over.
///
/// Which table a file is stands in its metadata, or else is its name. Columns may be missing, save for those that each row
/// needs. Two files of one table are read as one.
///
/// O(n) in the number of rows.
///
/// # Errors
/// A file that cannot be opened, is cut or encrypted, is no table of a map or one of another version; a column that is not
/// known or has another type; an id that occurs twice, a value that is null or not right, with its row and column.
///
/// # Example
/// ```
/// use powermap::Map;
/// use powermap::format::tables;
///
/// let map = Map::built_in()?;
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("edges.parquet");
/// for (table, batch) in tables::write(map.records()?)? {
///     if table == tables::ArrowTable::Edges {
///         std::fs::write(&path, tables::parquet(table, &batch, &[])?)?;
///     }
/// }
/// let read = tables::read(&[(&path, "edges.parquet")])?;
/// assert_eq!(read.edges, map.records()?.edges);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read(files: &[(&Path, &str)]) -> Result<Records, StoreError> {
    let schemas = schemas()?;
    let mut records = Records::default();
    for (path, name) in files {
        let file = open(path, name)?;
        let table = table_of(&file, path, name)?;
        let Some(expected) = schemas.get(&table) else {
            continue;
        };
        read_file(file, name, table, expected, &mut records)?;
    }
    records.sort();
    Ok(records)
}

/// Returns the columns of each table of records: those that are written.
fn schemas() -> Result<BTreeMap<ArrowTable, std::sync::Arc<Schema>>, FormatError> {
    let empty = write(&Records::default()).map_err(|error| damaged("the schema", &error))?;
    let schema = |(table, batch): (_, arrow_array::RecordBatch)| (table, batch.schema());
    Ok(empty.into_iter().map(schema).collect())
}

/// Returns which table a file is, and checks the version of its schema.
fn table_of(file: &Opened, path: &Path, name: &str) -> Result<ArrowTable, FormatError> {
    let wrong = |message: String| FormatError::syntax(name, message);
    if let Some(version) = file.entry(SCHEMA_KEY)
        && version != SCHEMA_VERSION
    {
        let message = format!("the schema has the version {version}: expected {SCHEMA_VERSION}");
        let hint = "use the version of powermap that wrote it, or export the map again";
        return Err(wrong(message).with_hint(hint));
    }
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    if let (Some(own), Some(stem)) = (file.entry(TABLE_KEY), stem)
        && own != stem
        && ArrowTable::of_name(stem).is_some()
    {
        let message = format!("the file says that it is the table {own}, not {stem}");
        return Err(wrong(message).with_hint("give each file the name of its table"));
    }
    let given = file.entry(TABLE_KEY).or(stem).unwrap_or_default();
    ArrowTable::of_name(given).ok_or_else(|| {
        let names = ArrowTable::RECORDS.map(ArrowTable::name);
        let message = format!(
            "'{given}' is no table of a map: expected {}",
            names.join(", ")
        );
        match nearest(given, names).first() {
            Some(near) => wrong(message).with_hint(format!("did you mean '{near}'?")),
            None => wrong(message).with_hint(
                "name the file after its table; --edge-list reads edges from a file of any name",
            ),
        }
    })
}

fn read_file(
    file: Opened,
    name: &str,
    table: ArrowTable,
    expected: &Schema,
    records: &mut Records,
) -> Result<(), FormatError> {
    check(name, file.metadata.schema(), expected)?;
    let found = file.metadata.schema().fields().iter().enumerate();
    // The days beside a time say nothing that the time does not.
    let is_read = |column: &str| {
        let time = column
            .strip_suffix("_first")
            .or(column.strip_suffix("_last"));
        let is_day = time.is_some_and(|time| expected.field_with_name(time).is_ok());
        expected.field_with_name(column).is_ok() && !is_day
    };
    let columns = found.filter(|(_, field)| is_read(field.name()));
    let columns: Vec<_> = columns.map(|(at, _)| at).collect();
    let rows = file.rows(name, None)?;
    let mask = ProjectionMask::roots(rows.parquet_schema(), columns);
    let batches = rows
        .with_projection(mask)
        .with_batch_size(BATCH_ROWS)
        .build();
    let mut before = 0;
    for batch in batches.map_err(|error| damaged(name, &error))? {
        let batch = batch.map_err(|error| damaged(name, &error))?;
        let count = batch.num_rows();
        let frame = Frame::new(name, &batch, before);
        for row in 0..count {
            add(table, &frame, row, records)?;
        }
        before += count;
    }
    Ok(())
}

/// Adds a record under the id of its row, which no row of the file had before.
fn put<K: Hash + Eq + From<NamedNode>, V>(
    records: &mut IndexMap<K, V>,
    frame: &Frame<'_>,
    row: usize,
    record: V,
) -> Result<(), FormatError> {
    let texts = frame.texts("id");
    let before = records.insert(texts.id(row)?.into(), record);
    before.map_or(Ok(()), |_| {
        let id = texts.get(row).unwrap_or_default();
        let fault = Fault::new(format!("'{id}' is the id of another row of this file"));
        Err(frame.wrong(row, "id", fault))
    })
}

/// Adds the record of a row.
fn add(
    table: ArrowTable,
    frame: &Frame<'_>,
    row: usize,
    records: &mut Records,
) -> Result<(), FormatError> {
    match table {
        ArrowTable::Players => player(frame, row, records),
        ArrowTable::Identifiers => put(
            &mut records.identifiers,
            frame,
            row,
            identifier(frame, row)?,
        ),
        ArrowTable::Identities => put(&mut records.identities, frame, row, identity(frame, row)?),
        ArrowTable::Deals => {
            let deal = Deal {
                is_event: frame.flag("event", row).unwrap_or(false),
                labels: frame.labels("label", row)?,
                announced: frame.time("announced", row)?,
                note: frame.texts("note").owned(row),
            };
            put(&mut records.deals, frame, row, deal)
        }
        ArrowTable::Edges => put(&mut records.edges, frame, row, edge(frame, row)?),
        ArrowTable::Observations => {
            let observation = Observation {
                subject: frame.texts("subject").id(row)?,
                metric: frame.texts("metric").need(row, concept)?,
                period: frame.time("period", row)?,
                deal: frame.texts("deal").maybe_id(row)?,
                part_of_total: frame.texts("part_of_total").maybe_id(row)?,
                labels: frame.labels("label", row)?,
            };
            put(&mut records.observations, frame, row, observation)
        }
        ArrowTable::Claims => put(&mut records.claims, frame, row, claim(frame, row)?),
        ArrowTable::Documents => {
            let tier =
                |text: &str| listed(text, Tier::ALL.iter().map(|t| t.name()), Tier::from_iri);
            let document = Document {
                title: frame.texts("title").owned(row),
                labels: frame.labels("label", row)?,
                issued: frame.time("issued", row)?,
                url: frame.texts("url").owned(row),
                tier: frame.texts("tier").read(row, tier)?,
            };
            put(&mut records.documents, frame, row, document)
        }
        ArrowTable::Board | ArrowTable::Loops => Ok(()),
    }
}

fn identifier(frame: &Frame<'_>, row: usize) -> Result<Identifier, FormatError> {
    let scheme = |text: &str| scheme_cell(text, &[]);
    let scheme = frame.texts("scheme").need(row, scheme)?;
    let value = |text: &str| Ok(normal_value(&scheme, text)?);
    Ok(Identifier {
        player: frame.texts("player").id(row)?,
        value: frame.texts("value").need(row, value)?,
        scheme,
    })
}

fn identity(frame: &Frame<'_>, row: usize) -> Result<Identity, FormatError> {
    let (one, other) = (frame.texts("a").id(row)?, frame.texts("b").id(row)?);
    Identity::between(one, other).ok_or_else(|| {
        let fault = Fault::new("is the same player as in the column 'a'");
        frame.wrong(row, "b", fault)
    })
}

fn edge(frame: &Frame<'_>, row: usize) -> Result<Edge, FormatError> {
    let family = |text: &str| listed(text, Family::ALL.iter().map(|f| f.name()), Family::from_iri);
    Ok(Edge {
        family: frame.texts("family").need(row, family)?,
        kind: frame.texts("kind").read(row, concept)?,
        from: frame.texts("from").id(row)?,
        to: frame.texts("to").id(row)?,
        deal: frame.texts("deal").maybe_id(row)?,
        since: frame.time("since", row)?,
        until: frame.time("until", row)?,
        part_of_total: frame.texts("part_of_total").maybe_id(row)?,
        components: frame.ids("components", row)?,
        labels: frame.labels("label", row)?,
    })
}

fn player(frame: &Frame<'_>, row: usize, records: &mut Records) -> Result<(), FormatError> {
    let labels = frame.labels("name", row)?;
    let note = frame.texts("note").owned(row);
    match frame.texts("type").get(row) {
        Some("topic") => put(&mut records.topics, frame, row, Topic { labels }),
        Some("map") => {
            let description = MapDescription { labels, note };
            put(&mut records.descriptions, frame, row, description)
        }
        _ => {
            let player_type = |text: &str| {
                let names = PlayerType::ALL.iter().map(|t| t.name());
                listed(text, names.chain(["topic", "map"]), PlayerType::from_class)
            };
            let player = Player {
                player_type: frame.texts("type").need(row, player_type)?,
                labels,
                aliases: frame.list("alias", row),
                note,
                part_of: frame.texts("part_of").maybe_id(row)?,
            };
            put(&mut records.players, frame, row, player)
        }
    }
}

fn claim(frame: &Frame<'_>, row: usize) -> Result<Claim, FormatError> {
    let status = |text: &str| listed(text, Status::ALL.iter().map(|s| s.name()), Status::from_iri);
    let stance = |text: &str| listed(text, Stance::ALL.iter().map(|s| s.name()), Stance::from_iri);
    let modality = |text: &str| {
        listed(
            text,
            Modality::ALL.iter().map(|m| m.name()),
            Modality::from_iri,
        )
    };
    let modality = frame.texts("modality").read(row, modality)?;
    Ok(Claim {
        quantity: quantity(frame, row)?,
        status: frame.texts("status").read(row, status)?,
        same: frame.flag("same", row),
        modality: modality.unwrap_or(Modality::Statement),
        stance: frame.texts("stance").read(row, stance)?,
        qualifies: frame.texts("qualifies").maybe_id(row)?,
        asserted_by: frame.texts("asserted_by").maybe_id(row)?,
        attributed_to: frame.texts("attributed_to").maybe_id(row)?,
        document: frame.texts("document").maybe_id(row)?,
        locator: frame.texts("locator").owned(row),
        said: frame.time("said", row)?,
        holds_from: frame.time("holds_from", row)?,
        period: frame.time("period", row)?,
        text: frame.labels("text", row)?,
        as_printed: frame.texts("as_printed").owned(row),
        fact_ids: frame.list("fact_id", row),
        ..Claim::about(frame.texts("about").id(row)?)
    })
}

fn quantity(frame: &Frame<'_>, row: usize) -> Result<Option<Quantity>, FormatError> {
    let bounds = ["lower", "upper"].map(|bound| frame.number(bound, row));
    let unit = frame
        .texts("unit")
        .read(row, |text| Ok(text.parse::<Unit>()?))?;
    let (unit, [lower, upper]) = match (unit, bounds) {
        (None, [None, None]) => return Ok(None),
        (None, _) => {
            let fault = Fault::new("is null, and the row has a number");
            return Err(frame.wrong(row, "unit", fault.with_hint("write the unit, such as USD")));
        }
        (Some(_), [None, None]) => {
            let fault = Fault::new("a unit needs a number in the column 'lower' or 'upper'");
            return Err(frame.wrong(row, "unit", fault));
        }
        (Some(unit), bounds) => (unit, bounds),
    };
    let approximate = frame.flag("approximate", row).unwrap_or(false);
    let [more, less] = ["lower_exclusive", "upper_exclusive"]
        .map(|column| frame.flag(column, row).unwrap_or(false));
    Quantity::new(lower, upper, unit, approximate)
        .and_then(|quantity| quantity.excluding(more, less))
        .map(Some)
        .map_err(|error| frame.wrong(row, "lower", error.into()))
}
