//! What each kind of reform does to agencies, people, roles, applications and certificates.

use chrono::Duration;
use entities::enums::{
    ApplicationAct as Act, ApplicationState, CertificateAct as A, CertificateState as S,
    Employment, ExamSubject, JobState, QualificationState, Role, ScopeAxis, TrainingKind,
    TrainingMode,
};
use entities::ids::{AgencyId, ApplicationId, CertificateId, PersonId};
use entities::{
    account, application, audit_entry, exam_sitting, exchange_due, grant, person, public_card,
    qualification, training_session,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use api::access::Scope;
use api::certification::rules::grounds::Ground;
use api::certification::*;
use api::graphql::ids::encode;
use api::organisations::{Found, Register};
use api::platform::failure::Failure;
use api::reorganisation::{Part, Plan, Superior, Target};
use api::training::{self, NewSession, NewSitting, Step};

use super::reformers::{DOCUMENT, Reformers, refused, signed_in_anew};
use crate::certification::world::day;

const CHANGE: &str = "query($id: ID!) { agencyChange(id: $id) {
    kind state effectiveOn document newName failure from { id name } to { id name }
    impact { people certificates accounts applications subordinates } } }";

const CERTIFICATE: &str = "query($id: ID!) { certificate(id: $id) {
    state agency { id name } presentAgency { id name } exchangeDueOn
    successions { on kind agency { id name } } } }";

const AGENCY: &str = "query($id: ID!) { agency(id: $id) {
    name aliases abolishedOn formerNames { name untilOn }
    successors { on kind agency { id name } } } }";

impl Reformers {
    async fn change_shown(&self, id: entities::ids::AgencyChangeId) -> Value {
        let answer = self.graphql(&self.second, CHANGE, json!({ "id": encode(id) })).await;
        answer["data"]["agencyChange"].clone()
    }

    /// A certificate as the issuing authority reads it.
    async fn certificate_shown(&self, id: CertificateId) -> Value {
        let issuer = &self.world.issuer;
        let answer = self.graphql(issuer, CERTIFICATE, json!({ "id": encode(id) })).await;
        answer["data"]["certificate"].clone()
    }

    async fn agency_shown(&self, id: AgencyId) -> Value {
        let answer = self.graphql(&self.first, AGENCY, json!({ "id": encode(id) })).await;
        answer["data"]["agency"].clone()
    }

    async fn person(&self, id: PersonId) -> person::Model {
        let db = self.world.platform.db.read();
        person::Entity::find_by_id(id).one(db).await.unwrap().unwrap()
    }

    async fn card(&self, id: CertificateId) -> public_card::Model {
        self.world.card(id).await
    }

    /// How a roster finds an agency by a name.
    async fn found(&self, name: &str) -> (&'static str, Option<AgencyId>) {
        let db = self.world.platform.db.read();
        let key = |name: &str| name.to_owned();
        let register = Register::load(db, &Scope::Everything, self.today(), key).await.unwrap();
        match register.agency_by_name(name) {
            Found::Exact(a) => ("exact", Some(a.id)),
            Found::Alias(a) => ("alias", Some(a.id)),
            Found::Ambiguous => ("ambiguous", None),
            Found::Nothing => ("nothing", None),
        }
    }

    /// The roles in force of an account.
    async fn roles(&self, id: entities::ids::AccountId) -> Vec<(Role, AgencyId, ScopeAxis)> {
        let rows = grant::Entity::find()
            .filter(grant::Column::AccountId.eq(id))
            .filter(grant::Column::EndedAt.is_null())
            .order_by_asc(grant::Column::Id)
            .all(self.world.platform.db.read())
            .await
            .unwrap();
        rows.into_iter().map(|g| (g.role, g.agency_id, g.axis)).collect()
    }

    /// State, unit and issuing authority of an application.
    async fn way(&self, id: ApplicationId) -> (ApplicationState, AgencyId, AgencyId) {
        let db = self.world.platform.db.read();
        let row = application::Entity::find_by_id(id).one(db).await.unwrap().unwrap();
        (row.state, row.agency_id, row.issuing_agency_id)
    }

    /// Training of one day that the bureau plans.
    async fn session(&self, title: &str) -> entities::ids::TrainingSessionId {
        let new = NewSession {
            organiser: self.world.bureau,
            title: title.into(),
            kind: TrainingKind::PublicLaw,
            mode: TrainingMode::OnSite,
            field: None,
            off_post: false,
            starts_on: self.today(),
            ends_on: self.today(),
            minutes: 480,
        };
        training::plan_session(&self.world.platform, &self.world.hr, new).await.unwrap().id
    }

