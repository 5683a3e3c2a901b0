//! What a cell can hold, both ways: each reading function has its writing one beside it.

use crate::format::csv::sheet::Fault;
use crate::model::error::ModelError;
use crate::model::vocabulary::{ID, PM, expand, short_name, to_camel, to_kebab};
use oxigraph::model::NamedNode;
use powermap_rdf::nearest;
use std::str::FromStr;

/// An identifier: the local part of an `id:` IRI, a prefixed name or a full IRI.
pub(in crate::format) fn id(text: &str) -> Result<NamedNode, Fault> {
    expand(text).ok_or_else(|| {
        Fault::new(format!("'{text}' is not an id"))
            .with_hint("write letters, digits and hyphens such as 'sam-altman', or a full IRI")
    })
}

/// The shortest text that reads back as the IRI; `None` where the IRI is not valid.
pub(in crate::format) fn id_text(iri: &NamedNode) -> Option<String> {
    let is_plain = |c: u8| c.is_ascii_alphanumeric() || c == b'-';
    if let Some(local) = iri.as_str().strip_prefix(ID)
        && !local.is_empty()
        && local.bytes().all(is_plain)
    {
        return Some(local.to_owned());
    }
    let reads_back = |text: &str| expand(text).as_ref() == Some(iri);
    [short_name(iri.as_str()), iri.as_str()]
        .into_iter()
        .find(|text| reads_back(text))
        .map(str::to_owned)
        .or_else(|| Some(format!("<{}>", iri.as_str())).filter(|text| reads_back(text)))
}

/// A concept of the ontology: its name in kebab case, a prefixed name or a full IRI.
pub(in crate::format) fn concept(text: &str) -> Result<NamedNode, Fault> {
    let iri = if text.contains(':') {
        expand(text)
    } else {
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        let local = Some(to_camel(text)).filter(|l| !l.is_empty() && l.chars().all(is_word));
        local.and_then(|local| NamedNode::new(format!("{PM}{local}")).ok())
    };
    iri.ok_or_else(|| {
        Fault::new(format!("'{text}' is not a name"))
            .with_hint("write a name such as 'data-centre', a prefixed name such as 'pm:DataCentre', or a full IRI")
    })
}

/// The shortest text that reads back as the concept; `None` where the IRI is not valid.
pub(in crate::format) fn concept_text(iri: &NamedNode) -> Option<String> {
    let kebab = iri.as_str().strip_prefix(PM).map(to_kebab);
    kebab
        .filter(|kebab| !kebab.contains(':') && kebab.trim() == kebab)
        .filter(|kebab| concept(kebab).is_ok_and(|read| read == *iri))
        .or_else(|| Some(iri.as_str().to_owned()).filter(|text| expand(text).as_ref() == Some(iri)))
        .or_else(|| {
            Some(format!("<{}>", iri.as_str())).filter(|text| expand(text).as_ref() == Some(iri))
        })
}

/// A name out of a closed list, or the IRI that stands for it.
pub(in crate::format) fn listed<T: FromStr<Err = ModelError> + Copy>(
    text: &str,
    names: impl IntoIterator<Item = &'static str>,
    from_iri: impl Fn(&str) -> Option<T>,
) -> Result<T, Fault> {
    let by_iri = || {
        let iri = text.contains(':').then(|| expand(text)).flatten()?;
        from_iri(iri.as_str())
    };
    text.parse().or_else(|error: ModelError| {
        by_iri().ok_or_else(|| {
            let near = nearest(text, names);
            let fault = Fault::from(error);
            match near.first() {
                Some(name) => fault.with_hint(format!("did you mean '{name}'?")),
                None => fault,
            }
        })
    })
}

/// `true`, `yes`, `1` and `false`, `no`, `0`, in any case.
pub(super) fn boolean(text: &str) -> Result<bool, Fault> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => Err(Fault::new(format!("'{text}' is neither yes nor no"))
            .with_hint("write yes or no; true, false, 1 and 0 are read too")),
    }
}

/// The sign before a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    None,
    More,
    AtLeast,
    Less,
    AtMost,
}

impl Sign {
    pub(super) fn is_exclusive(self) -> bool {
        matches!(self, Self::More | Self::Less)
    }
}

