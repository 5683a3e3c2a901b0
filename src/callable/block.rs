//! Reading the pattern of a block: what belongs to the call, what gives values, what is a pattern of its own.

use crate::callable::error::CallError;
use crate::callable::signature::Signature;
use crate::model::vocabulary::{CALL, compact};
use oxigraph::model::Variable;
use powermap_rdf::algebra::{in_scope_variables, read_variables, visit};
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::collections::BTreeSet;

/// What stands in a block.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// The triples of the call node: the name after `call:`, and the object.
    pub(crate) properties: Vec<(String, TermPattern)>,
    /// Patterns that read no triples: `VALUES`, and `BIND` to them.
    pub(crate) tables: Vec<GraphPattern>,
    /// All other patterns.
    pub(crate) patterns: Vec<GraphPattern>,
    /// `FILTER` and `BIND` over the whole block, the innermost first.
    pub(crate) layers: Vec<Layer>,
    node: Option<TermPattern>,
}

/// Something over rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Layer {
    /// `FILTER`.
    Filter(Expression),
    /// `BIND`.
    Bind(Variable, Expression),
    /// `OPTIONAL`.
    Optional(GraphPattern, Option<Expression>),
    /// `MINUS`.
    Minus(GraphPattern),
}

impl Layer {
    /// Puts it over a pattern.
    pub(crate) fn over(self, inner: GraphPattern) -> GraphPattern {
        let inner = Box::new(inner);
        match self {
            Self::Filter(expr) => GraphPattern::Filter { expr, inner },
            Self::Bind(variable, expression) => GraphPattern::Extend {
                inner,
                variable,
                expression,
            },
            Self::Optional(right, expression) => GraphPattern::LeftJoin {
                left: inner,
                right: Box::new(right),
                expression,
            },
            Self::Minus(right) => GraphPattern::Minus {
                left: inner,
                right: Box::new(right),
            },
        }
    }

    /// Returns the variables that it reads.
    pub(crate) fn variables(&self) -> BTreeSet<Variable> {
        let (pattern, expression) = match self {
            Self::Filter(expression) | Self::Bind(_, expression) => (None, Some(expression)),
            Self::Optional(pattern, expression) => (Some(pattern), expression.as_ref()),
            Self::Minus(pattern) => (Some(pattern), None),
        };
        let read = expression.map(read_variables).unwrap_or_default();
        let read = read.into_iter().map(Variable::new_unchecked);
        read.chain(pattern.into_iter().flat_map(in_scope_variables))
            .collect()
    }

    /// Fails if it is a pattern, which only the pattern of a block can be put together with.
    pub(crate) fn check_over_rows(&self) -> Result<(), CallError> {
        let what = match self {
            Self::Filter(_) | Self::Bind(..) => return Ok(()),
            Self::Optional(..) => "an OPTIONAL over the rows",
            Self::Minus(_) => "a MINUS over the rows",
        };
        Err(not_allowed(
            what,
            "put it outside of the SERVICE block, in the same group",
        ))
    }
}

impl Block {
    /// Reads the pattern of a block.
    ///
    /// # Errors
    /// [`CallError::NotAllowed`], where the call stands in something that it cannot stand in.
    pub(crate) fn read(pattern: &GraphPattern, signature: &Signature) -> Result<Self, CallError> {
        let mut block = Self::default();
        block.add(pattern, true)?;
        block.check_node(signature)?;
        if block.properties.is_empty() {
            return Err(not_allowed(
                "a block without parameters and columns",
                "write them as triples of one node: [] call:from ?from ; call:to ?to",
            ));
        }
        Ok(block)
    }

    fn add(&mut self, pattern: &GraphPattern, is_top: bool) -> Result<(), CallError> {
        if !mentions_call(pattern) {
            self.add_part(pattern);
            return Ok(());
        }
        let what = match pattern {
            GraphPattern::Bgp { patterns } => return self.add_triples(patterns),
            GraphPattern::Join { left, right } => {
                self.add(left, false)?;
                return self.add(right, false);
            }
            GraphPattern::Filter { expr, inner } if is_top => {
                self.add(inner, true)?;
                self.layers.push(Layer::Filter(expr.clone()));
                return Ok(());
            }
            GraphPattern::Extend {
                inner,
                variable,
                expression,
            } if is_top => {
                self.add(inner, true)?;
                let bind = Layer::Bind(variable.clone(), expression.clone());
                self.layers.push(bind);
                return Ok(());
            }
            GraphPattern::LeftJoin {
                left,
                right,
                expression,
            } if is_top && !mentions_call(right) => {
                self.add(left, true)?;
                let optional = Layer::Optional((**right).clone(), expression.clone());
                self.layers.push(optional);
                return Ok(());
            }
            GraphPattern::Minus { left, right } if is_top && !mentions_call(right) => {
                self.add(left, true)?;
                self.layers.push(Layer::Minus((**right).clone()));
                return Ok(());
            }
            GraphPattern::Filter { .. } => "a group with a FILTER around the call",
            GraphPattern::Extend { .. } => "a BIND between the triples of the call",
            GraphPattern::Path { .. } => "a property path of the call",
            GraphPattern::Union { .. } => "a UNION around the call",
            GraphPattern::LeftJoin { .. } => "an OPTIONAL around the call",
            GraphPattern::Minus { .. } => "a MINUS around the call",
            GraphPattern::Graph { .. } => "a GRAPH around the call",
            GraphPattern::Service { .. } => "a SERVICE around the call",
            _ => "a sub-select around the call",
        };
        Err(not_allowed(
            what,
            "a parameter that is not wanted is left out, and the variable of an empty cell stays unbound; put the \
             rest around the SERVICE block",
        ))
    }

