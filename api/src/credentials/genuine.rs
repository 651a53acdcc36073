//! What a compromised key is known to have signed for the issuer (`docs/credential.md` §2): a list of
//! ids that apps accept of it; everything else that it signs is `KEY_COMPROMISED`.

use chrono::{DateTime, Utc};
use entities::ids::SigningKeyId;
use entities::{genuine_list, phone_credential, printed_code};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use sha2::{Digest, Sha256};

use crate::audit::UnitOfWork;
use crate::platform::failure::Fault;

/// Ids of one statement.
const AT_ONCE: u64 = 10_000;

/// Enters the list of what a key has signed, in the transaction that marks it: see
/// [`crate::platform::keys::signing`] why nothing is missing. Printed codes are on it whether or not
/// they have ended, since an app says of those that they have; of phones' credentials, which last a
/// day, those that have not. Answers how many.
pub async fn enter_list(uow: &UnitOfWork, key: SigningKeyId, kid: &[u8]) -> Result<usize, Fault> {
    let mut ids = printed(uow.tx(), kid).await?;
    ids.extend(of_phones(uow.tx(), kid, uow.now()).await?);
    ids.sort_unstable();
    let list = ids.concat();
    genuine_list::ActiveModel {
        key_id: Set(key),
        sha256: Set(Sha256::digest(&list).to_vec()),
        ids: Set(list),
        made_at: Set(uow.now()),
    }
    .insert(uow.tx())
    .await?;
    Ok(ids.len())
}

/// The printed codes of a key, by their ids. Another key of the same name would add its own, which
/// does no harm: an id says which key signed it.
async fn printed(db: &impl ConnectionTrait, kid: &[u8]) -> Result<Vec<[u8; 16]>, Fault> {
    let signed = printed_code::Entity::find().filter(printed_code::Column::Kid.eq(kid));
    all_ids(db, signed, printed_code::Column::CredentialId).await
}

/// The credentials of phones that a key has signed and that have not ended.
async fn of_phones(
    db: &impl ConnectionTrait,
    kid: &[u8],
    now: DateTime<Utc>,
) -> Result<Vec<[u8; 16]>, Fault> {
    let signed = phone_credential::Entity::find()
        .filter(phone_credential::Column::Kid.eq(kid))
        .filter(phone_credential::Column::ExpiresAt.gt(now));
    all_ids(db, signed, phone_credential::Column::CredentialId).await
}

async fn all_ids<E: EntityTrait>(
    db: &impl ConnectionTrait,
    signed: Select<E>,
    id: E::Column,
) -> Result<Vec<[u8; 16]>, Fault> {
    let mut found: Vec<[u8; 16]> = Vec::new();
    loop {
        let mut page = signed.clone().select_only().column(id).order_by_asc(id).limit(AT_ONCE);
        if let Some(last) = found.last() {
            page = page.filter(id.gt(last.to_vec()));
        }
        let page = read(page.into_tuple().all(db).await?)?;
        if page.is_empty() {
            return Ok(found);
        }
        found.extend(page);
    }
}

fn read(ids: Vec<Vec<u8>>) -> Result<Vec<[u8; 16]>, Fault> {
    let id = |id: Vec<u8>| id.try_into().map_err(|_| Fault::stored("id of a credential"));
    ids.into_iter().map(id).collect()
}

/// The keys that have a list with anything on it, and its SHA-256.
pub async fn lists(db: &impl ConnectionTrait) -> Result<Vec<(SigningKeyId, Vec<u8>)>, Fault> {
    Ok(genuine_list::Entity::find()
        .select_only()
        .columns([genuine_list::Column::KeyId, genuine_list::Column::Sha256])
        .filter(genuine_list::Column::Ids.ne(Vec::<u8>::new()))
        .order_by_asc(genuine_list::Column::KeyId)
        .into_tuple()
        .all(db)
        .await?)
}

/// The list of a SHA-256.
pub async fn list(db: &impl ConnectionTrait, sha256: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
    let list = genuine_list::Entity::find().filter(genuine_list::Column::Sha256.eq(sha256));
    Ok(list.one(db).await?.map(|list| list.ids))
}
