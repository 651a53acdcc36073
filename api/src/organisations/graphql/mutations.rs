//! Acts on organisations.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use chrono::NaiveDate;
use entities::ids::AgencyId;

use super::types::Agency;
use crate::access::Permission;
use crate::graphql::enums::{AgencyKind, AgencyQualification, Leadership};
use crate::graphql::ids::Id;
use crate::graphql::{Needs, UserError, answer, caller};
use crate::organisations::{AgencyChange, NewAgency, OrganisationRefusal};
use crate::platform::failure::Failure;

/// An agency that is to be entered.
#[derive(InputObject)]
pub struct EnterAgencyInput {
    /// Full official name, 2–100 characters.
    name: String,
    /// Short and former names, at most 20.
    #[graphql(default)]
    aliases: Vec<String>,
    /// Unified social credit code, 18 characters (GB 32100).
    uscc: String,
    /// What it is in law.
    kind: AgencyKind,
    /// Who leads it.
    leadership: Leadership,
    /// The justice department of its government.
    #[graphql(default)]
    is_justice: bool,
    /// An issuing authority (发证机关); county level or above.
    #[graphql(default)]
    issues_certificates: bool,
    /// Code of its division.
    division_code: String,
    /// Superior department of its line of work.
    superior_id: Option<Id<AgencyId>>,
    /// The organ that entrusts it; for an entrusted organisation only.
    entrusted_by_id: Option<Id<AgencyId>>,
    /// Number of the entrustment letter; for an entrusted organisation only.
    entrustment_letter: Option<String>,
    /// Codes of the enforcement fields it works in.
    #[graphql(default)]
    field_codes: Vec<String>,
    /// Supervision phone shown to the public.
    complaint_phone: Option<String>,
    /// Its own enforcement qualification.
    qualification: AgencyQualification,
    /// Day of the announcement of a confirmed qualification.
    qualification_confirmed_on: Option<NaiveDate>,
}

impl EnterAgencyInput {
    /// The agency it describes, under an id that was made for it.
    pub fn described(self, id: AgencyId) -> NewAgency {
        NewAgency {
            id,
            name: self.name,
            aliases: self.aliases,
            uscc: self.uscc,
            kind: self.kind.into(),
            leadership: self.leadership.into(),
            is_justice: self.is_justice,
            issues_certificates: self.issues_certificates,
            division_code: self.division_code,
            superior_id: self.superior_id.map(Id::get),
            entrusted_by_id: self.entrusted_by_id.map(Id::get),
            entrustment_letter: self.entrustment_letter,
            field_codes: self.field_codes,
            complaint_phone: self.complaint_phone,
            qualification: self.qualification.into(),
            qualification_confirmed_on: self.qualification_confirmed_on,
        }
    }
}

/// What is to change of an agency; what is left out stays. Its name, place and end are changed by
/// a reform.
#[derive(InputObject)]
pub struct ChangeAgencyInput {
    /// Which agency.
    id: Id<AgencyId>,
    /// A new supervision phone.
    complaint_phone: Option<String>,
    /// All its enforcement fields anew.
    field_codes: Option<Vec<String>>,
    /// Its qualification anew.
    qualification: Option<AgencyQualification>,
    /// Day of the announcement, with a qualification that is confirmed.
    qualification_confirmed_on: Option<NaiveDate>,
}

/// What an act on an agency answers.
#[derive(SimpleObject)]
pub struct AgencyPayload {
    /// The agency as it is now; none where the act was refused.
    agency: Option<Agency>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

/// Acts on organisations.
#[derive(Default)]
pub struct OrganisationsMutation;

#[Object]
impl OrganisationsMutation {
    /// Enters an agency.
    #[graphql(guard = "Needs(Permission::ManageOrganisations)")]
    async fn enter_agency(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The agency.")] input: EnterAgencyInput,
    ) -> Result<AgencyPayload> {
        let (platform, actor) = caller(ctx)?;
        let new = input.described(platform.new_id());
        payload(ctx, crate::organisations::enter_agency(platform, actor, new).await).await
    }

    /// Changes an agency's phone, fields or qualification.
    #[graphql(guard = "Needs(Permission::ManageOrganisations)")]
    async fn change_agency(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to change.")] input: ChangeAgencyInput,
    ) -> Result<AgencyPayload> {
        let (platform, actor) = caller(ctx)?;
        let day = input.qualification_confirmed_on;
        let change = AgencyChange {
            complaint_phone: input.complaint_phone,
            field_codes: input.field_codes,
            qualification: input.qualification.map(|state| (state.into(), day)),
        };
        let id = input.id.get();
        payload(ctx, crate::organisations::change_agency(platform, actor, id, change).await).await
    }
}

async fn payload(
    ctx: &Context<'_>,
    result: Result<AgencyId, Failure<OrganisationRefusal>>,
) -> Result<AgencyPayload> {
    let (id, user_errors) = answer(ctx, result)?;
    let agency = match id {
        Some(id) => super::find_agency(ctx, id).await?,
        None => None,
    };
    Ok(AgencyPayload { agency, user_errors })
}
