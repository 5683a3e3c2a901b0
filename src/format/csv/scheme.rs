//! Schemes of identifiers and identifiers as cells, both ways.

use crate::format::csv::sheet::Fault;
use crate::model::identifier::{normal_value, scheme, scheme_name};
use crate::model::record::Identifier;
use crate::model::vocabulary::{compact, expand};
use oxigraph::model::NamedNode;
use powermap_rdf::nearest;

/// Reads the cell of a scheme; any code is right where no schemes are known.
pub(in crate::format) fn scheme_cell(
    text: &str,
    schemes: &[NamedNode],
) -> Result<NamedNode, Fault> {
    if text.contains(':') {
        let iri = expand(text).filter(|iri| schemes.is_empty() || schemes.contains(iri));
        return iri.ok_or_else(|| unknown_scheme(text, &[]));
    }
    scheme(text, schemes.iter()).map_err(|names| unknown_scheme(text, &names))
}

fn unknown_scheme(text: &str, names: &[String]) -> Fault {
    let fault = Fault::new(format!(
        "'{text}' is no scheme of identifiers: expected lei, cik, isin, wikidata, opencorporates, opensanctions, \
         littlesis, icij, or the code of a register such as GB-COH"
    ));
    let near = nearest(text, names.iter().map(String::as_str));
    match near.first() {
        Some(near) => fault.with_hint(format!("did you mean '{near}'?")),
        None => fault.with_hint("add a scheme of your own as a concept with pm:identifies"),
    }
}

/// Returns the shortest text that reads back as a scheme; `None` where there is none.
pub(in crate::format) fn scheme_text(iri: &NamedNode) -> Option<String> {
    let reads_back = |text: &String| {
        let read = scheme_cell(text, &[]);
        read.is_ok_and(|read| read == *iri)
    };
    [scheme_name(iri), compact(iri.as_str())]
        .into_iter()
        .find(reads_back)
        .or_else(|| Some(format!("<{}>", iri.as_str())).filter(reads_back))
}

/// Returns an identifier as it stands in the list of a player's, as in `lei:549300S4KLFTLO7GSQ80`; `None` where the scheme
/// has no name without a colon.
pub(super) fn listed_text(identifier: &Identifier) -> Option<String> {
    let scheme = scheme_text(&identifier.scheme).filter(|text| !text.contains(':'))?;
    Some(format!("{scheme}:{}", identifier.value))
}

/// Reads one item of the list of identifiers of a player.
pub(in crate::format) fn one_listed(
    part: &str,
    schemes: &[NamedNode],
) -> Result<(NamedNode, String), Fault> {
    let Some((name, value)) = part.split_once(':') else {
        return Err(Fault::new(format!(
            "'{part}' has no scheme: expected a scheme, a colon and a value, such as lei:549300S4KLFTLO7GSQ80"
        )));
    };
    let scheme = scheme_cell(name.trim(), schemes)?;
    let value = normal_value(&scheme, value)?;
    Ok((scheme, value))
}
