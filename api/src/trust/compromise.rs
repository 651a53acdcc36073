//! A key that others may have: it is marked, and from then on signs nothing; the next signed keys tell
//! apps; of what it has signed only what is on record is believed.

use chrono::{DateTime, Utc};
use entities::enums::KeyUse;
use entities::signing_key;
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};
use serde_json::json;

use super::error::TrustRefusal;
use crate::audit::{Stream, UnitOfWork};
use crate::credentials::{genuine, lists};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::local;
use crate::platform::events::Topic;
use crate::platform::failure::{Failure, Fault};
use crate::platform::keys;

/// What was done.
#[derive(Clone, Debug)]
pub struct Marked {
    /// The key.
    pub key: signing_key::Model,
    /// The key that was made in its place, where no other of its use would have signed.
    pub successor: Option<signing_key::Model>,
    /// How many codes it is known to have signed; none for a key that signs none.
    pub genuine: Option<usize>,
}

/// The key of a name: its kid, or its whole public half, in hexadecimal.
///
/// # Errors
/// [`TrustRefusal::KeyUnknown`], [`TrustRefusal::KeyAmbiguous`].
pub async fn named(
    db: &impl ConnectionTrait,
    name: &str,
) -> Result<signing_key::Model, Failure<TrustRefusal>> {
    let unknown = || TrustRefusal::KeyUnknown { key: name.to_owned() };
    let bytes = hex::decode(name).map_err(|_| unknown())?;
    let by = match bytes.len() {
        4 => signing_key::Column::Kid,
        32 => signing_key::Column::PublicKey,
        _ => return Err(unknown().into()),
    };
    let found = signing_key::Entity::find()
        .filter(by.eq(bytes))
        .order_by_asc(signing_key::Column::Id)
        .all(db)
        .await?;
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (None, _) => Err(unknown().into()),
        (Some(key), None) => Ok(key),
        (Some(_), Some(_)) => Err(TrustRefusal::KeyAmbiguous { key: name.to_owned() }.into()),
    }
}

/// Marks a key as in others' hands since a moment. In the same transaction the list of what it is known
/// to have signed is made, another key where none of its use would sign any more, and every status list
/// is marked to be signed anew where it signed those.
pub async fn mark(
    platform: &Platform,
    actor: &Actor,
    name: &str,
    since: DateTime<Utc>,
) -> Result<Marked, Failure<TrustRefusal>> {
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    platform.db.lock_table(uow.tx(), "signing_keys").await?;
    let key = named(uow.tx(), name).await?;
    if since > uow.now() {
        return Err(TrustRefusal::CompromisedInFuture.into());
    }
    if let Some(before) = key.compromised_since
        && since >= before
    {
        return Err(TrustRefusal::CompromisedAlready { since: before }.into());
    }
    let first = key.compromised_since.is_none();
    let marked = signing_key::ActiveModel {
        id: Unchanged(key.id),
        compromised_since: Set(Some(since)),
        ..Default::default()
    };
    let key = marked.update(uow.tx()).await?;
    let mut genuine = None;
    if first && key.r#use == KeyUse::Credential {
        genuine = Some(genuine::enter_list(&uow, key.id, &key.kid).await?);
    }
    if first && key.r#use == KeyUse::Status {
        lists::mark_all(&uow).await?;
    }
    let successor = succeed(&uow, &key).await?;
    uow.record(
        Stream::System,
        "key.compromise",
        encode(key.id),
        json!({
            "use": key.r#use.code(),
            "kid": hex::encode(&key.kid),
            "since": local(since).to_rfc3339(),
            "successor": successor.as_ref().map(|key| hex::encode(&key.kid)),
            "genuine": genuine,
        }),
    );
    if let Some(successor) = &successor {
        let use_and_kid = json!({
            "use": successor.r#use.code(),
            "kid": hex::encode(&successor.kid),
            "reason": "COMPROMISE",
        });
        uow.record(Stream::System, "key.create", encode(successor.id), use_and_kid);
    }
    uow.commit().await?;
    keys::load(platform, platform.db.read()).await?;
    platform.events.publish(Topic::Keys).await;
    Ok(Marked { key, successor, genuine })
}

/// Makes a key that signs at once, where no other of the use does now.
async fn succeed(
    uow: &UnitOfWork,
    marked: &signing_key::Model,
) -> Result<Option<signing_key::Model>, Fault> {
    let another = signing_key::Entity::find()
        .filter(signing_key::Column::Use.eq(marked.r#use))
        .filter(signing_key::Column::CompromisedSince.is_null())
        .filter(signing_key::Column::NotBefore.lte(uow.now()))
        .filter(signing_key::Column::SignUntil.gt(uow.now()))
        .one(uow.tx())
        .await?;
    if another.is_some() {
        return Ok(None);
    }
    keys::create(uow.platform(), uow.tx(), marked.r#use, uow.now()).await.map(Some)
}