    /// Each session and sitting with its organiser, in the order in which they were planned.
    async fn organised(&self) -> (Vec<(String, AgencyId)>, Vec<(String, AgencyId)>) {
        let db = self.world.platform.db.read();
        let sessions = training_session::Entity::find()
            .order_by_asc(training_session::Column::Title)
            .all(db)
            .await
            .unwrap();
        let sittings = exam_sitting::Entity::find()
            .order_by_asc(exam_sitting::Column::Place)
            .all(db)
            .await
            .unwrap();
        (
            sessions.into_iter().map(|row| (row.title, row.organiser_id)).collect(),
            sittings.into_iter().map(|row| (row.place, row.organiser_id)).collect(),
        )
    }

    async fn version(&self, id: entities::ids::AccountId) -> i32 {
        let db = self.world.platform.db.read();
        account::Entity::find_by_id(id).one(db).await.unwrap().unwrap().version
    }

    /// The audit log of an agency since it began, as (action, body).
    async fn log(&self, agency: AgencyId) -> Vec<(String, Value)> {
        let rows = audit_entry::Entity::find()
            .filter(audit_entry::Column::Stream.eq(agency.0.to_string()))
            .order_by_asc(audit_entry::Column::Seq)
            .all(self.world.platform.db.read())
            .await
            .unwrap();
        let body = |text: &str| serde_json::from_str(text).unwrap();
        rows.into_iter().map(|row| (row.action, body(&row.body))).collect()
    }
}

