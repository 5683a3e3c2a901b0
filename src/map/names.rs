//! Finding a player by what a person types.

use crate::map::Map;
use crate::map::error::MapError;
use oxigraph::model::NamedNode;

impl Map {
    /// The player of an id, an IRI, a name in any language or an alias; names are compared without regard to case.
    ///
    /// # Errors
    /// [`MapError::UnknownPlayer`] with the nearest names; those of [`Map::prepare`]. Linear in the number of players.
    ///
    /// ```
    /// use powermap::map::Map;
    /// let map = Map::built_in()?;
    /// assert_eq!(map.player("英伟达")?, map.player("nvidia")?);
    /// assert!(map.player("nvidai").unwrap_err().to_string().contains("nvidia"));
    /// # Ok::<(), powermap::map::error::MapError>(())
    /// ```
    pub fn player(&self, name: &str) -> Result<NamedNode, MapError> {
        Ok(self.read_records()?.find_player(name)?)
    }
}
