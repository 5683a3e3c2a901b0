//! What can be done only when all rows are read: ids, claims that a row implies, and what is referred to but missing.

use crate::format::csv::Table;
use crate::format::csv::ids::{FreeIds, own, slug, slug_of};
use crate::format::csv::print;
use crate::format::csv::reader::Reader;
use crate::format::csv::rows::{ClaimRow, Claimed};
use crate::format::csv::sheet::{Fault, Spot};
use crate::model::lang::Labels;
use crate::model::record::{Claim, Document, Edge, Observation, Records};
use crate::model::vocabulary::{PM, to_kebab};
use oxigraph::model::NamedNode;
use rustc_hash::{FxHashMap, FxHashSet};

/// A claim in a row of edges or observations.
pub(super) struct Said {
    spot: Spot,
    claim: Claim,
    is_said: bool,
}

impl Reader<'_> {
    /// Turns the rows into records.
    pub(super) fn complete(&mut self) {
        let identifiers = self.number_identifiers();
        let identities = self.number_identities();
        let edges = self.number_edges();
        let observations = self.number_observations();
        let claims = std::mem::take(&mut self.claims);
        let mut claimed: FxHashSet<NamedNode> = self
            .known
            .claims
            .values()
            .chain(claims.iter().map(|row| &row.claim))
            .map(|claim| claim.about.clone())
            .collect();
        let all = edges.iter().chain(&observations).chain(&identities);
        let said = all.filter(|row| row.is_said);
        claimed.extend(said.map(|row| row.claim.about.clone()));
        // Explicit ids first, so that none of them is given out to a row without one.
        let (with_id, without): (Vec<_>, Vec<_>) = claims.into_iter().partition(|c| c.id.is_some());
        for row in with_id.into_iter().chain(without) {
            self.claim(row);
        }
        for row in edges {
            if row.is_said || claimed.insert(row.claim.about.clone()) {
                self.own_claim(row);
            }
        }
        for row in identifiers.into_iter().chain(identities) {
            if row.is_said {
                self.own_claim(row);
            } else if self.records.identities.contains_key(&row.claim.about)
                && !claimed.contains(&row.claim.about)
            {
                self.records.identities.shift_remove(&row.claim.about);
                let fault = Fault::new("nothing says so: the cell 'same' is empty");
                let hint = "write yes or no, or add a row about the identity to claims.csv";
                self.reject(row.spot, fault.with_hint(hint));
            }
        }
        for Said {
            spot,
            claim,
            is_said,
        } in observations
        {
            if is_said {
                self.claim(ClaimRow {
                    spot,
                    id: None,
                    claim,
                });
            } else if !claimed.contains(&claim.about) {
                self.records.observations.shift_remove(&claim.about);
                let fault = Fault::new("nothing says so: the cell 'document' is empty");
                let hint = "fill it in, or add a row about the observation to claims.csv";
                self.reject(spot, fault.with_hint(hint));
            }
        }
    }

    /// Gives every edge an id, and returns the claims about them.
    ///
    /// A row without an id whose players, kind, deal and start are those of another edge is a further claim on that edge:
    /// one stake that two reports tell of is no two stakes.
    fn number_edges(&mut self) -> Vec<Said> {
        let mut ids = FreeIds::default();
        let mut seen = FxHashMap::default();
        let rows = std::mem::take(&mut self.edges);
        rows.iter()
            .filter_map(|row| row.id.clone())
            .for_each(|id| ids.take(id));
        let mut same: FxHashMap<String, FxHashSet<NamedNode>> = FxHashMap::default();
        for row in &rows {
            if let Some(id) = &row.id {
                let edges = same.entry(identity(&row.thing, self.known)).or_default();
                edges.insert(id.clone());
            }
        }
        let mut said = Vec::with_capacity(rows.len());
        for row in rows {
            if self.is_repeated(&mut seen, &row, print::edge(&row.thing)) {
                continue;
            }
            let id = row.id.clone().unwrap_or_else(|| {
                let edges = same.entry(identity(&row.thing, self.known)).or_default();
                // Among several edges with ids of their own, the row cannot say which it means.
                let only = edges.iter().next().filter(|_| edges.len() == 1);
                let is_same = |id: &&NamedNode| {
                    let present = self.records.edges.get(*id);
                    present.is_none_or(|edge| {
                        merge_edges(&mut edge.clone(), &row.thing, self.known).is_ok()
                    })
                };
                only.filter(is_same).cloned().unwrap_or_else(|| {
                    let id = ids.free(&edge_name(&row.thing));
                    edges.insert(id.clone());
                    id
                })
            });
            match self.records.edges.get_mut(&id) {
                None => {
                    self.records.edges.insert(id.clone(), row.thing.clone());
                }
                Some(present) => {
                    if let Err(column) = merge_edges(present, &row.thing, self.known) {
                        self.disagree(row.spot, &id, column);
                        continue;
                    }
                }
            }
            said.push(about(row, id));
        }
        said
    }

    /// Gives every observation an id, and returns the claims about them.
    fn number_observations(&mut self) -> Vec<Said> {
        let mut seen = FxHashMap::default();
        let rows = std::mem::take(&mut self.observations);
        let mut said = Vec::with_capacity(rows.len());
        for row in rows {
            if self.is_repeated(&mut seen, &row, print::observation(&row.thing)) {
                continue;
            }
            let id = row
                .id
                .clone()
                .unwrap_or_else(|| own(&observation_name(&row.thing)));
            match self.records.observations.get_mut(&id) {
                None => {
                    self.records
                        .observations
                        .insert(id.clone(), row.thing.clone());
                }
                Some(present) => {
                    if let Err(column) = merge_observations(present, &row.thing) {
                        self.disagree(row.spot, &id, column);
                        continue;
                    }
                }
            }
            said.push(about(row, id));
        }
        said
    }

    /// Whether a row says word for word what an earlier one says.
    pub(super) fn is_repeated<T>(
        &mut self,
        seen: &mut FxHashMap<String, Spot>,
        row: &Claimed<T>,
        thing: print::Cells,
    ) -> bool {
        let id = row.id.as_ref().map_or("", |id| id.as_str());
        let key = format!("{id}\n{}\n{}", thing.key(), print::claim(&row.claim).key());
        let first = *seen.entry(key).or_insert(row.spot);
        if first != row.spot {
            self.reject_repeated(row.spot, first);
        }
        first != row.spot
    }

    pub(super) fn disagree(&mut self, spot: Spot, id: &NamedNode, column: &str) {
        let fault = Fault::new(format!(
            "an earlier row with the id '{}' has something else in the column '{column}'",
            print::id_or_iri(id)
        ));
        self.reject(spot, fault.with_hint("give the two rows different ids"));
    }

    /// Files a claim; one without an id gets it from its content.
    fn claim(&mut self, row: ClaimRow) {
        let ClaimRow { spot, id, claim } = row;
        let is_given = id.is_some();
        let id = id.unwrap_or_else(|| print::claim_id(&claim));
        if self.is_first(Table::Claims, &id, spot, is_given) {
            self.records.claims.insert(id.into(), claim);
        }
    }

    /// Files the claim of an edge, an identifier or an identity: that of its document, or else of the table itself.
    fn own_claim(&mut self, row: Said) {
        let Said {
            spot, mut claim, ..
        } = row;
        if claim.document.is_none() {
            let name = self.name(spot).to_owned();
            let id = own(&format!("doc-{}", slug(&name)));
            claim.locator = Some(format!("line {}", spot.line));
            claim.asserted_by = claim.asserted_by.or_else(|| Some(id.clone()));
            claim.document = Some(id.clone());
            let title = Some(name);
            if !self.known.documents.contains_key(&id) {
                self.records
                    .documents
                    .entry(id)
                    .or_insert_with(|| Document {
                        title,
                        ..Document::default()
                    });
            }
        }
        self.claim(ClaimRow {
            spot,
            id: None,
            claim,
        });
    }
}

