//! Dependence in the table of analyses.

use crate::analysis::answer::{Answer, Cell, Support};
use crate::analysis::column::{ColumnKind, column};
use crate::analysis::definition::Analysis;
use crate::analysis::dependence::{
    Dependence, DependenceBasis, DependenceOptions, DependenceSide, Figure, ListedByParts,
    MissingBase, dependence,
};
use crate::analysis::error::AnalysisError;
use crate::analysis::parameter::{
    Arguments, Parameter, ParameterKind, Presence, measure, parameter,
};
use crate::analysis::position::Position;
use crate::model::quantity::Quantity;
use crate::words::{Message, Texts};
use std::cmp::Ordering;
use std::sync::atomic::AtomicBool;

/// The entry in the table of analyses.
pub const ANALYSIS: Analysis = Analysis {
    name: "dependence",
    title: Message::DependenceTitle,
    question: Message::DependenceQuestion,
    definition: "The share of each counterparty in what a player gets (supply, funding) and in what it gives (sales, \
        portfolio), by what the edges are worth. Bounds hold for every value that the sources allow; share and hhi \
        next to them are the figures as headlines have them, an open interval taken at the bound that is known. hhi is \
        the Herfindahl-Hirschman index of the side, from 1/n to 1. asymmetry is the share less that of the player on \
        the counterparty's opposite side: above 0, the player needs the counterparty more than it is needed. \
        All bounds are the least that hold whatever the values are within theirs, all at once. Counterparties without a \
        value are left out of the shares and listed; known and counterparties say how many of them have one, and the only \
        known one of several has no share. A total that is listed by its parts has no row, but a note. Where no player is \
        given, the greatest shares come first, and of equal ones the greatest values.",
    parameters: &[
        Parameter {
            presence: Presence::Repeatable,
            ..parameter("of", ParameterKind::Player, "Only this player's dependence")
        },
        Parameter {
            presence: Presence::Repeatable,
            ..parameter(
                "on",
                ParameterKind::Word(&["supply", "funding", "sales", "portfolio"]),
                "Only this side",
            )
        },
        Parameter {
            presence: Presence::Default("auto"),
            ..parameter(
                "by",
                ParameterKind::Word(&["auto", "amount", "capacity", "units", "edges"]),
                "What the shares are taken of; auto is every measure that there are values of",
            )
        },
        Parameter {
            presence: Presence::Repeatable,
            ..parameter(
                "at",
                ParameterKind::Day,
                "On this day; several give a series",
            )
        },
    ],
    columns: &[
        column(
            "player",
            Message::HeadingPlayer,
            ColumnKind::Id,
            "Who depends",
        ),
        column(
            "side",
            Message::HeadingSide,
            ColumnKind::Text,
            "supply, funding, sales or portfolio",
        ),
        column(
            "counterparty",
            Message::HeadingCounterparty,
            ColumnKind::Id,
            "On whom",
        ),
        column(
            "basis",
            Message::HeadingBasis,
            ColumnKind::Text,
            "The unit that shares are taken of, or edges",
        ),
        column(
            "share",
            Message::HeadingShare,
            ColumnKind::Share,
            "The bounds of the counterparty's share",
        ),
        column(
            "hhi",
            Message::HeadingHhi,
            ColumnKind::Number,
            "The concentration of the side, by headline figures",
        ),
        column(
            "share_headline",
            Message::HeadingShareHeadline,
            ColumnKind::Number,
            "The share by headline figures",
        ),
        column(
            "hhi_bounds",
            Message::HeadingHhiBounds,
            ColumnKind::Range,
            "The bounds of the concentration",
        ),
        column(
            "asymmetry",
            Message::HeadingAsymmetry,
            ColumnKind::Number,
            "The share less the mirrored one, by headline figures",
        ),
        column(
            "asymmetry_bounds",
            Message::HeadingAsymmetryBounds,
            ColumnKind::Range,
            "The bounds of the asymmetry",
        ),
        column(
            "quantity",
            Message::HeadingDependenceQuantity,
            ColumnKind::Quantity,
            "What the edges between them are worth",
        ),
        column(
            "known",
            Message::HeadingKnown,
            ColumnKind::Integer,
            "Of how many counterparties a value is known in the basis",
        ),
        column(
            "counterparties",
            Message::HeadingCounterparties,
            ColumnKind::Integer,
            "How many counterparties the side has",
        ),
        column(
            "day",
            Message::HeadingDay,
            ColumnKind::Time,
            "The day of the board",
        ),
    ],
    examples: &[
        "powermap dependence --of openai --on supply --by capacity",
        "powermap dependence --of openai --on supply --at 2025-08-31 --at 2025-10-31",
    ],
    run,
};

