//! The formats of `--format`, of rows and of pictures, and what to try when a picture cannot be made.

use powermap::picture::SceneError;
use powermap_picture::PictureError;
use powermap_rdf::results::ResultFormat;
use std::path::Path;
use std::str::FromStr;

/// Returns the options to try when a scene cannot be gathered.
pub(crate) fn scene_hint(error: &SceneError) -> Option<&'static str> {
    match error {
        SceneError::NoEdges { filtered: true } => {
            Some("--family, --kind, --min-status or --min-amount leave out too much")
        }
        SceneError::NoEdges { filtered: false } => Some(
            "choose a later day with --as-of or --known-by; powermap timeline lists what happened when",
        ),
        SceneError::EmptyMap => Some("powermap import edges.csv --into my-map/ brings edges in"),
        SceneError::NoPlayers => Some("--top, --around or --players leave out too much"),
        SceneError::Picture(error) => picture_hint(error),
        _ => None,
    }
}

/// Returns the options to try when a picture cannot be drawn.
pub(crate) fn picture_hint(error: &PictureError) -> Option<&'static str> {
    match error {
        PictureError::Scale { .. } => Some("choose a number such as 2"),
        PictureError::NoFonts => Some("install one, such as fonts-noto-core, or write SVG"),
        PictureError::Graphviz { .. } => Some("--engine built-in needs no Graphviz"),
        _ => None,
    }
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutputFormat {
    /// Rows or a graph.
    Rows(ResultFormat),
    /// A picture; JSON is both.
    Picture(PictureFormat),
}

/// What a picture is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PictureFormat {
    /// A page to explore, from all there is to know.
    Html,
    /// What is drawn, and no more.
    Drawn(DrawnFormat),
}

/// What a drawing is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DrawnFormat {
    /// SVG.
    Svg,
    /// PNG.
    Png,
    /// PDF.
    Pdf,
    /// Graphviz.
    Dot,
    /// A Mermaid flowchart.
    Mermaid,
    /// The drawing as JSON.
    Json,
    /// GraphML.
    GraphMl,
    /// GEXF.
    Gexf,
}

impl PictureFormat {
    /// Every format with its name; the name is also how files end.
    pub(crate) const NAMES: [(&'static str, Self); 9] = [
        ("svg", Self::Drawn(DrawnFormat::Svg)),
        ("png", Self::Drawn(DrawnFormat::Png)),
        ("pdf", Self::Drawn(DrawnFormat::Pdf)),
        ("html", Self::Html),
        ("dot", Self::Drawn(DrawnFormat::Dot)),
        ("mermaid", Self::Drawn(DrawnFormat::Mermaid)),
        ("graphml", Self::Drawn(DrawnFormat::GraphMl)),
        ("gexf", Self::Drawn(DrawnFormat::Gexf)),
        ("json", Self::Drawn(DrawnFormat::Json)),
    ];

    /// The names, for messages.
    pub(crate) fn names() -> String {
        Self::NAMES.map(|(name, _)| name).join(", ")
    }

    pub(crate) fn of_name(name: &str) -> Option<Self> {
        let found = Self::NAMES.iter().find(|(known, _)| *known == name);
        found.map(|(_, format)| *format)
    }

    /// The format that the name of a file ends in.
    pub(crate) fn of_path(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_lowercase();
        Self::of_name(match ending.as_str() {
            "mmd" => "mermaid",
            "htm" => "html",
            "gv" => "dot",
            ending => ending,
        })
    }
}

impl OutputFormat {
    /// The format of rows, if it is one.
    pub(crate) fn rows(self) -> Option<ResultFormat> {
        match self {
            Self::Rows(format) => Some(format),
            Self::Picture(_) => None,
        }
    }

    /// The format of a picture, if it is one.
    pub(crate) fn picture(self) -> Option<PictureFormat> {
        match self {
            Self::Rows(format) => PictureFormat::of_name(format.name()),
            Self::Picture(format) => Some(format),
        }
    }

    /// Its name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rows(format) => format.name(),
            Self::Picture(format) => PictureFormat::NAMES
                .iter()
                .find(|(_, known)| *known == format)
                .map_or("", |(name, _)| name),
        }
    }
}

impl FromStr for OutputFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let rows = || ResultFormat::from_str(text).map(Self::Rows);
        let picture = |error: String| {
            let format = PictureFormat::of_name(text).map(Self::Picture);
            format.ok_or_else(|| format!("{error}; for the board also {}", PictureFormat::names()))
        };
        rows().or_else(picture)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_a_picture_names_options_to_try() {
        let hint = |error| scene_hint(&error).unwrap();
        let filtered = SceneError::NoEdges { filtered: true };
        assert!(hint(filtered).contains("--min-status"));
        let empty = SceneError::NoEdges { filtered: false };
        assert!(hint(empty).contains("choose a later day with --as-of"));
        assert!(hint(SceneError::NoPlayers).contains("--top"));
        let graphviz = PictureError::Graphviz {
            engine: "dot".to_owned(),
            reason: "it is not installed".to_owned(),
        };
        assert!(hint(graphviz.into()).contains("--engine built-in"));
    }
}