#[tokio::test]
async fn a_renamed_agency_stays_the_same_and_its_certificates_keep_the_name_they_bear() {
    let r = Reformers::new().await;
    let w = &r.world;
    let (officer, old) = w.active("王伟").await;
    let before = r.agency(w.bureau).await;
    let entries = r.log(w.bureau).await.len();
    let plan =
        Plan::Rename { agency: w.bureau, name: " 永登县交通运输和公路管理局 ".into() };
    let id = r.propose(plan, day("2026-02-20")).await.unwrap();
    assert_eq!(
        r.change_shown(id).await,
        json!({
            "kind": "RENAME", "state": "PROPOSED", "effectiveOn": "2026-02-20",
            "document": DOCUMENT, "newName": "永登县交通运输和公路管理局", "failure": null,
            "from": [{ "id": encode(w.bureau), "name": "永登县交通运输局" }], "to": [],
            // 王伟 and the clerk of human resources, who has the account.
            "impact": {
                "people": 2, "certificates": 1, "accounts": 1, "applications": 0,
                "subordinates": 0,
            },
        })
    );
    assert_eq!(r.agency(w.bureau).await, before, "nothing changes before it is decided");
    r.approve(id).await.unwrap();

    let after = r.agency(w.bureau).await;
    let name = "永登县交通运输和公路管理局";
    assert_eq!(
        after,
        entities::agency::Model {
            name: name.into(),
            aliases: json!(["永登县交通运输局"]),
            updated_at: after.updated_at,
            ..before
        }
    );
    assert_eq!(r.found("永登县交通运输局").await, ("alias", Some(w.bureau)));
    assert_eq!(r.found(name).await, ("exact", Some(w.bureau)));
    assert_eq!(
        r.agency_shown(w.bureau).await,
        json!({
            "name": name, "aliases": ["永登县交通运输局"], "abolishedOn": null,
            "formerNames": [{ "name": "永登县交通运输局", "untilOn": "2026-02-20" }],
            "successors": [],
        })
    );
    let here = json!({ "id": encode(w.bureau), "name": name });
    assert_eq!(
        r.certificate_shown(old).await,
        json!({
            "state": "ACTIVE",
            "agency": { "id": encode(w.bureau), "name": "永登县交通运输局" },
            "presentAgency": here,
            // Counted from today, on which it was entered.
            "exchangeDueOn": "2026-08-29",
            "successions": [{ "on": "2026-02-20", "kind": "RENAME", "agency": here }],
        })
    );
    assert_eq!(w.card(old).await.agency_name, "永登县交通运输局");
    assert_eq!(
        r.log(w.bureau).await[entries..],
        [
            ("agency_change.propose".to_owned(), json!({ "kind": "RENAME", "on": "2026-02-20" })),
            (
                "agency.reform".to_owned(),
                json!({ "changed": ["name"], "on": "2026-02-20", "reform": encode(id) })
            ),
            ("agency_change.apply".to_owned(), json!({ "kind": "RENAME", "on": "2026-02-20" })),
            ("agency_change.approve".to_owned(), json!({ "on": "2026-02-20" })),
        ]
    );

    // The next certificate bears the new name, and nothing more is due.
    let new = w.issued(officer, Act::Replacement).await;
    hand_over(&w.platform, &w.hr, &[new]).await.unwrap();
    assert_eq!(
        r.certificate_shown(new).await,
        json!({
            "state": "ACTIVE", "agency": here, "presentAgency": here, "exchangeDueOn": null,
            "successions": [],
        })
    );
    assert_eq!(r.certificate_shown(old).await["exchangeDueOn"], Value::Null);
    assert_eq!(r.certificate_shown(old).await["successions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_agency_and_an_authorisation_are_named_as_they_were_on_a_day() {
    let r = Reformers::new().await;
    let w = &r.world;
    let (officer, _) = w.active("王伟").await;
    let issued = w.platform.now();
    w.advance(30);
    let before = w.platform.now();
    let superior = r.organ(1, "永登县综合执法局").await;
    let plan = Plan::Rename { agency: w.bureau, name: "永登县交通局".into() };
    r.done(plan).await;
    w.advance(30);
    r.done(Plan::Move {
        agency: w.bureau,
        superior: Superior::Under(superior),
        division: None,
        leadership: Some(entities::enums::Leadership::Dual),
    })
    .await;
    w.advance(30);
    r.done(Plan::Rename { agency: superior, name: "永登县综合行政执法局".into() }).await;
    w.advance(30);
    r.done(Plan::Merge { from: vec![w.bureau], into: Target::Existing(superior) }).await;

    let at = |on: &str| {
        let query = "query($id: ID!, $on: NaiveDate!) { agencyAt(id: $id, on: $on) {
            name existed leadership division { code } superior { id name } } }";
        let variables = json!({ "id": encode(w.bureau), "on": on });
        let r = &r;
        async move { r.graphql(&r.first, query, variables).await["data"]["agencyAt"].clone() }
    };
    let was = |name: &str, existed: bool, leadership: &str, superior: Value| {
        json!({
            "name": name, "existed": existed, "leadership": leadership,
            "division": { "code": "620121" }, "superior": superior,
        })
    };
    let above = |name: &str| json!({ "id": encode(superior), "name": name });
    assert_eq!(at("2026-03-31").await, was("永登县交通运输局", true, "LOCAL", Value::Null));
    assert_eq!(at("2026-04-01").await, was("永登县交通局", true, "LOCAL", Value::Null));
    assert_eq!(at("2026-04-30").await, was("永登县交通局", true, "LOCAL", Value::Null));
    assert_eq!(
        at("2026-05-01").await,
        was("永登县交通局", true, "DUAL", above("永登县综合执法局"))
    );
    assert_eq!(
        at("2026-05-31").await,
        was("永登县交通局", true, "DUAL", above("永登县综合行政执法局"))
    );
    assert_eq!(
        at("2026-06-30").await,
        was("永登县交通局", false, "DUAL", above("永登县综合行政执法局"))
    );

    let authorised = |moment: chrono::DateTime<chrono::Utc>| {
        let query =
            "query($id: ID!, $at: DateTime!) { authorisationAt(personId: $id, moment: $at) {
            agency { id name } state authorised } }";
        let variables = json!({ "id": encode(officer), "at": moment.to_rfc3339() });
        let r = &r;
        async move {
            let answer = r.graphql(&r.world.issuer, query, variables).await;
            answer["data"]["authorisationAt"].clone()
        }
    };
    let held = |id: AgencyId, name: &str| {
        json!([{ "agency": { "id": encode(id), "name": name }, "state": "ACTIVE",
                 "authorised": true }])
    };
    assert_eq!(authorised(issued).await, held(w.bureau, "永登县交通运输局"));
    assert_eq!(authorised(before - Duration::days(1)).await, held(w.bureau, "永登县交通运输局"));
    assert_eq!(authorised(before + Duration::days(60)).await, held(w.bureau, "永登县交通局"));
    assert_eq!(authorised(w.platform.now()).await, held(superior, "永登县综合行政执法局"));
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one merger, and all that it takes over")]
async fn a_merger_takes_over_people_roles_applications_and_certificates() {
    let r = Reformers::new().await;
    let w = &r.world;
    let p = &w.platform;
    let (officer, certificate) = w.active("王伟").await;
    let waiting = w.qualified("李娜").await;
    let application = w.reviewed(waiting, Act::Initial).await;
    let roads = r.organ(1, "永登县公路局").await;
    let retired = w.person("老张", roads, |p| p.employment = Employment::Retired).await;
    let hr = w.hr.account().unwrap();
    let version = r.version(hr).await;
    let mut into = r.described(2, "永登县交通运输局");
    into.complaint_phone = Some("0931-6400000".into());
    let heir = into.id;
    let from = vec![w.bureau, roads];
    let id = r.propose(Plan::Merge { from, into: Target::New(Box::new(into)) }, r.today()).await;
    let id = id.unwrap();
    assert_eq!(
        r.change_shown(id).await,
        json!({
            "kind": "MERGE", "state": "PROPOSED", "effectiveOn": "2026-03-02",
            "document": DOCUMENT, "newName": "永登县交通运输局", "failure": null,
            "from": [
                { "id": encode(w.bureau), "name": "永登县交通运输局" },
                { "id": encode(roads), "name": "永登县公路局" },
            ],
            "to": [],
            "impact": {
                "people": 4, "certificates": 1, "accounts": 1, "applications": 1,
                "subordinates": 0,
            },
        })
    );
    r.approve(id).await.unwrap();
    let shown = r.change_shown(id).await;
    assert_eq!(shown["state"], "APPLIED");
    assert_eq!(shown["to"], json!([{ "id": encode(heir), "name": "永登县交通运输局" }]));
    assert_eq!(shown["impact"]["people"], 4);

    // Employment and qualification go on.
    for (who, employment) in [
        (officer, Employment::InPost),
        (waiting, Employment::InPost),
        (retired, Employment::Retired),
    ] {
        let row = r.person(who).await;
        assert_eq!((row.agency_id, row.employment), (heir, employment));
    }
    let qualified = qualification::Entity::find().all(p.db.read()).await.unwrap();
    assert!(
        qualified.iter().all(|q| q.agency_id == heir && q.state == QualificationState::Qualified)
    );
    assert_eq!(r.agency(w.bureau).await.abolished_on, Some(r.today()));
    assert_eq!(
        r.agency_shown(w.bureau).await,
        json!({
            "name": "永登县交通运输局", "aliases": [], "abolishedOn": "2026-03-02",
            "formerNames": [],
            "successors": [{ "on": "2026-03-02", "kind": "MERGE",
                "agency": { "id": encode(heir), "name": "永登县交通运输局" } }],
        })
    );
    assert_eq!(r.found("永登县公路局").await, ("alias", Some(heir)));
    assert_eq!(r.found("永登县交通运输局").await, ("exact", Some(heir)));

    // The certificate stays in force under the old unit's name and says who took its place.
    let successor = json!({ "id": encode(heir), "name": "永登县交通运输局" });
    assert_eq!(
        r.certificate_shown(certificate).await,
        json!({
            "state": "ACTIVE",
            "agency": { "id": encode(w.bureau), "name": "永登县交通运输局" },
            "presentAgency": successor,
            "exchangeDueOn": "2026-08-29",
            "successions": [{ "on": "2026-03-02", "kind": "MERGE", "agency": successor }],
        })
    );
    let card = r.card(certificate).await;
    assert_eq!(card.complaint_phone.as_deref(), Some("0931-6400000"));
    let scanned = w.scan(certificate).await;
    assert_eq!((scanned.card.state, scanned.card.agency_number), (S::Active, 3));

    // Roles follow, and the tokens of before end.
    assert_eq!(r.roles(hr).await, [(Role::AgencyHr, heir, ScopeAxis::Own)]);
    assert_eq!(r.version(hr).await, version + 1);
    let hr = signed_in_anew(&w.hr, (Role::AgencyHr, heir, ScopeAxis::Own));
    let gone = apply(p, &w.hr, &[officer], Act::Replacement).await.unwrap();
    assert_eq!(gone[0].result, Err(CertificationRefusal::NotFound));

    // What was on its way goes on: the same justice department has reviewed it already.
    let row = application::Entity::find_by_id(application).one(p.db.read()).await.unwrap();
    let row = row.unwrap();
    assert_eq!((row.agency_id, row.state), (heir, ApplicationState::Reviewed));
    let issued = issue(p, &w.issuer, application).await.unwrap();
    assert_eq!(hand_over(p, &hr, &[issued]).await.unwrap()[0].result, Ok(()));
    assert_eq!(w.card(issued).await.agency_name, "永登县交通运输局");
    assert_eq!(r.certificate_shown(issued).await["successions"], json!([]));

    // The exchange is the application for a replacement.
    let due = "query($by: NaiveDate!) { certificates(exchangeDueBy: $by) { nodes { id } } }";
    let on = |by: &str| json!({ "by": by });
    let answer = r.graphql(&hr, due, on("2026-08-28")).await;
    assert_eq!(answer["data"]["certificates"]["nodes"], json!([]));
    let answer = r.graphql(&hr, due, on("2026-08-29")).await;
    assert_eq!(answer["data"]["certificates"]["nodes"], json!([{ "id": encode(certificate) }]));
    let exchange = apply(p, &hr, &[officer], Act::Replacement).await.unwrap();
    let exchange = exchange[0].result.clone().unwrap();
    move_applications(p, &w.reviewer, &[exchange], &Move::Approve).await.unwrap();
    let new = issue(p, &w.issuer, exchange).await.unwrap();
    assert_eq!(hand_over(p, &hr, &[new]).await.unwrap()[0].result, Ok(()));
    let answer = r.graphql(&hr, due, on("2026-08-29")).await;
    assert_eq!(answer["data"]["certificates"]["nodes"], json!([]));
    let old = w.certificate(certificate).await;
    assert_eq!((old.state, old.ground.as_deref()), (S::Cancelled, Some("REPLACED")));
}

