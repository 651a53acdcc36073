//! What leaves the register as a file, and the log of it: lists as CSV and workbook, the evidence
//! file of an officer, and the audit log as an auditor reads it.
//!
//! A file is made whole before any of it is sent: so its rows are one state of the database, their
//! number and the file's digest are known, and both are in the audit log before the first byte
//! leaves. Where that cannot be written, nothing is sent.

mod error;
pub mod evidence;
pub mod graphql;
mod lists;
pub mod log;
mod request;
mod sheet;
mod words;

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;
use std::sync::LazyLock;

use entities::enums::{ExportFormat, ExportList};
use entities::export;
use entities::ids::{AgencyId, ExportId, PersonId};
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

use crate::access::Scope;
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::officers::REVEAL;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::local_date;
use crate::platform::failure::{Failure, Fault};
use crate::platform::seal;
use crate::platform::texts::{Catalogue, Locale};
pub use error::ExportRefusal;
use lists::{Form, Reading};
use request::Told;
pub use request::{Purpose, Request, SessionsOf, SittingsOf, Wanted, YearOf, permission};
use words::Words;

/// Rows of one file.
const MOST_ROWS: usize = 100_000;
/// Rows of one file at the machine's own command line: those of a sheet below its heading.
const MOST_IN_SHEET: usize = 1_048_575;
/// People of one file with whole personal data: each has an entry in the audit log.
pub const MOST_WHOLE: usize = 5_000;

/// The word in the audit log for exporting a list.
const EXPORT: &str = "list.export";
/// The word for taking an evidence file.
const EVIDENCE: &str = "evidence.take";
/// What stands for typed words in the audit log: keyed digests.
const TYPED: seal::Purpose = seal::Purpose::new("exports/typed");

/// The texts of exports.
static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("exports.zh-CN.ftl"), include_str!("exports.en.ftl"))
});

/// A file that may be sent: that it was taken is on record.
#[derive(Debug)]
pub struct Exported {
    /// Its record.
    pub id: ExportId,
    /// The file, at its beginning; it has no name and is gone when it is closed.
    pub file: File,
    /// Its bytes.
    pub length: u64,
    /// Its rows, without the heading.
    pub rows: usize,
}

/// Exports a list as far as the actor reaches. `folder` holds the file until it is sent.
///
/// # Errors
/// A refusal where an agency, session or sitting outside the scope is asked for, where too much is,
/// or where personal data is wanted whole without a purpose; a fault where the file or its record cannot be written.
pub async fn export(
    platform: &Platform,
    actor: &Actor,
    folder: &Path,
    request: &Request,
    locale: Locale,
) -> Result<Exported, Failure<ExportRefusal>> {
    request.check()?;
    let scope = Scope::of(actor, request.permission());
    let agency = request.wanted.agency();
    if let Some(agency) = agency
        && !scope.contains(platform.db.read(), agency).await?
    {
        return Err(ExportRefusal::OutOfScope.into());
    }
    let (now, whole) = (platform.now(), request.purpose.is_some());
    let form = Form { format: request.format, folder, most: most_rows(actor, whole) };
    let tx = platform.db.snapshot().await?;
    let words = Words::load(&tx, locale, local_date(now)).await?;
    let required = OnceCell::new();
    let reading = Reading { tx: &tx, platform, scope: &scope, words: &words, now, whole, required };
    let written = lists::write(&request.wanted, &reading, &form).await?;
    drop(tx);
    let (sheet, rows) = (written.sheet, written.rows);
    let finished = tokio::task::spawn_blocking(move || digested(sheet.finish()?));
    let (file, length, sha256) = finished.await.map_err(Fault::other)??;
    let record = Taken {
        list: request.wanted.list(),
        format: request.format,
        told: request.wanted.told(),
        rows,
        sha256,
        purpose: request.purpose.as_ref(),
    };
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let (id, body) = record.enter(&uow).await?;
    for stream in streams(&scope, agency) {
        uow.record(stream, EXPORT, encode(id), body.clone());
    }
    for (person, agency) in written.shown {
        reveal(&mut uow, person, agency, id);
    }
    uow.commit().await?;
    Ok(Exported { id, file, length, rows })
}

/// Rows that a file may hold. Who exports at the command line has the machine.
fn most_rows(actor: &Actor, whole: bool) -> usize {
    match actor.account() {
        _ if whole => MOST_WHOLE,
        None => MOST_IN_SHEET,
        Some(_) => MOST_ROWS,
    }
}

/// Records that a person's ID number and phone stand whole in a file.
fn reveal(uow: &mut UnitOfWork, person: PersonId, agency: AgencyId, export: ExportId) {
    let body = json!({ "fields": ["idNumber", "phone"], "export": encode(export) });
    uow.record(Stream::Agency(agency), REVEAL, encode(person), body);
}

/// The chains in which it stands that somebody took or read a part of the register: that of the
/// agency it was narrowed to, else those of the roots of what they reach, so that whoever audits
/// there sees it.
fn streams(scope: &Scope, agency: Option<AgencyId>) -> Vec<Stream> {
    if let Some(agency) = agency {
        return vec![Stream::Agency(agency)];
    }
    let Scope::Under(roots) = scope else { return vec![Stream::System] };
    let mut streams: Vec<Stream> = roots.iter().map(|(_, root)| Stream::Agency(*root)).collect();
    streams.sort_unstable();
    streams.dedup();
    if streams.is_empty() { vec![Stream::System] } else { streams }
}

