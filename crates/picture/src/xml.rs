//! A writer of XML that closes every element, rounds every number and escapes every text.

/// A document or fragment that is being written.
pub(crate) struct Xml {
    text: String,
    open: Vec<&'static str>,
    /// Whether the tag that was opened last can still take attributes.
    in_tag: bool,
}

/// Formats a number with at most two decimals.
pub(crate) fn number(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    // Adding zero takes the minus from a zero.
    (rounded + 0.0).to_string()
}

impl Xml {
    pub(crate) fn new() -> Self {
        Self {
            text: String::new(),
            open: Vec::new(),
            in_tag: false,
        }
    }

    /// Starts a document with an XML declaration.
    pub(crate) fn document() -> Self {
        Self {
            text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(),
            ..Self::new()
        }
    }

    fn end_tag(&mut self) {
        if self.in_tag {
            self.text.push('>');
            self.in_tag = false;
        }
    }

    pub(crate) fn open(&mut self, name: &'static str) -> &mut Self {
        self.end_tag();
        self.text.push('<');
        self.text.push_str(name);
        self.open.push(name);
        self.in_tag = true;
        self
    }

    pub(crate) fn text_attribute(&mut self, name: &str, value: &str) -> &mut Self {
        self.text.push(' ');
        self.text.push_str(name);
        self.text.push_str("=\"");
        self.escaped(value);
        self.text.push('"');
        self
    }

    pub(crate) fn number_attribute(&mut self, name: &str, value: f64) -> &mut Self {
        self.text_attribute(name, &number(value))
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.end_tag();
        self.escaped(text);
        self
    }

    pub(crate) fn close(&mut self) -> &mut Self {
        let Some(name) = self.open.pop() else {
            return self;
        };
        if self.in_tag {
            self.text.push_str("/>");
            self.in_tag = false;
        } else {
            self.text.push_str("</");
            self.text.push_str(name);
            self.text.push('>');
        }
        // Line ends between the larger parts only: inside text they would be drawn as spaces.
        if !matches!(name, "tspan") {
            self.text.push('\n');
        }
        self
    }

    fn escaped(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' => self.text.push_str("&quot;"),
                // What XML does not allow at all.
                c if c.is_control() || (c as u32) & 0xfffe == 0xfffe => self.text.push(' '),
                c => self.text.push(c),
            }
        }
    }

    /// Closes all elements and returns the text.
    pub(crate) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.text
    }
}
