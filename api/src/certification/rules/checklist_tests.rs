//! One case for each thing that can be unmet, each differing from a sound officer in one fact.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use entities::enums::{
    ApplicationAct as Act, CertificateState as S, DutyStatus, Employment, Establishment,
    ExamSubject, PersonKind, StandingKind,
};
use entities::ids::{AgencyId, ExamResultId, PersonId, StandingId};
use entities::{exam_result, person, standing};
use uuid::Uuid;

use super::checklist::*;
use crate::officers::facts::PersonFacts;
use crate::policy::CertificationPolicy;

const TODAY: &str = "2026-06-15";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn exam(subject: ExamSubject, cycle: i32, attempt: i32, score: i64) -> exam_result::Model {
    exam_result::Model {
        id: ExamResultId(Uuid::nil()),
        person_id: PersonId(Uuid::nil()),
        subject,
        cycle,
        attempt,
        score_tenths: score,
        taken_on: day("2026-03-01"),
        source: "test".into(),
        recorded_at: DateTime::UNIX_EPOCH,
        sitting_id: None,
    }
}

fn sound() -> PersonFacts {
    PersonFacts {
        person: person::Model {
            id: PersonId(Uuid::nil()),
            kind: PersonKind::EnforcementOfficer,
            name: "王伟".into(),
            gender: None,
            id_number_sealed: vec![],
            id_number_index: vec![],
            phone_sealed: None,
            phone_index: None,
            agency_id: AgencyId(Uuid::nil()),
            internal_unit: None,
            establishment: Establishment::Administrative,
            duty: DutyStatus::OnDuty,
            employment: Employment::InPost,
            position: None,
            field_codes: serde_json::json!([]),
            area_code: "620102".into(),
            photo_file: None,
            photo_sha256: Some(vec![0; 32]),
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        },
        standings: vec![],
        exams: vec![
            exam(ExamSubject::PublicLaw, 1, 1, 600),
            exam(ExamSubject::ProfessionalLaw, 1, 1, 600),
        ],
        training_minutes: BTreeMap::from([(2026, 3_600)]),
    }
}

type Change = fn(&mut PersonFacts);

/// Attempts as (cycle, attempt, score), and what is unmet.
type Attempts<'a> = (&'a [(i32, i32, i64)], Option<Unmet>);

fn changed(change: impl FnOnce(&mut PersonFacts)) -> PersonFacts {
    let mut facts = sound();
    change(&mut facts);
    facts
}

fn standing(kind: StandingKind, from: &str, until: Option<&str>) -> standing::Model {
    standing::Model {
        id: StandingId(Uuid::nil()),
        person_id: PersonId(Uuid::nil()),
        kind,
        from_on: day(from),
        until_on: until.map(day),
        source: "test".into(),
        recorded_at: DateTime::UNIX_EPOCH,
        recorded_by: None,
        lifted_at: None,
        lifted_by: None,
        lift_reason: None,
    }
}

fn qualify(facts: &PersonFacts) -> Vec<Unmet> {
    qualification(facts, &CertificationPolicy::default(), day(TODAY))
}

#[test]
fn a_sound_officer_qualifies_on_either_establishment() {
    assert_eq!(qualify(&sound()), []);
    for kind in [PersonKind::EnforcementOfficer, PersonKind::SupervisionOfficer] {
        for establishment in [
            Establishment::Administrative,
            Establishment::CivilServantManaged,
            Establishment::PublicInstitution,
        ] {
            let facts = changed(|f| {
                f.person.kind = kind;
                f.person.establishment = establishment;
            });
            assert_eq!(qualify(&facts), [], "{kind:?} {establishment:?}");
        }
    }
}

