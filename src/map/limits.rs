//! What one call may take.

use std::time::Duration;

/// Limits on the time, the memory and the rows of each query and each analysis of a map. None unless set.
///
/// ```
/// use powermap::{Limits, Map};
/// use std::time::Duration;
///
/// let limits = Limits::new()
///     .with_time(Duration::from_secs(5))
///     .with_memory(512 << 20);
/// let map = Map::built_in()?.with_limits(limits);
/// assert_eq!(map.limits().memory(), Some(512 << 20));
/// # Ok::<(), powermap::MapError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    time: Option<Duration>,
    memory: Option<usize>,
    rows: Option<usize>,
}

impl Limits {
    /// Returns no limits.
    pub fn new() -> Self {
        Self::default()
    }

    /// Limits the time of each query and each analysis.
    #[must_use]
    pub fn with_time(self, time: Duration) -> Self {
        let time = Some(time);
        Self { time, ..self }
    }

    /// Limits the bytes that each query holds.
    #[must_use]
    pub fn with_memory(self, bytes: usize) -> Self {
        let memory = Some(bytes);
        Self { memory, ..self }
    }

    /// Limits the rows of each query's result; a result that has more says that it was cut.
    #[must_use]
    pub fn with_rows(self, rows: usize) -> Self {
        let rows = Some(rows);
        Self { rows, ..self }
    }

    /// Returns the limit on time.
    pub fn time(&self) -> Option<Duration> {
        self.time
    }

    /// Returns the limit on memory, in bytes.
    pub fn memory(&self) -> Option<usize> {
        self.memory
    }

    /// Returns the limit on the rows of a result.
    pub fn rows(&self) -> Option<usize> {
        self.rows
    }
}
