//! The lists that can be exported: each reads its rows by key, some hundred at once, and says once
//! what stands in its columns. Both kinds of file are written from the same columns.

mod agencies;
mod certification;
mod others;
mod people;
mod training;
mod years;

use std::future::Future;
use std::path::Path;

use chrono::{DateTime, Utc};
use entities::enums::{ExportFormat, ExportList};
use entities::ids::{AgencyId, PersonId};
use sea_orm::DatabaseTransaction;
use tokio::sync::OnceCell;

use super::error::ExportRefusal;
use super::request::{Told, Wanted};
use super::sheet::Sheet;
use super::words::Words;
use crate::access::Scope;
use crate::graphql::page::Page;
use crate::platform::Platform;
use crate::platform::failure::Failure;
use crate::training::year::Required;

/// Rows read at once.
const AT_ONCE: u64 = 500;

/// What a list is read with: one state of the database.
pub(super) struct Reading<'a> {
    pub tx: &'a DatabaseTransaction,
    pub platform: &'a Platform,
    pub scope: &'a Scope,
    pub words: &'a Words,
    pub now: DateTime<Utc>,
    /// Whether personal data is shown whole.
    pub whole: bool,
    /// Which year is told, and what it asks for: read with the first page of a list of years.
    pub required: OnceCell<(i32, Required)>,
}

/// Some rows, and where the next begin.
pub(super) struct Piece<R> {
    rows: Vec<R>,
    next: Option<Vec<String>>,
}

/// What a list answers.
type Answer<R> = Result<Piece<R>, Failure<ExportRefusal>>;

/// A page's rows as a piece: a page is read with one row more, which is taken too.
fn piece<R>(rows: Vec<R>, page: &Page, key: impl Fn(&R) -> Vec<String>) -> Piece<R> {
    let full = u64::try_from(rows.len()).is_ok_and(|rows| rows > page.first);
    let next = rows.last().filter(|_| full).map(key);
    Piece { rows, next }
}

/// A column: its heading and what stands in it.
pub(super) struct Column<R: 'static> {
    heading: &'static str,
    text: fn(&R, &Words) -> String,
}

/// Writes out a table of columns.
macro_rules! columns {
    ($row:ty; $($heading:literal => $text:expr,)+) => {
        &[$(Column::<$row> { heading: $heading, text: $text },)+]
    };
}
use columns;

/// A list that can be exported.
trait List: Sync {
    /// A row.
    type Row: Send + Sync + 'static;
    /// Which it is.
    const LIST: ExportList;
    /// What stands in the columns, from the left.
    const COLUMNS: &'static [Column<Self::Row>];
    /// The agency it is narrowed to.
    fn agency(&self) -> Option<AgencyId> {
        None
    }
    /// All that it can be narrowed by, by the names of the fields.
    fn told(&self) -> Vec<(&'static str, Option<Told>)>;
    /// Reads the rows after a key.
    fn read(
        &self,
        reading: &Reading<'_>,
        page: Page,
    ) -> impl Future<Output = Answer<Self::Row>> + Send;
    /// Whose personal data a row shows whole, and their agency.
    fn shown(_row: &Self::Row) -> Option<(PersonId, AgencyId)> {
        None
    }
}

/// Does the same with whichever list is wanted.
macro_rules! each {
    ($wanted:expr, $list:ident => $done:expr) => {
        each!($wanted, $list => $done;
            Officers people::Officers,
            Standings people::Standings,
            ExistingCertificates people::Existing,
            Agencies agencies::Agencies,
            AgencyChanges agencies::Changes,
            Qualifications certification::Qualifications,
            Applications certification::Applications,
            Certificates certification::Certificates,
            TrainingSessions training::Sessions,
            TrainingAttendance training::Attendance,
            ExamSittings training::Sittings,
            ExamCandidates training::Candidates,
            OfficerTrainingYears years::Officers,
            AgencyTrainingYears years::Agencies,
            Accounts others::Accounts,
            AuditLog others::Log,
        )
    };
    ($wanted:expr, $list:ident => $done:expr; $($name:ident $read:path,)+) => {
        match $wanted {
            $(Wanted::$name(filter) => {
                let $list = $read(filter);
                $done
            })+
        }
    };
}

fn which<L: List>(_: &L) -> ExportList {
    L::LIST
}

impl Wanted {
    /// Which list.
    pub fn list(&self) -> ExportList {
        each!(self, list => which(&list))
    }