#[test]
fn one_exclusion_of_the_person_each() {
    let cases: [(Change, Unmet); 12] = [
        (|f| f.person.kind = PersonKind::AuxiliaryStaff, Unmet::KindExcluded),
        (|f| f.person.kind = PersonKind::ClericalStaff, Unmet::KindExcluded),
        (|f| f.person.establishment = Establishment::None, Unmet::NotOnEstablishment),
        (|f| f.person.employment = Employment::OffPost, Unmet::NotInPost),
        (|f| f.person.employment = Employment::Transferred, Unmet::NotInPost),
        (|f| f.person.employment = Employment::Resigned, Unmet::NotInPost),
        (|f| f.person.employment = Employment::Dismissed, Unmet::NotInPost),
        (|f| f.person.employment = Employment::Deceased, Unmet::NotInPost),
        (|f| f.person.duty = DutyStatus::OffDuty, Unmet::NotInPost),
        (|f| f.person.duty = DutyStatus::Retired, Unmet::NotInPost),
        (|f| f.person.duty = DutyStatus::SecondedIn, Unmet::Seconded),
        (|f| f.person.duty = DutyStatus::SecondedOut, Unmet::Seconded),
    ];
    for (change, unmet) in cases {
        assert_eq!(qualify(&changed(change)), [unmet]);
    }
}

#[test]
fn one_standing_each() {
    let forever = day("2027-12-31");
    let cases = [
        (StandingKind::IncompetentRating, Unmet::IncompetentRating),
        (StandingKind::DemeritOrHeavier, Unmet::DemeritOrHeavier),
        (StandingKind::UnderInvestigation, Unmet::UnderInvestigation),
        (StandingKind::RecentSanction, Unmet::RecentSanction { until: forever }),
        (StandingKind::RecentRevocation, Unmet::RecentRevocation { until: forever }),
        (StandingKind::RetrainingOwed, Unmet::RetrainingOwed),
    ];
    assert_eq!(cases.len(), StandingKind::all().count());
    for (kind, unmet) in cases {
        let open = changed(|f| f.standings = vec![standing(kind, "2026-01-01", None)]);
        assert_eq!(qualify(&open), [unmet], "{kind:?}");
        let twice = changed(|f| f.standings = vec![standing(kind, "2026-01-01", None); 2]);
        assert_eq!(qualify(&twice), [unmet], "{kind:?} is told once");
        for (from, until) in [("2026-01-01", Some("2026-06-14")), ("2026-06-16", None)] {
            let not_now = changed(|f| f.standings = vec![standing(kind, from, until)]);
            assert_eq!(qualify(&not_now), [], "{kind:?} {from} {until:?}");
        }
        let lifted = standing::Model {
            lifted_at: Some(DateTime::UNIX_EPOCH),
            ..standing(kind, "2026-01-01", None)
        };
        assert_eq!(qualify(&changed(|f| f.standings = vec![lifted])), [], "{kind:?} was lifted");
        let last_day = changed(|f| {
            f.standings = vec![standing(kind, "2026-01-01", Some(TODAY))];
        });
        assert_eq!(qualify(&last_day).len(), 1, "{kind:?} on its last day");
    }
}

#[test]
fn a_bar_without_an_end_lasts_two_years() {
    for (from, barred) in [("2024-06-15", false), ("2024-06-16", true)] {
        for kind in [StandingKind::RecentSanction, StandingKind::RecentRevocation] {
            let facts = changed(|f| f.standings = vec![standing(kind, from, None)]);
            assert_eq!(!qualify(&facts).is_empty(), barred, "{kind:?} since {from}");
        }
    }
}

#[test]
fn an_exam_is_passed_within_its_cycle_and_one_resit() {
    let law = ExamSubject::PublicLaw;
    let cases: [Attempts<'_>; 9] = [
        (&[], Some(Unmet::PublicLawExam)),
        (&[(1, 1, 599)], Some(Unmet::PublicLawExam)),
        (&[(1, 1, 600)], None),
        (&[(1, 1, 599), (1, 2, 600)], None),
        (&[(1, 1, 100), (1, 2, 599)], Some(Unmet::PublicLawStudy)),
        (&[(1, 2, 599)], Some(Unmet::PublicLawStudy)),
        (&[(1, 1, 100), (1, 2, 599), (2, 1, 100)], Some(Unmet::PublicLawExam)),
        (&[(1, 1, 100), (1, 2, 599), (2, 1, 100), (2, 2, 800)], None),
        (&[(1, 1, 900), (2, 1, 100)], Some(Unmet::PublicLawExam)),
    ];
    for (attempts, unmet) in cases {
        let facts = changed(|f| {
            f.exams.retain(|e| e.subject != law);
            f.exams.extend(attempts.iter().map(|(c, a, s)| exam(law, *c, *a, *s)));
        });
        assert_eq!(qualify(&facts), Vec::from_iter(unmet), "{attempts:?}");
    }
}

