//! `--evidence`: the answer of a verb as a file that can be checked later.

use crate::options::Options;
use crate::output::to_file;
use crate::reply;
use anyhow::Result;
use powermap::Map;
use powermap::evidence::{Bundle, Question};

/// What the built-in map is called in evidence.
const BUILT_IN: &str = "built-in";

/// Writes the evidence of a question to the file of `--evidence`, if there is one.
pub(crate) fn write(
    options: &Options,
    map: &Map,
    question: impl FnOnce() -> Question,
) -> Result<()> {
    let Some(path) = &options.evidence else {
        return Ok(());
    };
    let name = options.map.as_ref().and_then(|path| path.file_name());
    let name = name.map_or(BUILT_IN.into(), |name| name.to_string_lossy());
    let bundle = bundle(map, question(), options.lang)?.named(&name);
    to_file(path, |out| Ok(out.write_all(bundle.to_json().as_bytes())?))
}

/// Asks a question and returns its answer with the evidence.
pub(crate) fn bundle(map: &Map, question: Question, lang: powermap::Lang) -> Result<Bundle> {
    let reply = reply::ask(map, &question, lang)?;
    let reply::Reply {
        tables,
        notes,
        formula,
        ..
    } = reply;
    Ok(Bundle::new(map, question, &formula, tables, notes)?)
}
