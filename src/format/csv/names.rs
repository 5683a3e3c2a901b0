//! Names of players in the place of their ids.

use crate::format::csv::sheet::Fault;
use crate::format::csv::taken_ids::{TakenIds, made_id};
use crate::model::name_key::folded;
use crate::model::record::Records;
use crate::model::vocabulary::short_name;
use oxigraph::model::NamedNode;
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// The players by what they are called.
#[derive(Debug, Default)]
pub(super) struct PlayerNames {
    known: FxHashMap<String, Vec<NamedNode>>,
    taken: RefCell<TakenIds>,
}

impl PlayerNames {
    /// Takes the names and the other names of all players. O(n) in their number.
    pub(super) fn of<'r>(all: impl IntoIterator<Item = &'r Records>) -> Self {
        let mut names: FxHashMap<String, Vec<NamedNode>> = FxHashMap::default();
        let mut taken = TakenIds::default();
        for (id, player) in all.into_iter().flat_map(|records| &records.players) {
            let labels = player.labels.iter().map(|(_, label)| label);
            for name in labels.chain(player.aliases.iter().map(String::as_str)) {
                taken.take(id, name);
                let players = names.entry(folded(name)).or_default();
                if !players.contains(id) {
                    players.push(id.clone());
                }
            }
        }
        Self {
            known: names,
            taken: RefCell::new(taken),
        }
    }

    /// Returns the player of a name; one that nobody has gets an id that is made from it.
    pub(super) fn find(&self, name: &str) -> Result<NamedNode, Fault> {
        match self.known.get(&folded(name)).map(Vec::as_slice) {
            Some([one]) => Ok(one.clone()),
            Some(several) => {
                let ids: Vec<_> = several.iter().map(|id| short_name(id.as_str())).collect();
                let fault = Fault::new(format!("'{name}' is the name of {}", ids.join(", ")));
                Err(fault.with_hint("write the id of the one that is meant"))
            }
            None => {
                let id = made_id(name);
                let mut taken = self.taken.borrow_mut();
                if let Some(other) = taken.other(&id, name) {
                    let short = short_name(id.as_str());
                    let fault = Fault::new(format!(
                        "'{name}' and '{other}' would both be the player {short}"
                    ));
                    return Err(fault.with_hint("give each an id in players.csv, with its name"));
                }
                taken.take(&id, name);
                Ok(id)
            }
        }
    }
}

/// Returns whether a text that is no id can be a name: words of letters and digits, and what stands between them in names.
pub(super) fn is_name(text: &str) -> bool {
    let is_usual = |c: char| c.is_alphanumeric() || " .,&'’()/+-–\u{a0}".contains(c);
    text.contains(char::is_alphabetic) && text.chars().all(is_usual)
}
