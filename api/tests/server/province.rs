//! A small province for tests: the province, a prefecture, a county; a justice department each,
//! a market regulation bureau in the county; the first policies; people and accounts.

use api::audit::UnitOfWork;
use api::auth::accounts::{self, NewAccount};
use api::officers::{self, NewPerson};
use api::organisations::{self, NewAgency};
use api::platform::Platform;
use api::platform::actor::Actor;
use api::platform::seal::Purpose;
use api::policy;
use entities::enums::{
    AgencyKind, AgencyQualification, DivisionLevel, DutyStatus, Employment, Establishment,
    Leadership, PersonKind, Role, ScopeAxis,
};
use entities::ids::{AgencyId, PersonId};
use entities::{person, policy as policies};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::json;

use crate::harness::TestApp;

/// Password of every test account.
pub const PASSWORD: &str = "correct horse battery";

/// An ID number in a region code nobody has.
pub fn id_number(n: u32) -> String {
    let body = format!("99010119900307{n:03}");
    format!("{body}{}", officers::rules::id_check_character(&body).unwrap())
}

/// The ID number of whoever was entered without one.
pub const FIXED_NUMBER: &str = "990101199003070007";

/// An ID number as it is kept of a person.
pub fn sealed_number(platform: &Platform, person: PersonId, number: &str) -> Vec<u8> {
    let purpose = Purpose::new("officers/id-number");
    let mut random = platform.random.clone();
    platform.secret.seal(purpose, person.0.as_bytes(), number.as_bytes(), &mut random)
}

/// An officer of the county as a roster names them, with nothing that need not be.
pub fn officer(n: u32, name: &str, agency: AgencyId) -> NewPerson {
    NewPerson {
        name: name.into(),
        id_number: id_number(n),
        phone: None,
        agency,
        internal_unit: None,
        kind: PersonKind::EnforcementOfficer,
        establishment: Establishment::Administrative,
        duty: DutyStatus::OnDuty,
        position: None,
        field_codes: vec!["market".into()],
        area_code: "620102".into(),
        photo_file: None,
    }
}

/// Enters many people who are like one who is there, but for a number in the name.
pub async fn many_like(platform: &Platform, template: PersonId, count: usize) -> Vec<PersonId> {
    let db = platform.db.writer();
    let row = person::Entity::find_by_id(template).one(db).await.unwrap().unwrap();
    let ids: Vec<PersonId> = (0..count).map(|_| platform.new_id()).collect();
    for (start, chunk) in (0..).step_by(500).zip(ids.chunks(500)) {
        let rows = (start..).zip(chunk).map(|(n, id)| {
            person::Model {
                id: *id,
                name: format!("{}{n}", row.name),
                id_number_index: id.0.as_bytes().to_vec(),
                id_number_sealed: sealed_number(platform, *id, FIXED_NUMBER),
                ..row.clone()
            }
            .into_active_model()
        });
        person::Entity::insert_many(rows).exec_without_returning(db).await.unwrap();
    }
    ids
}

/// The agencies of the small province.
pub struct Province {
    pub justice: AgencyId,
    pub prefecture_justice: AgencyId,
    pub county_justice: AgencyId,
    pub county_market: AgencyId,
    pub other_county_market: AgencyId,
}

