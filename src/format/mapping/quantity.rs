//! The amounts of a row, in the units of their cells, columns and rows.

use crate::format::mapping::amounts::{Amount, End, Unread, amount};
use crate::format::mapping::file::{ColumnMapping, NUMBERS};
use crate::format::mapping::row::RowReader;
use crate::format::mapping::sheets::Value;
use crate::model::unit::Unit;

impl<'r> RowReader<'r, '_> {
    pub(super) fn amount(&mut self, position: usize, column: &'r ColumnMapping, cell: &Value) {
        let text = cell.text();
        let read = match cell {
            Value::Number(_) | Value::Shown(_) => amount(&text, Some(NUMBERS[0].1)),
            _ => amount(&text, column.marks),
        };
        let found = match read {
            Ok(found) => found,
            Err(Unread::Nothing) => return self.nothing.push(position),
            Err(Unread::Ambiguous(one, other)) => {
                let message = format!("'{text}' is {one} or {other}");
                let [(point, _), (comma, _)] = NUMBERS;
                let hint =
                    format!("say in the mapping which: numbers = \"{point}\" or \"{comma}\"");
                return self.fault(Some(position), message, Some(hint));
            }
            Err(Unread::Wrong) => {
                let marks = NUMBERS
                    .iter()
                    .find(|(_, marks)| Some(*marks) == column.marks);
                let example = marks.map_or(NUMBERS[0].0, |(name, _)| name);
                let message =
                    format!("'{text}' is no amount: expected a number such as {example}, or $5bn");
                return self.fault(Some(position), message, None);
            }
        };
        match self.scaled(column, &found) {
            Ok((code, power)) => self.put_amount(position, column, found, code, power),
            Err((message, hint)) => self.fault(Some(position), message, Some(hint.to_owned())),
        }
    }

    /// Returns the unit of an amount and the power of ten of its scale.
    fn scaled(
        &self,
        column: &ColumnMapping,
        found: &Amount,
    ) -> Result<(&'static str, i32), (String, &'static str)> {
        let of_row = self
            .claims
            .get(column.claim.as_str())
            .and_then(|cells| cells.get("unit"));
        let of_row = of_row.or_else(|| {
            self.claims
                .get("")?
                .get("unit")
                .filter(|_| column.unit.is_none())
        });
        let of_row = of_row.and_then(|text| match text.split_once('e') {
            Some((code, power)) if power.parse::<i32>().is_ok() => {
                Some((code.parse::<Unit>().ok()?.code(), power.parse().ok()?))
            }
            _ => {
                let (unit, scale) = Unit::parse_scaled(text).ok()?;
                Some((unit.code(), scale.log10().round() as i32))
            }
        });
        let of_column = column.unit.or(of_row);
        let power = of_column.map_or(0, |(_, power)| power);
        let code = match (found.unit, of_column) {
            (Some("?"), Some((code @ ("CNY" | "JPY"), _))) => code,
            (Some("?"), _) => {
                let message = "the sign is that of the yen and of the yuan".to_owned();
                return Err((
                    message,
                    "say in the mapping which: unit = \"CNY\" or \"JPY\"",
                ));
            }
            (Some(own), Some((code, _))) => {
                let measure = |code: &str| code.parse::<Unit>().ok().map(Unit::measure);
                if measure(own) != measure(code) {
                    let message = format!("the cell is in {own}, and the column in {code}");
                    return Err((
                        message,
                        "correct the cell, or the unit of the column in the mapping",
                    ));
                }
                // "$30" in a column of millions of dollars is one of these; of what is in another unit, nobody knows.
                let has_scale = power != 0 || column.factor != 1.0;
                if found.power.is_none()
                    && has_scale
                    && !is_part(own)
                    && (own != code || found.is_word)
                {
                    let message = format!(
                        "the cell is in {own} and the column in multiples of {code}, so that it is not known whether the cell is"
                    );
                    return Err((message, "write the scale in the cell, such as $5m"));
                }
                own
            }
            (Some(own), None) => own,
            (None, Some((code, _))) => code,
            (None, None) => {
                let message = "the number has no unit".to_owned();
                return Err((message, "say it in the mapping: unit = \"USD_mn\""));
            }
        };
        Ok((code, found.power.unwrap_or(power)))
    }

    fn put_amount(
        &mut self,
        position: usize,
        column: &'r ColumnMapping,
        found: Amount,
        code: &'static str,
        power: i32,
    ) {
        let claim = column.claim.as_str();
        // "50%" is no fraction, whatever the other cells are.
        let factor = if found.power.is_some() || found.unit.is_some_and(is_part) {
            1.0
        } else {
            column.factor
        };
        let digits = |end: &End| scaled_digits(&end.digits, power, factor);
        let sign = |end: &End, sign: &str| match end.is_exclusive {
            true => format!("{sign}{}", digits(end)),
            false => digits(end),
        };
        let name = column.column.as_str();
        let (lower, upper) = (found.lower.as_ref(), found.upper.as_ref());
        let known = self.claims.get(claim).and_then(|cells| cells.get("unit"));
        let is_other = known.is_some_and(|known| known != code) && name != "amount";
        let other_end = if name == "lower" { "upper" } else { "lower" };
        let has_other = self
            .claims
            .get(claim)
            .is_some_and(|cells| cells.contains_key(other_end));
        if is_other && has_other {
            let message = "the two bounds are in different units".to_owned();
            return self.fault(Some(position), message, None);
        }
        match (name, lower, upper) {
            ("amount", Some(one), Some(other)) if one == other => {
                self.put(claim, "amount", digits(one));
            }
            ("amount", lower, upper) => {
                if let Some(lower) = lower {
                    self.put(claim, "lower", sign(lower, ">"));
                }
                if let Some(upper) = upper {
                    self.put(claim, "upper", sign(upper, "<"));
                }
            }
            ("lower", Some(end), _) => self.put(claim, "lower", sign(end, ">")),
            (_, _, Some(end)) if name == "upper" => self.put(claim, "upper", sign(end, "<")),
            _ => {
                let message = format!("the cell has no {name} bound");
                return self.fault(Some(position), message, None);
            }
        }
        self.put(claim, "unit", code.to_owned());
        let has_place = self
            .sheet
            .table
            .columns()
            .read()
            .any(|name| name == "approximate");
        if found.is_approximate && has_place {
            self.put(claim, "approximate", "yes".to_owned());
        }
    }
}

