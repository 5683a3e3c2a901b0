//! How much room there is for tables.

use crate::fitted::fitted;
use crate::options::Options;
use powermap_rdf::table::{Table, TableFormat};
use std::io::{self, IsTerminal};

/// The lines of the headings of a table.
const HEADING: usize = 2;
/// The most tables that share a screen; where there are more, one has to scroll.
const TABLES_MAX: usize = 3;
/// The fewest rows that a screenful shows of a table.
const ROWS_MIN: usize = 5;

/// The columns and lines that tables are fitted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Screen {
    /// The columns; `None` where tables are as wide as they are.
    pub(crate) columns: Option<usize>,
    /// The lines; `None` where all rows are printed.
    lines: Option<usize>,
}

impl Screen {
    /// Returns the room that the options give, or else the terminal that stdout is; there is no end to a file or a pipe.
    pub(crate) fn of(options: &Options) -> Self {
        let is_terminal = options.output.is_none() && io::stdout().is_terminal();
        let size = terminal_size::terminal_size().filter(|_| is_terminal);
        let columns = size.map(|(columns, _)| usize::from(columns.0));
        let lines = size.map(|(_, lines)| usize::from(lines.0));
        Self {
            columns: options.width.or(columns.filter(|_| !options.wide)),
            // Where nothing may be said, nothing says that rows are missing.
            lines: lines.filter(|_| !options.all && !options.quiet),
        }
    }

    /// Returns whether there is room for everything.
    pub(crate) fn is_endless(self) -> bool {
        self == Self::default()
    }

    /// Returns the most of a number of rows that there may be room for.
    pub(crate) fn rows_max(self, rows: usize) -> usize {
        self.lines_of(1).map_or(rows, |most| rows.min(most))
    }

    /// Returns as many of the first rows of a table as there is room for, as text, and how many these are; `first` makes the
    /// table of a number of rows, and the table is one of several that are printed one under the other.
    pub(crate) fn fit(
        self,
        rows: usize,
        tables: usize,
        mut first: impl FnMut(usize) -> Table,
    ) -> (String, usize) {
        let text = |table: &Table| match self.columns {
            Some(columns) => fitted(table, columns),
            None => table.to_text(TableFormat::Table),
        };
        let Some(most) = self.lines_of(tables) else {
            return (text(&first(rows)), rows);
        };
        let mut shown = rows.min(most);
        loop {
            let text = text(&first(shown));
            let lines = text.lines().count().saturating_sub(HEADING);
            if lines <= most || shown <= 1 {
                return (text, shown);
            }
            shown = (shown * most / lines).clamp(1, shown - 1);
        }
    }

    /// Returns the most lines of each of a number of tables.
    fn lines_of(self, tables: usize) -> Option<usize> {
        // Headings, and what stands below a table.
        let lines = self.lines?.saturating_sub(3 * HEADING);
        Some((lines / tables.clamp(1, TABLES_MAX)).max(ROWS_MIN))
    }
}
