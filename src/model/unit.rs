//! Units of quantities: currencies, power, units of product, shares, percent, users, tokens per time, and prices.

use crate::model::error::ModelError;
use crate::model::lang::Lang;
use crate::model::name::Right;
use crate::model::vocabulary::{CUR, PM, UNIT};
use crate::words::Message;
use oxigraph::model::NamedNode;
use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// What a unit measures. Quantities of different measures never meet in one sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// Money: `pm:Amount`.
    Amount,
    /// Electric power of computing sites: `pm:Capacity`.
    Capacity,
    /// A part of the capital, or a part of which nobody says of what, in percent: `pm:Share`.
    Share,
    /// A part of the votes, in percent: `pm:Votes`.
    Votes,
    /// A part of the seats of the board that somebody may fill, in percent: `pm:Appointment`.
    Appointment,
    /// A part of the profit, in percent: `pm:Profit`.
    Profit,
    /// A part of what is left when a firm is wound up, in percent: `pm:Surplus`.
    Surplus,
    /// Countable things, such as GPUs or shares of stock: `pm:Units`.
    Units,
    /// Anything else that an observation may have: `pm:Value`.
    Value,
}

impl Measure {
    /// All measures, in their order of display.
    pub const ALL: [Self; 9] = [
        Self::Amount,
        Self::Capacity,
        Self::Share,
        Self::Votes,
        Self::Appointment,
        Self::Profit,
        Self::Surplus,
        Self::Units,
        Self::Value,
    ];

    /// Returns the measure of a share of a right.
    pub fn of(right: Right) -> Self {
        match right {
            Right::Capital => Self::Share,
            Right::Votes => Self::Votes,
            Right::Appointment => Self::Appointment,
            Right::Profit => Self::Profit,
            Right::Surplus => Self::Surplus,
        }
    }

    /// Returns the name as it stands in property names: `amount` in `pm:amountLower`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Amount => "amount",
            Self::Capacity => "capacity",
            Self::Share => "share",
            Self::Votes => "votes",
            Self::Appointment => "appointment",
            Self::Profit => "profit",
            Self::Surplus => "surplus",
            Self::Units => "units",
            Self::Value => "value",
        }
    }
}

/// A unit that is no currency.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NamedUnit {
    code: &'static str,
    namespace: &'static str,
    local: &'static str,
    symbol: Message,
    measure: Measure,
    /// The unit that this one is a fixed multiple of, and how many billionths of it this one is.
    base: Option<(&'static str, u64)>,
}

macro_rules! units {
    ($($code:literal, $ns:ident, $local:literal, $symbol:ident, $measure:ident, $base:expr;)*) => {
        const NAMED: &[NamedUnit] = &[$(NamedUnit {
            code: $code, namespace: $ns, local: $local, symbol: Message::$symbol,
            measure: Measure::$measure, base: $base,
        }),*];
    };
}

units! {
    "GW", UNIT, "GigaW", Gigawatts, Capacity, None;
    "MW", UNIT, "MegaW", Megawatts, Capacity, Some(("GW", 1_000_000));
    "kW", UNIT, "KiloW", Kilowatts, Capacity, Some(("GW", 1_000));
    "W", UNIT, "W", Watts, Capacity, Some(("GW", 1));
    "percent", UNIT, "PERCENT", Percent, Share, None;
    "percent-votes", PM, "PercentOfVotes", PercentOfVotes, Votes, None;
    "percent-appointment", PM, "PercentOfAppointment", PercentOfSeats, Appointment, None;
    "percent-profit", PM, "PercentOfProfit", PercentOfProfit, Profit, None;
    "percent-surplus", PM, "PercentOfSurplus", PercentOfSurplus, Surplus, None;
    "ratio", UNIT, "UNITLESS", Times, Value, None;
    "months", UNIT, "MO", Months, Value, None;
    "years", UNIT, "YR", Years, Value, None;
    "days", UNIT, "DAY", Days, Value, None;
    "gpus", PM, "GPU", Gpus, Units, None;
    "shares", PM, "StockShare", Shares, Units, None;
    "users", PM, "User", Users, Value, None;
    "heads", PM, "Head", Heads, Value, None;
    "reactors", PM, "Reactor", Reactors, Value, None;
    "tokens/min", PM, "TokenPerMinute", TokensPerMinute, Value, None;
    "tokens/week", PM, "TokenPerWeek", TokensPerWeek, Value, None;
    "gpus/year", PM, "GPUPerYear", GpusPerYear, Value, None;
    "wafers/month", PM, "WaferPerMonth", WafersPerMonth, Value, None;
    "USD/gpu", PM, "USDPerGPU", DollarsPerGpu, Value, None;
    "USD/share", PM, "USDPerShare", DollarsPerShare, Value, None;
    "USD/year", PM, "USDPerYear", DollarsPerYear, Amount, None;
    "EUR/year", PM, "EURPerYear", EurosPerYear, Amount, None;
    "GBP/year", PM, "GBPPerYear", PoundsPerYear, Amount, None;
    "CNY/year", PM, "CNYPerYear", YuanPerYear, Amount, None;
    "JPY/year", PM, "JPYPerYear", YenPerYear, Amount, None;
}