/// Returns whether a unit is that of a part of a whole.
fn is_part(code: &str) -> bool {
    code.starts_with("percent")
}

/// Returns the digits of a number times a power of ten and a factor.
fn scaled_digits(digits: &str, power: i32, factor: f64) -> String {
    let exponent = factor.log10();
    let (digits, power) = if exponent.fract() == 0.0 {
        (digits.to_owned(), power + exponent as i32)
    } else {
        let number: f64 = digits.parse().unwrap_or(f64::NAN);
        ((number * factor).to_string(), power)
    };
    if power == 0 {
        return digits;
    }
    match digits.split_once('e') {
        Some((mantissa, own)) => {
            let own: i32 = own.parse().unwrap_or(0);
            format!("{mantissa}e{}", own.saturating_add(power))
        }
        None => format!("{digits}e{power}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_added_to_the_digits() {
        assert_eq!(scaled_digits("0.1", 9, 1.0), "0.1e9");
        assert_eq!(scaled_digits("3", 0, 1e4), "3e4");
        assert_eq!(scaled_digits("0.25", 0, 100.0), "0.25e2");
        assert_eq!(scaled_digits("2", 0, 1.5), "3");
        assert_eq!(scaled_digits("1e3", 6, 1.0), "1e9");
        assert_eq!(scaled_digits("5", 0, 1.0), "5");
    }
}
