//! The parameters of an address or a form.

use crate::serve::problem::Problem;
use axum::http::{HeaderMap, header};

/// The mark that stands for bytes that are no text.
const NO_TEXT: char = '\u{fffd}';

/// Returns the pairs of name and value of a query string or a form.
pub(super) fn pairs(text: &str) -> Result<Vec<(String, String)>, Problem> {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect();
    let has_mark =
        |(name, value): &(String, String)| name.contains(NO_TEXT) || value.contains(NO_TEXT);
    // The mark itself may be meant.
    let is_meant = text.contains(NO_TEXT) || text.to_ascii_uppercase().contains("%EF%BF%BD");
    if !is_meant && pairs.iter().any(has_mark) {
        return Err(Problem::bad_request("the parameters are not UTF-8"));
    }
    Ok(pairs)
}

/// Returns the values of a name, and takes them out.
pub(super) fn take_all(pairs: &mut Vec<(String, String)>, name: &str) -> Vec<String> {
    let (found, rest): (Vec<_>, Vec<_>) = pairs.drain(..).partition(|(known, _)| known == name);
    *pairs = rest;
    found.into_iter().map(|(_, value)| value).collect()
}

/// Returns the only value of a name, if there is one, and takes it out.
pub(super) fn take_one(
    pairs: &mut Vec<(String, String)>,
    name: &str,
) -> Result<Option<String>, Problem> {
    let mut found = take_all(pairs, name);
    match found.len() {
        0 | 1 => Ok(found.pop()),
        count => Err(Problem::bad_request(format!(
            "{name} was given {count} times: expected once"
        ))),
    }
}

/// The media type of a body, in small letters, without its parameters; `None` where there is none.
///
/// # Errors
/// A charset other than UTF-8.
pub(super) fn media_type(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return Ok(None);
    };
    let value = value.to_str().unwrap_or_default().to_ascii_lowercase();
    let mut parts = value.split(';').map(str::trim);
    let media = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        if let Some(charset) = part.strip_prefix("charset=")
            && !["utf-8", "utf8", "us-ascii"].contains(&charset.trim_matches('"'))
        {
            let detail = format!("the charset {charset} is not read: expected UTF-8");
            return Err(Problem::new(
                axum::http::StatusCode::UNSUPPORTED_MEDIA_TYPE,
                detail,
            ));
        }
    }
    Ok(Some(media))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_decoded_and_have_to_be_text() {
        let mut found = pairs("a=1+2&b=%E6%A3%8B&a=%26&flag").unwrap();
        assert_eq!(take_all(&mut found, "a"), ["1 2", "&"]);
        assert_eq!(take_one(&mut found, "b").unwrap().as_deref(), Some("棋"));
        assert_eq!(found, [("flag".to_owned(), String::new())]);
        assert!(pairs("a=%ff").is_err());
        assert!(pairs("a=%EF%BF%BD").is_ok());
        assert!(take_one(&mut pairs("a=1&a=2").unwrap(), "a").is_err());
    }
}
