//! Acts on people of the register.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use chrono::NaiveDate;
use entities::ids::{AgencyId, PersonId, StandingId};

use super::types::{Officer, PersonalData, Standing};
use crate::access::{Permission, Scope};
use crate::graphql::enums::{
    DutyStatus, Establishment, ExamSubject, PersonKind, StandingKind, StandingLift,
};
use crate::graphql::ids::Id;
use crate::graphql::{Needs, UserError, answer, caller};
use crate::officers::{self, NewExam, NewPerson, NewStaff, OfficerRefusal};
use crate::platform::clock::local_date;
use crate::platform::failure::Failure;

/// A person who is to be entered.
#[derive(InputObject)]
pub struct EnterOfficerInput {
    /// Name, 2–50 characters.
    name: String,
    /// ID number (身份证号) of 18 characters.
    id_number: String,
    /// Mobile number of 11 digits.
    phone: Option<String>,
    /// Unit.
    agency_id: Id<AgencyId>,
    /// Internal unit (内设机构).
    internal_unit: Option<String>,
    /// What the person is.
    kind: PersonKind,
    /// Establishment (编制类型).
    establishment: Establishment,
    /// Whether the person works at the post now (在岗状态).
    duty: DutyStatus,
    /// Position and rank (职务、职级).
    position: Option<String>,
    /// Codes of the enforcement fields.
    field_codes: Vec<String>,
    /// Code of the division the person works in.
    area_code: String,
}

/// A member of the staff who is to have an account.
#[derive(InputObject)]
pub struct EnterStaffInput {
    /// Name, 2–50 characters.
    name: String,
    /// ID number (身份证号) of 18 characters.
    id_number: String,
    /// Unit.
    agency_id: Id<AgencyId>,
}

/// What entering staff answers.
#[derive(SimpleObject)]
pub struct StaffPayload {
    /// The person, for `inviteAccount`; none where it was refused.
    person_id: Option<Id<PersonId>>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

/// A result of an exam.
#[derive(InputObject)]
pub struct RecordExamResultInput {
    /// Who sat it.
    person_id: Id<PersonId>,
    /// Which exam.
    subject: ExamSubject,
    /// Score in tenths of a point, 0–1000.
    score_tenths: i64,
    /// Day of the exam.
    taken_on: NaiveDate,
}

/// Training that a person has done.
#[derive(InputObject)]
pub struct RecordTrainingInput {
    /// Who was trained.
    person_id: Id<PersonId>,
    /// Calendar year in Asia/Shanghai.
    year: i32,
    /// Minutes, added to what is recorded.
    minutes: i64,
}

/// A standing as it is recorded by hand.
#[derive(InputObject)]
pub struct RecordStandingInput {
    /// Whom it bars or burdens.
    person_id: Id<PersonId>,
    /// What it is.
    kind: StandingKind,
    /// First day; not in the future.
    from_on: NaiveDate,
    /// Last day, for a demerit or a bar where it is known: else the policy decides. None for a kind
    /// that lasts until it is lifted.
    until_on: Option<NaiveDate>,
}

/// The lifting of a standing.
#[derive(InputObject)]
pub struct LiftStandingInput {
    /// Which.
    id: Id<StandingId>,
    /// Why; the reason must go with the kind.
    reason: StandingLift,
}

/// What an act on a standing answers.
#[derive(SimpleObject)]
pub struct StandingPayload {
    /// The standing as it is now; none where the act was refused.
    standing: Option<Standing>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

/// What an act on a person answers.
#[derive(SimpleObject)]
pub struct OfficerPayload {
    /// The person as they are now; none where the act was refused.
    officer: Option<Officer>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

/// What revealing answers.
#[derive(SimpleObject)]
pub struct PersonalDataPayload {
    /// The data; none where it was refused.
    personal_data: Option<PersonalData>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

/// Acts on people of the register.
#[derive(Default)]
pub struct OfficersMutation;

#[Object]
impl OfficersMutation {
    /// Enters a person who is not in the register yet.
    #[graphql(guard = "Needs(Permission::ImportRoster)")]
    async fn enter_officer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person.")] input: EnterOfficerInput,
    ) -> Result<OfficerPayload> {
        let (platform, actor) = caller(ctx)?;
        let new = NewPerson {
            name: input.name,
            id_number: input.id_number,
            phone: input.phone,
            agency: input.agency_id.get(),
            internal_unit: input.internal_unit,
            kind: input.kind.into(),
            establishment: input.establishment.into(),
            duty: input.duty.into(),
            position: input.position,
            field_codes: input.field_codes,
            area_code: input.area_code,
            photo_file: None,
        };
        payload(ctx, officers::enter_person(platform, actor, new).await).await
    }

