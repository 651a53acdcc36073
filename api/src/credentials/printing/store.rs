//! The rows of cards that are to be printed, within a scope over the units of their time.

use std::collections::HashMap;

use chrono::NaiveDate;
use entities::enums::CertificateState;
use entities::ids::{AgencyId, CertificateId};
use entities::{blob, printed_code, public_card};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select};

use super::super::codes_of;
use crate::access::Scope;
use crate::platform::clock::start_of_day;
use crate::platform::failure::Fault;

/// Ids of one statement.
const AT_ONCE: usize = 500;

/// A card with the digits of its newest code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printable {
    /// What stands on it.
    pub card: public_card::Model,
    /// Digits of the code; none where no code was signed here.
    pub digits: Option<String>,
}

/// These cards; those outside the scope are left out.
pub(super) async fn these(
    db: &impl ConnectionTrait,
    scope: &Scope,
    ids: &[CertificateId],
) -> Result<Vec<Printable>, Fault> {
    let mut cards = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(AT_ONCE) {
        let ids = chunk.iter().copied();
        let query = cards_within(scope).filter(public_card::Column::CertificateId.is_in(ids));
        cards.extend(query.all(db).await?);
    }
    with_digits(db, cards).await
}

/// Cards whose code was signed since a day, and that are in force or wait for their handover. What
/// was confirmed from before and has no code is not among them.
pub(super) async fn issued(
    db: &impl ConnectionTrait,
    scope: &Scope,
    agency: Option<AgencyId>,
    since: NaiveDate,
    today: NaiveDate,
    limit: u64,
) -> Result<Vec<Printable>, Fault> {
    use public_card::Column as C;
    let coded = Query::select()
        .column(printed_code::Column::CertificateId)
        .from(printed_code::Entity)
        .and_where(printed_code::Column::CreatedAt.gte(start_of_day(since)))
        .take();
    let mut query = cards_within(scope)
        .filter(C::CertificateId.in_subquery(coded))
        .filter(C::State.is_in([CertificateState::Issued, CertificateState::Active]))
        .filter(C::ValidUntil.gte(today))
        .limit(limit);
    if let Some(agency) = agency {
        query = query.filter(C::AgencyId.eq(agency));
    }
    let cards = query.all(db).await?;
    with_digits(db, cards).await
}

fn cards_within(scope: &Scope) -> Select<public_card::Entity> {
    let agency = (public_card::Entity, public_card::Column::AgencyId);
    public_card::Entity::find().filter(scope.condition(agency))
}

/// Adds the digits, and puts the cards in the order in which they are handed out: by unit and
/// number.
async fn with_digits(
    db: &impl ConnectionTrait,
    mut cards: Vec<public_card::Model>,
) -> Result<Vec<Printable>, Fault> {
    cards.sort_by(|one, other| {
        let key = |card: &public_card::Model| (card.agency_name.clone(), card.number.clone());
        key(one).cmp(&key(other))
    });
    let ids: Vec<CertificateId> = cards.iter().map(|card| card.certificate_id).collect();
    let mut digits: HashMap<CertificateId, String> = HashMap::new();
    for chunk in ids.chunks(AT_ONCE) {
        // Newest first.
        for code in codes_of(db, chunk).await? {
            digits.entry(code.certificate_id).or_insert(code.digits);
        }
    }
    let digits = |card: public_card::Model| {
        let digits = digits.remove(&card.certificate_id);
        Printable { card, digits }
    };
    Ok(cards.into_iter().map(digits).collect())
}

/// Photos by their hash.
pub(super) async fn photos(
    db: &impl ConnectionTrait,
    hashes: &[Vec<u8>],
) -> Result<HashMap<Vec<u8>, Vec<u8>>, Fault> {
    let rows = blob::Entity::find()
        .filter(blob::Column::Sha256.is_in(hashes.iter().cloned()))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.sha256, row.bytes)).collect())
}
