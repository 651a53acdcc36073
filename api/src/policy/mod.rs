//! The rules that vary between provinces, as versioned data: what holds where and since when.
//!
//! A row is never changed; a new version is a new row. A decision stores the id of the version it
//! applied, so that it can be explained years later. The body is JSON in the database and a type
//! of [`bodies`] everywhere else.

mod bodies;
mod calendar;
mod checks;
mod complaints;
mod error;
pub mod graphql;
mod review;
mod showing;
mod store;
mod trust;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use entities::ids::PolicyId;
use entities::policy;
use sea_orm::ConnectionTrait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub use bodies::{
    AccountsPolicy, AgencyChangePolicy, CertificationPolicy, DevicesPolicy, ExistingNumbers,
    NumberPattern, NumberPatterns,
};
pub use calendar::{CalendarPolicy, Reckoned};
pub use checks::ChecksPolicy;
pub use complaints::ComplaintsPolicy;
pub use error::PolicyRefusal;
pub use review::{Pair, ReviewPolicy};
pub use showing::{AloneReason, ShowingPolicy};
pub use trust::TrustPolicy;

use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::{Failure, Fault};
use crate::platform::texts::Catalogue;

/// The texts of this capability.
pub static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("policy.zh-CN.ftl"), include_str!("policy.en.ftl"))
});

/// The rules there are, each with a body of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, async_graphql::Enum)]
pub enum PolicyKey {
    /// How people qualify, how certificates are numbered, how long they are valid.
    Certification,
    /// What is asked of accounts.
    Accounts,
    /// How agencies are reformed (机构改革), and by when certificates are exchanged after it.
    AgencyChanges,
    /// Which persons must differ on the way of an application, and what is looked at first.
    Review,
    /// What is asked of enrolled phones, and how long their credentials last.
    Devices,
    /// By when records of checks are sent.
    Checks,
    /// How long apps rely on bundles and status lists without a network, and how long it is told
    /// what a list said.
    Trust,
    /// Which days are worked (工作日).
    Calendar,
    /// By when complaints are taken up and decided, and how long a contact is kept.
    Complaints,
    /// How certificates are shown (亮证), and how long joint authorisations last.
    Showings,
}

impl PolicyKey {
    /// Every key.
    pub const ALL: [Self; 10] = [
        Self::Certification,
        Self::Accounts,
        Self::AgencyChanges,
        Self::Review,
        Self::Devices,
        Self::Checks,
        Self::Trust,
        Self::Calendar,
        Self::Complaints,
        Self::Showings,
    ];

    /// The word in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Certification => "CERTIFICATION",
            Self::Accounts => "ACCOUNTS",
            Self::AgencyChanges => "AGENCY_CHANGES",
            Self::Review => "REVIEW",
            Self::Devices => "DEVICES",
            Self::Checks => "CHECKS",
            Self::Trust => "TRUST",
            Self::Calendar => "CALENDAR",
            Self::Complaints => "COMPLAINTS",
            Self::Showings => "SHOWINGS",
        }
    }

    /// The key of a word in the database.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.code() == code)
    }

    /// What is wrong with a body that is to be entered, or `None`.
    fn fault_of(self, body: &Value) -> Option<String> {
        match self {
            Self::Certification => read_whole::<CertificationPolicy>(body).err(),
            Self::Accounts => read_whole::<AccountsPolicy>(body).err(),
            Self::AgencyChanges => read_whole::<AgencyChangePolicy>(body).err(),
            Self::Review => read_whole::<ReviewPolicy>(body).err(),
            Self::Devices => read_whole::<DevicesPolicy>(body).err(),
            Self::Checks => read_whole::<ChecksPolicy>(body).err(),
            Self::Trust => read_whole::<TrustPolicy>(body).err(),
            Self::Calendar => read_whole::<CalendarPolicy>(body).err(),
            Self::Complaints => read_whole::<ComplaintsPolicy>(body).err(),
            Self::Showings => read_whole::<ShowingPolicy>(body).err(),
        }
    }
}

/// A body of a policy.
pub trait PolicyBody: Serialize + DeserializeOwned + Default {
    /// The rule it is the body of.
    const KEY: PolicyKey;
    /// The first field whose value is out of its bounds.
    fn out_of_bounds(&self) -> Option<&'static str>;
}

