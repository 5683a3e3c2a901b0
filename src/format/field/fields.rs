//! One record of a source as fields, from which a reader takes what it can hold; what is left over is listed.

use serde_json::{Map, Value};

/// The key under which an element of XML that has attributes keeps its text, and GLEIF's JSON every text.
const TEXT: &str = "$";

/// The fields of a record that were not taken yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// Returns the fields of an object; nothing for any other value.
    pub(super) fn of(value: Value) -> Option<Self> {
        match value {
            Value::Object(map) => Some(Self(map)),
            _ => None,
        }
    }

    /// Returns whether there is a field of this name, with anything in it.
    pub(super) fn has(&self, key: &str) -> bool {
        self.0.get(key).is_some_and(|value| leaves(value) > 0)
    }

    /// Returns the text of a field without taking it; nothing where it is no single text.
    pub(super) fn peek(&self, key: &str) -> Option<&str> {
        match self.0.get(key)? {
            Value::String(text) => Some(text.trim()),
            Value::Object(map) => map.get(TEXT)?.as_str().map(str::trim),
            _ => None,
        }
    }

    /// Takes a text, a number or a truth value, as text. What is empty or of another kind stays.
    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        if let Value::Object(map) = self.0.get_mut(key)? {
            let text = scalar(map.get(TEXT)?)?;
            map.remove(TEXT);
            if map.is_empty() {
                self.0.remove(key);
            }
            return Some(text);
        }
        let text = scalar(self.0.get(key)?)?;
        self.0.remove(key);
        Some(text)
    }

    /// Takes one text or a list of texts; the members of a list that are none stay.
    pub(super) fn texts(&mut self, key: &str) -> Vec<String> {
        let Some(Value::Array(list)) = self.0.get_mut(key) else {
            return self.text(key).into_iter().collect();
        };
        let mut texts = Vec::with_capacity(list.len());
        list.retain(|value| match scalar(value) {
            Some(text) => {
                texts.push(text);
                false
            }
            None => true,
        });
        if list.is_empty() {
            self.0.remove(key);
        }
        texts
    }

    /// Returns a truth value without taking it.
    pub(super) fn peek_flag(&self, key: &str) -> Option<bool> {
        match self.0.get(key)? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// Takes `true` or `false`.
    pub(super) fn flag(&mut self, key: &str) -> Option<bool> {
        let flag = self.peek_flag(key)?;
        self.0.remove(key);
        Some(flag)
    }

    /// Lets a function take from the fields within a field; what it leaves stays there.
    pub(super) fn inside<T>(&mut self, key: &str, take: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let Value::Object(map) = self.0.get_mut(key)? else {
            return None;
        };
        let mut fields = Self(std::mem::take(map));
        let taken = take(&mut fields);
        match fields.0.is_empty() {
            true => self.0.remove(key),
            false => self.0.insert(key.to_owned(), Value::Object(fields.0)),
        };
        Some(taken)
    }

    /// Lets a function take from each object of a list, or from the one object in its place.
    pub(super) fn each(&mut self, key: &str, mut take: impl FnMut(&mut Self)) {
        if self.0.get(key).is_some_and(Value::is_object) {
            self.inside(key, take);
            return;
        }
        let Some(Value::Array(list)) = self.0.get_mut(key) else {
            return;
        };
        for value in list.iter_mut() {
            if let Value::Object(map) = value {
                let mut fields = Self(std::mem::take(map));
                take(&mut fields);
                *map = fields.0;
            }
        }
        list.retain(|value| !matches!(value, Value::Object(map) if map.is_empty()));
        if list.is_empty() {
            self.0.remove(key);
        }
    }

    /// Returns whether any text of a field is one that a function looks for.
    pub(super) fn peek_any(&self, key: &str, mut is_it: impl FnMut(&str) -> bool) -> bool {
        match self.0.get(key) {
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).any(is_it),
            _ => self.peek(key).is_some_and(&mut is_it),
        }
    }

    /// Puts texts in the place of what a field has.
    pub(super) fn put(&mut self, key: &str, texts: Vec<String>) {
        self.0.insert(key.to_owned(), texts.into());
    }

    /// Puts what is left of other fields into a field.
    pub(super) fn put_all(&mut self, key: &str, inner: Self) {
        if !inner.0.is_empty() {
            self.0.insert(key.to_owned(), Value::Object(inner.0));
        }
    }

    /// Returns the names of the fields that are left.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Puts a text back that was taken and cannot be held, beside what the field has.
    pub(super) fn put_back(&mut self, key: &str, text: &str) {
        let value = Value::String(text.to_owned());
        match self.0.get_mut(key) {
            None => {
                self.0.insert(key.to_owned(), value);
            }
            Some(Value::Array(list)) => list.push(value),
            Some(one) => {
                let first = std::mem::take(one);
                *one = Value::Array(vec![first, value]);
            }
        }
    }

    /// Moves a field with all that is in it elsewhere.
    pub(super) fn split_off(&mut self, key: &str) -> Option<Self> {
        let (key, value) = self.0.remove_entry(key)?;
        Some(Self(Map::from_iter([(key, value)])))
    }

    /// Adds the fields of others.
    pub(super) fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Returns the number of texts, numbers and truth values that are left.
    pub(super) fn leaves(&self) -> u64 {
        self.0.values().map(leaves).sum()
    }

    /// Calls a function with the path and the text of each value that is left. Places in lists are no part of a path.
    pub(super) fn each_leaf(&self, mut visit: impl FnMut(&str, &str)) {
        let mut path = String::new();
        for (key, value) in &self.0 {
            key.clone_into(&mut path);
            visit_leaves(value, &mut path, &mut visit);
        }
    }
}

