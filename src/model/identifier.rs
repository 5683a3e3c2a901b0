//! What registers call a player: the schemes whose values have a form of their own, and that form.

use crate::model::content_id::content_id;
use crate::model::error::ModelError;
use crate::model::record::{Identifier, Identity};
use crate::model::vocabulary::{PM, compact, pm};
use oxigraph::model::{NamedNode, NamedNodeRef};

/// The schemes that files call by a name in lower case; registers of companies go by their codes.
const NAMED: [NamedNodeRef<'static>; 8] = [
    pm::LEI,
    pm::CIK,
    pm::ISIN,
    pm::WIKIDATA,
    pm::OPEN_CORPORATES,
    pm::OPEN_SANCTIONS,
    pm::LITTLE_SIS,
    pm::ICIJ,
];

/// Returns what a scheme is called in files: `lei`, `wikidata`, `GB-COH`, and the IRI of one that is not of the ontology.
pub(crate) fn scheme_name(scheme: &NamedNode) -> String {
    match scheme.as_str().strip_prefix(PM) {
        Some(local) if NAMED.contains(&scheme.as_ref()) => local.to_ascii_lowercase(),
        Some(local) => local.to_owned(),
        None => compact(scheme.as_str()),
    }
}

/// Returns the scheme of a name, without regard to case; among the schemes of the ontology and of the map.
///
/// # Errors
/// The names there are. Where no scheme is known, the ones with a form of their own and any code are right.
pub(crate) fn scheme<'a>(
    name: &str,
    known: impl Iterator<Item = &'a NamedNode>,
) -> Result<NamedNode, Vec<String>> {
    let known: Vec<NamedNodeRef<'_>> = known.map(NamedNode::as_ref).collect();
    let is_it = |scheme: &&NamedNodeRef<'_>| {
        let local = scheme.as_str().strip_prefix(PM);
        local.is_some_and(|local| local.eq_ignore_ascii_case(name))
    };
    if let Some(found) = NAMED.iter().chain(&known).find(is_it) {
        return Ok(found.into_owned());
    }
    let is_code = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if known.is_empty() && !name.is_empty() && name.chars().all(is_code) {
        return Ok(NamedNode::new_unchecked(format!("{PM}{name}")));
    }
    let names = known.iter().map(|scheme| scheme_name(&scheme.into_owned()));
    Err(names.collect())
}

/// Returns the one form in which a value of a scheme is kept: without spaces around it, letters in the case that the scheme
/// has, a CIK with its ten digits.
///
/// # Errors
/// What the scheme expects.
pub(crate) fn normal_value(scheme: &NamedNode, text: &str) -> Result<String, ModelError> {
    let text = text.trim();
    let wrong = |expected: String| ModelError::Identifier {
        text: text.to_owned(),
        scheme: scheme_name(scheme),
        expected,
    };
    let upper = text.to_ascii_uppercase();
    match scheme.as_ref() {
        pm::LEI => lei(&upper).map(|()| upper).map_err(wrong),
        pm::ISIN => isin(&upper).map(|()| upper).map_err(wrong),
        pm::CIK => {
            let is_number = matches!(text.len(), 1..=10) && text.bytes().all(is_digit);
            let number = is_number.then(|| format!("{text:0>10}"));
            number.ok_or_else(|| wrong("1 to 10 digits, such as 0001045810".to_owned()))
        }
        pm::WIKIDATA => {
            let digits = upper.strip_prefix('Q').unwrap_or_default();
            let is_item = !digits.is_empty() && digits.bytes().all(is_digit);
            match is_item && !digits.starts_with('0') {
                true => Ok(upper),
                false => Err(wrong("Q and a number, such as Q21708200".to_owned())),
            }
        }
        _ if text.is_empty() => Err(wrong("letters or digits".to_owned())),
        _ => Ok(text.to_owned()),
    }
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

/// Checks a legal entity identifier: 18 letters or digits, and two check digits that make it 1 modulo 97.
///
/// # Reference
/// ISO 17442-1:2020; ISO/IEC 7064:2003, MOD 97-10.
fn lei(text: &str) -> Result<(), String> {
    let is_right = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let (body, digits) = text.split_at_checked(18).unwrap_or((text, ""));
    if digits.len() != 2 || !text.bytes().all(is_right) || !digits.bytes().all(is_digit) {
        return Err(
            "18 letters or digits and 2 check digits, such as 549300S4KLFTLO7GSQ80".to_owned(),
        );
    }
    let right = 98 - modulo_97(body.bytes().chain(*b"00"));
    match digits.parse() == Ok(right) {
        true => Ok(()),
        false => Err(format!(
            "the check digits {right:02} at the end (ISO 17442), or one of the other characters is wrong"
        )),
    }
}

/// Returns the remainder of a number whose letters stand for 10 to 35.
fn modulo_97(bytes: impl Iterator<Item = u8>) -> u32 {
    bytes.fold(0, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
    })
}

