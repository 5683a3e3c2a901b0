//! `brief`: one page on one player.

use crate::args::Show;
use crate::describe::Words;
use crate::evidence;
use crate::exit::Exit;
use crate::input;
use crate::options::Options;
use crate::output::Output;
use crate::picture::{OutputFormat, PictureFormat};
use crate::story;
use anyhow::Result;
use powermap::evidence::Question;
use powermap::model::vocabulary::short_name;

pub(crate) fn run(args: &Show, options: &Options, output: &Output) -> Result<Exit> {
    let map = input::map(options, output)?;
    let player = map.player(&args.player)?;
    let words = Words::of(&map, map.shown_records()?, options.lang);
    let brief = map.brief(&player, options.lang)?;
    evidence::write(options, &map, || Question::Brief {
        player: short_name(player.as_str()).to_owned(),
        lang: options.lang.tag().to_owned(),
    })?;
    let subtitle = words.view_text();
    if wants_html(options) {
        let page = story::html(&brief, words, &subtitle);
        output.data(|out| Ok(out.write_all(page.as_bytes())?))?;
    } else {
        story::write(&brief, words, &subtitle, "", output)?;
    }
    Ok(Exit::Done)
}

/// Whether a page is wanted: by the format, or else by the ending of the file.
pub(crate) fn wants_html(options: &Options) -> bool {
    match options.format {
        Some(format) => format == OutputFormat::Picture(PictureFormat::Html),
        None => (options.output.as_deref())
            .is_some_and(|path| path.extension().is_some_and(|end| end == "html")),
    }
}
