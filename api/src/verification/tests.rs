//! The public pages, whole: their words, what they keep back and their size.

use std::io::Write as _;

use chrono::{DateTime, NaiveDate, Utc};
use entities::enums::{AgencyChangeKind, CertificateKind};

use super::error_page::{ErrorPage, Problem};
use super::frame::{STYLE, TEXTS, dial};
use super::help::HelpPage;
use super::lookup_page::{LookUpPage, Sent};
use super::page::{Card, CodeKind, Links, ShownVerdict, Succession, VerdictPage};
use super::shown_verdict::Disclosure;
use crate::platform::texts::Locale;

const PHOTO: &str = "/photos/3f2a.jpg?until=1767226200&mac=5d1c";
const PHONE: &str = "0931-8888888";
const AGENCY_PHONE: &str = "0931-6666666转2";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Every verdict, those with a date with one.
pub(super) fn verdicts() -> [ShownVerdict; 18] {
    [
        ShownVerdict::Valid,
        ShownVerdict::ValidStale { as_of: at("2026-03-02T00:10:00Z") },
        ShownVerdict::StatusUnknown,
        ShownVerdict::Expired { until: date("2025-12-31") },
        ShownVerdict::NotYetValid { from: Some(date("2026-04-01")) },
        ShownVerdict::NotYetValid { from: None },
        ShownVerdict::NotAuthorised,
        ShownVerdict::Cancelled,
        ShownVerdict::Lost,
        ShownVerdict::Invalid,
        ShownVerdict::StaleCode,
        ShownVerdict::ChallengeBound,
        ShownVerdict::PresentationMissing,
        ShownVerdict::SignatureInvalid,
        ShownVerdict::KeyCompromised,
        ShownVerdict::UnknownIssuer,
        ShownVerdict::Unreadable,
        ShownVerdict::ServiceDown,
    ]
}

pub(super) fn links(locale: Locale) -> Links {
    let (path, other) = match locale {
        Locale::ZhCn => ("help", "en"),
        Locale::En => ("help?lang=en", "zh-CN"),
    };
    Links {
        public_url: "https://yz.example.gov.cn".into(),
        other_language: format!("https://yz.example.gov.cn/v/1234?lang={other}"),
        help: format!("https://yz.example.gov.cn/{path}"),
        lookup: format!("/lookup?lang={}", locale.tag()),
    }
}

fn card() -> Card {
    Card {
        name: "马晓兰".into(),
        name_was_cut: false,
        unit: "兰州市城关区市场监督管理局".into(),
        successions: Vec::new(),
        number: "62010026018".into(),
        kind: CertificateKind::Enforcement,
        category: Some("市场监管类".into()),
        fields: vec!["市场监督管理".into(), "知识产权".into()],
        area: Some("兰州市城关区".into()),
        valid_from: date("2024-01-01"),
        valid_until: date("2028-12-31"),
        issuing_authority: "兰州市人民政府".into(),
        complaint_phone: Some(AGENCY_PHONE.into()),
        photo_url: Some(PHOTO.into()),
    }
}

/// What can become of a unit.
fn successions() -> [Vec<Succession>; 6] {
    use AgencyChangeKind::{Abolish, Merge, Rename, Split};
    let became = |on: &str, kind, name: Option<&str>| Succession {
        on: date(on),
        kind,
        name: name.map(Into::into),
    };
    let renamed = || became("2025-03-01", Rename, Some("兰州市城关区市场监管局"));
    [
        vec![renamed()],
        vec![became("2025-03-01", Merge, Some("兰州市城关区综合行政执法局"))],
        vec![became("2025-03-01", Split, Some("兰州市城关区知识产权局"))],
        vec![became("2025-03-01", Abolish, Some("兰州市市场监督管理局"))],
        vec![became("2025-03-01", Abolish, None)],
        vec![renamed(), became("2026-01-01", Merge, Some("兰州市城关区综合行政执法局"))],
    ]
}

