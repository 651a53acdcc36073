//! Imports in GraphQL. The file itself comes by `POST /imports`, the report and the template go
//! by `GET /imports/{id}/report.xlsx` and `GET /imports/template.xlsx`.

use async_graphql::connection::Connection;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use entities::ids::ImportBatchId;
use entities::import_batch;

use super::findings::Finding;
use super::{begin, store};
use crate::access::Permission;
use crate::graphql::enums::{ImportMode, ImportState};
use crate::graphql::ids::{Id, encode};
use crate::graphql::page::Page;
use crate::graphql::{Needs, UserError, answer, caller, locale};
use crate::platform::Platform;

/// A roster import. Only whoever uploaded it sees it.
pub struct ImportBatch(import_batch::Model);

/// A roster import. Only whoever uploaded it sees it.
#[Object]
impl ImportBatch {
    /// Id.
    pub async fn id(&self) -> ID {
        encode(self.0.id).into()
    }

    /// Name of the file.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }

    /// What happens when a row fails.
    async fn mode(&self) -> ImportMode {
        self.0.mode.into()
    }

    /// State.
    async fn state(&self) -> ImportState {
        self.0.state.into()
    }

    /// Rows of people in the file.
    async fn total(&self) -> i32 {
        self.0.total
    }

    /// Rows with errors; they are not applied.
    async fn failed(&self) -> i32 {
        self.0.failed
    }

    /// Mendings that wait to be confirmed.
    async fn confirmations(&self) -> i32 {
        self.0.confirmations
    }

    /// The last row that was applied: progress, out of `total`.
    async fn cursor(&self) -> i32 {
        self.0.cursor
    }

    /// People entered.
    async fn created(&self) -> i32 {
        self.0.created
    }

    /// People brought up to date.
    async fn updated(&self) -> i32 {
        self.0.updated
    }

    /// People in whom nothing differed.
    async fn unchanged(&self) -> i32 {
        self.0.unchanged
    }

    /// Rows the register refused when they were applied.
    async fn refused(&self) -> i32 {
        self.0.refused
    }

    /// How often each kind of finding occurs.
    async fn summary(&self) -> Vec<FindingCount> {
        let codes = self.0.summary.get("codes").and_then(|c| c.as_object());
        codes.map_or_else(Vec::new, |codes| {
            codes
                .iter()
                .map(|(code, count)| FindingCount {
                    code: code.clone(),
                    count: count.as_i64().and_then(|n| i32::try_from(n).ok()).unwrap_or_default(),
                })
                .collect()
        })
    }

    /// When its rows were removed: 30 days after the last thing that was done with it. From then on
    /// it has neither findings nor a report, and cannot be applied.
    async fn rows_removed_at(&self) -> Option<DateTime<Utc>> {
        self.0.rows_removed_at
    }

    /// When it was taken back.
    async fn withdrawn_at(&self) -> Option<DateTime<Utc>> {
        self.0.withdrawn_at
    }

    /// What was found, row by row, in order of the file.
    #[graphql(complexity = "first.unwrap_or(20).clamp(1, 100) as usize * child_complexity")]
    async fn findings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the file to look through, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the page before.")] after: Option<String>,
    ) -> Result<Connection<String, RowFindings>> {
        let platform = ctx.data::<Platform>()?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let after = page.after.as_ref().and_then(|a| a.first()?.parse().ok()).unwrap_or(0);
        let rows =
            store::rows_after(platform.db.read(), self.0.id, after, None, page.limit()).await?;
        let mut opened = Vec::with_capacity(rows.len());
        for row in rows {
            opened.push((row.row_no, store::open_row(platform, &row)?));
        }
        let locale = locale(ctx);
        Ok(page.connection(
            opened,
            |(row_no, _)| vec![row_no.to_string()],
            |(_, staged)| RowFindings {
                sheet: staged.raw.sheet,
                row: i32::try_from(staged.raw.row).unwrap_or(i32::MAX),
                findings: staged.findings.iter().map(|f| RowFinding::of(f, locale)).collect(),
            },
        ))
    }

    /// When it was uploaded.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

/// How often a kind of finding occurs in a file.
#[derive(SimpleObject)]
pub struct FindingCount {
    /// Stable word.
    code: String,
    /// Occurrences.
    count: i32,
}

/// A row of the file and what was found in it.
#[derive(SimpleObject)]
pub struct RowFindings {
    /// Sheet.
    sheet: String,
    /// Row, as a spreadsheet numbers it.
    row: i32,
    /// What was found; empty for a row without remarks.
    findings: Vec<RowFinding>,
}

