//! Rows and cells that are not what they seem: sums of the rows above, a comma that made two cells of one, several names in
//! one cell.

use crate::format::mapping::file::ColumnMapping;
use crate::format::mapping::headings::Headings;
use crate::format::mapping::lexicon::{Entry, lexicon};
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

/// Signs that a footnote begins with.
const FOOTNOTES: [char; 6] = ['*', '†', '‡', '¹', '²', '³'];

/// Returns how many rows at the end of a sheet are remarks under its table: those that begin as a footnote or with a word
/// such as "Source:", and those of which one cell is filled where there are three columns or more.
pub(super) fn remarks(rows: &[ForeignRow], columns: usize) -> usize {
    let is_remark = |row: &&ForeignRow| {
        let mut filled = row.cells.iter().filter(|cell| !cell.is_empty());
        let Some(first) = filled.next() else {
            return true;
        };
        let text = folded(&first.text());
        let word = lexicon().at_start("remark", &text);
        let is_word = word.is_some_and(|(_, rest)| rest.trim_start().starts_with(':'));
        is_word || text.starts_with(FOOTNOTES) || (columns > 2 && filled.next().is_none())
    };
    rows.iter().rev().take_while(is_remark).count()
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

/// Signs that stand between names, and in some names too, as words such as "and" do.
const PERHAPS_BETWEEN: [&str; 4] = [", ", " & ", " + ", " / "];

/// Returns the names that a name is perhaps made of.
pub(super) fn parts_of(name: &str) -> Vec<&str> {
    let words = lexicon().entries("joined").iter().flat_map(Entry::words);
    // A word of Latin letters stands between spaces.
    let words = words.map(|word| match word.is_ascii() {
        true => format!(" {word} "),
        false => word.to_owned(),
    });
    let signs = PERHAPS_BETWEEN.map(str::to_owned).into_iter();
    let mut parts = vec![name];
    for between in signs.chain(words) {
        parts = parts
            .iter()
            .flat_map(|part| part.split(&*between))
            .collect();
    }
    let parts = parts.into_iter().map(str::trim);
    parts.filter(|part| !part.is_empty()).collect()
}

/// Returns whether a name has several words, as those of firms often have and their legal forms have not.
pub(super) fn is_long(name: &str) -> bool {
    let is_wide = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    name.contains(' ') || name.chars().filter(|c| is_wide(*c)).count() > 3
}

/// Returns whether a cell has several addresses in it.
pub(super) fn are_addresses(text: &str) -> bool {
    text.matches("http://").count() + text.matches("https://").count() > 1
}

/// Returns what to say of a name that several players have.
pub(super) fn several(text: &str, ids: &[String]) -> String {
    format!("'{text}' is the name of {}", ids.join(", "))
}