pub(super) fn about<T>(row: Claimed<T>, id: NamedNode) -> Said {
    Said {
        spot: row.spot,
        claim: Claim {
            about: id,
            ..row.claim
        },
        is_said: row.is_said,
    }
}

/// What makes two rows tell of one edge: its players, family, kind, deal and start.
pub(super) fn identity(edge: &Edge, known: &Records) -> String {
    let [from, to] = match known.is_mutual(edge) && edge.to < edge.from {
        true => [&edge.to, &edge.from],
        false => [&edge.from, &edge.to],
    };
    let identity = Edge {
        from: from.clone(),
        to: to.clone(),
        until: None,
        part_of_total: None,
        components: Vec::new(),
        labels: Labels::default(),
        ..edge.clone()
    };
    print::edge(&identity).key()
}

/// `nvidia-openai-equity-2025-09-22`.
fn edge_name(edge: &Edge) -> String {
    let what = match &edge.kind {
        Some(kind) => concept_slug(kind),
        None => edge.family.name().to_owned(),
    };
    let mut name = format!("{}-{}-{what}", slug_of(&edge.from), slug_of(&edge.to));
    if let Some(since) = edge.since {
        name = format!("{name}-{}", slug(&since.to_string()));
    }
    name
}

/// `openai-revenue-2025`.
fn observation_name(observation: &Observation) -> String {
    let metric = concept_slug(&observation.metric);
    let mut name = format!("{}-{metric}", slug_of(&observation.subject));
    if let Some(period) = observation.period {
        name = format!("{name}-{}", slug(&period.to_string()));
    }
    name
}

