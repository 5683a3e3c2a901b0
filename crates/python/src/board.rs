//! The picture of a board.

use crate::failure::Failure;
use oxigraph::model::NamedNode;
use powermap::Map;
use powermap::model::Lang;
use powermap::picture::{Choice, Players, SceneOptions, scene, write_page};
use powermap_picture::{Drawing, Theme, svg};
use pyo3::prelude::*;

/// What a picture shows.
pub(crate) struct Wanted {
    pub(crate) players: Option<Vec<String>>,
    pub(crate) around: Option<String>,
    pub(crate) hops: usize,
    pub(crate) top: Option<usize>,
    pub(crate) loops: Option<usize>,
    pub(crate) title: Option<String>,
    pub(crate) lang: Lang,
    pub(crate) is_dark: bool,
}

/// A board: a notebook shows it as a picture.
#[pyclass(frozen, module = "powermap")]
pub(crate) struct Board {
    svg: String,
    page: String,
}

impl Board {
    /// Draws a board.
    pub(crate) fn draw(map: &Map, wanted: &Wanted) -> Result<Self, Failure> {
        let position = map.position()?;
        let named = |names: &[String]| -> Result<Vec<NamedNode>, Failure> {
            names.iter().map(|name| Ok(map.player(name)?)).collect()
        };
        let players = match (&wanted.around, &wanted.players) {
            (Some(centre), _) => Players::Around(map.player(centre)?, wanted.hops),
            (None, Some(names)) => Players::Listed(named(names)?),
            (None, None) => Players::All,
        };
        let options = SceneOptions {
            title: wanted.title.clone(),
            lang: wanted.lang,
            choice: Choice {
                players,
                top: wanted.top,
            },
            money: true,
            loops_found: wanted.loops,
            ..SceneOptions::default()
        };
        let drawing = Drawing::chess(scene(&position, &options)?);
        let theme = if wanted.is_dark {
            Theme::Dark
        } else {
            Theme::Light
        };
        let records = map.records()?;
        let titles = [Lang::En, Lang::Zh].map(|lang| {
            let own = wanted.title.as_deref().or(records.title(lang));
            own.unwrap_or("powermap").to_owned()
        });
        let of_page = SceneOptions {
            loops_found: Some(0),
            ..options
        };
        let page_theme = wanted.is_dark.then_some(Theme::Dark);
        Ok(Self {
            svg: svg(&drawing, theme),
            page: write_page(&position, &of_page, &titles, page_theme)?,
        })
    }
}

#[pymethods]
impl Board {
    /// The picture as SVG.
    #[getter]
    fn svg(&self) -> &str {
        &self.svg
    }

    /// The page to explore, which needs nothing else.
    #[getter]
    fn html(&self) -> &str {
        &self.page
    }

    fn _repr_svg_(&self) -> &str {
        &self.svg
    }

    fn _repr_html_(&self) -> String {
        format!("<div style=\"max-width:100%\">{}</div>", self.svg)
    }

    /// Writes the picture or, for a name that ends in `.html`, the page to a file.
    fn save(&self, py: Python<'_>, path: std::path::PathBuf) -> PyResult<()> {
        let is_page = path
            .extension()
            .is_some_and(|ending| ending == "html" || ending == "htm");
        let text = if is_page { &self.page } else { &self.svg };
        let written = powermap_rdf::write_file(&path, text.as_bytes());
        written.map_err(|error| Failure::from(error).into_exception(py))
    }
}
