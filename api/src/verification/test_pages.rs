//! Pages to look at in tests: every verdict, a whole card, and every page there is.

use chrono::{DateTime, NaiveDate, Utc};
use entities::enums::{AgencyChangeKind, CertificateKind, ComplaintState, ShowingKind};
use entities::ids::ShowingId;

use super::error_page::{ErrorPage, Problem};
use super::feedback_page::{FeedbackPage, Notice, Shown, Typed, Wrong};
use super::help::HelpPage;
use super::lookup_page::{LookUpPage, Sent};
use super::page::{Card, CodeKind, Links, ShownVerdict, Succession, VerdictPage};
use super::party_side::PartySide;
use super::receipt_page::{
    AskReceiptPage, ComplaintStanding, ReceiptPage, Standing, Told, WrongNumber,
};
use super::record_page::{Content, Record, RecordPage};
use crate::platform::texts::Locale;

const PHOTO: &str = "/photos/3f2a.jpg?until=1767226200&mac=5d1c";
const FEEDBACK: &str = "/feedback/about/AAECAwQFBgcICQoLDA0OD-8";
pub(super) const PHONE: &str = "0931-8888888";
const AGENCY_PHONE: &str = "0931-6666666转2";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(super) fn date(text: &str) -> NaiveDate {
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
        feedback: format!("/feedback?lang={}", locale.tag()),
        receipt: format!("/feedback/receipt?lang={}", locale.tag()),
        record: format!("/record?lang={}", locale.tag()),
    }
}

pub(super) fn card() -> Card {
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
        feedback: Some(FEEDBACK.into()),
    }
}

