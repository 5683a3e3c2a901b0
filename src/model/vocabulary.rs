//! The IRIs that the rest of the crate speaks of, in one place.
//!
//! The terms themselves are defined, with labels and comments in English and Chinese, in
//! `data/ontology/powermap.ttl`; a test holds the two together.

use oxigraph::model::{NamedNode, NamedNodeRef};
use powermap_rdf::Prefixes;
use std::sync::LazyLock;

/// The namespace of the ontology.
pub const PM: &str = "https://w3id.org/powermap/ns#";
/// The namespace of players, deals, edges, claims and documents.
pub const ID: &str = "https://w3id.org/powermap/id/";
/// The namespace of the analyses that a query can call.
pub const CALL: &str = "https://w3id.org/powermap/call#";
/// The namespace of ISO 4217 currencies, as QUDT spells them.
pub const CUR: &str = "http://qudt.org/vocab/currency/";
/// The namespace of QUDT units.
pub const UNIT: &str = "http://qudt.org/vocab/unit/";

/// The prefixes that queries, CSV cells and parameters may use without declaring them.
pub static PREFIXES: LazyLock<Prefixes> = LazyLock::new(|| {
    Prefixes::from_iter([
        ("pm", PM),
        ("id", ID),
        ("call", CALL),
        ("cur", CUR),
        ("unit", UNIT),
        ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
        ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
        ("xsd", "http://www.w3.org/2001/XMLSchema#"),
        ("owl", "http://www.w3.org/2002/07/owl#"),
        ("skos", "http://www.w3.org/2004/02/skos/core#"),
        ("sh", "http://www.w3.org/ns/shacl#"),
        ("dcterms", "http://purl.org/dc/terms/"),
        ("prov", "http://www.w3.org/ns/prov#"),
        ("schema", "https://schema.org/"),
        ("foaf", "http://xmlns.com/foaf/0.1/"),
        ("org", "http://www.w3.org/ns/org#"),
    ])
});

