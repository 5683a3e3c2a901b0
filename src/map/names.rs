//! Finding a player by what a person types.

use crate::map::base::Map;
use crate::map::error::MapError;
use crate::model::lang::Lang;
use crate::model::name::Family;
use crate::model::vocabulary::{common, expand, pm};
use crate::records;
use oxigraph::model::{GraphNameRef, NamedNode, NamedNodeRef, Term};
use powermap_rdf::ReadStore;

impl Map {
    /// Returns what the ontology, or the map's extension of it, calls a class such as `pm:Supply` or `pm:Company`; nothing
    /// where it has no label in the language. O(log n) in the size of the ontology.
    pub fn class_label(&self, class: &NamedNode, lang: Lang) -> Option<String> {
        let graph = GraphNameRef::NamedNode(pm::ONTOLOGY);
        let class = Some(class.as_ref().into());
        let mut labels = self.text.matching(class, Some(common::LABEL), None, graph);
        labels.find_map(|quad| match quad.ok()?.object {
            Term::Literal(label) if label.language() == Some(lang.tag()) => {
                Some(label.value().to_owned())
            }
            _ => None,
        })
    }

    /// Returns whether a term is a kind of edges of a family, in the ontology or in the map. O(log n).
    ///
    /// # Errors
    /// A compiled file that cannot be read.
    pub fn is_kind_of(&self, kind: &NamedNode, family: Family) -> Result<bool, MapError> {
        self.is_in_scheme(
            kind,
            match family {
                Family::Investment => pm::INVESTMENT_KIND_SCHEME,
                Family::Supply => pm::SUPPLY_KIND_SCHEME,
                Family::Influence => pm::INFLUENCE_KIND_SCHEME,
            },
        )
    }

    /// Returns whether a term is a metric of figures, in the ontology or in the map. O(log n).
    ///
    /// # Errors
    /// A compiled file that cannot be read.
    pub fn is_metric(&self, term: &NamedNode) -> Result<bool, MapError> {
        self.is_in_scheme(term, pm::METRIC_SCHEME)
    }

    fn is_in_scheme(
        &self,
        term: &NamedNode,
        scheme: NamedNodeRef<'static>,
    ) -> Result<bool, MapError> {
        let graphs = self.text.graph_names();
        let named = graphs.iter().map(|graph| graph.as_ref().into());
        for graph in std::iter::once(GraphNameRef::DefaultGraph).chain(named) {
            let (term, scheme) = (Some(term.as_ref().into()), Some(scheme.into()));
            let mut found = self
                .text
                .matching(term, Some(common::IN_SCHEME), scheme, graph);
            if found.next().transpose()?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The player of an id, an IRI, a name in any language or an alias; names are compared without regard to case. Of a
    /// player that is shown as another one, that one.
    ///
    /// # Errors
    /// [`MapError::UnknownPlayer`] with the nearest names; those of [`Map::records`]. Linear in the number of players.
    ///
    /// ```
    /// use powermap::Map;
    /// let map = Map::built_in()?;
    /// assert_eq!(map.player("英伟达")?, map.player("nvidia")?);
    /// let hint = map.player("nvidai").unwrap_err().hint().unwrap();
    /// assert!(hint.to_string().contains("nvidia"));
    /// # Ok::<(), powermap::MapError>(())
    /// ```
    pub fn player(&self, name: &str) -> Result<NamedNode, MapError> {
        if let Some(id) = expand(name)
            && let Some(records) = self.part(|store| {
                let own = [id.clone().into()];
                Ok(records::read_some(&store.dataset(), own)?)
            })?
            && records.players.contains_key(&id)
        {
            return Ok(id);
        }
        let players = self.part(|store| Ok(records::read_players(&store.dataset())?))?;
        if let Some(players) = players {
            return Ok(players.find_player(name)?);
        }
        let records = self.records()?;
        Ok(
            match records.identities.is_empty() && records.identifiers.is_empty() {
                true => records.find_player(name)?,
                false => records.find_shown(name, &self.board()?.joined)?,
            },
        )
    }
}