/// Returns a value as text; nothing for an empty one, a list or an object.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Object(map) if map.len() == 1 => scalar(map.get(TEXT)?),
        _ => None,
    }
}

/// Returns the number of values in a value; empty texts and nulls say nothing.
fn leaves(value: &Value) -> u64 {
    match value {
        Value::Null => 0,
        Value::String(text) => u64::from(!text.trim().is_empty()),
        Value::Bool(_) | Value::Number(_) => 1,
        Value::Array(list) => list.iter().map(leaves).sum(),
        Value::Object(map) => map.values().map(leaves).sum(),
    }
}

fn visit_leaves(value: &Value, path: &mut String, visit: &mut impl FnMut(&str, &str)) {
    match value {
        Value::Array(list) => {
            for value in list {
                visit_leaves(value, path, visit);
            }
        }
        Value::Object(map) => {
            for (key, value) in map {
                let length = path.len();
                if key != TEXT {
                    path.push('.');
                    path.push_str(key);
                }
                visit_leaves(value, path, visit);
                path.truncate(length);
            }
        }
        value => {
            if let Some(text) = scalar(value) {
                visit(path, &text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(json: &str) -> Fields {
        Fields::of(serde_json::from_str(json).unwrap()).unwrap()
    }

    #[test]
    fn what_is_not_taken_is_left() {
        let mut one = fields(
            r#"{"a":" x ","b":["1",2,{"c":"d"}],"e":{"f":true,"g":[{"h":1},{"h":2,"i":""}]},"n":null,"o":{"$":"p","@lang":"en"}}"#,
        );
        assert_eq!(one.leaves(), 9);
        assert_eq!(one.text("a").as_deref(), Some("x"));
        assert_eq!(one.text("a"), None);
        assert_eq!(one.texts("b"), ["1", "2"]);
        assert_eq!(one.text("o").as_deref(), Some("p"));
        let mut taken = Vec::new();
        one.inside("e", |e| e.each("g", |g| taken.extend(g.text("h"))));
        assert_eq!(taken, ["1", "2"]);
        let mut left = Vec::new();
        one.each_leaf(|path, text| left.push(format!("{path}={text}")));
        assert_eq!(left, ["b.c=d", "e.f=true", "o.@lang=en"]);
        assert_eq!(one.leaves(), 3);
        one.put_back("z", "1");
        one.put_back("z", "2");
        one.put_back("z", "3");
        assert_eq!(one.texts("z"), ["1", "2", "3"]);
    }
}
