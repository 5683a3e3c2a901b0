//! The words around a board, which flow down columns: headline, loops, legend and footnotes.

use crate::layout::captions::notes;
use crate::layout::geometry::{Point, Rect, point};
use crate::layout::stamp::{footnote, stamp};
use crate::layout::widths::{NEUTRAL, thickness_of};
use crate::layout::{PlacedText, Role, Sample, SampleKind};
use crate::scene::{
    Arrow, Change, Family, Firmness, LeftOut, Piece, PlayerType, Scene, Sheet, Source,
};
use crate::text::{is_web, width, wrap};
use crate::words::{Lang, Message};

/// The sizes of the stamp, the loops in words and the footnotes, which are the smallest words of a sheet.
const STAMP: f64 = 12.0;
const LOOP: f64 = 13.0;
pub(crate) const SMALL: f64 = 10.5;
/// The widest column of footnotes.
const COLUMN: f64 = 380.0;
/// The most loops that are said in words.
const LOOPS_MAX: usize = 9;

/// How large the words above and below a board are set, and on how many lines at most.
#[derive(Debug, Clone, Copy)]
struct Type {
    title: (f64, usize),
    standfirst: (f64, usize),
    loop_lines: usize,
}

impl Type {
    fn of(sheet: Sheet) -> Self {
        match sheet {
            Sheet::Column => Self {
                title: (20.0, 8),
                standfirst: (13.0, 20),
                loop_lines: 5,
            },
            _ => Self {
                title: (27.0, 3),
                standfirst: (14.5, 5),
                loop_lines: 3,
            },
        }
    }
}

/// Text that flows down a column.
#[derive(Debug, Clone)]
pub(crate) struct Flow {
    pub(crate) left: f64,
    pub(crate) at: f64,
    pub(crate) width: f64,
    /// Whether everything that was set so far stands above the bottom that it was given.
    pub(crate) fits: bool,
    /// How far down anything stands.
    pub(crate) lowest: f64,
    pub(crate) texts: Vec<PlacedText>,
    pub(crate) samples: Vec<Sample>,
    type_of: Type,
}

impl Flow {
    pub(crate) fn new(corner: Point, width: f64, sheet: Sheet) -> Self {
        Self {
            type_of: Type::of(sheet),
            left: corner.x,
            at: corner.y,
            width,
            fits: true,
            lowest: corner.y,
            texts: Vec::new(),
            samples: Vec::new(),
        }
    }

    /// Sets the headline, what stands under it, and the days.
    pub(crate) fn header(&mut self, scene: &Scene) {
        let Type {
            title, standfirst, ..
        } = self.type_of;
        if scene.finding.is_some() && !scene.title.is_empty() {
            self.paragraph(&scene.title, Role::Kicker, STAMP, 1);
        }
        self.paragraph(scene.sentence(), Role::Title, title.0, title.1);
        if let Some(text) = &scene.standfirst {
            self.at += 5.0;
            self.paragraph(text, Role::Standfirst, standfirst.0, standfirst.1);
        }
        self.at += 3.0;
        let lines = stamp(scene);
        let one = lines.join(scene.lang.text(Message::StampSeparator));
        if width(&one, STAMP) <= self.width {
            self.paragraph(&one, Role::Stamp, STAMP, 1);
            return;
        }
        for text in lines {
            self.paragraph(&text, Role::Stamp, STAMP, 3);
        }
    }

    fn paragraph(&mut self, text: &str, role: Role, size: f64, lines_max: usize) {
        // The serif faces that stand in for one another are wider than the others by up to a fifth.
        let room = match role {
            Role::Title | Role::Standfirst => self.width * 0.82,
            _ => self.width,
        };
        for line in wrap(text, size, room, lines_max) {
            self.at += size * if role == Role::Title { 1.12 } else { 1.36 };
            self.line(role, size, 0.0, line);
        }
    }

