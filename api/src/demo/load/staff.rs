//! The staff of the demo: a person and an account each. Passwords are given to the province's
//! own, to one city's and to one district's; an administrator can give the others theirs.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use entities::enums::{DutyStatus, Establishment, PersonKind, Role, SessionClient};
use entities::ids::{AccountId, AgencyId, PersonId, SessionId};

use super::super::DemoAgency;
use super::super::people::{DemoStaff, staff};
use super::{Report, refused};
use crate::access::Scope;
use crate::audit::UnitOfWork;
use crate::auth::accounts::{self, NewAccount};
use crate::auth::{Auth, password};
use crate::officers::{self, NewPerson};
use crate::platform::Platform;
use crate::platform::actor::{Actor, GrantedRole, SignedIn};
use crate::platform::failure::{Failure, Fault};

/// Divisions whose staff is given passwords: the province, Lanzhou, Chengguan.
const WITH_PASSWORDS: [&str; 3] = ["620000", "620100", "620102"];
/// People entered at once.
const CHUNK: usize = 400;

/// A password of the demo.
#[derive(Clone, Debug)]
pub struct Password {
    /// Sign-in name.
    pub login: String,
    /// Password.
    pub password: String,
    /// Role.
    pub role: Role,
    /// Unit.
    pub agency: String,
}

/// The staff as they act.
pub(super) struct Staff {
    /// Passwords of those who have one.
    pub passwords: Vec<Password>,
    members: HashMap<(Role, usize), Member>,
}

/// An account and whose it is.
#[derive(Clone, Copy)]
pub(super) struct Member {
    pub account: AccountId,
    pub person: PersonId,
    /// Where the role is rooted.
    pub agency: AgencyId,
}

impl Member {
    /// The account with a role, signed in just now.
    pub fn acting(self, role: Role, now: DateTime<Utc>) -> Actor {
        let axis = accounts::axes_of(role).first().copied();
        Actor::Account(Arc::new(SignedIn {
            account: self.account,
            person: self.person,
            session: SessionId(uuid::Uuid::nil()),
            client: SessionClient::Desk,
            signed_in_at: now,
            roles: axis
                .map(|axis| GrantedRole {
                    role,
                    agency: self.agency,
                    axis,
                    awaits_totp: false,
                    lent: None,
                })
                .into_iter()
                .collect(),
            delegates: Vec::new(),
        }))
    }
}

impl Staff {
    /// Whoever has a role at an agency.
    pub fn member(&self, role: Role, agency: usize) -> Result<Member, Fault> {
        let member = self.members.get(&(role, agency)).copied();
        member.ok_or_else(|| Fault::other(format!("the demo has no {} at {agency}", role.code())))
    }

    /// The same, signed in just now.
    pub fn actor(&self, role: Role, agency: usize, now: DateTime<Utc>) -> Result<Actor, Fault> {
        Ok(self.member(role, agency)?.acting(role, now))
    }
}

/// Enters the staff of these agencies.
pub(super) async fn enter(
    platform: &Platform,
    auth: &Auth,
    agencies: &[DemoAgency],
    ids: &[AgencyId],
    report: Report<'_>,
) -> Result<Staff, Fault> {
    let everybody: Vec<DemoStaff> = staff(agencies);
    let mut entered = Staff { passwords: Vec::new(), members: HashMap::new() };
    let mut done = 0;
    for chunk in everybody.chunks(CHUNK) {
        let mut uow = UnitOfWork::begin(platform, &Actor::System).await?;
        let rows = chunk.iter().filter_map(|member| new_person(member, agencies, ids)).collect();
        let answers = officers::upsert_from_roster(&mut uow, &Scope::Everything, rows).await?;
        uow.commit().await?;
        for (member, answer) in chunk.iter().zip(answers) {
            let person = answer.map_err(|r| refused(Failure::Refused(r)))?.id;
            let account =
                enter_account(platform, auth, agencies, ids, member, person, &mut entered).await?;
            let agency = ids.get(member.agency).copied();
            let agency = agency.ok_or_else(|| Fault::other("the demo lost an agency"))?;
            entered
                .members
                .insert((member.role, member.agency), Member { account, person, agency });
            done += 1;
            report("accounts", done, everybody.len());
        }
    }
    Ok(entered)
}

fn new_person(member: &DemoStaff, agencies: &[DemoAgency], ids: &[AgencyId]) -> Option<NewPerson> {
    Some(NewPerson {
        name: member.name.clone(),
        id_number: member.id_number.clone(),
        phone: None,
        agency: *ids.get(member.agency)?,
        internal_unit: None,
        kind: PersonKind::ClericalStaff,
        establishment: Establishment::Administrative,
        duty: DutyStatus::OnDuty,
        position: None,
        field_codes: Vec::new(),
        area_code: agencies.get(member.agency)?.division.to_owned(),
        photo_file: None,
    })
}

async fn enter_account(
    platform: &Platform,
    auth: &Auth,
    agencies: &[DemoAgency],
    ids: &[AgencyId],
    member: &DemoStaff,
    person: PersonId,
    entered: &mut Staff,
) -> Result<AccountId, Fault> {
    let lost = || Fault::other("the demo lost an agency");
    let agency = agencies.get(member.agency).ok_or_else(lost)?;
    let id = *ids.get(member.agency).ok_or_else(lost)?;
    let word =
        WITH_PASSWORDS.contains(&agency.division).then(|| password::generate(&platform.random));
    if let Some(word) = &word {
        entered.passwords.push(Password {
            login: member.login.clone(),
            password: word.clone(),
            role: member.role,
            agency: agency.name.clone(),
        });
    }
    let roles = accounts::axes_of(member.role)
        .first()
        .map(|axis| (member.role, id, *axis))
        .into_iter()
        .collect();
    let new = NewAccount { person, login: member.login.clone(), password: word, roles };
    accounts::enter(auth, platform, &Actor::System, new).await.map_err(refused)
}