/// A version that is in force somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce<T> {
    /// What a decision stores.
    pub id: PolicyId,
    /// The rule.
    pub body: T,
}

/// The first day of the versions entered at first start: before any act this software can record.
const ALWAYS: NaiveDate = match NaiveDate::from_ymd_opt(2000, 1, 1) {
    Some(day) => day,
    None => unreachable!(),
};

/// Reads and checks a body; the error is for whoever entered it, and names no value.
fn read<T: PolicyBody>(body: &Value) -> Result<T, String> {
    let typed: T = serde_json::from_value(body.clone()).map_err(|e| e.to_string())?;
    match typed.out_of_bounds() {
        Some(field) => Err(format!("{field}: out of bounds")),
        None => Ok(typed),
    }
}

/// [`read`] for a body that is to be entered: fields that older versions lack must be given.
fn read_whole<T: PolicyBody>(body: &Value) -> Result<T, String> {
    let typed: T = read(body)?;
    let whole = serde_json::to_value(&typed).map_err(|e| e.to_string())?;
    let missing = whole.as_object().and_then(|w| w.keys().find(|k| body.get(k.as_str()).is_none()));
    match missing {
        Some(field) => Err(format!("missing field `{field}`")),
        None => Ok(typed),
    }
}

/// What holds in each of these divisions on a day: the latest version of the nearest division
/// upwards that has one. One statement; a division without any is left out.
pub async fn in_force_many<T: PolicyBody>(
    db: &impl ConnectionTrait,
    divisions: &[String],
    day: NaiveDate,
) -> Result<HashMap<String, Arc<InForce<T>>>, Fault> {
    let mut typed: HashMap<PolicyId, Arc<InForce<T>>> = HashMap::new();
    let mut found = HashMap::new();
    for (division, row) in store::nearest(db, T::KEY, divisions, day).await? {
        if found.contains_key(&division) {
            continue;
        }
        let policy = match typed.get(&row.id) {
            Some(known) => Arc::clone(known),
            None => Arc::new(InForce {
                id: row.id,
                body: read(&row.body).map_err(|e| Fault::stored(format!("policy: {e}")))?,
            }),
        };
        typed.insert(row.id, Arc::clone(&policy));
        found.insert(division, policy);
    }
    Ok(found)
}

/// What was entered for divisions themselves and holds on a day, by division: few, since most follow
/// the one above. A division follows the nearest upwards that is named here.
pub async fn in_force_where_entered<T: PolicyBody>(
    db: &impl ConnectionTrait,
    day: NaiveDate,
) -> Result<HashMap<String, InForce<T>>, Fault> {
    let mut found = HashMap::new();
    for row in store::entered(db, T::KEY, day).await? {
        let body = read(&row.body).map_err(|e| Fault::stored(format!("policy: {e}")))?;
        // By version: the last one stays.
        found.insert(row.division_code, InForce { id: row.id, body });
    }
    Ok(found)
}

/// What holds in a division on a day.
pub async fn in_force<T: PolicyBody>(
    db: &impl ConnectionTrait,
    division: &str,
    day: NaiveDate,
) -> Result<Arc<InForce<T>>, Fault> {
    in_force_many(db, &[division.to_owned()], day)
        .await?
        .remove(division)
        .ok_or_else(|| Fault::other(format!("no {} policy holds in {division}", T::KEY.code())))
}

/// What holds for the deployment as a whole on a day: the version of its province, and the defaults
/// where there is no province yet.
pub async fn in_force_for_all<T: PolicyBody + Clone>(
    db: &impl ConnectionTrait,
    day: NaiveDate,
) -> Result<T, Fault> {
    let Some(province) = store::province(db).await? else { return Ok(T::default()) };
    let found = in_force_many::<T>(db, &[province], day).await?;
    Ok(found.into_values().next().map_or_else(T::default, |policy| policy.body.clone()))
}

