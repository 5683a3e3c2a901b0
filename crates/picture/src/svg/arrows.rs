//! Arrows and their labels.

use crate::layout::geometry::{Cubic, Point};
use crate::layout::stamp::footnote;
use crate::scene::{Arrow, Change, Family, Firmness};
use crate::svg::Writer;
use crate::words::Message;
use crate::xml::number;
use std::collections::BTreeSet;

/// How long a stretch of a band is where several loops take turns along an arrow.
const BAND: usize = 15;

impl Writer<'_> {
    /// Draws the number of the loop at a place in a disc of its colour.
    pub(super) fn disc(&mut self, at: Point, radius: f64, place: usize) {
        let colour = self.colours.of_loop(place);
        let one = self.drawing.scene.loops.get(place);
        let number = one.map_or(place + 1, |one| one.number).to_string();
        // Numbers of several digits are set smaller, so that they stay in the disc.
        let size = radius * [1.5, 1.15, 0.8][number.len().clamp(1, 3) - 1];
        self.xml
            .open("circle")
            .number_attribute("cx", at.x)
            .number_attribute("cy", at.y)
            .number_attribute("r", radius)
            .text_attribute("fill", colour)
            .text_attribute("stroke", self.colours.ink)
            .text_attribute("stroke-width", "0.800")
            .close();
        self.xml
            .open("text")
            .number_attribute("x", at.x)
            .number_attribute("y", at.y + size * 0.365)
            .number_attribute("font-size", size)
            .text_attribute("font-weight", "700")
            .text_attribute("text-anchor", "middle")
            .text_attribute("fill", self.colours.ink)
            .text(&number)
            .close();
    }

    pub(super) fn arrows(&mut self) {
        let drawing = self.drawing;
        let mut order: Vec<usize> = (0..drawing.arrows.len()).collect();
        // Thin arrows stay visible on thick ones; loops lie under all.
        order.sort_by(|a, b| {
            drawing.arrows[*b]
                .width
                .total_cmp(&drawing.arrows[*a].width)
                .then(a.cmp(b))
        });
        self.layer("loops").text_attribute("fill", "none");
        for number in &order {
            self.bands(*number);
        }
        self.xml.close();
        for family in [Family::Influence, Family::Supply, Family::Investment] {
            let own = order.iter().copied();
            let own: Vec<usize> = own
                .filter(|n| drawing.scene.arrows[*n].family == family)
                .collect();
            self.layer(match family {
                Family::Influence => "arrows-influence",
                Family::Supply => "arrows-supply",
                Family::Investment => "arrows-investment",
            })
            .text_attribute("fill", "none");
            self.arrows_of(&own);
            self.xml.close();
        }
    }

    /// Draws a band under an arrow in the colour of each loop that it is a step of; several take turns along it.
    fn bands(&mut self, number: usize) {
        let drawing = self.drawing;
        let loops = &drawing.scene.arrows[number].loops;
        let arrow = &drawing.arrows[number];
        for (place, one) in loops.iter().enumerate() {
            let colour = self.colours.of_loop(*one);
            self.xml
                .open("path")
                .text_attribute("d", &path(&arrow.curves))
                .text_attribute("stroke", colour)
                .number_attribute("stroke-width", arrow.width + 11.0);
            if loops.len() > 1 {
                let dashes = format!("{BAND} {}", BAND * (loops.len() - 1));
                self.xml
                    .text_attribute("stroke-dasharray", &dashes)
                    .text_attribute("stroke-dashoffset", &format!("-{}", BAND * place));
            } else {
                self.xml.text_attribute("stroke-linecap", "round");
            }
            self.xml.close();
        }
    }

    fn arrows_of(&mut self, order: &[usize]) {
        let drawing = self.drawing;
        let cited = drawing.scene.cited();
        for number in order.iter().copied() {
            let arrow = &drawing.scene.arrows[number];
            let placed = &drawing.arrows[number];
            let about = self.about(arrow, &cited);
            let ends = [("data-from", arrow.from), ("data-to", arrow.to)];
            self.thing(&about, arrow.change.and_then(Change::opacity), &ends);
            let style = (arrow.family, arrow.firmness, !arrow.is_mutual);
            let colour = self.colours.family(arrow.family);
            self.line_in(colour, &placed.curves, placed.width, style);
            self.xml.close();
        }
    }

    /// Draws a line with its head, in the style of a family.
    pub(super) fn line(
        &mut self,
        curves: &[Cubic],
        thick: f64,
        family: Family,
        firmness: Firmness,
    ) {
        let style = (family, firmness, true);
        self.line_in(self.colours.family(family), curves, thick, style);
    }

    /// Draws a line in a colour, in the style of a family, with its head where it has one.
    fn line_in(
        &mut self,
        colour: &str,
        curves: &[Cubic],
        thick: f64,
        (family, firmness, has_head): (Family, Firmness, bool),
    ) {
        let Some(last) = curves.last() else { return };
        let size = 7.0 + thick * 1.1;
        let tip = last.at(1.0);
        let total: f64 = curves.iter().map(length).sum();
        let back = match has_head {
            true => size.min(total * 0.5),
            false => 0.0,
        };
        let (cut, base) = shortened(curves, back * 0.8);
        let way = base.direction(tip);
        let d = path(&cut);
        let dashes = dashes(firmness, thick);
        let outer = if family == Family::Supply {
            thick.max(3.6)
        } else {
            thick
        };
        self.stroke(
            &d,
            self.colours.square_light,
            outer + 2.4,
            None,
            Some("0.8"),
        );
        self.stroke(&d, colour, outer, dashes.as_deref(), None);
        if family == Family::Supply {
            // Two lines side by side, whatever the colour.
            self.stroke(&d, self.colours.square_light, outer * 0.4, None, None);
        }
        if !has_head {
            return;
        }
        let side = |along: f64, across: f64| {
            format!(
                "{} {}",
                number(tip.x - way.x * along - way.y * across),
                number(tip.y - way.y * along + way.x * across)
            )
        };
        let half = back * 0.46;
        let head = format!(
            "M{}L{}L{}z",
            side(0.0, 0.0),
            side(back, half),
            side(back, -half)
        );
        let fill = match family {
            Family::Influence => self.colours.square_light,
            _ => colour,
        };
        self.xml
            .open("path")
            .text_attribute("d", &head)
            .text_attribute("fill", fill)
            .text_attribute("stroke", colour)
            .text_attribute("stroke-width", "1.100")
            .text_attribute("stroke-linejoin", "round")
            .close();
    }

    fn stroke(
        &mut self,
        d: &str,
        colour: &str,
        thick: f64,
        dashes: Option<&str>,
        opacity: Option<&str>,
    ) {
        self.xml
            .open("path")
            .text_attribute("d", d)
            .text_attribute("stroke", colour)
            .number_attribute("stroke-width", thick);
        if let Some(dashes) = dashes {
            self.xml.text_attribute("stroke-dasharray", dashes);
        }
        if let Some(opacity) = opacity {
            self.xml.text_attribute("stroke-opacity", opacity);
        }
        self.xml.close();
    }

    /// Describes an arrow, for a pointer that rests on it.
    fn about(&self, arrow: &Arrow, cited: &BTreeSet<usize>) -> String {
        let scene = &self.drawing.scene;
        let lang = scene.lang;
        let name = |player: usize| scene.players[player].name.as_str();
        let way = if arrow.is_mutual { '↔' } else { '→' };
        let mut text = format!("{} {way} {}", name(arrow.from), name(arrow.to));
        let (colon, separator) = (lang.text(Message::Colon), lang.text(Message::ListSeparator));
        text.push_str(colon);
        text.push_str(lang.text(arrow.family.word()));
        if !arrow.kinds.is_empty() {
            let kinds = arrow.kinds.join(separator);
            text.push_str(&lang.filled(Message::InBrackets, &[("kinds", &kinds)]));
        }
        for value in &arrow.values {
            text.push_str("; ");
            text.push_str(&value.note(lang));
        }
        text.push_str("; ");
        text.push_str(&lang.edges(arrow.edges.len()));
        text.push_str(colon);
        text.push_str(&arrow.edges.join(separator));
        // The list below the picture has those of its figures; the others have no number that a reader could look up.
        let (listed, others): (Vec<usize>, Vec<usize>) =
            (arrow.sources.iter()).partition(|number| cited.contains(number));
        if !listed.is_empty() {
            let numbers: Vec<_> = listed.iter().map(ToString::to_string).collect();
            let numbers = numbers.join(separator);
            text.push_str(&lang.filled(Message::SourcesOfArrow, &[("numbers", &numbers)]));
        }
        for source in others.iter().filter_map(|number| scene.source(*number)) {
            text.push_str("; ");
            text.push_str(&footnote(source, lang));
        }
        text
    }
}

