//! A sentence: text with the claims that each of its figures rests on.

use crate::model::lang::Lang;
use crate::model::quantity::Quantity;
use crate::words::Message;
use oxigraph::model::NamedOrBlankNode;

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub enum SentencePart {
    /// The words of it.
    Text(String),
    /// The claims that the text before it rests on, for a footnote.
    Claims(Vec<NamedOrBlankNode>),
}

/// A sentence made by a template, with its figures and what they rest on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sentence {
    parts: Vec<SentencePart>,
    figures: Vec<Quantity>,
}

/// What fills a place of a template.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filling {
    text: String,
    claims: Vec<NamedOrBlankNode>,
    figures: Vec<Quantity>,
}

impl Filling {
    /// Returns a text that rests on nothing, such as a name or a count.
    pub(crate) fn text(text: impl ToString) -> Self {
        Self {
            text: text.to_string(),
            ..Self::default()
        }
    }

    /// Returns a quantity and the claims that it rests on.
    pub(crate) fn quantity(quantity: Quantity, claims: Vec<NamedOrBlankNode>, lang: Lang) -> Self {
        Self {
            text: spoken(&quantity, lang),
            claims,
            figures: vec![quantity],
        }
    }

    /// Returns several figures in one text.
    pub(crate) fn figures(
        text: String,
        figures: Vec<Quantity>,
        claims: Vec<NamedOrBlankNode>,
    ) -> Self {
        Self {
            text,
            claims,
            figures,
        }
    }

    /// Returns the filling with claims after it.
    pub(crate) fn resting_on(self, claims: Vec<NamedOrBlankNode>) -> Self {
        Self { claims, ..self }
    }
}

/// Returns a quantity as sentences have it: words in place of the signs of an open bound.
pub(crate) fn spoken(quantity: &Quantity, lang: Lang) -> String {
    let text = quantity.display(lang);
    let signs = [
        ("≤ ", Message::StoryUpTo),
        ("≥ ", Message::StoryAtLeast),
        ("≈ ", Message::StoryAbout),
    ];
    let said = signs.iter().find_map(|(sign, message)| {
        let rest = text.strip_prefix(sign)?;
        Some(message.filled(lang, &[("amount", &rest)]))
    });
    said.unwrap_or(text)
}

/// Returns what stands between two sentences in a language.
pub(crate) fn between(lang: Lang) -> &'static str {
    match lang {
        Lang::En => " ",
        Lang::Zh => "",
    }
}

impl Sentence {
    /// Fills the places of a template.
    pub(crate) fn new(message: Message, lang: Lang, fillings: &[(&str, &Filling)]) -> Self {
        let mut sentence = Self::default();
        for (text, place) in message.places(lang) {
            sentence.push_text(text);
            let filling = place.and_then(|place| fillings.iter().find(|(name, _)| *name == place));
            if let Some((_, filling)) = filling {
                sentence.push(filling);
            }
        }
        sentence
    }

    /// Returns sentences as one, with a text between each two.
    pub(crate) fn joined(sentences: impl IntoIterator<Item = Self>, separator: &str) -> Self {
        let mut joined = Self::default();
        for sentence in sentences {
            if !joined.parts.is_empty() {
                joined.push_text(separator);
            }
            joined.append(sentence);
        }
        joined
    }

    /// Adds another sentence at the end.
    pub(crate) fn append(&mut self, other: Self) {
        for part in other.parts {
            match part {
                SentencePart::Text(text) => self.push_text(&text),
                claims @ SentencePart::Claims(_) => self.parts.push(claims),
            }
        }
        self.figures.extend(other.figures);
    }

    fn push(&mut self, filling: &Filling) {
        self.push_text(&filling.text);
        if !filling.claims.is_empty() {
            let mut claims = filling.claims.clone();
            claims.sort_by_cached_key(ToString::to_string);
            claims.dedup();
            self.parts.push(SentencePart::Claims(claims));
        }
        self.figures.extend(&filling.figures);
    }

    fn push_text(&mut self, text: &str) {
        match self.parts.last_mut() {
            Some(SentencePart::Text(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.parts.push(SentencePart::Text(text.to_owned())),
        }
    }

    /// Returns its parts in order.
    pub fn parts(&self) -> &[SentencePart] {
        &self.parts
    }

    /// Returns the quantities that it states, in order.
    pub fn figures(&self) -> &[Quantity] {
        &self.figures
    }

    /// Returns the claims that it rests on, in the order in which they are first referred to.
    pub fn claims(&self) -> impl Iterator<Item = &NamedOrBlankNode> {
        self.parts.iter().flat_map(|part| match part {
            SentencePart::Text(_) => &[][..],
            SentencePart::Claims(claims) => claims,
        })
    }

    /// Returns its text without footnotes.
    pub fn text(&self) -> String {
        let texts = self.parts.iter().filter_map(|part| match part {
            SentencePart::Text(text) => Some(text.as_str()),
            SentencePart::Claims(_) => None,
        });
        texts.collect()
    }
}
