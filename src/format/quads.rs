//! Records to triples: the inverse of reading records out of a dataset.

use crate::model::lang::Labels;
use crate::model::name::Right;
use crate::model::quantity::Quantity;
use crate::model::record::{
    Claim, Deal, Document, Edge, Identifier, Observation, Player, Records, Topic,
};
use crate::model::time::TimeSpan;
use crate::model::unit::Unit;
use crate::model::vocabulary::{ID, common, pm};
use oxigraph::model::vocab::xsd;
use oxigraph::model::{
    BlankNode, GraphName, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef,
    Quad, Term,
};

/// The triples of all records but the concepts, which belong to the ontology, in the default graph.
///
/// The blank node of a claim's quantity is called after the claim, so that the triples of two sources can meet in one
/// store, and the same claim always gives the same triples. The order follows the records.
///
/// ```
/// use powermap::format::record_quads;
/// use powermap::model::Records;
/// assert!(record_quads(&Records::default()).is_empty());
/// ```
pub fn record_quads(records: &Records) -> Vec<Quad> {
    let mut out = Out { quads: Vec::new() };
    for (id, player) in &records.players {
        out.player(id, player);
    }
    for (id, Topic { labels }) in &records.topics {
        out.add(id, common::TYPE, pm::TOPIC);
        out.labels(id, common::LABEL, labels);
    }
    for (id, description) in &records.descriptions {
        out.add(id, common::TYPE, pm::MAP);
        out.labels(id, common::LABEL, &description.labels);
        out.text(id, common::COMMENT, description.note.as_deref());
    }
    for (id, deal) in &records.deals {
        out.deal(id, deal);
    }
    for (id, identifier) in &records.identifiers {
        out.identifier(id, identifier);
    }
    for (id, identity) in &records.identities {
        out.add(id, common::TYPE, pm::IDENTITY);
        for player in &identity.players {
            out.add(id, pm::BETWEEN, player.clone());
        }
    }
    for (id, edge) in &records.edges {
        out.edge(id, edge);
    }
    for (id, observation) in &records.observations {
        out.observation(id, observation);
    }
    for (id, claim) in &records.claims {
        out.claim(id, claim);
    }
    for (id, document) in &records.documents {
        out.document(id, document);
    }
    out.quads
}

/// A number as a literal: an integer where it is whole, else a decimal, with every digit.
pub(crate) fn number_literal(value: f64) -> Literal {
    let datatype = if value.fract() == 0.0 {
        xsd::INTEGER
    } else {
        xsd::DECIMAL
    };
    Literal::new_typed_literal(value.to_string(), datatype)
}

/// The blank node of the quantity of a claim: what is no letter, digit or hyphen in the claim's id is written as its
/// code in hexadecimal between underscores, so that no two claims share one.
fn quantity_node(claim: &NamedOrBlankNode) -> BlankNode {
    let (kind, id) = match claim {
        NamedOrBlankNode::NamedNode(node) => (
            "q.",
            node.as_str().strip_prefix(ID).unwrap_or(node.as_str()),
        ),
        NamedOrBlankNode::BlankNode(node) => ("q.b.", node.as_str()),
    };
    let mut label = String::from(kind);
    for c in id.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' => label.push(c),
            other => label.push_str(&format!("_{:x}_", u32::from(other))),
        }
    }
    BlankNode::new_unchecked(label)
}

struct Out {
    quads: Vec<Quad>,
}

