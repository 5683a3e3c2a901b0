//! Which players the names in a foreign table are.

use crate::format::csv::scheme::one_listed;
use crate::format::csv::taken_ids::TakenIds;
use crate::format::mapping::row::written;
use crate::format::mapping::tables::OurTable;
use crate::model::find::without_legal_form;
use crate::model::name_key::folded;
use crate::model::record::Records;
use crate::model::vocabulary::{ID, expand, short_name};
use indexmap::IndexMap;
use oxigraph::model::NamedNode;
use rustc_hash::{FxHashMap, FxHashSet};
use std::hash::Hash;

/// How many examples of a way to match are kept.
const EXAMPLES_MAX: usize = 3;

/// By what a cell was found to be a player of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum MatchedBy {
    /// Its id.
    Id,
    /// A name.
    Name,
    /// Another name.
    Alias,
    /// What a register calls it.
    Identifier,
}

/// Cells that were found to be players in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// In which way.
    pub by: MatchedBy,
    /// How many different texts.
    pub count: u64,
    /// The first of them, each with the id of the player.
    pub examples: Vec<(String, String)>,
}

/// A player that nobody in the map is, and that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadePlayer {
    /// The name in the foreign table.
    pub name: String,
    /// Its id.
    pub id: String,
    /// The id of a player of the map whose name is that one but for its legal form.
    pub like: Option<String>,
}

/// A player to be made.
#[derive(Debug, Clone)]
pub(super) struct New {
    pub(super) name: String,
    pub(super) player_type: String,
    pub(super) identifiers: Vec<String>,
    like: Option<NamedNode>,
}

/// The players that are known, by what they are called.
#[derive(Debug)]
pub(super) struct Players<'k> {
    known: &'k Records,
    names: FxHashMap<String, Vec<NamedNode>>,
    aliases: FxHashMap<String, Vec<NamedNode>>,
    /// By scheme, in lower case, and value.
    identifiers: FxHashMap<(String, String), Vec<NamedNode>>,
    /// By the values of identifiers alone, for cells that are nothing else.
    values: FxHashMap<String, Vec<NamedNode>>,
    bare: FxHashMap<String, NamedNode>,
    taken: TakenIds,
    /// The players of the foreign tables that define them.
    own: FxHashSet<NamedNode>,
    /// What was found for each text.
    found: IndexMap<String, (MatchedBy, NamedNode)>,
    new: IndexMap<NamedNode, New>,
}

/// A name that several players have.
pub(super) struct Several(pub(super) Vec<String>);

impl<'k> Players<'k> {
    /// Takes the players of a map. O(n) in their number.
    pub(super) fn of(known: &'k Records) -> Self {
        let mut players = Self {
            known,
            names: FxHashMap::default(),
            aliases: FxHashMap::default(),
            identifiers: FxHashMap::default(),
            values: FxHashMap::default(),
            bare: FxHashMap::default(),
            taken: TakenIds::default(),
            own: FxHashSet::default(),
            found: IndexMap::new(),
            new: IndexMap::new(),
        };
        for (id, player) in &known.players {
            for (_, label) in player.labels.iter() {
                players.call(label, id);
            }
            for alias in &player.aliases {
                players.taken.take(id, alias);
                add(&mut players.aliases, folded(alias), id);
            }
        }
        for identifier in known.identifiers.values() {
            let key = key(&identifier.scheme, &identifier.value);
            add(&mut players.identifiers, key, &identifier.player);
            let value = folded(&identifier.value);
            add(&mut players.values, value, &identifier.player);
        }
        players
    }

    fn call(&mut self, name: &str, id: &NamedNode) {
        self.taken.take(id, name);
        let name = folded(name);
        let bare = without_legal_form(&name).to_owned();
        self.bare.entry(bare).or_insert_with(|| id.clone());
        add(&mut self.names, name, id);
    }

    /// Takes a player that a foreign table defines.
    pub(super) fn define(&mut self, id: &NamedNode, names: &[&str], aliases: &[String]) {
        for name in names {
            self.call(name, id);
        }
        for alias in aliases {
            add(&mut self.aliases, folded(alias), id);
        }
        self.own.insert(id.clone());
    }

    /// Returns whether the map or a foreign table has a player of an id.
    fn has(&self, id: &NamedNode) -> bool {
        self.known.players.contains_key(id) || self.own.contains(id)
    }

    /// Returns the player that a text is, by an identifier where one is given; one that nobody is gets an id that is made from
    /// its name.
    pub(super) fn find(
        &mut self,
        text: &str,
        identifier: Option<&str>,
        player_type: &str,
    ) -> Result<NamedNode, Several> {
        let read = identifier.and_then(|text| one_listed(text, &[]).ok());
        let wanted = read.map(|(scheme, value)| key(&scheme, &value));
        let by_identifier = wanted.as_ref().and_then(|key| self.identifiers.get(key));
        let id = match by_identifier.map(Vec::as_slice) {
            Some([one]) => self.matched(text, MatchedBy::Identifier, one.clone()),
            _ => self.by_text(text, player_type)?,
        };
        if let Some(new) = self.new.get_mut(&id)
            && let Some(identifier) = identifier
            && !new.identifiers.iter().any(|known| known == identifier)
        {
            new.identifiers.push(identifier.to_owned());
            if let Some(key) = wanted {
                add(&mut self.identifiers, key, &id);
            }
        }
        Ok(id)
    }

