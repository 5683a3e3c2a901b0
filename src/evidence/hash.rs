//! A hash of what a map says, whatever its files and their order.

use crate::map::Map;
use crate::map::MapError;
use oxigraph::model::{BlankNode, GraphName, NamedOrBlankNode, Quad, Term};
use powermap_rdf::blank_nodes;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};

type Hash = [u8; 32];

impl Map {
    /// Returns a hash of the text of the map: SHA-256, in hexadecimal.
    ///
    /// It depends neither on the order of files and statements nor on the labels of blank nodes, which are told apart by
    /// what is said of them. Two maps that say the same have the same hash; two that differ have different ones, save
    /// where blank nodes that all look alike are linked with each other in different circles.
    ///
    /// O(n log n) for n triples, times the depth to which blank nodes stand in blank nodes.
    ///
    /// # Errors
    /// As [`Map::quads`].
    ///
    /// ```
    /// use powermap::Map;
    /// let quads = Map::built_in()?.quads()?;
    /// let backwards = Map::from_quads(quads.into_iter().rev())?;
    /// assert_eq!(backwards.content_hash()?, Map::built_in()?.content_hash()?);
    /// # Ok::<(), powermap::MapError>(())
    /// ```
    pub fn content_hash(&self) -> Result<String, MapError> {
        let quads = self.quads()?;
        let colours = colours(&quads);
        let mut hashes: Vec<Hash> = quads
            .iter()
            .map(|quad| {
                let mut hasher = Sha256::new();
                subject(&mut hasher, &quad.subject, &colours);
                rest(&mut hasher, quad);
                object(&mut hasher, &quad.object, &colours);
                hasher.finalize().into()
            })
            .collect();
        hashes.sort_unstable();
        let mut all = Sha256::new();
        for hash in hashes {
            all.update(hash);
        }
        Ok(all
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect())
    }
}

/// Returns a hash for each blank node, by all that is said of it: refined until no two are told apart any more.
fn colours(quads: &[Quad]) -> HashMap<&BlankNode, Hash> {
    let blank = |quad: &&Quad| {
        quad.subject.is_blank_node()
            || quad.object.is_blank_node()
            || quad.graph_name.is_blank_node()
    };
    let quads: Vec<&Quad> = quads.iter().filter(blank).collect();
    let mut colours: HashMap<&BlankNode, Hash> = HashMap::new();
    for quad in &quads {
        for node in blank_nodes(quad) {
            colours.insert(node, Hash::default());
        }
    }
    let mut told_apart = 1;
    while told_apart < colours.len() {
        let mut seen: HashMap<&BlankNode, Vec<Hash>> = HashMap::new();
        for quad in &quads {
            for (role, node) in blank_nodes(quad).enumerate() {
                let mut hasher = Sha256::new();
                hasher.update([u8::try_from(role).unwrap_or(u8::MAX), 0]);
                subject(&mut hasher, &quad.subject, &colours);
                rest(&mut hasher, quad);
                object(&mut hasher, &quad.object, &colours);
                // Where it stands itself, in a triple with two of them.
                hasher.update([
                    u8::from(is_subject(quad, node)),
                    u8::from(is_object(quad, node)),
                ]);
                seen.entry(node).or_default().push(hasher.finalize().into());
            }
        }
        let next: HashMap<&BlankNode, Hash> = (seen.into_iter())
            .map(|(node, mut seen)| {
                seen.sort_unstable();
                let mut hasher = Sha256::new();
                hasher.update(colours[node]);
                for one in seen {
                    hasher.update(one);
                }
                (node, hasher.finalize().into())
            })
            .collect();
        let distinct: HashSet<&Hash> = next.values().collect();
        let distinct = distinct.len();
        colours = next;
        if distinct == told_apart {
            break;
        }
        told_apart = distinct;
    }
    colours
}

fn is_subject(quad: &Quad, node: &BlankNode) -> bool {
    matches!(&quad.subject, NamedOrBlankNode::BlankNode(own) if own == node)
}

fn is_object(quad: &Quad, node: &BlankNode) -> bool {
    matches!(&quad.object, Term::BlankNode(own) if own == node)
}

fn node(hasher: &mut Sha256, node: &BlankNode, colours: &HashMap<&BlankNode, Hash>) {
    hasher.update(b"_");
    hasher.update(colours.get(node).copied().unwrap_or_default());
}

fn text(hasher: &mut Sha256, text: &str) {
    hasher.update(b"t");
    hasher.update((text.len() as u64).to_le_bytes());
    hasher.update(text);
}

fn subject(hasher: &mut Sha256, term: &NamedOrBlankNode, colours: &HashMap<&BlankNode, Hash>) {
    match term {
        NamedOrBlankNode::NamedNode(name) => text(hasher, &name.to_string()),
        NamedOrBlankNode::BlankNode(blank) => node(hasher, blank, colours),
    }
}

fn object(hasher: &mut Sha256, term: &Term, colours: &HashMap<&BlankNode, Hash>) {
    match term {
        Term::BlankNode(blank) => node(hasher, blank, colours),
        other => text(hasher, &other.to_string()),
    }
}

/// Adds the predicate and the graph; the name of a blank graph means nothing.
fn rest(hasher: &mut Sha256, quad: &Quad) {
    text(hasher, quad.predicate.as_str());
    match &quad.graph_name {
        GraphName::NamedNode(name) => text(hasher, name.as_str()),
        GraphName::BlankNode(_) => hasher.update(b"_"),
        GraphName::DefaultGraph => hasher.update(b"d"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use powermap_rdf::{Format, rdf};

    fn hash(text: &str) -> String {
        let quads = rdf::parse(text.as_bytes(), Format::Turtle, "test.ttl").unwrap();
        Map::from_quads(quads).unwrap().content_hash().unwrap()
    }

    #[test]
    fn labels_and_order_do_not_count_and_everything_else_does() {
        let one = hash("<x:a> <x:p> [ <x:q> 1 ; <x:r> [ <x:q> 2 ] ] . <x:b> <x:p> [ <x:q> 2 ] .");
        let same = hash(
            "_:z <x:q> 2 . _:y <x:r> _:x ; <x:q> 1 . _:x <x:q> 2 . <x:b> <x:p> _:z . <x:a> <x:p> _:y .",
        );
        assert_eq!(one, same);
        // The two inner nodes change places.
        let other = hash(
            "_:z <x:q> 2 . _:y <x:r> _:z ; <x:q> 1 . _:x <x:q> 2 . <x:b> <x:p> _:z . <x:a> <x:p> _:y .",
        );
        assert_ne!(one, other);
        assert_ne!(hash("<x:a> <x:p> 1 ."), hash("<x:a> <x:p> '1' ."));
        assert_ne!(hash("_:a <x:p> _:a ."), hash("_:a <x:p> _:b ."));
    }
}
