//! Ids that are made from names, and who has them: names that differ in a sign only lead to one id.

use crate::model::name_key::folded;
use crate::model::vocabulary::ID;
use oxigraph::model::NamedNode;
use rustc_hash::FxHashMap;

/// The ids of players that have names.
#[derive(Debug, Default)]
pub(in crate::format) struct TakenIds {
    holders: FxHashMap<NamedNode, Holder>,
    /// The ids that names of one spelling got, by the id that is made from them.
    given: FxHashMap<(NamedNode, String), NamedNode>,
    /// The last number behind each id.
    numbers: FxHashMap<NamedNode, u32>,
}

#[derive(Debug)]
struct Holder {
    name: String,
    /// How its names are spelt.
    spellings: Vec<String>,
}

impl TakenIds {
    /// Notes a name of the player that has an id.
    pub(in crate::format) fn take(&mut self, id: &NamedNode, name: &str) {
        let holder = self.holders.entry(id.clone()).or_insert_with(|| Holder {
            name: name.to_owned(),
            spellings: Vec::new(),
        });
        holder.spellings.push(spelling(name));
    }

    /// Returns the name of the player that has an id, where nobody can take it for the one of a name.
    pub(in crate::format) fn other(&self, id: &NamedNode, name: &str) -> Option<&str> {
        let holder = self.holders.get(id)?;
        (!holder.spellings.contains(&spelling(name))).then_some(holder.name.as_str())
    }

    /// Returns the id that is made from a name, with a number where somebody of another name has it.
    pub(in crate::format) fn free(&mut self, name: &str) -> NamedNode {
        let plain = made_id(name);
        let key = (plain.clone(), spelling(name));
        if let Some(id) = self.given.get(&key) {
            return id.clone();
        }
        let mut id = plain.clone();
        while self.other(&id, name).is_some() {
            let number = self.numbers.entry(plain.clone()).or_insert(1);
            *number += 1;
            id = NamedNode::new_unchecked(format!("{}-{number}", plain.as_str()));
        }
        self.given.insert(key, id.clone());
        self.take(&id, name);
        id
    }
}

/// Returns the id of a name: its letters and digits in lower case, with hyphens for what is between them.
pub(in crate::format) fn made_id(name: &str) -> NamedNode {
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    NamedNode::new_unchecked(format!("{ID}{}", words.join("-")))
}

/// Returns the words of a name, without points, commas, quotes, and what stands between words.
fn spelling(name: &str) -> String {
    let plain = folded(name).replace(['.', ',', '\'', '’', '"', '“', '”'], "");
    let words = plain.split([' ', '-', '–', '/', '_', '(', ')']);
    let words = words.filter(|word| !word.is_empty() && *word != "&" && *word != "and");
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::vocabulary::short_name;

    #[test]
    fn names_that_are_spelt_differently_have_ids_of_their_own() {
        let mut taken = TakenIds::default();
        taken.take(&made_id("C++ Partners"), "C++ Partners");
        let mut of = |name: &str| short_name(taken.free(name).as_str()).to_owned();
        assert_eq!(of("c++ partners"), "c-partners");
        assert_eq!(of("C Partners"), "c-partners-2");
        assert_eq!(of("C# Partners"), "c-partners-3");
        assert_eq!(of("C Partners"), "c-partners-2");
        assert_eq!(of("Acme, Inc."), "acme-inc");
        assert_eq!(of("ACME Inc"), "acme-inc");
        assert_eq!(of("Smith & Sons"), "smith-sons");
        assert_eq!(of("Smith and Sons"), "smith-and-sons");
    }
}
