//! The reason for a record that came late, in its recorder's own words: given once, and kept beside
//! what was judged, which it does not change.

use entities::check_record;
use entities::ids::CheckRecordId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::error::{CheckRefusal as Refusal, Result};
use super::rules::Reason;
use super::store::{self, Listed};
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::events::Hint;
use crate::platform::failure::Fault;

/// Characters of a reason.
const CHARACTERS: std::ops::RangeInclusive<usize> = 2..=1_000;

/// Gives the reason for a late record of the actor's own.
pub async fn give_reason(
    platform: &Platform,
    actor: &Actor,
    id: CheckRecordId,
    reason: &str,
) -> Result<Listed> {
    let reason = reason.trim();
    if !CHARACTERS.contains(&reason.chars().count()) || reason.chars().any(char::is_control) {
        return Err(Refusal::ReasonInvalid.into());
    }
    let person = actor.person().ok_or(Refusal::RecordNotFound)?;
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let found = store::own_records(uow.tx(), person, &[id]).await?.remove(&id);
    let found = found.ok_or(Refusal::RecordNotFound)?;
    let told = found.reasons();
    if !told.contains(&Reason::LateEntry) {
        return Err(Refusal::NotLate.into());
    }
    if told.contains(&Reason::TooLate) {
        return Err(Refusal::TooLate.into());
    }
    // Of two at once the first is kept.
    let written = check_record::Entity::update_many()
        .col_expr(check_record::Column::LateReason, Expr::value(reason))
        .col_expr(check_record::Column::LateReasonAt, Expr::value(uow.now()))
        .filter(check_record::Column::Id.eq(id))
        .filter(check_record::Column::LateReason.is_null())
        .exec(uow.tx())
        .await?;
    if written.rows_affected == 0 {
        return Err(Refusal::ReasonGiven.into());
    }
    let (agency, _) = store::place_of(uow.tx(), person).await?;
    uow.record(Stream::Agency(agency), "check.explain", encode(id), json!({}));
    uow.tell([Hint::CheckRecord(id)]);
    let now = store::own_records(uow.tx(), person, &[id]).await?.remove(&id);
    uow.commit().await?;
    now.ok_or_else(|| Fault::other("a record that was explained is not there").into())
}
