//! Errors in a graph of shapes.

/// A shape that cannot be used as it stands: something in it is not SHACL Core, or not well-formed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("shape {shape}: {problem}: expected {expected}")]
pub struct ShapesError {
    /// The shape: its name, and for a shape without one the way to it from the shape around it.
    pub shape: String,
    /// The problem, with the property and the value.
    pub problem: String,
    /// The expected form.
    pub expected: String,
}
