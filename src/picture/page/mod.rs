//! The page of a position: its drawings in both languages, and what it knows of every day.

mod data;
mod days;

use crate::analysis::position::Position;
use crate::model::lang::Lang;
use crate::picture::error::SceneError;
use crate::picture::gather::{SceneOptions, gather};
use crate::picture::strength::Strength;
use powermap_picture::{Drawing, Scene, Theme};

/// A page, and its drawings.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The file.
    pub text: String,
    /// The drawing in English and in Chinese; pieces and arrows stand at the same places.
    pub drawings: [Drawing; 2],
}

/// Writes the page of a position; both languages are in it.
///
/// The picture shows every edge that is on the board on any day, so that nothing moves when the day changes; the page
/// hides those that are not there on its day. `titles` are the title in English and Chinese, and `lay_out` places a
/// scene; both languages share its result. `theme` is that of the page where the reader's system asks for none; nothing
/// follows the system.
///
/// O(d·c log c) for d days on which the board changes and c claims, besides the layout.
///
/// # Errors
/// Those of [`scene`](crate::picture::gather::scene) and of `lay_out`.
///
/// ```
/// use powermap::Map;
/// use powermap::picture::{SceneError, SceneOptions, write_page};
/// use powermap_picture::Drawing;
///
/// let map = Map::built_in()?;
/// let titles = ["The board".to_owned(), "棋局".to_owned()];
/// let lay_out = |scene| Ok::<_, SceneError>(Drawing::chess(scene));
/// let page = write_page(&map.position()?, &SceneOptions::default(), &titles, None, lay_out)?;
/// assert!(page.text.starts_with("<!DOCTYPE html>") && page.text.len() < 1_000_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write<E: From<SceneError>>(
    position: &Position,
    options: &SceneOptions,
    titles: &[String; 2],
    theme: Option<Theme>,
    lay_out: impl FnOnce(Scene) -> Result<Drawing, E>,
) -> Result<Page, E> {
    let (days, union) = days::gather(position);
    // Pieces are those of the position's own day; players of other days come after them.
    let strength = Strength::of(&[position, &union])?;
    let scene = |lang: Lang| {
        let [english, chinese] = titles;
        let options = SceneOptions {
            title: Some(match lang {
                Lang::En => english.clone(),
                Lang::Zh => chinese.clone(),
            }),
            lang,
            ..options.clone()
        };
        gather(&union, None, &strength, &options)
    };
    // One layout for both, with room for either name, so that nothing moves when the language changes.
    let (english, chinese) = (scene(Lang::En)?, scene(Lang::Zh)?);
    let drawing = lay_out(english.clone().with_room_for(&chinese))?;
    let data = data::gather(&union, &days, &english);
    let drawings = [drawing.reworded(english), drawing.reworded(chinese)];
    let text = powermap_picture::page(&drawings, &data, options.lang.into(), theme);
    Ok(Page { text, drawings })
}
