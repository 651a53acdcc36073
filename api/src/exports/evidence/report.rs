//! The evidence file as a report in Chinese, with the JSON attached and its digest printed.

use chrono::{DateTime, Utc};

use super::file::{Evidence, Who};
use crate::certification::rules::grounds::Ground;
use crate::documents::{Attachment, Line, Report};
use crate::exports::TEXTS;
use crate::exports::words::{Words, day, moment, score};
use crate::graphql::enums::in_words;
use crate::verification::verdict_in_words;

/// What the attached file is called.
const NAME: &str = "evidence.json";

/// The report.
pub(super) fn report(evidence: &Evidence, words: &Words, json: Vec<u8>, digest: String) -> Report {
    let mut page = Page { words, lines: Vec::new() };
    page.lines.push(Line::Title(words.text("ev-title")));
    page.field("ev-made-at", moment(Some(evidence.made_at)));
    page.field("ev-made-by", by(evidence.made_by.as_ref(), words));
    page.field("ev-digest", digest);
    person(&mut page, evidence);
    standings(&mut page, evidence);
    study(&mut page, evidence);
    applications(&mut page, evidence);
    certificates(&mut page, evidence);
    showings(&mut page, evidence);
    phones(&mut page, evidence);
    checks(&mut page, evidence);
    policies(&mut page, evidence);
    log(&mut page, evidence);
    proof(&mut page, evidence);
    let (locale, name) = (words.locale, evidence.officer.name.clone());
    Report {
        title: words.text("ev-title"),
        lines: page.lines,
        foot: Box::new(move |page, pages| {
            let (page, pages) = (page.to_string(), pages.to_string());
            TEXTS.text(locale, "ev-foot", &[("name", &name), ("page", &page), ("pages", &pages)])
        }),
        attachment: Some(Attachment {
            name: NAME.to_owned(),
            kind: "application/json",
            description: words.text("ev-title"),
            bytes: json,
        }),
    }
}

struct Page<'a> {
    words: &'a Words,
    lines: Vec<Line>,
}

impl Page<'_> {
    fn heading(&mut self, id: &str, empty: bool) {
        self.lines.push(Line::Heading(self.words.text(id)));
        if empty {
            self.lines.push(Line::Text(self.words.text("ev-none")));
        }
    }

    /// A field; none where there is nothing to say.
    fn field(&mut self, id: &str, value: String) {
        if !value.is_empty() {
            self.lines.push(Line::Field(self.words.text(id), value));
        }
    }

    /// What happened at a moment.
    fn at(&mut self, at: DateTime<Utc>, parts: &[String]) {
        self.lines.push(Line::Field(moment(Some(at)), said(parts)));
    }
}

/// What there is to say, in one line.
fn said(parts: &[String]) -> String {
    let said: Vec<&str> =
        parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    said.join("　")
}

fn by(who: Option<&Who>, words: &Words) -> String {
    who.map_or_else(|| words.text("by-system"), |who| who.name.clone())
}

