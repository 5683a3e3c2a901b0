//! The samples of the legend.

use crate::layout::geometry::{Cubic, Rect, point};
use crate::layout::{Sample, SampleKind};
use crate::scene::{Change, Family, Firmness};
use crate::svg::Writer;
use crate::svg::arrows::dashes;
use crate::xml::number;

impl Writer<'_> {
    pub(super) fn legend(&mut self) {
        let drawing = self.drawing;
        self.layer("legend").text_attribute("fill", "none");
        for sample in &drawing.samples {
            self.sample(sample);
        }
        self.xml.close();
    }

    fn sample(&mut self, sample: &Sample) {
        let rect = &sample.rect;
        match sample.what {
            SampleKind::Family(family, firmness) => {
                let thick = if family == Family::Influence {
                    1.1
                } else {
                    2.4
                };
                self.line(&[across(rect)], thick, family, firmness);
            }
            // Of no family: a stroke without a head.
            SampleKind::Firmness(firmness) => self.plain(rect, 2.4, firmness),
            SampleKind::Width(thick) => self.plain(rect, thick, Firmness::Firm),
            SampleKind::Piece(piece, kind) => {
                let square = Rect::around(rect.centre(), rect.height, rect.height);
                self.piece(&square, piece, kind, self.colours.ink);
            }
            SampleKind::Loop(place) => self.disc(rect.centre(), rect.height / 2.0, place),
            SampleKind::Change(change) => self.change(rect, change),
        }
    }

    /// Draws a line in the colour of text.
    fn plain(&mut self, rect: &Rect, thick: f64, firmness: Firmness) {
        self.xml
            .open("path")
            .text_attribute(
                "d",
                &format!(
                    "M{} {}h{}",
                    number(rect.x),
                    number(rect.centre().y),
                    number(rect.width)
                ),
            )
            .text_attribute("stroke", self.colours.ink)
            .number_attribute("stroke-width", thick);
        if let Some(dashes) = dashes(firmness, thick) {
            self.xml.text_attribute("stroke-dasharray", &dashes);
        }
        self.xml.close();
    }

    fn change(&mut self, rect: &Rect, change: Change) {
        self.xml.open("g");
        if let Some(opacity) = change.opacity() {
            self.xml.text_attribute("opacity", opacity);
        }
        self.line(&[across(rect)], 2.0, Family::Investment, Firmness::Firm);
        self.xml.close();
        let mark = change.mark().trim();
        if !mark.is_empty() {
            self.xml
                .open("text")
                .number_attribute("x", rect.x + rect.width / 2.0 - 4.0)
                .number_attribute("y", rect.centre().y - 2.5)
                .text_attribute("font-size", "11")
                .text_attribute("font-weight", "600")
                .text_attribute("fill", self.colours.family(Family::Investment))
                .text(mark)
                .close();
        }
    }
}

/// Returns a line through the middle of a box.
fn across(rect: &Rect) -> Cubic {
    let y = rect.centre().y;
    Cubic::bowed(point(rect.x, y), point(rect.x + rect.width, y), 0.0)
}