#[test]
fn both_exams_count_and_a_policy_may_allow_no_resit() {
    let subject = ExamSubject::ProfessionalLaw;
    let without = changed(|f| f.exams.retain(|e| e.subject != subject));
    assert_eq!(qualify(&without), [Unmet::ProfessionalLawExam]);
    let failed = changed(|f| {
        f.exams.retain(|e| e.subject != subject);
        f.exams.extend([exam(subject, 1, 1, 0), exam(subject, 1, 2, 1000)]);
    });
    assert_eq!(qualify(&failed), []);
    let strict = CertificationPolicy { resits: 0, ..CertificationPolicy::default() };
    assert_eq!(
        qualification(&failed, &strict, day(TODAY)),
        [Unmet::ProfessionalLawStudy],
        "the resit does not count"
    );
}

/// The year that counts, the minutes done in it.
type Short = Option<(i32, i64)>;
/// Minutes by year.
type Minutes<'a> = &'a [(i32, i64)];

#[test]
fn training_of_one_year_that_counts_is_enough_to_the_minute() {
    // Day, earlier years that count, minutes by year, and the year that is short.
    let cases: [(&str, u32, Minutes, Short); 13] = [
        ("2026-12-31", 1, &[(2026, 3_600)], None),
        ("2026-12-31", 1, &[(2026, 3_599)], Some((2026, 3_599))),
        // At the turn of the year the hours of the year before go on counting …
        ("2027-01-01", 1, &[(2026, 3_600)], None),
        ("2027-01-01", 1, &[(2026, 3_600), (2027, 60)], None),
        ("2027-12-31", 1, &[(2026, 3_600), (2027, 60)], None),
        // … for one year, and are never added to those of another.
        ("2028-01-01", 1, &[(2026, 3_600), (2027, 60)], Some((2027, 60))),
        ("2027-06-15", 1, &[(2026, 1_800), (2027, 1_800)], Some((2027, 1_800))),
        ("2027-06-15", 1, &[(2026, 1_801), (2027, 1_800)], Some((2026, 1_801))),
        ("2027-01-01", 1, &[], Some((2027, 0))),
        // A policy may let none of them count, or more.
        ("2027-01-01", 0, &[(2026, 3_600)], Some((2027, 0))),
        ("2027-01-01", 0, &[(2027, 3_600)], None),
        ("2029-01-01", 3, &[(2026, 3_600)], None),
        // What is entered for a year to come does not count yet.
        ("2026-12-31", 1, &[(2027, 3_600)], Some((2026, 0))),
    ];
    for (on, training_earlier_years, minutes, short) in cases {
        let policy =
            CertificationPolicy { training_earlier_years, ..CertificationPolicy::default() };
        let facts = changed(|f| f.training_minutes = minutes.iter().copied().collect());
        let unmet = short.map(|(year, done)| Unmet::Training { year, done, required: 3_600 });
        let answer = qualification(&facts, &policy, day(on));
        assert_eq!(answer, Vec::from_iter(unmet), "{on} {training_earlier_years} {minutes:?}");
    }
}

#[test]
fn everything_that_is_unmet_is_told() {
    let facts = changed(|f| {
        f.person.establishment = Establishment::None;
        f.exams.clear();
        f.training_minutes.clear();
    });
    assert_eq!(
        qualify(&facts),
        [
            Unmet::NotOnEstablishment,
            Unmet::PublicLawExam,
            Unmet::ProfessionalLawExam,
            Unmet::Training { year: 2026, done: 0, required: 3_600 },
        ]
    );
}

const READY: Circumstances<'_> = Circumstances {
    qualified: true,
    agency_confirmed: true,
    has_issuing_authority: true,
    open_application: false,
    held: &[],
};

fn apply(facts: &PersonFacts, act: Act, circumstances: &Circumstances<'_>) -> Vec<Unmet> {
    application(facts, act, circumstances, &CertificationPolicy::default(), day(TODAY))
}

