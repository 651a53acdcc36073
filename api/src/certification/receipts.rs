//! A party's record of a showing: who showed which certificate, and how it stood at that moment,
//! whatever became of it since.

use chrono::{DateTime, Utc};
use entities::public_card;
use sea_orm::{ConnectionTrait, EntityTrait};

use super::history::{Standing, certificate_at};
use crate::access::Scope;
use crate::credentials::showings::{Shown, receipt as code, showing_of_record};
use crate::platform::failure::Fault;
use crate::platform::seal::MasterSecret;

/// What a record tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// The showing, with the second officer as of then.
    pub shown: Shown,
    /// When the party was shown its page, to the second.
    pub moment: DateTime<Utc>,
    /// The public side of the certificate.
    pub card: public_card::Model,
    /// How the certificate stood then.
    pub standing: Standing,
}

/// What the record of this code tells; `None` where it is no record, or is kept no longer. Whoever has
/// the code was shown it, so no scope is asked.
pub async fn receipt(
    db: &impl ConnectionTrait,
    secret: &MasterSecret,
    text: &str,
) -> Result<Option<Receipt>, Fault> {
    let Some(record) = code::read(secret, text) else { return Ok(None) };
    let Some((shown, moment)) = showing_of_record(db, record).await? else { return Ok(None) };
    let certificate = shown.row.certificate_id;
    let card = public_card::Entity::find_by_id(certificate).one(db).await?;
    let standing = certificate_at(db, &Scope::Everything, certificate, moment).await?;
    Ok(card.zip(standing).map(|(card, standing)| Receipt { shown, moment, card, standing }))
}
