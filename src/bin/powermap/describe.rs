//! Words for what stands in a map: names for people, ids for programs.

use crate::report::Value;
use crate::words::Message;
use indexmap::{IndexMap, IndexSet};
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap::catalogue::NamedQuery;
use powermap::model::vocabulary::{short_name, to_kebab};
use powermap::model::{
    Claim, Day, Edge, Lang, Quantity, Records, Resolution, Status, TimeSpan, short_id,
};
use powermap::{Map, View};

/// What a locator says where it is the whole document.
const WHOLE: &str = "page";

/// Finds words in one language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words<'a> {
    map: &'a Map,
    pub(crate) records: &'a Records,
    pub(crate) lang: Lang,
}

impl<'a> Words<'a> {
    /// Words for those things that some of the records are about.
    pub(crate) fn of(map: &'a Map, records: &'a Records, lang: Lang) -> Self {
        Self { map, records, lang }
    }

    /// The view that was asked for.
    pub(crate) fn view(self) -> View {
        self.map.view()
    }

    /// From where the map is looked at, in words; nothing where no day is known.
    pub(crate) fn view_text(self) -> String {
        let view = self.map.board().map_or(self.view(), |board| board.view);
        let day = |day: Option<Day>| day.map(|day| day.to_string());
        match (day(view.as_of), day(view.known_by)) {
            (Some(as_of), Some(known_by)) if as_of != known_by => {
                Message::ViewOfTwo.filled(self.lang, &[("as_of", &as_of), ("known_by", &known_by)])
            }
            (Some(day), _) | (None, Some(day)) => {
                Message::ViewOf.filled(self.lang, &[("as_of", &day)])
            }
            (None, None) => String::new(),
        }
    }