fn changed(locale: Locale, verdict: ShownVerdict, successions: Vec<Succession>) -> VerdictPage {
    VerdictPage { card: Some(Card { successions, ..card() }), ..page(locale, verdict) }
}

/// A page of everything a careless caller could hand over.
fn page(locale: Locale, verdict: ShownVerdict) -> VerdictPage {
    VerdictPage {
        locale,
        verdict,
        card: Some(card()),
        code: CodeKind::Printed,
        checked_at: at("2026-03-02T06:05:09Z"),
        supervision_phone: Some(PHONE.into()),
        links: links(locale),
    }
}

fn shown_live() -> CodeKind {
    CodeKind::Phone { shown_at: at("2026-03-02T06:04:41Z") }
}

/// The text a person reads: no tags, no style, a line for each piece; what calls is marked.
pub(super) fn text_of(html: &str) -> String {
    let body = html.split_once("<body>").unwrap().1;
    let mut lines = Vec::new();
    for piece in body.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap();
        if let Some(picture) = tag.strip_prefix("img ") {
            lines.push(format!("[{picture}]"));
        }
        if tag.contains("data-verdict") || tag.contains("tel:") {
            lines.push(format!("[{tag}]"));
        }
        let text = text.trim();
        if !text.is_empty() {
            lines.push(text.to_owned());
        }
    }
    lines.join("\n").replace("&#39;", "'")
}

fn verdicts_text(locale: Locale) -> String {
    let pages = verdicts().map(|verdict| text_of(&page(locale, verdict).render()));
    pages.join("\n\n--------\n\n")
}

#[test]
fn every_verdict_reads_in_chinese() {
    insta::assert_snapshot!("verdicts_zh_cn", verdicts_text(Locale::ZhCn));
}

#[test]
fn every_verdict_reads_in_english() {
    insta::assert_snapshot!("verdicts_en", verdicts_text(Locale::En));
}

#[test]
fn help_and_errors_read_in_both_languages() {
    for locale in Locale::ALL {
        let mut pages = vec![text_of(&HelpPage { locale, links: links(locale) }.render())];
        for problem in Problem::ALL {
            pages.push(text_of(&ErrorPage { locale, problem, links: links(locale) }.render()));
        }
        pages.extend(look_up_pages(locale).map(|html| text_of(&html)));
        insta::assert_snapshot!(
            format!("help_and_errors_{}", locale.tag()),
            pages.join("\n\n--------\n\n")
        );
    }
}

/// The row of what became of the unit, as a person reads it.
#[test]
fn what_became_of_a_unit_reads_in_both_languages() {
    let rows = |locale| {
        let read = |successions| {
            let text = text_of(&changed(locale, ShownVerdict::Valid, successions).render());
            let unit = text.find(&card().unit).unwrap();
            let number = text.find(&TEXTS.text(locale, "label-number", &[])).unwrap();
            text[unit..number].trim().replace('\n', " | ")
        };
        successions().map(read).join("\n")
    };
    insta::assert_snapshot!("successions_zh_cn", rows(Locale::ZhCn));
    insta::assert_snapshot!("successions_en", rows(Locale::En));
}

#[test]
fn what_became_of_a_unit_is_shown_where_the_unit_is_and_nowhere_else() {
    for locale in Locale::ALL {
        for verdict in verdicts() {
            for successions in successions() {
                let names: Vec<_> = successions.iter().filter_map(|s| s.name.clone()).collect();
                let html = changed(locale, verdict, successions).render();
                let shown = verdict.row().disclosure >= Disclosure::Facts;
                for name in names {
                    assert_eq!(html.contains(&name), shown, "{verdict:?} {name}");
                }
                let label = TEXTS.text(locale, "label-succession", &[]);
                assert_eq!(html.contains(&label), shown, "{verdict:?}");
                assert_eq!(html.contains("2025"), shown, "{verdict:?}");
            }
        }
    }
}