#[tokio::test]
async fn a_split_moves_whom_it_names_and_leaves_the_others() {
    let r = Reformers::new().await;
    let w = &r.world;
    let (by_name, named) = w.active("王伟").await;
    let (by_unit, unit) = w.active("李娜").await;
    let (stays, staying) = w.active("赵强").await;
    for (who, of) in [(by_name, "路政科"), (by_unit, "路政科"), (stays, "运输科")] {
        let mut row: person::ActiveModel = r.person(who).await.into();
        row.internal_unit = sea_orm::Set(Some(of.into()));
        sea_orm::ActiveModelTrait::update(row, w.platform.db.writer()).await.unwrap();
    }
    // Somebody who goes kept human resources too.
    let both =
        w.account(by_name, &[(Role::AgencyHr, w.bureau, ScopeAxis::Own)]).await.account().unwrap();
    let (ports, roads) = (r.organ(1, "永登县港口局").await, r.described(2, "永登县公路局"));
    let roads_id = roads.id;
    let part = |to, people: &[PersonId], units: &[&str]| Part {
        to,
        people: people.to_vec(),
        units: units.iter().map(|u| (*u).to_owned()).collect(),
        rest: false,
    };
    let parts = vec![
        part(Target::Existing(ports), &[by_name], &[]),
        part(Target::New(Box::new(roads)), &[], &["路政科"]),
    ];
    let plan = Plan::Split { from: w.bureau, parts, ends: false };
    let id = r.propose(plan, r.today()).await.unwrap();
    assert_eq!(
        r.change_shown(id).await["impact"],
        json!({ "people": 2, "certificates": 2, "accounts": 2, "applications": 0,
                "subordinates": 0 })
    );
    let parts = "query($id: ID!) { agencyChange(id: $id) { parts {
        toId foundedName namedPeople internalUnits rest } } }";
    let answer = r.graphql(&r.second, parts, json!({ "id": encode(id) })).await;
    assert_eq!(
        answer["data"]["agencyChange"]["parts"],
        json!([
            { "toId": encode(ports), "foundedName": null, "namedPeople": 1, "internalUnits": [],
              "rest": false },
            { "toId": encode(roads_id), "foundedName": "永登县公路局", "namedPeople": 0,
              "internalUnits": ["路政科"], "rest": false },
        ])
    );
    r.approve(id).await.unwrap();
    assert_eq!(r.person(by_name).await.agency_id, ports);
    assert_eq!(r.person(by_unit).await.agency_id, roads_id);
    assert_eq!(r.person(stays).await.agency_id, w.bureau);
    assert_eq!(r.agency(w.bureau).await.abolished_on, None);
    for (certificate, keeper, successions, due) in [
        (named, ports, Some((ports, "永登县港口局")), Some("2026-08-29")),
        (unit, roads_id, Some((roads_id, "永登县公路局")), Some("2026-08-29")),
        (staying, w.bureau, None, None),
    ] {
        let shown = r.certificate_shown(certificate).await;
        assert_eq!(shown["agency"]["id"], encode(w.bureau));
        assert_eq!(shown["presentAgency"]["id"], encode(keeper));
        assert_eq!(shown["exchangeDueOn"], json!(due));
        let successions: Vec<Value> = successions
            .into_iter()
            .map(|(id, name)| {
                json!({ "on": "2026-03-02", "kind": "SPLIT",
                                      "agency": { "id": encode(id), "name": name } })
            })
            .collect();
        assert_eq!(shown["successions"], json!(successions));
    }
    // Who went keeps the role where they went; who stayed keeps it here.
    assert_eq!(r.roles(both).await, [(Role::AgencyHr, ports, ScopeAxis::Own)]);
    let hr = w.hr.account().unwrap();
    assert_eq!(r.roles(hr).await, [(Role::AgencyHr, w.bureau, ScopeAxis::Own)]);
    let loss = Particulars { ground: Some(Ground::Loss), ..Particulars::default() };
    let there = act_on(&w.platform, &w.hr, named, A::ReportLoss, &loss).await;
    assert!(matches!(there, Err(Failure::Refused(CertificationRefusal::NotFound))));
    act_on(&w.platform, &w.hr, staying, A::ReportLoss, &loss).await.unwrap();
}

