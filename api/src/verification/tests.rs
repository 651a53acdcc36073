//! The public pages, whole: their words, what they keep back and their size.

use std::io::Write as _;

use entities::enums::AgencyChangeKind;

use super::error_page::{ErrorPage, Problem};
use super::frame::{STYLE, TEXTS, dial};
use super::help::HelpPage;
use super::page::{Card, CodeKind, Links, ShownVerdict, Succession, VerdictPage};
use super::party_side::PartySide;
use super::shown_verdict::Disclosure;
use super::test_pages::{
    all_pages, card, changed, date, feedback_pages, links, look_up_pages, page, record_pages,
    shown_to_a_party, successions, text_of, verdicts,
};
use crate::platform::texts::Locale;

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
        pages.extend(feedback_pages(locale).iter().map(|(_, html)| text_of(html)));
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

/// What the party reads of a showing, from after the facts to the time of the answer; and its record.
#[test]
fn a_showing_and_its_record_read_in_both_languages() {
    for locale in Locale::ALL {
        let shown = |verdict| {
            let showing = Some(shown_to_a_party());
            let text = text_of(&VerdictPage { showing, ..page(locale, verdict) }.render());
            let from = text.find(&TEXTS.text(locale, "showing-heading", &[])).unwrap();
            let until = text.find(&TEXTS.text(locale, "status-only", &[])).unwrap();
            text[from..until].to_owned()
        };
        let mut pages = vec![shown(ShownVerdict::Valid), shown(ShownVerdict::NotAuthorised)];
        pages.extend(record_pages(locale).map(|html| text_of(&html)));
        insta::assert_snapshot!(
            format!("showing_{}", locale.tag()),
            pages.join("\n\n--------\n\n")
        );
    }
}

#[test]
fn nothing_speaks_for_a_certificate_that_does_not_hold_but_the_record_is_there() {
    for verdict in verdicts() {
        let party = shown_to_a_party();
        let html =
            VerdictPage { showing: Some(party.clone()), ..page(Locale::ZhCn, verdict) }.render();
        let holds = verdict == ShownVerdict::Valid;
        for said in [party.task.as_str(), "李娜", party.checks[0].0.as_str(), "兰城市监检"] {
            assert_eq!(html.contains(said), holds, "{verdict:?} {said}");
        }
        let known = verdict.row().disclosure >= Disclosure::Facts;
        assert_eq!(html.contains(&party.receipt), known, "{verdict:?}");
    }
    let evil = "<script>";
    let showing = Some(PartySide {
        task: evil.into(),
        notice_number: Some(evil.into()),
        second: Some((evil.into(), evil.into())),
        alone_reason: Some(evil.into()),
        checks: vec![(evil.into(), false)],
        receipt: evil.into(),
        ..shown_to_a_party()
    });
    let html = VerdictPage { showing, ..page(Locale::En, ShownVerdict::Valid) }.render();
    assert!(!html.contains("<script"));
    assert_eq!(html.matches("&#60;script&#62;").count(), 7);
}

#[test]
fn a_page_as_it_is_sent() {
    let html = page(Locale::En, ShownVerdict::Valid).render();
    insta::assert_snapshot!("valid_en_html", html.replace(STYLE, "…"));
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
            feedback: Some(attribute.into()),
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
    assert_eq!(html.matches("&#60;script&#62;").count(), 14, "each value is there, escaped");
}

#[test]
fn a_page_asks_nothing_of_others_and_runs_nothing() {
    for (name, html) in all_pages() {
        for word in ["<script", "javascript:", "<link", "<iframe", "@import", "url("] {
            assert!(!html.contains(word), "{name}: {word}");
        }
        let to = |path: &str| {
            html.matches(&format!("<form method=\"post\" action=\"/{path}?lang=")).count()
        };
        let forms = [to("lookup"), to("feedback"), to("feedback/receipt"), to("record")];
        assert_eq!(html.matches("<form").count(), forms.iter().sum::<usize>(), "{name}");
        let feedback = usize::from(name.contains("-form-")) + usize::from(name.contains("-shown-"));
        let record = name.contains("record-") && !name.contains("record-4");
        let asked = [name.contains("look-up"), name.contains("-ask-"), record].map(usize::from);
        assert_eq!(forms, [asked[0], feedback, asked[1], asked[2]], "{name}");
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
