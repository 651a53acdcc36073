//! The evidence file of an officer: what is on record of them, and the entries of the audit log
//! about them with the proof that each stands in its chain (`docs/evidence.md`). As JSON, which
//! whoever doubts it verifies without this server, and as a report for people with that JSON
//! attached.

mod file;
mod gather;
mod practice;
mod proof;
mod report;

use entities::enums::{ExportFormat, ExportList};
use entities::ids::PersonId;
use sha2::{Digest, Sha256};

use file::Evidence;

use super::request::Told;
use super::words::Words;
use super::{ExportRefusal, Purpose, Taken, reveal};
use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::credentials::printing::Press;
use crate::documents::{self, DrawError};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::local_date;
use crate::platform::failure::{Failure, Fault};
use crate::platform::texts::Locale;

/// The file that is wanted.
pub struct Form<'a> {
    /// JSON or PDF.
    pub format: ExportFormat,
    /// Has the font of the report.
    pub press: &'a Press,
    /// What whole personal data is for; none where it stays masked.
    pub purpose: Option<&'a Purpose>,
    /// How much of the audit log, and of what there can be much of.
    pub bounds: Bounds,
}

/// How much a file has at most; other bounds than the default are for tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Entries about the officer, the newest.
    pub entries: u64,
    /// Links of a chain, up to its head: with their digests a file has some megabytes.
    pub links: i64,
    /// Showings, phones and records of checks, each the newest.
    pub of_a_kind: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { entries: 5_000, links: 50_000, of_a_kind: 500 }
    }
}

/// Makes the evidence file of an officer, as far as the actor reaches, and answers its bytes. That
/// it was taken, with its digest, is written to the audit log before.
///
/// # Errors
/// A refusal where there is no such officer, or where the report cannot be drawn with the font; a
/// fault where something cannot be read or recorded.
pub async fn take(
    platform: &Platform,
    actor: &Actor,
    person: PersonId,
    form: &Form<'_>,
) -> Result<Vec<u8>, Failure<ExportRefusal>> {
    let scope = reach(actor, form.purpose.is_some());
    proof::cover(platform, &scope, person, form.bounds).await?;
    let now = platform.now();
    let tx = platform.db.snapshot().await?;
    // A report for people, and so in Chinese; the words of the JSON are those of the interface.
    let words = Words::load(&tx, Locale::ZhCn, local_date(now)).await?;
    let whole = form.purpose.is_some();
    let asked = gather::Asked { platform, actor, scope: &scope, now, whole, bounds: form.bounds };
    let evidence = gather::gather(&tx, &asked, person).await?;
    let evidence = evidence.ok_or(ExportRefusal::OfficerNotFound)?;
    drop(tx);
    let json = serde_json::to_vec_pretty(&evidence).map_err(Fault::other)?;
    let digest = hex::encode(Sha256::digest(&json));
    let bytes = match form.format {
        ExportFormat::Pdf => drawn(form.press, &evidence, &words, json, digest.clone()).await?,
        _ => json,
    };
    let record = Taken {
        list: ExportList::Evidence,
        format: form.format,
        told: vec![("personId", Told::Plain(encode(person)))],
        rows: evidence.log.len(),
        sha256: Sha256::digest(&bytes).into(),
        purpose: form.purpose,
    };
    let agency = evidence.agency;
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let (id, mut body) = record.enter(&uow).await?;
    if let Some(body) = body.as_object_mut() {
        body.insert("export".to_owned(), encode(id).into());
        body.insert("json".to_owned(), digest.into());
    }
    uow.record(Stream::Agency(agency), super::EVIDENCE, encode(person), body);
    if form.purpose.is_some() {
        reveal(&mut uow, person, agency, id);
    }
    uow.commit().await?;
    Ok(bytes)
}

/// How far an actor reaches with evidence files: where both permissions hold, if personal data is
/// wanted whole.
fn reach(actor: &Actor, whole: bool) -> Scope {
    let evidence = Scope::of(actor, Permission::TakeEvidence);
    if whole { narrowed(evidence, actor, Permission::ReadPersonalData) } else { evidence }
}

/// Where an actor holds another permission too.
fn narrowed(scope: Scope, actor: &Actor, permission: Permission) -> Scope {
    match (scope, Scope::of(actor, permission)) {
        (Scope::Under(roots), Scope::Under(also)) => {
            Scope::Under(roots.into_iter().filter(|root| also.contains(root)).collect())
        }
        (scope, _) => scope,
    }
}

/// Draws the report with the JSON attached.
async fn drawn(
    press: &Press,
    evidence: &Evidence,
    words: &Words,
    json: Vec<u8>,
    digest: String,
) -> Result<Vec<u8>, Failure<ExportRefusal>> {
    let report = report::report(evidence, words, json, digest);
    let press = press.clone();
    let drawn = tokio::task::spawn_blocking(move || {
        let font = press
            .fonts()
            .get()
            .map_err(|refusal| Failure::Refused(ExportRefusal::Font(refusal)))?;
        documents::report(&font, &report).map_err(|error| match error {
            DrawError::Font(refusal) => Failure::Refused(ExportRefusal::Font(refusal)),
            other => Failure::Fault(Fault::other(other)),
        })
    });
    drawn.await.map_err(Fault::other)?
}
