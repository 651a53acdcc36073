//! Cards for printing: which certificates, whether each may and can be printed, and the files: one
//! card, sheets of cards for an office printer, and what a card printer's works takes.
//!
//! Everything that can be refused is found before the first byte is written and before it is
//! recorded that the cards were drawn. Files are then written part by part, so a batch takes no
//! more memory than a part.

mod error;
mod parts;
mod rules;
mod store;
#[cfg(test)]
mod tests;
mod works;

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use entities::ids::{AgencyId, CertificateId};
use serde_json::json;

pub use error::CardRefusal;
pub use parts::Batch;

use super::qr::{self, VersionLimit};
use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::documents::fonts::Fonts;
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::local_date;
use crate::platform::failure::{Failure, Fault};
use crate::platform::texts::Catalogue;

/// The texts of cards: why one is not printed, and the headings of the works' workbook.
static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("printing.zh-CN.ftl"), include_str!("printing.en.ftl"))
});

/// Refusals that are told at once; the rest are found when these are mended.
const MOST_TOLD: usize = 20;

/// What all cards of a deployment share.
#[derive(Clone)]
pub struct Press {
    fonts: Arc<Fonts>,
    prefix: String,
    domain: String,
}

impl Press {
    /// `font_file` is the font's file, where one is configured; `prefix` is what stands before the
    /// digits of a code, `https://HOST/v/`.
    pub fn new(font_file: Option<PathBuf>, prefix: String) -> Self {
        let address = prefix.split_once("://").map_or(&*prefix, |(_, rest)| rest);
        let domain = address.split('/').next().unwrap_or_default().to_owned();
        Self { fonts: Arc::new(Fonts::new(font_file)), prefix, domain }
    }

    /// The font, for whoever asks whether there is one. Reads files: call it off the async threads.
    pub fn fonts(&self) -> &Fonts {
        &self.fonts
    }
}

/// The file that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One card, a page a side.
    Card,
    /// Sheets of A4 in one document.
    Sheets,
    /// Sheets of A4 as a ZIP of documents.
    SheetsInParts,
    /// A ZIP of a workbook, photos and codes.
    Works,
}

impl Form {
    /// Cards of one file.
    pub const fn most(self) -> usize {
        match self {
            Self::Card => 1,
            Self::Sheets => parts::CARDS_A_PART,
            Self::SheetsInParts | Self::Works => 2_000,
        }
    }

    /// The word in the audit log.
    const fn code(self) -> &'static str {
        match self {
            Self::Card => "CARD",
            Self::Sheets | Self::SheetsInParts => "SHEETS",
            Self::Works => "WORKS",
        }
    }
}

/// Which certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// These; each must be printable.
    These(Vec<CertificateId>),
    /// Those issued since a day that are in force or wait for their handover.
    Issued {
        /// Of this unit only.
        agency: Option<AgencyId>,
        /// The first day of issue.
        since: NaiveDate,
    },
}

/// Finds the certificates, makes sure that each can be printed, records that they are, and answers
/// the batch to be written.
pub async fn prepare(
    platform: &Platform,
    actor: &Actor,
    press: &Press,
    choice: &Choice,
    form: Form,
) -> Result<Batch, Failure<Vec<CardRefusal>>> {
    let refused = |refusal| Failure::Refused(vec![refusal]);
    let scope = Scope::of(actor, Permission::PrintCodes);
    let today = local_date(platform.now());
    let most = form.most();
    let cards = match choice {
        Choice::These(ids) => {
            let ids = rules::each_once(ids);
            if ids.len() > most {
                return Err(refused(CardRefusal::TooMany { most }));
            }
            let cards = store::these(platform.db.read(), &scope, &ids).await?;
            rules::all_found(&ids, &cards).map_err(Failure::Refused)?;
            cards
        }
        Choice::Issued { agency, since } => {
            let one_more = u64::try_from(most + 1).map_err(Fault::other)?;
            store::issued(platform.db.read(), &scope, *agency, *since, today, one_more).await?
        }
    };
    if cards.is_empty() {
        return Err(refused(CardRefusal::NothingSelected));
    }
    if cards.len() > most {
        return Err(refused(CardRefusal::TooMany { most }));
    }
    let press = press.clone();
    let batch = tokio::task::spawn_blocking(move || check(&press, cards, today, form))
        .await
        .map_err(Fault::other)?
        .map_err(Failure::Refused)?;
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    for card in batch.cards() {
        let subject = encode(card.card.certificate_id);
        let body = json!({ "form": form.code() });
        uow.record(Stream::Agency(card.card.agency_id), "card.draw", subject, body);
    }
    uow.commit().await?;
    Ok(batch)
}

/// Whether each can be printed: its state, photo and code, and every character of its words where
/// they are drawn here; the works has fonts of its own.
fn check(
    press: &Press,
    cards: Vec<store::Printable>,
    today: NaiveDate,
    form: Form,
) -> Result<Batch, Vec<CardRefusal>> {
    let font = press.fonts.get().map_err(|refusal| vec![CardRefusal::Font(refusal)])?;
    let refusals: Vec<CardRefusal> = cards
        .iter()
        .filter_map(|card| {
            let printable = rules::printable(card, today);
            let words = || match form {
                Form::Works => Ok(()),
                Form::Card | Form::Sheets | Form::SheetsInParts => {
                    rules::words(card, &press.domain).check(&font)
                }
            };
            let number = || card.card.number.clone();
            printable
                .and_then(|()| words().map_err(|why| CardRefusal::Words { number: number(), why }))
                .err()
        })
        .take(MOST_TOLD)
        .collect();
    if !refusals.is_empty() {
        return Err(refusals);
    }
    // Where the longest fits, all do.
    let longest = cards.iter().filter_map(|card| card.digits.as_deref()).max_by_key(|d| d.len());
    if let Some(digits) = longest {
        qr::draw(&press.prefix, digits, VersionLimit::Printed)
            .map_err(|error| vec![CardRefusal::Code(error)])?;
    }
    Ok(Batch::new(press.clone(), font, cards))
}
