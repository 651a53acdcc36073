//! The texts of the public pages: every one is there in both languages, is used and is shown.

use entities::enums::{
    AgencyChangeKind, CertificateKind, ComplaintCategory, ComplaintState, ShowingKind,
};

use super::error_page::Problem;
use super::feedback_page::Notice;
use super::frame::TEXTS;
use super::help::HelpPage;
use super::test_pages::{all_pages, links, text_of, verdicts};
use crate::platform::texts::Locale;

/// Every text a template or the code asks for, with the arguments it is given.
fn ids() -> Vec<String> {
    let templates = [
        include_str!("../../templates/verification/base.html"),
        include_str!("../../templates/verification/verdict.html"),
        include_str!("../../templates/verification/help.html"),
        include_str!("../../templates/verification/error.html"),
        include_str!("../../templates/verification/calls.html"),
        include_str!("../../templates/verification/icon.html"),
        include_str!("../../templates/verification/lookup.html"),
        include_str!("../../templates/verification/feedback.html"),
        include_str!("../../templates/verification/receipt.html"),
        include_str!("../../templates/verification/ask_receipt.html"),
        include_str!("feedback_page.rs"),
        include_str!("receipt_page.rs"),
        include_str!("../../templates/verification/record.html"),
        include_str!("lookup_page.rs"),
        include_str!("party_side.rs"),
        include_str!("record_page.rs"),
        include_str!("page.rs"),
        include_str!("frame.rs"),
    ];
    let mut ids = Vec::new();
    for source in templates {
        for opening in ["text(\"", "text_with_domain(\"", "fixed(\"", "fact(\"", "chinese(\""] {
            for rest in source.split(opening).skip(1) {
                ids.push(rest.split('"').next().unwrap().to_owned());
            }
        }
    }
    for verdict in verdicts() {
        ids.extend(["verdict", "advice"].map(|part| format!("{part}-{}", verdict.code())));
    }
    ids.push("advice-NOT_YET_VALID-undated".into());
    ids.push("succession-ABOLISH-ended".into());
    let named = AgencyChangeKind::all().filter(|kind| *kind != AgencyChangeKind::Move);
    ids.extend(named.map(|kind| format!("succession-{}", kind.code())));
    ids.extend(ShowingKind::all().map(|kind| format!("showing-kind-{}", kind.code())));
    ids.extend(CertificateKind::all().map(|kind| format!("kind-{}", kind.code())));
    ids.extend(feedback_ids());
    for problem in Problem::ALL {
        ids.extend(["problem", "problem-advice"].map(|part| format!("{part}-{}", problem.code())));
    }
    ids
}

/// What the form and the pages about a number put together.
fn feedback_ids() -> Vec<String> {
    let mut ids: Vec<String> = ["content", "discontent", "yes", "no", "unknown"]
        .into_iter()
        .chain(["unit", "unit-hint", "text", "text-hint", "contact", "contact-hint"])
        .chain(["satisfied", "shown", "two_officers", "polite", "fees_asked"])
        .chain([
            "too-long",
            "control",
            "missing-satisfied",
            "missing-category",
            "missing-unit",
            "missing-text",
        ])
        .map(|part| format!("feedback-{part}"))
        .collect();
    ids.extend(Notice::ALL.map(|notice| format!("feedback-notice-{}", notice.code())));
    ids.extend(ComplaintCategory::all().map(|c| format!("feedback-category-{}", c.code())));
    let of_complaints = ComplaintState::all().filter(|s| *s != ComplaintState::Proposed);
    ids.extend(of_complaints.map(|state| format!("state-{}", state.code())));
    ids.extend(["NONE", "WAITING", "RELEASED"].map(|word| format!("state-{word}")));
    ids.extend(["state-released-note", "state-waiting-note", "state-provisional"].map(Into::into));
    ids.extend(["state-number-missing", "state-number-mistyped"].map(Into::into));
    ids.extend(
        ["received-on", "desk", "ended-on", "due-on", "extended", "reasons", "channel"]
            .map(|part| format!("state-{part}")),
    );
    ids
}

/// The ids a source defines.
fn defined(source: &str) -> Vec<&str> {
    source
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" = ").map(|(id, _)| id))
        .collect()
}

#[test]
fn every_text_exists_in_both_languages_and_is_used() {
    let args = [("asof", "A"), ("date", "D"), ("time", "T"), ("phone", "P"), ("domain", "H")];
    let args = [&args[..], &[("from", "F"), ("until", "U"), ("most", "M")]].concat();
    let args = [&args[..], &[("from", "F"), ("until", "U"), ("verdict", "V")]].concat();
    let used = ids();
    for locale in Locale::ALL {
        for id in &used {
            assert!(TEXTS.try_text(locale, id, &args).is_some(), "{} {id}", locale.tag());
        }
    }
    let zh_cn = defined(include_str!("verification.zh-CN.ftl"));
    assert_eq!(zh_cn, defined(include_str!("verification.en.ftl")), "the same texts, in one order");
    for id in zh_cn.into_iter().filter(|id| !id.starts_with("help-") || *id == "help-link") {
        assert!(used.iter().any(|used| used == id), "{id} is used nowhere");
    }
}

#[test]
fn no_page_shows_the_name_of_a_text() {
    let zh_cn = defined(include_str!("verification.zh-CN.ftl"));
    for (name, html) in all_pages() {
        let text = text_of(&html);
        for id in &zh_cn {
            assert!(!text.lines().any(|line| line == *id), "{name}: {id}");
        }
    }
    // And the other way: no sentence of the help is left out.
    for locale in Locale::ALL {
        let help = text_of(&HelpPage { locale, links: links(locale) }.render());
        for id in zh_cn.iter().filter(|id| id.starts_with("help-") && **id != "help-link") {
            let text = TEXTS.text(locale, id, &[("domain", "yz.example.gov.cn")]);
            assert!(help.contains(&text), "{id}");
        }
    }
}
