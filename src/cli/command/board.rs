//! `board`: the picture.

use crate::analysis::parameter::{Argument, Parameter, ParameterKind};
use crate::analysis::position::Position;
use crate::analysis::table::FILTER;
use crate::board::choice::{Choice, Players};
use crate::board::dot;
use crate::board::gather;
use crate::board::html;
use crate::board::json;
use crate::board::layout::{Drawing, chess, graphviz, layered};
use crate::board::mermaid;
use crate::board::png;
use crate::board::scene::Scene;
use crate::board::svg;
use crate::board::theme::Theme;
use crate::cli::args::{Board, Options};
use crate::cli::exit::Exit;
use crate::cli::input;
use crate::cli::output::Output;
use crate::cli::picture::PictureFormat;
use crate::map::Map;
use crate::model::lang::Lang;
use crate::model::view::View;
use crate::network::named::Filter;
use anyhow::{Context, Result, bail};
use oxigraph::model::NamedNode;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long Graphviz may take if --timeout does not say.
const GRAPHVIZ_LIMIT: Duration = Duration::from_secs(20);

pub(crate) fn run(args: &Board, options: &Options, output: &Output) -> Result<Exit> {
    let format = format(options)?;
    let map = input::map(options)?;
    let position = map.position().filtered(filter(args, &map)?);
    let drawing = if format == PictureFormat::Html {
        page(args, options, &position, output)?
    } else {
        let scene = scene(args, options, &position)?;
        let drawing = drawing(scene, args, options, output)?;
        write(&drawing, args, format, output)?;
        drawing
    };
    tell(&drawing, output);
    Ok(Exit::Done)
}

/// The whole board in its usual look, as SVG, with those of these loops pointed out whose players are all drawn.
pub(crate) fn overview(
    options: &Options,
    position: &Position,
    loops: Vec<Vec<NamedNode>>,
) -> Result<String> {
    let wanted = gather::Options {
        title: title(options, options.lang),
        lang: options.lang,
        loops,
        ..gather::Options::default()
    };
    let drawing = chess::lay_out(Scene::of(position, &wanted)?);
    Ok(svg::write(&drawing, Theme::Light))
}

/// The format of `--format`, else that which the file's name ends in, else SVG.
fn format(options: &Options) -> Result<PictureFormat> {
    if let Some(format) = options.format {
        return match format.picture() {
            Some(format) => Ok(format),
            None => bail!(
                "a picture cannot be written as {}\nhint: use --format {}",
                format.name(),
                PictureFormat::names()
            ),
        };
    }
    match &options.output {
        None => Ok(PictureFormat::Svg),
        Some(path) => match PictureFormat::of_path(path) {
            Some(format) => Ok(format),
            None => bail!(
                "{}: the name does not tell the format\nhint: use --format {}",
                path.display(),
                PictureFormat::names()
            ),
        },
    }
}

fn filter(args: &Board, map: &Map) -> Result<Filter> {
    let position = map.position();
    let parse = |name: &str, text: &str| -> Result<Argument> {
        match FILTER.iter().find(|parameter| parameter.name == name) {
            Some(parameter) => Ok(parameter.parse(text.trim(), &position)?),
            None => bail!("there is no filter {name}"),
        }
    };
    let mut filter = Filter::default();
    let given = (args.family.iter().map(|text| ("family", text)))
        .chain(args.kind.iter().map(|text| ("kind", text)))
        .chain(args.min_status.iter().map(|text| ("min-status", text)))
        .chain(args.min_amount.iter().map(|text| ("min-amount", text)));
    for (name, text) in given {
        match parse(name, text)? {
            Argument::Family(family) => filter.families.push(family),
            Argument::Id(kind) => filter.kinds.push(kind),
            Argument::Status(status) => filter.status_min = Some(status),
            Argument::Number(amount) => filter.amount_min = Some(amount),
            _ => {}
        }
    }
    Ok(filter)
}

/// Writes the page; gives the drawing of it in the language of the program.
fn page(args: &Board, options: &Options, position: &Position, output: &Output) -> Result<Drawing> {
    if args.diff.is_some() {
        bail!("--diff is for the other formats\nhint: a page shows every day; move its slider");
    }
    let wanted = wanted(args, options, position)?;
    let titles = [Lang::En, Lang::Zh].map(|lang| {
        let title = args.title.clone().or_else(|| title(options, lang));
        title.unwrap_or_else(|| lang.pick("The board of power", "权力棋局").to_owned())
    });
    // The page follows the reader's system unless dark is asked for.
    let theme = (args.theme == Theme::Dark).then_some(Theme::Dark);
    let mut shown = None;
    let page = html::write(position, &wanted, &titles, theme, |scene| {
        let drawing = drawing(scene, args, options, output)?;
        if drawing.scene.lang == options.lang {
            shown = Some(drawing.clone());
        }
        anyhow::Ok(drawing)
    })?;
    output.data(|out| Ok(out.write_all(page.as_bytes())?))?;
    shown.context("a page has a drawing in each language")
}

fn scene(args: &Board, options: &Options, position: &Position) -> Result<Scene> {
    let wanted = wanted(args, options, position)?;
    let Some(days) = &args.diff else {
        return Ok(Scene::of(position, &wanted)?);
    };
    let [before, after] = [0, 1].map(|place| moment(&days[place], options, position));
    let (before, after) = (position.at(before?), position.at(after?));
    Ok(Scene::of_difference(&before, &after, &wanted)?)
}

