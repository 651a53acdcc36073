//! Lists that stand beside the register: certificates from before, reforms, training and its years.

use api::certification::CertificateFilter;
use api::exports::{ExportRefusal, SessionsOf, SittingsOf, Wanted, YearOf};
use api::graphql::ids::encode;
use api::officers::existing::ExistingFilter;
use api::platform::actor::Actor;
use api::reorganisation::{ChangeFilter, Plan};
use api::training::year::PeopleFilter;
use api::training::{self, NewSession, NewSitting, Step, Target, Value};
use entities::enums::{
    ExamOutcome, ExamSubject, ExistingState, ExportFormat, Role, ScopeAxis, TrainingKind,
    TrainingMode, TrainingState,
};
use entities::ids::{ExamSittingId, PersonId, TrainingSessionId};
use entities::{export as record, person};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

use super::{both, both_from, export};
use crate::certification::world::{World, day};
use crate::existing;
use crate::reorganisation::reformers::{DOCUMENT, Reformers};

const NOW: &str = "2026-03-02 10:00:00";
const BUREAU: &str = "永登县交通运输局";

fn of(parts: &[&str]) -> Vec<String> {
    parts.iter().map(|s| (*s).to_owned()).collect()
}

fn person_id(actor: &Actor) -> String {
    encode(actor.person().unwrap())
}

/// Two who were trained and sat an exam, of whom the second has left for the next county since.
pub(super) struct Trained {
    pub stayed: PersonId,
    pub left: PersonId,
    pub session: TrainingSessionId,
    pub sitting: ExamSittingId,
    /// Who confirmed the results and corrected one.
    pub second: Actor,
}

impl Trained {
    pub async fn new(world: &World) -> Self {
        let p = &world.platform;
        let second = world.staff(Role::JusticeReviewer, world.justice, ScopeAxis::Territory).await;
        let stayed = world.person("张三", world.bureau, |_| {}).await;
        let left = world.person("李四", world.bureau, |_| {}).await;
        let new = NewSession {
            organiser: world.bureau,
            title: "春季执法培训".into(),
            kind: TrainingKind::PublicLaw,
            mode: TrainingMode::OnSite,
            field: Some("transport".into()),
            off_post: false,
            starts_on: day("2026-03-01"),
            ends_on: day("2026-03-02"),
            minutes: 960,
        };
        let session = training::plan_session(p, &world.hr, new).await.unwrap().id;
        training::move_session(p, &world.hr, session, Step::Hold).await.unwrap();
        let entered = async |actor, target, entries| {
            let entered = training::enter(p, actor, target, entries).await.unwrap();
            assert!(entered.iter().all(|entry| entry.result.is_ok()), "{entered:?}");
        };
        let minutes = vec![(stayed, Value::Minutes(480)), (left, Value::Minutes(240))];
        entered(&world.hr, Target::Attendance(session), minutes).await;
        let new = NewSitting {
            organiser: world.justice,
            subject: ExamSubject::PublicLaw,
            field: None,
            held_on: day("2026-03-02"),
            place: "县委党校".into(),
            resits_allowed: true,
        };
        let sitting = training::plan_sitting(p, &world.reviewer, new).await.unwrap().id;
        let candidates = vec![(stayed, Value::Candidate), (left, Value::Candidate)];
        entered(&world.reviewer, Target::Candidates(sitting), candidates).await;
        let outcomes = vec![
            (stayed, Value::Outcome(ExamOutcome::Scored, Some(505))),
            (left, Value::Outcome(ExamOutcome::Absent, None)),
        ];
        entered(&world.reviewer, Target::Results(sitting), outcomes).await;
        training::confirm_sitting(p, &second, sitting).await.unwrap();
        let right = (ExamOutcome::Scored, Some(705));
        training::correct_outcome(p, &second, sitting, stayed, right, "复核").await.unwrap();
        let moved = person::ActiveModel {
            id: Set(left),
            agency_id: Set(world.elsewhere),
            ..Default::default()
        };
        moved.update(p.db.writer()).await.unwrap();
        Self { stayed, left, session, sitting, second }
    }
}

