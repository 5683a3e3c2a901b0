//! Checks data against shapes: all of SHACL Core, each constraint as one SPARQL query over all nodes at once.
//!
//! Reference: [Shapes Constraint Language](https://www.w3.org/TR/shacl/), sections 2 to 4.

mod algebra;
mod compile;
mod condition;
pub(crate) mod error;
mod finding;
mod graph;
mod lexical;
mod parameters;
mod parse;
mod path;
mod run;
mod sets;
mod sh;
mod shape;

pub use crate::sparql::shapes::error::ShapesError;
pub use crate::sparql::shapes::finding::{Severity, ValidationResult};

use crate::prefixes::Prefixes;
use crate::sparql::error::SparqlError;
use crate::sparql::shapes::graph::ShapesGraph;
use crate::sparql::shapes::run::Run;
use crate::sparql::shapes::shape::{Shape, ShapeId};
use oxigraph::model::{Quad, Term};
use spareval::QueryableDataset;

/// Shapes, read and compiled.
///
/// ```
/// use oxigraph::model::Dataset;
/// use powermap_rdf::{Format, rdf};
/// use powermap_rdf::Prefixes;
/// use powermap_rdf::Shapes;
///
/// let shapes = "
///     @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix a: <http://a.example/> .
///     a:PersonShape sh:targetClass a:Person ; sh:property [ sh:path a:name ; sh:minCount 1 ] .";
/// let data = "@prefix a: <http://a.example/> . a:sam a a:Person ; a:name \"Sam\" . a:lisa a a:Person .";
/// let quads = |text: &str| rdf::parse(text.as_bytes(), Format::Turtle, "example");
///
/// let shapes = Shapes::parse(quads(shapes)?, Prefixes::default())?;
/// let data: Dataset = quads(data)?.into_iter().collect();
/// let findings = shapes.validate(&data)?;
/// assert_eq!(findings.len(), 1);
/// assert_eq!(findings[0].focus.to_string(), "<http://a.example/lisa>");
/// assert_eq!(findings[0].path.as_deref(), Some("<http://a.example/name>"));
/// assert_eq!(findings[0].component_name(), "MinCount");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Shapes {
    shapes: Vec<Shape>,
    prefixes: Prefixes,
}

impl Shapes {
    /// Reads the shapes out of triples, whatever graph they stand in, and compiles their constraints; findings and
    /// errors write IRIs with the prefixes.
    ///
    /// # Errors
    /// The first shape that cannot be checked as it stands: it has a property of the SHACL namespace that SHACL Core
    /// does not define (`sh:sparql`, a misspelt name), a value that the property does not allow, or refers to itself.
    /// Nothing is left out silently.
    pub fn parse(
        quads: impl IntoIterator<Item = Quad>,
        prefixes: Prefixes,
    ) -> Result<Self, ShapesError> {
        let graph = ShapesGraph::new(quads.into_iter(), prefixes);
        Ok(Self {
            shapes: parse::parse(&graph)?,
            prefixes: graph.prefixes,
        })
    }

    /// Returns how many shapes there are, those inside others included.
    pub fn len(&self) -> usize {
        self.shapes.len()
    }

    /// Returns whether there is no shape at all.
    pub fn is_empty(&self) -> bool {
        self.shapes.is_empty()
    }

    /// Returns where the data do not keep to the shapes.
    ///
    /// Looks at the default graph of the dataset; classes count with their subclasses as far as that graph says
    /// `rdfs:subClassOf`. The findings are sorted by focus, path, component and value, and are the same for the same
    /// data and shapes. Equal findings count once, where the standard repeats some of them: for each pair of values
    /// that `sh:lessThan` compares, each language that occurs twice, each way that leads to an inner shape.
    ///
    /// Time O(c · n) for c constraints and n focus nodes with few values each; a path with `*` or `+` costs what it
    /// visits.
    ///
    /// # Errors
    /// Errors of the dataset.
    pub fn validate<'a>(
        &self,
        dataset: impl QueryableDataset<'a>,
    ) -> Result<Vec<ValidationResult>, SparqlError> {
        let mut findings = Run::new(&self.shapes, &self.prefixes, dataset).validate()?;
        findings.sort_by_cached_key(|(shape, finding)| sort_key(*shape, finding));
        let mut findings: Vec<_> = findings.into_iter().map(|(_, finding)| finding).collect();
        findings.dedup();
        Ok(findings)
    }
}

/// Returns what findings are sorted by.
fn sort_key(shape: ShapeId, finding: &ValidationResult) -> impl Ord + use<> {
    (
        finding.focus.to_string(),
        finding.path.clone(),
        finding.component.as_str().to_owned(),
        finding.value.as_ref().map(Term::to_string),
        shape,
    )
}
