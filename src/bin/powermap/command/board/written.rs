//! Writing what `board` has drawn, and saying how well it can be read.

use crate::args::Board;
use crate::command::board::drawing;
use crate::command::board::wanted::{title, wanted};
use crate::failure::fail;
use crate::options::Options;
use crate::output::Output;
use crate::picture::DrawnFormat;
use crate::words::{Message, counted};
use anyhow::Result;
use powermap::analysis::Position;
use powermap::model::Lang;
use powermap::picture::write_page;
use powermap_picture::{Drawing, Theme, dot, gexf, graphml, json, mermaid, png, svg};

/// Returns the page, and the drawing of it in the language of the program.
pub(super) fn page(
    args: &Board,
    options: &Options,
    position: &Position,
    output: &Output,
) -> Result<(Vec<u8>, Drawing)> {
    if args.diff.is_some() {
        fail!("--diff is for the other formats"; "a page shows every day; move its slider");
    }
    // A page shows many days, each with loops of its own.
    let wanted = wanted(args, options, position, 0, true)?;
    let titles = [Lang::En, Lang::Zh].map(|lang| {
        let title = args.title.clone().or_else(|| title(options, lang));
        title.unwrap_or_else(|| Message::BoardTitle.text(lang).to_owned())
    });
    // The page follows the reader's system unless dark is asked for.
    let theme = (args.theme == Theme::Dark).then_some(Theme::Dark);
    let page = write_page(position, &wanted, &titles, theme, |scene| {
        drawing(scene, args, options, output)
    })?;
    let [english, chinese] = page.drawings;
    let drawing = match options.lang {
        Lang::En => english,
        Lang::Zh => chinese,
    };
    Ok((page.text.into_bytes(), drawing))
}

/// Returns the file of a drawing.
pub(super) fn bytes(
    drawing: &Drawing,
    args: &Board,
    format: DrawnFormat,
    output: &Output,
) -> Result<Vec<u8>> {
    Ok(match format {
        DrawnFormat::Svg => svg(drawing, args.theme).into_bytes(),
        DrawnFormat::Dot => dot(&drawing.scene).into_bytes(),
        DrawnFormat::Mermaid => mermaid(&drawing.scene).into_bytes(),
        DrawnFormat::GraphMl => graphml(&drawing.scene, &drawing.pieces).into_bytes(),
        DrawnFormat::Gexf => gexf(&drawing.scene, &drawing.pieces).into_bytes(),
        DrawnFormat::Json => json(drawing).into_bytes(),
        DrawnFormat::Png => {
            let picture = png(drawing, args.theme, args.scale)?;
            if !picture.missing.is_empty() {
                let characters: String = picture.missing.iter().take(8).collect();
                output.warning(&format!(
                    "no font on this system has {} of the characters ({characters}…)",
                    picture.missing.len()
                ));
                output.note(
                    "hint: install a font for them, such as fonts-noto-cjk for Chinese, or write SVG",
                );
            }
            picture.bytes
        }
    })
}

/// Says what is not on the picture, and how well it can be read.
pub(super) fn tell(drawing: &Drawing, output: &Output) {
    let lang = output.lang;
    let quality = drawing.quality;
    let folded = drawing
        .scene
        .players()
        .last()
        .map_or(0, |player| player.folded.len());
    let scene = &drawing.scene;
    let counts = [
        counted(
            lang,
            scene.players().len(),
            [Message::OnePlayer, Message::Players],
        ),
        counted(
            lang,
            scene.arrows().len(),
            [Message::OneArrow, Message::Arrows],
        ),
        counted(
            lang,
            quality.crossings,
            [Message::OneCrossing, Message::Crossings],
        ),
    ];
    let mut parts = vec![counts.join(Message::Comma.text(lang))];
    for (count, message) in [
        (folded, Message::Folded),
        (drawing.labels_left_out, Message::WithoutLabel),
    ] {
        if count > 0 {
            parts.push(message.filled(lang, &[("count", &count.to_string())]));
        }
    }
    output.note(&parts.join(Message::Semicolon.text(lang)));
}