#[tokio::test]
async fn training_and_exams_stand_in_both_files() {
    let world = World::new().await;
    let trained = Trained::new(&world).await;
    let stayed = encode(trained.stayed);
    let cells = both(&world, &world.hr, Wanted::TrainingSessions(SessionsOf::default())).await;
    assert_eq!(
        cells[1..],
        [of(&[
            "春季执法培训",
            BUREAU,
            "public law",
            "on site",
            "Transport",
            "no",
            "2026-03-01",
            "2026-03-02",
            "960",
            "held",
            "",
            &encode(trained.session),
        ])]
    );
    let cells = both(&world, &world.reviewer, Wanted::ExamSittings(SittingsOf::default())).await;
    assert_eq!(
        cells[1..],
        [of(&[
            "public law",
            "永登县司法局",
            "",
            "2026-03-02",
            "县委党校",
            "yes",
            "60.0",
            "confirmed",
            "",
            NOW,
            &encode(trained.sitting),
        ])]
    );
    // Whoever has left is beyond reach: that somebody was there is told, and not who.
    let mut cells = both(&world, &world.hr, Wanted::TrainingAttendance(trained.session)).await;
    cells[1..].sort();
    assert_eq!(
        cells[1..],
        [of(&["", "", "240", NOW, ""]), of(&["张三", BUREAU, "480", NOW, &stayed])]
    );
    let mut cells = both(&world, &world.reviewer, Wanted::ExamCandidates(trained.sitting)).await;
    cells[1..].sort();
    assert_eq!(
        cells[1..],
        [
            of(&["", "", "absent", "", "no", "0", NOW, ""]),
            of(&["张三", BUREAU, "scored", "70.5", "yes", "1", NOW, &stayed]),
        ]
    );
}

#[tokio::test]
async fn a_year_of_training_stands_in_both_files() {
    let world = World::new().await;
    let trained = Trained::new(&world).await;
    let officer = of(&["2026", "张三", BUREAU, "480", "3600", "3120", &encode(trained.stayed)]);
    let behind = |behind| PeopleFilter { agency: Some(world.bureau), behind: Some(behind) };
    for (year, people, rows) in [
        (None, PeopleFilter::default(), vec![officer.clone()]),
        (Some(2026), behind(true), vec![officer]),
        (Some(2026), behind(false), vec![]),
    ] {
        let wanted = Wanted::OfficerTrainingYears(YearOf { year, people });
        assert_eq!(both(&world, &world.hr, wanted).await[1..], rows);
    }
    let agency = |year, behind: &str, minutes| {
        of(&[year, BUREAU, "1", "0", behind, minutes, &encode(world.bureau)])
    };
    let cells = both(&world, &world.hr, Wanted::AgencyTrainingYears(None)).await;
    assert_eq!(cells[1..], [agency("2026", "1", "480")]);
    let cells = both(&world, &world.hr, Wanted::AgencyTrainingYears(Some(2025))).await;
    assert_eq!(cells[1..], [agency("2025", "1", "0")]);
}

#[tokio::test]
async fn the_next_door_sees_nothing_of_sessions_sittings_and_years() {
    let world = World::new().await;
    let trained = Trained::new(&world).await;
    let other = world.staff(Role::JusticeReviewer, world.elsewhere, ScopeAxis::Territory).await;
    let all = [
        Wanted::TrainingSessions(SessionsOf::default()),
        Wanted::ExamSittings(SittingsOf::default()),
    ];
    for wanted in all {
        assert_eq!(both(&world, &other, wanted).await.len(), 1);
    }
    // Who has come is theirs now.
    let cells = both(&world, &other, Wanted::OfficerTrainingYears(YearOf::default())).await;
    let ids: Vec<&String> = cells[1..].iter().map(|row| &row[6]).collect();
    assert_eq!(ids, [&encode(trained.left)]);
    let cells = both(&world, &other, Wanted::AgencyTrainingYears(None)).await;
    let ids: Vec<&String> = cells[1..].iter().map(|row| &row[6]).collect();
    assert_eq!(ids, [&encode(world.elsewhere)]);

    let before = world.app().audit_log().await;
    let exports = world.count::<record::Entity>().await;
    let refused = async |actor: &Actor, wanted| {
        export(&world, actor, wanted, ExportFormat::Csv, None).await.unwrap_err()
    };
    for (actor, wanted) in [
        (&other, Wanted::TrainingAttendance(trained.session)),
        (&other, Wanted::ExamCandidates(trained.sitting)),
        (&world.hr, Wanted::ExamCandidates(trained.sitting)),
        (&world.hr, Wanted::TrainingAttendance(TrainingSessionId(uuid::Uuid::nil()))),
    ] {
        assert_eq!(refused(actor, wanted).await, ExportRefusal::NotFound);
    }
    let here = Some(world.bureau);
    for wanted in [
        Wanted::TrainingSessions(SessionsOf { organiser: here, ..Default::default() }),
        Wanted::OfficerTrainingYears(YearOf {
            people: PeopleFilter { agency: here, behind: None },
            ..Default::default()
        }),
        Wanted::ExistingCertificates(ExistingFilter { agency: here, ..Default::default() }),
    ] {
        assert_eq!(refused(&other, wanted).await, ExportRefusal::OutOfScope);
    }
    assert_eq!(world.app().audit_log().await, before);
    assert_eq!(world.count::<record::Entity>().await, exports);
}

