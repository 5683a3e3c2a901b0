//! Maps: opened, looked at from a day, asked.

use crate::board::{Board, Wanted};
use crate::failure::Failure;
use crate::run::run;
use crate::solutions;
use crate::table::Table;
use crate::terms::bound;
use powermap::analysis::{Analysis, Position, all, find, record_batch};
use powermap::format::tables;
use powermap::model::Lang;
use powermap::{Limits, View};
use powermap_rdf::{Cancellation, ReadStore};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::path::PathBuf;

/// A map of power, looked at from a day.
#[pyclass(frozen, module = "powermap")]
pub(crate) struct Map {
    map: powermap::Map,
}

/// Opens the map in a file or a folder; the built-in map without a path.
#[pyfunction]
#[pyo3(signature = (path = None))]
pub(crate) fn open(py: Python<'_>, path: Option<PathBuf>) -> PyResult<Map> {
    let map = run(py, None, |_| {
        Ok(match &path {
            None => powermap::Map::built_in()?,
            Some(path) => powermap::Map::open(path)?,
        })
    })?;
    Ok(Map { map })
}

/// Reads a word such as a day or a policy.
fn read<T: std::str::FromStr<Err = powermap::model::ModelError>>(
    py: Python<'_>,
    text: Option<&str>,
) -> PyResult<Option<T>> {
    let read = text.map(str::parse).transpose();
    read.map_err(|error: powermap::model::ModelError| {
        let failure = Failure::Argument {
            message: error.to_string(),
            hint: error.hint().map(|hint| hint.to_string()),
        };
        failure.into_exception(py)
    })
}

/// Runs an analysis of the table, with parameters as text.
pub(crate) fn answer(
    position: &Position,
    analysis: &Analysis,
    given: &[(String, String)],
    cancellation: &Cancellation,
) -> Result<Table, Failure> {
    let given = given
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let arguments = analysis.arguments(given, position)?;
    let answer = analysis.answer(position, &arguments, cancellation.flag())?;
    if let Some(problem) = position.problem() {
        return Err(powermap::MapError::Position(problem.clone()).into());
    }
    Ok(Table {
        batch: record_batch(analysis, &answer)?,
        notes: answer
            .notes
            .iter()
            .map(|note| note.text(Lang::En).to_owned())
            .collect(),
        is_partial: answer.is_partial,
    })
}

/// Returns the analysis of a name.
pub(crate) fn analysis_of(name: &str) -> Result<&'static Analysis, Failure> {
    find(name).ok_or_else(|| {
        let names: Vec<_> = all().iter().map(|analysis| analysis.name).collect();
        let message = format!("there is no analysis '{name}'");
        Failure::argument(message, &format!("there are {}", names.join(", ")))
    })
}

#[pymethods]
impl Map {
    /// Returns the same map looked at from another day, with other knowledge, or by another policy.
    #[pyo3(signature = (as_of = None, known_by = None, policy = None))]
    fn at(
        &self,
        py: Python<'_>,
        as_of: Option<&str>,
        known_by: Option<&str>,
        policy: Option<&str>,
    ) -> PyResult<Self> {
        let view = View {
            as_of: read(py, as_of)?,
            known_by: read(py, known_by)?,
            policy: read(py, policy)?.unwrap_or_default(),
        };
        Ok(Self {
            map: self.map.with_view(view),
        })
    }

    /// Runs an analysis by its name, with parameters as text.
    #[pyo3(signature = (name, given, timeout = None))]
    fn analysis(
        &self,
        py: Python<'_>,
        name: &str,
        given: Vec<(String, String)>,
        timeout: Option<f64>,
    ) -> PyResult<Table> {
        run(py, timeout, |cancellation| {
            let analysis = analysis_of(name)?;
            answer(&self.map.position()?, analysis, &given, cancellation)
        })
    }

    /// Runs a SPARQL query.
    #[pyo3(signature = (text, parameters = None, *, timeout = None, memory = None, rows = None))]
    fn query(
        &self,
        py: Python<'_>,
        text: &str,
        parameters: Option<&Bound<'_, PyDict>>,
        timeout: Option<f64>,
        memory: Option<usize>,
        rows: Option<usize>,
    ) -> PyResult<Table> {
        let terms = bound(&self.map, parameters)?;
        let mut limits = Limits::new();
        if let Some(memory) = memory {
            limits = limits.with_memory(memory);
        }
        let map = self.map.with_limits(limits);
        run(py, timeout, |cancellation| {
            let evaluator = map.evaluator().within(cancellation);
            let evaluator = match rows {
                Some(rows) => evaluator.with_row_limit(rows),
                None => evaluator,
            };
            let results = evaluator.query(map.store()?.dataset(), text, &terms)?;
            let (batch, is_partial) = solutions::batch(results)?;
            Ok(Table {
                is_partial,
                ..Table::of(batch)
            })
        })
    }

    /// Returns a table of the map by its name, such as `edges` or `board`.
    fn table(&self, py: Python<'_>, name: &str) -> PyResult<Table> {
        run(py, None, |_| {
            let table = tables::ArrowTable::of_name(name).ok_or_else(|| {
                let all = tables::ArrowTable::RECORDS
                    .into_iter()
                    .chain(tables::ArrowTable::DERIVED);
                let names: Vec<_> = all.map(tables::ArrowTable::name).collect();
                let hint = format!("there are {}", names.join(", "));
                Failure::argument(format!("there is no table '{name}'"), &hint)
            })?;
            Ok(Table::of(self.map.arrow_table(table)?))
        })
    }

    /// Writes the map as Parquet files into a folder, which is made if it is not there.
    fn to_parquet(&self, py: Python<'_>, folder: PathBuf) -> PyResult<Vec<String>> {
        run(py, None, |_| {
            let written = self.map.parquet()?;
            let failed = |error| powermap_rdf::StoreError::io("make the folder", &folder, error);
            std::fs::create_dir_all(&folder).map_err(failed)?;
            for (name, bytes) in &written.files {
                powermap_rdf::write_file(&folder.join(name), bytes)?;
            }
            Ok(written.left_out)
        })
    }

    /// Returns the id of a player by any of its names.
    fn player(&self, py: Python<'_>, name: &str) -> PyResult<String> {
        let found = self.map.player(name).map_err(Failure::from);
        let found = found.map_err(|failure| failure.into_exception(py))?;
        Ok(crate::terms::short(found.as_str()))
    }

    /// Draws the board.
    #[pyo3(signature = (*, players = None, around = None, hops = 1, top = None, loops = None, title = None, lang = "en", dark = false))]
    #[expect(
        clippy::too_many_arguments,
        reason = "each is an argument by name in Python"
    )]
    fn board(
        &self,
        py: Python<'_>,
        players: Option<Vec<String>>,
        around: Option<String>,
        hops: usize,
        top: Option<usize>,
        loops: Option<usize>,
        title: Option<String>,
        lang: &str,
        dark: bool,
    ) -> PyResult<Board> {
        let wanted = Wanted {
            players,
            around,
            hops,
            top,
            loops,
            title,
            lang: read(py, Some(lang))?.unwrap_or_default(),
            is_dark: dark,
        };
        run(py, None, |_| Board::draw(&self.map, &wanted))
    }

    fn __repr__(&self) -> String {
        match self.map.board() {
            Ok(board) => {
                let day = board
                    .view
                    .as_of
                    .map(|day| format!(" of {day}"))
                    .unwrap_or_default();
                format!(
                    "<powermap.Map: {} edges on the board{day}>",
                    board.edges.len()
                )
            }
            Err(_) => "<powermap.Map that cannot be read>".to_owned(),
        }
    }
}