/// Returns the pattern of a line, longer on a thick one.
pub(super) fn dashes(firmness: Firmness, thick: f64) -> Option<String> {
    let scale = (thick / 3.0).max(1.0);
    let pattern: &[f64] = match firmness {
        Firmness::Firm => return None,
        Firmness::Partly => &[12.0, 3.0, 2.5, 3.0],
        Firmness::Loose => &[6.0, 4.0],
        Firmness::Unstated => &[1.6, 2.8],
    };
    let lengths = pattern.iter().map(|length| number(length * scale));
    Some(lengths.collect::<Vec<_>>().join(" "))
}

fn length(curve: &Cubic) -> f64 {
    curve
        .flattened(12)
        .windows(2)
        .map(|w| w[0].distance(w[1]))
        .sum()
}

/// Returns the curves without a length at their end, and where they end then.
fn shortened(curves: &[Cubic], by: f64) -> (Vec<Cubic>, Point) {
    let mut cut = curves.to_vec();
    let mut left = by;
    while let Some(last) = cut.pop() {
        let own = length(&last);
        if own > left || cut.is_empty() {
            let part = last.part(0.0, (1.0 - left / own.max(1e-9)).max(0.02));
            cut.push(part);
            return (cut, part.at(1.0));
        }
        left -= own;
    }
    (Vec::new(), Point::default())
}

fn path(curves: &[Cubic]) -> String {
    let mut d = String::new();
    for (place, curve) in curves.iter().enumerate() {
        let [a, b, c, e] = curve
            .points
            .map(|p| format!("{} {}", number(p.x), number(p.y)));
        if place == 0 {
            d.push_str(&format!("M{a}"));
        }
        d.push_str(&format!("C{b} {c} {e}"));
    }
    d
}
