//! The units of columns of amounts, and the schemes of columns of identifiers.

use crate::format::mapping::amounts::amount;
use crate::format::mapping::columns::{ColumnGuess, Sheet};
use crate::format::mapping::lexicon::lexicon;
use crate::format::mapping::sheets::Value;
use crate::model::name_key::folded;

/// Returns the scheme of the identifiers in a column.
pub(super) fn scheme_of(sheet: &Sheet<'_>, position: usize) -> Option<&'static str> {
    let is_lei = |text: &str| text.len() == 20 && text.bytes().all(|b| b.is_ascii_alphanumeric());
    let is_item = |text: &str| {
        let digits = text.strip_prefix('Q').unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
    };
    if sheet.mostly(position, |cell| is_lei(&cell.text())) {
        return Some("lei");
    }
    sheet
        .mostly(position, |cell| is_item(&cell.text()))
        .then_some("wikidata")
}

/// Finds the unit of a column of amounts.
pub(super) fn measure(
    sheet: &Sheet<'_>,
    guess: &mut ColumnGuess,
    detail: &str,
    has_unit_column: bool,
) {
    let heading = &sheet.headings[guess.position];
    let read = |cell: &Value| amount(&cell.text(), None).ok();
    let own = |cell: &Value| read(cell).and_then(|amount| amount.unit);
    if detail == "shares" {
        guess.unit = Some("shares".to_owned());
        return;
    }
    let is_share = ["percent", "votes"].contains(&detail);
    let is_percent = heading.unit.is_some_and(|(code, _)| code == "percent")
        || heading.unit.is_none() && is_share
        || sheet.mostly(guess.position, |cell| own(cell) == Some("percent"));
    if is_percent {
        guess.unit = Some("percent".to_owned());
        let plain = |cell: &Value| match (cell, own(cell)) {
            (_, Some(_)) => None,
            (cell, None) => cell.text().replace(',', ".").parse::<f64>().ok(),
        };
        let numbers: Vec<_> = sheet.cells(guess.position).filter_map(plain).collect();
        // Workbooks keep "25 %" as 0.25, and 1 may be all of it.
        let greatest = numbers.iter().copied().fold(0.0, f64::max);
        if !numbers.is_empty() && greatest <= 2.0 {
            guess.unit = Some("?".to_owned());
            return;
        }
        // A heading that says percent is believed.
        if heading.unit.is_none() && numbers.iter().any(|number| *number > 100.0) {
            let unit = if detail == "votes" { "?" } else { "shares" };
            guess.unit = Some(unit.to_owned());
        }
        return;
    }
    let says_own = |cell: &&Value| own(cell).is_some_and(|code| code != "?");
    let nothing = |cell: &&Value| lexicon().find("nothing", &folded(&cell.text())).is_some();
    let all_say = sheet
        .cells(guess.position)
        .all(|cell| says_own(&cell) || nothing(&cell));
    let power = heading
        .unit
        .map_or(heading.power.unwrap_or(0), |(_, power)| power);
    let scale = match power {
        0 => Some(""),
        3 => Some("_k"),
        6 => Some("_mn"),
        9 => Some("_bn"),
        12 => Some("_tn"),
        _ => None,
    };
    if scale.is_none() {
        guess.factor = Some(10_f64.powi(power));
    }
    let scale = scale.unwrap_or("");
    match heading.unit {
        Some((code, _)) => guess.unit = Some(format!("{code}{scale}")),
        None if has_unit_column => {
            if power != 0 {
                guess.factor = Some(10_f64.powi(power));
            }
        }
        None if all_say => {}
        None => guess.unit = Some("?".to_owned()),
    }
}
