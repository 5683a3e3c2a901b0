//! Writing what `board` has drawn, and saying how well it can be read.

use crate::args::Board;
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
use powermap_picture::{
    Drawing, Rendered, Theme, dot, gexf, graphml, json, mermaid, pdf, png, svg,
};

/// Returns the page.
pub(super) fn page(args: &Board, options: &Options, position: &Position) -> Result<Vec<u8>> {
    if args.diff.is_some() {
        fail!("--diff is for the other formats"; "a page shows every day; move its slider");
    }
    if args.look.as_deref() == Some("dot") || args.engine.is_some() {
        fail!("a page is laid out by itself"; "use --look money or board, or another format");
    }
    if args.split {
        fail!("--split is for the other formats"; "a page lists each edge when its arrow is clicked");
    }
    if !args.loops.is_empty() || args.loops_found.is_some() {
        fail!("--loop and --loops are for the other formats"; "a page lists all loops and lights up each");
    }
    let wanted = wanted(args, options, position)?;
    let titles = [Lang::En, Lang::Zh].map(|lang| {
        let title = args
            .title
            .clone()
            .or_else(|| title(options, position, lang));
        title.unwrap_or_else(|| Message::BoardTitle.text(lang).to_owned())
    });
    // The page follows the reader's system unless dark is asked for.
    let theme = (args.theme == Theme::Dark).then_some(Theme::Dark);
    Ok(write_page(position, &wanted, &titles, theme)?.into_bytes())
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
        DrawnFormat::Png => rendered(png(drawing, args.theme, args.scale)?, output),
        DrawnFormat::Pdf => rendered(pdf(drawing, args.theme)?, output),
    })
}

/// Returns the bytes of a picture with text in it, and says which characters no font has.
fn rendered(picture: Rendered, output: &Output) -> Vec<u8> {
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

/// Says what is not on the picture, and how well it can be read.
pub(super) fn tell(drawing: &Drawing, output: &Output) {
    let lang = output.lang;
    let quality = drawing.quality;
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
    if drawing.labels_left_out > 0 {
        let count = drawing.labels_left_out.to_string();
        parts.push(Message::WithoutLabel.filled(lang, &[("count", &count)]));
    }
    output.note(&parts.join(Message::Semicolon.text(lang)));
}