/// The active codes of ISO 4217, without funds and testing codes.
const CURRENCIES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG";

/// A unit: a currency by its ISO 4217 code, or one of the named units.
///
/// ```
/// use powermap::model::{Measure, Unit};
/// let (unit, scale) = Unit::parse_scaled("USD_bn").unwrap();
/// assert_eq!((unit.code(), scale), ("USD", 1e9));
/// assert_eq!("GW".parse::<Unit>().unwrap().measure(), Measure::Capacity);
/// assert!("gigabucks".parse::<Unit>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// A currency.
    Currency(&'static str),
    /// Any other unit.
    Named(&'static NamedUnit),
}

/// The words for thousands and more, and what they stand for.
const SCALES: [(&str, f64); 4] = [("k", 1e3), ("mn", 1e6), ("bn", 1e9), ("tn", 1e12)];

impl Unit {
    /// US dollars.
    pub const USD: Self = Self::Currency("USD");

    /// Returns percent, of the capital unless it is said of what.
    pub fn percent() -> Option<Self> {
        Self::named().find(|unit| unit.measure() == Measure::Share)
    }

    /// Returns percent of a right, where this is percent.
    ///
    /// ```
    /// use powermap::model::{Measure, Right, Unit};
    /// let percent = "percent".parse::<Unit>()?;
    /// let votes = percent.of_right(Right::Votes).ok_or("percent is a share")?;
    /// assert_eq!((votes.measure(), votes.right()), (Measure::Votes, Some(Right::Votes)));
    /// assert_eq!(Unit::USD.of_right(Right::Votes), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_right(self, right: Right) -> Option<Self> {
        let is_percent = self.measure() == Measure::Share;
        let of_measure = |unit: &Self| unit.measure() == Measure::of(right);
        Self::named().find(of_measure).filter(|_| is_percent)
    }

    /// Returns the right that percent are percent of; nothing for other units.
    pub fn right(self) -> Option<Right> {
        let measure = self.measure();
        Right::ALL
            .iter()
            .copied()
            .find(|right| Measure::of(*right) == measure)
    }

    /// Returns every unit that is no currency.
    pub fn named() -> impl Iterator<Item = Self> {
        NAMED.iter().map(Self::Named)
    }

    /// Returns the code used in CSV files and on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::Currency(code) => code,
            Self::Named(unit) => unit.code,
        }
    }

    /// Returns what it measures.
    pub fn measure(self) -> Measure {
        match self {
            Self::Currency(_) => Measure::Amount,
            Self::Named(unit) => unit.measure,
        }
    }

    /// Returns the symbol to print after a number (before it, for the dollar).
    pub fn symbol(self, lang: Lang) -> &'static str {
        let message = match self {
            Self::Currency("USD") => Message::UsDollars,
            Self::Currency("CNY") => Message::Yuan,
            Self::Currency("EUR") => Message::Euros,
            Self::Currency("GBP") => Message::Pounds,
            Self::Currency("JPY") => Message::Yen,
            Self::Currency(code) => return code,
            Self::Named(unit) => unit.symbol,
        };
        message.text(lang)
    }

    /// Returns the IRI that stands for it in RDF.
    pub fn iri(self) -> NamedNode {
        match self {
            Self::Currency(code) => NamedNode::new_unchecked(format!("{CUR}{code}")),
            Self::Named(unit) => {
                NamedNode::new_unchecked(format!("{}{}", unit.namespace, unit.local))
            }
        }
    }

    /// Returns the unit that an IRI stands for.
    pub fn from_iri(iri: &str) -> Option<Self> {
        if let Some(code) = iri.strip_prefix(CUR) {
            return currency(code).map(Self::Currency);
        }
        NAMED
            .iter()
            .find(|unit| {
                iri.strip_prefix(unit.namespace)
                    .is_some_and(|local| local == unit.local)
            })
            .map(Self::Named)
    }

    /// Reads a code with an optional scale (`USD_bn`, and `USD bn` or `bn USD` as people write it) or a known IRI.
    ///
    /// # Errors
    /// [`ModelError::Unit`] with what is expected.
    pub fn parse_scaled(text: &str) -> Result<(Self, f64), ModelError> {
        let text = text.trim();
        let scale = |word: &str| {
            SCALES
                .iter()
                .find(|(name, _)| *name == word)
                .map(|(_, scale)| *scale)
        };
        let after = text
            .rsplit_once(['_', ' '])
            .and_then(|(code, word)| Some((code, scale(word)?)));
        let before = || {
            text.split_once(' ')
                .and_then(|(word, code)| Some((code, scale(word)?)))
        };
        let (code, scale) = after.or_else(before).unwrap_or((text, 1.0));
        let code = code.trim();
        // The scale is that of the currency: USD_bn/year.
        if let Some((currency, factor)) = code
            .strip_suffix("/year")
            .filter(|currency| currency.contains(['_', ' ']))
            .and_then(|currency| Self::parse_scaled(currency).ok())
        {
            let yearly = Self::parse_scaled(&format!("{}/year", currency.code()))?.0;
            return Ok((yearly, scale * factor));
        }
        let unit = currency(code)
            .map(Self::Currency)
            .or_else(|| NAMED.iter().find(|unit| unit.code == code).map(Self::Named))
            .or_else(|| {
                crate::model::vocabulary::expand(code).and_then(|iri| Self::from_iri(iri.as_str()))
            });
        unit.map(|unit| (unit, scale))
            .ok_or_else(|| ModelError::Unit {
                text: text.to_owned(),
                expected: suggestion(code),
            })
    }

    /// The unit that this one converts to at a fixed rate, and the rate: `MW` to `(GW, 0.001)`.
    ///
    /// A unit without such a one is its own base at rate 1. Currencies have no fixed rates.
    pub fn base(self) -> (Self, f64) {
        if let Self::Named(unit) = self
            && let Some((code, nano)) = unit.base
            && let Some(base) = NAMED.iter().find(|unit| unit.code == code)
        {
            return (Self::Named(base), nano as f64 / 1e9);
        }
        (self, 1.0)
    }
}

/// Returns the known code equal to the given one.
fn currency(code: &str) -> Option<&'static str> {
    if code.len() != 3 {
        return None;
    }
    CURRENCIES.split(' ').find(|known| *known == code)
}

/// Returns what to try in place of an unknown unit: the same in other letters, else the usual ones.
fn suggestion(code: &str) -> String {
    let same = CURRENCIES
        .split(' ')
        .chain(NAMED.iter().map(|unit| unit.code))
        .find(|known| known.eq_ignore_ascii_case(code));
    match same {
        Some(known) => format!("{known} (units are case-sensitive)"),
        None => {
            let codes: Vec<_> = NAMED.iter().map(|unit| unit.code).collect();
            format!(
                "an ISO 4217 code such as USD or EUR, or one of {}, with an optional scale _k, _mn, _bn or _tn",
                codes.join(", ")
            )
        }
    }
}

impl FromStr for Unit {
    type Err = ModelError;

    fn from_str(text: &str) -> Result<Self, ModelError> {
        match Self::parse_scaled(text)? {
            (unit, 1.0) => Ok(unit),
            _ => Err(ModelError::Unit {
                text: text.to_owned(),
                expected: "a unit without a scale here".to_owned(),
            }),
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
