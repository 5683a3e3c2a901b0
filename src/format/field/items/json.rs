//! Objects in JSON, in one array or one after the other: each is cut out of the stream, then read.

use crate::format::field::items::input::Input;
use crate::format::field::items::{Item, RECORD_BYTES_MAX, object, too_large, unread};
use powermap_rdf::FormatError;
use std::io::{self, BufRead};

/// The objects of a source.
pub(in crate::format::field) struct Values<'a> {
    input: Input<'a>,
    source_name: &'a str,
    line: u64,
    /// The key whose array has the records, until it is found.
    key: Option<&'static str>,
    is_inside: bool,
    /// Whether the list stands in an object, which goes on after it.
    is_wrapped: bool,
    is_started: bool,
    is_over: bool,
}

impl<'a> Values<'a> {
    pub(super) fn new(input: Input<'a>, key: Option<&'static str>, source_name: &'a str) -> Self {
        Self {
            input,
            source_name,
            line: 1,
            key,
            is_inside: false,
            is_wrapped: key.is_some(),
            is_started: false,
            is_over: false,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    pub(super) fn next(&mut self) -> Option<Result<Item, FormatError>> {
        if self.is_over {
            return None;
        }
        match self.step() {
            Ok(Step::Item(text, line)) => Some(object(&text, line, self.source_name)),
            Ok(Step::End) => {
                self.is_over = true;
                None
            }
            Err(error) => {
                self.is_over = true;
                Some(Err(error))
            }
        }
    }

    fn step(&mut self) -> Result<Step, FormatError> {
        if let Some(key) = self.key.take() {
            self.enter(key)?;
        }
        loop {
            let Some(byte) = self.solid()? else {
                return match self.is_inside {
                    true => Err(self.error("the file ends within the list of its records")),
                    false => Ok(Step::End),
                };
            };
            match byte {
                b'[' if !self.is_started => self.is_inside = true,
                b',' if self.is_inside => {}
                b']' if self.is_inside => {
                    self.bump();
                    return match self.is_wrapped || self.solid()?.is_none() {
                        true => Ok(Step::End),
                        false => Err(self.error("there is more after the list of records")),
                    };
                }
                _ => {
                    self.is_started = true;
                    let line = self.line;
                    let mut text = Vec::new();
                    self.value(&mut text)?;
                    return Ok(Step::Item(text, line));
                }
            }
            self.is_started = true;
            self.bump();
        }
    }

    /// Moves to the array under a key of the first object.
    fn enter(&mut self, key: &str) -> Result<(), FormatError> {
        let mut name = Vec::new();
        if self.solid()? == Some(b'{') {
            self.bump();
            while let Some(byte) = self.solid()? {
                match byte {
                    b',' | b':' => self.bump(),
                    b'}' => break,
                    b'"' => {
                        name.clear();
                        self.value(&mut name)?;
                        if self.solid()? != Some(b':') {
                            continue;
                        }
                        self.bump();
                        let is_it = name.get(1..name.len() - 1) == Some(key.as_bytes());
                        if is_it && self.solid()? == Some(b'[') {
                            return Ok(());
                        }
                        self.solid()?;
                        name.clear();
                        self.value(&mut name)?;
                    }
                    _ => {
                        name.clear();
                        self.value(&mut name)?;
                    }
                }
            }
        }
        Err(self.error(&format!("there is no list under '{key}'")))
    }

    /// Reads up to the end of a value: its closing bracket, or what separates it from the next one.
    fn value(&mut self, text: &mut Vec<u8>) -> Result<(), FormatError> {
        let began = self.line;
        let (mut depth, mut is_string, mut is_escaped) = (0_u32, false, false);
        loop {
            let bytes = self.input.fill_buf();
            let bytes = bytes.map_err(|error| unread(&error, self.line, self.source_name))?;
            if bytes.is_empty() {
                return match depth == 0 && !is_string && !text.is_empty() {
                    true => Ok(()),
                    false => Err(FormatError::syntax(
                        self.source_name,
                        "the file ends within the record that begins here",
                    )
                    .at(began, 1)),
                };
            }
            let (mut used, mut is_done) = (0, false);
            for byte in bytes {
                let is_outside = depth == 0 && !is_string;
                let is_separator =
                    matches!(byte, b',' | b']' | b'}' | b':') || byte.is_ascii_whitespace();
                if is_outside && !text.is_empty() && is_separator {
                    is_done = true;
                    break;
                }
                used += 1;
                text.push(*byte);
                self.line += u64::from(*byte == b'\n');
                match byte {
                    _ if is_escaped => is_escaped = false,
                    b'\\' if is_string => is_escaped = true,
                    b'"' => is_string = !is_string,
                    _ if is_string => {}
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth = depth.saturating_sub(1),
                    _ => continue,
                }
                if depth == 0 && !is_string && matches!(byte, b'"' | b'}' | b']') {
                    is_done = true;
                    break;
                }
            }
            self.input.consume(used);
            if text.len() > RECORD_BYTES_MAX {
                return Err(too_large(began, self.source_name));
            }
            if is_done {
                return Ok(());
            }
        }
    }

    /// Returns the next byte that is no white space, without taking it.
    fn solid(&mut self) -> Result<Option<u8>, FormatError> {
        loop {
            let bytes = match self.input.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(unread(&error, self.line, self.source_name)),
            };
            if bytes.is_empty() {
                return Ok(None);
            }
            let at = bytes.iter().position(|byte| !byte.is_ascii_whitespace());
            let found = at.map(|at| bytes[at]);
            let used = at.unwrap_or(bytes.len());
            self.line += bytes[..used].iter().filter(|byte| **byte == b'\n').count() as u64;
            self.input.consume(used);
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    /// Takes the byte that [`Values::solid`] returned.
    fn bump(&mut self) {
        self.input.consume(1);
    }

    fn error(&self, message: &str) -> FormatError {
        FormatError::syntax(self.source_name, message).at(self.line, 1)
    }
}

enum Step {
    Item(Vec<u8>, u64),
    End,
}
