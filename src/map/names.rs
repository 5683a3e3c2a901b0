//! Finding a player by what a person types.

use crate::map::base::Map;
use crate::map::error::MapError;
use crate::model::lang::Lang;
use crate::model::vocabulary::{common, expand, pm};
use crate::records;
use oxigraph::model::{GraphNameRef, NamedNode, Term};
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