#[tokio::test]
async fn an_agency_that_ends_in_a_split_leaves_nobody_behind() {
    let r = Reformers::new().await;
    let w = &r.world;
    let (officer, certificate) = w.active("王伟").await;
    let [ports, roads] = [r.organ(1, "永登县港口局").await, r.organ(2, "永登县公路局").await];
    let plan = |rest: bool| Plan::Split {
        from: w.bureau,
        parts: vec![
            Part {
                to: Target::Existing(ports),
                people: vec![officer],
                units: Vec::new(),
                rest: false,
            },
            Part {
                to: Target::Existing(roads),
                people: vec![w.hr.person().unwrap()],
                units: Vec::new(),
                rest,
            },
        ],
        ends: true,
    };
    let other = w.person("李娜", w.bureau, |_| {}).await;
    let id = r.propose(plan(false), r.today()).await.unwrap();
    assert_eq!(refused(r.approve(id).await), "AGENCY_HAS_PEOPLE");
    assert_eq!(r.person(officer).await.agency_id, w.bureau, "nothing of it was done");
    r.session("春季培训").await;
    r.done(plan(true)).await;
    assert_eq!(r.person(other).await.agency_id, roads);
    // What nobody claims goes with the rest.
    assert_eq!(r.organised().await, (vec![("春季培训".to_owned(), roads)], Vec::new()));
    assert_eq!(r.agency(w.bureau).await.abolished_on, Some(r.today()));
    assert_eq!(r.card(certificate).await.agency_id, ports);
    // Its name says nothing certain any more.
    assert_eq!(r.found("永登县交通运输局").await, ("ambiguous", None));
    let hr = w.hr.account().unwrap();
    assert_eq!(r.roles(hr).await, [(Role::AgencyHr, roads, ScopeAxis::Own)]);
}