/// Declares a term: a documented constant and its IRI.
macro_rules! terms {
    ($($(#[$doc:meta])* $name:ident = $iri:expr;)*) => {
        $($(#[$doc])* pub(crate) const $name: NamedNodeRef<'static> =
            NamedNodeRef::new_unchecked($iri);)*
    };
}

/// Terms of the powermap ontology.
pub(crate) mod pm {
    use super::NamedNodeRef;

    macro_rules! pm {
        ($($name:ident = $local:literal;)*) => {
            terms! { $(
                #[doc = concat!("`pm:", $local, "`.")]
                $name = concat!("https://w3id.org/powermap/ns#", $local);
            )* }
        };
    }

    pm! {
        TOPIC = "Topic";
        MAP = "Map";
        DEAL = "Deal";
        EVENT = "Event";
        CLAIM = "Claim";
        OBSERVATION = "Observation";
        DOCUMENT = "Document";
        RESOLVED_VALUE = "ResolvedValue";
        KIND = "kind";
        EQUITY = "Equity";
        ACQUISITION = "Acquisition";
        OWNERSHIP = "Ownership";
        INDIRECT_OWNERSHIP = "IndirectOwnership";
        CONTROL = "Control";
        CHARTER_CONTROL = "CharterControl";
        CONTRACT_CONTROL = "ContractControl";
        GOLDEN_SHARE = "GoldenShare";
        CONSOLIDATION = "Consolidation";
        MAJORITY_APPOINTMENT = "MajorityAppointment";
        NOMINEE = "Nominee";
        OPTION = "Option";
        WARRANT = "Warrant";
        INVESTMENT_KIND_SCHEME = "InvestmentKindScheme";
        SUPPLY_KIND_SCHEME = "SupplyKindScheme";
        INFLUENCE_KIND_SCHEME = "InfluenceKindScheme";
        METRIC_SCHEME = "MetricScheme";
        COMPETITION = "Competition";
        GRANT = "Grant";
        LOAN = "Loan";
        PAYMENT = "Payment";
        LEADERSHIP = "Leadership";
        FOUNDING = "Founding";
        EMPLOYMENT = "Employment";
        EDUCATION = "Education";
        LOBBYING = "Lobbying";
        OTHER_SERVICES = "OtherServices";
        BOARD_SEAT = "BoardSeat";
        FAMILY = "Family";
        MEMBERSHIP = "Membership";
        ASSOCIATION = "Association";
        SUCCESSION = "Succession";
        REPRESENTATION = "Representation";
        SIGNIFICANT_INFLUENCE = "SignificantInfluence";
        ULTIMATE_CONSOLIDATION = "UltimateConsolidation";
        FUND_MANAGEMENT = "FundManagement";
        SETTLOR = "Settlor";
        TRUSTEE = "Trustee";
        PROTECTOR = "Protector";
        BENEFICIARY = "Beneficiary";
        CONTRACT_RIGHTS = "ContractRights";
        USE_OF_ASSETS = "UseOfAssets";
        PART_OF = "partOf";
        PART_OF_TOTAL = "partOfTotal";
        COMPONENT = "component";
        FROM = "from";
        TO = "to";
        SINCE = "since";
        UNTIL = "until";
        ANNOUNCED = "announced";
        SUBJECT = "subject";
        METRIC = "metric";
        PERIOD = "period";
        ABOUT = "about";
        AMOUNT = "amount";
        LOWER = "lower";
        UPPER = "upper";
        LOWER_EXCLUSIVE = "lowerExclusive";
        UPPER_EXCLUSIVE = "upperExclusive";
        RIGHT = "right";
        UNIT = "unit";
        APPROXIMATE = "approximate";
        STATUS = "status";
        MODALITY = "modality";
        STANCE = "stance";
        QUALIFIES = "qualifies";
        ASSERTED_BY = "assertedBy";
        ATTRIBUTED_TO = "attributedTo";
        IN_DOCUMENT = "document";
        LOCATOR = "locator";
        SAID = "said";
        HOLDS_FROM = "holdsFrom";
        TEXT = "text";
        AS_PRINTED = "asPrinted";
        FACT_ID = "factId";
        TIER = "tier";
        CARRIES = "carries";
        RETURNS = "returns";
        TIME_SPAN = "timeSpan";
        BOARD = "board";
        ONTOLOGY = "ontology";
        NOTICES = "notices";
        AS_OF = "asOf";
        KNOWN_BY = "knownBy";
        POLICY = "policy";
        KNOWS = "knows";
        OF = "of";
        MEASURE = "measure";
        RESTS_ON = "restsOn";
        DISPUTED = "disputed";
        IDENTIFIER = "identifier";
        IDENTIFIER_CLASS = "Identifier";
        SCHEME = "scheme";
        VALUE = "value";
        IDENTIFIES = "identifies";
        MUTUAL = "mutual";
        LEI = "LEI";
        CIK = "CIK";
        ISIN = "ISIN";
        WIKIDATA = "Wikidata";
        OPEN_CORPORATES = "OpenCorporates";
        OPEN_SANCTIONS = "OpenSanctions";
        LITTLE_SIS = "LittleSis";
        ICIJ = "ICIJ";
        GB_COH = "GB-COH";
        IDENTITY = "Identity";
        BETWEEN = "between";
        SAME = "same";
        SHOWN_AS = "shownAs";
        WITHIN = "within";
        COUNTED_AS = "countedAs";
        REFUSED_IDENTITY = "RefusedIdentity";
        WOULD_JOIN = "wouldJoin";
        VALUE_OUTCOME = "valueOutcome";
        STATUS_OUTCOME = "statusOutcome";
        STATUS_APART = "statusApart";
    }
}

/// Terms of other vocabularies.
pub(crate) mod common {
    use super::NamedNodeRef;

    terms! {
        /// `rdf:type`.
        TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
        /// `rdfs:label`.
        LABEL = "http://www.w3.org/2000/01/rdf-schema#label";
        /// `rdfs:comment`.
        COMMENT = "http://www.w3.org/2000/01/rdf-schema#comment";
        /// `rdfs:subClassOf`.
        SUB_CLASS_OF = "http://www.w3.org/2000/01/rdf-schema#subClassOf";
        /// `skos:altLabel`.
        ALT_LABEL = "http://www.w3.org/2004/02/skos/core#altLabel";
        /// `skos:hiddenLabel`: a form to be found by, such as a misprint.
        HIDDEN_LABEL = "http://www.w3.org/2004/02/skos/core#hiddenLabel";
        /// `skos:inScheme`.
        IN_SCHEME = "http://www.w3.org/2004/02/skos/core#inScheme";
        /// `skos:prefLabel`.
        PREF_LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel";
        /// `dcterms:title`.
        TITLE = "http://purl.org/dc/terms/title";
        /// `dcterms:issued`.
        ISSUED = "http://purl.org/dc/terms/issued";
        /// `schema:url`.
        URL = "https://schema.org/url";
        /// `org:subOrganizationOf`.
        SUB_ORGANIZATION_OF = "http://www.w3.org/ns/org#subOrganizationOf";
    }
}

/// Returns the local part of an IRI in the `id:` or `pm:` namespace, else the IRI whole.
///
/// ```
/// use powermap::model::vocabulary::short_name;
/// assert_eq!(short_name("https://w3id.org/powermap/id/openai"), "openai");
/// assert_eq!(short_name("http://example.com/x"), "http://example.com/x");
/// ```
pub fn short_name(iri: &str) -> &str {
    iri.strip_prefix(ID)
        .or_else(|| iri.strip_prefix(PM))
        .unwrap_or(iri)
}

/// Returns an IRI as `prefix:local` where a known prefix fits, else in angle brackets.
///
/// ```
/// use powermap::model::vocabulary::compact;
/// assert_eq!(compact("https://w3id.org/powermap/ns#Claim"), "pm:Claim");
/// assert_eq!(compact("http://example.com/x"), "<http://example.com/x>");
/// ```
pub fn compact(iri: &str) -> String {
    PREFIXES.compact(iri)
}

/// Reads an identifier as people write them: a full IRI (bare or in angle brackets), `prefix:local` with a known
/// prefix, or the bare local part of an `id:` IRI.
///
/// Returns `None` where the result would not be a valid IRI.
///
/// ```
/// use powermap::model::vocabulary::expand;
/// assert_eq!(expand("openai").unwrap().as_str(), "https://w3id.org/powermap/id/openai");
/// assert_eq!(expand("pm:Cash").unwrap().as_str(), "https://w3id.org/powermap/ns#Cash");
/// assert!(expand("no spaces").is_none());
/// ```
pub fn expand(text: &str) -> Option<NamedNode> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if let Some(iri) = text.strip_prefix('<').and_then(|t| t.strip_suffix('>')) {
        return NamedNode::new(iri).ok();
    }
    if let Some((prefix, local)) = text.split_once(':') {
        if let Some(namespace) = PREFIXES.namespace(prefix) {
            return NamedNode::new(format!("{namespace}{local}")).ok();
        }
        return NamedNode::new(text).ok();
    }
    NamedNode::new(format!("{ID}{text}")).ok()
}

/// Returns the local name of a concept for its kebab-case name: `letter-of-intent` to `LetterOfIntent`.
pub fn to_camel(kebab: &str) -> String {
    kebab
        .split('-')
        .flat_map(|word| {
            let mut chars = word.chars();
            chars
                .next()
                .map(|c| c.to_ascii_uppercase())
                .into_iter()
                .chain(chars)
        })
        .collect()
}

/// Returns the kebab-case name of a concept's local name: `LetterOfIntent` to `letter-of-intent`.
pub fn to_kebab(camel: &str) -> String {
    let mut kebab = String::with_capacity(camel.len() + 4);
    for (i, c) in camel.chars().enumerate() {
        if c.is_ascii_uppercase() && i > 0 {
            kebab.push('-');
        }
        kebab.push(c.to_ascii_lowercase());
    }
    kebab
}
