//! What the public may see of a certificate, found by what was scanned or typed.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use entities::enums::{AgencyChangeKind, StatusValue};
use entities::ids::{AgencyId, CertificateId, PersonId};
use entities::public_card::Column;
use entities::{printed_code, public_card, status_entry};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, Iterable, JoinType, QueryFilter,
    QueryOrder, QuerySelect,
};

use serde::{Deserialize, Serialize};

use crate::access::Scope;
use crate::audit::UnitOfWork;
use crate::platform::failure::Fault;

/// People named in one statement.
const PEOPLE_AT_ONCE: usize = 1_000;

/// What became of a unit since a certificate was issued under its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Succession {
    /// Since which day.
    pub on: NaiveDate,
    /// By what kind of reform.
    pub kind: AgencyChangeKind,
    /// The agency that stands for it since; none where it was abolished without a successor.
    pub agency: Option<AgencyId>,
    /// The name of that agency on that day.
    pub name: Option<String>,
}

impl Succession {
    /// What is stored on a card, oldest first.
    pub fn read(successions: &serde_json::Value) -> Result<Vec<Self>, Fault> {
        serde_json::from_value(successions.clone())
            .map_err(|e| Fault::stored(format!("successions of a card: {e}")))
    }
}

/// Writes onto the cards that an agency keeps, all or those of these people, what became of the unit.
/// `keeper` is who keeps them from now on, with the phone that answers there, if any.
pub async fn succeed(
    uow: &UnitOfWork,
    agency: AgencyId,
    holders: Option<&[PersonId]>,
    succession: &Succession,
    keeper: Option<(AgencyId, Option<String>)>,
) -> Result<(), Fault> {
    let added = serde_json::to_value([succession]).map_err(Fault::other)?;
    let chunks: Vec<Option<&[PersonId]>> = match holders {
        None => vec![None],
        Some(people) => people.chunks(PEOPLE_AT_ONCE).map(Some).collect(),
    };
    for chunk in chunks {
        let mut update = public_card::Entity::update_many()
            .col_expr(Column::Successions, appended(uow, &added))
            .col_expr(Column::UpdatedAt, Expr::value(uow.now()))
            .filter(Column::AgencyId.eq(agency));
        if let Some((keeper, phone)) = &keeper {
            // A keeper without a phone leaves none: the one before answers no more.
            update = update
                .col_expr(Column::AgencyId, Expr::value(*keeper))
                .col_expr(Column::ComplaintPhone, Expr::value(phone.clone()));
        }
        if let Some(people) = chunk {
            update = update.filter(Column::HolderId.is_in(people.iter().copied()));
        }
        update.exec(uow.tx()).await?;
    }
    Ok(())
}

/// The stored list with one more entry.
fn appended(uow: &UnitOfWork, added: &serde_json::Value) -> SimpleExpr {
    if uow.platform().db.is_sqlite() {
        let entry = added.get(0).map(ToString::to_string).unwrap_or_default();
        Expr::cust_with_values("json_insert(successions, '$[#]', json(?))", [entry])
    } else {
        Expr::cust_with_values("successions || $1::jsonb", [added.to_string()])
    }
}

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
    /// When the code was signed.
    pub created_at: DateTime<Utc>,
    /// `exp` of the code.
    pub expires_at: DateTime<Utc>,
    /// What the status list says of it.
    pub status: StatusValue,
    /// Whether the code waits for its handover, though the certificate is in force.
    pub waits: bool,
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
        .column(printed_code::Column::CreatedAt)
        .column(printed_code::Column::ExpiresAt)
        .column_as(status_entry::Column::Value, "status")
        .column(printed_code::Column::Waits)
        .join(JoinType::InnerJoin, card.into())
        .join(JoinType::InnerJoin, entry.into())
        .filter(printed_code::Column::CredentialId.is_in(ids.iter().map(|id| id.to_vec())))
        .into_model::<ScannedCard>()
        .all(db)
        .await?)
}

/// Rows of one `INSERT`.
const ROWS_AT_ONCE: usize = 500;

/// Writes the public cards of certificates, in the caller's transaction.
pub async fn enter_cards(uow: &UnitOfWork, cards: Vec<public_card::Model>) -> Result<(), Fault> {
    let cards: Vec<_> = cards.into_iter().map(public_card::ActiveModel::from).collect();
    for chunk in cards.chunks(ROWS_AT_ONCE) {
        public_card::Entity::insert_many(chunk.to_vec()).exec_without_returning(uow.tx()).await?;
    }
    Ok(())
}

/// Gives a photo to the cards of these people that have none: an existing certificate can be
/// confirmed before there is one. A card that has a photo keeps the one that is printed on it.
pub async fn give_photo(
    uow: &UnitOfWork,
    holders: &[PersonId],
    sha256: &[u8; 32],
) -> Result<(), Fault> {
    public_card::Entity::update_many()
        .col_expr(public_card::Column::PhotoSha256, Expr::value(sha256.to_vec()))
        .col_expr(public_card::Column::UpdatedAt, Expr::value(uow.now()))
        .filter(public_card::Column::HolderId.is_in(holders.iter().copied()))
        .filter(public_card::Column::PhotoSha256.is_null())
        .exec(uow.tx())
        .await?;
    Ok(())
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

/// The card of a certificate that whoever asks was shown: it takes no scope.
pub async fn card_of_certificate(
    db: &impl ConnectionTrait,
    certificate: CertificateId,
) -> Result<Option<public_card::Model>, Fault> {
    Ok(public_card::Entity::find_by_id(certificate).one(db).await?)
}

/// The cards of people who were found within a scope before, of each the last certificate's first.
pub async fn cards_of_holders(
    db: &impl ConnectionTrait,
    holders: &[PersonId],
) -> Result<HashMap<PersonId, Vec<public_card::Model>>, Fault> {
    let mut cards: HashMap<PersonId, Vec<public_card::Model>> = HashMap::new();
    for chunk in holders.chunks(PEOPLE_AT_ONCE) {
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

/// Which of these certificates bear a unit that a reform has changed since.
pub async fn with_former_unit(
    db: &impl ConnectionTrait,
    certificates: &[CertificateId],
) -> Result<HashSet<CertificateId>, Fault> {
    let cards = public_card::Entity::find()
        .filter(Column::CertificateId.is_in(certificates.iter().copied()))
        .all(db)
        .await?;
    let mut found = HashSet::new();
    for card in cards {
        if !Succession::read(&card.successions)?.is_empty() {
            found.insert(card.certificate_id);
        }
    }
    Ok(found)
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