/// Something found in a row.
#[derive(SimpleObject)]
pub struct RowFinding {
    /// `ERROR`, `CONFIRM` or `WARNING`.
    severity: String,
    /// Stable word.
    code: String,
    /// Heading of the column.
    column: Option<String>,
    /// What is wrong and how it is mended, in the language of the request.
    message: String,
}

impl RowFinding {
    fn of(finding: &Finding, locale: crate::platform::texts::Locale) -> Self {
        Self {
            severity: finding.severity.code().to_owned(),
            code: finding.code.code().to_owned(),
            column: finding.column.map(|c| c.spec().heading.to_owned()),
            message: finding.text(locale),
        }
    }
}

/// Answer of `applyImport`.
#[derive(SimpleObject)]
pub struct ImportPayload {
    /// The import; none where there are user errors.
    import: Option<ImportBatch>,
    /// What was wrong.
    user_errors: Vec<UserError>,
}

/// Answer of `withdrawImport`.
#[derive(SimpleObject)]
pub struct WithdrawImportPayload {
    /// The import; none where there are user errors.
    import: Option<ImportBatch>,
    /// Claims of existing certificates and filed records of it that were withdrawn.
    withdrawn_claims: i32,
    /// Of earlier imports, claims and records that it had replaced and that hold again.
    restored_claims: i32,
    /// People whom it had entered: they stay in the register.
    people_kept: i32,
    /// What was wrong.
    user_errors: Vec<UserError>,
}

/// An import of the caller's, for `import` and `node`.
pub async fn find_import(ctx: &Context<'_>, id: ImportBatchId) -> Result<Option<ImportBatch>> {
    let (platform, actor) = caller(ctx)?;
    Ok(super::batch(platform, actor, id).await?.map(ImportBatch))
}

/// Queries of imports.
#[derive(Default)]
pub struct ImportsQuery;

#[Object]
impl ImportsQuery {
    /// A roster import of this account.
    #[graphql(guard = "Needs(Permission::ImportRoster)")]
    async fn import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: Id<ImportBatchId>,
    ) -> Result<Option<ImportBatch>> {
        find_import(ctx, id.get()).await
    }

    /// Roster imports of this account, newest first.
    #[graphql(
        guard = "Needs(Permission::ImportRoster)",
        complexity = "first.unwrap_or(20).clamp(1, 100) as usize * child_complexity"
    )]
    async fn imports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the page before.")] after: Option<String>,
    ) -> Result<Connection<String, ImportBatch>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let before = page.after_id::<ImportBatchId>();
        let db = platform.db.read();
        let rows = store::own_batches(db, actor, before, page.limit()).await?;
        Ok(page.connection(rows, |b| vec![encode(b.id)], ImportBatch))
    }
}

/// Mutations of imports.
#[derive(Default)]
pub struct ImportsMutation;

#[Object]
impl ImportsMutation {
    /// Applies a staged import: rows without errors are entered in the background.
    #[graphql(guard = "Needs(Permission::ImportRoster)")]
    async fn apply_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The import.")] id: Id<ImportBatchId>,
        #[graphql(desc = "The mendings were looked at and are right.")] confirm: Option<bool>,
    ) -> Result<ImportPayload> {
        let (platform, actor) = caller(ctx)?;
        let result = begin(platform, actor, id.get(), confirm.unwrap_or(false)).await;
        let (batch, user_errors) = answer(ctx, result)?;
        Ok(ImportPayload { import: batch.map(ImportBatch), user_errors })
    }

    /// Takes an import back, as long as none of the existing certificates it claims is confirmed. One
    /// that was not applied never will be; of one that was, its claims are withdrawn and what they
    /// had replaced holds again. People whom it entered or brought up to date stay as they are.
    #[graphql(guard = "Needs(Permission::ImportRoster)")]
    async fn withdraw_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The import.")] id: Id<ImportBatchId>,
    ) -> Result<WithdrawImportPayload> {
        let (platform, actor) = caller(ctx)?;
        let (done, user_errors) = answer(ctx, super::withdraw(platform, actor, id.get()).await)?;
        let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let taken = done.as_ref().map(|done| done.taken_back).unwrap_or_default();
        Ok(WithdrawImportPayload {
            withdrawn_claims: count(taken.withdrawn),
            restored_claims: count(taken.restored),
            people_kept: done.as_ref().map_or(0, |done| done.batch.created),
            import: done.map(|done| ImportBatch(done.batch)),
            user_errors,
        })
    }
}
