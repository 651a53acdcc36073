//! Photos in one ZIP in GraphQL. The ZIP itself comes by `POST /photos`; the photo of a file and the
//! report go by `GET /photos/{id}/{row}/preview.jpg` and `GET /photos/{id}/report.xlsx`.

use async_graphql::connection::Connection;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use entities::ids::PhotoBatchId;
use entities::photo_batch;

use super::{Row, begin, people_of, store};
use crate::access::Permission;
use crate::graphql::enums::{ImportState, PhotoRowState};
use crate::graphql::ids::{Id, encode};
use crate::graphql::page::Page;
use crate::graphql::{Needs, UserError, answer, caller, locale};
use crate::officers::graphql::Officer;
use crate::officers::photo::Cut;
use crate::platform::clock::local_date;

/// Photos that were sent in one ZIP. Only whoever sent them sees them.
pub struct PhotoBatch(photo_batch::Model);

/// Photos that were sent in one ZIP. Only whoever sent them sees them.
#[Object]
impl PhotoBatch {
    /// Id.
    pub async fn id(&self) -> ID {
        encode(self.0.id).into()
    }

    /// Name of the ZIP.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }

    /// State. STAGED waits to be applied; REJECTED could not be looked at to its end, and is about
    /// to be removed.
    async fn state(&self) -> ImportState {
        self.0.state.into()
    }

    /// Files in the ZIP.
    async fn files(&self) -> i32 {
        self.0.files
    }

    /// Files that were looked at: progress while STAGING, out of `files`.
    async fn staged(&self) -> i32 {
        self.0.staged
    }

    /// Files that cannot be taken.
    async fn failed(&self) -> i32 {
        self.0.failed
    }

    /// Files that a system wrote beside the photos.
    async fn ignored(&self) -> i32 {
        self.0.ignored
    }

    /// The last row that was applied: progress while APPLYING, out of `files`.
    async fn cursor(&self) -> i32 {
        self.0.cursor
    }

    /// Photos that people were given.
    async fn attached(&self) -> i32 {
        self.0.attached
    }

    /// Photos that people had already.
    async fn unchanged(&self) -> i32 {
        self.0.unchanged
    }

    /// Photos that were ready and could not be attached any more when it was applied.
    async fn refused(&self) -> i32 {
        self.0.refused
    }

    /// How often each code occurred when it was staged.
    async fn summary(&self) -> Vec<PhotoCount> {
        let codes = self.0.summary.get("codes").and_then(|c| c.as_object());
        let count = |(code, count): (&String, &serde_json::Value)| PhotoCount {
            code: code.clone(),
            count: count.as_i64().and_then(|n| i32::try_from(n).ok()).unwrap_or_default(),
        };
        codes.map_or_else(Vec::new, |codes| codes.iter().map(count).collect())
    }

    /// The files and what became of each, in order of the ZIP. They are removed 30 days after the
    /// last thing that was done with it.
    #[graphql(complexity = "first.unwrap_or(20).clamp(1, 100) as usize * child_complexity")]
    async fn rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Files to show, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the page before.")] after: Option<String>,
        #[graphql(desc = "Only those in this state.")] state: Option<PhotoRowState>,
    ) -> Result<Connection<String, PhotoRow>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let after = page.after.as_ref().and_then(|a| a.first()?.parse().ok()).unwrap_or(0);
        let state = state.map(Into::into);
        let rows = store::rows_after(platform, self.0.id, after, state, page.limit()).await?;
        let people = people_of(platform, actor, &rows).await?;
        let (today, locale) = (local_date(platform.now()), locale(ctx));
        Ok(page.connection(
            rows,
            |row| vec![row.number.to_string()],
            |row| {
                let officer = row.person.and_then(|person| people.get(&person).cloned());
                PhotoRow::of(row, officer.map(|row| Officer { row, today }), locale)
            },
        ))
    }

    /// When it was sent.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

/// How often a code occurs among the files of a ZIP.
#[derive(SimpleObject)]
pub struct PhotoCount {
    /// Stable word.
    code: String,
    /// Files.
    count: i32,
}