#[tokio::test]
async fn an_agency_is_abolished_when_nobody_and_nothing_is_left() {
    let r = Reformers::new().await;
    let w = &r.world;
    let p = &w.platform;
    let (officer, certificate) = w.active("王伟").await;
    let waiting = w.qualified("李娜").await;
    let application = w.applied(waiting, Act::Initial).await;
    let outside = w.person("管理员", w.justice, |_| {}).await;
    let role = (Role::AgencyHr, w.bureau, ScopeAxis::Own);
    let helper = w.account(outside, &[role]).await.account().unwrap();
    let plan = || Plan::Abolish { agency: w.bureau, successor: None };
    let id = r.propose(plan(), r.today()).await.unwrap();
    let leave = |who: PersonId| {
        let r = &r;
        async move {
            let mut row: person::ActiveModel = r.person(who).await.into();
            row.employment = sea_orm::Set(Employment::Resigned);
            let db = r.world.platform.db.writer();
            sea_orm::ActiveModelTrait::update(row, db).await.unwrap();
        }
    };
    assert_eq!(refused(r.approve(id).await), "AGENCY_HAS_PEOPLE");
    for who in [officer, waiting, w.hr.person().unwrap()] {
        leave(who).await;
    }
    assert_eq!(refused(r.approve(id).await), "AGENCY_HAS_CERTIFICATES");
    let ground = Some(Ground::AgencyAbolished);
    let because = Particulars { ground, ..Particulars::default() };
    act_on(p, &w.issuer, certificate, A::Cancel, &because).await.unwrap();
    assert_eq!(refused(r.approve(id).await), "AGENCY_HAS_APPLICATIONS");
    let refuse = Move::Refuse("机关撤销".into());
    move_applications(p, &w.reviewer, &[application], &refuse).await.unwrap();
    assert_eq!(r.agency(w.bureau).await.abolished_on, None);
    r.approve(id).await.unwrap();
    assert_eq!(r.agency(w.bureau).await.abolished_on, Some(r.today()));
    assert_eq!(r.roles(helper).await, []);
    assert_eq!(
        r.certificate_shown(certificate).await,
        json!({
            "state": "CANCELLED",
            "agency": { "id": encode(w.bureau), "name": "永登县交通运输局" },
            "presentAgency": { "id": encode(w.bureau), "name": "永登县交通运输局" },
            "exchangeDueOn": null,
            "successions": [{ "on": "2026-03-02", "kind": "ABOLISH", "agency": null }],
        })
    );
    assert_eq!(r.found("永登县交通运输局").await, ("nothing", None));
    let due = exchange_due::Entity::find().all(p.db.read()).await.unwrap();
    assert_eq!(due, []);
}

