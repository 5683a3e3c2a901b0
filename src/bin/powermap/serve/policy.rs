//! What a page that is written whole may do, by the hashes of the scripts in it.

use sha2::{Digest, Sha256};

/// Returns what a page may do: run the scripts that stand in it as they are, and load nothing.
pub(super) fn policy_of_page(text: &str) -> String {
    let hashes: Vec<String> = elements(text, "script")
        .map(|script| format!("'sha256-{}'", base64(&Sha256::digest(script))))
        .collect();
    let scripts = match hashes.is_empty() {
        true => "'none'".to_owned(),
        false => hashes.join(" "),
    };
    format!(
        "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data: blob:; frame-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    )
}

/// Returns what stands in the elements of a name that are scripts by their type.
fn elements<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = &'t str> {
    let open = format!("<{name}");
    let close = format!("</{name}>");
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let at = rest.find(&open)?;
            let (attributes, after) = rest[at + open.len()..].split_once('>')?;
            let (inside, after) = after.split_once(close.as_str())?;
            rest = after;
            if !attributes.contains("application/json") {
                return Some(inside);
            }
        }
    })
}

/// Returns bytes in base64, as policies have hashes.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let number = group
            .iter()
            .fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        let number = number << (8 * (3 - group.len()));
        for place in 0..4 {
            match place <= group.len() {
                true => text.push(char::from(
                    DIGITS[(number >> (18 - 6 * place)) as usize & 63],
                )),
                false => text.push('='),
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_of_scripts_are_those_that_browsers_compute() {
        for (bytes, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
        ] {
            assert_eq!(base64(bytes.as_bytes()), expected);
        }
        let page = "<script type=\"application/json\">{}</script><script>alert('x')</script>";
        let scripts: Vec<_> = elements(page, "script").collect();
        assert_eq!(scripts, ["alert('x')"]);
        assert!(policy_of_page("<p>").contains("script-src 'none'"));
        assert!(policy_of_page(page).contains("script-src 'sha256-"));
    }
}