/// A file of a ZIP of photos.
#[derive(SimpleObject)]
pub struct PhotoRow {
    /// 1, 2, 3 … in order of the ZIP; the `row` of its preview.
    number: i32,
    /// Its name in the ZIP.
    file_name: String,
    /// What became of it.
    state: PhotoRowState,
    /// The same as a stable word.
    code: String,
    /// The same in words and how it is mended, in the language of the request.
    message: String,
    /// Whose photo it is; none where it is nobody's.
    officer: Option<Officer>,
    /// Whether the person had a photo when the ZIP was looked at: it would be replaced.
    had_photo: bool,
    /// What is cut from it; none where no photo could be made.
    cut: Option<PhotoCut>,
}

impl PhotoRow {
    fn of(row: Row, officer: Option<Officer>, locale: crate::platform::texts::Locale) -> Self {
        Self {
            number: row.number,
            file_name: row.name,
            state: row.outcome.state().into(),
            code: row.outcome.code().to_owned(),
            message: row.outcome.text(locale),
            officer,
            had_photo: row.had_photo,
            cut: row.cut.map(Into::into),
        }
    }
}

/// The part of a picture that the photo shows, in pixels of the picture as it is seen upright.
#[derive(SimpleObject)]
pub struct PhotoCut {
    /// Width of the whole picture.
    picture_width: u32,
    /// Height of the whole picture.
    picture_height: u32,
    /// Where the part begins, from the left.
    left: u32,
    /// Where the part begins, from the top.
    top: u32,
    /// Width of the part.
    width: u32,
    /// Height of the part.
    height: u32,
}

impl From<Cut> for PhotoCut {
    fn from(cut: Cut) -> Self {
        let Cut { picture_width, picture_height, left, top, width, height } = cut;
        Self { picture_width, picture_height, left, top, width, height }
    }
}

/// Answer of `applyPhotos`.
#[derive(SimpleObject)]
pub struct PhotoBatchPayload {
    /// The photos; none where there are user errors.
    photo_batch: Option<PhotoBatch>,
    /// What was wrong.
    user_errors: Vec<UserError>,
}

/// Photos of the caller's, for `photoBatch` and `node`.
pub async fn find_photo_batch(ctx: &Context<'_>, id: PhotoBatchId) -> Result<Option<PhotoBatch>> {
    let (platform, actor) = caller(ctx)?;
    Ok(super::batch(platform, actor, id).await?.map(PhotoBatch))
}

/// Queries of photos.
#[derive(Default)]
pub struct PhotosQuery;

#[Object]
impl PhotosQuery {
    /// Photos that this account sent in one ZIP.
    #[graphql(guard = "Needs(Permission::UploadPhotos)")]
    async fn photo_batch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their id.")] id: Id<PhotoBatchId>,
    ) -> Result<Option<PhotoBatch>> {
        find_photo_batch(ctx, id.get()).await
    }

    /// The ZIPs of photos of this account, newest first.
    #[graphql(
        guard = "Needs(Permission::UploadPhotos)",
        complexity = "first.unwrap_or(20).clamp(1, 100) as usize * child_complexity"
    )]
    async fn photo_batches(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the page before.")] after: Option<String>,
    ) -> Result<Connection<String, PhotoBatch>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let before = page.after_id::<PhotoBatchId>();
        let db = platform.db.read();
        let rows = store::own_batches(db, actor, before, page.limit()).await?;
        Ok(page.connection(rows, |b| vec![encode(b.id)], PhotoBatch))
    }
}

/// Mutations of photos.
#[derive(Default)]
pub struct PhotosMutation;

#[Object]
impl PhotosMutation {
    /// Attaches staged photos in the background: each that is ready is given to its person, in the
    /// place of the one they had.
    #[graphql(guard = "Needs(Permission::UploadPhotos)")]
    async fn apply_photos(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The photos.")] id: Id<PhotoBatchId>,
    ) -> Result<PhotoBatchPayload> {
        let (platform, actor) = caller(ctx)?;
        let (batch, user_errors) = answer(ctx, begin(platform, actor, id.get()).await)?;
        Ok(PhotoBatchPayload { photo_batch: batch.map(PhotoBatch), user_errors })
    }
}