/// What is recorded of a file.
struct Taken<'a> {
    list: ExportList,
    format: ExportFormat,
    told: Vec<(&'static str, Told)>,
    rows: usize,
    sha256: [u8; 32],
    purpose: Option<&'a Purpose>,
}

impl Taken<'_> {
    /// Enters the record, with all words where they can be erased, and answers what the audit log
    /// says of it: ids, words of the house, and digests of what somebody typed.
    async fn enter(&self, uow: &UnitOfWork) -> Result<(ExportId, Value), Fault> {
        let id: ExportId = uow.new_id();
        let whole = |(name, told): &(&'static str, Told)| {
            let (Told::Plain(text) | Told::Typed(text)) = told;
            ((*name).to_owned(), text.clone().into())
        };
        let row = export::Model {
            id,
            account_id: uow.actor().account(),
            list: self.list,
            format: self.format,
            personal_data: self.purpose.is_some(),
            filter: Value::Object(self.told.iter().map(whole).collect()),
            row_count: i32::try_from(self.rows).map_err(Fault::other)?,
            sha256: self.sha256.to_vec(),
            purpose: self.purpose.map(|purpose| purpose.words().to_owned()),
            created_at: uow.now(),
        };
        row.into_active_model().insert(uow.tx()).await?;
        let body = json!({
            "list": self.list.code(),
            "format": self.format.code(),
            "personalData": self.purpose.is_some(),
            "filter": in_log(uow.platform(), &self.told),
            "rows": self.rows,
            "sha256": hex::encode(self.sha256),
            "purpose": self.purpose.map(|purpose| digest(uow.platform(), purpose.words())),
        });
        Ok((id, body))
    }
}

/// What the audit log says of what a list was narrowed by: digests of what somebody typed.
fn in_log(platform: &Platform, told: &[(&'static str, Told)]) -> Map<String, Value> {
    let logged = |(name, told): &(&'static str, Told)| {
        let logged = match told {
            Told::Plain(text) => text.clone(),
            Told::Typed(text) => digest(platform, text),
        };
        ((*name).to_owned(), logged.into())
    };
    told.iter().map(logged).collect()
}

/// What stands for somebody's words in the audit log.
fn digest(platform: &Platform, words: &str) -> String {
    hex::encode(platform.secret.blind_index(TYPED, words))
}

/// A file at its beginning, with its length and digest.
fn digested(mut file: File) -> Result<(File, u64, [u8; 32]), Fault> {
    file.rewind().map_err(Fault::other)?;
    let (mut hash, mut length) = (Sha256::new(), 0);
    let mut part = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut part).map_err(Fault::other)?;
        if read == 0 {
            break;
        }
        hash.update(part.get(..read).unwrap_or_default());
        length += u64::try_from(read).map_err(Fault::other)?;
    }
    file.rewind().map_err(Fault::other)?;
    Ok((file, length, hash.finalize().into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::FontRefusal;
    use crate::platform::failure::Refusal;

    #[test]
    fn every_refusal_has_a_text_in_every_language() {
        for refusal in [
            ExportRefusal::OutOfScope,
            ExportRefusal::TooLarge { limit: MOST_ROWS },
            ExportRefusal::PurposeRequired,
            ExportRefusal::PurposeTooLong,
            ExportRefusal::PurposeInvalid,
            ExportRefusal::NothingPersonal,
            ExportRefusal::NotFound,
            ExportRefusal::OfficerNotFound,
            ExportRefusal::Font(FontRefusal::Missing { searched: "X".into() }),
        ] {
            for locale in Locale::ALL {
                assert!(refusal.message(locale).len() > 8, "{refusal:?} {locale:?}");
                assert_ne!(refusal.message(locale), refusal.code());
            }
        }
    }

    #[test]
    fn how_many_rows_a_file_may_hold_depends_on_who_takes_it() {
        use crate::platform::actor::SignedIn;
        let id = uuid::Uuid::nil();
        let somebody = Actor::Account(std::sync::Arc::new(SignedIn {
            account: entities::ids::AccountId(id),
            person: PersonId(id),
            session: entities::ids::SessionId(id),
            client: entities::enums::SessionClient::Desk,
            roles: Vec::new(),
            delegates: Vec::new(),
            signed_in_at: chrono::DateTime::UNIX_EPOCH,
        }));
        let most = |actor| [false, true].map(|whole| most_rows(actor, whole));
        assert_eq!(most(&somebody), [100_000, 5_000]);
        assert_eq!(most(&Actor::System), [1_048_575, 5_000]);
    }

    #[test]
    fn both_languages_have_the_same_texts() {
        let ids = |source: &'static str| -> Vec<&'static str> {
            let mut ids: Vec<_> =
                source.lines().filter_map(|l| Some(l.split_once(" = ")?.0)).collect();
            ids.sort_unstable();
            ids
        };
        assert_eq!(ids(include_str!("exports.zh-CN.ftl")), ids(include_str!("exports.en.ftl")));
    }
}