    /// The mark between the parts of a list.
    pub(crate) fn separator(self) -> &'static str {
        Message::Semicolon.text(self.lang)
    }

    fn comma(self) -> &'static str {
        Message::Comma.text(self.lang)
    }

    /// A text and what is added to it.
    fn with_remark(self, text: &str, remark: &str) -> String {
        Message::WithRemark.filled(self.lang, &[("text", text), ("remark", remark)])
    }

    /// What anything is called.
    pub(crate) fn name(self, id: &NamedNode) -> String {
        self.records.described(id, self.lang)
    }

    /// Anything that has an id.
    pub(crate) fn thing(self, id: &NamedNode) -> Value {
        Value::Words {
            people: self.name(id),
            data: short_name(id.as_str()).to_owned(),
        }
    }

    /// Several things that have ids.
    pub(crate) fn things(self, ids: &[NamedNode]) -> Value {
        let people: Vec<_> = ids.iter().map(|id| self.name(id)).collect();
        let data = ids.iter().map(|id| short_name(id.as_str()).to_owned());
        Value::List {
            people: people.join(self.separator()),
            data: data.collect(),
        }
    }

    /// Anything that may have an id.
    pub(crate) fn maybe(self, id: Option<&NamedNode>) -> Value {
        id.map_or_else(empty, |id| self.thing(id))
    }

    /// A kind, a metric, a status or any other term of a scheme.
    pub(crate) fn concept(self, id: &NamedNode) -> Value {
        Value::Words {
            people: self.records.label(id, self.lang).to_owned(),
            data: to_kebab(short_name(id.as_str())),
        }
    }

    /// An edge between players that are named beside it: its kind and its short id for people.
    fn edge_between(self, id: &NamedNode) -> String {
        let Some(edge) = self.records.edges.get(id) else {
            return self.name(id);
        };
        let kind = match &edge.kind {
            Some(kind) => self.records.label(kind, self.lang).to_owned(),
            None => self.class(&edge.family.iri()),
        };
        format!("{kind} {}", short_id(id))
    }

    /// Several edges between players that are named beside them.
    pub(crate) fn edges_between(self, ids: &[NamedNode]) -> Value {
        let people: Vec<_> = ids.iter().map(|id| self.edge_between(id)).collect();
        let data = ids.iter().map(|id| short_name(id.as_str()).to_owned());
        Value::List {
            people: people.join(self.separator()),
            data: data.collect(),
        }
    }

    /// The cells that begin the row of an edge: its short id, from whom to whom, family and kind.
    pub(crate) fn edge(self, id: &NamedNode, edge: &Edge) -> [Value; 5] {
        let kind = edge.kind.as_ref();
        [
            Value::Words {
                people: short_id(id).into_owned(),
                data: short_name(id.as_str()).to_owned(),
            },
            self.thing(&edge.from),
            self.thing(&edge.to),
            self.class_value(&edge.family.iri(), edge.family.name()),
            kind.map_or_else(empty, |kind| self.concept(kind)),
        ]
    }

    /// A term that is a class, such as a family of edges or a type of player.
    pub(crate) fn class_value(self, class: &NamedNode, name: &str) -> Value {
        Value::Words {
            people: self.class(class),
            data: name.to_owned(),
        }
    }

    /// The name of a class, which the ontology's graph holds.
    fn class(self, class: &NamedNode) -> String {
        self.map
            .class_label(class, self.lang)
            .unwrap_or_else(|| short_name(class.as_str()).to_owned())
    }

    /// A status, if there is one.
    pub(crate) fn status(self, status: Option<Status>) -> Value {
        status.map_or_else(empty, |status| self.concept(&status.iri()))
    }

    /// Claims: their sources for people, their ids for programs.
    pub(crate) fn claims(self, ids: &[NamedOrBlankNode]) -> Value {
        Value::List {
            people: self.places(
                ids,
                |claim| self.document(claim),
                self.separator(),
                self.comma(),
            ),
            data: ids.iter().map(claim_id).collect(),
        }
    }

    /// Where claims stand: documents, and the places in each.
    pub(crate) fn sources(self, ids: &[NamedOrBlankNode]) -> Value {
        let id = |claim: &'a Claim| {
            claim
                .document
                .as_ref()
                .map_or("", |id| short_name(id.as_str()))
        };
        let claims = ids.iter().filter_map(|id| self.records.claims.get(id));
        let places: IndexSet<String> = claims.map(|claim| self.source(claim)).collect();
        Value::Sources {
            places: places.into_iter().collect(),
            data: self.places(ids, id, ";", ", "),
            claims: ids.to_vec(),
        }
    }

    /// Each document once, with the places in it in the order of the claims.
    fn places(
        self,
        ids: &[NamedOrBlankNode],
        document: impl Fn(&'a Claim) -> &'a str,
        separator: &str,
        comma: &str,
    ) -> String {
        let mut sources: IndexMap<&str, Vec<&str>> = IndexMap::new();
        for claim in ids.iter().filter_map(|id| self.records.claims.get(id)) {
            let places = sources.entry(document(claim)).or_default();
            if let Some(place) = claim
                .locator
                .as_deref()
                .filter(|place| !places.contains(place))
            {
                places.push(place);
            }
        }
        let source = |(document, places): (&&str, &Vec<&str>)| {
            let parts: Vec<_> = std::iter::once(document).chain(places).copied().collect();
            parts.join(comma)
        };
        let sources: Vec<_> = sources.iter().map(source).collect();
        sources.join(separator)
    }

    fn document(self, claim: &Claim) -> &'a str {
        let records = self.records;
        let label = |id| records.label(id, self.lang);
        let missing = Message::NoDocument.text(self.lang);
        let document = claim.document.as_ref();
        // The claim is one of these records, whose lifetime the label has to have.
        document
            .and_then(|id| records.documents.get_key_value(id))
            .map_or(missing, |(id, _)| label(id))
    }

    /// Where a claim stands: document and place in it.
    pub(crate) fn source(self, claim: &Claim) -> String {
        let document = self.document(claim);
        match claim.locator.as_deref() {
            // The whole of a page says no more than its document.
            None | Some(WHOLE) => document.to_owned(),
            Some(locator) => format!("{document}{}{locator}", self.comma()),
        }
    }

    /// One claim in a few words: value, status and source for people, the id for programs.
    pub(crate) fn claim(self, id: &NamedOrBlankNode) -> Value {
        let people = self.records.claims.get(id).map(|claim| {
            let mut parts = Vec::new();
            parts.extend(claim.quantity.map(|quantity| quantity.display(self.lang)));
            let status = claim.status.map(|status| status.iri());
            parts.extend(status.map(|iri| self.records.label(&iri, self.lang).to_owned()));
            if parts.is_empty() {
                parts.extend(claim.text.get(self.lang).map(str::to_owned));
            }
            let (text, source) = (parts.join(self.comma()), self.source(claim));
            match text.is_empty() {
                true => source,
                false => self.with_remark(&text, &source),
            }
        });
        Value::Words {
            people: people.unwrap_or_else(|| claim_id(id)),
            data: claim_id(id),
        }
    }

    /// Several quantities in one cell: as people read them, or as `lower..upper unit`.
    pub(crate) fn quantities(self, quantities: impl IntoIterator<Item = Quantity>) -> Value {
        let (mut people, mut data) = (Vec::new(), Vec::new());
        for quantity in quantities {
            people.push(quantity.display(self.lang));
            data.push(exact(&quantity));
        }
        Value::Words {
            people: people.join(self.separator()),
            data: data.join(";"),
        }
    }
}

/// Nothing.
pub(crate) fn empty() -> Value {
    Value::Plain(powermap_rdf::table::Cell::Empty)
}

/// A time, as exactly as the source says.
pub(crate) fn time(time: Option<TimeSpan>) -> Value {
    Value::from(time.map(|time| time.to_string()))
}

/// The values that a resolution has.
pub(crate) fn values(resolution: Option<&Resolution>) -> Vec<Quantity> {
    resolution.map_or_else(Vec::new, |resolution| {
        resolution
            .values
            .iter()
            .map(|value| value.quantity)
            .collect()
    })
}

/// The id of a claim as programs read it.
pub(crate) fn claim_id(id: &NamedOrBlankNode) -> String {
    match id {
        NamedOrBlankNode::NamedNode(node) => short_name(node.as_str()).to_owned(),
        NamedOrBlankNode::BlankNode(node) => node.to_string(),
    }
}

/// Bounds and unit as `lower..upper unit`, without rounding; an open bound is left out.
fn exact(quantity: &Quantity) -> String {
    let bound = |bound: Option<f64>| bound.map_or_else(String::new, |bound| bound.to_string());
    format!(
        "{}..{} {}",
        bound(quantity.lower),
        bound(quantity.upper),
        quantity.unit.code()
    )
}

/// What a named query answers.
pub(crate) fn summary(entry: &NamedQuery, lang: Lang) -> &str {
    match lang {
        Lang::Zh if !entry.header.summary_zh.is_empty() => &entry.header.summary_zh,
        _ => &entry.header.summary,
    }
}