#[test]
fn a_page_as_it_is_sent() {
    let html = page(Locale::En, ShownVerdict::Valid).render();
    insta::assert_snapshot!("valid_en_html", html.replace(STYLE, "…"));
}

/// Every fact of the card, so that a new one cannot be forgotten here.
fn facts_of(card: &Card) -> Vec<String> {
    let Card {
        name,
        name_was_cut: _,
        unit,
        // Beside the unit; tested by itself.
        successions: _,
        number,
        kind: _,
        category,
        fields,
        area,
        valid_from: _,
        valid_until: _,
        issuing_authority,
        complaint_phone,
        photo_url: _,
    } = card;
    let mut facts = vec![name.clone(), unit.clone(), number.clone()];
    facts.extend(category.clone());
    facts.extend(fields.clone());
    facts.extend(area.clone());
    facts.push(issuing_authority.clone());
    facts.extend(complaint_phone.clone());
    facts
}

#[test]
fn a_verdict_shows_of_the_certificate_what_its_row_allows_and_no_more() {
    for locale in Locale::ALL {
        for verdict in verdicts() {
            let html = page(locale, verdict).render();
            let disclosure = verdict.row().disclosure;
            for fact in facts_of(&card()) {
                assert_eq!(
                    html.contains(&fact),
                    disclosure >= Disclosure::Facts,
                    "{verdict:?} {fact}"
                );
            }
            // Where the agency's phone would tell whose the code claims to be, the deployment's is.
            assert_eq!(html.contains(PHONE), disclosure < Disclosure::Facts, "{verdict:?}");
            assert_eq!(html.contains("<dl>"), disclosure >= Disclosure::Facts, "{verdict:?}");
            assert_eq!(html.contains("2028"), disclosure >= Disclosure::Facts, "{verdict:?}");
            let photo = disclosure >= Disclosure::Photo;
            assert_eq!(html.contains("<img"), photo, "{verdict:?}");
            assert_eq!(html.contains("/photos/"), photo, "{verdict:?}");
            assert_eq!(html.contains(&TEXTS.text(locale, "photo-question", &[])), photo);
            assert_eq!(html.contains(&TEXTS.text(locale, "printed-code", &[])), photo);
        }
    }
}

#[test]
fn the_public_table_keeps_back_what_it_must() {
    let at_most = |most: Disclosure| {
        let codes: Vec<_> = verdicts()
            .into_iter()
            .filter(|verdict| verdict.row().disclosure <= most)
            .map(ShownVerdict::code)
            .collect();
        codes
    };
    let nothing = at_most(Disclosure::Nothing);
    for code in ["SIGNATURE_INVALID", "KEY_COMPROMISED", "UNKNOWN_ISSUER", "UNREADABLE"] {
        assert!(nothing.contains(&code), "{code}");
    }
    let no_photo = at_most(Disclosure::Facts);
    for code in ["CANCELLED", "LOST", "INVALID", "EXPIRED", "NOT_AUTHORISED"] {
        assert!(no_photo.contains(&code), "{code}");
    }
}

#[test]
fn a_phone_is_said_to_have_shown_live_only_where_its_time_was_checked() {
    for locale in Locale::ALL {
        for verdict in verdicts() {
            let html = VerdictPage { code: shown_live(), ..page(locale, verdict) }.render();
            let time = match locale {
                Locale::ZhCn => "于2026年3月2日 14:04:41当面出示",
                Locale::En => "Shown live at 2 March 2026, 14:04:41 (Beijing time)",
            };
            let expected = matches!(verdict.code(), "VALID" | "VALID_STALE" | "STATUS_UNKNOWN");
            assert_eq!(html.contains(time), expected, "{verdict:?}");
        }
    }
}

/// Not one that is perhaps forged: what it copies may be a number and a name that hold.
#[test]
fn a_code_that_is_worn_or_old_leads_to_the_look_up_and_no_other() {
    for verdict in verdicts() {
        let html = page(Locale::ZhCn, verdict).render();
        let expected = matches!(verdict.code(), "UNREADABLE" | "UNKNOWN_ISSUER");
        assert_eq!(html.contains("/lookup?lang=zh-CN"), expected, "{verdict:?}");
    }
}

