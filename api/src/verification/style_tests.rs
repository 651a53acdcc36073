//! The colours of the style sheet, judged by the contrast formula of WCAG 2.2.

use super::frame::STYLE;

/// Relative luminance (WCAG 2.2) of `#rgb` or `#rrggbb`.
fn luminance(colour: &str) -> f64 {
    let digits = colour.trim_start_matches('#');
    let wide = match digits.len() {
        3 => digits.chars().flat_map(|c| [c, c]).collect(),
        _ => digits.to_owned(),
    };
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&wide[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn declared<'a>(rule: &'a str, property: &str) -> Option<&'a str> {
    rule.split(';').find_map(|declaration| {
        let (name, value) = declaration.split_once(':')?;
        let value = value.trim().trim_end_matches("!important");
        (name.trim() == property && value.starts_with('#')).then_some(value)
    })
}

#[test]
fn text_has_contrast_enough() {
    assert!((contrast("#000", "#ffffff") - 21.0).abs() < 1e-9);
    let mut pairs = 0;
    for rule in STYLE.split('}') {
        let (selector, declarations) = rule.rsplit_once('{').unwrap_or_default();
        let (text, ground) =
            (declared(declarations, "color"), declared(declarations, "background"));
        if let (Some(text), Some(ground)) = (text, ground) {
            let ratio = contrast(text, ground);
            assert!(ratio >= 4.5, "{selector}: {text} on {ground} is {ratio:.2}");
            pairs += 1;
        } else {
            // A text colour without its ground could not be judged here.
            assert!(text.is_none() || selector.trim() == "a", "{selector}");
        }
    }
    assert!(pairs >= 12, "{pairs}");
    // Body text and links also stand on the white sections; borders and shapes need 3 to 1.
    for (colour, ground, least) in [
        ("#1b2733", "#ffffff", 4.5),
        ("#12407a", "#ffffff", 4.5),
        ("#b35900", "#ffffff", 3.0),
        ("#b35900", "#eef2f6", 3.0),
        ("#ffffff", "#12407a", 3.0),
    ] {
        let ratio = contrast(colour, ground);
        assert!(ratio >= least, "{colour} on {ground} is {ratio:.2}");
    }
}
