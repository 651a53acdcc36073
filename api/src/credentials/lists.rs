//! Status lists as they are handed out (`docs/credential.md` §3): signed anew soon after a change and
//! from time to time without one, and kept, so that what was so at a time can be told.
//!
//! Whatever changes an entry also leaves a row of `status_changes`, in its own transaction. Whoever
//! signs reads those rows first and the entries after, and removes the rows with the signed list in
//! one transaction: a change that commits meanwhile leaves a row of its own, and is signed next time.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Duration, Utc};
use entities::enums::{KeyUse, StatusValue};
use entities::ids::StatusChangeId;
use entities::{status_change, status_entry, status_list, status_token};
use futures::TryStreamExt as _;
use mobile_contract::status_list::{ListClaims, StatusList};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult,
    QueryFilter, QueryOrder, QuerySelect,
};
use sha2::{Digest, Sha256};

use super::codes::KeyringSigner;
use crate::audit::UnitOfWork;
use crate::platform::clock::{local_date, next_second};
use crate::platform::failure::Fault;
use crate::platform::{Platform, keys};
use crate::policy::{self, TrustPolicy};

/// How long, from its signing, a reader need not ask for a list again.
pub const TTL: Duration = Duration::minutes(15);
/// How long a list can be relied on at all. How old it may be for a verdict is the bundle's to say.
const LASTS: Duration = Duration::days(7);
/// When a list is signed anew though nothing has changed: whoever asks within its time to live is
/// given one that has some of it left.
const SIGN_ANEW: Duration = Duration::minutes(5);
/// Bits of an entry: valid, invalid, suspended, and one value that means nothing yet.
const BITS: u8 = 2;
/// Compression: the smallest, which for a list of this size takes milliseconds
/// (`docs/benchmarks.md`).
const LEVEL: u32 = 9;
/// Ids of one `DELETE`.
const AT_ONCE: usize = 500;
/// Old lists that are looked at in one go; the next go takes the rest.
const MOST_REMOVED: u64 = 20_000;

/// The public address of a list.
pub fn list_uri(public_url: &str, list: i32) -> String {
    format!("{}{list}", list_base(public_url))
}

/// What the address of every list begins with.
pub fn list_base(public_url: &str) -> String {
    format!("{public_url}/status/")
}

/// Notes in the caller's transaction that something in these lists has changed.
pub(super) async fn mark_changed(uow: &UnitOfWork, lists: BTreeSet<i32>) -> Result<(), Fault> {
    if lists.is_empty() {
        return Ok(());
    }
    let rows = lists.into_iter().map(|list| status_change::ActiveModel {
        id: Set(uow.platform().new_id::<StatusChangeId>()),
        list: Set(list),
    });
    status_change::Entity::insert_many(rows).exec_without_returning(uow.tx()).await?;
    Ok(())
}

/// Notes in the caller's transaction that every list is to be signed anew: by another key.
pub async fn mark_all(uow: &UnitOfWork) -> Result<(), Fault> {
    let all = list_numbers(uow.tx()).await?;
    mark_changed(uow, all.into_iter().collect()).await
}

/// Signs every list in which something has changed or which was signed some time ago; answers their
/// numbers. No list is signed twice in one second, so that of two with different entries the newer
/// one is known by its time.
pub async fn sign_due(platform: &Platform, public_url: &str) -> Result<Vec<i32>, Fault> {
    let now = platform.now();
    let mut signed = Vec::new();
    // Each in a transaction of its own: one that cannot be signed holds up no other.
    for (list, _) in due(platform.db.read(), now).await? {
        match sign_one(platform, list.id, now, public_url).await {
            Ok(true) => signed.push(list.id),
            Ok(false) => {}
            Err(error) => tracing::error!(%error, list = list.id, "a status list was not signed"),
        }
    }
    Ok(signed)
}

/// Signs a list if it is still due; answers whether it did.
async fn sign_one(
    platform: &Platform,
    list: i32,
    now: DateTime<Utc>,
    public_url: &str,
) -> Result<bool, Fault> {
    let tx = platform.db.begin().await?;
    platform.db.lock_table(&tx, "status_tokens").await?;
    let signer = KeyringSigner(keys::signing(platform, &tx, KeyUse::Status, now).await?);
    // Another node may have signed it while this one waited for the lock.
    let due = due(&tx, now).await?;
    let Some((list, at)) = due.into_iter().find(|(one, _)| one.id == list) else {
        return Ok(false);
    };
    sign(&tx, &list, at, public_url, &signer).await?;
    tx.commit().await?;
    Ok(true)
}

