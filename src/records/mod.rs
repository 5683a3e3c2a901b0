//! Triples to records: the players, deals, edges, observations, claims and documents of any dataset.
//!
//! Everything that can be read is read; what cannot is listed with the reason, and nothing is lost silently. Records
//! may stand in the default graph or in any named graph except the derived `pm:board`.

mod identity;
mod node;
mod roles;
mod some;
mod unknown;

use crate::model::circles::on_circles;
use crate::model::name::{Flow, Modality, Right, Stance, Status};
use crate::model::quantity::Quantity;
use crate::model::record::{
    Claim, Concept, Deal, Document, Edge, MapDescription, Observation, Player, Records, Topic,
};
use crate::model::vocabulary::{common, compact, pm};
use node::Node;
use oxigraph::model::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term};
pub(crate) use roles::Role;
use rustc_hash::FxHashMap;
pub(crate) use some::{read_observations, read_players, read_some};
use spareval::QueryableDataset;
use std::fmt;
pub(crate) use unknown::no_such;

/// Something in the data that cannot be read as a record, or not wholly.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordProblem {
    /// The subject that it was found at.
    pub subject: Term,
    /// The property, if one is at fault.
    pub property: Option<NamedNode>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for RecordProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.subject {
            Term::NamedNode(node) => f.write_str(&compact(node.as_str()))?,
            other => other.fmt(f)?,
        }
        if let Some(property) = &self.property {
            write!(f, ", {}", compact(property.as_str()))?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Reads all records of a dataset.
///
/// Time and space are linear in the number of triples of the records; other triples are not touched, except for
/// those of `rdf:type` and `rdfs:subClassOf`. A class of the user's own counts as the powermap class that it is a
/// subclass of.
///
/// # Errors
/// Only those of the dataset itself.
pub fn read<'a, D: QueryableDataset<'a>>(
    dataset: &D,
) -> Result<(Records, Vec<RecordProblem>), D::Error> {
    let mut reader = Reader::new(dataset)?;
    let roles = roles::classes(&reader)?;
    for (class, role) in roles {
        for subject in reader.instances(&class)? {
            reader.record(subject, role)?;
        }
    }
    reader.unknown_terms()?;
    let Reader {
        mut records,
        mut problems,
        ..
    } = reader;
    records.sort();
    problems.extend(identity::check(&mut records));
    problems.extend(circles(&records));
    problems.sort_by_cached_key(ToString::to_string);
    problems.dedup();
    Ok((records, problems))
}

/// Returns the edges that are made of themselves, over however many others: they count alone.
fn circles(records: &Records) -> Vec<RecordProblem> {
    let edges = records.edges.iter();
    let steps = edges.flat_map(|(id, edge)| edge.components.iter().map(move |part| (id, part)));
    let problem = |id: &NamedNode| RecordProblem {
        subject: id.clone().into(),
        property: Some(pm::COMPONENT.into_owned()),
        message: "the edge is made of itself, over others".to_owned(),
    };
    on_circles(steps).into_iter().map(problem).collect()
}

/// Returns every class that stands for a record, the user's own subclasses included: general ones first, so that of two
/// classes of one subject the later one counts.
pub(crate) fn classes<'a, D: QueryableDataset<'a>>(
    dataset: &D,
) -> Result<Vec<(NamedNode, Role)>, D::Error> {
    roles::classes(&Reader::new(dataset)?)
}

/// A dataset being read, and what has come of it so far.
struct Reader<'d, 'a, D: QueryableDataset<'a>> {
    dataset: &'d D,
    excluded: D::InternalTerm,
    predicates: FxHashMap<D::InternalTerm, NamedNode>,
    records: Records,
    problems: Vec<RecordProblem>,
}

