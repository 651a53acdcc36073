//! Acts on reforms.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use chrono::NaiveDate;
use entities::ids::{AgencyChangeId, AgencyId, PersonId};

use super::types::AgencyChange;
use crate::access::Permission;
use crate::graphql::enums::Leadership;
use crate::graphql::ids::Id;
use crate::graphql::{Needs, UserError, answer, caller};
use crate::organisations::graphql::EnterAgencyInput;
use crate::platform::Platform;
use crate::platform::failure::Failure;
use crate::reorganisation::error::{Code, ReorganisationRefusal as Refusal};
use crate::reorganisation::{self, NewChange, Part, Plan, Superior, Target};

/// A change of name (更名).
#[derive(InputObject)]
pub struct ProposeAgencyRenamingInput {
    /// Which agency.
    id: Id<AgencyId>,
    /// Its new full official name, 2–100 characters.
    name: String,
    /// First day on which it holds.
    effective_on: NaiveDate,
    /// Number of the document that orders it, 2–100 characters.
    document: String,
}

/// A merger (合并).
#[derive(InputObject)]
pub struct ProposeAgencyMergerInput {
    /// Agencies that end, at most 50.
    ids: Vec<Id<AgencyId>>,
    /// An agency that is there and takes their place; either this or `intoNew`.
    into_id: Option<Id<AgencyId>>,
    /// An agency that is founded and takes their place.
    into_new: Option<EnterAgencyInput>,
    /// First day on which it holds.
    effective_on: NaiveDate,
    /// Number of the document that orders it, 2–100 characters.
    document: String,
}

/// A split (分设).
#[derive(InputObject)]
pub struct ProposeAgencySplitInput {
    /// Which agency.
    id: Id<AgencyId>,
    /// What goes where, at most 50 parts; 5,000 people and 5,000 internal units named in all.
    parts: Vec<AgencySplitPartInput>,
    /// Whether the agency ends; everybody in it must then go somewhere.
    ends: bool,
    /// First day on which it holds.
    effective_on: NaiveDate,
    /// Number of the document that orders it, 2–100 characters.
    document: String,
}

/// What of a split agency goes to one place.
#[derive(InputObject)]
pub struct AgencySplitPartInput {
    /// An agency that is there; either this or `toNew`.
    to_id: Option<Id<AgencyId>>,
    /// An agency that is founded.
    to_new: Option<EnterAgencyInput>,
    /// People named one by one, at most 500; they go before internal units.
    #[graphql(default)]
    person_ids: Vec<Id<PersonId>>,
    /// Internal units (内设机构) as the register has them.
    #[graphql(default)]
    internal_units: Vec<String>,
    /// Also everybody whom no other part claims.
    #[graphql(default)]
    rest: bool,
}

/// A move (划转); what is left out stays.
#[derive(InputObject)]
pub struct ProposeAgencyMoveInput {
    /// Which agency.
    id: Id<AgencyId>,
    /// Its superior department from then on; `null` for none.
    superior_id: MaybeUndefined<Id<AgencyId>>,
    /// Code of its division from then on.
    division_code: Option<String>,
    /// Who leads it from then on.
    leadership: Option<Leadership>,
    /// First day on which it holds.
    effective_on: NaiveDate,
    /// Number of the document that orders it, 2–100 characters.
    document: String,
}

/// An abolition (撤销).
#[derive(InputObject)]
pub struct ProposeAgencyAbolitionInput {
    /// Which agency.
    id: Id<AgencyId>,
    /// Who takes over its people and work; without one, nobody may be left in it.
    successor_id: Option<Id<AgencyId>>,
    /// First day on which it holds.
    effective_on: NaiveDate,
    /// Number of the document that orders it, 2–100 characters.
    document: String,
}

/// What an act on a reform answers.
#[derive(SimpleObject)]
pub struct AgencyChangePayload {
    /// The reform as it is now; none where the act was refused.
    agency_change: Option<AgencyChange>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

/// Acts on reforms.
#[derive(Default)]
pub struct ReorganisationMutation;

#[Object]
impl ReorganisationMutation {
    /// Proposes to rename an agency. It stays the same agency; rosters still find it by the old
    /// name.
    #[graphql(guard = "Needs(Permission::ManageOrganisations)")]
    async fn propose_agency_renaming(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which agency, and how it is to be called.")]
        input: ProposeAgencyRenamingInput,
    ) -> Result<AgencyChangePayload> {
        let plan = Plan::Rename { agency: input.id.get(), name: input.name };
        propose(ctx, Ok(plan), input.effective_on, input.document).await
    }

    /// Proposes to merge agencies into one that is there or is founded.
    #[graphql(guard = "Needs(Permission::ManageOrganisations)")]
    async fn propose_agency_merger(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which agencies, and who takes their place.")]
        input: ProposeAgencyMergerInput,
    ) -> Result<AgencyChangePayload> {
        let (platform, _) = caller(ctx)?;
        let from = input.ids.into_iter().map(Id::get).collect();
        let plan =
            target(platform, input.into_id, input.into_new).map(|into| Plan::Merge { from, into });
        propose(ctx, plan, input.effective_on, input.document).await
    }

