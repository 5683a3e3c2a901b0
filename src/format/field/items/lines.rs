//! One object in JSON on each line.

use crate::format::field::items::input::Input;
use crate::format::field::items::{Item, RECORD_BYTES_MAX, object, too_large, unread};
use powermap_rdf::FormatError;
use std::io::{BufRead, Read};

/// The lines of a source.
pub(in crate::format::field) struct Lines<'a> {
    input: Input<'a>,
    source_name: &'a str,
    line: u64,
    buffer: Vec<u8>,
    is_over: bool,
}

impl<'a> Lines<'a> {
    pub(super) fn new(input: Input<'a>, source_name: &'a str) -> Self {
        Self {
            input,
            source_name,
            line: 0,
            buffer: Vec::new(),
            is_over: false,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    pub(super) fn next(&mut self) -> Option<Result<Item, FormatError>> {
        while !self.is_over {
            self.buffer.clear();
            let mut line = self.input.by_ref().take(RECORD_BYTES_MAX as u64 + 1);
            match line.read_until(b'\n', &mut self.buffer) {
                Ok(0) => return None,
                Ok(_) => self.line += 1,
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(unread(&error, self.line + 1, self.source_name)));
                }
            }
            if self.buffer.len() > RECORD_BYTES_MAX {
                self.is_over = true;
                return Some(Err(too_large(self.line, self.source_name)));
            }
            let text = self.buffer.trim_ascii();
            if !text.is_empty() {
                return Some(object(text, self.line, self.source_name));
            }
        }
        None
    }
}