#[test]
fn a_certificate_that_was_looked_up_is_said_to_be_wherever_it_is_shown() {
    for locale in Locale::ALL {
        for verdict in verdicts() {
            let html = VerdictPage { code: CodeKind::Typed, ..page(locale, verdict) }.render();
            let shown = verdict.row().disclosure >= Disclosure::Facts;
            let by_number = TEXTS.text(locale, "by-number", &[]);
            assert_eq!(html.matches(&by_number).count(), usize::from(shown), "{verdict:?}");
            assert!(!html.contains(&TEXTS.text(locale, "printed-code", &[])), "{verdict:?}");
        }
    }
}

/// The form, empty and with both fields blank.
fn look_up_pages(locale: Locale) -> [String; 2] {
    [None, Some(Sent::default())]
        .map(|sent| LookUpPage { locale, links: links(locale), sent }.render())
}

#[test]
fn the_verdict_is_on_the_main_element() {
    for verdict in verdicts() {
        let html = page(Locale::ZhCn, verdict).render();
        let attribute = format!("data-verdict=\"{}\"", verdict.code());
        let main = html.split_once("<main ").unwrap().1.split_once('>').unwrap().0;
        assert!(main.contains(&attribute), "{main}");
    }
}

#[test]
fn values_are_escaped() {
    let evil = "<script>alert('x')</script>";
    let attribute = "\"><script>x</script>";
    let html = VerdictPage {
        card: Some(Card {
            name: evil.into(),
            unit: evil.into(),
            successions: vec![Succession {
                on: date("2025-03-01"),
                kind: AgencyChangeKind::Rename,
                name: Some(evil.into()),
            }],
            number: evil.into(),
            category: Some(evil.into()),
            fields: vec![evil.into()],
            area: Some(evil.into()),
            issuing_authority: evil.into(),
            photo_url: Some(attribute.into()),
            complaint_phone: Some(attribute.into()),
            ..card()
        }),
        links: Links {
            other_language: attribute.into(),
            help: attribute.into(),
            ..links(Locale::En)
        },
        ..page(Locale::En, ShownVerdict::Valid)
    }
    .render();
    assert!(!html.contains("<script"), "{html}");
    assert_eq!(html.matches("&#60;script&#62;").count(), 13, "each value is there, escaped");
}

#[test]
fn a_page_asks_nothing_of_others_and_runs_nothing() {
    for (name, html) in all_pages() {
        for word in ["<script", "javascript:", "<link", "<iframe", "@import", "url("] {
            assert!(!html.contains(word), "{name}: {word}");
        }
        let forms = html.matches("<form method=\"post\" action=\"/lookup?lang=").count();
        assert_eq!(html.matches("<form").count(), forms, "{name}");
        assert_eq!(forms, usize::from(name.contains("look-up")), "{name}");
        for tag in html.split('<').filter_map(|piece| piece.split('>').next()) {
            let attributes = tag.split_whitespace().skip(1);
            for attribute in attributes.filter(|attribute| attribute.contains("=\"")) {
                // Handlers and inline styles: the policy would refuse them in any case.
                assert!(!attribute.starts_with("on"), "{name}: {tag}");
                assert!(!attribute.starts_with("style="), "{name}: {tag}");
            }
        }
    }
}

#[test]
fn a_missing_photo_a_cut_name_and_no_phone_are_said() {
    let html = VerdictPage {
        card: Some(Card { photo_url: None, name_was_cut: true, complaint_phone: None, ..card() }),
        supervision_phone: None,
        ..page(Locale::ZhCn, ShownVerdict::Valid)
    }
    .render();
    for id in ["photo-missing", "name-was-cut", "complaints-hotline", "printed-code"] {
        assert!(html.contains(&TEXTS.text(Locale::ZhCn, id, &[])), "{id}");
    }
    assert!(!html.contains("<img"));
}

