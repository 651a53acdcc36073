//! Every code has a text in both languages with the arguments it promises, and no more.

use crate::imports::findings::{FindingCode, TEXTS};
use crate::imports::reader::FileErrorCode;
use crate::platform::texts::Locale;

#[test]
fn every_code_has_its_text_in_every_language() {
    let findings = FindingCode::ALL.iter().map(|c| (c.code(), c.args(), true));
    let files = FileErrorCode::ALL.iter().map(|c| (c.code(), c.args(), false));
    for (code, names, heading) in findings.chain(files) {
        assert!(code.chars().all(|c| c.is_ascii_uppercase() || c == '_'), "{code}");
        let mut args: Vec<(&str, &str)> = names.iter().map(|n| (*n, "甲乙丙")).collect();
        if heading {
            args.push(("heading", "列"));
        }
        for locale in Locale::ALL {
            let text = TEXTS.try_text(locale, code, &args);
            let text = text.unwrap_or_else(|| panic!("{code} in {}", locale.tag()));
            let used = text.matches("甲乙丙").count();
            assert_eq!(used, names.len(), "{code} in {}: {text}", locale.tag());
        }
    }
    assert_eq!(TEXTS.text(Locale::En, "fix", &[("fix", "x")]), " Suggested: x.");
}
