//! The analyses of a map: each with options and a report of its own, and all of them by name.

use crate::analysis::answer::Answer;
use crate::analysis::conflicts::{self, Conflict};
use crate::analysis::control::{self, ControlOptions, ControlReport};
use crate::analysis::definition::Analysis;
use crate::analysis::dependence::{self, DependenceOptions, DependenceReport};
use crate::analysis::diff::{self, Difference};
use crate::analysis::error::AnalysisError;
use crate::analysis::exposure::{self, ExposureOptions, ExposureReport};
use crate::analysis::loops::{self, LoopsOptions, LoopsReport};
use crate::analysis::paths::{self, PathsOptions, PathsReport};
use crate::analysis::position::Position;
use crate::analysis::standing::{self, StandingOptions, StandingReport};
use crate::analysis::timeline::{self, TimelineEntry};
use crate::map::base::Map;
use crate::map::error::MapError;
use crate::model::lang::Lang;
use crate::story::{self, Sentence, Story};
use oxigraph::model::NamedNode;
use powermap_rdf::Watchdog;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

impl Map {
    /// Returns where the money goes round; see [`loops`](crate::analysis::loops()).
    ///
    /// # Errors
    /// Those of the analysis, of the limit on time, and of [`Map::records`]. The same holds for the methods below.
    ///
    /// ```
    /// use powermap::Map;
    /// use powermap::analysis::LoopsOptions;
    ///
    /// let map = Map::built_in()?;
    /// let options = LoopsOptions { through: vec![map.player("openai")?], ..LoopsOptions::default() };
    /// assert!(!map.loops(&options)?.loops.is_empty());
    /// # Ok::<(), powermap::MapError>(())
    /// ```
    pub fn loops(&self, options: &LoopsOptions) -> Result<LoopsReport, MapError> {
        self.analyse(|position, cancel| loops::loops(position, options, cancel))
    }

    /// Returns how one player reaches another; see [`paths`](crate::analysis::paths()).
    ///
    /// # Errors
    /// As [`Map::loops`].
    pub fn paths(&self, options: &PathsOptions) -> Result<PathsReport, MapError> {
        self.analyse(|position, cancel| paths::paths(position, options, cancel))
    }

    /// Returns who controls a player, or what it controls; see [`control`](crate::analysis::control()).
    ///
    /// # Errors
    /// As [`Map::loops`].
    pub fn control(&self, options: &ControlOptions) -> Result<ControlReport, MapError> {
        self.analyse(|position, cancel| control::control(position, options, cancel))
    }

    /// Returns who is hurt if a player fails; see [`exposure`](crate::analysis::exposure()).
    ///
    /// # Errors
    /// As [`Map::loops`].
    pub fn exposure(&self, options: &ExposureOptions) -> Result<ExposureReport, MapError> {
        self.analyse(|position, cancel| exposure::exposure(position, options, cancel))
    }

    /// Returns who could do without whom; see [`dependence`](crate::analysis::dependence()).
    ///
    /// # Errors
    /// As [`Map::loops`].
    pub fn dependence(&self, options: &DependenceOptions) -> Result<DependenceReport, MapError> {
        self.analyse(|position, cancel| dependence::dependence(position, options, cancel))
    }

    /// Returns everybody's standing; see [`standing`](crate::analysis::standing()).
    ///
    /// # Errors
    /// As [`Map::loops`].
    pub fn standing(&self, options: &StandingOptions) -> Result<StandingReport, MapError> {
        self.analyse(|position, cancel| standing::standing(position, options, cancel))
    }

    /// Returns what the sources do not agree on, as far as known by the view's day.
    ///
    /// # Errors
    /// As [`Map::records`].
    pub fn conflicts(&self) -> Result<Vec<Conflict>, MapError> {
        Ok(conflicts::conflicts(
            self.shown_records()?,
            self.board()?.view,
        ))
    }

