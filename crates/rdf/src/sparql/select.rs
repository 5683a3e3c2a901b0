//! `SELECT` clauses: what the parser, spargebra, reads otherwise than the standard.
//!
//! By SPARQL 1.1 §16.1.2 and §11.4, an expression of a `SELECT` clause may use the variables that expressions before it
//! assign, with aggregates too: `SELECT (SUM(?x) AS ?t) (COUNT(?x) AS ?n) (?t / ?n AS ?mean)`. The parser refuses a bare
//! variable there, and accepts `COALESCE(?t)`, which is the same value; so that is what it is given. And `SELECT *` has
//! its columns in the order in which they first appear, where the parser sorts them by name.

use crate::sparql::algebra::{operands, visit};
use crate::sparql::tokens::{Token, TokenKind, tokens};
use oxigraph::model::Variable;
use rustc_hash::FxHashMap;
use spargebra::Query;
use spargebra::algebra::{Expression, GraphPattern};
use std::collections::BTreeSet;

/// Returns a text in which `SELECT` clauses use the variables that they assigned before in a way that the parser
/// accepts; `None` where none does so.
pub(crate) fn with_aliases(text: &str) -> Option<String> {
    let tokens: Vec<Token<'_>> = tokens(text).collect();
    let mut uses = BTreeSet::new();
    let is_select = |token: &Token<'_>| is_word(token, "SELECT");
    for (place, _) in tokens.iter().enumerate().filter(|(_, t)| is_select(t)) {
        add_uses(&tokens[place + 1..], place + 1, &mut uses);
    }
    if uses.is_empty() {
        return None;
    }
    let (mut written, mut end) = (String::new(), 0);
    for place in uses {
        let Token {
            text: name, start, ..
        } = tokens[place];
        written.push_str(&text[end..start]);
        written.push_str("COALESCE(");
        written.push_str(name);
        written.push(')');
        end = start + name.len();
    }
    written.push_str(&text[end..]);
    Some(written)
}

/// Adds the places of the variables in the expressions of a clause that expressions before them assign. `first` is the
/// place of the first of the tokens.
fn add_uses(clause: &[Token<'_>], first: usize, uses: &mut BTreeSet<usize>) {
    let mut assigned: BTreeSet<&str> = BTreeSet::new();
    let (mut round, mut curly) = (0usize, 0usize);
    for (at, token) in clause.iter().enumerate() {
        let before = |back: usize| at.checked_sub(back).map(|at| &clause[at]);
        match (token.kind, token.text) {
            (TokenKind::Symbol, "(") => round += 1,
            (TokenKind::Symbol, ")") => match round.checked_sub(1) {
                Some(left) => round = left,
                None => return,
            },
            (TokenKind::Symbol, "{") if round > 0 => curly += 1,
            (TokenKind::Symbol, "}") if curly > 0 => curly -= 1,
            (TokenKind::Variable, name) if round > 0 && curly == 0 => {
                let is_named = round == 1 && before(1).is_some_and(|token| is_word(token, "AS"));
                if is_named {
                    assigned.insert(&name[1..]);
                } else if assigned.contains(&name[1..])
                    && !before(2).is_some_and(|token| is_word(token, "BOUND"))
                {
                    uses.insert(first + at);
                }
            }
            (TokenKind::Variable, _) => {}
            (TokenKind::Word, _) if round == 0 => {
                let goes_on = ["DISTINCT", "REDUCED"]
                    .iter()
                    .any(|word| is_word(token, word));
                if !goes_on {
                    return;
                }
            }
            _ if round == 0 => return,
            _ => {}
        }
    }
}

fn is_word(token: &Token<'_>, word: &str) -> bool {
    token.kind == TokenKind::Word && token.text.eq_ignore_ascii_case(word)
}

/// Takes away each `COALESCE` of one variable: the variable is the same.
pub(crate) fn without_coalesce(query: &mut Query) {
    let (Query::Select { pattern, .. }
    | Query::Construct { pattern, .. }
    | Query::Describe { pattern, .. }
    | Query::Ask { pattern, .. }) = query;
    visit(pattern, &mut |pattern| {
        if let GraphPattern::Extend { expression, .. } = pattern {
            simplify(expression);
        }
    });
}

fn simplify(expression: &mut Expression) {
    if let Expression::Coalesce(list) = expression
        && let [Expression::Variable(_)] = list[..]
    {
        let only = list.remove(0);
        *expression = only;
        return;
    }
    for operand in operands(expression) {
        simplify(operand);
    }
}

/// Puts the columns of `SELECT *` into the order in which they first appear in the text of the query.
pub(crate) fn order_columns(query: &mut Query, text: &str) {
    let Query::Select { pattern, .. } = query else {
        return;
    };
    let Some(columns) = columns_mut(pattern) else {
        return;
    };
    let mut tokens = tokens(text)
        .skip_while(|token| !is_word(token, "SELECT"))
        .skip(1);
    let star = tokens.find(|token| token.kind != TokenKind::Word);
    if star.is_none_or(|token| token.text != "*") {
        return;
    }
    let mut places: FxHashMap<&str, usize> = FxHashMap::default();
    for (place, token) in tokens.enumerate() {
        if token.kind == TokenKind::Variable {
            places.entry(&token.text[1..]).or_insert(place);
        }
    }
    columns.sort_by_key(|name| places.get(name.as_str()).copied().unwrap_or(usize::MAX));
}

/// Returns the columns of a query.
fn columns_mut(pattern: &mut GraphPattern) -> Option<&mut Vec<Variable>> {
    match pattern {
        GraphPattern::Project { variables, .. } => Some(variables),
        GraphPattern::Slice { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner } => columns_mut(inner),
        _ => None,
    }
}