    /// Sets the loops in words, each after its number, and what is not drawn.
    pub(crate) fn loops(&mut self, scene: &Scene) {
        for (place, one) in scene.loops.iter().take(LOOPS_MAX).enumerate() {
            let mut text = one.text.clone();
            if !one.sources.is_empty() {
                text.push_str(&format!(" [{}]", notes(&one.sources)));
            }
            for (number, line) in wrap(&text, LOOP, self.width - 24.0, self.type_of.loop_lines)
                .into_iter()
                .enumerate()
            {
                if number == 0 {
                    let rect = Rect {
                        x: self.left,
                        y: self.at + 2.0,
                        width: 16.0,
                        height: 16.0,
                    };
                    self.samples.push(Sample {
                        rect,
                        what: SampleKind::Loop(place),
                    });
                }
                self.at += LOOP * 1.36;
                self.line(Role::Loop, LOOP, 24.0, line);
            }
            self.at += 5.0;
        }
        let lang = scene.lang;
        let LeftOut { players, edges } = scene.left_out;
        let note = match (players, edges) {
            (0, 0) => return,
            (0, _) => lang.filled(Message::EdgesLeftOut, &[("edges", &lang.edges(edges))]),
            _ => {
                let players = lang.counted(players, Message::OnePlayer, Message::Players);
                let parts = [("players", players.as_str()), ("edges", &lang.edges(edges))];
                lang.filled(Message::LeftOut, &parts)
            }
        };
        self.paragraph(&note, Role::Note, 11.0, 3);
    }

