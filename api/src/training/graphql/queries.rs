//! Queries of training and exams.

use async_graphql::connection::Connection;
use async_graphql::{Context, Object, Result};
use entities::ids::{AgencyId, ExamSittingId, PersonId, TrainingSessionId, TrainingUploadId};

use super::types::{
    AgencyTrainingYear, ExamSitting, OfficerTrainingYear, RegionTrainingYear, TrainingPart,
    TrainingSession, officers_of,
};
use super::uploads::TrainingUpload;
use crate::access::{Permission, Scope};
use crate::graphql::enums::{ExamSubject, SittingState, TrainingState};
use crate::graphql::guard::SignedIn;
use crate::graphql::ids::{Id, encode};
use crate::graphql::page::Page;
use crate::graphql::{Needs, caller};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;
use crate::training::store::{self, SessionFilter};
use crate::training::uploads;
use crate::training::year::{self, PeopleFilter, PersonYear, Required};

/// A session within what the caller may read, for `trainingSession`, `node` and payloads.
pub async fn find_session(
    ctx: &Context<'_>,
    id: TrainingSessionId,
) -> Result<Option<TrainingSession>> {
    let (platform, actor) = caller(ctx)?;
    let scope = Scope::of(actor, Permission::ReadOfficers);
    Ok(store::session(platform.db.read(), &scope, id).await?.map(TrainingSession))
}

/// A sitting within what the caller may read.
pub async fn find_sitting(ctx: &Context<'_>, id: ExamSittingId) -> Result<Option<ExamSitting>> {
    let (platform, actor) = caller(ctx)?;
    let scope = Scope::of(actor, Permission::ReadOfficers);
    Ok(store::sitting(platform.db.read(), &scope, id).await?.map(ExamSitting))
}

/// A workbook of the caller's.
pub async fn find_upload(
    ctx: &Context<'_>,
    id: TrainingUploadId,
) -> Result<Option<TrainingUpload>> {
    let (platform, actor) = caller(ctx)?;
    Ok(uploads::own(platform.db.read(), actor, id).await?.map(TrainingUpload))
}

/// The years of people with what they came from.
async fn years(
    platform: &Platform,
    actor: &Actor,
    year: i32,
    rows: &[PersonYear],
) -> std::result::Result<Vec<OfficerTrainingYear>, Fault> {
    let db = platform.db.read();
    let ids: Vec<PersonId> = rows.iter().map(|row| row.id).collect();
    let mut people = officers_of(platform, actor, &ids).await?;
    let mut parts = year::parts(db, year, &ids).await?;
    let mut sessions: Vec<TrainingSessionId> =
        parts.values().flatten().filter_map(|part| part.session).collect();
    sessions.sort_unstable();
    sessions.dedup();
    let titles = store::titles(db, &sessions).await?;
    Ok(rows
        .iter()
        .map(|row| OfficerTrainingYear {
            officer: people.remove(&row.id),
            minutes: row.minutes,
            required_minutes: row.required,
            missing_minutes: (row.required - row.minutes).max(0),
            counted: row.counts,
            parts: parts
                .remove(&row.id)
                .unwrap_or_default()
                .into_iter()
                .map(|part| TrainingPart {
                    minutes: part.minutes,
                    session_title: part.session.and_then(|id| titles.get(&id).cloned()),
                })
                .collect(),
        })
        .collect())
}

/// Queries of training and exams.
#[derive(Default)]
pub struct TrainingQuery;

