//! The sheet around the board: title, stamp, legend and footnotes, in columns beside it.

use crate::board::layout::geometry::{Point, Rect, point};
use crate::board::layout::{PlacedText, Role, Sample, SampleKind};
use crate::board::scene::{Change, Firmness, Piece, Ranking, Scene, Source};
use crate::board::text::{width, wrap};
use crate::model::lang::Lang;
use crate::model::name::{Family, PlayerType, Policy};

/// The ratio of A4 and A3, long side to short.
const RATIO: f64 = std::f64::consts::SQRT_2;
/// The margin of the sheet.
pub(crate) const MARGIN: f64 = 44.0;
/// The room between board and panel.
const GUTTER: f64 = 30.0;
/// The size of the title.
const TITLE: f64 = 27.0;
/// The size of footnotes.
const SMALL: f64 = 9.5;
/// The widest column of footnotes.
const COLUMN: f64 = 380.0;

/// The panel of a sheet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Panel {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) texts: Vec<PlacedText>,
    pub(crate) samples: Vec<Sample>,
}

/// Sets the panel beside a board; the sheet grows until all is on it.
pub(crate) fn set(scene: &Scene, board: Rect, widths: &[(f64, String)]) -> Panel {
    let mut height = board.y + board.height + MARGIN;
    loop {
        let sheet = point(height * RATIO, height);
        let left = board.x + board.width + GUTTER;
        let right = sheet.x - MARGIN;
        let mut flow = Flow::new(point(left, board.y), right - left);
        flow.all(scene, widths, height - MARGIN);
        if right - left >= 200.0 && flow.fits {
            return Panel {
                width: sheet.x,
                height,
                texts: flow.texts,
                samples: flow.samples,
            };
        }
        height *= 1.03;
    }
}

/// Text that flows down a column.
struct Flow {
    left: f64,
    at: f64,
    width: f64,
    fits: bool,
    texts: Vec<PlacedText>,
    samples: Vec<Sample>,
}

impl Flow {
    fn new(corner: Point, width: f64) -> Self {
        Self {
            left: corner.x,
            at: corner.y,
            width,
            fits: true,
            texts: Vec::new(),
            samples: Vec::new(),
        }
    }

    fn all(&mut self, scene: &Scene, widths: &[(f64, String)], bottom: f64) {
        let lang = scene.lang;
        for line in wrap(&scene.title, TITLE, self.width, 3) {
            self.at += TITLE * 1.08;
            self.line(Role::Title, TITLE, 0.0, line);
        }
        self.at += 8.0;
        for text in stamp(scene) {
            for line in wrap(&text, 12.5, self.width, 3) {
                self.at += 16.5;
                self.line(Role::Stamp, 12.5, 0.0, line);
            }
        }
        self.at += 12.0;
        self.legend(scene, widths);
        self.heading(lang.pick("Sources", "出处"));
        self.footnotes(scene, bottom);
    }

    fn line(&mut self, role: Role, size: f64, indent: f64, text: String) {
        self.texts.push(PlacedText {
            at: point(self.left + indent, self.at),
            role,
            size,
            text,
            url: None,
        });
    }

    fn heading(&mut self, text: &str) {
        self.at += 28.0;
        self.line(Role::Heading, 12.0, 0.0, text.to_owned());
        self.at += 6.0;
    }

