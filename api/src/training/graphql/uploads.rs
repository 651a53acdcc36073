//! Workbooks of the training desk in GraphQL.

use async_graphql::connection::Connection;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use entities::ids::PersonId;
use entities::training_upload;

use super::types::officers_of;
use crate::graphql::enums::{ImportRowState, ImportState, TrainingUploadKind};
use crate::graphql::ids::encode;
use crate::graphql::page::Page;
use crate::graphql::{caller, locale};
use crate::officers::graphql::Officer;
use crate::platform::texts::Locale;
use crate::training::uploads::{self, Found, Row};

/// A workbook of attendance, candidates or results. Only whoever sent it sees it.
pub struct TrainingUpload(pub training_upload::Model);

/// A workbook of attendance, candidates or results. Only whoever sent it sees it.
#[Object]
impl TrainingUpload {
    /// Id.
    pub async fn id(&self) -> ID {
        encode(self.0.id).into()
    }

    /// What it holds.
    async fn kind(&self) -> TrainingUploadKind {
        self.0.kind.into()
    }

    /// Id of the session, of an attendance.
    async fn session_id(&self) -> Option<ID> {
        self.0.session_id.map(|id| encode(id).into())
    }

    /// Id of the sitting, of candidates or results.
    async fn sitting_id(&self) -> Option<ID> {
        self.0.sitting_id.map(|id| encode(id).into())
    }

    /// Name of the file.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }

    /// STAGED waits to be applied; APPLIED is done.
    async fn state(&self) -> ImportState {
        self.0.state.into()
    }

    /// Rows.
    async fn total(&self) -> i32 {
        self.0.total
    }

    /// Rows that cannot be applied, or were not.
    async fn failed(&self) -> i32 {
        self.0.failed
    }

    /// Mendings that are to be confirmed.
    async fn confirmations(&self) -> i32 {
        self.0.confirmations
    }

    /// Rows that entered something.
    async fn created(&self) -> i32 {
        self.0.created
    }

    /// Rows that changed something.
    async fn updated(&self) -> i32 {
        self.0.updated
    }

    /// Rows that differ in nothing.
    async fn unchanged(&self) -> i32 {
        self.0.unchanged
    }

    /// When its rows were removed, 30 days after the last thing that was done with it.
    async fn rows_removed_at(&self) -> Option<DateTime<Utc>> {
        self.0.rows_removed_at
    }

    /// When it was sent.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// The rows and what became of each, in order of the file.
    #[graphql(complexity = "first.unwrap_or(20).clamp(1, 100) as usize * child_complexity")]
    async fn rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the page before.")] after: Option<String>,
        #[graphql(desc = "Only those in this state.")] state: Option<ImportRowState>,
    ) -> Result<Connection<String, TrainingUploadRow>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let from = page.after.as_ref().and_then(|a| a.first()?.parse().ok()).unwrap_or(0);
        let state = state.map(Into::into);
        let rows = uploads::rows_after(platform, self.0.id, from, state, page.limit()).await?;
        let people: Vec<PersonId> = rows.iter().filter_map(|row| row.person).collect();
        let people = officers_of(platform, actor, &people).await?;
        let locale = locale(ctx);
        Ok(page.connection(
            rows,
            |row: &Row| vec![row.number.to_string()],
            |row| TrainingUploadRow {
                number: row.number,
                sheet: row.staged.raw.sheet.clone(),
                row: row.staged.raw.row.try_into().unwrap_or(i32::MAX),
                state: row.state.into(),
                officer: row
                    .person
                    .and_then(|id| people.get(&id))
                    .map(|officer| Officer { row: officer.row.clone(), today: officer.today }),
                findings: row.staged.found.iter().map(|f| TrainingFinding::of(f, locale)).collect(),
            },
        ))
    }
}

/// A row of a workbook of the training desk.
#[derive(SimpleObject)]
pub struct TrainingUploadRow {
    /// 1, 2, 3 … in order of the file.
    number: i32,
    /// The sheet.
    sheet: String,
    /// The row as a spreadsheet numbers it.
    row: i32,
    /// What became of it.
    state: ImportRowState,
    /// Whom it names; none where that is nobody the caller may read.
    officer: Option<Officer>,
    /// What was found in it.
    findings: Vec<TrainingFinding>,
}

/// Something found in a row.
#[derive(SimpleObject)]
pub struct TrainingFinding {
    /// Stable word.
    code: String,
    /// ERROR, CONFIRM or WARNING.
    severity: String,
    /// Heading of the column, where it concerns one.
    column: Option<String>,
    /// What is wrong, in the language of the request.
    message: String,
}

impl TrainingFinding {
    fn of(found: &Found, locale: Locale) -> Self {
        Self {
            code: found.code.clone(),
            severity: found.severity.code().to_owned(),
            column: found.column.map(|column| column.spec().heading.to_owned()),
            message: found.text(locale).to_owned(),
        }
    }
}
