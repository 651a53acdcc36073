//! Joint authorisations in GraphQL.

use async_graphql::connection::Connection;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use entities::ids::{AgencyId, JointAuthorisationId, PersonId};
use entities::{agency, joint_authorisation, person};

use crate::access::{Permission, Scope};
use crate::graphql::enums::JointAuthorisationState;
use crate::graphql::ids::{Id, encode};
use crate::graphql::page::Page;
use crate::graphql::{Needs, UserError, answer, caller};
use crate::organisations::codes;
use crate::platform::Platform;
use crate::platform::clock::local_date;
use crate::platform::failure::Failure;
use crate::showings::ShowingRefusal;
use crate::showings::joint::{self, AuthorisationFilter, Decision, NewAuthorisation};

/// An agency or officer that a joint authorisation names.
#[derive(SimpleObject)]
pub struct JointParty {
    /// Id of the agency or officer.
    id: ID,
    /// Its name.
    name: String,
}

/// A joint authorisation (联合执法): for a time, officers of several agencies may act in fields and
/// places that are not their certificates'.
pub struct JointAuthorisation(joint_authorisation::Model);

/// A joint authorisation (联合执法): for a time, officers of several agencies may act in fields and
/// places that are not their certificates'.
#[Object]
impl JointAuthorisation {
    /// Id.
    pub async fn id(&self) -> ID {
        encode(self.0.id).into()
    }

    /// The justice department or issuing authority that decides.
    async fn authority_id(&self) -> ID {
        encode(self.0.authority_id).into()
    }

    /// Number of the document that orders it.
    async fn document(&self) -> &str {
        &self.0.document
    }

    /// Agencies that it names, each with all its officers.
    #[graphql(complexity = "20 * child_complexity")]
    async fn agencies(&self, ctx: &Context<'_>) -> Result<Vec<JointParty>> {
        let platform = ctx.data::<Platform>()?;
        let rows = joint::named_agencies(platform.db.read(), self.0.id).await?;
        let party = |row: agency::Model| JointParty { id: encode(row.id).into(), name: row.name };
        Ok(rows.into_iter().map(party).collect())
    }

    /// Officers whom it names one by one, a hundred at once: after a reform of agencies they can be
    /// more.
    #[graphql(complexity = "20 * child_complexity")]
    async fn officers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those after this officer.")] after: Option<Id<PersonId>>,
    ) -> Result<Vec<JointParty>> {
        let platform = ctx.data::<Platform>()?;
        let after = after.map(Id::get);
        let rows = joint::named_officers(platform.db.read(), self.0.id, after).await?;
        let party = |row: person::Model| JointParty { id: encode(row.id).into(), name: row.name };
        Ok(rows.into_iter().map(party).collect())
    }

    /// How many officers it names one by one.
    async fn officer_count(&self, ctx: &Context<'_>) -> Result<i32> {
        let platform = ctx.data::<Platform>()?;
        let count = joint::officer_count(platform.db.read(), self.0.id).await?;
        Ok(i32::try_from(count).unwrap_or(i32::MAX))
    }

    /// Codes of the fields.
    async fn field_codes(&self) -> Vec<String> {
        codes(&self.0.field_codes)
    }

    /// Codes of the divisions, each with all below it.
    async fn division_codes(&self) -> Vec<String> {
        codes(&self.0.division_codes)
    }

    /// First day.
    async fn from(&self) -> NaiveDate {
        self.0.from_on
    }

    /// Last day.
    async fn until(&self) -> NaiveDate {
        self.0.until_on
    }

    /// How far it is.
    async fn state(&self) -> JointAuthorisationState {
        self.0.state.into()
    }

    /// Whether it covers anything today.
    async fn is_in_force(&self, ctx: &Context<'_>) -> Result<bool> {
        let today = local_date(ctx.data::<Platform>()?.now());
        let row = &self.0;
        Ok(row.state == entities::enums::JointAuthorisationState::Approved
            && row.ended_at.is_none()
            && (row.from_on..=row.until_on).contains(&today))
    }

    /// Reasons of a refusal.
    async fn reasons(&self) -> Option<&str> {
        self.0.reasons.as_deref()
    }

    /// When it was proposed.
    async fn proposed_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was decided.
    async fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.0.decided_at
    }

    /// When it was ended before its last day.
    async fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.0.ended_at
    }

    /// Whether a reform of agencies ended it, because nobody whom it names was left; else a person did.
    async fn ended_by_reform(&self) -> bool {
        self.0.ended_at.is_some() && self.0.ended_by.is_none()
    }
}

/// A joint authorisation within what the caller may read: its authority, or somebody whom it names,
/// lies there.
pub async fn find_joint_authorisation(
    ctx: &Context<'_>,
    id: JointAuthorisationId,
) -> Result<Option<JointAuthorisation>> {
    let (platform, actor) = caller(ctx)?;
    let scope = Scope::of(actor, Permission::ReadOrganisations);
    let row = joint::authorisation(platform.db.read(), &scope, id).await?;
    Ok(row.map(JointAuthorisation))
}

/// Queries of joint authorisations.
#[derive(Default)]
pub struct JointQuery;