/// A number with the sign before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bound {
    pub(super) value: f64,
    pub(super) sign: Sign,
}

/// A number that may have `>`, `>=`, `≥`, `<`, `<=` or `≤` in front; `plain` writes it in digits with a point.
pub(super) fn bound(
    text: &str,
    power_of_ten: i32,
    plain: impl Fn(&str) -> Result<String, Fault>,
) -> Result<Bound, Fault> {
    const SIGNS: [(&str, Sign); 6] = [
        (">=", Sign::AtLeast),
        ("≥", Sign::AtLeast),
        (">", Sign::More),
        ("<=", Sign::AtMost),
        ("≤", Sign::AtMost),
        ("<", Sign::Less),
    ];
    let signed = |(prefix, sign): (&str, Sign)| Some((text.strip_prefix(prefix)?.trim(), sign));
    let (digits, sign) = SIGNS
        .into_iter()
        .find_map(signed)
        .unwrap_or((text, Sign::None));
    let value = number(&plain(digits)?, power_of_ten)?;
    Ok(Bound { value, sign })
}

/// Returns the number that a decimal comma stands for, where that is the only reading: `12,5` is 12.5, `1.234,5` is 1234.5,
/// and `12,500` may be twelve thousand.
fn with_decimal_comma(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once(',')?;
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (sign, digits) = match whole.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", whole),
    };
    let mut groups = digits.split('.');
    let has_first = groups.next().is_some_and(are_digits);
    let are_groups = groups.all(|group| group.len() == 3 && are_digits(group));
    // A comma after points is a decimal one, however many digits follow.
    let is_plain = !digits.contains('.') && fraction.len() == 3;
    (has_first && are_groups && are_digits(fraction) && !is_plain)
        .then(|| format!("{sign}{}.{fraction}", digits.replace('.', "")))
}

/// A number in plain digits times a power of ten, rounded once only.
pub(in crate::format) fn number(text: &str, power_of_ten: i32) -> Result<f64, Fault> {
    let error = || {
        let fault = Fault::from(ModelError::Number {
            text: text.to_owned(),
        });
        if let Some(right) = with_decimal_comma(text) {
            fault.with_hint(format!("write {right}, with a point"))
        } else if text.contains([',', '_', ' ', '\'']) {
            fault.with_hint("leave out the separators between the digits")
        } else if text.contains(|c: char| !c.is_ascii()) || text.starts_with(['$', '~']) {
            fault.with_hint(
                "the unit belongs in the column 'unit', and bounds in 'lower' and 'upper'",
            )
        } else {
            fault.with_hint("the unit and its scale belong in the column 'unit', such as USD_bn")
        }
    };
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E');
    if !text.chars().all(plain) {
        return Err(error());
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().map_err(|_| error())?;
    // Scaling the text rather than the number keeps 0.1 bn at 100000000 exactly.
    format!("{mantissa}e{}", exponent.saturating_add(power_of_ten))
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())
        .ok_or_else(error)
}

/// Texts separated by `;`; a backslash before a `;`, a space or a backslash makes it part of a text.
pub(in crate::format) fn list(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut kept = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            ';' => {
                part.truncate(kept);
                parts.push(std::mem::take(&mut part));
                kept = 0;
            }
            '\\' if chars.peek().is_some_and(|c| is_escaped(*c)) => {
                part.extend(chars.next());
                kept = part.len();
            }
            _ if c.is_whitespace() && part.is_empty() => {}
            _ => {
                part.push(c);
                if !c.is_whitespace() {
                    kept = part.len();
                }
            }
        }
    }
    part.truncate(kept);
    parts.push(part);
    parts.retain(|part| !part.is_empty());
    parts
}

/// The inverse of [`list`], for texts that are not empty.
pub(super) fn list_text(parts: &[String]) -> String {
    let mut text = String::new();
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            text.push(';');
        }
        let solid = part.trim().len();
        let first = part.len() - part.trim_start().len();
        for (at, c) in part.char_indices() {
            let outer_space = c.is_whitespace() && (at < first || at >= first + solid);
            if matches!(c, ';' | '\\') || outer_space {
                text.push('\\');
            }
            text.push(c);
        }
    }
    text
}

fn is_escaped(c: char) -> bool {
    matches!(c, ';' | '\\') || c.is_whitespace()
}
