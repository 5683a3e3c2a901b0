//! The first line: which columns there are, and what separates them.

use crate::format::edge_list::line::{Cells, column};
use powermap_rdf::{FormatError, nearest};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    From,
    To,
    Family,
    Kind,
    Status,
    Since,
    Until,
    Amount,
    Lower,
    Upper,
    Unit,
}

pub(super) const ROLES: [(&str, Role); 11] = [
    ("from", Role::From),
    ("to", Role::To),
    ("family", Role::Family),
    ("kind", Role::Kind),
    ("status", Role::Status),
    ("since", Role::Since),
    ("until", Role::Until),
    ("amount", Role::Amount),
    ("lower", Role::Lower),
    ("upper", Role::Upper),
    ("unit", Role::Unit),
];

impl Role {
    pub(super) fn name(self) -> &'static str {
        ROLES
            .iter()
            .find(|(_, role)| *role == self)
            .map_or("", |(name, _)| name)
    }
}

/// The columns in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) separator: u8,
    pub(super) roles: Vec<Role>,
}

impl Header {
    /// Reads the first line, without its end.
    pub(super) fn read(line: &[u8], source_name: &str) -> Result<Self, FormatError> {
        let found = |separator: &u8| memchr::memchr(*separator, line).is_some();
        let separator = *b",\t;".iter().find(|s| found(s)).unwrap_or(&b',');
        let mut header = Self {
            separator,
            roles: Vec::new(),
        };
        for cell in Cells::new(line, separator) {
            let cell = cell.map_err(|(at, message)| {
                FormatError::syntax(source_name, message).at(1, column(line, at))
            })?;
            let text = String::from_utf8_lossy(cell.text);
            let wrong = |message: String| {
                FormatError::syntax(source_name, message).at(1, column(line, cell.start))
            };
            let name = text.trim();
            let Some((_, role)) = ROLES.iter().find(|(known, _)| *known == name) else {
                let names = ROLES.map(|(name, _)| name);
                let error = wrong(format!(
                    "the column '{name}' is not known: expected {}",
                    names.join(", ")
                ));
                return Err(match nearest(name, names).first() {
                    Some(near) => error.with_hint(format!("did you mean '{near}'?")),
                    None => error,
                });
            };
            if header.has(*role) {
                return Err(wrong(format!("the column '{name}' occurs twice")));
            }
            header.roles.push(*role);
        }
        header.check(source_name)?;
        Ok(header)
    }

    pub(super) fn check(&self, source_name: &str) -> Result<(), FormatError> {
        let wrong = |message: String| Err(FormatError::syntax(source_name, message).at(1, 1));
        for needed in [Role::From, Role::To] {
            if !self.has(needed) {
                return wrong(format!("the column '{}' is missing", needed.name()));
            }
        }
        if self.has(Role::Amount) && (self.has(Role::Lower) || self.has(Role::Upper)) {
            return wrong(
                "there are both 'amount' and 'lower' or 'upper': expected one".to_owned(),
            );
        }
        if self.has(Role::Unit) && !self.has_numbers() {
            return wrong("there is a unit and no 'amount', 'lower' or 'upper'".to_owned());
        }
        Ok(())
    }

    pub(super) fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    pub(super) fn has_numbers(&self) -> bool {
        [Role::Amount, Role::Lower, Role::Upper]
            .iter()
            .any(|role| self.has(*role))
    }
}
