//! SVG: one file that needs nothing else, with text as text and descriptions for readers who cannot see it.

mod arrows;
mod labels;
mod legend;

use crate::glyph::outline;
use crate::layout::geometry::Rect;
use crate::layout::{Drawing, PlacedText, Role};
use crate::scene::{Piece, Player, PlayerType, Scene};
use crate::text::is_right_to_left;
use crate::theme::{Colours, Theme};
use crate::words::{Lang, Message};
use crate::xml::{self, Xml};

/// Fonts without serifs, for names, labels and notes.
const SANS: &str = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', 'WenQuanYi Micro Hei', sans-serif";
/// Fonts with serifs, for the title.
const SERIF: &str = "Georgia, 'Source Serif 4', 'Times New Roman', 'Liberation Serif', 'Noto Serif', 'Songti SC', SimSun, 'Noto Serif CJK SC', 'Source Han Serif SC', serif";

/// Writes a drawing as SVG.
///
/// The file has no scripts, no external styles and no fonts; every word of the scene is escaped.
///
/// ```
/// use powermap_picture::{Drawing, Lang, Player, PlayerType, Scene, Theme, svg};
///
/// let mut scene = Scene::new("Alone", Lang::En);
/// scene.add_player(Player::new("mill", "The Mill", PlayerType::Company));
/// let picture = svg(&Drawing::chess(scene), Theme::Light);
/// assert!(picture.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
/// ```
pub fn svg(drawing: &Drawing, theme: Theme) -> String {
    let mut writer = Writer {
        xml: Xml::new(),
        colours: theme.colours(),
        drawing,
    };
    writer.sheet();
    writer.xml.finish()
}

struct Writer<'a> {
    xml: Xml,
    colours: Colours,
    drawing: &'a Drawing,
}