#[tokio::test]
async fn what_training_is_narrowed_by_narrows_it_and_is_told() {
    let world = World::new().await;
    let trained = Trained::new(&world).await;
    let of_year = |year, state| {
        Wanted::TrainingSessions(SessionsOf { state, organiser: Some(world.bureau), year })
    };
    let rows = async |wanted| both(&world, &world.hr, wanted).await.len() - 1;
    assert_eq!(rows(of_year(Some(2025), None)).await, 0);
    assert_eq!(rows(of_year(Some(i32::MAX), None)).await, 0);
    assert_eq!(rows(of_year(None, Some(TrainingState::Planned))).await, 0);
    assert_eq!(rows(of_year(Some(2026), Some(TrainingState::Held))).await, 1);
    let filter = super::last_filter(world.app()).await;
    let told = serde_json::json!({
        "state": "HELD", "organiserId": encode(world.bureau), "year": "2026",
    });
    assert_eq!(filter, told);
    rows(Wanted::TrainingAttendance(trained.session)).await;
    let told = serde_json::json!({ "sessionId": encode(trained.session) });
    assert_eq!(super::last_filter(world.app()).await, told);
}

#[tokio::test]
async fn reforms_stand_in_both_files_and_certificates_under_the_unit_of_their_issue() {
    let r = Reformers::new().await;
    let w = &r.world;
    let (person, certificate) = w.active("张三").await;
    let (name, today) = ("永登县交通运输综合执法局", "2026-03-02");
    let rename = Plan::Rename { agency: w.bureau, name: name.into() };
    let id = r.done(rename).await;
    let all = || Wanted::AgencyChanges(ChangeFilter::default());
    let cells = both(w, &r.first, all()).await;
    assert_eq!(
        cells[1..],
        [of(&[
            "renaming",
            "in effect",
            today,
            DOCUMENT,
            name,
            "",
            name,
            NOW,
            &person_id(&r.first),
            NOW,
            &person_id(&r.second),
            NOW,
            "",
            &encode(id),
        ])]
    );
    let row = w.certificate(certificate).await;
    let cells = both(w, &w.issuer, Wanted::Certificates(CertificateFilter::default())).await;
    assert_eq!(
        cells[1..],
        [of(&[
            &row.number,
            "张三",
            "enforcement officer",
            BUREAU,
            name,
            "永登县司法局",
            "in force",
            today,
            today,
            &row.valid_until.to_string(),
            "2026-08-29",
            today,
            "",
            "",
            "",
            &encode(person),
            &encode(certificate),
        ])]
    );
    // The next door sees none of it.
    let role = Role::SystemAdministrator;
    let other = w.staff(role, w.elsewhere, ScopeAxis::Territory).await;
    assert_eq!(both(w, &other, all()).await.len(), 1);
    let of_it = ChangeFilter { agency: Some(w.bureau), ..Default::default() };
    let refused =
        export(w, &other, Wanted::AgencyChanges(of_it), ExportFormat::Csv, None).await.unwrap_err();
    assert_eq!(refused, ExportRefusal::OutOfScope);
}

#[tokio::test]
async fn certificates_from_before_stand_in_both_files() {
    let world = existing::world::World::new().await;
    let batch = world.claimed(&[(1, &[]), (2, &[])]).await;
    world.confirmed(1).await;
    let all = || Wanted::ExistingCertificates(ExistingFilter::default());
    let mut cells = both_from(&world.app, &world.reviewer, all()).await;
    cells[1..].sort_by(|one, other| one[4].cmp(&other[4]));
    let (first, second) = (world.claim(1).await, world.claim(2).await);
    let (hr, reviewer) = (person_id(&world.hr), person_id(&world.reviewer));
    let number = existing::world::number;
    let row = |n, state, at, by, claim: &entities::existing_certificate::Model| {
        of(&[
            "张三",
            "兰州市城关区市场监督管理局",
            "enforcement certificate",
            "",
            &number(n),
            "兰州市城关区司法局",
            "2024-03-05",
            "2029-03-04",
            "in force",
            state,
            "",
            NOW,
            &hr,
            at,
            by,
            "",
            &encode(batch.id),
            &encode(claim.person_id),
            &encode(claim.id),
        ])
    };
    assert_eq!(
        cells[1..],
        [row(1, "confirmed", NOW, &reviewer, &first), row(2, "to be confirmed", "", "", &second),]
    );
    let waiting = ExistingFilter { state: Some(ExistingState::Claimed), ..Default::default() };
    let waiting = Wanted::ExistingCertificates(waiting);
    assert_eq!(both_from(&world.app, &world.hr, waiting).await[1..], cells[2..]);
    let (app, elsewhere) = (&world.app, world.province.other_county_market);
    let other = world.province.sign_in(app, "other", Role::AgencyHr, elsewhere).await;
    assert_eq!(both_from(app, &other, all()).await.len(), 1);
}
