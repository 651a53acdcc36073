//! Clerical staff: people who are in the register because they have an account, not because they
//! enforce. An administrator enters them, who sees nobody else of the register.

use entities::agency;
use entities::enums::{DutyStatus, Establishment, PersonKind};
use entities::ids::{AgencyId, PersonId};
use sea_orm::{EntityTrait, QueryFilter};

use super::{NewPerson, OfficerRefusal as Refusal, lookup, roster, rules, secrets};
use crate::access::{Permission, Scope};
use crate::audit::UnitOfWork;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Failure;

/// A member of the staff of an agency.
#[derive(Clone)]
pub struct NewStaff {
    /// Name, 2–50 characters.
    pub name: String,
    /// ID number of 18 characters.
    pub id_number: String,
    /// Unit.
    pub agency: AgencyId,
}

/// Enters a member of the staff, or finds the person of the agency who has this name and ID number
/// already, whatever they are; nothing of theirs is changed or told.
pub async fn enter_staff(
    platform: &Platform,
    actor: &Actor,
    new: NewStaff,
) -> Result<PersonId, Failure<Refusal>> {
    let scope = Scope::of(actor, Permission::ManageAccounts);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let name = rules::name(&new.name)?;
    let number = rules::id_number(&new.id_number, uow.today())?.number;
    let unit = agency::Entity::find_by_id(new.agency)
        .filter(scope.condition(agency::Column::Id))
        .one(uow.tx())
        .await?
        .ok_or(Refusal::AgencyNotFound)?;
    let index = secrets::index(platform, secrets::ID_NUMBER, &number);
    if let Some(known) = lookup::by_indices(uow.tx(), vec![index]).await?.into_iter().next() {
        return if known.agency_id != unit.id {
            Err(Refusal::TransferRequired.into())
        } else if known.name == name {
            Ok(known.id)
        } else {
            Err(Refusal::IdNumberTaken.into())
        };
    }
    let person = NewPerson {
        name,
        id_number: number,
        phone: None,
        agency: unit.id,
        internal_unit: None,
        kind: PersonKind::ClericalStaff,
        establishment: Establishment::Administrative,
        duty: DutyStatus::OnDuty,
        position: None,
        field_codes: Vec::new(),
        area_code: unit.division_code,
        photo_file: None,
    };
    let entered = roster::upsert_from_roster(&mut uow, &scope, vec![person]).await?;
    let entered = entered.into_iter().next().ok_or(Refusal::PersonNotFound)??;
    uow.commit().await?;
    Ok(entered.id)
}