impl Writer<'_> {
    fn sheet(&mut self) {
        let drawing = self.drawing;
        let (width, height) = (drawing.width, drawing.height);
        let wide = drawing.scene.sheet.width_mm();
        self.xml
            .open("svg")
            .text_attribute("xmlns", "http://www.w3.org/2000/svg")
            .text_attribute(
                "xmlns:inkscape",
                "http://www.inkscape.org/namespaces/inkscape",
            )
            .text_attribute(
                "viewBox",
                &format!("0 0 {} {}", xml::number(width), xml::number(height)),
            )
            .text_attribute("width", &format!("{}mm", xml::number(wide)))
            .text_attribute(
                "height",
                &format!("{}mm", xml::number(wide * height / width)),
            );
        self.title();
        self.xml
            .open("rect")
            .number_attribute("width", width)
            .number_attribute("height", height)
            .text_attribute("fill", self.colours.paper)
            .close();
        self.squares();
        self.arrows();
        self.pieces();
        self.labels();
        self.legend();
        self.texts();
        self.xml.close();
    }

    fn title(&mut self) {
        let scene = &self.drawing.scene;
        self.xml
            .text_attribute("role", "img")
            .text_attribute("aria-labelledby", "title desc")
            .text_attribute("lang", scene.lang.tag())
            .text_attribute("font-family", SANS);
        self.xml
            .open("title")
            .text_attribute("id", "title")
            .text(scene.sentence())
            .close();
        self.xml
            .open("desc")
            .text_attribute("id", "desc")
            .text(&description(scene))
            .close();
    }

    /// Opens a layer of the picture.
    fn layer(&mut self, name: &str) -> &mut Xml {
        // Programs that draw take such a group for a layer, and show its name.
        self.xml
            .open("g")
            .text_attribute("id", name)
            .text_attribute("inkscape:groupmode", "layer")
            .text_attribute("inkscape:label", name)
    }

    /// Opens a group for one thing of the picture, with a description, and with the ids of players under these names.
    fn thing(&mut self, about: &str, opacity: Option<&str>, ids: &[(&str, usize)]) {
        self.xml.open("g");
        for (name, place) in ids {
            let player = &self.drawing.scene.players[*place];
            // A lump of several players has no id.
            if !player.id.is_empty() {
                self.xml.text_attribute(name, &player.id);
            }
        }
        if let Some(opacity) = opacity {
            self.xml.text_attribute("opacity", opacity);
        }
        self.xml.open("title").text(about).close();
    }

    fn squares(&mut self) {
        let (board, [columns, rows]) = (self.drawing.board, self.drawing.squares);
        if columns == 0 {
            return;
        }
        let square = board.width / columns as f64;
        self.layer("squares");
        self.rect(&board, self.colours.square_light);
        // All dark squares are one shape.
        let mut path = String::new();
        for place in
            (0..columns * rows).filter(|place| (place % columns + place / columns) % 2 == 1)
        {
            let (x, y) = ((place % columns) as f64, (place / columns) as f64);
            let (x, y) = (board.x + x * square, board.y + y * square);
            let size = xml::number(square);
            path.push_str(&format!(
                "M{} {}h{size}v{size}h-{size}z",
                xml::number(x),
                xml::number(y)
            ));
        }
        self.xml
            .open("path")
            .text_attribute("d", &path)
            .text_attribute("fill", self.colours.square_dark)
            .close();
        self.xml
            .open("rect")
            .number_attribute("x", board.x)
            .number_attribute("y", board.y)
            .number_attribute("width", board.width)
            .number_attribute("height", board.height)
            .text_attribute("fill", "none")
            .text_attribute("stroke", self.colours.rule)
            .close();
        self.xml.close();
    }

    fn rect(&mut self, rect: &Rect, fill: &str) {
        self.xml
            .open("rect")
            .number_attribute("x", rect.x)
            .number_attribute("y", rect.y)
            .number_attribute("width", rect.width)
            .number_attribute("height", rect.height)
            .text_attribute("fill", fill)
            .close();
    }

    fn pieces(&mut self) {
        let drawing = self.drawing;
        self.layer("players")
            .text_attribute("text-anchor", "middle");
        let both = drawing.scene.players.iter().zip(&drawing.pieces);
        for (place, (player, placed)) in both.enumerate() {
            let about = about_player(player, drawing.scene.lang);
            self.thing(&about, None, &[("data-player", place)]);
            let (ink, words) = match placed.is_aside {
                true => (self.colours.group, self.colours.muted),
                false => (self.colours.ink, self.colours.ink),
            };
            self.piece(&placed.glyph, player.piece, player.player_type, ink);
            for (number, line) in placed.lines.iter().enumerate() {
                let height = placed.name.height / placed.lines.len() as f64;
                self.xml
                    .open("text")
                    .number_attribute("x", placed.name.centre().x)
                    .number_attribute(
                        "y",
                        placed.name.y + height * number as f64 + placed.size * 0.88,
                    )
                    .number_attribute("font-size", placed.size)
                    .text_attribute("font-weight", "600")
                    .text_attribute("fill", words)
                    .text_attribute("stroke", self.colours.square_light)
                    .text_attribute("stroke-width", "3")
                    .text_attribute("stroke-linejoin", "round")
                    .text_attribute("paint-order", "stroke");
                if is_right_to_left(line) {
                    self.xml.text_attribute("direction", "rtl");
                }
                self.xml.text(line).close();
            }
            self.xml.close();
        }
        self.xml.close();
    }

    /// Draws a piece in a colour: organisations are filled, persons outlined, groups grey.
    fn piece(&mut self, rect: &Rect, piece: Piece, kind: PlayerType, ink: &'static str) {
        let (fill, stroke) = match kind {
            PlayerType::Person => (self.colours.paper, ink),
            kind if kind.is_group() => (self.colours.group, self.colours.group),
            _ => (ink, ink),
        };
        let scale = rect.width / 100.0;
        self.xml
            .open("path")
            .text_attribute(
                "transform",
                &format!(
                    "translate({} {}) scale({})",
                    xml::number(rect.x),
                    xml::number(rect.y),
                    xml::number(scale)
                ),
            )
            .text_attribute("d", outline(piece))
            .text_attribute("fill", fill)
            .text_attribute("stroke", stroke)
            .text_attribute(
                "stroke-width",
                if kind == PlayerType::Person {
                    "3.5"
                } else {
                    "1"
                },
            )
            .text_attribute("stroke-linejoin", "round")
            .close();
    }

    fn texts(&mut self) {
        self.layer("words");
        for text in &self.drawing.texts {
            match &text.url {
                Some(url) => {
                    self.xml.open("a").text_attribute("href", url);
                    self.text(text);
                    self.xml.close();
                }
                None => self.text(text),
            }
        }
        self.xml.close();
    }

    fn text(&mut self, text: &PlacedText) {
        let (family, weight, fill) = match text.role {
            Role::Kicker => (None, "700", self.colours.muted),
            Role::Title => (Some(SERIF), "700", self.colours.ink),
            Role::Standfirst => (Some(SERIF), "400", self.colours.ink),
            Role::Loop => (None, "600", self.colours.ink),
            Role::Note => (None, "400", self.colours.muted),
            Role::Stamp => (None, "400", self.colours.muted),
            Role::Heading => (None, "700", self.colours.ink),
            Role::Legend => (None, "400", self.colours.ink),
            Role::Footnote | Role::Square => (None, "400", self.colours.muted),
        };
        self.xml
            .open("text")
            .number_attribute("x", text.at.x)
            .number_attribute("y", text.at.y)
            .number_attribute("font-size", text.size)
            .text_attribute("fill", fill);
        if weight != "400" {
            self.xml.text_attribute("font-weight", weight);
        }
        if let Some(family) = family {
            self.xml.text_attribute("font-family", family);
        }
        if text.role == Role::Square {
            self.xml.text_attribute("text-anchor", "middle");
        }
        self.xml.text(&text.text).close();
    }
}

/// Describes the picture to readers who cannot see it.
fn description(scene: &Scene) -> String {
    let names: Vec<_> = scene
        .players
        .iter()
        .take(5)
        .map(|p| p.name.as_str())
        .collect();
    let lang = scene.lang;
    let mut about = lang.filled(
        Message::Description,
        &[
            ("players", &scene.players.len().to_string()),
            ("arrows", &scene.arrows.len().to_string()),
            ("names", &names.join(lang.text(Message::ListSeparator))),
        ],
    );
    for one in &scene.loops {
        about.push_str(&format!(" ({}) {}", one.number, one.text));
    }
    about
}

fn about_player(player: &Player, lang: Lang) -> String {
    let mut text = player.name.clone();
    text.push_str(lang.text(Message::Colon));
    text.push_str(&lang.edges(player.degree));
    if !player.folded.is_empty() {
        let shown: Vec<_> = player.folded.iter().take(12).map(String::as_str).collect();
        let rest = player.folded.len() - shown.len();
        text.push_str("; ");
        text.push_str(&shown.join(", "));
        if rest > 0 {
            let count = rest.to_string();
            text.push_str(&lang.filled(Message::AndMore, &[("count", &count)]));
        }
    }
    text
}
