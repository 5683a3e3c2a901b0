//! What the arguments of `board` ask for.

use crate::args::Board;
use crate::failure::fail;
use crate::options::Options;
use anyhow::Result;
use oxigraph::model::NamedNode;
use powermap::analysis::{Argument, FILTER, Parameter, ParameterKind, Position};
use powermap::model::Lang;
use powermap::network::Filter;
use powermap::picture::{self, Choice, Players, SceneOptions};
use powermap::{Map, View};
use powermap_picture::{Scene, Sheet};

/// Which edges count.
pub(super) fn filter(args: &Board, map: &Map) -> Result<Filter> {
    let position = map.position()?;
    let parse = |name: &str, text: &str| -> Result<Argument> {
        match FILTER.iter().find(|parameter| parameter.name == name) {
            Some(parameter) => Ok(parameter.parse(text.trim(), &position)?),
            None => fail!("there is no filter {}", name),
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

/// What is drawn, of one day or of two.
pub(super) fn scene(args: &Board, options: &Options, position: &Position) -> Result<Scene> {
    let wanted = wanted(args, options, position)?;
    let mut scene = match &args.diff {
        None => picture::scene(position, &wanted)?,
        Some(days) => {
            let [before, after] = [0, 1].map(|place| moment(&days[place], options, position));
            let (before, after) = (position.at(before?), position.at(after?));
            picture::scene_of_difference(&before, &after, &wanted)?
        }
    };
    scene.sheet = Sheet::of_name(&args.size).unwrap_or_default();
    if args.title.is_some() {
        scene.finding = None;
    }
    Ok(scene)
}

/// What the picture shows of a position.
pub(super) fn wanted(args: &Board, options: &Options, position: &Position) -> Result<SceneOptions> {
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
    Ok(SceneOptions {
        title: args
            .title
            .clone()
            .or_else(|| title(options, position, options.lang)),
        lang: options.lang,
        choice: Choice {
            players: players_chosen,
            top: args.top.map(usize::from),
        },
        money: args.money
            || (args.look.as_deref()).is_none_or(|look| look == "money" || look == "circle"),
        split: args.split,
        loops,
        loops_found: args.loops_found,
    })
}

/// The title that a map gives itself, else the name of its file or folder.
pub(super) fn title(options: &Options, position: &Position, lang: Lang) -> Option<String> {
    let own = position.records().title(lang).map(str::to_owned);
    own.or_else(|| Some(options.map.as_ref()?.file_stem()?.to_str()?.to_owned()))
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
        _ => fail!("{} is no day", text),
    }
}
