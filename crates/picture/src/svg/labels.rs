//! The labels of arrows, with the numbers of loops before them and of sources after them.

use crate::layout::PlacedLabel;
use crate::layout::captions::{DISC, discs_width, note_size};
use crate::layout::geometry::Point;
use crate::svg::Writer;
use crate::text::width;
use crate::xml::number;

impl Writer<'_> {
    pub(super) fn labels(&mut self) {
        let drawing = self.drawing;
        self.layer("labels");
        for label in &drawing.labels {
            if let Some(anchor) = label.leader {
                self.leader(label, anchor);
            }
            self.xml
                .open("rect")
                .number_attribute("x", label.rect.x)
                .number_attribute("y", label.rect.y)
                .number_attribute("width", label.rect.width)
                .number_attribute("height", label.rect.height)
                .text_attribute("rx", "2.500")
                .text_attribute("fill", self.colours.square_light)
                .text_attribute("fill-opacity", "0.9")
                .close();
            let own = width(&label.text, label.size);
            let notes = width(&label.notes, note_size(label.size));
            let discs = discs_width(label.loops.len());
            let left = label.rect.centre().x - (own + notes + discs) / 2.0;
            for (turn, place) in label.loops.iter().enumerate() {
                let at = Point {
                    x: left + DISC * (turn as f64 + 0.5) - 1.0,
                    y: label.rect.centre().y,
                };
                self.disc(at, DISC / 2.0 - 0.5, *place);
            }
            if !label.text.is_empty() {
                self.label_text(label, left + discs);
            }
        }
        self.xml.close();
    }

    /// Draws a thin dotted line from an arrow to its label; nobody takes it for an arrow.
    fn leader(&mut self, label: &PlacedLabel, anchor: Point) {
        let rect = &label.rect;
        let end = Point {
            x: anchor.x.clamp(rect.x, rect.x + rect.width),
            y: anchor.y.clamp(rect.y, rect.y + rect.height),
        };
        let end = if end == anchor { rect.centre() } else { end };
        let d = format!(
            "M{} {}L{} {}",
            number(anchor.x),
            number(anchor.y),
            number(end.x),
            number(end.y)
        );
        self.xml
            .open("path")
            .text_attribute("d", &d)
            .text_attribute("stroke", self.colours.muted)
            .text_attribute("stroke-width", "0.800")
            .text_attribute("stroke-dasharray", "1.500 2")
            .close();
    }

    fn label_text(&mut self, label: &PlacedLabel, left: f64) {
        let arrow = &self.drawing.scene.arrows[label.arrow];
        self.xml
            .open("text")
            .number_attribute("x", left)
            .number_attribute("y", label.rect.y + label.size * 0.98)
            .number_attribute("font-size", label.size)
            .text_attribute("fill", self.colours.family(arrow.family))
            .text_attribute("stroke", self.colours.square_light)
            .text_attribute("stroke-width", "2.500")
            .text_attribute("stroke-linejoin", "round")
            .text_attribute("paint-order", "stroke");
        if arrow.main_value().is_some() {
            self.xml.text_attribute("font-weight", "600");
        } else {
            self.xml.text_attribute("font-style", "italic");
        }
        self.xml.text(&label.text);
        if !label.notes.is_empty() {
            self.xml
                .open("tspan")
                .text_attribute("dx", "1.500")
                .number_attribute("dy", -label.size * 0.3)
                .number_attribute("font-size", note_size(label.size))
                .text_attribute("font-weight", "400")
                .text_attribute("font-style", "normal")
                .text(&label.notes)
                .close();
        }
        self.xml.close();
    }
}