fn run(
    position: &Position,
    arguments: &Arguments,
    cancel: &AtomicBool,
) -> Result<Answer, AnalysisError> {
    let sides = DependenceSide::ALL.into_iter();
    let asked: Vec<&str> = arguments.texts("on").collect();
    let options = DependenceOptions {
        players: arguments.ids("of"),
        sides: sides.filter(|side| asked.contains(&side.name())).collect(),
        basis: match arguments.text("by") {
            Some(name) if name == DependenceBasis::Edges.name() => Some(None),
            Some(name) => measure(name).map(Some),
            None => None,
        },
        days: arguments.days("at").collect(),
    };
    let mut report = dependence(position, &options, cancel)?;
    if options.players.is_empty() {
        report.rows.sort_by(greatest_first);
    }
    let mut answer = Answer::default();
    for row in report.rows {
        let measure = match row.basis {
            DependenceBasis::In(unit) => Some(unit.measure()),
            DependenceBasis::Edges => None,
        };
        let has_share = row.has_share();
        let support = row.edges.into_iter().map(|id| Support { id, measure });
        let known = |cell: Cell| if has_share { cell } else { Cell::Empty };
        let cells = [
            row.player.into(),
            side(row.side),
            row.counterparty.into(),
            basis(row.basis),
            known(Cell::Share {
                lower: Some(row.share.lower),
                upper: Some(row.share.upper),
                excluded: row.share.excluded,
            }),
            known(rounded(row.herfindahl.headline)),
            known(rounded(row.share.headline)),
            known(range(row.herfindahl)),
            known(rounded(row.asymmetry.headline)),
            known(range(row.asymmetry)),
            row.value.into(),
            row.known.into(),
            row.counterparties.into(),
            row.day.into(),
        ];
        answer.push(cells, support.collect());
    }
    for total in &report.listed_by_parts {
        listed(position, total, &mut answer);
    }
    for missing in &report.missing {
        note(position, Message::MissingBase, missing, &mut answer);
    }
    for partial in &report.partial {
        note(position, Message::PartialBase, partial, &mut answer);
    }
    for (day, count) in &report.unknown_starts {
        answer.note(Message::UnknownStartsOn, &[("day", day), ("count", count)]);
    }
    Ok(answer)
}

/// Compares rows of all players on a day: by falling share, and by falling value in one basis after the other; those without
/// a share come last.
fn greatest_first(one: &Dependence, other: &Dependence) -> Ordering {
    let share = |row: &Dependence| row.has_share().then_some(row.share.headline);
    let value = |row: &Dependence| row.value.as_ref().map(Quantity::headline);
    let falling = |one: Option<f64>, other: Option<f64>| {
        let [one, other] = [one, other].map(|number| number.unwrap_or(f64::NEG_INFINITY));
        other.total_cmp(&one)
    };
    let by_share = || falling(share(one), share(other));
    (one.day.cmp(&other.day))
        .then_with(by_share)
        .then_with(|| one.basis.cmp(&other.basis))
        .then_with(|| falling(value(one), value(other)))
}

/// Rounds a share or an index to six decimals; those beyond mean nothing.
fn rounded(number: f64) -> Cell {
    Cell::Number((number * 1e6).round() / 1e6)
}

fn range(figure: Figure) -> Cell {
    Cell::Range {
        lower: figure.lower,
        upper: figure.upper,
    }
}

fn word(side: DependenceSide) -> Message {
    match side {
        DependenceSide::Supply => Message::Supply,
        DependenceSide::Funding => Message::Funding,
        DependenceSide::Sales => Message::Sales,
        DependenceSide::Portfolio => Message::Portfolio,
    }
}

fn side(side: DependenceSide) -> Cell {
    Cell::message(side.name(), word(side))
}

fn basis(basis: DependenceBasis) -> Cell {
    match basis {
        DependenceBasis::In(unit) => Cell::words(unit.code(), |lang| unit.symbol(lang).to_owned()),
        DependenceBasis::Edges => Cell::message("edges", Message::ByEdges),
    }
}

fn listed(position: &Position, total: &ListedByParts, answer: &mut Answer) {
    let own = [&total.player, &total.counterparty].into_iter();
    let named: Vec<_> = own.chain(&total.parts).cloned().collect();
    let records = position.named(&named);
    let title = Texts::new(|lang| {
        Message::ListedByParts.filled(
            lang,
            &[
                ("player", &records.label(&total.player, lang)),
                ("side", &word(total.side).text(lang)),
                ("total", &records.label(&total.counterparty, lang)),
            ],
        )
    });
    answer.list(&records, &title, &total.parts);
}

fn note(position: &Position, message: Message, missing: &MissingBase, answer: &mut Answer) {
    let named: Vec<_> = std::iter::once(&missing.player)
        .chain(&missing.counterparties)
        .cloned()
        .collect();
    let records = position.named(&named);
    let day = missing
        .day
        .map_or_else(String::new, |day| format!(" ({day})"));
    let unit = missing.basis.name();
    let title = Texts::new(|lang| {
        let player = records.label(&missing.player, lang);
        let side = word(missing.side).text(lang);
        message.filled(
            lang,
            &[
                ("player", &player),
                ("side", &side),
                ("day", &day),
                ("unit", &unit),
            ],
        )
    });
    answer.list(&records, &title, &missing.counterparties);
}
