//! Two administrators of a county and what they do to its agencies.

use std::sync::Arc;

use chrono::NaiveDate;
use entities::enums::{
    AgencyKind, AgencyQualification, ApplicationState, Leadership, Role, ScopeAxis, TrainingKind,
    TrainingMode,
};
use entities::ids::{
    AccountId, AgencyChangeId, AgencyId, ApplicationId, CertificateId, PersonId, TrainingSessionId,
};
use entities::{
    account, agency, agency_change, application, audit_entry, exam_sitting, grant, person,
    public_card, training_session,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use api::access::Scope;
use api::graphql::ids::encode;
use api::organisations::rules::uscc_check_character;
use api::organisations::{self, Found, NewAgency, Register};
use api::platform::actor::{Actor, GrantedRole, SignedIn};
use api::platform::clock::local_date;
use api::platform::failure::Failure;
use api::policy::{self, AgencyChangePolicy};
use api::reorganisation::{self, NewChange, Plan, ReorganisationRefusal};
use api::training::{self, NewSession};

use crate::certification::world::World;

pub const DOCUMENT: &str = "永编发〔2026〕3号";

const CHANGE: &str = "query($id: ID!) { agencyChange(id: $id) {
    kind state effectiveOn document newName failure from { id name } to { id name }
    impact { people certificates accounts applications subordinates } } }";

const CERTIFICATE: &str = "query($id: ID!) { certificate(id: $id) {
    state agency { id name } presentAgency { id name } exchangeDueOn
    successions { on kind agency { id name } } } }";

const AGENCY: &str = "query($id: ID!) { agency(id: $id) {
    name aliases abolishedOn formerNames { name untilOn }
    successors { on kind agency { id name } } } }";

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

    /// Another version of the policy on reforms, in force in a division from today on.
    pub async fn policy(&self, division: &str, body: AgencyChangePolicy) {
        let new = policy::NewVersion {
            key: policy::PolicyKey::AgencyChanges,
            division: division.into(),
            effective_from: self.today(),
            body: serde_json::to_value(body).unwrap(),
        };
        policy::enter_version(&self.world.platform, &Actor::System, new).await.unwrap();
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

    /// The transport bureau of the county next door.
    pub async fn organ_next_door(&self, serial: u32) -> AgencyId {
        let mut new = self.described(serial, "皋兰县交通运输局");
        new.division_code = "620122".into();
        organisations::enter_agency(&self.world.platform, &Actor::System, new).await.unwrap()
    }

    pub async fn graphql(&self, actor: &Actor, query: &str, variables: Value) -> Value {
        self.world.app.graphql(Some(actor), query, variables).await
    }
}

impl Reformers {
    pub async fn change_shown(&self, id: AgencyChangeId) -> Value {
        let answer = self.graphql(&self.second, CHANGE, json!({ "id": encode(id) })).await;
        answer["data"]["agencyChange"].clone()
    }

    /// A certificate as the issuing authority reads it.
    pub async fn certificate_shown(&self, id: CertificateId) -> Value {
        let issuer = &self.world.issuer;
        let answer = self.graphql(issuer, CERTIFICATE, json!({ "id": encode(id) })).await;
        answer["data"]["certificate"].clone()
    }

    pub async fn agency_shown(&self, id: AgencyId) -> Value {
        let answer = self.graphql(&self.first, AGENCY, json!({ "id": encode(id) })).await;
        answer["data"]["agency"].clone()
    }

    pub async fn person(&self, id: PersonId) -> person::Model {
        let db = self.world.platform.db.read();
        person::Entity::find_by_id(id).one(db).await.unwrap().unwrap()
    }

    pub async fn card(&self, id: CertificateId) -> public_card::Model {
        self.world.card(id).await
    }

    /// How a roster finds an agency by a name.
    pub async fn found(&self, name: &str) -> (&'static str, Option<AgencyId>) {
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
    pub async fn roles(&self, id: AccountId) -> Vec<(Role, AgencyId, ScopeAxis)> {
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
    pub async fn way(&self, id: ApplicationId) -> (ApplicationState, AgencyId, AgencyId) {
        let db = self.world.platform.db.read();
        let row = application::Entity::find_by_id(id).one(db).await.unwrap().unwrap();
        (row.state, row.agency_id, row.issuing_agency_id)
    }

    /// Training of one day that the bureau plans.
    pub async fn session(&self, title: &str) -> TrainingSessionId {
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
    pub async fn organised(&self) -> (Vec<(String, AgencyId)>, Vec<(String, AgencyId)>) {
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

    pub async fn version(&self, id: AccountId) -> i32 {
        let db = self.world.platform.db.read();
        account::Entity::find_by_id(id).one(db).await.unwrap().unwrap().version
    }

    /// The audit log of an agency since it began, as (action, body).
    pub async fn log(&self, agency: AgencyId) -> Vec<(String, Value)> {
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

/// An account that has signed in again and has this role now.
pub fn signed_in_anew(actor: &Actor, role: (Role, AgencyId, ScopeAxis)) -> Actor {
    let before = actor.signed_in().unwrap();
    let (role, agency, axis) = role;
    Actor::Account(Arc::new(SignedIn {
        account: before.account,
        person: before.person,
        session: before.session,
        client: before.client,
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