impl<'d, 'a, D: QueryableDataset<'a>> Reader<'d, 'a, D> {
    fn new(dataset: &'d D) -> Result<Self, D::Error> {
        Ok(Self {
            dataset,
            excluded: dataset.internalize_term(pm::BOARD.into_owned().into())?,
            predicates: FxHashMap::default(),
            records: Records::default(),
            problems: Vec::new(),
        })
    }

    /// Returns all `(subject, predicate, object)` of a pattern, from every graph but the board.
    fn triples(
        &self,
        subject: Option<&D::InternalTerm>,
        predicate: Option<&D::InternalTerm>,
        object: Option<&D::InternalTerm>,
    ) -> Result<Vec<[D::InternalTerm; 3]>, D::Error> {
        let mut triples = Vec::new();
        for graph in [Some(None), None] {
            for quad in self
                .dataset
                .internal_quads_for_pattern(subject, predicate, object, graph)
            {
                let quad = quad?;
                if quad.graph_name.as_ref() != Some(&self.excluded) {
                    triples.push([quad.subject, quad.predicate, quad.object]);
                }
            }
        }
        Ok(triples)
    }

    /// Returns the subjects of a class.
    fn instances(&self, class: &NamedNode) -> Result<Vec<D::InternalTerm>, D::Error> {
        let a = self
            .dataset
            .internalize_term(common::TYPE.into_owned().into())?;
        let class = self.dataset.internalize_term(class.clone().into())?;
        let triples = self.triples(None, Some(&a), Some(&class))?;
        Ok(triples.into_iter().map(|[subject, ..]| subject).collect())
    }

    fn node(&mut self, subject: &D::InternalTerm) -> Result<Node, D::Error> {
        let triples = self.triples(Some(subject), None, None)?;
        let mut properties = Vec::with_capacity(triples.len());
        for [_, predicate, object] in triples {
            let predicate = match self.predicates.get(&predicate) {
                Some(known) => known.clone(),
                None => match self.dataset.externalize_term(predicate.clone())? {
                    Term::NamedNode(node) => {
                        self.predicates.insert(predicate, node.clone());
                        node
                    }
                    _ => continue,
                },
            };
            properties.push((predicate, self.dataset.externalize_term(object)?));
        }
        properties.dedup();
        Ok(Node {
            id: self.dataset.externalize_term(subject.clone())?,
            properties,
            problems: Vec::new(),
        })
    }

    /// Reads one subject in one role, and files the record.
    fn record(&mut self, subject: D::InternalTerm, role: Role) -> Result<(), D::Error> {
        let mut node = self.node(&subject)?;
        if role == Role::Claim {
            self.claim(&mut node)?;
        } else if let Term::NamedNode(id) = node.id.clone() {
            self.named(&mut node, id, role);
            if let Role::Player(_) = role {
                self.identifiers(&mut node)?;
            }
        } else {
            node.problems.push(RecordProblem {
                subject: node.id.clone(),
                property: None,
                message: "needs an IRI of its own, since claims refer to it".to_owned(),
            });
        }
        self.problems.append(&mut node.problems);
        Ok(())
    }

    /// Returns the amount of a claim. Two files that tell it have a node each, of which one counts where both say the same.
    fn amount(&mut self, node: &mut Node) -> Result<Option<Quantity>, D::Error> {
        let mut first = None;
        for amount in node.values(pm::AMOUNT) {
            if matches!(amount, Term::Literal(_)) {
                node.reject(
                    pm::AMOUNT,
                    "a node with pm:lower, pm:upper and pm:unit is expected",
                );
                continue;
            }
            let internal = self.dataset.internalize_term(amount.clone())?;
            let mut read = self.node(&internal)?;
            read.id = node.id.clone();
            let quantity = read.quantity();
            node.problems.append(&mut read.problems);
            match first {
                None => first = Some(quantity),
                Some(first) if first == quantity => {}
                Some(_) => node.reject_second(pm::AMOUNT, &amount),
            }
        }
        Ok(first.flatten())
    }

    fn named(&mut self, node: &mut Node, id: NamedNode, role: Role) {
        match role {
            Role::Player(player_type) => {
                let player = Player {
                    player_type,
                    labels: node.names(),
                    aliases: node.other_names(),
                    note: node.note(common::COMMENT),
                    part_of: node.iri(common::SUB_ORGANIZATION_OF),
                };
                self.records.players.insert(id, player);
            }
            Role::Topic => {
                let labels = node.names();
                self.records.topics.insert(id, Topic { labels });
            }
            Role::Map => {
                self.records.descriptions.insert(id, description(node));
            }
            Role::Deal { is_event } => {
                let deal = Deal {
                    is_event,
                    labels: node.names(),
                    announced: node.time(pm::ANNOUNCED),
                    note: node.note(common::COMMENT),
                };
                // An event is also a deal: the more exact reading stays.
                if is_event || !self.records.deals.contains_key(&id) {
                    self.records.deals.insert(id, deal);
                }
            }
            Role::Identity => self.identity(node, id),
            Role::Edge(family) => {
                if let (Some(from), Some(to)) = (required(node, pm::FROM), required(node, pm::TO)) {
                    let edge = Edge {
                        family,
                        kind: node.iri(pm::KIND),
                        from,
                        to,
                        deal: node.iri(pm::PART_OF),
                        since: node.time(pm::SINCE),
                        until: node.time(pm::UNTIL),
                        part_of_total: node.iri(pm::PART_OF_TOTAL),
                        components: node.components(&id),
                        labels: node.names(),
                    };
                    self.records.edges.insert(id, edge);
                }
            }
            Role::Observation => {
                if let (Some(subject), Some(metric)) =
                    (required(node, pm::SUBJECT), required(node, pm::METRIC))
                {
                    let observation = Observation {
                        subject,
                        metric,
                        period: node.time(pm::PERIOD),
                        deal: node.iri(pm::PART_OF),
                        part_of_total: node.iri(pm::PART_OF_TOTAL),
                        labels: node.names(),
                    };
                    self.records.observations.insert(id, observation);
                }
            }
            Role::Document => {
                let document = Document {
                    title: node.note(common::TITLE),
                    labels: node.names(),
                    issued: node.time(common::ISSUED),
                    url: node.iri(common::URL).map(NamedNode::into_string),
                    tier: node.tier(),
                };
                self.records.documents.insert(id, document);
            }
            Role::Concept => {
                self.records.concepts.insert(id, concept(node));
            }
            Role::Claim => {}
        }
    }

    fn claim(&mut self, node: &mut Node) -> Result<(), D::Error> {
        let id = match node.id.clone() {
            Term::NamedNode(id) => NamedOrBlankNode::from(id),
            Term::BlankNode(id) => id.into(),
            _ => return Ok(()),
        };
        let Some(about) = required(node, pm::ABOUT) else {
            return Ok(());
        };
        let mut claim = Claim::about(about);
        claim.quantity = self.amount(node)?;
        if let Some(right) = node.name(pm::RIGHT, Right::from_iri) {
            match claim.quantity.as_mut().map(|quantity| &mut quantity.unit) {
                Some(unit) if unit.of_right(right).is_some() => {
                    *unit = unit.of_right(right).unwrap_or(*unit);
                }
                _ => node.reject(pm::RIGHT, "only an amount in percent is a share of a right"),
            }
        }
        claim.status = node.name(pm::STATUS, Status::from_iri);
        claim.same = node.truth(pm::SAME);
        claim.modality = node
            .name(pm::MODALITY, Modality::from_iri)
            .unwrap_or(Modality::Statement);
        claim.stance = node.name(pm::STANCE, Stance::from_iri);
        claim.qualifies = node.iri(pm::QUALIFIES);
        claim.asserted_by = node.iri(pm::ASSERTED_BY);
        claim.attributed_to = node.iri(pm::ATTRIBUTED_TO);
        claim.document = node.iri(pm::IN_DOCUMENT);
        claim.locator = node.text(pm::LOCATOR);
        claim.said = node.time(pm::SAID);
        claim.holds_from = node.time(pm::HOLDS_FROM);
        claim.period = node.time(pm::PERIOD);
        claim.text = node.labels(pm::TEXT);
        claim.as_printed = node.text(pm::AS_PRINTED);
        claim.fact_ids = node.texts(pm::FACT_ID);
        self.records.claims.insert(id, claim);
        Ok(())
    }
}

fn description(node: &mut Node) -> MapDescription {
    MapDescription {
        labels: node.names(),
        note: node.note(common::COMMENT),
    }
}

fn concept(node: &mut Node) -> Concept {
    Concept {
        labels: node.names(),
        carries: node.name(pm::CARRIES, Flow::from_iri),
        returns: node.name(pm::RETURNS, Flow::from_iri),
        mutual: node.truth(pm::MUTUAL) == Some(true),
        identifies: node.truth(pm::IDENTIFIES),
    }
}

/// Returns the IRI of a property that the record cannot do without.
fn required(node: &mut Node, property: NamedNodeRef<'_>) -> Option<NamedNode> {
    if node.values(property).is_empty() {
        node.reject(property, "is required and missing");
        return None;
    }
    node.iri(property)
}
