//! The columns of each table.

/// The columns of a table: those that must be there, those that may, and the stems of columns by language.
pub(in crate::format) struct Columns {
    pub(in crate::format) required: &'static [&'static str],
    pub(in crate::format) optional: &'static [&'static str],
    /// Those that are read and not written: `claims.csv` has them.
    pub(in crate::format) read_only: &'static [&'static str],
    /// `name` stands for `name_en`, `name_zh`, `name_ja`…, and `name_und` for text without a language.
    pub(in crate::format) stems: &'static [&'static str],
    /// The stems that are read and not written.
    pub(in crate::format) read_only_stems: &'static [&'static str],
}

pub(in crate::format) const PLAYERS: Columns = Columns {
    required: &["id", "type"],
    optional: &[
        "name_en",
        "name_zh",
        "alias",
        "note",
        "part_of",
        "identifier",
    ],
    read_only: &[],
    stems: &["name"],
    read_only_stems: &[],
};

pub(in crate::format) const IDENTIFIERS: Columns = Columns {
    required: &["player", "scheme", "value"],
    optional: SAYING,
    read_only: &[],
    stems: &["text"],
    read_only_stems: &[],
};

pub(in crate::format) const IDENTITIES: Columns = Columns {
    required: &["a", "b", "same"],
    optional: SAYING,
    read_only: &[],
    stems: &["text"],
    read_only_stems: &[],
};

/// The columns of an id and of a claim that has no quantity.
const SAYING: &[&str] = &[
    "id",
    "document",
    "locator",
    "asserted_by",
    "attributed_to",
    "said",
    "status",
    "modality",
    "stance",
    "qualifies",
    "text",
    "text_zh",
    "holds_from",
    "as_printed",
    "fact_id",
];

pub(in crate::format) const EDGES: Columns = Columns {
    required: &["from", "to", "family"],
    optional: &[
        "id",
        "kind",
        "deal",
        "since",
        "until",
        "holds_from",
        "lower",
        "upper",
        "amount",
        "unit",
        "right",
        "status",
        "document",
        "locator",
        "asserted_by",
        "said",
        "part_of_total",
        "components",
        "label_en",
        "label_zh",
    ],
    read_only: &[
        "attributed_to",
        "approximate",
        "modality",
        "stance",
        "as_printed",
        "fact_id",
        "text",
        "text_zh",
    ],
    stems: &["label"],
    read_only_stems: &["text"],
};

pub(in crate::format) const CLAIMS: Columns = Columns {
    required: &["about", "document"],
    optional: &[
        "id",
        "locator",
        "asserted_by",
        "attributed_to",
        "said",
        "lower",
        "upper",
        "amount",
        "unit",
        "right",
        "approximate",
        "status",
        "same",
        "modality",
        "stance",
        "qualifies",
        "text",
        "text_zh",
        "period",
        "holds_from",
        "as_printed",
        "fact_id",
    ],
    read_only: &[],
    stems: &["text"],
    read_only_stems: &[],
};

pub(in crate::format) const OBSERVATIONS: Columns = Columns {
    required: &["subject", "metric", "document"],
    optional: &[
        "id",
        "period",
        "deal",
        "part_of_total",
        "locator",
        "asserted_by",
        "attributed_to",
        "said",
        "lower",
        "upper",
        "amount",
        "unit",
        "right",
        "approximate",
        "status",
        "modality",
        "stance",
        "qualifies",
        "text",
        "text_zh",
        "holds_from",
        "as_printed",
        "fact_id",
        "label_en",
        "label_zh",
    ],
    read_only: &[],
    stems: &["text", "label"],
    read_only_stems: &[],
};

pub(in crate::format) const DEALS: Columns = Columns {
    required: &["id"],
    optional: &["label_en", "label_zh", "announced", "event", "note"],
    read_only: &[],
    stems: &["label"],
    read_only_stems: &[],
};

pub(in crate::format) const DOCUMENTS: Columns = Columns {
    required: &["id"],
    optional: &["title", "label_en", "label_zh", "issued", "url", "tier"],
    read_only: &[],
    stems: &["label"],
    read_only_stems: &[],
};

impl Columns {
    /// All columns with a name of their own that are read, the required ones first.
    pub(in crate::format) fn read(&self) -> impl Iterator<Item = &'static str> {
        self.named().chain(self.read_only.iter().copied())
    }

    /// Returns the stem and the language tag of a column of text that is read; the empty tag for text without a language.
    pub(in crate::format) fn language_read<'n>(
        &self,
        name: &'n str,
    ) -> Option<(&'static str, &'n str)> {
        self.language(name)
            .or_else(|| language_of(self.read_only_stems, name))
    }

    /// All columns with a name of their own that are written, the required ones first.
    pub(in crate::format) fn named(&self) -> impl Iterator<Item = &'static str> {
        self.required.iter().chain(self.optional).copied()
    }

    /// The stem and the language tag of a column of text; the empty tag for text without a language.
    pub(in crate::format) fn language<'n>(&self, name: &'n str) -> Option<(&'static str, &'n str)> {
        language_of(self.stems, name)
    }
}

fn language_of<'n>(stems: &[&'static str], name: &'n str) -> Option<(&'static str, &'n str)> {
    if name == "text" {
        return stems.contains(&"text").then_some(("text", "en"));
    }
    let (stem, tag) = stems.iter().find_map(|stem| {
        let tag = name.strip_prefix(stem)?.strip_prefix('_')?;
        Some((*stem, tag))
    })?;
    match tag {
        "und" => Some((stem, "")),
        _ => is_language_tag(tag).then_some((stem, tag)),
    }
}

/// The column of a text in a language.
pub(in crate::format) fn column_of(stem: &str, tag: &str) -> String {
    match (stem, tag) {
        ("text", "en") => "text".to_owned(),
        (_, "") => format!("{stem}_und"),
        _ => format!("{stem}_{tag}"),
    }
}

/// Whether a tag is a language of two or three letters with subtags, in lower case as RDF stores compare them.
pub(in crate::format) fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or("");
    tag != "und"
        && matches!(language.len(), 2 | 3)
        && language.bytes().all(|b| b.is_ascii_lowercase())
        && parts.all(|part| {
            matches!(part.len(), 1..=8)
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}
