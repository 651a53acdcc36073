//! What is asked for by the id of a person: everything of theirs that has entries of its own.

use entities::ids::{
    ApplicationId, CertificateId, ExistingCertificateId, PersonId, QualificationId, ShowingId,
};
use entities::{application, certificate, existing_certificate, qualification, showing};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::graphql::ids::{decode, encode};
use crate::platform::failure::Fault;

/// Showings for which an officer's id stands, the newest.
const MOST_SHOWINGS: u64 = 500;

/// The ids under which an id's entries stand.
pub(in crate::exports) async fn subjects(
    db: &impl ConnectionTrait,
    subject: &str,
) -> Result<Vec<String>, Fault> {
    let mut all = vec![subject.to_owned()];
    let Some(person) = decode::<PersonId>(subject) else { return Ok(all) };
    let ids: Vec<QualificationId> = qualification::Entity::find()
        .select_only()
        .column(qualification::Column::Id)
        .filter(qualification::Column::PersonId.eq(person))
        .into_tuple()
        .all(db)
        .await?;
    all.extend(ids.into_iter().map(encode));
    let ids: Vec<ApplicationId> = application::Entity::find()
        .select_only()
        .column(application::Column::Id)
        .filter(application::Column::PersonId.eq(person))
        .into_tuple()
        .all(db)
        .await?;
    all.extend(ids.into_iter().map(encode));
    let ids: Vec<CertificateId> = certificate::Entity::find()
        .select_only()
        .column(certificate::Column::Id)
        .filter(certificate::Column::PersonId.eq(person))
        .into_tuple()
        .all(db)
        .await?;
    all.extend(ids.into_iter().map(encode));
    let ids: Vec<ExistingCertificateId> = existing_certificate::Entity::find()
        .select_only()
        .column(existing_certificate::Column::Id)
        .filter(existing_certificate::Column::PersonId.eq(person))
        .into_tuple()
        .all(db)
        .await?;
    all.extend(ids.into_iter().map(encode));
    let ids: Vec<ShowingId> = showing::Entity::find()
        .select_only()
        .column(showing::Column::Id)
        .filter(showing::Column::PersonId.eq(person))
        .order_by_desc(showing::Column::Id)
        .limit(MOST_SHOWINGS)
        .into_tuple()
        .all(db)
        .await?;
    all.extend(ids.into_iter().map(encode));
    Ok(all)
}
