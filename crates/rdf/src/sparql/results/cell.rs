//! Terms as the cells of a table.

use crate::format::table::Cell;
use crate::prefixes::Prefixes;
use oxigraph::model::vocab::xsd;
use oxigraph::model::{LiteralRef, TermRef};

/// Returns the cell that shows a term in a table: IRIs shortened, literals as plain text, numbers as numbers.
///
/// ```
/// use oxigraph::model::{Literal, NamedNode};
/// use powermap_rdf::table::Cell;
/// use powermap_rdf::Prefixes;
/// use powermap_rdf::results::cell;
///
/// let prefixes = Prefixes::from_iter([("ex", "http://example.com/")]);
/// let sam = NamedNode::new("http://example.com/sam").unwrap();
/// assert_eq!(cell(&sam, &prefixes), Cell::Text("ex:sam".into()));
/// assert_eq!(cell(&Literal::from(7), &prefixes), Cell::Integer(7));
/// let chip = Literal::new_language_tagged_literal("芯片", "zh").unwrap();
/// assert_eq!(cell(&chip, &prefixes), Cell::Text("芯片".into()));
/// ```
pub fn cell<'t>(term: impl Into<TermRef<'t>>, prefixes: &Prefixes) -> Cell {
    match term.into() {
        TermRef::NamedNode(iri) => {
            let short = prefixes.compact(iri.as_str());
            Cell::Text(if short.starts_with('<') {
                iri.as_str().to_owned()
            } else {
                short
            })
        }
        TermRef::Literal(literal) => literal_cell(literal),
        term => Cell::Text(term.to_string()),
    }
}

/// Returns a number only where the cell would say the same as the literal; else its text as it stands.
fn literal_cell(literal: LiteralRef<'_>) -> Cell {
    let text = literal.value();
    let datatype = literal.datatype();
    let number = if datatype == xsd::INTEGER || is_derived_integer(datatype.as_str()) {
        text.parse().ok().map(Cell::Integer)
    } else if datatype == xsd::DECIMAL {
        text.parse()
            .ok()
            .map(Cell::Number)
            .filter(|cell| is_same_decimal(&cell.text(), text))
    } else if datatype == xsd::DOUBLE || datatype == xsd::FLOAT {
        text.parse().ok().map(Cell::Number)
    } else if datatype == xsd::BOOLEAN {
        match text {
            "true" | "1" => Some(Cell::Bool(true)),
            "false" | "0" => Some(Cell::Bool(false)),
            _ => None,
        }
    } else {
        None
    };
    number.unwrap_or_else(|| Cell::Text(text.to_owned()))
}

fn is_derived_integer(datatype: &str) -> bool {
    datatype
        .strip_prefix("http://www.w3.org/2001/XMLSchema#")
        .is_some_and(|name| {
            matches!(
                name,
                "byte"
                    | "short"
                    | "int"
                    | "long"
                    | "unsignedByte"
                    | "unsignedShort"
                    | "unsignedInt"
                    | "unsignedLong"
                    | "positiveInteger"
                    | "nonNegativeInteger"
                    | "negativeInteger"
                    | "nonPositiveInteger"
            )
        })
}

/// Returns whether two decimals differ in nothing but a plus sign and zeros at the ends.
fn is_same_decimal(left: &str, right: &str) -> bool {
    fn parts(text: &str) -> (bool, &str, &str) {
        let negative = text.starts_with('-');
        let text = text.trim_start_matches(['+', '-']);
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        (
            negative,
            whole.trim_start_matches('0'),
            fraction.trim_end_matches('0'),
        )
    }
    parts(left) == parts(right)
}
