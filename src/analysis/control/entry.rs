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
use std::sync::atomic::AtomicBool;

/// The words for the two directions.
const OWNERS: &str = "owners";
const HOLDINGS: &str = "holdings";

/// The entry in the table of analyses.
pub const ANALYSIS: Analysis = Analysis {
    name: "control",
    title: "Ownership and control",
    title_zh: "持股与控制",
    question: "Who controls a company, and how surely?",
    question_zh: "谁控制一家公司，把握有多大？",
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
                ParameterKind::Number,
                "The part of the votes to be exceeded",
            )
        },
    ],
    columns: &[
        column("controller", "控制者", ColumnKind::Id, "The owner"),
        column(
            "verdict",
            "结论",
            ColumnKind::Text,
            "certain, possible, joint or no",
        ),
        column(
            "basis",
            "依据",
            ColumnKind::Text,
            "stated, votes, shares (votes not stated) or chain",
        ),
        column(
            "share",
            "份额",
            ColumnKind::Share,
            "What it owns directly and through others",
        ),
        column(
            "direct",
            "直接份额",
            ColumnKind::Share,
            "What it owns directly",
        ),
        column(
            "votes",
            "表决权",
            ColumnKind::Share,
            "The votes that it has directly, where votes are stated",
        ),
        column("company", "公司", ColumnKind::Id, "The company"),
    ],
    examples: &[
        "powermap control openai",
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
            share(row.share),
            share(row.direct),
            row.votes.map_or(Cell::Empty, share),
            row.company.into(),
        ];
        answer.push(cells, support.collect());
    }
    let records = position.records();
    let mut holders: Vec<_> = report.unknown.into_iter().map(|(owner, _)| owner).collect();
    holders.dedup();
    answer.list(records, "share not known", "份额不明", &holders);
    answer.list(
        records,
        "shares sum to more than the whole, scaled down",
        "份额之和超过整体，已按比例缩减",
        &report.oversubscribed,
    );
    answer.list(
        records,
        "in a large circle, bounds wider than they need be",
        "处于大型循环之中，区间偏宽",
        &report.coarse,
    );
    answer.list(
        records,
        "controlled certainly by several, which cannot be: see who says so",
        "同时被多方确定控制，不可能成立：请核对出处",
        &report.contradicted,
    );
    answer.list(
        records,
        "told through others, counted by the chain",
        "经由他人持有，按链条计算",
        &report.indirect,
    );
    answer.list(
        records,
        "owns itself in a circle",
        "循环持股",
        &report.circular,
    );
    Ok(answer)
}

fn share((lower, upper): (f64, f64)) -> Cell {
    // An exclusive bound ends a little inside of its number, which is the one to print.
    let printed = |share: f64| (share * 1e9).round() / 1e9;
    Cell::Share {
        lower: Some(printed(lower)),
        upper: Some(printed(upper)),
    }
}

fn verdict(verdict: Verdict) -> Cell {
    match verdict {
        Verdict::Certain => Cell::words("certain", "certain", "确定"),
        Verdict::Joint => Cell::words("joint", "joint", "共同"),
        Verdict::Possible => Cell::words("possible", "possible", "可能"),
        Verdict::No => Cell::words("no", "no", "否"),
    }
}

fn basis(basis: ControlBasis) -> Cell {
    match basis {
        ControlBasis::Stated => Cell::words("stated", "stated", "载明"),
        ControlBasis::Votes => Cell::words("votes", "votes", "表决权"),
        ControlBasis::Shares => {
            Cell::words("shares", "shares, votes not stated", "持股，未载明表决权")
        }
        ControlBasis::Chain => Cell::words("chain", "through others", "经由他人"),
    }
}
