//! Loads the demo province into an empty deployment: the register and the staff first, then six
//! years of life through the real import and the real use-cases, each act by another person, under
//! a clock that the script moves; in the last weeks also what happens where officers meet people.

mod desk;
mod field;
mod holders;
mod plan;
mod reforms;
mod staff;
mod timeline;
mod turns;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, Utc};
use entities::enums::{AgencyQualification, KeyUse};
use entities::ids::{AgencyId, CertificateId};
use entities::setting;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::divisions::{divisions, fields};
use super::province::{Extent, agencies};
use super::{DemoAgency, roster};
use crate::audit::{Stream, UnitOfWork};
use crate::auth::Auth;
use crate::certification::CertificationRefusal;
use crate::graphql::ids::encode;
use crate::imports::ImportRefusal;
use crate::organisations::{self, NewAgency, NewDivision, NewField};
use crate::platform::actor::Actor;
use crate::platform::clock::{Clock, local_date};
use crate::platform::failure::{Failure, Fault, Refusal};
use crate::platform::{Platform, keys};
use crate::policy::{self, AccountsPolicy, NewVersion, PolicyKey};
pub use staff::Password;

/// The setting that says the demo was loaded.
pub const LOADED: &str = "demo.loaded";
/// The province whose divisions and policies are entered.
pub const PROVINCE: &str = "620000";
/// The seed of the demo.
pub const SEED: u64 = 620_000;
/// One more for so many officers holds a certificate from before.
const HOLDERS: usize = 30;
/// How far back the demo begins.
const YEARS: i64 = 6;

/// A clock that the script moves.
pub(super) struct ScriptedClock(AtomicI64);

impl ScriptedClock {
    fn set(&self, at: DateTime<Utc>) {
        self.0.store(at.timestamp_micros(), Ordering::SeqCst);
    }
}

impl Clock for ScriptedClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst)).unwrap_or_default()
    }
}

/// What was loaded.
pub struct Loaded {
    /// Passwords of the accounts that have one.
    pub passwords: Vec<Password>,
    /// A certificate in force.
    pub sample: Option<CertificateId>,
}

/// Is told how far the loading is: what is done now, steps done, steps in all.
pub type Report<'a> = &'a (dyn Fn(&str, usize, usize) + Send + Sync);

/// Loads the demo of so many officers into an empty, migrated deployment.
pub async fn load(
    platform: &Platform,
    auth: &Auth,
    officers: usize,
    report: Report<'_>,
) -> Result<Loaded, Fault> {
    let now = platform.now();
    let begin = now - Duration::days(YEARS * 365 + 20);
    let clock = Arc::new(ScriptedClock(AtomicI64::new(begin.timestamp_micros())));
    let scripted = platform.with_clock(clock.clone());

    make_keys(&scripted, &clock, begin, now).await?;
    report("agencies", 0, 1);
    let list = agencies(Extent::for_officers(officers));
    let ids = enter_register(&scripted, &list).await?;
    ask_no_second_factor(&scripted).await?;
    let staff = staff::enter(&scripted, auth, &list, &ids, report).await?;
    let holders = officers / HOLDERS;
    let today = local_date(now);
    let people = roster::with_holders(officers, holders, SEED, today, &list);
    let mut story =
        timeline::Story::new(&scripted, clock.clone(), &list, &ids, &staff, &people, now)?;
    let sample = story.live(auth, report).await?;
    let of_officers = std::mem::take(&mut story.field.passwords);

    clock.set(now);
    reforms::reform(&scripted, &list, &ids).await?;
    crate::certification::expire_due(platform).await?;
    let uow = UnitOfWork::begin(platform, &Actor::System).await?;
    setting::Entity::insert(setting::ActiveModel {
        key: Set(LOADED.to_owned()),
        value: Set(sample.map(encode).unwrap_or_default()),
        updated_at: Set(now),
    })
    .exec_without_returning(uow.tx())
    .await?;
    uow.commit().await?;
    let passwords = staff.passwords.into_iter().chain(of_officers).collect();
    Ok(Loaded { passwords, sample })
}