fn wanted(args: &Board, options: &Options, position: &Position) -> Result<gather::Options> {
    let players = |names: &mut dyn Iterator<Item = &str>| -> Result<Vec<NamedNode>> {
        names
            .map(|name| Ok(position.player(name.trim())?))
            .collect()
    };
    let players_chosen = match &args.around {
        Some(centre) => Players::Around(position.player(centre)?, args.hops),
        None if args.players.is_empty() => Players::All,
        None => Players::Listed(players(&mut args.players.iter().map(String::as_str))?),
    };
    let mut loops = Vec::new();
    for given in &args.loops {
        loops.push(players(&mut given.split(','))?);
    }
    Ok(gather::Options {
        title: args.title.clone().or_else(|| title(options, options.lang)),
        lang: options.lang,
        choice: Choice {
            players: players_chosen,
            top: args.top.map(usize::from),
            strength: BTreeMap::new(),
        },
        split: args.split,
        loops,
    })
}

/// The built-in map has a title; a map on disk has the name of its file or folder.
fn title(options: &Options, lang: Lang) -> Option<String> {
    match &options.map {
        None => Some(
            lang.pick("The chess board of Silicon Valley", "硅谷棋局")
                .to_owned(),
        ),
        Some(path) => Some(path.file_stem()?.to_str()?.to_owned()),
    }
}

fn moment(text: &str, options: &Options, position: &Position) -> Result<View> {
    let parameter = Parameter {
        name: "diff",
        kind: ParameterKind::Moment,
        ..FILTER[0]
    };
    match parameter.parse(text, position)? {
        Argument::Moment(day, known_by) => Ok(View {
            as_of: Some(day),
            known_by,
            policy: options.policy,
        }),
        _ => bail!("{text} is no day"),
    }
}

/// Places everything, in the look that is wanted.
fn drawing(scene: Scene, args: &Board, options: &Options, output: &Output) -> Result<Drawing> {
    if args.look == "chess" {
        if args.engine.is_some() {
            bail!("--engine is for --look dot");
        }
        return Ok(chess::lay_out(scene));
    }
    let limit = options.timeout.unwrap_or(GRAPHVIZ_LIMIT);
    match args.engine.as_deref() {
        Some("built-in") => Ok(layered::lay_out(scene)),
        Some(engine) => Ok(graphviz::lay_out(scene, engine, limit)?),
        None if !graphviz::is_installed("dot") => Ok(layered::lay_out(scene)),
        None => match graphviz::lay_out(scene.clone(), "dot", limit) {
            Ok(drawing) => Ok(drawing),
            Err(error) => {
                let error = error.to_string();
                let (error, _) = error.split_once('\n').unwrap_or((&error, ""));
                output.warning(&format!("{error}; laid out without it"));
                Ok(layered::lay_out(scene))
            }
        },
    }
}

fn write(drawing: &Drawing, args: &Board, format: PictureFormat, output: &Output) -> Result<()> {
    let bytes = match format {
        PictureFormat::Svg => svg::write(drawing, args.theme).into_bytes(),
        PictureFormat::Dot => dot::write(&drawing.scene).into_bytes(),
        PictureFormat::Mermaid => mermaid::write(&drawing.scene).into_bytes(),
        PictureFormat::Html => bail!("a page is written from a position, not from a drawing"),
        PictureFormat::Json => json::write(drawing).into_bytes(),
        PictureFormat::Png => {
            let svg = svg::write(drawing, args.theme);
            let picture = png::draw(&svg, drawing.width, args.scale)?;
            if !picture.missing.is_empty() {
                let characters: String = picture.missing.iter().take(8).collect();
                output.warning(&format!(
                    "no font on this system has {} of the characters ({characters}…)\nhint: install a font \
                     for them, such as fonts-noto-cjk for Chinese, or write SVG",
                    picture.missing.len()
                ));
            }
            picture.bytes
        }
    };
    output.data(|out| Ok(out.write_all(&bytes)?))
}

/// Says what is not on the picture, and how well it can be read.
fn tell(drawing: &Drawing, output: &Output) {
    let lang = output.lang;
    let quality = drawing.quality;
    let folded = drawing
        .scene
        .players
        .last()
        .map_or(0, |player| player.folded.len());
    let count = |count: usize, en: &str, zh: &str| match (lang, count) {
        (Lang::En, 1) => format!("1 {en}"),
        (Lang::En, count) => format!("{count} {en}s"),
        (Lang::Zh, count) => format!("{count} {zh}"),
    };
    let scene = &drawing.scene;
    let counts = [
        count(scene.players.len(), "player", "位参与者"),
        count(scene.arrows.len(), "arrow", "条箭头"),
        count(quality.crossings, "crossing", "处交叉"),
    ];
    let mut parts = vec![counts.join(lang.pick(", ", "，"))];
    if folded > 0 {
        parts.push(lang.pick(
            format!("{folded} players folded into one"),
            format!("{folded} 位合为一位"),
        ));
    }
    if drawing.labels_left_out > 0 {
        let count = drawing.labels_left_out;
        parts.push(lang.pick(
            format!("{count} arrows without a label for want of room"),
            format!("{count} 条箭头因空间不足没有标注"),
        ));
    }
    let separator = match lang {
        Lang::En => "; ",
        Lang::Zh => "；",
    };
    output.note(&parts.join(separator));
}