fn concept_slug(concept: &NamedNode) -> String {
    match concept.as_str().strip_prefix(PM) {
        Some(local) => slug(&to_kebab(local)),
        None => slug_of(concept),
    }
}

/// Fills what an earlier row left open.
///
/// # Errors
/// The column in which the two disagree.
fn merge_edges(present: &mut Edge, other: &Edge, known: &Records) -> Result<(), &'static str> {
    let mut merged = present.clone();
    let is_turned = (&present.from, &present.to) == (&other.to, &other.from);
    if !(is_turned && known.is_mutual(present)) {
        same(present.from == other.from, "from")?;
        same(present.to == other.to, "to")?;
    }
    same(present.family == other.family, "family")?;
    fill(&mut merged.kind, &other.kind, "kind")?;
    fill(&mut merged.deal, &other.deal, "deal")?;
    fill(&mut merged.since, &other.since, "since")?;
    fill(&mut merged.until, &other.until, "until")?;
    fill(
        &mut merged.part_of_total,
        &other.part_of_total,
        "part_of_total",
    )?;
    if merged.components.is_empty() {
        merged.components = other.components.clone();
    }
    same(
        other.components.is_empty() || merged.components == other.components,
        "components",
    )?;
    if merged.labels.is_empty() {
        merged.labels = other.labels.clone();
    }
    same(
        other.labels.is_empty() || merged.labels == other.labels,
        "label_en",
    )?;
    *present = merged;
    Ok(())
}

/// As [`merge_edges`].
fn merge_observations(present: &mut Observation, other: &Observation) -> Result<(), &'static str> {
    let mut merged = present.clone();
    same(present.subject == other.subject, "subject")?;
    same(present.metric == other.metric, "metric")?;
    fill(&mut merged.period, &other.period, "period")?;
    fill(&mut merged.deal, &other.deal, "deal")?;
    fill(
        &mut merged.part_of_total,
        &other.part_of_total,
        "part_of_total",
    )?;
    if merged.labels.is_empty() {
        merged.labels = other.labels.clone();
    }
    same(
        other.labels.is_empty() || merged.labels == other.labels,
        "label_en",
    )?;
    *present = merged;
    Ok(())
}

fn same(is_same: bool, column: &'static str) -> Result<(), &'static str> {
    if is_same { Ok(()) } else { Err(column) }
}

fn fill<T: Clone + PartialEq>(
    present: &mut Option<T>,
    other: &Option<T>,
    column: &'static str,
) -> Result<(), &'static str> {
    if present.is_none() {
        present.clone_from(other);
    }
    same(other.is_none() || present == other, column)
}
