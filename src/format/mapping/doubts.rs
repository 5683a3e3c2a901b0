//! Rows and cells that are not what they seem: sums of the rows above, a comma that made two cells of one, several names in
//! one cell.

use crate::format::mapping::file::ColumnMapping;
use crate::format::mapping::headings::Headings;
use crate::format::mapping::lexicon::lexicon;
use crate::format::mapping::players::Players;
use crate::format::mapping::sheets::ForeignRow;
use crate::model::name_key::folded;

/// What stands between names and in none.
const BETWEEN_NAMES: [char; 5] = [';', '；', '\n', '、', '|'];

/// Returns whether a row sums up others: it begins with a word such as "Total", and no player has that name.
pub(super) fn is_total(
    row: &ForeignRow,
    columns: &[(usize, &ColumnMapping)],
    players: &Players<'_>,
) -> bool {
    let mut filled = row.cells.iter().enumerate();
    let first = filled.find(|(_, cell)| !cell.is_empty());
    let Some((position, cell)) = first else {
        return false;
    };
    let text = cell.text();
    let word = folded(text.trim_end_matches([':', '：', ' ']));
    let column = columns.iter().find(|(mapped, _)| *mapped == position);
    let is_named = column.is_none_or(|(_, column)| !column.values.contains_key(&folded(&text)));
    is_named && lexicon().find("total", &word).is_some() && !players.knows(&text)
}

/// Returns what is wrong with a row of text that has more cells than there are headings.
pub(super) fn excess(row: &ForeignRow, headings: &Headings) -> Option<String> {
    let expected = headings.width()?;
    let filled = row.cells.iter().rposition(|cell| !cell.is_empty())? + 1;
    (filled > expected).then(|| {
        format!("the row has {filled} cells, and there are {expected} headings: a cell with a separator in it needs quotes")
    })
}

/// Returns whether a cell has several names in it.
pub(super) fn are_several(text: &str) -> bool {
    let parts = text.split(BETWEEN_NAMES);
    parts.filter(|part| !part.trim().is_empty()).count() > 1
}

/// Returns whether a cell has several addresses in it.
pub(super) fn are_addresses(text: &str) -> bool {
    text.matches("http://").count() + text.matches("https://").count() > 1
}
