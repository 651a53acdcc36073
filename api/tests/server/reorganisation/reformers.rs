//! Two administrators of a county and what they do to its agencies.

use std::sync::Arc;

use chrono::NaiveDate;
use entities::enums::{AgencyKind, AgencyQualification, Leadership, Role, ScopeAxis};
use entities::ids::{AgencyChangeId, AgencyId};
use entities::{agency, agency_change};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;

use api::organisations::rules::uscc_check_character;
use api::organisations::{self, NewAgency};
use api::platform::actor::{Actor, GrantedRole, SignedIn};
use api::platform::clock::local_date;
use api::platform::failure::Failure;
use api::reorganisation::{self, NewChange, Plan, ReorganisationRefusal};

use crate::certification::world::World;

pub const DOCUMENT: &str = "永编发〔2026〕3号";

/// The county and its two administrators.
pub struct Reformers {
    pub world: World,
    pub first: Actor,
    pub second: Actor,
}

impl Reformers {
    pub async fn new() -> Self {
        let world = World::new().await;
        let role = Role::SystemAdministrator;
        let first = world.staff(role, world.justice, ScopeAxis::Territory).await;
        let second = world.staff(role, world.justice, ScopeAxis::Territory).await;
        Self { world, first, second }
    }

    /// The same world with two administrators of the whole province.
    pub async fn for_the_province(self) -> Self {
        let province = agency::Entity::find()
            .filter(agency::Column::Name.eq("甘肃省司法厅"))
            .one(self.world.platform.db.read())
            .await
            .unwrap()
            .unwrap()
            .id;
        let role = Role::SystemAdministrator;
        let first = self.world.staff(role, province, ScopeAxis::Territory).await;
        let second = self.world.staff(role, province, ScopeAxis::Territory).await;
        Self { world: self.world, first, second }
    }

    /// Today in China.
    pub fn today(&self) -> NaiveDate {
        local_date(self.world.platform.now())
    }

    pub async fn propose(
        &self,
        plan: Plan,
        on: NaiveDate,
    ) -> Result<AgencyChangeId, Failure<ReorganisationRefusal>> {
        let new = NewChange { plan, effective_on: on, document: DOCUMENT.into() };
        reorganisation::propose(&self.world.platform, &self.first, new).await
    }

    pub async fn approve(
        &self,
        id: AgencyChangeId,
    ) -> Result<AgencyChangeId, Failure<ReorganisationRefusal>> {
        reorganisation::approve(&self.world.platform, &self.second, id).await
    }

    /// Proposed by one, decided by the other, in effect today.
    pub async fn done(&self, plan: Plan) -> AgencyChangeId {
        self.done_on(plan, self.today()).await
    }

    pub async fn done_on(&self, plan: Plan, on: NaiveDate) -> AgencyChangeId {
        let id = self.propose(plan, on).await.unwrap();
        self.approve(id).await.unwrap()
    }

    pub async fn change(&self, id: AgencyChangeId) -> agency_change::Model {
        let db = self.world.platform.db.read();
        agency_change::Entity::find_by_id(id).one(db).await.unwrap().unwrap()
    }

    pub async fn agency(&self, id: AgencyId) -> agency::Model {
        let db = self.world.platform.db.read();
        agency::Entity::find_by_id(id).one(db).await.unwrap().unwrap()
    }

    /// An organ of the county, described and not entered.
    pub fn described(&self, serial: u32, name: &str) -> NewAgency {
        let body = format!("11620121MB{serial:07}");
        NewAgency {
            id: self.world.platform.new_id(),
            name: name.into(),
            aliases: Vec::new(),
            uscc: format!("{body}{}", uscc_check_character(&body).unwrap()),
            kind: AgencyKind::Organ,
            leadership: Leadership::Local,
            is_justice: false,
            issues_certificates: false,
            division_code: "620121".into(),
            superior_id: None,
            entrusted_by_id: None,
            entrustment_letter: None,
            field_codes: vec!["transport".into()],
            complaint_phone: Some(format!("0931-700000{serial}")),
            qualification: AgencyQualification::Confirmed,
            qualification_confirmed_on: Some("2026-01-05".parse().unwrap()),
        }
    }

    /// An organ of the county.
    pub async fn organ(&self, serial: u32, name: &str) -> AgencyId {
        let new = self.described(serial, name);
        organisations::enter_agency(&self.world.platform, &Actor::System, new).await.unwrap()
    }

    pub async fn graphql(&self, actor: &Actor, query: &str, variables: Value) -> Value {
        self.world.app.graphql(Some(actor), query, variables).await
    }
}

/// An account that has signed in again and has this role now.
pub fn signed_in_anew(actor: &Actor, role: (Role, AgencyId, ScopeAxis)) -> Actor {
    let before = actor.signed_in().unwrap();
    let (role, agency, axis) = role;
    Actor::Account(Arc::new(SignedIn {
        account: before.account,
        person: before.person,
        session: before.session,
        signed_in_at: before.signed_in_at,
        roles: vec![GrantedRole { role, agency, axis, awaits_totp: false, lent: None }],
        delegates: Vec::new(),
    }))
}

/// The code of a refusal.
pub fn refused<T: std::fmt::Debug>(result: Result<T, Failure<ReorganisationRefusal>>) -> String {
    use api::platform::failure::Refusal;
    match result {
        Err(Failure::Refused(refusal)) => refusal.code().to_owned(),
        other => panic!("not refused: {other:?}"),
    }
}