    fn add_part(&mut self, pattern: &GraphPattern) {
        match pattern {
            GraphPattern::Bgp { patterns } if patterns.is_empty() => {}
            GraphPattern::Join { left, right } => {
                self.add_part(left);
                self.add_part(right);
            }
            pattern if reads_triples(pattern) => self.patterns.push(pattern.clone()),
            pattern => self.tables.push(pattern.clone()),
        }
    }

    fn add_triples(&mut self, triples: &[TriplePattern]) -> Result<(), CallError> {
        let mut others = Vec::new();
        for triple in triples {
            let Some(name) = call_name(&triple.predicate) else {
                others.push(triple.clone());
                continue;
            };
            if *self.node.get_or_insert_with(|| triple.subject.clone()) != triple.subject {
                return Err(not_allowed(
                    &format!("call:{name} of a second node"),
                    "all parameters and columns are triples of one node; each call has a SERVICE block of its own",
                ));
            }
            if let TermPattern::Literal(_) | TermPattern::NamedNode(_) = triple.subject {
                return Err(not_allowed(
                    &format!("call:{name} of {}", triple.subject),
                    "parameters and columns are triples of a blank node: [] call:from ?from",
                ));
            }
            self.properties
                .push((name.to_owned(), triple.object.clone()));
        }
        if !others.is_empty() {
            self.patterns.push(GraphPattern::Bgp { patterns: others });
        }
        Ok(())
    }

    /// Fails if another pattern uses the call node, which stands for the call alone.
    fn check_node(&self, signature: &Signature) -> Result<(), CallError> {
        let mut found = None;
        for pattern in &self.patterns {
            visit(&mut pattern.clone(), &mut |pattern| {
                if let GraphPattern::Bgp { patterns } = pattern {
                    let mut all = patterns.iter();
                    let about = all.find(|t| Some(&t.subject) == self.node.as_ref());
                    found = found.take().or(about.map(|t| t.predicate.clone()));
                }
            });
        }
        match found {
            None => Ok(()),
            Some(NamedNodePattern::NamedNode(property)) => Err(CallError::ForeignProperty {
                property: compact(property.as_str()),
                parameters: signature.parameter_names(),
                columns: signature.column_names(),
            }),
            Some(variable) => Err(not_allowed(
                &format!("the variable {variable} as a property of the call node"),
                "name the parameter or the column",
            )),
        }
    }

    /// Returns the variables to which the block itself gives values.
    pub(crate) fn table_variables(&self) -> BTreeSet<Variable> {
        self.tables.iter().flat_map(in_scope_variables).collect()
    }
}

pub(crate) fn not_allowed(what: &str, hint: &str) -> CallError {
    CallError::NotAllowed {
        what: what.to_owned(),
        hint: hint.to_owned(),
    }
}

fn call_name(predicate: &NamedNodePattern) -> Option<&str> {
    match predicate {
        NamedNodePattern::NamedNode(iri) => iri.as_str().strip_prefix(CALL),
        NamedNodePattern::Variable(_) => None,
    }
}

/// Returns whether a pattern, or one in it, has a property of the call.
fn mentions_call(pattern: &GraphPattern) -> bool {
    let mut found = false;
    visit(&mut pattern.clone(), &mut |pattern| match pattern {
        GraphPattern::Bgp { patterns } => {
            found |= patterns.iter().any(|t| call_name(&t.predicate).is_some());
        }
        GraphPattern::Path { path, .. } => found |= path.to_string().contains(CALL),
        _ => {}
    });
    found
}

fn reads_triples(pattern: &GraphPattern) -> bool {
    let mut found = false;
    visit(&mut pattern.clone(), &mut |pattern| match pattern {
        GraphPattern::Bgp { patterns } => found |= !patterns.is_empty(),
        GraphPattern::Path { .. } | GraphPattern::Graph { .. } | GraphPattern::Service { .. } => {
            found = true;
        }
        _ => {}
    });
    found
}
