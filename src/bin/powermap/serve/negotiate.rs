//! Which of several forms of an answer a client likes best, by its Accept header (RFC 9110, §12.5.1).

use axum::http::{HeaderMap, header};

/// Returns the offer that the Accept header likes best, the first one of those it likes alike; `None` where it takes none of
/// them. Offers are media types; without a header all are liked alike.
pub(super) fn choose<'o>(headers: &HeaderMap, offers: &[&'o str]) -> Option<&'o str> {
    let values = headers.get_all(header::ACCEPT).iter();
    let accept: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
    let ranges = accept.iter().flat_map(|value| value.split(','));
    let ranges: Vec<(String, f64)> = ranges.filter_map(range).collect();
    if ranges.is_empty() {
        return offers.first().copied();
    }
    let mut best: Option<(&str, f64)> = None;
    for offer in offers {
        let quality = quality(&ranges, offer);
        if quality > 0.0 && best.is_none_or(|(_, most)| quality > most) {
            best = Some((offer, quality));
        }
    }
    best.map(|(offer, _)| offer)
}

/// Reads a media range and its quality.
fn range(text: &str) -> Option<(String, f64)> {
    let mut parts = text.split(';').map(str::trim);
    let range = parts.next()?.to_ascii_lowercase();
    if range.is_empty() {
        return None;
    }
    let quality = parts.find_map(|part| part.strip_prefix("q="));
    let quality = quality.map_or(1.0, |text| text.parse().unwrap_or(0.0));
    Some((range, f64::clamp(quality, 0.0, 1.0)))
}

/// Returns how much an offer is liked: by the range that fits it most closely.
fn quality(ranges: &[(String, f64)], offer: &str) -> f64 {
    let offer = offer.split(';').next().unwrap_or_default();
    let group = offer.split('/').next().unwrap_or_default();
    let fit = |range: &str| {
        if range == offer {
            3
        } else if range.strip_suffix("/*") == Some(group) {
            2
        } else {
            u8::from(range == "*/*" || range == "*")
        }
    };
    let fitting = ranges.iter().map(|(range, quality)| (fit(range), quality));
    let closest = fitting
        .filter(|(fit, _)| *fit > 0)
        .max_by_key(|(fit, _)| *fit);
    closest.map_or(0.0, |(_, quality)| *quality)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_best_offer_is_chosen() {
        let offers = ["application/json", "text/csv", "text/turtle"];
        for (accept, expected) in [
            ("*/*", Some("application/json")),
            ("text/*", Some("text/csv")),
            (
                "text/turtle;q=0.9, text/csv;q=0.8, */*;q=0.1",
                Some("text/turtle"),
            ),
            ("application/json;q=0, */*;q=0.5", Some("text/csv")),
            ("image/png", None),
            ("TEXT/CSV;q=0.5,application/json;q=0.4", Some("text/csv")),
            ("text/csv;q=x", None),
            ("", Some("application/json")),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_str(accept).unwrap());
            assert_eq!(choose(&headers, &offers), expected, "{accept}");
        }
        assert_eq!(choose(&HeaderMap::new(), &offers), Some("application/json"));
    }
}
