//! Finding a player by what a person types.

use crate::map::Map;
use crate::map::error::MapError;
use crate::model::spelling::nearest;
use crate::model::vocabulary::{expand, short_name};
use oxigraph::model::NamedNode;

impl Map {
    /// The player of an id, an IRI, a name in any language or an alias; names are compared without regard to case.
    ///
    /// # Errors
    /// [`MapError::UnknownPlayer`] with the nearest names. Linear in the number of players.
    ///
    /// ```
    /// use powermap::map::Map;
    /// let map = Map::built_in()?;
    /// assert_eq!(map.player("英伟达")?, map.player("nvidia")?);
    /// assert!(map.player("nvidai").unwrap_err().to_string().contains("nvidia"));
    /// # Ok::<(), powermap::map::error::MapError>(())
    /// ```
    pub fn player(&self, name: &str) -> Result<NamedNode, MapError> {
        let players = &self.records().players;
        if let Some(id) = expand(name).filter(|id| players.contains_key(id)) {
            return Ok(id);
        }
        let wanted = name.trim().to_lowercase();
        let names = |id: &NamedNode| {
            let player = &players[id];
            let mut names: Vec<_> = player
                .labels
                .iter()
                .map(|(_, n)| n.to_lowercase())
                .collect();
            names.extend(player.aliases.iter().map(|n| n.to_lowercase()));
            names.push(short_name(id.as_str()).to_lowercase());
            names
        };
        if let Some(id) = players.keys().find(|id| names(id).contains(&wanted)) {
            return Ok(id.clone());
        }
        let all: Vec<_> = players
            .keys()
            .flat_map(|id| names(id).into_iter().map(move |name| (name, id)))
            .collect();
        let mut near: Vec<_> = nearest(&wanted, all.iter().map(|(name, _)| name.as_str()))
            .into_iter()
            .filter_map(|name| all.iter().find(|(other, _)| other == name))
            .map(|(_, id)| short_name(id.as_str()).to_owned())
            .collect();
        near.dedup();
        Err(MapError::UnknownPlayer {
            name: name.to_owned(),
            near,
        })
    }
}