    /// Samples in two columns.
    fn legend(&mut self, scene: &Scene, widths: &[(f64, String)]) {
        let lang = scene.lang;
        self.heading(lang.pick("How to read it", "图例"));
        let mut entries: Vec<(SampleKind, String)> = Vec::new();
        for (family, en, zh) in [
            (Family::Investment, "Investment", "投资"),
            (Family::Supply, "Supply", "供应"),
            (Family::Influence, "Influence", "影响"),
        ] {
            if scene.arrows.iter().any(|arrow| arrow.family == family) {
                entries.push((SampleKind::Family(family), lang.pick(en, zh).to_owned()));
            }
        }
        for (firmness, en, zh) in [
            (Firmness::Firm, "Committed or done", "已承诺或完成"),
            (Firmness::Partly, "In part committed", "部分承诺"),
            (Firmness::Loose, "Not committed", "尚未承诺"),
        ] {
            if scene.arrows.iter().any(|arrow| arrow.firmness == firmness) {
                entries.push((SampleKind::Firmness(firmness), lang.pick(en, zh).to_owned()));
            }
        }
        for (thick, text) in widths {
            entries.push((SampleKind::Width(*thick), text.clone()));
        }
        if !scene.loops.is_empty() {
            let text = lang.pick("Loop", "环路").to_owned();
            entries.push((SampleKind::Loop, text));
        }
        if scene.before.is_some() {
            for (change, en, zh) in [
                (Change::Came, "New", "新增"),
                (Change::Went, "Gone", "消失"),
                (Change::Changed, "Changed", "有变"),
                (Change::Same, "As before", "未变"),
            ] {
                entries.push((SampleKind::Change(change), lang.pick(en, zh).to_owned()));
            }
        }
        self.grid(entries, 22.0, 34.0, 165.0);
        self.at += 8.0;
        self.pieces(scene);
    }

    fn pieces(&mut self, scene: &Scene) {
        let lang = scene.lang;
        let has = |keep: &dyn Fn(PlayerType, Piece) -> bool| {
            scene.players.iter().any(|p| keep(p.player_type, p.piece))
        };
        let mut entries = Vec::new();
        let is_group = |kind: PlayerType| matches!(kind, PlayerType::Group | PlayerType::Voice);
        if has(&|kind, _| kind != PlayerType::Person && !is_group(kind)) {
            let text = lang.pick("Organisation", "机构");
            entries.push((
                SampleKind::Piece(Piece::Pawn, PlayerType::Company),
                text.to_owned(),
            ));
        }
        if has(&|kind, _| kind == PlayerType::Person) {
            let text = lang.pick("Person", "人物");
            entries.push((
                SampleKind::Piece(Piece::Pawn, PlayerType::Person),
                text.to_owned(),
            ));
        }
        if has(&|kind, _| is_group(kind)) {
            let text = lang.pick("Several in one", "多位合一");
            entries.push((
                SampleKind::Piece(Piece::Pawns, PlayerType::Group),
                text.to_owned(),
            ));
        }
        self.grid(entries, 28.0, 24.0, 118.0);
        let (en, zh) = match scene.ranking {
            Ranking::Standing => (
                "standing, the mean rank in six measures of power",
                "地位（六种权力指标的平均名次）",
            ),
            Ranking::Edges => ("the number of edges", "关系数"),
        };
        let note = lang.pick(
            format!(
                "King, queens, rooks, bishops, knights, pawns: by {en}. Small numbers: sources."
            ),
            format!("王、后、车、象、马、兵：按{zh}排列。小号数字：出处。"),
        );
        self.at += 4.0;
        for line in wrap(&note, 10.5, self.width, 4) {
            self.at += 14.0;
            self.line(Role::Legend, 10.5, 0.0, line);
        }
    }

    fn grid(&mut self, entries: Vec<(SampleKind, String)>, row: f64, sample: f64, least: f64) {
        let columns = ((self.width / least).floor() as usize).clamp(1, 4);
        let column = self.width / columns as f64;
        let top = self.at;
        let rows = entries.len().div_ceil(columns);
        for (number, (what, text)) in entries.into_iter().enumerate() {
            let (x, y) = (number / rows, number % rows);
            let corner = point(self.left + x as f64 * column, top + y as f64 * row);
            self.samples.push(Sample {
                rect: Rect {
                    x: corner.x,
                    y: corner.y + 3.0,
                    width: sample,
                    height: row - 4.0,
                },
                what,
            });
            self.at = corner.y + row / 2.0 + 5.5;
            let left = self.left;
            self.left = corner.x;
            let text = wrap(&text, 11.5, column - sample - 10.0, 1).concat();
            self.line(Role::Legend, 11.5, sample + 7.0, text);
            self.left = left;
        }
        self.at = top + rows as f64 * row;
    }

