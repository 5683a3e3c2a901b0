//! An analysis of the table as a service.

use crate::analysis::answer::Answer;
use crate::analysis::definition::Analysis;
use crate::analysis::error::AnalysisError;
use crate::analysis::loops::{COUNT, SEARCH_LIMIT, SIGNIFICANCE};
use crate::analysis::parameter::{LIMIT, ParameterKind};
use crate::analysis::position::Position;
use crate::callable::block::{Block, Layer, not_allowed};
use crate::callable::context::Context;
use crate::callable::error::CallError;
use crate::callable::pattern;
use crate::callable::request::{Given, Request, Sink};
use crate::callable::signature::{PARTIAL, Signature, Takes};
use crate::callable::values::{check_counts, terms, text};
use crate::callable::walker::Kernel;
use crate::model::lang::Lang;
use crate::model::vocabulary::CALL;
use oxigraph::model::{Literal, Term};
use powermap_rdf::{Call, Notice, ReadStore, Service, ServiceAnswer};
use std::error::Error;
use std::sync::Arc;

/// The parameters by which a call itself asks for less than everything.
const LIMITS: [&str; 2] = [LIMIT, SEARCH_LIMIT.name];

/// The parameters with which an analysis has to see everything, however few rows are wanted.
const SUMMARIES: [&str; 2] = [COUNT.name, SIGNIFICANCE.name];

/// An analysis that queries can call.
pub(crate) struct AnalysisService<S> {
    analysis: &'static Analysis,
    signature: Signature,
    context: Arc<Context<S>>,
}

impl<S: ReadStore> AnalysisService<S> {
    pub(crate) fn new(analysis: &'static Analysis, context: Arc<Context<S>>) -> Self {
        Self {
            analysis,
            signature: Signature::of(analysis),
            context,
        }
    }

    fn answer(&self, call: &Call<'_>) -> Result<ServiceAnswer, CallError> {
        let block = Block::read(call.pattern, &self.signature)?;
        if let Some(pattern) = block.patterns.first() {
            let Some(kernel) = Kernel::of(self.analysis.name) else {
                return Err(not_allowed(
                    &format!("the pattern {pattern}"),
                    "put it outside of the SERVICE block, in the same group; only the patterns of call:loops and call:paths say what an \
                     edge is",
                ));
            };
            return pattern::answer(kernel, block, &self.context, call);
        }
        let table = self.context.table(&block, call.cancellation)?;
        let request = Request::read(&block, &block.table_variables(), &self.signature)?;
        let is_filtered = block.layers.iter().any(|l| matches!(l, Layer::Filter(_)));
        let wanted = call.rows_wanted.filter(|_| !is_filtered);
        let runs_wanted = wanted.filter(|_| request.keeps_all(&table));
        let mut sink = Sink::new(&request, &table, wanted);
        let mut notices = Vec::new();
        for (given, rows) in request.runs(&table) {
            if sink.is_full() {
                break;
            }
            let (position, answer) = self.run(&given, runs_wanted, call)?;
            for (number, row) in answer.rows.iter().enumerate() {
                for base in &rows {
                    if !sink.is_full() {
                        let value = |slot| terms(slot, row, number + 1, &position);
                        sink.add(&table.rows[*base], value)?;
                    }
                }
            }
            check_read(&position)?;
            notices.extend(answer.notes.into_iter().map(|note| {
                Notice {
                    service: format!("{CALL}{}", self.analysis.name),
                    texts: Lang::ALL
                        .map(|lang| (lang.tag(), note.text(lang).to_owned()))
                        .to_vec(),
                }
            }));
        }
        let table = self.context.finish(sink, block.layers, call.cancellation)?;
        Ok(ServiceAnswer {
            variables: table.variables,
            rows: table.rows,
            notices,
        })
    }

    /// Runs the analysis once.
    fn run(
        &self,
        given: &Given,
        rows_wanted: Option<usize>,
        call: &Call<'_>,
    ) -> Result<(Position, Answer), CallError> {
        let parameters = &self.signature.parameters;
        check_counts(parameters, given)?;
        let mut texts = Vec::new();
        let mut is_partial_fine = false;
        for (place, term) in given {
            let parameter = &parameters[*place];
            let value = text(parameter, term)?;
            is_partial_fine |= LIMITS.contains(&parameter.name);
            if parameter.name == PARTIAL.name {
                is_partial_fine |= value == "true";
            } else {
                texts.push((parameter.name, value));
            }
        }
        let is_summary = texts.iter().any(|(name, _)| SUMMARIES.contains(name));
        // Each row of the answer gives a row at least, so that no more of them are of use.
        let limit = parameters.iter().find(|parameter| parameter.name == LIMIT);
        if let Some(rows) = rows_wanted
            && let Some(Takes::Kind(ParameterKind::Integer(least, most))) = limit.map(|p| p.takes)
            && !is_partial_fine
            && !is_summary
        {
            let rows = (rows as u64).clamp(least, most);
            texts.push((LIMIT, rows.to_string()));
        }
        let position = self.context.position()?;
        let pairs = texts.iter().map(|(name, value)| (*name, value.as_str()));
        let arguments = self
            .analysis
            .arguments(pairs, &position)
            .map_err(|error| check_read(&position).err().unwrap_or(self.explain(error)))?;
        let position = self.analysis.position(&position, &arguments)?;
        let answer = (self.analysis.run)(&position, &arguments, call.cancellation.flag())?;
        check_read(&position)?;
        let is_enough = rows_wanted.is_some_and(|rows| answer.rows.len() >= rows);
        if answer.is_partial && !is_partial_fine && !is_enough {
            let notes: Vec<_> = answer
                .notes
                .iter()
                .map(|note| note.text(Lang::En))
                .collect();
            return Err(CallError::Partial {
                note: notes.join("; "),
            });
        }
        Ok((position, answer))
    }

    /// Replaces the names in an error about a value by those of SPARQL.
    fn explain(&self, error: AnalysisError) -> CallError {
        match error {
            AnalysisError::Value {
                name,
                value,
                expected,
                hint,
            } => {
                let property = self.signature.parameters.iter().find(|p| p.name == name);
                CallError::Value {
                    name: property.map_or(name, |p| p.property.clone()),
                    value: Term::from(Literal::from(value)).to_string(),
                    expected,
                    hint,
                }
            }
            error => error.into(),
        }
    }
}

/// Fails if records could not be read, since an answer without them would be wrong.
fn check_read(position: &Position) -> Result<(), CallError> {
    match position.problem() {
        None => Ok(()),
        Some(problem) => Err(CallError::Records(problem.clone())),
    }
}

impl<S: ReadStore> Service for AnalysisService<S> {
    fn call(&self, call: &Call<'_>) -> Result<ServiceAnswer, Box<dyn Error + Send + Sync>> {
        self.answer(call).map_err(CallError::boxed)
    }
}
