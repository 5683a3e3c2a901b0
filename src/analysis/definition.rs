//! What an analysis is: its names, parameters and columns, and the function that runs it.

use crate::analysis::answer::Answer;
use crate::analysis::column::Column;
use crate::analysis::error::AnalysisError;
use crate::analysis::parameter::{Arguments, Parameter, ParameterKind, Presence, parameter};
use crate::analysis::position::Position;
use crate::model::lang::Lang;
use crate::model::name::Policy;
use crate::model::time::Day;
use crate::model::view::View;
use crate::network::named::Filter;
use crate::words::Message;
use std::sync::atomic::AtomicBool;

/// An analysis as its callers see it.
#[derive(Debug, Clone, Copy)]
pub struct Analysis {
    /// Its name: the verb of the program, and what follows `call:` in SPARQL.
    pub name: &'static str,
    /// What its rows are, as a heading.
    pub(crate) title: Message,
    /// The question that it answers.
    pub(crate) question: Message,
    /// How the answer is defined, and what happens where bounds are open or data are missing; in English.
    pub definition: &'static str,
    /// The parameters of its own; those of [`FILTER`] and [`VIEW`] come on top.
    pub parameters: &'static [Parameter],
    /// The columns of its rows.
    pub columns: &'static [Column],
    /// Commands that show what it can do.
    pub examples: &'static [&'static str],
    /// Runs it on a position whose view and filter are set.
    pub run: fn(&Position, &Arguments, &AtomicBool) -> Result<Answer, AnalysisError>,
}

/// The parameters that say from where the board is looked at. The program has them as options of every verb.
pub const VIEW: &[Parameter] = &[
    parameter(
        "as-of",
        ParameterKind::Day,
        "The day the board is looked at",
    ),
    parameter(
        "known-by",
        ParameterKind::Day,
        "Count only the claims known by this day",
    ),
    parameter(
        "policy",
        ParameterKind::Word(&[
            "weighed",
            "latest",
            "lowest",
            "highest",
            "most-trusted",
            "all",
        ]),
        "Which claim wins where claims disagree",
    ),
];

/// The parameters that say which edges count.
pub const FILTER: &[Parameter] = &[
    Parameter {
        presence: Presence::Repeatable,
        ..parameter("family", ParameterKind::Family, "Only edges of this family")
    },
    Parameter {
        presence: Presence::Repeatable,
        ..parameter(
            "kind",
            ParameterKind::Concept,
            "Only edges of this kind, such as equity",
        )
    },
    parameter(
        "min-status",
        ParameterKind::Status,
        "Only edges that are at least this firm",
    ),
    parameter(
        "min-amount",
        ParameterKind::Number,
        "Only edges that may be worth this much money, in their own currency",
    ),
];

