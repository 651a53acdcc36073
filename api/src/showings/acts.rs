//! What is done with a showing that is open: its second officer answers, its officer ends it.

use entities::enums::SecondAnswer;
use entities::ids::{PersonId, ShowingId};
use entities::showing;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::error::{Code, ShowingRefusal};
use super::store;
use crate::audit::{Stream, UnitOfWork};
use crate::credentials::showings::{card_in_force, show_until};
use crate::graphql::ids::encode;
use crate::officers::facts;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::{Failure, Fault};

/// The second officer says, in a session of their own, whether they are there. While the showing is
/// open the last word counts; the same word again changes nothing.
pub async fn answer(
    platform: &Platform,
    actor: &Actor,
    id: ShowingId,
    word: SecondAnswer,
) -> Result<(), Failure<ShowingRefusal>> {
    let by = person_of(actor)?;
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    facts::lock(&uow, &[by]).await?;
    let row = locked(&uow, id).await?;
    let row = row.filter(|row| row.second_person_id == Some(by));
    let row = row.ok_or(ShowingRefusal::from(Code::ShowingNotFound))?;
    if row.ended_at.is_some() || row.ends_at <= uow.now() {
        return Err(ShowingRefusal::from(Code::ShowingOver).into());
    }
    if row.second_answer == Some(word) {
        return Ok(());
    }
    let card = card_in_force(uow.tx(), by, uow.today()).await?;
    // Who has lost it meanwhile may still say not to be there.
    let theirs = card.filter(|card| Some(card.certificate_id) == row.second_certificate_id);
    if word == SecondAnswer::Confirmed && theirs.is_none() {
        return Err(ShowingRefusal::from(Code::NoCertificate).into());
    }
    let first = (word == SecondAnswer::Confirmed).then(|| uow.now());
    showing::ActiveModel {
        id: Set(id),
        second_answer: Set(Some(word)),
        second_answered_at: Set(Some(uow.now())),
        second_confirmed_at: Set(row.second_confirmed_at.or(first)),
        ..Default::default()
    }
    .update(uow.tx())
    .await?;
    let agency = store::agency_of(uow.tx(), row.certificate_id).await?;
    let action = match word {
        SecondAnswer::Confirmed => "showing.confirm",
        SecondAnswer::Declined => "showing.decline",
    };
    let body = json!({ "second": row.second_certificate_id.map(encode) });
    uow.record(Stream::Agency(agency), action, encode(id), body);
    uow.commit().await?;
    Ok(())
}

/// The officer ends a showing; what is over already stays as it is.
pub async fn end(
    platform: &Platform,
    actor: &Actor,
    id: ShowingId,
) -> Result<(), Failure<ShowingRefusal>> {
    let by = person_of(actor)?;
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    facts::lock(&uow, &[by]).await?;
    let row = locked(&uow, id).await?.filter(|row| row.person_id == by);
    let row = row.ok_or(ShowingRefusal::from(Code::ShowingNotFound))?;
    if row.ended_at.is_some() || row.ends_at <= uow.now() {
        return Ok(());
    }
    showing::ActiveModel { id: Set(id), ended_at: Set(Some(uow.now())), ..Default::default() }
        .update(uow.tx())
        .await?;
    show_until(&uow, row.certificate_id, None).await?;
    let agency = store::agency_of(uow.tx(), row.certificate_id).await?;
    let body = json!({ "scanned": row.scanned });
    uow.record(Stream::Agency(agency), "showing.end", encode(id), body);
    uow.commit().await?;
    Ok(())
}

async fn locked(uow: &UnitOfWork, id: ShowingId) -> Result<Option<showing::Model>, Fault> {
    let select = showing::Entity::find_by_id(id);
    let select = uow.locked(select);
    Ok(select.one(uow.tx()).await?)
}

pub(super) fn person_of(actor: &Actor) -> Result<PersonId, ShowingRefusal> {
    actor.person().ok_or(ShowingRefusal::from(Code::PersonRequired))
}