    /// Enters clerical staff, or finds the person of the agency with this name and ID number: whoever
    /// is to have an account is in the register first.
    #[graphql(guard = "Needs(Permission::ManageAccounts)")]
    async fn enter_staff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person.")] input: EnterStaffInput,
    ) -> Result<StaffPayload> {
        let (platform, actor) = caller(ctx)?;
        let new = NewStaff {
            name: input.name,
            id_number: input.id_number,
            agency: input.agency_id.get(),
        };
        let (id, user_errors) = answer(ctx, officers::enter_staff(platform, actor, new).await)?;
        Ok(StaffPayload { person_id: id.map(Into::into), user_errors })
    }

    /// Records a result of an exam; the same one again changes nothing.
    #[graphql(guard = "Needs(Permission::RecordExams)")]
    async fn record_exam_result(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The result.")] input: RecordExamResultInput,
    ) -> Result<OfficerPayload> {
        let (platform, actor) = caller(ctx)?;
        let exam = NewExam {
            subject: input.subject.into(),
            score_tenths: input.score_tenths,
            taken_on: input.taken_on,
        };
        let person = input.person_id.get();
        payload(ctx, officers::record_exam_result(platform, actor, person, exam).await).await
    }

    /// Records training, on top of what is recorded.
    #[graphql(guard = "Needs(Permission::RecordTraining)")]
    async fn record_training(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The training.")] input: RecordTrainingInput,
    ) -> Result<OfficerPayload> {
        let (platform, actor) = caller(ctx)?;
        let (person, year, minutes) = (input.person_id.get(), input.year, input.minutes);
        payload(ctx, officers::record_training(platform, actor, person, year, minutes).await).await
    }

    /// Records a fact that bars or burdens a person, as their justice department.
    #[graphql(guard = "Needs(Permission::ManageStandings)")]
    async fn record_standing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What, of whom, and since when.")] input: RecordStandingInput,
    ) -> Result<StandingPayload> {
        let (platform, actor) = caller(ctx)?;
        let (person, kind) = (input.person_id.get(), input.kind.into());
        let (from, until) = (input.from_on, input.until_on);
        let done = officers::record_standing(platform, actor, person, kind, from, until).await;
        standing_payload(ctx, done).await
    }

    /// Lifts a fact that bars or burdens a person, as their justice department. The row stays, with
    /// who lifted it and why.
    #[graphql(guard = "Needs(Permission::ManageStandings)")]
    async fn lift_standing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why.")] input: LiftStandingInput,
    ) -> Result<StandingPayload> {
        let (platform, actor) = caller(ctx)?;
        let (id, reason) = (input.id.get(), input.reason.into());
        let done = officers::lift_standing(platform, actor, id, reason).await;
        standing_payload(ctx, done).await
    }

    /// Shows a person's ID number and phone. That they were read is written to the audit log.
    #[graphql(guard = "Needs(Permission::ReadPersonalData)")]
    async fn reveal_personal_data(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] person_id: Id<PersonId>,
    ) -> Result<PersonalDataPayload> {
        let (platform, actor) = caller(ctx)?;
        let result = officers::reveal_personal_data(platform, actor, person_id.get()).await;
        let (data, user_errors) = answer(ctx, result)?;
        let personal_data = data.map(|d| PersonalData {
            id_number: d.id_number,
            born_on: d.born_on,
            phone: d.phone,
        });
        Ok(PersonalDataPayload { personal_data, user_errors })
    }
}

async fn payload(
    ctx: &Context<'_>,
    result: Result<PersonId, Failure<OfficerRefusal>>,
) -> Result<OfficerPayload> {
    let (id, user_errors) = answer(ctx, result)?;
    let officer = match id {
        Some(id) => super::find_officer(ctx, id).await?,
        None => None,
    };
    Ok(OfficerPayload { officer, user_errors })
}

async fn standing_payload(
    ctx: &Context<'_>,
    result: Result<StandingId, Failure<OfficerRefusal>>,
) -> Result<StandingPayload> {
    let (id, user_errors) = answer(ctx, result)?;
    let standing = match id {
        Some(id) => {
            let (platform, actor) = caller(ctx)?;
            let scope = Scope::of(actor, Permission::ReadOfficers);
            let today = local_date(platform.now());
            officers::standings::standing(platform.db.read(), &scope, id, today).await?
        }
        None => None,
    };
    Ok(StandingPayload { standing: standing.map(Into::into), user_errors })
}