#[tokio::test]
async fn a_successor_takes_over_what_an_abolished_agency_leaves() {
    let r = Reformers::new().await;
    let w = &r.world;
    let (officer, certificate) = w.active("王伟").await;
    let heir = r.organ(1, "永登县综合行政执法局").await;
    let plan = Plan::Abolish { agency: w.bureau, successor: Some(heir) };
    r.done(plan).await;
    assert_eq!(r.person(officer).await.agency_id, heir);
    let shown = r.certificate_shown(certificate).await;
    assert_eq!(shown["state"], "ACTIVE");
    let heir_shown = json!({ "id": encode(heir), "name": "永登县综合行政执法局" });
    assert_eq!(
        shown["successions"],
        json!([{ "on": "2026-03-02", "kind": "ABOLISH", "agency": heir_shown }])
    );
    // What becomes of the successor is added.
    w.advance(10);
    r.done(Plan::Rename { agency: heir, name: "永登县行政执法局".into() }).await;
    let shown = r.certificate_shown(certificate).await;
    assert_eq!(shown["successions"].as_array().unwrap().len(), 2);
    assert_eq!(shown["successions"][1]["kind"], "RENAME");
    assert_eq!(shown["presentAgency"]["name"], "永登县行政执法局");
    // The first reform said by when it is to be exchanged.
    assert_eq!(shown["exchangeDueOn"], "2026-08-29");
}

#[tokio::test]
async fn whoever_reviews_and_issues_after_a_move_is_asked_anew() {
    let r = Reformers::new().await;
    let w = &r.world;
    let waiting = w.qualified("李娜").await;
    let application = w.reviewed(waiting, Act::Initial).await;
    let plan = Plan::Move {
        agency: w.bureau,
        superior: Superior::Stays,
        division: Some("620122".into()),
        leadership: None,
    };
    // Only who reaches both counties can move something from one to the other.
    assert_eq!(refused(r.propose(plan.clone(), r.today()).await), "OUTSIDE_SCOPE");
    let r = r.for_the_province().await;
    let (w, p) = (&r.world, &r.world.platform);
    r.done(plan).await;
    let row = application::Entity::find_by_id(application).one(p.db.read()).await.unwrap();
    let row = row.unwrap();
    assert_eq!(
        (row.state, row.agency_id, row.issuing_agency_id),
        (ApplicationState::Applied, w.bureau, w.elsewhere)
    );
    // The old county's justice department reaches it no more, the new one's does.
    let out = move_applications(p, &w.reviewer, &[application], &Move::Approve).await.unwrap();
    assert_eq!(out[0].result, Err(CertificationRefusal::NotFound));
    let there = w.staff(Role::JusticeReviewer, w.elsewhere, ScopeAxis::Territory).await;
    let out = move_applications(p, &there, &[application], &Move::Approve).await.unwrap();
    assert_eq!(out[0].result, Ok(()));
}

#[tokio::test]
async fn what_waits_at_an_issuing_authority_that_is_merged_goes_on_with_whoever_takes_its_place() {
    let r = Reformers::new().await.for_the_province().await;
    let (w, p) = (&r.world, &r.world.platform);
    let mut open = Vec::new();
    for name in ["李娜", "赵强", "王伟"] {
        let waiting = w.qualified(name).await;
        open.push(w.reviewed(waiting, Act::Initial).await);
    }
    let entries = r.log(w.bureau).await.len();
    let mut into = r.described(1, "永登县司法和法制局");
    (into.is_justice, into.issues_certificates) = (true, true);
    let heir = into.id;
    let from = vec![w.justice];
    let id = r.done(Plan::Merge { from, into: Target::New(Box::new(into)) }).await;
    for id in &open {
        assert_eq!(r.way(*id).await, (ApplicationState::Applied, w.bureau, heir));
    }
    let handed_on = (
        "application.hand_on".to_owned(),
        json!({ "agency": encode(w.bureau), "reform": encode(id) }),
    );
    assert_eq!(r.log(w.bureau).await[entries..], [(); 3].map(|()| handed_on.clone()));

    let [reviewer, issuer] = [(&w.reviewer, Role::JusticeReviewer), (&w.issuer, Role::Issuer)]
        .map(|(actor, role)| signed_in_anew(actor, (role, heir, ScopeAxis::Territory)));
    let out = move_applications(p, &reviewer, &open, &Move::Approve).await.unwrap();
    assert!(out.iter().all(|outcome| outcome.result == Ok(())), "{out:?}");
    let issued = issue(p, &issuer, open[0]).await.unwrap();
    assert_eq!(w.certificate(issued).await.issuing_agency_id, heir);

    // One that still names an authority that has ended holds up neither itself nor its chunk.
    let old = application::ActiveModel {
        id: sea_orm::Set(open[1]),
        issuing_agency_id: sea_orm::Set(w.justice),
        ..Default::default()
    };
    sea_orm::ActiveModelTrait::update(old, p.db.writer()).await.unwrap();
    let job = issue_in_bulk(p, &issuer, &open).await.unwrap();
    let claimed = api::platform::jobs::claim(p, &[ISSUE_JOB], Some(job)).await.unwrap().unwrap();
    work_issue_job(p, &claimed).await.unwrap();
    let done = api::platform::jobs::find(p.db.read(), job).await.unwrap().unwrap();
    assert_eq!((done.state, done.done, done.failed), (JobState::Done, 2, 1));
}

