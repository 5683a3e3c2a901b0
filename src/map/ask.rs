//! Running named queries on a map.

use crate::catalogue::NamedQuery;
use crate::catalogue::parameter::QueryParameterType;
use crate::map::base::Map;
use crate::map::error::MapError;
use oxigraph::model::Term;
use powermap_rdf::{Evaluator, ReadStore, Results};

impl Map {
    /// Runs a named query within the limits of the map, with values for its parameters.
    ///
    /// A player may be given by any of its names, see [`Map::player`].
    ///
    /// # Errors
    /// A player that is not there, a parameter that is missing, not known or of the wrong type, and those of the
    /// evaluation.
    ///
    /// ```
    /// use powermap::Map;
    /// use powermap::catalogue::Catalogue;
    ///
    /// let (map, catalogue) = (Map::built_in()?, Catalogue::built_in()?);
    /// let given = [("player".to_owned(), "Open AI".to_owned())];
    /// let error = map.ask(catalogue.get("investments-in")?, &given);
    /// assert!(error.err().unwrap().hint().unwrap().to_string().contains("did you mean openai"));
    /// # Ok::<(), powermap::MapError>(())
    /// ```
    pub fn ask(
        &self,
        query: &NamedQuery,
        given: &[(String, String)],
    ) -> Result<Results<'_>, MapError> {
        self.ask_with(query, given, &self.evaluator())
    }

    pub(super) fn ask_with(
        &self,
        query: &NamedQuery,
        given: &[(String, String)],
        evaluator: &Evaluator,
    ) -> Result<Results<'_>, MapError> {
        let terms = self.terms(query, given)?;
        let dataset = self.store()?.dataset();
        Ok(evaluator.evaluate(dataset, query.query.clone(), &terms)?)
    }

    /// Returns the terms of values for the parameters of a query.
    pub(super) fn terms(
        &self,
        query: &NamedQuery,
        given: &[(String, String)],
    ) -> Result<Vec<(String, Term)>, MapError> {
        let mut given = given.to_vec();
        for (name, value) in &mut given {
            let parameters = &query.header.parameters;
            let kind = parameters.iter().find(|p| p.name == *name).map(|p| p.kind);
            if kind == Some(QueryParameterType::Player) {
                *value = self.player(value)?.into_string();
            }
        }
        Ok(query.bind(&given)?)
    }
}
