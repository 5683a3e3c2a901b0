//! Names as they are compared to find out who may be one: without what differs from one register to the next.

use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// Legal forms in scripts without spaces, the longest first.
const FORMS_WITHOUT_SPACES: &[&str] = &[
    "股份有限责任公司",
    "股份有限公司",
    "有限责任公司",
    "责任有限公司",
    "股份有限責任公司",
    "有限責任公司",
    "責任有限公司",
    "股份公司",
    "有限公司",
    "公司",
    "株式会社",
    "株式會社",
    "有限会社",
    "合同会社",
    "주식회사",
    "유한회사",
    "(株)",
    "(有)",
    "(주)",
    "㈱",
    "㈜",
];

/// Legal forms, in Latin letters without points, as they stand at the end of a name. Several words
/// first.
const FORMS: &[&[&str]] = &[
    &["gesellschaft", "mit", "beschrankter", "haftung"],
    &["sociedad", "anonima"],
    &["societe", "anonyme"],
    &["public", "limited", "company"],
    &["limited", "liability", "company"],
    &["sp", "z", "oo"],
    &["sp", "zoo"],
    &["sdn", "bhd"],
    &["s", "a"],
    &["a", "s"],
    &["s", "r", "l"],
    &["inc"],
    &["incorporated"],
    &["corp"],
    &["corporation"],
    &["co"],
    &["company"],
    &["ltd"],
    &["limited"],
    &["ltda"],
    &["limitada"],
    &["llc"],
    &["llp"],
    &["lp"],
    &["plc"],
    &["pte"],
    &["pty"],
    &["pvt"],
    &["private"],
    &["gmbh"],
    &["mbh"],
    &["ag"],
    &["aktiengesellschaft"],
    &["kg"],
    &["kgaa"],
    &["ohg"],
    &["ug"],
    &["ev"],
    &["se"],
    &["sa"],
    &["sas"],
    &["sasu"],
    &["sarl"],
    &["sca"],
    &["snc"],
    &["spa"],
    &["srl"],
    &["sl"],
    &["slu"],
    &["sau"],
    &["sab"],
    &["cv"],
    &["nv"],
    &["bv"],
    &["bvba"],
    &["sprl"],
    &["ab"],
    &["aktiebolag"],
    &["as"],
    &["asa"],
    &["aps"],
    &["oy"],
    &["oyj"],
    &["zrt"],
    &["nyrt"],
    &["kft"],
    &["sro"],
    &["doo"],
    &["dd"],
    &["ad"],
    &["ead"],
    &["ood"],
    &["eood"],
    &["ooo"],
    &["oao"],
    &["zao"],
    &["pao"],
    &["ao"],
    &["too"],
    &["tov"],
    &["jsc"],
    &["pjsc"],
    &["ojsc"],
    &["cjsc"],
    &["kk"],
    &["bhd"],
    &["tbk"],
];

/// Legal forms that stand at the beginning of a name as well.
const FORMS_IN_FRONT: &[&[&str]] = &[
    &["obshchestvo", "s", "ogranichennoi", "otvetstvennostyu"],
    &["limited", "liability", "company"],
    &["public", "joint", "stock", "company"],
    &["joint", "stock", "company"],
    &["pt"],
    &["ooo"],
    &["oao"],
    &["zao"],
    &["pao"],
    &["ao"],
    &["too"],
    &["tov"],
    &["llc"],
    &["jsc"],
    &["pjsc"],
    &["ojsc"],
    &["cjsc"],
];

/// Words for "and".
const AND: &[&str] = &["und", "et", "og", "och"];

/// What stands before the name of a person and is no part of it.
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "dr", "prof", "sir", "dame", "lord", "herr", "frau",
];

/// A name as it is compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NameKey {
    /// The letters and digits that are left, without spaces; of a person, with the words in the order of letters.
    pub(super) key: String,
    /// The legal form that was taken away.
    pub(super) form: String,
}

/// Returns a text as names are compared: canonical forms and widths of characters are one (NFKC), upper and lower case are
/// one, and spaces are single, with none outside.
pub(crate) fn folded(name: &str) -> String {
    let same_width: String = name.nfkc().collect();
    // Upper case first: ß and SS are one letter in two cases.
    let same_case: String = same_width.to_uppercase().to_lowercase().nfkc().collect();
    let words: Vec<_> = same_case.split_whitespace().collect();
    words.join(" ")
}

/// Returns whether a folded word says what legal form a firm has, and nothing of which firm it is.
pub(super) fn is_legal_form(word: &str) -> bool {
    FORMS.contains(&[word].as_slice())
}

/// Returns a folded name without the legal form that ends it in a script without spaces; a name that is nothing else stays.
pub(super) fn without_form_at_end(name: &str) -> &str {
    let mut bare = FORMS_WITHOUT_SPACES
        .iter()
        .filter_map(|form| name.strip_suffix(form));
    bare.find(|rest| !rest.is_empty()).unwrap_or(name)
}

/// Returns the keys of a name: two names that share one may be the same name. A name with letters that are written in two ways
/// in Latin ones (`ü` as `u` or `ue`) has two. A name without letters has none.
///
/// Linear in the length of the name.
pub(super) fn keys(name: &str, is_person: bool) -> BTreeSet<NameKey> {
    let folded = folded(name);
    let mut keys = BTreeSet::new();
    for text in [folded.clone(), two_letters(&folded)] {
        keys.extend(key(&text, is_person));
    }
    keys
}