#[test]
fn one_thing_an_application_needs_each() {
    assert_eq!(apply(&sound(), Act::Initial, &READY), []);
    let without_photo = changed(|f| f.person.photo_sha256 = None);
    assert_eq!(apply(&without_photo, Act::Initial, &READY), [Unmet::PhotoMissing]);
    let left = changed(|f| f.person.employment = Employment::Resigned);
    assert_eq!(apply(&left, Act::Initial, &READY), [Unmet::NotInPost]);
    for (circumstances, unmet) in [
        (Circumstances { qualified: false, ..READY }, Unmet::NotQualified),
        (Circumstances { agency_confirmed: false, ..READY }, Unmet::AgencyNotConfirmed),
        (Circumstances { has_issuing_authority: false, ..READY }, Unmet::NoIssuingAuthority),
        (Circumstances { open_application: true, ..READY }, Unmet::OpenApplication),
    ] {
        assert_eq!(apply(&sound(), Act::Initial, &circumstances), [unmet]);
    }
}

/// Certificates with their state and last day.
type Held<'a> = &'a [(S, NaiveDate)];

#[test]
fn what_is_held_decides_what_can_be_applied_for() {
    let far = day("2030-01-01");
    // The window of 90 days opens on TODAY for the first and a day later for the second.
    let (due, not_due) = (day("2026-09-13"), day("2026-09-14"));
    let early = Unmet::RenewalTooEarly { from: day("2026-06-16") };
    // What is held with its last day, then what INITIAL, RENEWAL and REPLACEMENT lack.
    let (in_force, lost, suspended, waits) = (
        Some(Unmet::CertificateInForce),
        Some(Unmet::CertificateLost),
        Some(Unmet::CertificateSuspended),
        Some(Unmet::AwaitsHandover),
    );
    let nothing = [None, Some(Unmet::NothingToRenew), Some(Unmet::NothingToReplace)];
    let cases: [(Held, [Option<Unmet>; 3]); 13] = [
        (&[], nothing),
        (&[(S::Revoked, far)], nothing),
        (&[(S::Cancelled, far)], nothing),
        (&[(S::Expired, far)], nothing),
        (&[(S::Active, due)], [in_force, None, None]),
        (&[(S::Active, not_due)], [in_force, Some(early), None]),
        (&[(S::Issued, far)], [waits, waits, None]),
        (&[(S::Lost, far)], [lost, lost, None]),
        (&[(S::Suspended, far)], [suspended; 3]),
        // A new one waits for its handover beside the old.
        (&[(S::Issued, far), (S::Active, due)], [waits, waits, None]),
        (&[(S::Issued, far), (S::Expired, due)], [waits, waits, None]),
        (&[(S::Issued, far), (S::Lost, due)], [waits, waits, None]),
        (&[(S::Issued, far), (S::Suspended, due)], [suspended; 3]),
    ];
    for (held, expected) in cases {
        let circumstances = Circumstances { held, ..READY };
        for (act, unmet) in [Act::Initial, Act::Renewal, Act::Replacement].into_iter().zip(expected)
        {
            let answer = apply(&sound(), act, &circumstances);
            assert_eq!(answer, Vec::from_iter(unmet), "{held:?} {act:?}");
        }
    }
}

#[test]
fn what_stands_in_the_way_of_a_handover() {
    let policy = CertificationPolicy::default();
    let hand_over = |facts: &PersonFacts, confirmed, held: &[S]| {
        handover(facts, confirmed, held, &policy, day(TODAY))
    };
    assert_eq!(hand_over(&sound(), true, &[S::Issued]), []);
    assert_eq!(hand_over(&sound(), true, &[S::Issued, S::Active]), []);
    assert_eq!(hand_over(&sound(), true, &[S::Issued, S::Lost]), []);
    let suspended = hand_over(&sound(), true, &[S::Issued, S::Suspended]);
    assert_eq!(suspended, [Unmet::CertificateSuspended]);
    assert_eq!(hand_over(&sound(), false, &[S::Issued]), [Unmet::AgencyNotConfirmed]);
    let left = changed(|f| f.person.employment = Employment::Retired);
    assert_eq!(hand_over(&left, true, &[S::Issued]), [Unmet::NotInPost]);
    let owing = changed(|f| {
        f.standings = vec![standing(StandingKind::RetrainingOwed, "2026-01-01", None)];
    });
    assert_eq!(hand_over(&owing, true, &[S::Issued]), [Unmet::RetrainingOwed]);
}