    /// Proposes to split an agency: who goes where, by name or internal unit.
    #[graphql(guard = "Needs(Permission::ManageOrganisations)")]
    async fn propose_agency_split(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which agency, and what goes where.")] input: ProposeAgencySplitInput,
    ) -> Result<AgencyChangePayload> {
        let (platform, _) = caller(ctx)?;
        let part = |part: AgencySplitPartInput| {
            Ok(Part {
                to: target(platform, part.to_id, part.to_new)?,
                people: part.person_ids.into_iter().map(Id::get).collect(),
                units: part.internal_units,
                rest: part.rest,
            })
        };
        let parts: std::result::Result<Vec<Part>, Refusal> =
            input.parts.into_iter().map(part).collect();
        let (from, ends) = (input.id.get(), input.ends);
        let plan = parts.map(|parts| Plan::Split { from, parts, ends });
        propose(ctx, plan, input.effective_on, input.document).await
    }

    /// Proposes to put an agency under another superior, into another division or under another
    /// leadership. Scopes follow when it is in effect.
    #[graphql(guard = "Needs(Permission::ManageOrganisations)")]
    async fn propose_agency_move(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which agency, and where to.")] input: ProposeAgencyMoveInput,
    ) -> Result<AgencyChangePayload> {
        let superior = match input.superior_id {
            MaybeUndefined::Undefined => Superior::Stays,
            MaybeUndefined::Null => Superior::Nobody,
            MaybeUndefined::Value(id) => Superior::Under(id.get()),
        };
        let plan = Plan::Move {
            agency: input.id.get(),
            superior,
            division: input.division_code,
            leadership: input.leadership.map(Into::into),
        };
        propose(ctx, Ok(plan), input.effective_on, input.document).await
    }

    /// Proposes to abolish an agency. It stays in the register, as old certificates name it.
    #[graphql(guard = "Needs(Permission::ManageOrganisations)")]
    async fn propose_agency_abolition(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which agency, and who takes over.")] input: ProposeAgencyAbolitionInput,
    ) -> Result<AgencyChangePayload> {
        let successor = input.successor_id.map(Id::get);
        let plan = Plan::Abolish { agency: input.id.get(), successor };
        propose(ctx, Ok(plan), input.effective_on, input.document).await
    }

    /// Decides that a reform is done: at once where its day has come, else on its day. Where the
    /// policy says so, whoever proposed it cannot.
    #[graphql(guard = "Needs(Permission::ManageOrganisations)")]
    async fn approve_agency_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which reform.")] id: Id<AgencyChangeId>,
    ) -> Result<AgencyChangePayload> {
        let (platform, actor) = caller(ctx)?;
        payload(ctx, reorganisation::approve(platform, actor, id.get()).await).await
    }

    /// Takes a reform back that is not in effect yet.
    #[graphql(guard = "Needs(Permission::ManageOrganisations)")]
    async fn withdraw_agency_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which reform.")] id: Id<AgencyChangeId>,
    ) -> Result<AgencyChangePayload> {
        let (platform, actor) = caller(ctx)?;
        payload(ctx, reorganisation::withdraw(platform, actor, id.get()).await).await
    }
}

/// Who takes over: an agency that is there, or one that is founded.
fn target(
    platform: &Platform,
    id: Option<Id<AgencyId>>,
    new: Option<EnterAgencyInput>,
) -> std::result::Result<Target, Refusal> {
    match (id, new) {
        (Some(id), None) => Ok(Target::Existing(id.get())),
        (None, Some(new)) => Ok(Target::New(Box::new(new.described(platform.new_id())))),
        _ => Err(Refusal::plain(Code::SuccessorChoice)),
    }
}

async fn propose(
    ctx: &Context<'_>,
    plan: std::result::Result<Plan, Refusal>,
    effective_on: NaiveDate,
    document: String,
) -> Result<AgencyChangePayload> {
    let (platform, actor) = caller(ctx)?;
    let proposed = match plan {
        Ok(plan) => {
            let new = NewChange { plan, effective_on, document };
            reorganisation::propose(platform, actor, new).await
        }
        Err(refusal) => Err(refusal.into()),
    };
    payload(ctx, proposed).await
}

async fn payload(
    ctx: &Context<'_>,
    result: std::result::Result<AgencyChangeId, Failure<Refusal>>,
) -> Result<AgencyChangePayload> {
    let (id, user_errors) = answer(ctx, result)?;
    let agency_change = match id {
        Some(id) => super::find_agency_change(ctx, id).await?,
        None => None,
    };
    Ok(AgencyChangePayload { agency_change, user_errors })
}
