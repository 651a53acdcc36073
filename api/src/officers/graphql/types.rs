//! Types of the register of people.

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use entities::exam_result;
use entities::ids::StandingId;

use super::existing::ExistingCertificate;
use super::loaders::{Exams, Existing, Standings, Training};
use crate::access::Permission;
use crate::graphql::enums::{
    CertificateState, DutyStatus, Employment, Establishment, ExamSubject, PersonKind, StandingKind,
    StandingLift,
};
use crate::graphql::ids::{Id, encode};
use crate::graphql::{Needs, fault};
use crate::officers::standings::Told;
use crate::officers::{OfficerRow, rules};
use crate::organisations::graphql::{AgencySummary, EnforcementField, field_list};

/// The division a person works in (执法区域).
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct Area {
    /// Code, GB/T 2260.
    pub code: String,
    /// Full official name.
    pub name: String,
}

/// The certificate a person holds now.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct CertificateSummary {
    /// Its id.
    pub id: ID,
    /// Certificate number (证件编号).
    pub number: String,
    /// Its state today.
    pub state: CertificateState,
    /// First valid day.
    pub valid_from: NaiveDate,
    /// Last valid day, inclusive.
    pub valid_until: NaiveDate,
    /// Issuing authority (发证机关).
    pub issuing_authority: String,
}

/// A result of one of the two exams.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct ExamResult {
    /// Which exam.
    pub subject: ExamSubject,
    /// 1, and one more after each off-post study.
    pub cycle: i32,
    /// 1, or 2 for the resit.
    pub attempt: i32,
    /// Score in tenths of a point: 0–1000.
    pub score_tenths: i64,
    /// Day of the exam.
    pub taken_on: NaiveDate,
}

impl From<exam_result::Model> for ExamResult {
    fn from(row: exam_result::Model) -> Self {
        Self {
            subject: row.subject.into(),
            cycle: row.cycle,
            attempt: row.attempt,
            score_tenths: row.score_tenths,
            taken_on: row.taken_on,
        }
    }
}

/// A fact that bars or burdens a person, as a code without details.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct Standing {
    /// Id, to lift it.
    pub id: Id<StandingId>,
    /// What it is.
    pub kind: StandingKind,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day, as given or else by the policy; none where it lasts until it is lifted.
    pub until_on: Option<NaiveDate>,
    /// Whether it bars or burdens today.
    pub in_force: bool,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// When it was lifted.
    pub lifted_at: Option<DateTime<Utc>>,
    /// Why it was lifted.
    pub lift_reason: Option<StandingLift>,
}

impl From<Told> for Standing {
    fn from(Told { row, until, bars }: Told) -> Self {
        Self {
            id: row.id.into(),
            kind: row.kind.into(),
            from_on: row.from_on,
            until_on: until,
            in_force: bars,
            recorded_at: row.recorded_at,
            lifted_at: row.lifted_at,
            lift_reason: row.lift_reason.map(Into::into),
        }
    }
}

/// What is kept sealed of a person.
#[derive(Clone, PartialEq, Eq, SimpleObject)]
pub struct PersonalData {
    /// ID number (身份证号) of 18 characters.
    pub id_number: String,
    /// Date of birth.
    pub born_on: NaiveDate,
    /// Mobile number.
    pub phone: Option<String>,
}

/// A person of the register: officer, supervision officer, auxiliary or clerical staff.
pub struct Officer {
    /// The row.
    pub row: OfficerRow,
    /// The day on which the certificate's state is told.
    pub today: NaiveDate,
}