impl Analysis {
    /// Returns the heading of its rows in a language.
    pub fn title_in(&self, lang: Lang) -> &'static str {
        self.title.text(lang)
    }

    /// Returns the question in a language.
    pub fn question_in(&self, lang: Lang) -> &'static str {
        self.question.text(lang)
    }

    /// Returns all parameters: its own, then those of the filter, then those of the view.
    pub fn all_parameters(&self) -> impl Iterator<Item = &'static Parameter> + use<> {
        self.parameters.iter().chain(FILTER).chain(VIEW)
    }

    /// Returns the parameter of a name, in kebab case or as the property of SPARQL.
    ///
    /// # Errors
    /// [`AnalysisError::UnknownParameter`] with the names there are.
    pub fn parameter(&self, name: &str) -> Result<&'static Parameter, AnalysisError> {
        self.all_parameters()
            .find(|parameter| parameter.name == name || parameter.property() == name)
            .ok_or_else(|| AnalysisError::UnknownParameter {
                analysis: self.name,
                name: name.to_owned(),
                known: self.all_parameters().map(|p| p.name.to_owned()).collect(),
            })
    }

    /// Returns whether it looks at days of its own rather than at the day of the view.
    pub fn takes_moments(&self) -> bool {
        let mut kinds = self.parameters.iter().map(|parameter| parameter.kind);
        kinds.any(|kind| kind == ParameterKind::Moment)
    }

    /// Reads values from text, fills in the defaults, and checks how often each parameter is given.
    ///
    /// # Errors
    /// A parameter that is not known, is missing or given too often, and a value that it cannot have.
    pub fn arguments<'a>(
        &self,
        given: impl IntoIterator<Item = (&'a str, &'a str)>,
        position: &Position,
    ) -> Result<Arguments, AnalysisError> {
        let mut arguments = Arguments::default();
        for (name, value) in given {
            let parameter = self.parameter(name)?;
            if parameter.name == "as-of" && self.takes_moments() {
                return Err(AnalysisError::OwnDays {
                    analysis: self.name,
                });
            }
            arguments.add(parameter, parameter.parse(value, position)?);
        }
        for parameter in self.all_parameters() {
            let count = arguments.count(parameter.name);
            match parameter.presence {
                Presence::Required if count == 0 => {
                    return Err(AnalysisError::Missing {
                        analysis: self.name,
                        name: parameter.name.to_owned(),
                        help: parameter.help,
                    });
                }
                Presence::Default(value) if count == 0 => {
                    arguments.add(parameter, parameter.parse(value, position)?);
                }
                Presence::Repeatable => {}
                _ if count > 1 => {
                    return Err(AnalysisError::Repeated {
                        analysis: self.name,
                        name: parameter.name.to_owned(),
                        count,
                    });
                }
                _ => {}
            }
        }
        Ok(arguments)
    }

    /// Runs the analysis with these arguments, the view and the filter among them.
    ///
    /// # Errors
    /// Those of the analysis.
    ///
    /// ```
    /// use powermap::analysis::{Position, find};
    /// use std::sync::{Arc, atomic::AtomicBool};
    /// let position = Position::new(Arc::default(), Arc::default());
    /// let timeline = find("timeline").ok_or("it is there")?;
    /// let arguments = timeline.arguments([("from", "2025-09")], &position)?;
    /// assert!(timeline.answer(&position, &arguments, &AtomicBool::new(false))?.rows.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn answer(
        &self,
        position: &Position,
        arguments: &Arguments,
        cancel: &AtomicBool,
    ) -> Result<Answer, AnalysisError> {
        (self.run)(&self.position(position, arguments)?, arguments, cancel)
    }

    /// Returns the position that the analysis runs on: with the view and the filter of the arguments.
    ///
    /// # Errors
    /// [`AnalysisError::NoClaims`], where the arguments ask what was known of a network without claims.
    pub fn position(
        &self,
        position: &Position,
        arguments: &Arguments,
    ) -> Result<Position, AnalysisError> {
        if arguments.count("known-by") > 0 {
            position.check_claims("known-by")?;
        }
        let view = view(position.view(), arguments)?;
        let position = match view {
            Some(view) => position.at(view),
            None => position.clone(),
        };
        let is_plain = !position.has_claims();
        let day = arguments.day("as-of").filter(|_| is_plain);
        let filter = Filter {
            families: arguments.families("family"),
            kinds: arguments.ids("kind"),
            status_min: arguments.status("min-status"),
            day: day.map(|day| Day::FIRST.days_until(day)),
            amount_min: arguments.number("min-amount"),
        };
        Ok(if filter.is_open() {
            position
        } else {
            position.filtered(filter)
        })
    }
}

/// Returns the view that the arguments ask for, if they ask for any.
fn view(seen: View, arguments: &Arguments) -> Result<Option<View>, AnalysisError> {
    let (as_of, known_by) = (arguments.day("as-of"), arguments.day("known-by"));
    let policy = arguments.text("policy");
    if as_of.is_none() && known_by.is_none() && policy.is_none() {
        return Ok(None);
    }
    Ok(Some(View {
        // A day of knowledge is also the day of the board, unless another one is given.
        as_of: as_of.or(known_by).or(seen.as_of),
        known_by: known_by.or(seen.known_by),
        policy: match policy {
            Some(name) => name.parse::<Policy>()?,
            None => seen.policy,
        },
    }))
}
