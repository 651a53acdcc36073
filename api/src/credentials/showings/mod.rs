//! What a party may know of a certificate that is shown to it (亮证): the showing that is open now,
//! what was found of it in plain words, and the party's record ([`receipt`]). Showings are written by
//! the capability of that name; verification reads them here, as it reads public cards.

mod findings;
pub mod receipt;

use chrono::{DateTime, NaiveDate, Utc};
use entities::enums::{CertificateState, SecondAnswer};
use entities::ids::{CertificateId, PersonId, ShowingId};
use entities::{public_card, showing};
use sea_orm::sea_query::{Alias, Expr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait, Select,
};

pub use findings::{Finding, alone_reason, findings};

use super::Succession;
use crate::audit::UnitOfWork;
use crate::platform::Platform;
use crate::platform::failure::Fault;

/// A showing as its party may know it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The showing.
    pub row: showing::Model,
    /// The second officer, once that one has confirmed.
    pub second: Option<Colleague>,
}

/// An officer beside the one who shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// Name.
    pub name: String,
    /// Unit, under the name it has now.
    pub unit: String,
}

#[derive(FromQueryResult)]
struct Read {
    #[sea_orm(nested)]
    row: showing::Model,
    second_name: Option<String>,
    second_unit: Option<String>,
    second_successions: Option<serde_json::Value>,
}

fn with_second() -> Select<showing::Entity> {
    let second = Alias::new("second_card");
    let of = |column| Expr::col((Alias::new("second_card"), column));
    showing::Entity::find()
        .join_as(JoinType::LeftJoin, showing::Relation::SecondCard.def(), second)
        .expr_as(of(public_card::Column::Name), "second_name")
        .expr_as(of(public_card::Column::AgencyName), "second_unit")
        .expr_as(of(public_card::Column::Successions), "second_successions")
}

impl Read {
    /// The showing, with whoever had confirmed by a moment.
    fn by(self, moment: DateTime<Utc>) -> Result<Shown, Fault> {
        let row = self.row;
        let by_then = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at <= moment);
        let declined =
            row.second_answer == Some(SecondAnswer::Declined) && by_then(row.second_answered_at);
        let confirmed = by_then(row.second_confirmed_at) && !declined;
        let second = match (self.second_name, self.second_unit) {
            (Some(name), Some(unit)) if confirmed => {
                let unit = unit_now(unit, self.second_successions.as_ref())?;
                Some(Colleague { name, unit })
            }
            _ => None,
        };
        Ok(Shown { row, second })
    }
}

/// The name a unit has now, of the one on a card and of what became of it.
pub fn unit_now(unit: String, successions: Option<&serde_json::Value>) -> Result<String, Fault> {
    let Some(successions) = successions else { return Ok(unit) };
    let last = Succession::read(successions)?.into_iter().rev().find_map(|s| s.name);
    Ok(last.unwrap_or(unit))
}

/// The showing of a certificate that is open at a moment. One statement.
pub async fn open_showing(
    db: &impl ConnectionTrait,
    certificate: CertificateId,
    now: DateTime<Utc>,
) -> Result<Option<Shown>, Fault> {
    let found = with_second()
        .filter(showing::Column::CertificateId.eq(certificate))
        .filter(showing::Column::EndedAt.is_null())
        .filter(showing::Column::EndsAt.gt(now))
        .order_by_desc(showing::Column::StartedAt)
        .limit(1)
        .into_model::<Read>()
        .one(db)
        .await?;
    found.map(|read| read.by(now)).transpose()
}

/// A showing that was open at a moment, by the serial of a party's record: whoever has the record was
/// there. The second officer is told as of then.
pub async fn showing_of_record(
    db: &impl ConnectionTrait,
    record: receipt::Record,
) -> Result<Option<(Shown, DateTime<Utc>)>, Fault> {
    let found = with_second()
        .filter(showing::Column::Serial.eq(record.serial))
        .into_model::<Read>()
        .one(db)
        .await?;
    let Some(read) = found else { return Ok(None) };
    let moment = read.row.started_at + record.after;
    Ok(Some((read.by(moment)?, moment)))
}

/// Notes that a showing was scanned; when, by whom and how often is nowhere. That it cannot be noted
/// is no reason to keep anybody waiting.
pub async fn note_scan(platform: &Platform, showing: ShowingId) -> Result<(), Fault> {
    showing::Entity::update_many()
        .col_expr(showing::Column::Scanned, Expr::value(true))
        .filter(showing::Column::Id.eq(showing))
        .filter(showing::Column::Scanned.eq(false))
        .exec(platform.db.writer())
        .await?;
    Ok(())
}

/// Says on a card until when a scan asks for an open showing; none: not any more.
pub async fn show_until(
    uow: &UnitOfWork,
    certificate: CertificateId,
    until: Option<DateTime<Utc>>,
) -> Result<(), Fault> {
    public_card::Entity::update_many()
        .col_expr(public_card::Column::ShownUntil, Expr::value(until))
        .filter(public_card::Column::CertificateId.eq(certificate))
        .exec(uow.tx())
        .await?;
    Ok(())
}

/// The card of the certificate of a person that is in force on a day.
pub async fn card_in_force(
    db: &impl ConnectionTrait,
    holder: PersonId,
    day: NaiveDate,
) -> Result<Option<public_card::Model>, Fault> {
    let cards = public_card::Entity::find()
        .filter(public_card::Column::HolderId.eq(holder))
        .filter(public_card::Column::State.eq(CertificateState::Active))
        .order_by_desc(public_card::Column::ValidFrom)
        .order_by_desc(public_card::Column::CertificateId)
        .all(db)
        .await?;
    Ok(cards.into_iter().find(|card| is_in_force(card, day)))
}

/// Whether a certificate authorises on a day, by its card.
pub fn is_in_force(card: &public_card::Model, day: NaiveDate) -> bool {
    card.state == CertificateState::Active && card.valid_from <= day && day <= card.valid_until
}