    fn by_text(&mut self, text: &str, player_type: &str) -> Result<NamedNode, Several> {
        if let Some((_, id)) = self.found.get(text) {
            return Ok(id.clone());
        }
        let wanted = folded(text);
        if let Some(id) = expand(text).filter(|id| self.has(id)) {
            return Ok(self.matched(text, MatchedBy::Id, id));
        }
        let ways = [
            (MatchedBy::Name, &self.names),
            (MatchedBy::Alias, &self.aliases),
            (MatchedBy::Identifier, &self.values),
        ];
        let found = ways
            .iter()
            .find_map(|(by, players)| Some((*by, players.get(&wanted)?.clone())));
        if let Some((by, players)) = found {
            return match <[NamedNode; 1]>::try_from(players) {
                Ok([one]) => Ok(self.matched(text, by, one)),
                Err(several) => {
                    let ids = several.iter().map(|id| short_name(id.as_str()).to_owned());
                    Err(Several(ids.collect()))
                }
            };
        }
        let id = self.free_id(text);
        if self.has(&id) {
            return Ok(self.matched(text, MatchedBy::Id, id));
        }
        let like = self.bare.get(without_legal_form(&wanted)).cloned();
        self.new.entry(id.clone()).or_insert_with(|| New {
            name: text.to_owned(),
            player_type: player_type.to_owned(),
            identifiers: Vec::new(),
            like,
        });
        Ok(id)
    }

    /// Returns the id that is made from a name, with a number where somebody of another name has it.
    pub(super) fn free_id(&mut self, name: &str) -> NamedNode {
        self.taken.free(name)
    }

    /// Returns whether a player of the map or of a foreign table has a name.
    pub(super) fn knows(&self, name: &str) -> bool {
        let name = folded(name);
        self.names.contains_key(&name) || self.aliases.contains_key(&name)
    }

    /// Takes the players away again that no row of ours refers to, such as those of rows that are left out.
    pub(super) fn keep(&mut self, tables: &[OurTable]) {
        let rows = tables.iter().flat_map(|table| &table.rows);
        let cells: FxHashSet<&str> = rows
            .flat_map(|(_, cells)| cells.values().map(String::as_str))
            .collect();
        self.new
            .retain(|id, _| cells.contains(written(id).as_str()));
    }

    fn matched(&mut self, text: &str, by: MatchedBy, id: NamedNode) -> NamedNode {
        self.found
            .entry(text.to_owned())
            .or_insert_with(|| (by, id.clone()));
        id
    }

    /// Returns the player of the map that has an id or a name.
    pub(super) fn known(&self, id: &NamedNode, names: &[&str]) -> Option<NamedNode> {
        if self.known.players.contains_key(id) {
            return Some(id.clone());
        }
        let mut found = names
            .iter()
            .filter_map(|name| self.names.get(&folded(name)));
        match found.next().map(Vec::as_slice) {
            Some([one]) if self.known.players.contains_key(one) => Some(one.clone()),
            _ => None,
        }
    }

    /// Returns the players that were made, by id.
    pub(super) fn new_ones(&self) -> impl Iterator<Item = (&NamedNode, &New)> {
        self.new.iter()
    }

    /// Returns what was matched in each way, and what was made.
    pub(super) fn report(&self) -> (Vec<Matched>, Vec<MadePlayer>) {
        let all = [
            MatchedBy::Id,
            MatchedBy::Name,
            MatchedBy::Alias,
            MatchedBy::Identifier,
        ];
        let matched = all.map(|by| {
            let own = self.found.iter().filter(|(_, (found, _))| *found == by);
            let examples = own
                .clone()
                .take(EXAMPLES_MAX)
                .map(|(text, (_, id))| (text.clone(), short_name(id.as_str()).to_owned()));
            Matched {
                by,
                count: own.clone().count() as u64,
                examples: examples.collect(),
            }
        });
        let made = self.new.iter().map(|(id, new)| MadePlayer {
            name: new.name.clone(),
            id: id
                .as_str()
                .strip_prefix(ID)
                .unwrap_or(id.as_str())
                .to_owned(),
            like: new
                .like
                .as_ref()
                .map(|like| short_name(like.as_str()).to_owned()),
        });
        let matched = matched.into_iter().filter(|one| one.count > 0);
        (matched.collect(), made.collect())
    }
}

/// Returns a scheme and a value as identifiers are compared.
fn key(scheme: &NamedNode, value: &str) -> (String, String) {
    (scheme.as_str().to_lowercase(), folded(value))
}

fn add<K: Eq + Hash>(players: &mut FxHashMap<K, Vec<NamedNode>>, key: K, id: &NamedNode) {
    let own = players.entry(key).or_default();
    if !own.contains(id) {
        own.push(id.clone());
    }
}