#[test]
fn without_a_card_there_is_a_verdict_all_the_same() {
    for verdict in verdicts() {
        let html = VerdictPage { card: None, code: CodeKind::None, ..page(Locale::ZhCn, verdict) }
            .render();
        assert!(html.contains("<h1>"));
        assert!(!html.contains("<dl>"));
        assert!(!html.contains("<img"));
    }
}

#[test]
fn a_number_is_dialled_without_its_extension() {
    for (phone, expected) in [
        ("12345", Some("tel:12345")),
        ("0931-8888888", Some("tel:09318888888")),
        ("+86 931 8888888", Some("tel:+869318888888")),
        ("(0931) 888 8888", Some("tel:09318888888")),
        ("0931-8888888转801", Some("tel:09318888888")),
        ("0931-8888888/0931-9999999", Some("tel:09318888888")),
        ("0931-8888888;ext=1", Some("tel:09318888888")),
        ("总机", None),
        ("", None),
        ("1", None),
        ("12345678901234567", None),
    ] {
        assert_eq!(dial(phone).as_deref(), expected, "{phone}");
    }
}

/// Every page in both languages, with a name for a file.
pub(super) fn all_pages() -> Vec<(String, String)> {
    let mut pages = Vec::new();
    for locale in Locale::ALL {
        let tag = locale.tag();
        for (n, verdict) in verdicts().into_iter().enumerate() {
            let name = format!("{:02}-{}-{tag}", n + 1, verdict.code());
            pages.push((name, page(locale, verdict).render()));
        }
        let phone = VerdictPage { code: shown_live(), ..page(locale, ShownVerdict::Valid) };
        pages.push((format!("19-VALID-phone-{tag}"), phone.render()));
        let bare = VerdictPage {
            card: Some(Card {
                name: "阿卜杜热合曼·买买提依明·吐尔逊".into(),
                unit: "积石山保安族东乡族撒拉族自治县文化体育广电和旅游局文化市场综合行政执法队"
                    .into(),
                name_was_cut: true,
                photo_url: None,
                complaint_phone: None,
                ..card()
            }),
            supervision_phone: None,
            ..page(locale, ShownVerdict::Valid)
        };
        pages.push((format!("20-VALID-bare-{tag}"), bare.render()));
        let longest = successions().into_iter().max_by_key(Vec::len).unwrap();
        let reformed = changed(locale, ShownVerdict::Valid, longest);
        pages.push((format!("21-VALID-reformed-{tag}"), reformed.render()));
        pages.push((format!("21-help-{tag}"), HelpPage { locale, links: links(locale) }.render()));
        for problem in Problem::ALL {
            let error = ErrorPage { locale, problem, links: links(locale) };
            pages.push((format!("22-{}-{tag}", problem.code()), error.render()));
        }
        for (n, html) in look_up_pages(locale).into_iter().enumerate() {
            pages.push((format!("{}-look-up-{tag}", n + 23), html));
        }
        let typed = VerdictPage { code: CodeKind::Typed, ..page(locale, ShownVerdict::Valid) };
        pages.push((format!("25-VALID-typed-{tag}"), typed.render()));
    }
    pages
}

#[test]
fn a_page_fits_the_first_round_trip() {
    for (name, html) in all_pages() {
        let size = deflated(html.as_bytes());
        assert!(size <= 14 * 1024, "{name}: {size} bytes");
    }
}

/// The size in a zip archive, a little more than with gzip.
fn deflated(bytes: &[u8]) -> usize {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("p", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(bytes).unwrap();
    archive.finish().unwrap().into_inner().len()
}

/// Writes every page into the folder `PAGES_DIR` names, to be looked at in a browser.
#[test]
#[ignore = "writes files; set PAGES_DIR"]
fn write_the_pages() {
    let folder = std::env::var("PAGES_DIR").unwrap();
    for (name, html) in all_pages() {
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.html")), html).unwrap();
    }
}