/// What can become of a unit.
pub(super) fn successions() -> [Vec<Succession>; 6] {
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

pub(super) fn changed(
    locale: Locale,
    verdict: ShownVerdict,
    successions: Vec<Succession>,
) -> VerdictPage {
    VerdictPage { card: Some(Card { successions, ..card() }), ..page(locale, verdict) }
}

/// A page of everything a careless caller could hand over.
pub(super) fn page(locale: Locale, verdict: ShownVerdict) -> VerdictPage {
    VerdictPage {
        locale,
        verdict,
        card: Some(card()),
        code: CodeKind::Printed,
        checked_at: at("2026-03-02T06:05:09Z"),
        supervision_phone: Some(PHONE.into()),
        links: links(locale),
        showing: None,
    }
}

pub(super) fn shown_live() -> CodeKind {
    CodeKind::Phone { shown_at: at("2026-03-02T06:04:41Z"), seen_before: true }
}

/// A showing of which something is odd, with everything that can be said of one.
pub(super) fn shown_to_a_party() -> PartySide {
    PartySide {
        id: ShowingId(uuid::Uuid::nil()),
        scanned: false,
        kind: ShowingKind::Inspection,
        task: "道路货运企业安全生产检查".into(),
        notice_number: Some("兰城市监检〔2026〕17号".into()),
        second: Some(("李娜".into(), "兰州市城关区市场监督管理局".into())),
        alone_reason: Some("突发应急".into()),
        checks: vec![
            ("两名执法人员在场，第二名已本人确认。".into(), true),
            ("执法事项在证件所载执法领域之内。".into(), true),
            ("执法地点不在证件所载执法区域之内。".into(), false),
        ],
        receipt: "7K3M-9QXP-2R4T-V8WZ".into(),
    }
}

/// The record of a showing: what is told of it, and the form in its three states.
pub(super) fn record_pages(locale: Locale) -> [String; 4] {
    let found = Record {
        shown_at: at("2026-03-02T06:05:09Z"),
        name: "马晓兰".into(),
        unit: "兰州市城关区市场监督管理局".into(),
        number: "62010026018".into(),
        verdict: ShownVerdict::Valid,
        kind: ShowingKind::Penalty,
        task: "当场处罚".into(),
        notice_number: None,
        second: Some(("李娜".into(), "兰州市城关区市场监督管理局".into())),
        alone_reason: None,
    };
    let wrong = |blank| Content::Wrong { sent: "7K3M".into(), blank };
    [Content::Form, wrong(true), wrong(false), Content::Found(Box::new(found))]
        .map(|content| RecordPage { locale, links: links(locale), content }.render())
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

/// The form, empty and with both fields blank.
pub(super) fn look_up_pages(locale: Locale) -> [String; 2] {
    [None, Some(Sent::default())]
        .map(|sent| LookUpPage { locale, links: links(locale), sent }.render())
}

/// The form, and what is answered to it, with names.
pub(super) fn feedback_pages(locale: Locale) -> Vec<(&'static str, String)> {
    let form = |about: bool, typed, wrong, notice| {
        FeedbackPage {
            locale,
            links: links(locale),
            token: "AAECAw".into(),
            about: about.then(|| Shown {
                name: card().name,
                unit: card().unit,
                number: card().number,
            }),
            places: vec![("620102".into(), "兰州市城关区".into())],
            typed,
            wrong,
            notice,
        }
        .render()
    };
    let typed =
        Typed { kind: "complaint".into(), text: "当天下午。".into(), ..Typed::default() };
    let wrong = vec![
        Wrong::Missing("unit"),
        Wrong::Missing("category"),
        Wrong::TooLong("text", 2000),
        Wrong::Control("contact"),
    ];
    let mut pages = vec![
        ("form-shown-empty", form(true, Typed::default(), Vec::new(), None)),
        ("form-wrong", form(false, typed.clone(), wrong, None)),
    ];
    for notice in [Notice::Ended, Notice::TooMany, Notice::Down] {
        pages.push(("form-notice", form(false, typed.clone(), Vec::new(), Some(notice))));
    }
    let complaint = |state, ended: bool| {
        Standing::Complaint(Box::new(ComplaintStanding {
            state,
            received_on: date("2026-03-02"),
            desk: "兰州市城关区司法局".into(),
            due_on: date("2026-03-09"),
            due_provisional: !ended,
            overdue: state == ComplaintState::Accepted,
            extension_reasons: (!ended).then(|| "需要调取记录".into()),
            reasons: ended.then(|| "经查，\n当天只有一名执法人员在场。".into()),
            other_channel: (state == ComplaintState::NotAccepted).then(|| "12345".into()),
            ended_on: ended.then(|| date("2026-03-20")),
        }))
    };
    let about_number = |told| ReceiptPage { locale, links: links(locale), told }.render();
    for again in [false, true] {
        for standing in
            [Standing::Evaluation { released: false }, complaint(ComplaintState::Received, false)]
        {
            let number = "4821 0937 5516 2084".into();
            let told = Told::Receipt { number, again, standing };
            pages.push(("receipt", about_number(told)));
        }
    }
    for standing in [false, true].map(|released| Standing::Evaluation { released }) {
        pages.push(("standing", about_number(Told::Standing(standing))));
    }
    for (state, ended) in [
        (ComplaintState::Received, false),
        (ComplaintState::Accepted, false),
        (ComplaintState::NotAccepted, true),
        (ComplaintState::Upheld, true),
        (ComplaintState::NotUpheld, true),
    ] {
        pages.push(("standing", about_number(Told::Standing(complaint(state, ended)))));
    }
    pages.push(("standing-none", about_number(Told::None)));
    for wrong in [None, Some(WrongNumber::Missing), Some(WrongNumber::Mistyped)] {
        let typed = "4821".to_owned();
        let page = AskReceiptPage { locale, links: links(locale), typed, wrong };
        pages.push(("ask-number", page.render()));
    }
    pages
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
        for (n, (name, html)) in feedback_pages(locale).into_iter().enumerate() {
            pages.push((format!("26-{n:02}-{name}-{tag}"), html));
        }
        for (name, verdict) in
            [("showing", ShownVerdict::Valid), ("showing-not", ShownVerdict::NotAuthorised)]
        {
            let showing = Some(shown_to_a_party());
            let shown = VerdictPage { showing, ..page(locale, verdict) };
            pages.push((format!("27-{name}-{tag}"), shown.render()));
        }
        for (n, html) in record_pages(locale).into_iter().enumerate() {
            pages.push((format!("28-record-{}-{tag}", n + 1), html));
        }
        let typed = VerdictPage { code: CodeKind::Typed, ..page(locale, ShownVerdict::Valid) };
        pages.push((format!("25-VALID-typed-{tag}"), typed.render()));
    }
    pages
}
