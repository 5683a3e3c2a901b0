//! The sheet around the board: title, stamp, legend and footnotes, in columns next to it.

use crate::layout::geometry::{Point, Rect, point};
use crate::layout::widths::thickness_of;
use crate::layout::{PlacedText, Role, Sample, SampleKind};
use crate::scene::{Change, Family, Firmness, Piece, PlayerType, Scene, Source, Stamp};
use crate::text::{is_web, width, wrap};
use crate::words::{Lang, Message};
use std::collections::BTreeSet;

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

/// Sets the panel next to a board; the sheet grows until all of it fits.
pub(crate) fn set(scene: &Scene, board: Rect) -> Panel {
    let mut height = board.y + board.height + MARGIN;
    loop {
        let sheet = point(height * RATIO, height);
        let left = board.x + board.width + GUTTER;
        let right = sheet.x - MARGIN;
        let mut flow = Flow::new(point(left, board.y), right - left);
        flow.all(scene, height - MARGIN);
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

    fn all(&mut self, scene: &Scene, bottom: f64) {
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
        self.legend(scene);
        self.heading(scene.lang.text(Message::SourcesHeading));
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

    /// Sets the samples of the legend in columns.
    fn legend(&mut self, scene: &Scene) {
        let lang = scene.lang;
        self.heading(lang.text(Message::LegendHeading));
        let entry = |sample, message| (sample, lang.text(message).to_owned());
        let families = Family::ALL
            .iter()
            .filter(|family| scene.arrows.iter().any(|arrow| arrow.family == **family))
            .map(|family| entry(SampleKind::Family(*family), family.legend()));
        let firmnesses = Firmness::ALL
            .iter()
            .filter(|firmness| {
                scene
                    .arrows
                    .iter()
                    .any(|arrow| arrow.firmness == **firmness)
            })
            .map(|firmness| entry(SampleKind::Firmness(*firmness), firmness.legend()));
        let widths = scene.widths.iter().map(|sample| {
            let thick = thickness_of(sample.magnitude);
            (SampleKind::Width(thick), sample.text.clone())
        });
        let has_loops = !scene.loops.is_empty();
        let loops = has_loops.then(|| entry(SampleKind::Loop, Message::LegendLoop));
        let changes = Change::ALL
            .iter()
            .filter(|_| scene.before.is_some())
            .map(|change| entry(SampleKind::Change(*change), change.legend()));
        let entries = families
            .chain(firmnesses)
            .chain(widths)
            .chain(loops)
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
        let note = lang.filled(Message::PiecesNote, &[("ranking", ranking)]);
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

    /// Sets the footnotes, in as many columns as the panel is wide.
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
                    text.url = source.url.clone().filter(|url| is_web(url));
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
        text.push_str(lang.text(Message::Comma));
        // Of a span with an open start, its last day is printed.
        text.push_str(
            issued
                .split('/')
                .find(|part| *part != "..")
                .unwrap_or(issued),
        );
    }
    if !source.places.is_empty() {
        text.push_str(lang.text(Message::Colon));
        text.push_str(&source.places.join(lang.text(Message::ListSeparator)));
    }
    text
}

/// Returns the lines under the title: the days, the rule if it is not the usual one, and the counts.
fn stamp(scene: &Scene) -> Vec<String> {
    let lang = scene.lang;
    let comma = lang.text(Message::Comma);
    let days = |stamp: &Stamp| {
        let known = [
            (Message::AsOf, &stamp.as_of),
            (Message::KnownBy, &stamp.known_by),
        ];
        let days = known
            .into_iter()
            .filter_map(|(message, day)| Some(lang.filled(message, &[("day", day.as_deref()?)])));
        days.collect::<Vec<_>>().join(comma)
    };
    let now = days(&scene.view);
    let mut lines = vec![match &scene.before {
        Some(before) => lang.filled(
            Message::WhatChanged,
            &[("before", &days(before)), ("now", &now)],
        ),
        None => lang.filled(Message::BoardOfDay, &[("now", &now)]),
    }];
    if let Some(policy) = scene.view.unusual_policy() {
        lines.push(lang.filled(Message::WhereClaimsDisagree, &[("policy", policy)]));
    }
    let edges: usize = scene.arrows.iter().map(|arrow| arrow.edges.len()).sum();
    let claims: BTreeSet<&String> = scene.arrows.iter().flat_map(|a| &a.claims).collect();
    let counts = [
        lang.edges(edges),
        lang.counted(claims.len(), Message::OneClaim, Message::Claims),
        lang.counted(scene.sources.len(), Message::OneSource, Message::Sources),
    ];
    lines.push(counts.join(comma));
    lines
}

/// Returns how wide the raised numbers of sources are.
pub(crate) fn notes_width(notes: &str, size: f64) -> f64 {
    if notes.is_empty() {
        0.0
    } else {
        width(notes, size * NOTE_SIZE) + 2.0
    }
}

/// The size of raised numbers, as a share of the letters next to them.
pub(crate) const NOTE_SIZE: f64 = 0.66;
