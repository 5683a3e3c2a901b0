//! The page of a position: what each edge is on each day, what goes round, and what is known of each player.

mod data;
mod days;
mod players;
mod rounds;
mod tables;

use crate::analysis::position::Position;
use crate::model::time::Day;
use crate::picture::error::SceneError;
use crate::picture::gather::SceneOptions;
use crate::picture::page::days::Days;
use powermap_picture::{Theme, clean_text};

/// The longest title that is kept, in characters.
const TITLE_MAX: usize = 120;

/// Writes the page of a position; both languages are in it.
///
/// It opens on the position's own day, with the players of the choice. `titles` are the title in English and Chinese, and
/// `theme` is that of the page where the reader's system asks for none; nothing follows the system. Of the options, those
/// that say how a picture is laid out have no bearing on a page: it lays out itself.
///
/// O(d·c log c) for d days on which the board changes and c claims, besides what standing, dependence and the loops take;
/// on large maps, loops are found for the position's own day only.
///
/// # Errors
/// No edge is on the board on any day, or no player is left.
///
/// ```
/// use powermap::Map;
/// use powermap::picture::{SceneOptions, write_page};
///
/// let map = Map::built_in()?;
/// let titles = ["The board".to_owned(), "棋局".to_owned()];
/// let page = write_page(&map.position()?, &SceneOptions::default(), &titles, None)?;
/// assert!(page.starts_with("<!DOCTYPE html>") && page.len() < 1_000_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write(
    position: &Position,
    options: &SceneOptions,
    titles: &[String; 2],
    theme: Option<Theme>,
) -> Result<String, SceneError> {
    let mut data = data::gather(position, options)?;
    data.titles = titles.each_ref().map(|title| clean_text(title, TITLE_MAX));
    Ok(powermap_picture::page(&data, options.lang.into(), theme))
}

/// Returns the days on which the board may change, in order, up to the last one on which the map learnt anything; where there
/// are more than 400, the last one of each month, then of each year. The position's own day is one of them.
///
/// O(c log c) for c claims.
///
/// ```
/// use powermap::Map;
/// use powermap::picture::changing_days;
///
/// let position = Map::built_in()?.position()?;
/// let days = changing_days(&position);
/// assert!(days.len() > 50 && days.is_sorted());
/// # Ok::<(), powermap::MapError>(())
/// ```
pub fn changing_days(position: &Position) -> Vec<Day> {
    Days::of(position).days
}
