//! What a network needs of a compiled map: single properties of numbered subjects, and terms as values of the model.

use crate::model::quantity::Quantity;
use crate::model::sum::hulls;
use crate::model::time::{Day, TimeSpan};
use crate::model::unit::{Measure, Unit};
use crate::model::vocabulary::{PM, pm};
use oxigraph::model::{NamedNode, NamedNodeRef, Term};
use powermap_rdf::columns::{GraphRef, Pairs, Predicate, TermId};
use powermap_rdf::{CompiledStore, StoreError};
use rustc_hash::FxHashMap;

/// Why no network came of it.
pub(super) enum Stop {
    /// The file.
    Store(StoreError),
    /// Only the records can tell what the text means, or what is wrong with it.
    NotPlain,
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// A compiled map whose records all stand in the default graph.
pub(super) struct Source<'a> {
    store: &'a CompiledStore,
    pub(super) text: GraphRef<'a>,
    pub(super) ontology: GraphRef<'a>,
    pub(super) board: GraphRef<'a>,
    spans: FxHashMap<TermId, Option<TimeSpan>>,
    units: FxHashMap<TermId, Unit>,
    key: String,
}

/// The values of one property in one graph, by subject.
pub(super) struct Property<'a>(Option<Pairs<'a>>);

impl Property<'_> {
    /// The one value of a subject.
    pub(super) fn of(&self, subject: TermId) -> Result<Option<TermId>, Stop> {
        let values = self.0.map_or(&[][..], |pairs| pairs.values_of(subject));
        match values {
            [] => Ok(None),
            [value] => Ok(Some(*value)),
            // Which one counts depends on more than their numbers.
            _ => Err(Stop::NotPlain),
        }
    }

    /// All values of a subject.
    pub(super) fn all(&self, subject: TermId) -> &[TermId] {
        self.0.map_or(&[], |pairs| pairs.values_of(subject))
    }

    /// All subjects that have one.
    pub(super) fn subjects(&self) -> &[TermId] {
        self.0.map_or(&[], |pairs| pairs.keys)
    }
}

impl<'a> Source<'a> {
    pub(super) fn of(store: &'a CompiledStore) -> Result<Self, Stop> {
        let graph = |name: NamedNodeRef<'_>| {
            let id = store.term_id(name.into())?;
            id.and_then(|id| store.named_graph(id))
                .ok_or(Stop::NotPlain)
        };
        let (ontology, board) = (graph(pm::ONTOLOGY)?, graph(pm::BOARD)?);
        if store.named_graphs().count() != 2 {
            return Err(Stop::NotPlain);
        }
        Ok(Self {
            store,
            text: store.default_graph(),
            ontology,
            board,
            spans: FxHashMap::default(),
            units: FxHashMap::default(),
            key: String::new(),
        })
    }

    /// The values of a property, by subject.
    pub(super) fn property(
        &self,
        graph: GraphRef<'a>,
        name: NamedNodeRef<'_>,
    ) -> Result<Property<'a>, Stop> {
        self.pairs(graph, name, GraphRef::by_subject)
    }

    /// The values of a property turned round, by value.
    pub(super) fn inverse(
        &self,
        graph: GraphRef<'a>,
        name: NamedNodeRef<'_>,
    ) -> Result<Property<'a>, Stop> {
        self.pairs(graph, name, GraphRef::by_object)
    }

    fn pairs(
        &self,
        graph: GraphRef<'a>,
        name: NamedNodeRef<'_>,
        order: fn(GraphRef<'a>, &Predicate) -> Result<Pairs<'a>, StoreError>,
    ) -> Result<Property<'a>, Stop> {
        let predicate = self.id(name)?.and_then(|id| graph.predicate(id));
        let pairs = predicate.map(|predicate| order(graph, predicate));
        Ok(Property(pairs.transpose()?))
    }

    pub(super) fn id(&self, name: NamedNodeRef<'_>) -> Result<Option<TermId>, Stop> {
        Ok(self.store.term_id(name.into())?)
    }

    /// Whether a number is that of an IRI.
    pub(super) fn is_iri(&self, id: TermId) -> Result<bool, Stop> {
        Ok(self.store.is_iri(id)?)
    }

    pub(super) fn iri(&mut self, id: TermId) -> Result<NamedNode, Stop> {
        Ok(NamedNode::new_unchecked(self.iri_text(id)?))
    }

    /// The text of an IRI.
    pub(super) fn iri_text(&mut self, id: TermId) -> Result<&str, Stop> {
        self.store.write_key(id, &mut self.key)?;
        self.key.strip_prefix('I').ok_or(Stop::NotPlain)
    }

    /// The text of a literal.
    pub(super) fn literal(&self, id: TermId) -> Result<Option<String>, Stop> {
        Ok(match self.store.term(id)? {
            Term::Literal(literal) => Some(literal.value().to_owned()),
            _ => None,
        })
    }

    /// A time as a record has it: nothing where it cannot be read.
    pub(super) fn day(
        &mut self,
        id: Option<TermId>,
        of: impl Fn(TimeSpan) -> Option<Day>,
    ) -> Result<Option<Day>, Stop> {
        let Some(id) = id else {
            return Ok(None);
        };
        let span = match self.spans.get(&id) {
            Some(span) => *span,
            None => {
                let span = self.literal(id)?.and_then(|text| text.parse().ok());
                self.spans.insert(id, span);
                span
            }
        };
        Ok(span.and_then(of))
    }

    fn number(&mut self, id: Option<TermId>) -> Result<Option<f64>, Stop> {
        let Some(id) = id else {
            return Ok(None);
        };
        self.store.write_key(id, &mut self.key)?;
        // Numbers of the board have the letter of their datatype in front.
        let text = self.key.strip_prefix(['i', 'd']).ok_or(Stop::NotPlain)?;
        text.parse().map(Some).map_err(|_| Stop::NotPlain)
    }

    fn unit(&mut self, id: TermId) -> Result<Unit, Stop> {
        if let Some(unit) = self.units.get(&id) {
            return Ok(*unit);
        }
        let unit = Unit::from_iri(self.iri_text(id)?).ok_or(Stop::NotPlain)?;
        self.units.insert(id, unit);
        Ok(unit)
    }
}

