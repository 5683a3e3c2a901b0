//! The schemata of FollowTheMoney, and what each becomes.

use crate::model::name::{Family, PlayerType};
use crate::model::vocabulary::pm;
use oxigraph::model::NamedNodeRef;

/// What an entity of a schema becomes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Role {
    /// A player.
    Player(PlayerType),
    /// Something that claims can be about, named by this property.
    Topic(&'static str),
    /// A claim about the player that this property names.
    Claim(&'static str),
    /// An edge.
    Link(&'static Link),
}

/// An edge between the players that two properties name.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    /// What the ends are taken for where nothing else says it.
    pub(super) ends: [PlayerType; 2],
    pub(super) family: Family,
    pub(super) kind: NamedNodeRef<'static>,
}

const fn link(
    from: &'static str,
    to: &'static str,
    ends: [PlayerType; 2],
    family: Family,
    kind: NamedNodeRef<'static>,
) -> Link {
    Link {
        from,
        to,
        ends,
        family,
        kind,
    }
}

use Family::{Influence, Investment};
use PlayerType::{Company, Person};

/// The edge from the parent company that a company names.
pub(super) static PARENT: Link = link("parent", "", [Company, Company], Investment, pm::OWNERSHIP);

static OWNERSHIP: Link = link("owner", "asset", [Company; 2], Investment, pm::OWNERSHIP);
static DIRECTORSHIP: Link = link(
    "director",
    "organization",
    [Person, Company],
    Influence,
    pm::BOARD_SEAT,
);
static EMPLOYMENT: Link = link(
    "employee",
    "employer",
    [Person, Company],
    Influence,
    pm::EMPLOYMENT,
);
static MEMBERSHIP: Link = link(
    "member",
    "organization",
    [Person, Company],
    Influence,
    pm::MEMBERSHIP,
);
static FAMILY: Link = link("person", "relative", [Person; 2], Influence, pm::FAMILY);
static ASSOCIATE: Link = link(
    "person",
    "associate",
    [Person; 2],
    Influence,
    pm::ASSOCIATION,
);
static SUCCESSION: Link = link(
    "predecessor",
    "successor",
    [Company; 2],
    Influence,
    pm::SUCCESSION,
);
static REPRESENTATION: Link = link(
    "agent",
    "client",
    [Company; 2],
    Influence,
    pm::REPRESENTATION,
);
static UNKNOWN: Link = link(
    "subject",
    "object",
    [Company; 2],
    Influence,
    pm::ASSOCIATION,
);
static PAYMENT: Link = link(
    "payer",
    "beneficiary",
    [Company; 2],
    Investment,
    pm::PAYMENT,
);
static DEBT: Link = link("creditor", "debtor", [Company; 2], Investment, pm::LOAN);

/// Returns what an entity of a schema becomes; nothing where the map has no place for it.
pub(super) fn role(schema: &str) -> Option<Role> {
    Some(match schema {
        "Person" => Role::Player(Person),
        "Company" | "Organization" | "LegalEntity" => Role::Player(Company),
        "PublicBody" => Role::Player(PlayerType::Government),
        "Asset" | "Vehicle" | "Vessel" | "Airplane" | "RealEstate" | "Security"
        | "CryptoWallet" | "BankAccount" => Role::Player(PlayerType::Product),
        "Address" => Role::Topic("full"),
        "Position" => Role::Topic("name"),
        "Sanction" | "Documentation" | "Note" => Role::Claim("entity"),
        "Passport" | "Identification" | "Occupancy" => Role::Claim("holder"),
        "Ownership" => Role::Link(&OWNERSHIP),
        "Directorship" => Role::Link(&DIRECTORSHIP),
        "Employment" => Role::Link(&EMPLOYMENT),
        "Membership" => Role::Link(&MEMBERSHIP),
        "Family" => Role::Link(&FAMILY),
        "Associate" => Role::Link(&ASSOCIATE),
        "Succession" => Role::Link(&SUCCESSION),
        "Representation" => Role::Link(&REPRESENTATION),
        "UnknownLink" => Role::Link(&UNKNOWN),
        "Payment" => Role::Link(&PAYMENT),
        "Debt" => Role::Link(&DEBT),
        _ => return None,
    })
}

/// The properties that name a player, the best first.
pub(super) const NAMES: &[&str] = &["name", "alias", "weakAlias", "previousName", "abbreviation"];

/// The properties that are identifiers of a scheme.
pub(super) const IDENTIFIERS: &[(&str, NamedNodeRef<'static>)] = &[
    ("leiCode", pm::LEI),
    ("wikidataId", pm::WIKIDATA),
    ("cikCode", pm::CIK),
    ("icijId", pm::ICIJ),
    ("isin", pm::ISIN),
    ("isinCode", pm::ISIN),
];