#[tokio::test]
async fn open_sessions_and_sittings_go_to_the_successor_of_their_organiser() {
    let r = Reformers::new().await;
    let (w, p) = (&r.world, &r.world.platform);
    let move_to = async |title: &str, steps: &[Step]| {
        let id = r.session(title).await;
        for step in steps {
            training::move_session(p, &w.hr, id, step.clone()).await.unwrap();
        }
        id
    };
    move_to("1 planned", &[]).await;
    let held = move_to("2 held", &[Step::Hold]).await;
    move_to("3 closed", &[Step::Hold, Step::Close]).await;
    let sitting = async |place: &str| {
        let new = NewSitting {
            organiser: w.bureau,
            subject: ExamSubject::PublicLaw,
            field: None,
            held_on: r.today(),
            place: place.into(),
            resits_allowed: false,
        };
        training::plan_sitting(p, &w.reviewer, new).await.unwrap().id
    };
    sitting("1 planned").await;
    let cancelled = sitting("2 cancelled").await;
    training::cancel_sitting(p, &w.reviewer, cancelled, "试题泄露").await.unwrap();
    let heir = r.organ(1, "永登县综合行政执法局").await;
    let entries = r.log(heir).await.len();
    let id = r.done(Plan::Abolish { agency: w.bureau, successor: Some(heir) }).await;

    let named = |name: &str, agency: AgencyId| (name.to_owned(), agency);
    assert_eq!(
        r.organised().await,
        (
            vec![named("1 planned", heir), named("2 held", heir), named("3 closed", w.bureau),],
            vec![named("1 planned", heir), named("2 cancelled", w.bureau)],
        )
    );
    let body = json!({ "from": encode(w.bureau), "to": encode(heir), "reform": encode(id) });
    let log = r.log(heir).await.split_off(entries);
    let handed_on = log.iter().filter(|(action, _)| action.ends_with(".hand_on"));
    assert_eq!(
        handed_on.filter(|(action, _)| !action.starts_with("application")).collect::<Vec<_>>(),
        [
            &("training.hand_on".to_owned(), body.clone()),
            &("training.hand_on".to_owned(), body.clone()),
            &("sitting.hand_on".to_owned(), body),
        ]
    );
    // Whoever has the role there now goes on with it.
    let hr = signed_in_anew(&w.hr, (Role::AgencyHr, heir, ScopeAxis::Own));
    training::move_session(p, &hr, held, Step::Close).await.unwrap();
}

#[tokio::test]
async fn the_page_of_a_scan_says_what_became_of_the_unit() {
    let r = Reformers::new().await;
    let w = &r.world;
    let (_, certificate) = w.active("王伟").await;
    r.done(Plan::Rename { agency: w.bureau, name: "永登县交通局".into() }).await;
    let codes = api::credentials::codes_of(w.platform.db.read(), &[certificate]).await.unwrap();
    let page = |lang: &str| {
        let uri = format!("/v/{}?lang={lang}", codes[0].digits);
        let request = axum::http::Request::get(uri).body(axum::body::Body::empty()).unwrap();
        let app = &w.app;
        async move {
            let response = app.http(request).await;
            let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
            String::from_utf8(bytes.to_vec()).unwrap()
        }
    };
    let row = |label: &str, text: &str| {
        format!(
            "<div><dt>{label}</dt><dd>{text}<span lang=\"zh-CN\">永登县交通局</span></dd></div>"
        )
    };
    let zh = page("zh-CN").await;
    assert!(zh.contains("data-verdict=\"VALID\"") && zh.contains("永登县交通运输局"), "{zh}");
    assert!(zh.contains(&row("单位变更", "2026年3月2日起更名为")), "{zh}");
    let en = page("en").await;
    assert!(en.contains(&row("Agency change", "Renamed on 2\u{a0}March\u{a0}2026: ")), "{en}");
}