fn or_nothing(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

fn ground(code: Option<&str>, words: &Words) -> String {
    let ground = code.and_then(Ground::from_code);
    ground.map_or_else(String::new, |ground| ground.label(words.locale))
}

fn person(page: &mut Page<'_>, evidence: &Evidence) {
    let (officer, words) = (&evidence.officer, page.words);
    page.heading("ev-person", false);
    page.field("col-name", officer.name.clone());
    page.field("col-id-number", officer.id_number.clone());
    page.field("col-phone", or_nothing(officer.phone.as_ref()));
    page.field("col-kind", words.label("kind", &officer.kind));
    page.field("col-agency", officer.agency.name.clone());
    page.field("col-internal-unit", or_nothing(officer.internal_unit.as_ref()));
    page.field("col-establishment", words.label("establishment", &officer.establishment));
    page.field("col-duty", words.label("duty", &officer.duty));
    page.field("col-employment", words.label("employment", &officer.employment));
    page.field("col-position", or_nothing(officer.position.as_ref()));
    page.field("col-fields", words.fields(&officer.field_codes));
    page.field("col-area", officer.area.name.clone());
    page.field("col-id", officer.id.clone());
}

fn standings(page: &mut Page<'_>, evidence: &Evidence) {
    let words = page.words;
    page.heading("ev-standings", evidence.standings.is_empty());
    for standing in &evidence.standings {
        let until = day(standing.until_on);
        let days = format!("{} – {until}", standing.from_on);
        let lifted = standing.lift_reason.as_deref().map(|reason| words.label("lift", reason));
        let kind = words.label("standing", &standing.kind);
        page.at(standing.recorded_at, &[kind, days, lifted.unwrap_or_default()]);
    }
}

fn study(page: &mut Page<'_>, evidence: &Evidence) {
    let words = page.words;
    page.heading("ev-exams", evidence.exams.is_empty());
    for exam in &evidence.exams {
        let score = score(exam.score_tenths);
        let (cycle, attempt) = (exam.cycle.to_string(), exam.attempt.to_string());
        let args = [("score", &*score), ("cycle", &*cycle), ("attempt", &*attempt)];
        let said = TEXTS.text(words.locale, "ev-score", &args);
        let subject = words.label("exam", &exam.subject);
        page.lines.push(Line::Field(exam.taken_on.to_string(), format!("{subject}　{said}")));
    }
    for row in &evidence.exam_corrections {
        let outcome = |outcome: &str, tenths: Option<i64>| match tenths {
            Some(tenths) => score(tenths),
            None => words.label("outcome", outcome),
        };
        let before = outcome(&row.outcome_before, row.score_tenths_before);
        let after = outcome(&row.outcome_after, row.score_tenths_after);
        let subject = words.label("exam", &row.subject);
        page.at(
            row.at,
            &[
                words.text("ev-corrected"),
                subject,
                format!("{before} → {after}"),
                row.by.name.clone(),
                row.reason.clone(),
            ],
        );
    }
    page.heading("ev-training", evidence.training.is_empty());
    for year in &evidence.training {
        let minutes = year.minutes.to_string();
        let said = TEXTS.text(words.locale, "ev-minutes", &[("minutes", &*minutes)]);
        page.lines.push(Line::Field(year.year.to_string(), said));
    }
    existing(page, evidence);
    page.heading("ev-qualifications", evidence.qualifications.is_empty());
    for row in &evidence.qualifications {
        let state = words.label("qualification", &row.state);
        let reasons = or_nothing(row.reasons.as_ref());
        page.at(
            row.nominated_at,
            &[
                words.label("qualification", "CANDIDATE"),
                row.agency.name.clone(),
                row.nominated_by.name.clone(),
            ],
        );
        if let Some(at) = row.decided_at {
            page.at(at, &[state, by(row.decided_by.as_ref(), words), reasons]);
        }
    }
}

fn existing(page: &mut Page<'_>, evidence: &Evidence) {
    let words = page.words;
    page.heading("ev-existing", evidence.existing_certificates.is_empty());
    for row in &evidence.existing_certificates {
        let kind = row.ministry_kind.clone().unwrap_or_else(|| words.label("existing", &row.kind));
        let number = or_nothing(row.number.as_ref());
        page.at(
            row.imported_at,
            &[kind, number, or_nothing(row.issuer.as_ref()), by(row.imported_by.as_ref(), words)],
        );
        let state = words.label("claim", &row.state);
        match row.decided_at {
            None => page.field("col-state", state),
            Some(at) => {
                let reason = or_nothing(row.reason.as_ref());
                page.at(at, &[state, by(row.decided_by.as_ref(), words), reason]);
            }
        }
    }
}

fn applications(page: &mut Page<'_>, evidence: &Evidence) {
    let words = page.words;
    page.heading("ev-applications", evidence.applications.is_empty());
    for row in &evidence.applications {
        let act = words.label("act", &row.act);
        let state = words.label("application", &row.state);
        page.field("col-act", format!("{act}　{state}　{}", row.id));
        for step in &row.steps {
            let reasons = or_nothing(step.reasons.as_ref());
            page.at(step.at, &[words.label("step", &step.what), step.by.name.clone(), reasons]);
        }
    }
}

fn certificates(page: &mut Page<'_>, evidence: &Evidence) {
    let words = page.words;
    page.heading("ev-certificates", evidence.certificates.is_empty());
    for row in &evidence.certificates {
        page.field("col-number", row.number.clone());
        page.field("col-state", words.label("certificate", &row.state));
        page.field("col-agency", row.agency.name.clone());
        page.field("col-present-agency", row.present_agency.name.clone());
        page.field("col-exchange-due-on", day(row.exchange_due_on));
        page.field("col-issuer", row.issuing_authority.name.clone());
        page.field("col-issued-on", row.issued_on.to_string());
        page.field("col-valid-from", row.valid_from.to_string());
        page.field("col-valid-until", row.valid_until.to_string());
        page.field("col-ground", ground(row.ground.as_deref(), words));
        for code in &row.codes {
            page.field("ev-code", code.clone());
        }
        page.field("ev-policy", row.policy_id.clone());
        for event in &row.events {
            page.at(
                event.at,
                &[
                    words.label("event", &event.act),
                    ground(event.ground.as_deref(), words),
                    by(event.by.as_ref(), words),
                    or_nothing(event.note.as_ref()),
                ],
            );
        }
    }
}

/// That there is more than stands here.
fn more(page: &mut Page<'_>, shown: usize, total: u64) {
    if u64::try_from(shown).is_ok_and(|shown| shown < total) {
        let (shown, total) = (shown.to_string(), total.to_string());
        let args = [("shown", &*shown), ("total", &*total)];
        page.lines.push(Line::Text(TEXTS.text(page.words.locale, "ev-newest", &args)));
    }
}

fn showings(page: &mut Page<'_>, evidence: &Evidence) {
    let words = page.words;
    let word = |of: &str, value: &str| in_words(words.locale, of, value);
    page.heading("ev-showings", evidence.showings.is_empty());
    more(page, evidence.showings.len(), evidence.showings_total);
    for row in &evidence.showings {
        let place = row.place.as_ref().map(|place| place.name.clone()).unwrap_or_default();
        let part = words.text(if row.part == "FIRST" { "ev-first" } else { "ev-second" });
        page.at(
            row.started_at,
            &[
                part,
                word("ShowingKind", &row.kind),
                or_nothing(row.notice_number.as_ref()),
                row.task.clone(),
                words.fields(&row.field_codes),
                place,
            ],
        );
        page.field("col-number", row.certificate_number.clone());
        if let Some(number) = &row.second_certificate_number {
            let answer = row.second_answer.as_deref().map(|answer| word("SecondAnswer", answer));
            page.field("ev-second-number", said(&[number.clone(), answer.unwrap_or_default()]));
        }
        let alone = row.alone_reason.as_ref().and_then(|reason| reason.get("zh")?.as_str());
        page.field("ev-alone", alone.unwrap_or_default().to_owned());
        for found in row.checks.iter().filter(|found| found.finding != "OK") {
            let subject = word("ShowingSubject", &found.subject);
            page.field("ev-found", said(&[subject, word("ShowingFinding", &found.finding)]));
        }
        let until = moment(Some(row.ended_at.map_or(row.ends_at, |at| at.min(row.ends_at))));
        let word = |scanned| words.text(if scanned { "ev-scanned" } else { "ev-not-scanned" });
        page.field("ev-until", said(&[until, row.scanned.map(word).unwrap_or_default()]));
    }
}

fn phones(page: &mut Page<'_>, evidence: &Evidence) {
    let locale = page.words.locale;
    page.heading("ev-phones", evidence.phones.is_empty());
    more(page, evidence.phones.len(), evidence.phones_total);
    for row in &evidence.phones {
        let (enrolled, ended) = (page.words.text("ev-enrolled"), page.words.text("ev-ended"));
        let kept = in_words(locale, "Attestation", &row.attestation);
        page.at(row.enrolled_at, &[enrolled, kept, row.id.clone()]);
        if let Some(at) = row.ended_at {
            let why = row.end_reason.as_deref().map(|why| in_words(locale, "DeviceEnd", why));
            page.at(at, &[ended, why.unwrap_or_default(), row.id.clone()]);
        }
    }
}

fn checks(page: &mut Page<'_>, evidence: &Evidence) {
    let words = page.words;
    let word = |of: &str, value: &str| in_words(words.locale, of, value);
    page.heading("ev-checks", evidence.checks.is_empty());
    more(page, evidence.checks.len(), evidence.checks_total);
    for row in &evidence.checks {
        let verdict = row.verdict.as_deref().map(|verdict| {
            verdict_in_words(words.locale, verdict)
                .unwrap_or_else(|| words.label("certificate", verdict))
        });
        page.at(
            row.received_at,
            &[
                row.certificate_number.clone(),
                word("CheckSeen", &row.seen),
                word("CheckOutcome", &row.outcome),
                word("CheckGrade", &row.grade),
                verdict.unwrap_or_default(),
            ],
        );
        let reasons: Vec<String> =
            row.reasons.iter().map(|reason| word("CheckReason", reason)).collect();
        page.field("col-reasons", reasons.join("；"));
    }
}

fn policies(page: &mut Page<'_>, evidence: &Evidence) {
    page.heading("ev-policies", evidence.policies.is_empty());
    for row in &evidence.policies {
        let place = format!("{}　{}　v{}", row.key, row.division_code, row.version);
        page.lines
            .push(Line::Field(row.effective_from.to_string(), format!("{place}　{}", row.id)));
    }
}

fn log(page: &mut Page<'_>, evidence: &Evidence) {
    page.heading("ev-log", evidence.log.is_empty());
    for entry in &evidence.log {
        let action = page.words.action(&entry.action);
        let at = DateTime::parse_from_rfc3339(&entry.at).map(|at| at.with_timezone(&Utc)).ok();
        let place = format!("{action}　{}", entry.subject);
        page.lines.push(Line::Field(moment(at), place));
        let (stream, seq, actor) = (&entry.stream, entry.seq, &entry.actor);
        page.lines.push(Line::Small(format!("{stream} #{seq}　{actor}　{}", entry.hash)));
    }
}

fn proof(page: &mut Page<'_>, evidence: &Evidence) {
    let (words, proof) = (page.words, &evidence.proof);
    let covered = |entry: &&super::file::LogEntry| proof.runs.iter().any(|run| run.covers(entry));
    let proven = evidence.log.iter().filter(covered).count().to_string();
    let count = evidence.log.len().to_string();
    page.heading("ev-proof", false);
    let args = [("count", &*count), ("proven", &*proven)];
    page.lines.push(Line::Text(TEXTS.text(words.locale, "ev-proven", &args)));
    let checkpoint = &proof.checkpoint;
    page.field("ev-checkpoint", format!("#{}　{}", checkpoint.seq, checkpoint.at));
    page.field("col-hash", checkpoint.hash.clone());
    page.field("ev-signature", checkpoint.signature.clone());
    for key in &proof.keys {
        page.field("ev-key", key.public.clone());
    }
    page.lines.push(Line::Text(words.text("ev-how")));
}