#[Object]
impl JointQuery {
    /// A joint authorisation.
    #[graphql(guard = "Needs(Permission::ReadOrganisations)")]
    async fn joint_authorisation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] id: Id<JointAuthorisationId>,
    ) -> Result<Option<JointAuthorisation>> {
        find_joint_authorisation(ctx, id.get()).await
    }

    /// Joint authorisations whose authority, or somebody whom they name, lies within the caller's part
    /// of the tree, newest first.
    #[graphql(
        guard = "Needs(Permission::ReadOrganisations)",
        complexity = "usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    async fn joint_authorisations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
        #[graphql(desc = "How far they are.")] state: Option<JointAuthorisationState>,
        #[graphql(desc = "Only those in force on this day.")] in_force_on: Option<NaiveDate>,
    ) -> Result<Connection<String, JointAuthorisation>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let scope = Scope::of(actor, Permission::ReadOrganisations);
        let filter = AuthorisationFilter { state: state.map(Into::into), in_force_on };
        let rows = joint::authorisations(platform.db.read(), &scope, filter, &page).await?;
        Ok(page.connection(rows, |row| vec![encode(row.id)], JointAuthorisation))
    }
}

/// A joint authorisation as it is proposed.
#[derive(InputObject)]
pub struct ProposeJointAuthorisationInput {
    /// The justice department or issuing authority that is to decide: all who are named are below it.
    authority_id: Id<AgencyId>,
    /// Number of the document that orders it, 2–100 characters.
    document: String,
    /// Agencies, each with all its officers. Together with the officers 1–100, at least one of them in
    /// the caller's part of the tree.
    agency_ids: Vec<Id<AgencyId>>,
    /// Officers one by one.
    officer_ids: Vec<Id<PersonId>>,
    /// Codes of the fields, 1–8.
    field_codes: Vec<String>,
    /// Codes of the divisions, each with all below it, 1–50, within the authority's own.
    division_codes: Vec<String>,
    /// First day, today or later.
    from: NaiveDate,
    /// Last day; the policy SHOWINGS says how many days it lasts at most.
    until: NaiveDate,
}

/// What is decided on a joint authorisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, async_graphql::Enum)]
pub enum JointAuthorisationDecision {
    /// It holds from its first day on.
    Approve,
    /// Refused, with reasons.
    Refuse,
}

/// What came of an act on a joint authorisation.
#[derive(SimpleObject)]
pub struct JointAuthorisationPayload {
    /// It, as it is now; none where there are user errors.
    joint_authorisation: Option<JointAuthorisation>,
    /// What was wrong.
    user_errors: Vec<UserError>,
}

/// Mutations of joint authorisations.
#[derive(Default)]
pub struct JointMutation;

async fn payload(
    ctx: &Context<'_>,
    done: std::result::Result<JointAuthorisationId, Failure<ShowingRefusal>>,
) -> Result<JointAuthorisationPayload> {
    let (id, user_errors) = answer(ctx, done)?;
    let joint_authorisation = match id {
        Some(id) => find_joint_authorisation(ctx, id).await?,
        None => None,
    };
    Ok(JointAuthorisationPayload { joint_authorisation, user_errors })
}

#[Object]
impl JointMutation {
    /// Proposes a joint authorisation; another person, of the authority, decides.
    #[graphql(guard = "Needs(Permission::ProposeJointAuthorisations)")]
    async fn propose_joint_authorisation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is proposed.")] input: ProposeJointAuthorisationInput,
    ) -> Result<JointAuthorisationPayload> {
        let (platform, actor) = caller(ctx)?;
        let new = NewAuthorisation {
            authority: input.authority_id.get(),
            document: input.document,
            agencies: input.agency_ids.into_iter().map(Id::get).collect(),
            officers: input.officer_ids.into_iter().map(Id::get).collect(),
            field_codes: input.field_codes,
            division_codes: input.division_codes,
            from: input.from,
            until: input.until,
        };
        payload(ctx, joint::propose(platform, actor, &new).await).await
    }

    /// Decides on a joint authorisation, as somebody of its authority who did not propose it and who,
    /// like their agency, is not named by it.
    #[graphql(guard = "Needs(Permission::DecideJointAuthorisations)")]
    async fn decide_joint_authorisation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] id: Id<JointAuthorisationId>,
        #[graphql(desc = "What is decided.")] decision: JointAuthorisationDecision,
        #[graphql(desc = "Reasons of a refusal, at most 1,000 characters.")] reasons: Option<
            String,
        >,
    ) -> Result<JointAuthorisationPayload> {
        let (platform, actor) = caller(ctx)?;
        let decision = match decision {
            JointAuthorisationDecision::Approve => Decision::Approve,
            JointAuthorisationDecision::Refuse => Decision::Refuse(reasons.unwrap_or_default()),
        };
        let id = id.get();
        payload(ctx, joint::decide(platform, actor, id, decision).await.map(|()| id)).await
    }

    /// Ends a joint authorisation before its last day. What was shown under it stays as it was found.
    #[graphql(guard = "Needs(Permission::DecideJointAuthorisations)")]
    async fn end_joint_authorisation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] id: Id<JointAuthorisationId>,
    ) -> Result<JointAuthorisationPayload> {
        let (platform, actor) = caller(ctx)?;
        let id = id.get();
        payload(ctx, joint::end(platform, actor, id).await.map(|()| id)).await
    }
}