/// Checks a securities identification number: a country, nine letters or digits, and a check digit.
///
/// # Reference
/// ISO 6166:2021, annex C: the digits, letters written as 10 to 35, doubled by turns from the right (Luhn).
fn isin(text: &str) -> Result<(), String> {
    let is_right = |(place, byte): (usize, u8)| match place {
        0 | 1 => byte.is_ascii_uppercase(),
        11 => byte.is_ascii_digit(),
        _ => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
    };
    if text.len() != 12 || !text.bytes().enumerate().all(is_right) {
        return Err(
            "2 letters of a country, 9 letters or digits and a check digit, such as US67066G1040"
                .to_owned(),
        );
    }
    let digits: Vec<u32> = text[..11]
        .bytes()
        .flat_map(|byte| match byte {
            b'0'..=b'9' => vec![u32::from(byte - b'0')],
            _ => {
                let number = u32::from(byte - b'A') + 10;
                vec![number / 10, number % 10]
            }
        })
        .collect();
    let doubled = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match place % 2 {
            0 if *digit > 4 => digit * 2 - 9,
            0 => digit * 2,
            _ => *digit,
        });
    let right = (10 - doubled.sum::<u32>() % 10) % 10;
    match text[11..].parse() == Ok(right) {
        true => Ok(()),
        false => Err(format!(
            "the check digit {right} at the end (ISO 6166), or one of the other characters is wrong"
        )),
    }
}

impl Identifier {
    /// Returns the id of an identifier that has none of its own.
    pub(crate) fn content_id(&self) -> NamedNode {
        let parts = [self.player.as_str(), self.scheme.as_str(), &self.value];
        content_id("identifier", &parts)
    }
}

impl Identity {
    /// Returns the identity of two players, whatever their order; `None` for a player and itself.
    pub fn between(one: NamedNode, other: NamedNode) -> Option<Self> {
        match one.cmp(&other) {
            std::cmp::Ordering::Less => Some([one, other]),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some([other, one]),
        }
        .map(|players| Self { players })
    }

    /// Returns the id of an identity that has none of its own.
    pub(crate) fn content_id(&self) -> NamedNode {
        let [one, other] = &self.players;
        content_id("identity", &[one.as_str(), other.as_str()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(scheme: NamedNodeRef<'_>, text: &str) -> Result<String, String> {
        normal_value(&scheme.into_owned(), text).map_err(|error| error.to_string())
    }

    #[test]
    fn check_digits_are_those_of_the_standards() {
        // Published by GLEIF and SEC: Apple Inc., and NVIDIA's ordinary shares.
        assert_eq!(
            value(pm::LEI, " hwupkr0mpou8fgxbt394 ").unwrap(),
            "HWUPKR0MPOU8FGXBT394"
        );
        assert_eq!(value(pm::ISIN, "US67066G1040").unwrap(), "US67066G1040");
        assert_eq!(value(pm::ISIN, "US0378331005").unwrap(), "US0378331005");
        assert_eq!(value(pm::CIK, "1045810").unwrap(), "0001045810");
        assert_eq!(value(pm::WIKIDATA, "q182477").unwrap(), "Q182477");
    }

    #[test]
    fn what_is_wrong_is_told_what_was_expected() {
        assert_eq!(
            value(pm::LEI, "HWUPKR0MPOU8FGXBT349").unwrap_err(),
            "'HWUPKR0MPOU8FGXBT349' is no identifier of the scheme lei: expected the check digits 94 at the end (ISO 17442), \
             or one of the other characters is wrong"
        );
        for (scheme, text) in [
            (pm::LEI, "HWUPKR0MPOU8FGXBT39"),
            (pm::LEI, "ＨWUPKR0MPOU8FGXBT394"),
            (pm::LEI, ""),
            (pm::ISIN, "US0378331006"),
            (pm::ISIN, "0378331005"),
            (pm::CIK, "12345678901"),
            (pm::CIK, "CIK0001045810"),
            (pm::WIKIDATA, "P31"),
            (pm::WIKIDATA, "Q0"),
            (pm::WIKIDATA, "https://www.wikidata.org/wiki/Q182477"),
            (pm::OPEN_CORPORATES, "  "),
        ] {
            let error = value(scheme, text).unwrap_err();
            assert!(error.contains("expected "), "{error}");
        }
    }
}