/// Enters the first version of every rule for the province, where there is none; at first start.
pub async fn enter_defaults(uow: &mut UnitOfWork, province: &str) -> Result<(), Fault> {
    for key in PolicyKey::ALL {
        if store::latest(uow.tx(), key, province).await?.is_some() {
            continue;
        }
        let body = match key {
            PolicyKey::Certification => serde_json::to_value(CertificationPolicy::default()),
            PolicyKey::Accounts => serde_json::to_value(AccountsPolicy::default()),
            PolicyKey::AgencyChanges => serde_json::to_value(AgencyChangePolicy::default()),
            PolicyKey::Review => serde_json::to_value(ReviewPolicy::default()),
            PolicyKey::Devices => serde_json::to_value(DevicesPolicy::default()),
            PolicyKey::Checks => serde_json::to_value(ChecksPolicy::default()),
            PolicyKey::Trust => serde_json::to_value(TrustPolicy::default()),
            PolicyKey::Calendar => serde_json::to_value(CalendarPolicy::default()),
            PolicyKey::Complaints => serde_json::to_value(ComplaintsPolicy::default()),
            PolicyKey::Showings => serde_json::to_value(ShowingPolicy::default()),
        };
        enter(uow, key, province, 1, ALWAYS, body.map_err(Fault::other)?).await?;
    }
    Ok(())
}

/// Enters the first version of rules that came with a newer program, where a province has others
/// already; at every start. Nothing where another node does so at this moment.
pub async fn complete(platform: &Platform) -> Result<(), Fault> {
    let provinces = store::provinces_that_lack_one(platform.db.read(), &PolicyKey::ALL).await?;
    for province in provinces {
        let mut uow = UnitOfWork::begin(platform, &Actor::System).await?;
        let entered = match enter_defaults(&mut uow, &province).await {
            Ok(()) => uow.commit().await,
            Err(fault) => Err(fault),
        };
        if let Err(fault) = entered
            && !fault.is_unique_violation()
        {
            return Err(fault);
        }
    }
    Ok(())
}

/// A new version, as it is entered.
#[derive(Clone, Debug)]
pub struct NewVersion {
    /// Which rule.
    pub key: PolicyKey,
    /// Where it holds, and below.
    pub division: String,
    /// First day; later than that of the last version, and not in the past.
    pub effective_from: NaiveDate,
    /// The whole body.
    pub body: Value,
}

/// Enters a new version ([`Permission::ManagePolicies`] over the division's justice department).
pub async fn enter_version(
    platform: &Platform,
    actor: &Actor,
    new: NewVersion,
) -> Result<policy::Model, Failure<PolicyRefusal>> {
    let scope = Scope::of(actor, Permission::ManagePolicies);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    if !store::governs(uow.tx(), &scope, &new.division).await? {
        return Err(PolicyRefusal::DivisionNotFound.into());
    }
    if let Some(detail) = new.key.fault_of(&new.body) {
        return Err(PolicyRefusal::BodyInvalid { detail }.into());
    }
    let last = store::latest(uow.tx(), new.key, &new.division).await?;
    let earliest = last
        .as_ref()
        .and_then(|l| l.effective_from.succ_opt())
        .unwrap_or(NaiveDate::MIN)
        .max(uow.today());
    if new.effective_from < earliest {
        return Err(PolicyRefusal::TooEarly { earliest }.into());
    }
    let version = last.map_or(1, |l| l.version + 1);
    let row = enter(&mut uow, new.key, &new.division, version, new.effective_from, new.body).await;
    let row = match row {
        Err(fault) if fault.is_unique_violation() => {
            return Err(PolicyRefusal::ChangedMeanwhile.into());
        }
        row => row?,
    };
    uow.commit().await?;
    Ok(row)
}

async fn enter(
    uow: &mut UnitOfWork,
    key: PolicyKey,
    division: &str,
    version: i32,
    effective_from: NaiveDate,
    body: Value,
) -> Result<policy::Model, Fault> {
    let row = policy::Model {
        id: uow.new_id(),
        key: key.code().to_owned(),
        division_code: division.to_owned(),
        version,
        effective_from,
        body,
        created_at: uow.now(),
    };
    store::insert(uow.tx(), row.clone()).await?;
    uow.record(
        Stream::System,
        "policy.enter",
        encode(row.id),
        json!({
            "key": key.code(),
            "division": division,
            "version": version,
            "effective_from": effective_from.to_string(),
            "body": row.body,
        }),
    );
    Ok(row)
}

/// Every version of a rule, or of all, newest first. Policies are public rules of the
/// deployment: they have no scope.
pub async fn versions(
    db: &impl ConnectionTrait,
    key: Option<PolicyKey>,
    division: Option<&str>,
    limit: u64,
) -> Result<Vec<policy::Model>, Fault> {
    store::versions(db, key, division, limit).await
}
