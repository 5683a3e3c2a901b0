//! Running named queries on a map.

use crate::catalogue::NamedQuery;
use crate::catalogue::parameter::QueryParameterType;
use crate::map::base::Map;
use crate::map::error::MapError;
use crate::model::find::{NEAR_MAX, near};
use crate::model::short_id::of_short_id;
use crate::model::vocabulary::{PM, expand, short_name};
use oxigraph::model::{NamedNode, Term};
use powermap_rdf::{Evaluator, ReadStore, Results};

/// The tag of queries that check what the text says.
const CHECK: &str = "check";

impl Map {
    /// Runs a named query within the limits of the map, with values for its parameters.
    ///
    /// A player may be given by any of its names, see [`Map::player`]. Players that are one are one in the rows; a check
    /// looks at the records that they are joined from.
    ///
    /// # Errors
    /// A player or something else that is not there, a parameter that is missing, not known or of the wrong type, and those of
    /// the evaluation.
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
        let store = match query.header.tags.iter().any(|tag| tag == CHECK) {
            true => self.store()?,
            false => self.shown_store()?,
        };
        Ok(evaluator.evaluate(store.dataset(), query.query.clone(), &terms)?)
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
            match kind {
                Some(QueryParameterType::Player) => *value = self.player(value)?.into_string(),
                Some(QueryParameterType::Iri) => {
                    if let Some(id) = self.checked_id(value)? {
                        *value = id.into_string();
                    }
                }
                _ => {}
            }
        }
        Ok(query.bind(&given)?)
    }

    /// Returns what an id, the short id of an edge or the name of a player stands for in the map; nothing for a text that can be
    /// none of these, which is left to the query.
    fn checked_id(&self, name: &str) -> Result<Option<NamedNode>, MapError> {
        let Some(id) = expand(name) else {
            return Ok(self.player(name).ok());
        };
        // Terms of the vocabulary have a notice of their own.
        if id.as_str().starts_with(PM) || self.holds(&id)? {
            return Ok(Some(id));
        }
        if let Ok(player) = self.player(name) {
            return Ok(Some(player));
        }
        let records = self.records()?;
        if let [only] = of_short_id(name, records.edges.keys()).as_slice() {
            return Ok(Some((*only).clone()));
        }
        let ids = (records.edges.keys())
            .chain(records.deals.keys())
            .chain(records.players.keys())
            .chain(records.observations.keys())
            .chain(records.documents.keys());
        let ids: Vec<&str> = ids.map(|id| short_name(id.as_str())).collect();
        let near = near(short_name(id.as_str()), ids.into_iter());
        Err(MapError::UnknownId {
            name: name.to_owned(),
            near: near.into_iter().take(NEAR_MAX).map(str::to_owned).collect(),
        })
    }
}