    /// Footnotes, in as many columns as the panel is wide.
    fn footnotes(&mut self, scene: &Scene, bottom: f64) {
        let columns = (self.width / COLUMN).round().max(1.0);
        let gap = 18.0;
        let column = (self.width - gap * (columns - 1.0)) / columns;
        let (top, left) = (self.at, self.left);
        let mut number = 0.0;
        for source in &scene.sources {
            let lines = wrap(&footnote(source, scene.lang), SMALL, column - 16.0, 6);
            let height = lines.len() as f64 * (SMALL + 2.2) + 1.6;
            if self.at + height > bottom {
                number += 1.0;
                self.at = top;
                self.left = left + number * (column + gap);
            }
            for (place, line) in lines.into_iter().enumerate() {
                self.at += SMALL + 2.2;
                if place == 0 {
                    self.line(Role::Footnote, SMALL, 0.0, source.number.to_string());
                }
                self.line(Role::Footnote, SMALL, 16.0, line);
                if let Some(text) = self.texts.last_mut() {
                    text.url.clone_from(&source.url);
                }
            }
            self.at += 1.6;
        }
        self.left = left;
        self.fits = number < columns && self.at <= bottom && top + 40.0 < bottom;
    }
}

fn footnote(source: &Source, lang: Lang) -> String {
    let mut text = source.name.clone();
    if let Some(issued) = &source.issued {
        text.push_str(lang.pick(", ", "，"));
        // The last day on which it may have come out says little.
        text.push_str(
            issued
                .split('/')
                .find(|part| *part != "..")
                .unwrap_or(issued),
        );
    }
    if !source.places.is_empty() {
        text.push_str(lang.pick(": ", "："));
        text.push_str(&source.places.join(lang.pick(", ", "、")));
    }
    text
}

/// What stands under the title: the days, and the rule if it is not the usual one.
fn stamp(scene: &Scene) -> Vec<String> {
    let lang = scene.lang;
    let day = |view: &crate::model::view::View| {
        let mut parts = Vec::new();
        if let Some(day) = view.as_of {
            parts.push(lang.pick(format!("as of {day}"), format!("截至 {day}")));
        }
        if let Some(day) = view.known_by {
            parts.push(lang.pick(format!("as known by {day}"), format!("所知至 {day}")));
        }
        parts.join(lang.pick(", ", "，"))
    };
    let now = day(&scene.view);
    let mut lines = vec![match &scene.before {
        Some(before) => lang.pick(
            format!("What changed: {} → {now}", day(before)),
            format!("变化：{} → {now}", day(before)),
        ),
        None => lang.pick(format!("The board {now}"), format!("棋盘：{now}")),
    }];
    if scene.view.policy != Policy::Latest {
        let policy = scene.view.policy;
        lines.push(lang.pick(
            format!("where claims disagree: {policy}"),
            format!("说法不一时取：{policy}"),
        ));
    }
    let edges: usize = scene.arrows.iter().map(|arrow| arrow.edges.len()).sum();
    let claims = {
        let mut claims: Vec<_> = scene.arrows.iter().flat_map(|a| &a.claims).collect();
        claims.sort_unstable();
        claims.dedup();
        claims.len()
    };
    let count = |count: usize, en: &str, zh: &str| match (lang, count) {
        (Lang::En, 1) => format!("1 {en}"),
        (Lang::En, count) => format!("{count} {en}s"),
        (Lang::Zh, count) => format!("{count} {zh}"),
    };
    let counts = [
        count(edges, "edge", "条关系"),
        count(claims, "claim", "条说法"),
        count(scene.sources.len(), "source", "个出处"),
    ];
    lines.push(counts.join(lang.pick(", ", "，")));
    lines
}

/// How wide the raised numbers of sources are.
pub(crate) fn notes_width(notes: &str, size: f64) -> f64 {
    if notes.is_empty() {
        0.0
    } else {
        width(notes, size * NOTE_SIZE) + 2.0
    }
}

/// The size of raised numbers, as a share of the letters beside them.
pub(crate) const NOTE_SIZE: f64 = 0.66;