/// Writes letters with marks as German, Danish and Norwegian do without them.
fn two_letters(text: &str) -> String {
    let composed: String = text.nfc().collect();
    let mut written = String::with_capacity(composed.len());
    for c in composed.chars() {
        match c {
            'ä' | 'æ' => written.push_str("ae"),
            'ö' | 'ø' | 'œ' => written.push_str("oe"),
            'ü' => written.push_str("ue"),
            'å' => written.push_str("aa"),
            _ => written.push(c),
        }
    }
    written
}

fn key(text: &str, is_person: bool) -> Option<NameKey> {
    let (text, spaceless) = match is_person {
        true => (text.to_owned(), String::new()),
        false => without_spaceless_form(text),
    };
    let latin = any_ascii::any_ascii(&text).to_lowercase();
    let mut words = words(&latin);
    let mut form = spaceless;
    if is_person {
        words.retain(|word| !TITLES.contains(&word.as_str()));
        words.sort_unstable();
    } else {
        let found = take_forms(&mut words);
        if form.is_empty() {
            form = found;
        }
        if words.len() > 1 && words[0] == "the" {
            words.remove(0);
        }
    }
    let key = words.concat();
    (!key.is_empty()).then_some(NameKey { key, form })
}

/// Returns a name without a legal form that no space stands before, and the form; as it is where nothing else is left.
fn without_spaceless_form(text: &str) -> (String, String) {
    let text = text.trim();
    for form in FORMS_WITHOUT_SPACES {
        let form: String = form.nfkc().collect();
        let rest = text
            .strip_suffix(form.as_str())
            .or_else(|| text.strip_prefix(form.as_str()));
        if let Some(rest) = rest.map(str::trim)
            && !rest.is_empty()
        {
            return (rest.to_owned(), form);
        }
    }
    (text.to_owned(), String::new())
}

/// Returns the words of a text in Latin letters: points and apostrophes are no part of a word, all else that is no letter ends one.
fn words(text: &str) -> Vec<String> {
    let text = text.replace(['.', '\'', '`', '"'], "");
    let text = text.replace(['&', '+'], " and ");
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    let words = words.map(|word| if AND.contains(&word) { "and" } else { word });
    words.map(str::to_owned).collect()
}

/// Takes the legal forms at the end of a name, or one at its beginning, and returns them. One word at least is left.
fn take_forms(words: &mut Vec<String>) -> String {
    let mut taken: Vec<String> = Vec::new();
    let is = |words: &[String], form: &[&str]| words.iter().eq(form.iter());
    loop {
        let at_end = FORMS
            .iter()
            .find(|form| words.len() > form.len() && is(&words[words.len() - form.len()..], form));
        match at_end {
            Some(form) => {
                let rest = words.split_off(words.len() - form.len());
                taken.insert(0, rest.concat());
            }
            // "GmbH & Co KG": what joined two forms goes with them.
            None if !taken.is_empty()
                && words.len() > 1
                && words.last().is_some_and(|word| word == "and") =>
            {
                words.pop();
            }
            None => break,
        }
    }
    let in_front = FORMS_IN_FRONT
        .iter()
        .find(|form| words.len() > form.len() && is(&words[..form.len()], form));
    if let Some(form) = in_front {
        let rest = words.split_off(form.len());
        taken.push(std::mem::replace(words, rest).concat());
    }
    let forms = taken.iter().map(|form| same_form(form));
    forms.collect::<Vec<_>>().join(" ")
}

/// Returns one spelling for forms that are one.
fn same_form(form: &str) -> &str {
    match form {
        "incorporated" => "inc",
        "corporation" => "corp",
        "company" => "co",
        "limited" => "ltd",
        "aktiengesellschaft" => "ag",
        "aktiebolag" => "ab",
        "gesellschaftmitbeschrankterhaftung" | "mbh" => "gmbh",
        "publiclimitedcompany" => "plc",
        "publicjointstockcompany" => "pjsc",
        "jointstockcompany" => "jsc",
        "obshchestvosogranichennoiotvetstvennostyu" => "ooo",
        "limitedliabilitycompany" => "llc",
        "sociedadanonima" | "societeanonyme" => "sa",
        "limitada" => "ltda",
        form => form,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_of(name: &str) -> String {
        let keys = keys(name, false);
        keys.first()
            .map(|one| format!("{}|{}", one.key, one.form))
            .unwrap_or_default()
    }

    #[test]
    fn what_differs_between_registers_goes() {
        assert_eq!(key_of("Acme Holdings, Ltd."), "acmeholdings|ltd");
        assert_eq!(key_of("ACME HOLDINGS LIMITED"), "acmeholdings|ltd");
        assert_eq!(
            key_of("Müller & Söhne GmbH & Co. KG"),
            "muellerandsoehne|gmbh co kg"
        );
        assert_eq!(
            key_of("深圳市腾讯计算机系统有限公司"),
            key_of("深圳市腾讯计算机系统").to_owned() + "有限公司"
        );
        assert_eq!(key_of("ООО Ромашка"), "romashka|ooo");
        assert_eq!(key_of("AG"), "ag|");
        assert_eq!(key_of("The Limited Co"), "the|ltd co");
        assert_eq!(key_of("…"), "");
    }

    #[test]
    fn persons_have_their_words_in_any_order() {
        assert_eq!(keys("Musk, Elon", true), keys("Mr. Elon Musk", true));
        assert!(keys("Müller", true).len() > 1);
    }
}
