//! Text as people type it: widths, spaces and invisible characters mended, and names brought to
//! the form in which they are compared.

use unicode_normalization::UnicodeNormalization;

/// Full width to half, invisible characters away, runs of spaces to one, none at the ends.
/// Han punctuation that a list is separated by keeps its meaning. Idempotent.
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(width) {
        if is_space(c) {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !c.is_control() && !is_invisible(c) {
            out.push(c);
        }
    }
    out.truncate(out.trim_end_matches(' ').len());
    out
}

/// Without any space at all.
pub fn compact(text: &str) -> String {
    tidy(text).replace(' ', "")
}

/// Whether a text of several lines has a control character that is neither a line break nor a tab.
/// No database column of text takes U+0000, and no reader shows the others.
pub fn has_control(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// Characters that turn the direction of what follows: they would show another text than is there.
pub const fn is_bidi(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A person's name as it is compared with another writing of it: composed (NFC), so that a
/// compatibility form of a rare character is the character; without spaces and variation
/// selectors; one kind of dot; small letters.
pub fn name_as_compared(name: &str) -> String {
    let composed: String = name.nfc().collect();
    tidy(&composed)
        .chars()
        .filter(|c| *c != ' ' && !is_variation_selector(*c))
        .map(|c| if is_dot(c) { '·' } else { c })
        .flat_map(char::to_lowercase)
        .collect()
}

/// A dot as it is typed within a name.
pub fn is_dot(c: char) -> bool {
    matches!(c, '·' | '•' | '.' | '・' | '･' | '‧' | '∙' | '⋅' | '●')
}

/// Han, with the extensions and the private characters that rare names are typed with.
pub fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{e000}'..='\u{f8ff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' | '〇' | '々')
}

/// The half-width form of full-width ASCII; all else stays, so that no rare character of a name
/// is exchanged for its compatibility form.
fn width(c: char) -> impl Iterator<Item = char> {
    let half = matches!(c, '\u{ff01}'..='\u{ff5e}');
    let (mapped, kept) = if half { (Some(c), None) } else { (None, Some(c)) };
    mapped.into_iter().nfkc().chain(kept)
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '\u{3164}'
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{00ad}')
}

fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_however_it_is_typed() {
        for (typed, written) in [
            (" 王　伟 ", "王伟"),
            ("阿依古丽•买买提", "阿依古丽·买买提"),
            ("阿依古丽．买买提", "阿依古丽·买买提"),
            ("阿依古丽 . 买买提", "阿依古丽·买买提"),
            ("ＡＢＣ def", "abc DEF"),
            ("王\u{200b}伟\u{e0100}", "王伟"),
            // A compatibility ideograph and the character it stands for.
            ("\u{fa15}", "\u{51de}"),
            ("\u{2f81a}", "\u{51ac}"),
            // A letter and its mark, apart and composed.
            ("Jose\u{301}", "José"),
        ] {
            assert_eq!(name_as_compared(typed), name_as_compared(written), "{typed} {written}");
        }
        for (one, other) in [("王伟", "汪伟"), ("王伟", "王伟伟"), ("", "王"), ("𠮷", "吉")]
        {
            assert_ne!(name_as_compared(one), name_as_compared(other), "{one} {other}");
        }
    }
}