impl Province {
    /// Enters it.
    #[expect(clippy::too_many_lines, reason = "a list of what there is")]
    pub async fn enter(app: &TestApp) -> Self {
        let divisions = [
            ("620000", "甘肃省", DivisionLevel::Province, None),
            ("620100", "兰州市", DivisionLevel::Prefecture, Some("620000")),
            ("620102", "城关区", DivisionLevel::County, Some("620100")),
            ("620103", "七里河区", DivisionLevel::County, Some("620100")),
        ];
        organisations::enter_divisions(
            &app.platform,
            &Actor::System,
            divisions
                .map(|(code, name, level, parent)| organisations::NewDivision {
                    code: code.into(),
                    name: name.into(),
                    level,
                    parent_code: parent.map(Into::into),
                })
                .into(),
        )
        .await
        .unwrap();
        organisations::enter_fields(
            &app.platform,
            &Actor::System,
            vec![organisations::NewField {
                code: "market".into(),
                name_zh: "市场监管".into(),
                name_en: "Market regulation".into(),
                position: 1,
            }],
        )
        .await
        .unwrap();
        // Signs in with a password alone; what the second factor is about asks for it.
        policies::ActiveModel {
            id: Set(app.platform.new_id()),
            key: Set("ACCOUNTS".into()),
            division_code: Set("620000".into()),
            version: Set(1),
            effective_from: Set(chrono::NaiveDate::from_ymd_opt(2000, 1, 1).unwrap()),
            body: Set(json!({ "totp_required_roles": [] })),
            created_at: Set(app.now()),
        }
        .insert(app.platform.db.writer())
        .await
        .unwrap();
        let id = || app.platform.new_id::<AgencyId>();
        let province = Self {
            justice: id(),
            prefecture_justice: id(),
            county_justice: id(),
            county_market: id(),
            other_county_market: id(),
        };
        let agency = |id, name: &str, uscc: &str, division: &str, is_justice| NewAgency {
            id,
            name: name.into(),
            aliases: Vec::new(),
            uscc: format!("{uscc}{}", organisations::rules::uscc_check_character(uscc).unwrap()),
            kind: AgencyKind::Organ,
            leadership: Leadership::Local,
            is_justice,
            issues_certificates: is_justice,
            division_code: division.into(),
            superior_id: None,
            entrusted_by_id: None,
            entrustment_letter: None,
            field_codes: if is_justice { Vec::new() } else { vec!["market".into()] },
            complaint_phone: Some("0931-0000001".into()),
            qualification: AgencyQualification::Confirmed,
            qualification_confirmed_on: chrono::NaiveDate::from_ymd_opt(2020, 1, 1),
        };
        organisations::enter_agencies(
            &app.platform,
            &Actor::System,
            vec![
                agency(province.justice, "甘肃省司法厅", "11620000MB0000001", "620000", true),
                agency(
                    province.prefecture_justice,
                    "兰州市司法局",
                    "11620100MB0000002",
                    "620100",
                    true,
                ),
                agency(
                    province.county_justice,
                    "兰州市城关区司法局",
                    "11620102MB0000003",
                    "620102",
                    true,
                ),
                agency(
                    province.county_market,
                    "兰州市城关区市场监督管理局",
                    "11620102MB0000004",
                    "620102",
                    false,
                ),
                agency(
                    province.other_county_market,
                    "兰州市七里河区市场监督管理局",
                    "11620103MB0000005",
                    "620103",
                    false,
                ),
            ],
        )
        .await
        .unwrap();
        let mut uow = UnitOfWork::begin(&app.platform, &Actor::System).await.unwrap();
        policy::enter_defaults(&mut uow, "620000").await.unwrap();
        uow.commit().await.unwrap();
        province
    }

    /// Enters a person.
    pub async fn person(
        &self,
        app: &TestApp,
        kind: PersonKind,
        name: &str,
        agency: AgencyId,
    ) -> PersonId {
        let id: PersonId = app.platform.new_id();
        let now = app.now();
        person::ActiveModel {
            id: Set(id),
            kind: Set(kind),
            name: Set(name.into()),
            gender: Set(None),
            id_number_sealed: Set(sealed_number(&app.platform, id, FIXED_NUMBER)),
            id_number_index: Set(id.0.as_bytes().to_vec()),
            phone_sealed: Set(None),
            phone_index: Set(None),
            agency_id: Set(agency),
            internal_unit: Set(None),
            establishment: Set(Establishment::Administrative),
            duty: Set(DutyStatus::OnDuty),
            employment: Set(Employment::InPost),
            position: Set(None),
            field_codes: Set(json!(["market"])),
            area_code: Set("620102".into()),
            photo_file: Set(None),
            photo_sha256: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        }
        .insert(app.platform.db.writer())
        .await
        .unwrap();
        id
    }

    /// Enters an account with one role and signs it in.
    pub async fn sign_in(&self, app: &TestApp, login: &str, role: Role, agency: AgencyId) -> Actor {
        let axis = accounts::axes_of(role)[0];
        self.sign_in_on(app, login, role, agency, axis).await
    }

    /// The same along a given axis.
    pub async fn sign_in_on(
        &self,
        app: &TestApp,
        login: &str,
        role: Role,
        agency: AgencyId,
        axis: ScopeAxis,
    ) -> Actor {
        let person = self.person(app, PersonKind::ClericalStaff, login, agency).await;
        accounts::enter(
            &app.web.auth,
            &app.platform,
            &Actor::System,
            NewAccount {
                person,
                login: login.into(),
                password: Some(PASSWORD.into()),
                roles: vec![(role, agency, axis)],
            },
        )
        .await
        .unwrap();
        let tokens = app.web.auth.sign_in(&app.platform, login, PASSWORD.into()).await.unwrap();
        app.web.auth.authenticate(&app.platform, &tokens.access_token).await.unwrap().unwrap()
    }
}
