//! Which two columns of a foreign table are the ends of edges.

use crate::format::csv::Table;
use crate::format::mapping::columns::Sheet;
use crate::format::mapping::roles::Certainty;
use crate::model::name_key::folded;

/// The two ends of edges: their columns, the family, and the kind that their headings tell.
pub(super) struct Ends {
    pub(super) family: &'static str,
    pub(super) from: (usize, Certainty),
    pub(super) to: (usize, Certainty),
    pub(super) kind: &'static str,
}

/// Finds the ends of edges by the headings of their columns.
pub(super) fn ends(sheet: &Sheet<'_>) -> Option<Ends> {
    let own = |name: &str| {
        let mut all = 0..sheet.headings.len();
        all.find(|at| {
            sheet.own(*at, Table::Edges) == Some(if name == "from" { "from" } else { "to" })
                && folded(&sheet.headings[*at].name) == name
        })
    };
    if let (Some(from), Some(to)) = (own("from"), own("to")) {
        let (from, to) = ((from, Certainty::Sure), (to, Certainty::Sure));
        return Some(Ends {
            family: "",
            from,
            to,
            kind: "-",
        });
    }
    let (buyers, sellers, companies) = (
        of(sheet, "buyer"),
        of(sheet, "seller"),
        of(sheet, "company"),
    );
    let mut best: Option<(u8, Ends)> = None;
    for (family, from, to) in [
        ("investment", "from.investment", "to.investment"),
        ("supply", "from.supply", "to.supply"),
        ("influence", "from.influence", "to.influence"),
    ] {
        let (mut from, mut to) = (of(sheet, from), of(sheet, to));
        match family {
            "investment" => from.extend(
                buyers
                    .iter()
                    .map(|(at, ours, _, certainty)| (*at, *ours, "acquisition", *certainty)),
            ),
            "supply" => {
                to.extend(buyers.iter().map(lesser));
                from.extend(sellers.iter().map(lesser));
            }
            _ => {}
        }
        // A company is the end that nothing else is.
        if to.is_empty() || to.iter().all(|one| one.3 == Certainty::Guess) {
            to.extend(companies.iter().map(lesser));
        } else if from.is_empty() && family == "supply" {
            from.extend(companies.iter().map(lesser));
        }
        // "Director of" is whom the one beside it with a name directs.
        if let [(at, _, kind, Certainty::Sure)] = to.as_slice()
            && *kind != "-"
            && from.iter().all(|one| one.0 == *at)
        {
            from.extend(of(sheet, "named").iter().map(lesser));
        }
        if let Some((one, other)) = pair(&from, &to) {
            let score = one.3 as u8 + other.3 as u8;
            if best.as_ref().is_none_or(|(known, _)| score > *known) {
                // What the heading of the target says is more than what that of an investor does.
                let kind = match (one.2, other.2) {
                    (_, kind) if kind != "-" => kind,
                    (kind, _) => kind,
                };
                let (from, to) = ((one.0, one.3), (other.0, other.3));
                best = Some((
                    score,
                    Ends {
                        family,
                        from,
                        to,
                        kind,
                    },
                ));
            }
        }
    }
    best.map(|(_, ends)| ends)
}

/// A column that may be an end of edges: its place, our column, what goes with its heading, and how sure that is.
type End = (usize, &'static str, &'static str, Certainty);

/// Returns the columns that a sort of words is for, without those of times.
fn of(sheet: &Sheet<'_>, words: &'static str) -> Vec<End> {
    let mut found = sheet.candidates(words);
    found.retain(|one| !sheet.fits(one.0, "since"));
    found
}

/// Returns a column as one that is likely at most.
fn lesser((position, ours, kind, certainty): &End) -> End {
    (*position, *ours, *kind, (*certainty).min(Certainty::Likely))
}

/// Returns the surest two columns of which one is each end.
fn pair<'e>(from: &'e [End], to: &'e [End]) -> Option<(&'e End, &'e End)> {
    let pairs = from
        .iter()
        .flat_map(|one| to.iter().map(move |other| (one, other)));
    let pairs = pairs.filter(|(one, other)| one.0 != other.0);
    pairs.max_by_key(|(one, other)| {
        let places = usize::MAX - one.0 - other.0;
        (one.3 as u8 + other.3 as u8, places)
    })
}