impl Out {
    fn add<'a>(
        &mut self,
        subject: impl Into<NamedOrBlankNodeRef<'a>>,
        predicate: NamedNodeRef<'_>,
        object: impl Into<Term>,
    ) {
        self.quads.push(Quad {
            subject: subject.into().into_owned(),
            predicate: predicate.into_owned(),
            object: object.into(),
            graph_name: GraphName::DefaultGraph,
        });
    }

    fn iri<'a>(
        &mut self,
        subject: impl Into<NamedOrBlankNodeRef<'a>>,
        predicate: NamedNodeRef<'_>,
        object: Option<&NamedNode>,
    ) {
        if let Some(object) = object {
            self.add(subject, predicate, object.clone());
        }
    }

    fn text<'a>(
        &mut self,
        subject: impl Into<NamedOrBlankNodeRef<'a>>,
        predicate: NamedNodeRef<'_>,
        text: Option<&str>,
    ) {
        if let Some(text) = text {
            self.add(subject, predicate, Literal::new_simple_literal(text));
        }
    }

    fn time<'a>(
        &mut self,
        subject: impl Into<NamedOrBlankNodeRef<'a>>,
        predicate: NamedNodeRef<'_>,
        time: Option<TimeSpan>,
    ) {
        if let Some(time) = time {
            self.add(subject, predicate, time.to_literal());
        }
    }

    fn labels<'a>(
        &mut self,
        subject: impl Into<NamedOrBlankNodeRef<'a>>,
        predicate: NamedNodeRef<'_>,
        labels: &Labels,
    ) {
        let subject = subject.into();
        for (tag, text) in labels.iter() {
            let literal = if tag.is_empty() {
                Literal::new_simple_literal(text)
            } else {
                Literal::new_language_tagged_literal(text, tag)
                    .unwrap_or_else(|_| Literal::new_simple_literal(text))
            };
            self.add(subject, predicate, literal);
        }
    }

    fn player(&mut self, id: &NamedNode, player: &Player) {
        self.add(id, common::TYPE, player.player_type.class());
        self.labels(id, common::LABEL, &player.labels);
        for alias in &player.aliases {
            self.text(id, common::ALT_LABEL, Some(alias));
        }
        self.text(id, common::COMMENT, player.note.as_deref());
        self.iri(id, common::SUB_ORGANIZATION_OF, player.part_of.as_ref());
    }

    fn identifier(&mut self, id: &NamedNode, identifier: &Identifier) {
        self.add(&identifier.player, pm::IDENTIFIER, id.clone());
        self.add(id, common::TYPE, pm::IDENTIFIER_CLASS);
        self.iri(id, pm::SCHEME, Some(&identifier.scheme));
        self.text(id, pm::VALUE, Some(&identifier.value));
    }

    fn deal(&mut self, id: &NamedNode, deal: &Deal) {
        let class = if deal.is_event { pm::EVENT } else { pm::DEAL };
        self.add(id, common::TYPE, class);
        self.labels(id, common::LABEL, &deal.labels);
        self.time(id, pm::ANNOUNCED, deal.announced);
        self.text(id, common::COMMENT, deal.note.as_deref());
    }

    fn edge(&mut self, id: &NamedNode, edge: &Edge) {
        self.add(id, common::TYPE, edge.family.iri());
        self.labels(id, common::LABEL, &edge.labels);
        self.iri(id, pm::KIND, edge.kind.as_ref());
        self.iri(id, pm::PART_OF, edge.deal.as_ref());
        self.iri(id, pm::FROM, Some(&edge.from));
        self.iri(id, pm::TO, Some(&edge.to));
        self.time(id, pm::SINCE, edge.since);
        self.time(id, pm::UNTIL, edge.until);
        self.iri(id, pm::PART_OF_TOTAL, edge.part_of_total.as_ref());
        for component in &edge.components {
            self.iri(id, pm::COMPONENT, Some(component));
        }
    }

    fn observation(&mut self, id: &NamedNode, observation: &Observation) {
        self.add(id, common::TYPE, pm::OBSERVATION);
        self.labels(id, common::LABEL, &observation.labels);
        self.iri(id, pm::SUBJECT, Some(&observation.subject));
        self.iri(id, pm::METRIC, Some(&observation.metric));
        self.time(id, pm::PERIOD, observation.period);
        self.iri(id, pm::PART_OF, observation.deal.as_ref());
        self.iri(id, pm::PART_OF_TOTAL, observation.part_of_total.as_ref());
    }

    fn claim(&mut self, id: &NamedOrBlankNode, claim: &Claim) {
        self.add(id, common::TYPE, pm::CLAIM);
        self.iri(id, pm::ABOUT, Some(&claim.about));
        if let Some(quantity) = &claim.quantity {
            let node = quantity_node(id);
            self.add(id, pm::AMOUNT, node.clone());
            self.quantity(&node, quantity);
            let right = quantity
                .unit
                .right()
                .filter(|right| *right != Right::Capital);
            self.iri(id, pm::RIGHT, right.map(|right| right.iri()).as_ref());
        }
        self.iri(id, pm::STATUS, claim.status.map(|s| s.iri()).as_ref());
        if let Some(same) = claim.same {
            self.add(id, pm::SAME, Literal::from(same));
        }
        self.iri(id, pm::MODALITY, Some(&claim.modality.iri()));
        self.iri(id, pm::STANCE, claim.stance.map(|s| s.iri()).as_ref());
        self.iri(id, pm::QUALIFIES, claim.qualifies.as_ref());
        self.iri(id, pm::ASSERTED_BY, claim.asserted_by.as_ref());
        self.iri(id, pm::ATTRIBUTED_TO, claim.attributed_to.as_ref());
        self.iri(id, pm::IN_DOCUMENT, claim.document.as_ref());
        self.text(id, pm::LOCATOR, claim.locator.as_deref());
        self.time(id, pm::SAID, claim.said);
        self.time(id, pm::HOLDS_FROM, claim.holds_from);
        self.time(id, pm::PERIOD, claim.period);
        self.labels(id, pm::TEXT, &claim.text);
        self.text(id, pm::AS_PRINTED, claim.as_printed.as_deref());
        for fact in &claim.fact_ids {
            self.text(id, pm::FACT_ID, Some(fact));
        }
    }

    fn quantity(&mut self, node: &BlankNode, quantity: &Quantity) {
        let bounds = [
            (
                pm::LOWER,
                pm::LOWER_EXCLUSIVE,
                quantity.lower,
                quantity.lower_exclusive,
            ),
            (
                pm::UPPER,
                pm::UPPER_EXCLUSIVE,
                quantity.upper,
                quantity.upper_exclusive,
            ),
        ];
        for (inclusive, exclusive, bound, is_exclusive) in bounds {
            if let Some(bound) = bound {
                let property = if is_exclusive { exclusive } else { inclusive };
                self.add(node, property, number_literal(bound));
            }
        }
        let of_capital = quantity.unit.right().and(Unit::percent());
        self.add(node, pm::UNIT, of_capital.unwrap_or(quantity.unit).iri());
        if quantity.approximate {
            self.add(node, pm::APPROXIMATE, Literal::from(true));
        }
    }

    fn document(&mut self, id: &NamedNode, document: &Document) {
        self.add(id, common::TYPE, pm::DOCUMENT);
        self.text(id, common::TITLE, document.title.as_deref());
        self.labels(id, common::LABEL, &document.labels);
        self.time(id, common::ISSUED, document.issued);
        let url = document.url.as_ref().map(NamedNode::new_unchecked);
        self.iri(id, common::URL, url.as_ref());
        self.iri(id, pm::TIER, document.tier.map(|t| t.iri()).as_ref());
    }
}