/// The lists that are to be signed, each with the time it is to bear.
async fn due(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
) -> Result<Vec<(status_list::Model, DateTime<Utc>)>, Fault> {
    let newest: HashMap<i32, DateTime<Utc>> = status_token::Entity::find()
        .select_only()
        .column(status_token::Column::List)
        .column_as(status_token::Column::IssuedAt.max(), "issued_at")
        .group_by(status_token::Column::List)
        .into_tuple::<(i32, DateTime<Utc>)>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let changed: HashSet<i32> = status_change::Entity::find()
        .select_only()
        .column(status_change::Column::List)
        .distinct()
        .into_tuple::<i32>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let lists = status_list::Entity::find().order_by_asc(status_list::Column::Id).all(db).await?;
    let due = lists.into_iter().filter_map(|list| {
        let signed = newest.get(&list.id).copied();
        let old = signed.is_none_or(|signed| now - signed >= SIGN_ANEW);
        if !old && !changed.contains(&list.id) {
            return None;
        }
        next_second(signed, now).map(|at| (list, at))
    });
    Ok(due.collect())
}

async fn sign(
    tx: &DatabaseTransaction,
    list: &status_list::Model,
    now: DateTime<Utc>,
    public_url: &str,
    signer: &KeyringSigner,
) -> Result<(), Fault> {
    let changes: Vec<StatusChangeId> = status_change::Entity::find()
        .select_only()
        .column(status_change::Column::Id)
        .filter(status_change::Column::List.eq(list.id))
        .into_tuple()
        .all(tx)
        .await?;
    let entries = entries(tx, list).await?;
    let entries_sha256 = Sha256::digest(entries.bytes()).to_vec();
    let compressed = entries.compress(LEVEL).map_err(Fault::other)?;
    let expires_at = now + LASTS;
    let claims = ListClaims {
        subject: list_uri(public_url, list.id),
        issuer: Some(public_url.to_owned()),
        issued_at: now.timestamp(),
        expires: Some(expires_at.timestamp()),
        ttl: Some(TTL.num_seconds()),
        list: entries,
    };
    let token = status_token::ActiveModel {
        list: Set(list.id),
        issued_at: Set(now),
        expires_at: Set(expires_at),
        ttl: Set(i32::try_from(TTL.num_seconds()).map_err(Fault::other)?),
        jwt: Set(claims.sign_jwt(&compressed, signer).map_err(Fault::other)?),
        cwt: Set(claims.sign_cwt(&compressed, signer).map_err(Fault::other)?),
        entries_sha256: Set(entries_sha256.clone()),
    };
    forget_one_between(tx, list.id, &entries_sha256, now).await?;
    status_token::Entity::insert(token).exec_without_returning(tx).await?;
    for ids in changes.chunks(AT_ONCE) {
        status_change::Entity::delete_many()
            .filter(status_change::Column::Id.is_in(ids.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// What a list says now.
async fn entries(tx: &DatabaseTransaction, list: &status_list::Model) -> Result<StatusList, Fault> {
    let size = u32::try_from(list.size).map_err(Fault::stored)?;
    let mut entries = StatusList::new(BITS, size).map_err(Fault::stored)?;
    // One by one: a list of cards that wait for their handover has a hundred thousand of them.
    let mut set = status_entry::Entity::find()
        .select_only()
        .column(status_entry::Column::Idx)
        .column(status_entry::Column::Value)
        .filter(status_entry::Column::List.eq(list.id))
        .filter(status_entry::Column::Value.ne(StatusValue::Valid))
        .into_tuple::<(i32, StatusValue)>()
        .stream(tx)
        .await?;
    while let Some((index, value)) = set.try_next().await? {
        let bits = match value {
            StatusValue::Valid => 0,
            StatusValue::Invalid => 1,
            StatusValue::Suspended => 2,
        };
        let index = u32::try_from(index).map_err(Fault::stored)?;
        if !entries.set(index, bits) {
            return Err(Fault::stored(format!("status list {}: no place {index}", list.id)));
        }
    }
    Ok(entries)
}

/// Of three lists in a row that say the same, the middle one tells nothing about any time that the
/// first does not, as long as that one lasts: only those stay in which something changed, and one for
/// each week without a change.
async fn forget_one_between(
    tx: &impl ConnectionTrait,
    list: i32,
    entries_sha256: &[u8],
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let before: Vec<(DateTime<Utc>, DateTime<Utc>, Vec<u8>)> = status_token::Entity::find()
        .select_only()
        .column(status_token::Column::IssuedAt)
        .column(status_token::Column::ExpiresAt)
        .column(status_token::Column::EntriesSha256)
        .filter(status_token::Column::List.eq(list))
        .order_by_desc(status_token::Column::IssuedAt)
        .limit(2)
        .into_tuple()
        .all(tx)
        .await?;
    let [(middle, _, says), (_, first_ends, said)] = before.as_slice() else { return Ok(()) };
    if says == entries_sha256 && said == entries_sha256 && *first_ends > now {
        status_token::Entity::delete_by_id((list, *middle)).exec(tx).await?;
    }
    Ok(())
}

/// Days of one look back: a server that was off for longer leaves some that nobody needs.
const THINNED_AT_ONCE: Duration = Duration::days(7);

/// Removes what need no longer be told: lists older than the policy keeps them, and of those older
/// than it keeps every change all but the last of each hour. The newest of a list always stays.
/// Answers how many were removed.
pub async fn forget_old(platform: &Platform) -> Result<u64, Fault> {
    let now = platform.now();
    let policy: TrustPolicy = policy::in_force_for_all(platform.db.read(), local_date(now)).await?;
    let kept = now - Duration::days(policy.status_lists_kept_days.into());
    let thinned = now - Duration::days(policy.status_changes_kept_days.into());
    let newest: HashMap<i32, DateTime<Utc>> = newest(platform.db.read())
        .await?
        .into_iter()
        .map(|one| (one.list, one.issued_at))
        .collect();
    let is_newest = |list: i32, at: DateTime<Utc>| newest.get(&list) == Some(&at);
    let old = times(platform.db.read(), (DateTime::<Utc>::MIN_UTC, kept)).await?;
    let window = times(platform.db.read(), (thinned - THINNED_AT_ONCE, thinned)).await?;
    let hour = |at: DateTime<Utc>| at.timestamp().div_euclid(3_600);
    let within = window.windows(2).filter_map(|two| match two {
        [(list, at), (next, later)] if list == next && hour(*at) == hour(*later) => {
            Some((*list, *at))
        }
        _ => None,
    });
    let gone: Vec<(i32, DateTime<Utc>)> =
        old.into_iter().chain(within).filter(|(list, at)| !is_newest(*list, *at)).collect();
    let mut removed = 0;
    for chunk in gone.chunks(AT_ONCE / 5) {
        let mut these = Condition::any();
        for (list, at) in chunk {
            these = these.add(
                status_token::Column::List.eq(*list).and(status_token::Column::IssuedAt.eq(*at)),
            );
        }
        let deleted = status_token::Entity::delete_many().filter(these);
        removed += deleted.exec(platform.db.writer()).await?.rows_affected;
    }
    Ok(removed)
}

/// The lists that were signed from one time to before another, each list's in their order; a part of
/// them where there are very many.
async fn times(
    db: &impl ConnectionTrait,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<(i32, DateTime<Utc>)>, Fault> {
    let mut found = status_token::Entity::find()
        .select_only()
        .columns([status_token::Column::List, status_token::Column::IssuedAt])
        .filter(status_token::Column::IssuedAt.lt(until));
    if from > DateTime::<Utc>::MIN_UTC {
        found = found.filter(status_token::Column::IssuedAt.gte(from));
    }
    Ok(found
        .order_by_asc(status_token::Column::List)
        .order_by_asc(status_token::Column::IssuedAt)
        .limit(MOST_REMOVED)
        .into_tuple()
        .all(db)
        .await?)
}

/// A list as it was signed last, without its entries.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Signed {
    /// Number of the list.
    pub list: i32,
    /// `iat`.
    pub issued_at: DateTime<Utc>,
    /// `exp`.
    pub expires_at: DateTime<Utc>,
    /// `ttl` in seconds.
    pub ttl: i32,
}

/// Every list as it was signed last, by its number.
pub async fn newest(db: &impl ConnectionTrait) -> Result<Vec<Signed>, Fault> {
    let signed = list_numbers(db).await?;
    let mut found = Vec::with_capacity(signed.len());
    for list in signed {
        let newest = status_token::Entity::find()
            .select_only()
            .columns([
                status_token::Column::List,
                status_token::Column::IssuedAt,
                status_token::Column::ExpiresAt,
                status_token::Column::Ttl,
            ])
            .filter(status_token::Column::List.eq(list))
            .order_by_desc(status_token::Column::IssuedAt);
        found.extend(newest.into_model::<Signed>().one(db).await?);
    }
    Ok(found)
}

/// A list as it was signed: the newest, or the one that said what was so at a moment. None where
/// there is no such list, or none of that time.
pub async fn signed_list(
    db: &impl ConnectionTrait,
    list: i32,
    at: Option<DateTime<Utc>>,
) -> Result<Option<status_token::Model>, Fault> {
    let mut found = status_token::Entity::find()
        .filter(status_token::Column::List.eq(list))
        .order_by_desc(status_token::Column::IssuedAt);
    if let Some(at) = at {
        found = found.filter(status_token::Column::IssuedAt.lte(at));
    }
    let found = found.one(db).await?;
    Ok(found.filter(|token| at.is_none_or(|at| at < token.expires_at)))
}

/// The numbers of all lists, rising.
pub async fn list_numbers(db: &impl ConnectionTrait) -> Result<Vec<i32>, Fault> {
    Ok(status_list::Entity::find()
        .select_only()
        .column(status_list::Column::Id)
        .order_by_asc(status_list::Column::Id)
        .into_tuple()
        .all(db)
        .await?)
}