    pub(crate) fn sources(&mut self, scene: &Scene, bottom: f64) {
        let cited = scene.cited();
        if cited.is_empty() {
            self.fits = self.at <= bottom;
            self.lowest = self.lowest.max(self.at);
            return;
        }
        self.heading(scene.lang.text(Message::SourcesHeading));
        let sources = scene
            .sources
            .iter()
            .filter(|source| cited.contains(&source.number));
        self.footnotes(sources, scene.lang, bottom);
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

    /// Sets the samples of the legend in columns.
    pub(crate) fn legend(&mut self, scene: &Scene) {
        let lang = scene.lang;
        self.heading(lang.text(Message::LegendHeading));
        let entry = |sample, message| (sample, lang.text(message).to_owned());
        let of = |family: Family| {
            scene
                .arrows
                .iter()
                .filter(move |arrow| arrow.family == family)
        };
        let families = Family::ALL
            .iter()
            .filter(|family| of(**family).next().is_some())
            .map(|family| {
                let leads = of(*family).all(|arrow| arrow.leads);
                // As firm as it is drawn most often; the more firm one of equals.
                let count =
                    |firmness: &Firmness| of(*family).filter(|a| a.firmness == *firmness).count();
                let usual = Firmness::ALL
                    .iter()
                    .rev()
                    .max_by_key(|firmness| count(firmness));
                let firmness = match family {
                    Family::Influence => usual.copied().unwrap_or(Firmness::Firm),
                    _ => Firmness::Firm,
                };
                let message = family.legend(scene.follows_value, leads);
                entry(SampleKind::Family(*family, firmness), message)
            });
        let mut arrows = scene.arrows.iter();
        let has_others = arrows.any(|arrow| arrow.firmness != Firmness::Firm);
        let firmnesses = Firmness::ALL
            .iter()
            .filter(|firmness| {
                let mut arrows = scene.arrows.iter();
                has_others && arrows.any(|arrow| arrow.firmness == **firmness)
            })
            .map(|firmness| entry(SampleKind::Firmness(*firmness), firmness.legend()));
        let widths = scene.widths.iter().map(|sample| {
            let thick = thickness_of(sample.magnitude);
            (SampleKind::Width(thick), sample.text.clone())
        });
        let is_neutral =
            |arrow: &Arrow| arrow.magnitude.is_none() && arrow.family != Family::Influence;
        let has_neutral = !scene.widths.is_empty() && scene.arrows.iter().any(is_neutral);
        let neutral =
            has_neutral.then(|| entry(SampleKind::Width(NEUTRAL), Message::LegendNoWidth));
        let changes = Change::ALL
            .iter()
            .filter(|change| {
                let mut arrows = scene.arrows.iter();
                scene.before.is_some() && arrows.any(|arrow| arrow.change == Some(**change))
            })
            .map(|change| entry(SampleKind::Change(*change), change.legend()));
        let entries = families
            .chain(firmnesses)
            .chain(widths)
            .chain(neutral)
            .chain(changes)
            .collect();
        self.grid(entries, 22.0, 34.0, 165.0);
        self.at += 8.0;
        self.pieces(scene);
    }

    fn pieces(&mut self, scene: &Scene) {
        let lang = scene.lang;
        let has = |keep: fn(PlayerType) -> bool| {
            scene.players.iter().any(|player| keep(player.player_type))
        };
        let organisation = (
            Piece::Pawn,
            PlayerType::Company,
            Message::LegendOrganisation,
        );
        let person = (Piece::Pawn, PlayerType::Person, Message::LegendPerson);
        let group = (Piece::Pawns, PlayerType::Group, Message::LegendGroup);
        let entries = [
            (
                organisation,
                has(|kind| kind != PlayerType::Person && !kind.is_group()),
            ),
            (person, has(|kind| kind == PlayerType::Person)),
            (group, has(PlayerType::is_group)),
        ];
        let entries = entries
            .into_iter()
            .filter(|(_, is_there)| *is_there)
            .map(|((piece, kind, message), _)| {
                let text = lang.text(message).to_owned();
                (SampleKind::Piece(piece, kind), text)
            })
            .collect();
        self.grid(entries, 28.0, 24.0, 118.0);
        let ranking = lang.text(scene.ranking.word());
        let message = match scene.area_is_money {
            true => Message::PiecesByMoneyNote,
            false => Message::PiecesNote,
        };
        let mut note = lang.filled(message, &[("ranking", ranking)]);
        if !scene.cited().is_empty() {
            note.push_str(lang.text(Message::SmallNumbersNote));
        }
        self.at += 4.0;
        for line in wrap(&note, 10.5, self.width, 4) {
            self.at += 14.0;
            self.line(Role::Legend, 10.5, 0.0, line);
        }
    }

    /// Sets samples with their texts in as many columns as fit: each of a least width, and wide enough for the longest text.
    fn grid(&mut self, entries: Vec<(SampleKind, String)>, row: f64, sample: f64, least: f64) {
        let longest = entries
            .iter()
            .map(|(_, text)| width(text, 11.5))
            .fold(0.0, f64::max);
        let least = least.max(longest + sample + 12.0);
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

    /// Sets the footnotes, in as many columns as the panel is wide.
    fn footnotes<'a>(
        &mut self,
        sources: impl Iterator<Item = &'a Source>,
        lang: Lang,
        bottom: f64,
    ) {
        // Where the sheet has no end, one column is as good as several.
        let columns = match bottom.is_finite() {
            true => (self.width / COLUMN).round().max(1.0),
            false => 1.0,
        };
        let gap = 18.0;
        let column = (self.width - gap * (columns - 1.0)) / columns;
        let (top, left) = (self.at, self.left);
        let mut number = 0.0;
        for source in sources {
            let name = source.number.to_string();
            // Numbers of three digits and more need more room.
            let indent = (width(&name, SMALL) + 5.0).max(16.0);
            let lines = wrap(&footnote(source, lang), SMALL, column - indent, 6);
            let height = lines.len() as f64 * (SMALL + 2.2) + 1.6;
            if self.at + height > bottom {
                number += 1.0;
                self.at = top;
                self.left = left + number * (column + gap);
            }
            for (place, line) in lines.into_iter().enumerate() {
                self.at += SMALL + 2.2;
                if place == 0 {
                    self.line(Role::Footnote, SMALL, 0.0, name.clone());
                }
                self.line(Role::Footnote, SMALL, indent, line);
                if let Some(text) = self.texts.last_mut() {
                    text.url = source.url.clone().filter(|url| is_web(url));
                }
            }
            self.at += 1.6;
            self.lowest = self.lowest.max(self.at);
        }
        self.left = left;
        self.fits = number < columns && self.at <= bottom && top + 40.0 < bottom;
    }
}