    /// The agency it is narrowed to.
    pub(super) fn agency(&self) -> Option<AgencyId> {
        each!(self, list => list.agency())
    }

    /// What it is narrowed by, by the names of the fields.
    pub(super) fn told(&self) -> Vec<(&'static str, Told)> {
        let parts = each!(self, list => list.told());
        parts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// What was written.
pub(super) struct Written {
    pub sheet: Sheet,
    pub rows: usize,
    /// Whose personal data stands in it whole.
    pub shown: Vec<(PersonId, AgencyId)>,
}

/// How a file is to be written.
pub(super) struct Form<'a> {
    pub format: ExportFormat,
    pub folder: &'a Path,
    /// Rows it may hold.
    pub most: usize,
}

/// Writes a list into a file.
pub(super) async fn write(
    wanted: &Wanted,
    reading: &Reading<'_>,
    form: &Form<'_>,
) -> Result<Written, Failure<ExportRefusal>> {
    let title = reading.words.text(&format!("list-{}", wanted.list().code()));
    each!(wanted, list => run(&list, reading, form, &title).await)
}

async fn run<L: List>(
    list: &L,
    reading: &Reading<'_>,
    form: &Form<'_>,
    title: &str,
) -> Result<Written, Failure<ExportRefusal>> {
    let words = reading.words;
    let headings: Vec<String> =
        L::COLUMNS.iter().map(|column| words.text(column.heading)).collect();
    let sheet = Sheet::begin(form.format, form.folder, title, &headings, words.today)?;
    let mut written = Written { sheet, rows: 0, shown: Vec::new() };
    let mut after = None;
    loop {
        let piece = list.read(reading, Page { first: AT_ONCE, after }).await?;
        for row in &piece.rows {
            written.rows += 1;
            if written.rows > form.most {
                return Err(ExportRefusal::TooLarge { limit: form.most }.into());
            }
            let cells: Vec<String> =
                L::COLUMNS.iter().map(|column| (column.text)(row, words)).collect();
            written.sheet.row(&cells)?;
            if reading.whole {
                written.shown.extend(L::shown(row));
            }
        }
        match piece.next {
            Some(next) => after = Some(next),
            None => return Ok(written),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exports::TEXTS;
    use crate::platform::texts::Locale;

    fn headings<L: List>() -> Vec<&'static str> {
        L::COLUMNS.iter().map(|column| column.heading).collect()
    }

    /// A workbook has sheets with names of at most 31 characters.
    #[test]
    fn every_list_has_a_title_that_a_sheet_can_have() {
        for list in ExportList::all() {
            for locale in Locale::ALL {
                let title = TEXTS.fixed(locale, &format!("list-{}", list.code()));
                assert!((1..=31).contains(&title.chars().count()), "{title}");
            }
        }
    }

    #[test]
    fn every_column_has_a_heading_in_every_language() {
        let all = [
            headings::<people::Officers<'_>>(),
            headings::<people::Standings<'_>>(),
            headings::<people::Existing<'_>>(),
            headings::<agencies::Agencies<'_>>(),
            headings::<agencies::Changes<'_>>(),
            headings::<certification::Qualifications<'_>>(),
            headings::<certification::Applications<'_>>(),
            headings::<certification::Certificates<'_>>(),
            headings::<training::Sessions<'_>>(),
            headings::<training::Attendance<'_>>(),
            headings::<training::Sittings<'_>>(),
            headings::<training::Candidates<'_>>(),
            headings::<years::Officers<'_>>(),
            headings::<years::Agencies<'_>>(),
            headings::<others::Accounts<'_>>(),
            headings::<others::Log<'_>>(),
        ];
        for heading in all.concat() {
            for locale in Locale::ALL {
                assert!(TEXTS.try_text(locale, heading, &[]).is_some(), "{heading} {locale:?}");
            }
        }
    }
}