/// The values on the board.
pub(super) struct BoardValues<'a> {
    nodes: Property<'a>,
    measure: Property<'a>,
    lower: Property<'a>,
    upper: Property<'a>,
    unit: Property<'a>,
    approximate: Property<'a>,
    lower_exclusive: Property<'a>,
    upper_exclusive: Property<'a>,
    measures: Vec<(TermId, Measure)>,
}

impl<'a> BoardValues<'a> {
    pub(super) fn of(source: &Source<'a>) -> Result<Self, Stop> {
        let board = source.board;
        let mut measures = Vec::new();
        for measure in Measure::ALL {
            let mut name = measure.name().to_owned();
            name[..1].make_ascii_uppercase();
            let name = format!("{PM}{name}");
            let id = source.id(NamedNodeRef::new_unchecked(&name))?;
            measures.extend(id.map(|id| (id, measure)));
        }
        Ok(Self {
            nodes: source.inverse(board, pm::OF)?,
            measure: source.property(board, pm::MEASURE)?,
            lower: source.property(board, pm::LOWER)?,
            upper: source.property(board, pm::UPPER)?,
            unit: source.property(board, pm::UNIT)?,
            approximate: source.property(board, pm::APPROXIMATE)?,
            lower_exclusive: source.property(board, pm::LOWER_EXCLUSIVE)?,
            upper_exclusive: source.property(board, pm::UPPER_EXCLUSIVE)?,
            measures,
        })
    }

    /// Whether this is the node of a value.
    pub(super) fn is_value(&self, id: TermId) -> Result<bool, Stop> {
        Ok(self.measure.of(id)?.is_some())
    }

    /// The intervals of each measure of an edge, one for each unit, which hold all of its values.
    pub(super) fn hulls(
        &self,
        source: &mut Source<'a>,
        edge: TermId,
    ) -> Result<Vec<(Measure, Vec<Quantity>)>, Stop> {
        let nodes = self.nodes.all(edge);
        let mut values = Vec::with_capacity(nodes.len());
        for node in nodes {
            let measure = self.measure.of(*node)?;
            let measure = self.measures.iter().find(|(id, _)| Some(*id) == measure);
            let (_, measure) = measure.ok_or(Stop::NotPlain)?;
            let quantity = Quantity {
                lower: source.number(self.lower.of(*node)?)?,
                upper: source.number(self.upper.of(*node)?)?,
                unit: source.unit(self.unit.of(*node)?.ok_or(Stop::NotPlain)?)?,
                approximate: self.approximate.of(*node)?.is_some(),
                lower_exclusive: self.lower_exclusive.of(*node)?.is_some(),
                upper_exclusive: self.upper_exclusive.of(*node)?.is_some(),
            };
            // With several values the order counts, which is that of the numbers at the end of their names.
            let place = match nodes.len() {
                1 => 1,
                _ => {
                    let name = source.iri_text(*node)?;
                    let number = name.rsplit_once('-').map(|(_, number)| number.parse());
                    number.and_then(Result::ok).ok_or(Stop::NotPlain)?
                }
            };
            values.push((*measure, place, quantity));
        }
        values.sort_by_key(|(measure, place, _): &(Measure, u32, Quantity)| (*measure, *place));
        let by_measure = values.chunk_by(|left, right| left.0 == right.0);
        Ok(by_measure
            .map(|values| {
                let quantities = values.iter().map(|(_, _, quantity)| *quantity);
                (values[0].0, hulls(quantities))
            })
            .collect())
    }
}
