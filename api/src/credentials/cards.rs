//! What the public may see of a certificate, found by what was scanned or typed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::enums::StatusValue;
use entities::ids::{CertificateId, PersonId};
use entities::{printed_code, public_card, status_entry};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, Iterable, JoinType, QueryFilter,
    QueryOrder, QuerySelect,
};

use crate::access::Scope;
use crate::platform::failure::Fault;

/// Holders asked about in one statement.
const AT_ONCE: usize = 1_000;

/// A printed code on record, with the card and the status as they stand now.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct ScannedCard {
    /// The credential.
    pub credential_id: Vec<u8>,
    /// The card.
    #[sea_orm(nested)]
    pub card: public_card::Model,
    /// Key hint of the code's signature.
    pub kid: Vec<u8>,
    /// Status list of the code.
    pub list: i32,
    /// Index in it.
    pub idx: i32,
    /// `exp` of the code.
    pub expires_at: DateTime<Utc>,
    /// What the status list says of it.
    pub status: StatusValue,
}

/// The cards of these credentials, of each that was issued here. One statement.
pub async fn cards_by_credential_id(
    db: &impl ConnectionTrait,
    ids: &[[u8; 16]],
) -> Result<Vec<ScannedCard>, Fault> {
    let card = printed_code::Entity::belongs_to(public_card::Entity)
        .from(printed_code::Column::CertificateId)
        .to(public_card::Column::CertificateId);
    let entry = printed_code::Entity::belongs_to(status_entry::Entity)
        .from((printed_code::Column::List, printed_code::Column::Idx))
        .to((status_entry::Column::List, status_entry::Column::Idx));
    Ok(printed_code::Entity::find()
        .select_only()
        .column(printed_code::Column::CredentialId)
        .columns(public_card::Column::iter())
        .column(printed_code::Column::Kid)
        .column(printed_code::Column::List)
        .column(printed_code::Column::Idx)
        .column(printed_code::Column::ExpiresAt)
        .column_as(status_entry::Column::Value, "status")
        .join(JoinType::InnerJoin, card.into())
        .join(JoinType::InnerJoin, entry.into())
        .filter(printed_code::Column::CredentialId.is_in(ids.iter().map(|id| id.to_vec())))
        .into_model::<ScannedCard>()
        .all(db)
        .await?)
}

/// The card of a certificate number, for the look-up by number, within a scope over the units of
/// its time. That the holder's name was given too is for the caller to compare.
pub async fn card_by_number(
    db: &impl ConnectionTrait,
    scope: &Scope,
    number: &str,
) -> Result<Option<public_card::Model>, Fault> {
    Ok(public_card::Entity::find()
        .filter(public_card::Column::Number.eq(number))
        .filter(scope.condition((public_card::Entity, public_card::Column::AgencyId)))
        .one(db)
        .await?)
}

/// The cards of people who were found within a scope before, of each the last certificate's first.
pub async fn cards_of_holders(
    db: &impl ConnectionTrait,
    holders: &[PersonId],
) -> Result<HashMap<PersonId, Vec<public_card::Model>>, Fault> {
    let mut cards: HashMap<PersonId, Vec<public_card::Model>> = HashMap::new();
    for chunk in holders.chunks(AT_ONCE) {
        let rows = public_card::Entity::find()
            .filter(public_card::Column::HolderId.is_in(chunk.iter().copied()))
            .order_by_desc(public_card::Column::ValidFrom)
            .order_by_desc(public_card::Column::CertificateId)
            .all(db)
            .await?;
        for row in rows {
            cards.entry(row.holder_id).or_default().push(row);
        }
    }
    Ok(cards)
}

/// The digits of a certificate's newest printed code, within a scope over the units of its time.
pub async fn newest_code(
    db: &impl ConnectionTrait,
    scope: &Scope,
    certificate: CertificateId,
) -> Result<Option<String>, Fault> {
    let card = printed_code::Entity::belongs_to(public_card::Entity)
        .from(printed_code::Column::CertificateId)
        .to(public_card::Column::CertificateId);
    Ok(printed_code::Entity::find()
        .select_only()
        .column(printed_code::Column::Digits)
        .join(JoinType::InnerJoin, card.into())
        .filter(printed_code::Column::CertificateId.eq(certificate))
        .filter(scope.condition((public_card::Entity, public_card::Column::AgencyId)))
        .order_by_desc(printed_code::Column::CreatedAt)
        .into_tuple()
        .one(db)
        .await?)
}
