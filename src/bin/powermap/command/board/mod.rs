//! `board`: the picture.

mod wanted;
mod written;

use crate::args::Board;
use crate::command::board::wanted::{filter, scene, title};
use crate::command::board::written::{bytes, page, tell};
use crate::exit::Exit;
use crate::failure::fail;
use crate::input;
use crate::options::Options;
use crate::output::Output;
use crate::picture::{DrawnFormat, PictureFormat};
use anyhow::Result;
use powermap::Map;
use powermap::analysis::Position;
use powermap::picture::{self, SceneOptions};
use powermap_picture::{Drawing, Scene, Theme, has_graphviz, svg};
use std::time::Duration;

/// How long Graphviz may take if --timeout does not say.
const GRAPHVIZ_LIMIT: Duration = Duration::from_secs(20);

pub(crate) fn run(args: &Board, options: &Options, output: &Output) -> Result<Exit> {
    let format = format(options)?;
    let map = input::map(options, output)?;
    let (bytes, drawing) = picture(args, options, &map, format, output)?;
    output.data(|out| Ok(out.write_all(&bytes)?))?;
    if let Some(drawing) = drawing {
        tell(&drawing, output);
    }
    Ok(Exit::Done)
}

/// The file of a picture, and what is drawn in it; a page draws by itself.
pub(crate) fn picture(
    args: &Board,
    options: &Options,
    map: &Map,
    format: PictureFormat,
    output: &Output,
) -> Result<(Vec<u8>, Option<Drawing>)> {
    let position = map.position()?.filtered(filter(args, map)?);
    match format {
        PictureFormat::Html => Ok((page(args, options, &position)?, None)),
        PictureFormat::Drawn(format) => {
            let scene = scene(args, options, &position)?;
            let drawing = drawing(scene, args, options, output)?;
            Ok((bytes(&drawing, args, format, output)?, Some(drawing)))
        }
    }
}

/// The whole board in its usual look, as SVG, with the loops that its finding names pointed out.
pub(crate) fn overview(options: &Options, position: &Position) -> Result<String> {
    let wanted = SceneOptions {
        money: true,
        title: title(options, position, options.lang),
        lang: options.lang,
        ..SceneOptions::default()
    };
    let drawing = Drawing::chess(picture::scene(position, &wanted)?);
    Ok(svg(&drawing, Theme::Light))
}

/// The format of `--format`, else that which the file's name ends in, else SVG.
fn format(options: &Options) -> Result<PictureFormat> {
    if let Some(format) = options.format {
        return match format.picture() {
            Some(format) => Ok(format),
            None => fail!(
                "a picture cannot be written as {}", format.name();
                "use --format {}", PictureFormat::names()
            ),
        };
    }
    match &options.output {
        None => Ok(PictureFormat::Drawn(DrawnFormat::Svg)),
        Some(path) => match PictureFormat::of_path(path) {
            Some(format) => Ok(format),
            None => fail!(
                "{}: the name does not tell the format", path.display();
                "use --format {}", PictureFormat::names()
            ),
        },
    }
}

/// Places everything, in the look that is wanted.
fn drawing(scene: Scene, args: &Board, options: &Options, output: &Output) -> Result<Drawing> {
    if args.look.as_deref() != Some("dot") {
        if args.engine.is_some() {
            fail!("--engine is for --look dot");
        }
        return Ok(match args.look.as_deref() {
            Some("circle") => Drawing::circle(scene),
            _ => Drawing::chess(scene),
        });
    }
    let limit = options.timeout.unwrap_or(GRAPHVIZ_LIMIT);
    match args.engine.as_deref() {
        Some("built-in") => Ok(Drawing::layered(scene)),
        Some(engine) => Ok(Drawing::graphviz(scene, engine, limit)?),
        None if !has_graphviz("dot") => Ok(Drawing::layered(scene)),
        None => match Drawing::graphviz(scene.clone(), "dot", limit) {
            Ok(drawing) => Ok(drawing),
            Err(error) => {
                output.warning(&format!("{error}; laid out without it"));
                Ok(Drawing::layered(scene))
            }
        },
    }
}