    /// Returns what happened when.
    ///
    /// # Errors
    /// As [`Map::records`].
    pub fn timeline(&self) -> Result<Vec<TimelineEntry>, MapError> {
        Ok(timeline::timeline(self.shown_records()?, self.board()?))
    }

    /// Returns what differs between this map's board and another one's.
    ///
    /// # Errors
    /// As [`Map::records`].
    pub fn diff(&self, other: &Self) -> Result<Vec<Difference>, MapError> {
        Ok(diff::diff(self.board()?, other.board()?))
    }

    /// Returns the story of the board; see [`tour`](crate::story::tour()).
    ///
    /// # Errors
    /// As [`Map::loops`].
    pub fn tour(&self, lang: Lang) -> Result<Story, MapError> {
        self.analyse(|position, cancel| story::tour(position, lang, cancel))
    }

    /// Returns one page on a player; see [`brief`](crate::story::brief()).
    ///
    /// # Errors
    /// As [`Map::loops`].
    pub fn brief(&self, player: &NamedNode, lang: Lang) -> Result<Story, MapError> {
        self.analyse(|position, cancel| story::brief(position, player, lang, cancel))
    }

    /// Returns what the rows of `diff` or `what-if` come to, in sentences; none for other analyses. See
    /// [`change`](crate::story::change()).
    ///
    /// # Errors
    /// As [`Map::answer`].
    pub fn change<'a>(
        &self,
        position: &Position,
        analysis: &Analysis,
        given: impl IntoIterator<Item = (&'a str, &'a str)>,
        lang: Lang,
    ) -> Result<Vec<Sentence>, MapError> {
        self.analyse_on(position, |position, cancel| {
            let arguments = analysis.arguments(given, position)?;
            let position = analysis.position(position, &arguments)?;
            story::change(&position, analysis, &arguments, lang, cancel)
        })
    }

    /// Runs an analysis of the table with parameters as text, as the program and SPARQL do.
    ///
    /// # Errors
    /// A parameter that is not known or whose value is not right; those of [`Map::loops`].
    ///
    /// ```
    /// use powermap::Map;
    /// use powermap::analysis::LOOPS;
    ///
    /// let answer = Map::built_in()?.answer(&LOOPS, [("through", "openai"), ("limit", "1")])?;
    /// assert!(!answer.rows.is_empty());
    /// # Ok::<(), powermap::MapError>(())
    /// ```
    pub fn answer<'a>(
        &self,
        analysis: &Analysis,
        given: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Answer, MapError> {
        self.answer_on(&self.position()?, analysis, given)
    }

    /// Runs an analysis of the table as [`Map::answer`] does, on another position than that of the map, such as one with
    /// a filter or of a plain edge list, within the limits of the map.
    ///
    /// # Errors
    /// As [`Map::answer`].
    pub fn answer_on<'a>(
        &self,
        position: &Position,
        analysis: &Analysis,
        given: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Answer, MapError> {
        self.analyse_on(position, |position, cancel| {
            let arguments = analysis.arguments(given, position)?;
            analysis.answer(position, &arguments, cancel)
        })
    }

    fn analyse<T>(
        &self,
        work: impl FnOnce(&Position, &AtomicBool) -> Result<T, AnalysisError>,
    ) -> Result<T, MapError> {
        self.analyse_on(&self.position()?, work)
    }

    fn analyse_on<T>(
        &self,
        position: &Position,
        work: impl FnOnce(&Position, &AtomicBool) -> Result<T, AnalysisError>,
    ) -> Result<T, MapError> {
        let cancel = Arc::new(AtomicBool::new(false));
        let raised = Arc::clone(&cancel);
        let watchdog = self
            .limits
            .time()
            .map(|limit| Watchdog::start(limit, move || raised.store(true, Ordering::Relaxed)));
        let _watchdog = watchdog.transpose().map_err(MapError::Thread)?;
        let report = work(position, &cancel);
        match position.problem() {
            // What could not be read makes everything that was computed wrong.
            Some(problem) => Err(MapError::Position(problem.clone())),
            None => Ok(report?),
        }
    }
}
