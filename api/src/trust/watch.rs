//! How what apps trust stands, for the doctor and whoever watches a server: read from the database
//! alone, without opening a key.

use chrono::{DateTime, Duration, Utc};
use entities::enums::KeyUse;
use entities::signing_key;
use mobile_contract::KeyRecord;
use mobile_contract::bundle::keys::SignedKeys;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};

use super::{bundle, key_set, root};
use crate::credentials::{key_record_of_row, lists};
use crate::platform::failure::Fault;

/// How it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// The name of the root, if there is one.
    pub root: Option<String>,
    /// Whether the root has signed any keys yet.
    pub has_signed: bool,
    /// Keys that apps do not know as they stand: new ones, and marks of compromised ones.
    pub unsigned: Vec<Unsigned>,
    /// When the first of those uses has no key any more that signs and that apps know.
    pub unsigned_until: Option<DateTime<Utc>>,
    /// When the first use that apps verify has no key any more that signs and that they know; none
    /// before the root has signed any.
    pub known_until: Option<DateTime<Utc>>,
    /// Whether a key signs for bundles now that the root has told of; else none is made.
    pub bundle_key_known: bool,
    /// The newest bundle.
    pub bundle: Option<Lasting>,
    /// The status list that was signed longest ago, of the newest ones.
    pub oldest_list: Option<Lasting>,
    /// When that list is no longer fresh.
    pub list_fresh_until: Option<DateTime<Utc>>,
}

/// A key that apps do not know as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsigned {
    /// Its use.
    pub key_use: KeyUse,
    /// Its name.
    pub kid: String,
    /// That it was compromised is what they do not know.
    pub compromised: bool,
}

/// Something that was signed and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lasting {
    /// When it was signed.
    pub issued_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

impl Lasting {
    /// Whether it ends soon though it should have been followed long ago: of seven days, within the
    /// last three, so that whoever is away for a weekend finds out in time.
    pub fn ends_soon(self, now: DateTime<Utc>) -> bool {
        self.expires_at - now < (self.expires_at - self.issued_at) * 3 / 7
    }
}

/// Looks how it stands.
pub async fn look(
    db: &impl ConnectionTrait,
    public_url: &str,
    now: DateTime<Utc>,
) -> Result<Watch, Fault> {
    let root = root::public(db).await?;
    let signed = match key_set::newest(db).await? {
        Some(newest) => Some(SignedKeys::read_unverified(&newest.bytes).map_err(Fault::stored)?),
        None => None,
    };
    // Keys that were told under another address are known to no app of this one.
    let told: &[KeyRecord] = match &signed {
        Some(signed) if signed.issuer == public_url => &signed.records,
        _ => &[],
    };
    let rows = signing_key::Entity::find().order_by_asc(signing_key::Column::Id).all(db).await?;
    let (mut unsigned, mut known) = (Vec::new(), Vec::new());
    for row in &rows {
        let Some(record) = key_record_of_row(row)? else { continue };
        if told.contains(&record) {
            known.push(row);
        } else if row.not_after > now {
            unsigned.push(Unsigned {
                key_use: row.r#use,
                kid: hex::encode(&row.kid),
                compromised: row.compromised_since.is_some(),
            });
        }
    }
    let signs_until = |key_use: KeyUse| {
        let signs = known.iter().filter(|key| {
            key.r#use == key_use && key.compromised_since.is_none() && key.not_before <= now
        });
        signs.map(|key| key.sign_until).max()
    };
    let waiting = unsigned.iter().map(|key| key.key_use);
    let unsigned_until = waiting.map(|key_use| signs_until(key_use).unwrap_or(now)).min();
    let verified = [KeyUse::Credential, KeyUse::Status, KeyUse::Bundle];
    let known_until = verified.map(|key_use| signs_until(key_use).unwrap_or(now)).into_iter().min();
    let lists = lists::newest(db).await?;
    let oldest = lists.iter().min_by_key(|list| list.issued_at);
    let lasting = |issued_at, expires_at| Lasting { issued_at, expires_at };
    Ok(Watch {
        root: root.map(|root| root.kid().to_string()),
        has_signed: signed.is_some(),
        unsigned,
        unsigned_until,
        known_until: known_until.filter(|_| signed.is_some()),
        bundle_key_known: signs_until(KeyUse::Bundle).is_some_and(|until| until > now),
        bundle: bundle::newest(db).await?.map(|row| lasting(row.issued_at, row.expires_at)),
        oldest_list: oldest.map(|list| lasting(list.issued_at, list.expires_at)),
        list_fresh_until: oldest.map(|list| list.issued_at + Duration::seconds(list.ttl.into())),
    })
}
