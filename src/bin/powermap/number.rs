//! Numbers among the arguments: one way to read them, and to say what was expected.

use powermap::analysis;
use powermap::model::generate::SKEW_MAX;
use std::time::Duration;

/// Reads a whole number within bounds.
pub(crate) fn whole<T: TryFrom<u64>>(
    least: u64,
    most: u64,
    example: &'static str,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static {
    move |text| {
        let number = analysis::whole(text, least, most).and_then(|number| number.try_into().ok());
        number.ok_or_else(|| {
            let between = analysis::between(least, most);
            format!("expected {between}, such as {example}")
        })
    }
}

/// Reads a number with a decimal point.
fn decimal(
    text: &str,
    fits: impl Fn(f64) -> bool,
    expected: impl FnOnce() -> String,
) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number| fits(*number));
    number.ok_or_else(|| format!("expected {}", expected()))
}

/// Reads a number above 0 of something, which may be `""`.
fn above_zero(text: &str, of: &str, examples: &str) -> Result<f64, String> {
    let fits = |number: f64| number.is_finite() && number > 0.0;
    decimal(text, fits, || {
        format!("a number{of} above 0, such as {examples}")
    })
}

/// Reads an amount of memory.
pub(crate) fn bytes(text: &str) -> Result<usize, String> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let factor = match unit.trim_start().to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "kb" => 1e3,
        "mb" => 1e6,
        "gb" => 1e9,
        "tb" => 1e12,
        "kib" => 1024.0,
        "mib" => f64::from(1 << 20),
        "gib" => f64::from(1 << 30),
        "tib" => 1024.0 * f64::from(1 << 30),
        _ => f64::NAN,
    };
    let fits = |number: f64| (1.0..1e18).contains(&(number * factor));
    let number = decimal(number, fits, || {
        "an amount of memory, such as 512MiB or 8GiB (B, kB, MB, GB, TB, KiB, MiB, GiB, TiB)"
            .to_owned()
    })?;
    Ok((number * factor) as usize)
}

/// Reads the skew of a map that is made up.
pub(crate) fn skew(text: &str) -> Result<f64, String> {
    let fits = |number: f64| (0.0..=SKEW_MAX).contains(&number);
    decimal(text, fits, || {
        format!("a number from 0 to {SKEW_MAX}, such as 1.5")
    })
}

/// An amount of time.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = above_zero(text, " of seconds", "10 or 0.5")?;
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| "expected fewer seconds, such as 10".to_owned())
}

/// A factor of a size.
pub(crate) fn factor(text: &str) -> Result<f32, String> {
    let factor = above_zero(text, "", "2 or 0.5")?;
    Ok(factor as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_stay_inside_of_their_bounds() {
        let top = whole::<u16>(1, 256, "16");
        assert_eq!((top("1"), top("256")), (Ok(1), Ok(256)));
        for bad in ["0", "257", "-1", "1.5", "x", "", "99999999999999999999"] {
            assert_eq!(
                top(bad),
                Err("expected a whole number from 1 to 256, such as 16".to_owned()),
                "{bad}"
            );
        }
        let rows = whole::<usize>(0, u64::MAX, "100");
        assert_eq!(
            rows("many"),
            Err("expected a whole number, 0 or more, such as 100".to_owned())
        );
    }

    #[test]
    fn numbers_with_a_point_stay_inside_of_their_bounds() {
        assert_eq!(above_zero("0.5", "", "2"), Ok(0.5));
        for bad in ["0", "-1", "nan", "inf", "x"] {
            assert_eq!(
                above_zero(bad, " of seconds", "10 or 0.5"),
                Err("expected a number of seconds above 0, such as 10 or 0.5".to_owned()),
                "{bad}"
            );
        }
        for (text, expected) in [
            ("4096", 4096),
            ("1.5KiB", 1536),
            ("2gib", 2 << 30),
            ("5 MB", 5_000_000),
        ] {
            assert_eq!(bytes(text), Ok(expected));
        }
        for bad in [
            "",
            "0",
            "0.1",
            "-1",
            "MiB",
            "2 gigs",
            "1e9",
            "nan",
            "99999999TB",
        ] {
            assert!(bytes(bad).is_err(), "{bad}");
        }
        assert_eq!(skew("10"), Ok(10.0));
        for bad in ["-0.1", "10.1", "nan", "x"] {
            assert!(skew(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_time_limit_is_a_positive_number() {
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for bad in ["0", "-1", "nan", "inf", "soon"] {
            assert!(seconds(bad).is_err(), "{bad}");
        }
    }
}
