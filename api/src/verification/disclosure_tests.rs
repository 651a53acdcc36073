//! What a page shows of a certificate, verdict by verdict, and what it keeps back.

use super::frame::TEXTS;
use super::page::{Card, CodeKind, ShownVerdict, VerdictPage};
use super::shown_verdict::Disclosure;
use super::test_pages::{PHONE, card, changed, page, shown_live, successions, verdicts};
use crate::platform::texts::Locale;

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
        // Where the card is shown; tested by itself.
        feedback: _,
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
            let feedback = "https://yz.example.gov.cn/feedback/about/AAEC";
            assert_eq!(html.contains(feedback), disclosure >= Disclosure::Facts, "{verdict:?}");
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
                Locale::ZhCn => "于14:04:41当面出示",
                Locale::En => "Shown live at 14:04:41",
            };
            let expected = matches!(verdict.code(), "VALID" | "VALID_STALE" | "STATUS_UNKNOWN");
            assert_eq!(html.contains(time), expected, "{verdict:?}");
            let seen = match locale {
                Locale::ZhCn => "此码两分钟内已被打开过",
                Locale::En => "This code was already opened within the last two minutes",
            };
            assert_eq!(html.contains(seen), expected, "{verdict:?}");
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
