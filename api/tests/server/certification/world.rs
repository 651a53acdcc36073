//! A small county in a database of its own, and the people who act in it.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{Duration, NaiveDate};
use entities::enums::{
    AgencyKind, AgencyQualification, DivisionLevel, DutyStatus, Employment, Establishment,
    ExamSubject, KeyUse, Leadership, PersonKind, Role, ScopeAxis, SessionClient,
};
use entities::ids::{
    AccountId, AgencyId, ApplicationId, CertificateId, ExamResultId, GrantId, PersonId,
    QualificationId, SessionId, StandingId, TrainingRecordId,
};
use entities::{
    account, agency, blob, certificate, division, enforcement_field, exam_result, grant,
    number_sequence, person, public_card, standing, training_record,
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait};
use serde_json::json;
use uuid::Uuid;

use api::access::tree;
use api::audit::UnitOfWork;
use api::certification::rules::grounds::Ground;
use api::certification::*;
use api::platform::Platform;
use api::platform::actor::{Actor, GrantedRole, SignedIn};
use api::platform::{failure::Failure, keys};
use api::policy;

use crate::harness::TestApp;
use crate::province::{FIXED_NUMBER, sealed_number};

pub struct World {
    pub platform: Platform,
    pub app: TestApp,
    /// 县司法局, issues certificates.
    pub justice: AgencyId,
    /// 县交通运输局
    pub bureau: AgencyId,
    /// Justice department of the county next door.
    pub elsewhere: AgencyId,
    pub hr: Actor,
    pub reviewer: Actor,
    pub issuer: Actor,
    pub supervisor: Actor,
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An act on a ground, and no more said of it.
pub fn because(ground: Ground) -> Particulars {
    Particulars { ground: Some(ground), ..Particulars::default() }
}

/// The verdict on a page.
pub fn verdict_of(page: &str) -> &str {
    let rest = page.split("data-verdict=\"").nth(1).unwrap_or_else(|| panic!("{page}"));
    rest.split('"').next().unwrap()
}

/// The code of the refusal of a call.
pub fn refused<T: std::fmt::Debug>(
    result: Result<T, Failure<CertificationRefusal>>,
) -> CertificationRefusal {
    match result {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

impl World {
    /// 2026-03-02, a Monday, ten in the morning in China.
    pub async fn new() -> Self {
        Self::within(TestApp::new().await).await
    }

    /// The same in a deployment that is there already.
    #[expect(clippy::too_many_lines, reason = "a list of what there is")]
    pub async fn within(app: TestApp) -> Self {
        let platform = app.platform.clone();
        let start = app.now();
        let [province, justice, bureau, elsewhere] =
            [0, 1, 2, 3].map(|_| platform.new_id::<AgencyId>());
        let tx = platform.db.begin().await.unwrap();
        for (code, name, level, parent) in [
            ("620000", "甘肃省", DivisionLevel::Province, None),
            ("620100", "兰州市", DivisionLevel::Prefecture, Some("620000")),
            ("620121", "永登县", DivisionLevel::County, Some("620100")),
            ("620122", "皋兰县", DivisionLevel::County, Some("620100")),
        ] {
            let row = division::Model {
                code: code.into(),
                name: name.into(),
                level,
                parent_code: parent.map(str::to_owned),
            };
            row.into_active_model().insert(&tx).await.unwrap();
        }
        for (code, zh, en, position) in
            [("transport", "交通运输", "Transport", 1), ("justice", "司法行政", "Justice", 2)]
        {
            let row = enforcement_field::Model {
                code: code.into(),
                name_zh: zh.into(),
                name_en: en.into(),
                position,
            };
            row.into_active_model().insert(&tx).await.unwrap();
        }
        for (number, (id, name, code, is_justice)) in (1..).zip([
            (province, "甘肃省司法厅", "620000", true),
            (justice, "永登县司法局", "620121", true),
            (bureau, "永登县交通运输局", "620121", false),
            (elsewhere, "皋兰县司法局", "620122", true),
        ]) {
            let row = agency::Model {
                id,
                number,
                name: name.into(),
                aliases: json!([]),
                uscc: format!("USCC{number:014}"),
                kind: AgencyKind::Organ,
                leadership: Leadership::Local,
                is_justice,
                issues_certificates: is_justice,
                division_code: code.into(),
                superior_id: None,
                entrusted_by_id: None,
                entrustment_letter: None,
                field_codes: json!(["transport"]),
                complaint_phone: Some("0931-6412345".into()),
                qualification: AgencyQualification::Confirmed,
                qualification_confirmed_on: Some(day("2020-01-01")),
                abolished_on: None,
                created_at: start,
                updated_at: start,
            };
            row.into_active_model().insert(&tx).await.unwrap();
        }
        let numbers = number_sequence::Model { key: "agency".into(), next: 5 };
        numbers.into_active_model().insert(&tx).await.unwrap();
        let parents = HashMap::from([
            (province, None),
            (justice, Some(province)),
            (bureau, Some(justice)),
            (elsewhere, Some(province)),
        ]);
        tree::replace(&tx, ScopeAxis::Territory, &parents).await.unwrap();
        tree::replace(&tx, ScopeAxis::Own, &parents.keys().map(|id| (*id, None)).collect())
            .await
            .unwrap();
        let photo = blob::Model {
            sha256: vec![1; 32],
            media_type: "image/jpeg".into(),
            bytes: vec![0],
            created_at: start,
        };
        photo.into_active_model().insert(&tx).await.unwrap();
        tx.commit().await.unwrap();
        let mut uow = UnitOfWork::begin(&platform, &Actor::System).await.unwrap();
        policy::enter_defaults(&mut uow, "620000").await.unwrap();
        uow.commit().await.unwrap();
        let mut world = Self {
            app,
            justice,
            bureau,
            elsewhere,
            hr: Actor::System,
            reviewer: Actor::System,
            issuer: Actor::System,
            supervisor: Actor::System,
            platform,
        };
        world.hr = world.staff(Role::AgencyHr, bureau, ScopeAxis::Own).await;
        world.reviewer = world.staff(Role::JusticeReviewer, justice, ScopeAxis::Territory).await;
        world.issuer = world.staff(Role::Issuer, justice, ScopeAxis::Territory).await;
        world.supervisor = world.staff(Role::Supervisor, justice, ScopeAxis::Territory).await;
        world
    }

    /// The router and what it is given.
    pub fn app(&self) -> &TestApp {
        &self.app
    }

    /// Another key of a use, as one follows that of two years which has ceased to sign.
    pub async fn new_key(&self, key_use: KeyUse) {
        let tx = self.platform.db.begin().await.unwrap();
        keys::create(&self.platform, &tx, key_use, self.platform.now()).await.unwrap();
        tx.commit().await.unwrap();
        keys::load(&self.platform, self.platform.db.read()).await.unwrap();
    }

    /// Signs the status lists that are due; their numbers.
    pub async fn sign_lists(&self) -> Vec<i32> {
        api::credentials::lists::sign_due(&self.platform, self.app.config.public_url())
            .await
            .unwrap()
    }

    pub fn advance(&self, days: i64) {
        self.app.clock.advance(Duration::days(days));
    }

    /// A clerk with an account and one role.
    pub async fn staff(&self, role: Role, root: AgencyId, axis: ScopeAxis) -> Actor {
        let clerk = self.person("职员", root, |p| p.kind = PersonKind::ClericalStaff).await;
        self.account(clerk, &[(role, root, axis)]).await
    }

    /// An account of a person with these roles.
    pub async fn account(&self, person: PersonId, roles: &[(Role, AgencyId, ScopeAxis)]) -> Actor {
        let now = self.platform.now();
        let id: AccountId = self.platform.new_id();
        let tx = self.platform.db.begin().await.unwrap();
        let row = account::Model {
            id,
            person_id: person,
            login: id.0.to_string(),
            password_hash: String::new(),
            version: 1,
            disabled_at: None,
            created_at: now,
            updated_at: now,
        };
        row.into_active_model().insert(&tx).await.unwrap();
        for (role, agency, axis) in roles {
            let row = grant::Model {
                id: self.platform.new_id::<GrantId>(),
                account_id: id,
                role: *role,
                agency_id: *agency,
                axis: *axis,
                created_at: now,
                ended_at: None,
            };
            row.into_active_model().insert(&tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        let roles = roles
            .iter()
            .map(|(role, agency, axis)| GrantedRole {
                role: *role,
                agency: *agency,
                axis: *axis,
                awaits_totp: false,
                lent: None,
            })
            .collect();
        let session = SessionId(Uuid::nil());
        Actor::Account(Arc::new(SignedIn {
            account: id,
            person,
            session,
            client: SessionClient::Desk,
            signed_in_at: now,
            roles,
            delegates: Vec::new(),
        }))
    }

    /// A person of an agency, changed as wanted.
    pub async fn person(
        &self,
        name: &str,
        agency: AgencyId,
        change: impl FnOnce(&mut person::Model),
    ) -> PersonId {
        let now = self.platform.now();
        let id: PersonId = self.platform.new_id();
        let mut row = person::Model {
            id,
            kind: PersonKind::EnforcementOfficer,
            name: name.into(),
            gender: None,
            id_number_sealed: sealed_number(&self.platform, id, FIXED_NUMBER),
            id_number_index: id.0.as_bytes().to_vec(),
            phone_sealed: None,
            phone_index: None,
            agency_id: agency,
            internal_unit: None,
            establishment: Establishment::Administrative,
            duty: DutyStatus::OnDuty,
            employment: Employment::InPost,
            position: None,
            field_codes: json!(["transport"]),
            area_code: "620121".into(),
            photo_file: None,
            photo_sha256: Some(vec![1; 32]),
            created_at: now,
            updated_at: now,
        };
        change(&mut row);
        row.into_active_model().insert(self.platform.db.writer()).await.unwrap();
        id
    }

    /// An officer of the bureau, trained and with both exams passed.
    pub async fn officer(&self, name: &str) -> PersonId {
        let id = self.person(name, self.bureau, |_| {}).await;
        let now = self.platform.now();
        let db = self.platform.db.writer();
        for subject in ExamSubject::all() {
            let row = exam_result::Model {
                id: self.platform.new_id::<ExamResultId>(),
                person_id: id,
                subject,
                cycle: 1,
                attempt: 1,
                score_tenths: 850,
                taken_on: day("2026-01-20"),
                source: "test".into(),
                recorded_at: now,
                sitting_id: None,
            };
            row.into_active_model().insert(db).await.unwrap();
        }
        let row = training_record::Model {
            id: self.platform.new_id::<TrainingRecordId>(),
            person_id: id,
            year: 2026,
            minutes: 3_600,
            source: "test".into(),
            recorded_at: now,
            session_id: None,
        };
        row.into_active_model().insert(db).await.unwrap();
        id
    }

    pub async fn enter_standing(&self, person: PersonId, kind: entities::enums::StandingKind) {
        let row = standing::Model {
            id: self.platform.new_id::<StandingId>(),
            person_id: person,
            kind,
            from_on: day("2026-01-01"),
            until_on: None,
            source: "test".into(),
            recorded_at: self.platform.now(),
            recorded_by: None,
            lifted_at: None,
            lifted_by: None,
            lift_reason: None,
        };
        row.into_active_model().insert(self.platform.db.writer()).await.unwrap();
    }

    pub async fn candidate(&self, person: PersonId) -> QualificationId {
        let outcomes = nominate(&self.platform, &self.hr, &[person]).await.unwrap();
        outcomes[0].result.clone().unwrap()
    }

    pub async fn qualified(&self, name: &str) -> PersonId {
        let person = self.officer(name).await;
        let id = self.candidate(person).await;
        let outcomes =
            decide_qualification(&self.platform, &self.reviewer, &[id], &Decision::Qualify)
                .await
                .unwrap();
        assert_eq!(outcomes, [Outcome { id, result: Ok(()) }]);
        person
    }

    pub async fn applied(
        &self,
        person: PersonId,
        act: entities::enums::ApplicationAct,
    ) -> ApplicationId {
        let outcomes = apply(&self.platform, &self.hr, &[person], act).await.unwrap();
        outcomes[0].result.clone().unwrap()
    }

    pub async fn reviewed(
        &self,
        person: PersonId,
        act: entities::enums::ApplicationAct,
    ) -> ApplicationId {
        let id = self.applied(person, act).await;
        let outcomes =
            move_applications(&self.platform, &self.reviewer, &[id], &Move::Approve).await.unwrap();
        assert_eq!(outcomes, [Outcome { id, result: Ok(()) }]);
        id
    }

    pub async fn issued(
        &self,
        person: PersonId,
        act: entities::enums::ApplicationAct,
    ) -> CertificateId {
        let application = self.reviewed(person, act).await;
        issue(&self.platform, &self.issuer, application).await.unwrap()
    }

    pub async fn active(&self, name: &str) -> (PersonId, CertificateId) {
        let person = self.qualified(name).await;
        let certificate = self.issued(person, entities::enums::ApplicationAct::Initial).await;
        let outcomes = hand_over(&self.platform, &self.hr, &[certificate]).await.unwrap();
        assert_eq!(outcomes, [Outcome { id: certificate, result: Ok(()) }]);
        (person, certificate)
    }

    pub async fn certificate(&self, id: CertificateId) -> certificate::Model {
        certificate::Entity::find_by_id(id).one(self.platform.db.read()).await.unwrap().unwrap()
    }

    pub async fn card(&self, id: CertificateId) -> public_card::Model {
        public_card::Entity::find_by_id(id).one(self.platform.db.read()).await.unwrap().unwrap()
    }

    /// The digits of the printed code of a certificate.
    pub async fn digits(&self, id: CertificateId) -> String {
        let codes = api::credentials::codes_of(self.platform.db.read(), &[id]).await;
        codes.unwrap().remove(0).digits
    }

    /// The code of a certificate, as a scan finds it.
    pub async fn scan(&self, id: CertificateId) -> api::credentials::ScannedCard {
        let db = self.platform.db.read();
        let codes = api::credentials::codes_of(db, &[id]).await.unwrap();
        let id: [u8; 16] = codes[0].credential_id.clone().try_into().unwrap();
        api::credentials::cards_by_credential_id(db, &[id]).await.unwrap().remove(0)
    }

    pub async fn count<E>(&self) -> u64
    where
        E: EntityTrait,
        E::Model: Sync,
    {
        E::find().count(self.platform.db.read()).await.unwrap()
    }
}