/// A person of the register: officer, supervision officer, auxiliary or clerical staff.
#[Object]
impl Officer {
    /// Id.
    pub async fn id(&self) -> ID {
        encode(self.row.id).into()
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// What the person is.
    async fn kind(&self) -> PersonKind {
        self.row.kind.into()
    }

    /// Unit.
    async fn agency(&self) -> AgencySummary {
        AgencySummary::new(self.row.agency_id, self.row.agency_name.clone().unwrap_or_default())
    }

    /// Internal unit (内设机构).
    async fn internal_unit(&self) -> Option<&str> {
        self.row.internal_unit.as_deref()
    }

    /// Establishment (编制类型).
    async fn establishment(&self) -> Establishment {
        self.row.establishment.into()
    }

    /// Whether the person works at the post now (在岗状态).
    async fn duty(&self) -> DutyStatus {
        self.row.duty.into()
    }

    /// Employment.
    async fn employment(&self) -> Employment {
        self.row.employment.into()
    }

    /// Position and rank (职务、职级).
    async fn position(&self) -> Option<&str> {
        self.row.position.as_deref()
    }

    /// Enforcement fields (执法领域).
    async fn fields(&self, ctx: &Context<'_>) -> Result<Vec<EnforcementField>> {
        field_list(ctx, &self.row.field_codes).await
    }

    /// Enforcement area (执法区域).
    async fn area(&self) -> Area {
        Area {
            code: self.row.area_code.clone(),
            name: self.row.area_name.clone().unwrap_or_default(),
        }
    }

    /// Whether there is a photo.
    async fn has_photo(&self) -> bool {
        self.row.has_photo
    }

    /// The certificate that is in force or suspended, else the one that waits for its handover; none
    /// where there is none.
    async fn current_certificate(&self) -> Option<CertificateSummary> {
        let valid_until = self.row.valid_until?;
        let state = rules::state_on(self.row.certificate_state?, valid_until, self.today);
        Some(CertificateSummary {
            id: encode(self.row.certificate_id?).into(),
            number: self.row.certificate_number.clone()?,
            state: state.into(),
            valid_from: self.row.valid_from?,
            valid_until,
            issuing_authority: self.row.issuing_authority.clone()?,
        })
    }

    /// Results of the two exams, by subject, cycle and attempt.
    async fn exam_results(&self, ctx: &Context<'_>) -> Result<Vec<ExamResult>> {
        let loaded = ctx.data::<DataLoader<Exams>>()?.load_one(self.row.id).await;
        Ok(loaded.map_err(|e| fault(&e))?.unwrap_or_default())
    }

    /// Minutes of training in a calendar year.
    async fn training_minutes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The calendar year in Asia/Shanghai.")] year: i32,
    ) -> Result<i64> {
        let loaded = ctx.data::<DataLoader<Training>>()?.load_one(self.row.id).await;
        let years = loaded.map_err(|e| fault(&e))?.unwrap_or_default();
        Ok(years.get(&year).copied().unwrap_or(0))
    }

    /// What the person holds from before this system, as rosters claim it, and certificates of
    /// ministries, oldest first.
    #[graphql(guard = "Needs(Permission::ReadOfficers)", complexity = "3 * child_complexity")]
    async fn existing_certificates(&self, ctx: &Context<'_>) -> Result<Vec<ExistingCertificate>> {
        let loaded = ctx.data::<DataLoader<Existing>>()?.load_one(self.row.id).await;
        let rows = loaded.map_err(|e| fault(&e))?.unwrap_or_default();
        Ok(rows.into_iter().map(ExistingCertificate).collect())
    }

    /// Facts that bar or burden the person, by their first day.
    #[graphql(guard = "Needs(Permission::ReadOfficers)")]
    async fn standings(
        &self,
        ctx: &Context<'_>,
        #[graphql(default, desc = "With those that were lifted.")] lifted: bool,
    ) -> Result<Vec<Standing>> {
        let loaded = ctx.data::<DataLoader<Standings>>()?.load_one(self.row.id).await;
        let mut standings = loaded.map_err(|e| fault(&e))?.unwrap_or_default();
        standings.retain(|standing| lifted || standing.lifted_at.is_none());
        Ok(standings)
    }
}
