//! Which formats of the field there are.

/// A format of the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FieldFormat {
    /// [FollowTheMoney](https://followthemoney.tech): entities, as OpenSanctions and Aleph export them.
    FollowTheMoney,
    /// The [Beneficial Ownership Data Standard](https://standard.openownership.org), versions 0.2 to 0.4.
    Bods,
    /// People with significant control and basic data of companies, from the British Companies House.
    CompaniesHouse,
    /// Legal entities, their relationships and reporting exceptions, from the [GLEIF](https://www.gleif.org).
    Gleif,
    /// Entities and relationships of [LittleSis](https://littlesis.org).
    LittleSis,
    /// The [Offshore Leaks](https://offshoreleaks.icij.org) database, as CSV.
    Icij,
    /// Schedules 13D and 13G, filed with the Securities and Exchange Commission of the United States.
    Sec,
    /// Items of [Wikidata](https://www.wikidata.org).
    Wikidata,
    /// Workbooks of Excel and OpenDocument, whose sheets are the tables of a map; read with the feature `workbook`.
    Workbook,
    /// Tables of others, of which a mapping says what their columns are.
    Mapped,
}

impl FieldFormat {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::FollowTheMoney,
        Self::Bods,
        Self::CompaniesHouse,
        Self::Gleif,
        Self::LittleSis,
        Self::Icij,
        Self::Sec,
        Self::Wikidata,
        Self::Workbook,
        Self::Mapped,
    ];

    /// Returns the name of the format, as its publisher spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::FollowTheMoney => "FollowTheMoney",
            Self::Bods => "BODS",
            Self::CompaniesHouse => "Companies House",
            Self::Gleif => "GLEIF",
            Self::LittleSis => "LittleSis",
            Self::Icij => "ICIJ Offshore Leaks",
            Self::Sec => "SEC 13D/13G",
            Self::Wikidata => "Wikidata",
            Self::Workbook => "workbook",
            Self::Mapped => "mapped table",
        }
    }
}
