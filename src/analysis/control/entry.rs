//! Control in the table of analyses.

use crate::analysis::answer::{Answer, Cell, Support};
use crate::analysis::column::{ColumnKind, column};
use crate::analysis::control::{
    ControlBasis, ControlDirection, ControlOptions, THRESHOLD_USUAL, Verdict, control,
};
use crate::analysis::definition::Analysis;
use crate::analysis::error::AnalysisError;
use crate::analysis::parameter::{Arguments, Parameter, ParameterKind, Presence, parameter};
use crate::analysis::position::Position;
use crate::model::unit::Measure;
use crate::words::Message;
use std::sync::atomic::AtomicBool;

/// The words for the two directions.
const OWNERS: &str = "owners";
const HOLDINGS: &str = "holdings";

/// The thresholds that rules have a name for: control by majority, the beneficial owner of the rules against money
/// laundering, and the minority stake that has to be disclosed or examined.
const THRESHOLDS: [(&str, u8); 3] = [("majority", 50), ("beneficial-owner", 25), ("minority", 10)];

/// The entry in the table of analyses.
pub const ANALYSIS: Analysis = Analysis {
    name: "control",
    title: Message::ControlTitle,
    question: Message::ControlQuestion,
    definition: "What each owner holds of a company directly and through all chains of companies (integrated ownership, \
        once where it goes round), and whether it controls it: by a majority of the votes (of the capital where \
        no votes are stated), together with the companies that it controls, or because a source states control. Certain \
        if the lower bounds of all shares are enough, possible if the upper ones are, joint for exactly the threshold. Stakes that are \
        not binding yet, and warrants, may come to nothing. Investments whose share nobody states are listed: because of \
        them, a no may be wrong.",
    parameters: &[
        Parameter {
            presence: Presence::Required,
            is_positional: true,
            ..parameter("of", ParameterKind::Player, "The player to start from")
        },
        Parameter {
            presence: Presence::Default(OWNERS),
            ..parameter(
                "way",
                ParameterKind::Word(&[OWNERS, HOLDINGS]),
                "Up to who owns it, or down to what it owns",
            )
        },
        Parameter {
            presence: Presence::Default(THRESHOLD_USUAL.text),
            ..parameter(
                "threshold",
                ParameterKind::Fraction(&THRESHOLDS),
                "The part of the votes to be exceeded: majority (50%), beneficial-owner (25%), minority (10%), or a number",
            )
        },
    ],
    columns: &[
        column(
            "controller",
            Message::HeadingController,
            ColumnKind::Id,
            "The owner",
        ),
        column(
            "verdict",
            Message::HeadingVerdict,
            ColumnKind::Text,
            "certain, possible, joint or no",
        ),
        column(
            "basis",
            Message::HeadingBasis,
            ColumnKind::Text,
            "stated, votes, shares (votes not stated) or chain",
        ),
        column(
            "share",
            Message::HeadingShare,
            ColumnKind::Share,
            "What it owns directly and through others; empty where no share is known",
        ),
        column(
            "direct",
            Message::HeadingControlDirect,
            ColumnKind::Share,
            "What it owns directly; empty where no share is known",
        ),
        column(
            "votes",
            Message::HeadingVotes,
            ColumnKind::Share,
            "The votes that it has directly, where votes are stated",
        ),
        column(
            "company",
            Message::HeadingCompany,
            ColumnKind::Id,
            "The company",
        ),
    ],
    examples: &[
        "powermap control openai",
        "powermap control openai --threshold beneficial-owner",
        "powermap control softbank --way holdings --explain",
    ],
    run,
};

fn run(
    position: &Position,
    arguments: &Arguments,
    cancel: &AtomicBool,
) -> Result<Answer, AnalysisError> {
    let mut answer = Answer::default();
    let Some(player) = arguments.id("of") else {
        return Ok(answer);
    };
    let usual = ControlOptions::of(player);
    let options = ControlOptions {
        direction: match arguments.text("way") {
            Some(HOLDINGS) => ControlDirection::Holdings,
            _ => ControlDirection::Owners,
        },
        threshold: arguments.number("threshold").unwrap_or(usual.threshold),
        ..usual
    };
    let report = control(position, &options, cancel)?;
    for row in report.rows {
        let measure = Some(Measure::Share);
        let support = row.edges.into_iter().map(|id| Support { id, measure });
        let cells = [
            row.controller.into(),
            verdict(row.verdict),
            basis(row.basis),
            row.share.into(),
            row.direct.into(),
            row.votes.into(),
            row.company.into(),
        ];
        answer.push(cells, support.collect());
    }
    let mut holders: Vec<_> = report.unknown.into_iter().map(|(owner, _)| owner).collect();
    holders.dedup();
    for (message, players) in [
        (Message::ShareUnknown, &holders),
        (Message::SharesAboveWhole, &report.oversubscribed),
        (Message::CoarseBounds, &report.coarse),
        (Message::ControlContradicted, &report.contradicted),
        (Message::CountedByChain, &report.indirect),
        (Message::OwnsItself, &report.circular),
    ] {
        answer.list(&position.named(players), &message.texts(&[]), players);
    }
    Ok(answer)
}

fn verdict(verdict: Verdict) -> Cell {
    match verdict {
        Verdict::Certain => Cell::message("certain", Message::Certain),
        Verdict::Joint => Cell::message("joint", Message::Joint),
        Verdict::Possible => Cell::message("possible", Message::Possible),
        Verdict::No => Cell::message("no", Message::NoControl),
    }
}

fn basis(basis: ControlBasis) -> Cell {
    match basis {
        ControlBasis::Stated => Cell::message("stated", Message::BasisStated),
        ControlBasis::Votes => Cell::message("votes", Message::BasisVotes),
        ControlBasis::Shares => Cell::message("shares", Message::BasisShares),
        ControlBasis::Chain => Cell::message("chain", Message::BasisChain),
    }
}