/// Credential keys of the years before, so that old certificates were signed by keys of their time.
async fn make_keys(
    platform: &Platform,
    clock: &ScriptedClock,
    begin: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let mut from = begin;
    while from < now {
        clock.set(from);
        let mut uow = UnitOfWork::begin(platform, &Actor::System).await?;
        let row = keys::create(platform, uow.tx(), KeyUse::Credential, from).await?;
        let body = json!({ "use": row.r#use.code(), "kid": hex::encode(&row.kid) });
        uow.record(Stream::System, "key.create", encode(row.id), body);
        uow.commit().await?;
        from = row.sign_until;
    }
    clock.set(begin);
    keys::load(platform, platform.db.read()).await?;
    Ok(())
}

/// Gansu's divisions, the enforcement fields and the first policies; what is there stays. A real
/// deployment begins with them too.
pub async fn enter_dictionaries(platform: &Platform) -> Result<(), Fault> {
    let system = &Actor::System;
    let new = divisions()
        .into_iter()
        .map(|d| NewDivision {
            code: d.code.into(),
            name: d.name.into(),
            level: d.level,
            parent_code: d.parent.map(Into::into),
        })
        .collect();
    organisations::enter_divisions(platform, system, new).await.map_err(refused)?;
    let new = fields()
        .into_iter()
        .zip(1..)
        .map(|(f, position)| NewField {
            code: f.code.into(),
            name_zh: f.name_zh.into(),
            name_en: f.name_en.into(),
            position,
        })
        .collect();
    organisations::enter_fields(platform, system, new).await.map_err(refused)?;
    let mut uow = UnitOfWork::begin(platform, system).await?;
    policy::enter_defaults(&mut uow, PROVINCE).await?;
    uow.commit().await?;
    Ok(())
}

/// Dictionaries and agencies.
async fn enter_register(platform: &Platform, list: &[DemoAgency]) -> Result<Vec<AgencyId>, Fault> {
    let system = &Actor::System;
    enter_dictionaries(platform).await?;
    let ids: Vec<AgencyId> = list.iter().map(|_| platform.new_id()).collect();
    let new = list
        .iter()
        .zip(&ids)
        .map(|(agency, id)| NewAgency {
            id: *id,
            name: reforms::first_name(agency).to_owned(),
            aliases: [agency.short_name.clone(), agency.name.clone()]
                .into_iter()
                .chain(agency.former_names.iter().cloned())
                .collect(),
            uscc: agency.credit_code.clone(),
            kind: agency.kind,
            leadership: agency.leadership,
            is_justice: agency.is_justice,
            issues_certificates: agency.is_justice,
            division_code: agency.division.into(),
            superior_id: agency
                .parent
                .filter(|_| agency.entrusted_by.is_none())
                .and_then(|p| ids.get(p).copied()),
            entrusted_by_id: agency.entrusted_by.and_then(|p| ids.get(p).copied()),
            entrustment_letter: agency.entrustment_letter.clone(),
            field_codes: agency.fields.iter().map(|f| (*f).to_owned()).collect(),
            complaint_phone: Some(agency.complaint_phone.clone()),
            qualification: AgencyQualification::Confirmed,
            qualification_confirmed_on: Some(agency.confirmed_on),
        })
        .collect();
    organisations::enter_agencies(platform, system, new).await.map_err(refused)?;
    Ok(ids)
}

/// Whoever tries the demo signs in with a password alone: a version of the policy on accounts, as a
/// province may enter one, in the place of the default.
async fn ask_no_second_factor(platform: &Platform) -> Result<(), Fault> {
    let body = AccountsPolicy { totp_required_roles: Vec::new(), ..AccountsPolicy::default() };
    let version = NewVersion {
        key: PolicyKey::Accounts,
        division: PROVINCE.to_owned(),
        effective_from: local_date(platform.now()),
        body: serde_json::to_value(body).map_err(Fault::other)?,
    };
    policy::enter_version(platform, &Actor::System, version).await.map_err(refused)?;
    Ok(())
}

/// A refusal in the demo is a fault of the demo.
pub(super) fn refused<R: Refusal>(failure: Failure<R>) -> Fault {
    match failure {
        Failure::Refused(refusal) => Fault::other(format!("the demo was refused: {refusal:?}")),
        Failure::Fault(fault) => fault,
    }
}

/// The same for what is done to many at once: the first refusal.
pub(super) fn all_taken<I: std::fmt::Debug, T>(
    outcomes: Vec<crate::certification::Outcome<I, T>>,
) -> Result<Vec<(I, T)>, Fault> {
    outcomes
        .into_iter()
        .map(|outcome| match outcome.result {
            Ok(done) => Ok((outcome.id, done)),
            Err(refusal) => {
                let refusal: CertificationRefusal = refusal;
                Err(Fault::other(format!("the demo was refused: {:?} {refusal:?}", outcome.id)))
            }
        })
        .collect()
}

/// A refusal of an import, in words.
pub(super) fn import_refused(failure: Failure<ImportRefusal>) -> Fault {
    refused(failure)
}