#[Object]
impl TrainingQuery {
    /// A training session.
    #[graphql(guard = "Needs(Permission::ReadOfficers)")]
    async fn training_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: Id<TrainingSessionId>,
    ) -> Result<Option<TrainingSession>> {
        find_session(ctx, id.get()).await
    }

    /// Training sessions of the agencies that the caller may read, newest first.
    #[graphql(
        guard = "Needs(Permission::ReadOfficers)",
        complexity = "first.unwrap_or(20).clamp(1, 100) as usize * child_complexity"
    )]
    async fn training_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the page before.")] after: Option<String>,
        #[graphql(desc = "Only those in this state.")] state: Option<TrainingState>,
        #[graphql(desc = "Only those of this agency.")] organiser_id: Option<Id<AgencyId>>,
        #[graphql(desc = "Only those of this calendar year.")] year: Option<i32>,
    ) -> Result<Connection<String, TrainingSession>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let before = page.after_id::<TrainingSessionId>();
        let scope = Scope::of(actor, Permission::ReadOfficers);
        let filter = SessionFilter {
            state: state.map(Into::into),
            organiser: organiser_id.map(Id::get),
            ends: year.map(SessionFilter::of_year),
        };
        let db = platform.db.read();
        let rows = store::sessions(db, &scope, &filter, before, page.limit()).await?;
        Ok(page.connection(rows, |row| vec![encode(row.id)], TrainingSession))
    }

    /// A sitting of an exam.
    #[graphql(guard = "Needs(Permission::ReadOfficers)")]
    async fn exam_sitting(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: Id<ExamSittingId>,
    ) -> Result<Option<ExamSitting>> {
        find_sitting(ctx, id.get()).await
    }

    /// Sittings of the agencies that the caller may read, newest first.
    #[graphql(
        guard = "Needs(Permission::ReadOfficers)",
        complexity = "first.unwrap_or(20).clamp(1, 100) as usize * child_complexity"
    )]
    async fn exam_sittings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the page before.")] after: Option<String>,
        #[graphql(desc = "Only those of this exam.")] subject: Option<ExamSubject>,
        #[graphql(desc = "Only those in this state.")] state: Option<SittingState>,
    ) -> Result<Connection<String, ExamSitting>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let before = page.after_id::<ExamSittingId>();
        let scope = Scope::of(actor, Permission::ReadOfficers);
        let which = (subject.map(Into::into), state.map(Into::into));
        let db = platform.db.read();
        let rows = store::sittings(db, &scope, which, before, page.limit()).await?;
        Ok(page.connection(rows, |row| vec![encode(row.id)], ExamSitting))
    }

    /// A workbook of attendance, candidates or results that this account sent.
    #[graphql(guard = "Needs(Permission::RecordTraining)")]
    async fn training_upload(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: Id<TrainingUploadId>,
    ) -> Result<Option<TrainingUpload>> {
        find_upload(ctx, id.get()).await
    }

    /// The workbooks that this account sent, newest first.
    #[graphql(
        guard = "Needs(Permission::RecordTraining)",
        complexity = "first.unwrap_or(20).clamp(1, 100) as usize * child_complexity"
    )]
    async fn training_uploads(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the page before.")] after: Option<String>,
    ) -> Result<Connection<String, TrainingUpload>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let before = page.after_id::<TrainingUploadId>();
        let db = platform.db.read();
        let rows = uploads::own_uploads(db, actor, before, page.limit()).await?;
        Ok(page.connection(rows, |row| vec![encode(row.id)], TrainingUpload))
    }

    /// One person's training in a calendar year.
    #[graphql(guard = "Needs(Permission::ReadOfficers)", complexity = "20 * child_complexity")]
    async fn officer_training_year(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which person.")] officer_id: Id<PersonId>,
        #[graphql(desc = "The calendar year in Asia/Shanghai.")] year: i32,
    ) -> Result<Option<OfficerTrainingYear>> {
        let (platform, actor) = caller(ctx)?;
        let scope = Scope::of(actor, Permission::ReadOfficers);
        let db = platform.db.read();
        let required = Required::of_year(db, year, local_date(platform.now())).await?;
        let row = year::of_person(db, &scope, &required, year, officer_id.get()).await?;
        let rows: Vec<PersonYear> = row.into_iter().collect();
        Ok(years(platform, actor, year, &rows).await?.into_iter().next())
    }

    /// The signed-in person's own training in a calendar year.
    #[graphql(guard = "SignedIn", complexity = "20 * child_complexity")]
    async fn own_training_year(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The calendar year in Asia/Shanghai.")] year: i32,
    ) -> Result<Option<OfficerTrainingYear>> {
        let (platform, actor) = caller(ctx)?;
        let Some(person) = actor.person() else { return Ok(None) };
        let db = platform.db.read();
        let required = Required::of_year(db, year, local_date(platform.now())).await?;
        // It is reached by whom it is about: no part of the tree is asked.
        let row = year::of_person(db, &Scope::Everything, &required, year, person).await?;
        let rows: Vec<PersonYear> = row.into_iter().collect();
        Ok(years(platform, actor, year, &rows).await?.into_iter().next())
    }

    /// The training of officers in post in a calendar year, by name.
    #[graphql(
        guard = "Needs(Permission::ReadOfficers)",
        complexity = "first.unwrap_or(20).clamp(1, 100) as usize * child_complexity"
    )]
    async fn officer_training_years(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The calendar year in Asia/Shanghai.")] year: i32,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the page before.")] after: Option<String>,
        #[graphql(desc = "An agency and what lies under it.")] agency_id: Option<Id<AgencyId>>,
        #[graphql(desc = "Only those who lack hours, or only those who have them.")] behind: Option<
            bool,
        >,
    ) -> Result<Connection<String, OfficerTrainingYear>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 2)?;
        let scope = Scope::of(actor, Permission::ReadOfficers);
        let db = platform.db.read();
        let required = Required::of_year(db, year, local_date(platform.now())).await?;
        let filter = PeopleFilter { agency: agency_id.map(Id::get), behind };
        let rows = year::of_people(db, &scope, &required, year, filter, &page).await?;
        let years = years(platform, actor, year, &rows).await?;
        Ok(page.connection(
            rows.into_iter().zip(years).collect(),
            |(row, _)| vec![row.name.clone(), encode(row.id)],
            |(_, year)| year,
        ))
    }

    /// The training of agencies in a calendar year, by name.
    #[graphql(
        guard = "Needs(Permission::ReadOfficers)",
        complexity = "first.unwrap_or(20).clamp(1, 100) as usize * child_complexity"
    )]
    async fn agency_training_years(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The calendar year in Asia/Shanghai.")] year: i32,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the page before.")] after: Option<String>,
    ) -> Result<Connection<String, AgencyTrainingYear>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 2)?;
        let scope = Scope::of(actor, Permission::ReadOfficers);
        let (db, today) = (platform.db.read(), local_date(platform.now()));
        let required = Required::of_year(db, year, today).await?;
        let rows = year::of_agencies(db, &scope, &required, year, today, &page).await?;
        Ok(page.connection(rows, |row| vec![row.name.clone(), encode(row.id)], Into::into))
    }

    /// The training of regions in a calendar year, by code: those right below a division, each with
    /// everything below it; the province without one.
    #[graphql(
        guard = "Needs(Permission::ReadOfficers)",
        complexity = "first.unwrap_or(20).clamp(1, 100) as usize * child_complexity"
    )]
    async fn region_training_years(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The calendar year in Asia/Shanghai.")] year: i32,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the page before.")] after: Option<String>,
        #[graphql(desc = "Code of the division above.")] division_code: Option<String>,
    ) -> Result<Connection<String, RegionTrainingYear>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let scope = Scope::of(actor, Permission::ReadOfficers);
        let db = platform.db.read();
        let required = Required::of_year(db, year, local_date(platform.now())).await?;
        let wanted = year::divisions_below(db, division_code.as_deref(), &page).await?;
        let rows = year::of_regions(db, &scope, &required, year, &wanted).await?;
        Ok(page.connection(rows, |row| vec![row.division.code.clone()], Into::into))
    }
}
