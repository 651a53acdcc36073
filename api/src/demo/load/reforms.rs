//! Reforms of agencies (机构改革) in the demo: two took the names they have now, so that older
//! certificates bear another; smaller ones were merged, split and abolished.

use chrono::{Days, NaiveDate};
use entities::enums::{
    AgencyKind, AgencyQualification, DutyStatus, Establishment, Leadership, PersonKind,
};
use entities::ids::AgencyId;

use super::super::DemoAgency;
use super::super::numbers::{NOWHERE_STAFF, credit_code, id_number};
use super::super::roster::DESK;
use super::refused;
use crate::access::Scope;
use crate::audit::UnitOfWork;
use crate::officers::{self, NewPerson};
use crate::organisations::{self, NewAgency};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::local_date;
use crate::platform::failure::{Failure, Fault};
use crate::reorganisation::{self, NewChange, Part, Plan, Target};

/// Agencies by their words, with the names they bore until the reform.
const RENAMED: [(&str, &str); 2] =
    [("lanzhou-transport", "兰州市交通运输委员会"), ("tianshui-agriculture", "天水市农业局")];
/// Days before today from which the reforms hold.
const DAYS_AGO: u64 = 45;

/// The name with which an agency is entered; rosters find it by the present one too.
pub(super) fn first_name(agency: &DemoAgency) -> &str {
    let renamed = RENAMED.iter().find(|(slug, _)| *slug == agency.slug);
    renamed.map_or(agency.name.as_str(), |(_, before)| before)
}

/// Does the reforms, as the deployment itself.
pub(super) async fn reform(
    platform: &Platform,
    agencies: &[DemoAgency],
    ids: &[AgencyId],
) -> Result<(), Fault> {
    let known = |slug: &str| agencies.iter().zip(ids).find(|(agency, _)| agency.slug == slug);
    for (slug, _) in RENAMED {
        if let Some((agency, id)) = known(slug) {
            done(platform, 1, Plan::Rename { agency: *id, name: agency.name.clone() }).await?;
        }
    }
    if let Some((_, market)) = known(DESK) {
        let from = vec![organ(platform, 1, "兰州市城关区物价局", "620102").await?];
        done(platform, 2, Plan::Merge { from, into: Target::Existing(*market) }).await?;
    }
    split(platform).await?;
    let agency = organ(platform, 5, "兰州市城关区盐务管理局", "620102").await?;
    done(platform, 4, Plan::Abolish { agency, successor: None }).await
}

/// A bureau of two sections becomes two bureaus.
async fn split(platform: &Platform) -> Result<(), Fault> {
    const DIVISION: &str = "620100";
    let from = organ(platform, 2, "兰州市投资促进和服务贸易局", DIVISION).await?;
    let places = [
        (3_u16, "兰州市投资促进局", "投资促进科", "安晓梅"),
        (4, "兰州市服务贸易发展局", "服务贸易科", "石建军"),
    ];
    let born = NaiveDate::from_ymd_opt(1985, 6, 1).unwrap_or_default();
    let clerks = places.map(|(ordinal, _, unit, name)| NewPerson {
        name: name.to_owned(),
        // Sequence numbers that no staff of the demo has.
        id_number: id_number(NOWHERE_STAFF, born, 900 + ordinal),
        phone: None,
        agency: from,
        internal_unit: Some(unit.to_owned()),
        kind: PersonKind::ClericalStaff,
        establishment: Establishment::Administrative,
        duty: DutyStatus::OnDuty,
        position: None,
        field_codes: Vec::new(),
        area_code: DIVISION.to_owned(),
        photo_file: None,
    });
    let mut uow = UnitOfWork::begin(platform, &Actor::System).await?;
    for entered in officers::upsert_from_roster(&mut uow, &Scope::Everything, clerks.into()).await?
    {
        entered.map_err(|r| refused(Failure::Refused(r)))?;
    }
    uow.commit().await?;
    let parts = places.map(|(ordinal, name, unit, _)| Part {
        to: Target::New(Box::new(described(platform, ordinal.into(), name, DIVISION))),
        people: Vec::new(),
        units: vec![unit.to_owned()],
        rest: false,
    });
    done(platform, 3, Plan::Split { from, parts: parts.into(), ends: true }).await
}

/// Proposes and decides a reform.
async fn done(platform: &Platform, number: u32, plan: Plan) -> Result<(), Fault> {
    let today = local_date(platform.now());
    let new = NewChange {
        plan,
        effective_on: today.checked_sub_days(Days::new(DAYS_AGO)).unwrap_or(today),
        document: format!("演示编发〔{}〕{number}号", today.format("%Y")),
    };
    let system = &Actor::System;
    let id = reorganisation::propose(platform, system, new).await.map_err(refused)?;
    reorganisation::approve(platform, system, id).await.map_err(refused)?;
    Ok(())
}

async fn organ(
    platform: &Platform,
    ordinal: usize,
    name: &str,
    division: &str,
) -> Result<AgencyId, Fault> {
    let new = described(platform, ordinal, name, division);
    organisations::enter_agency(platform, &Actor::System, new).await.map_err(refused)
}

/// A small organ that is named in a reform alone.
fn described(platform: &Platform, ordinal: usize, name: &str, division: &str) -> NewAgency {
    NewAgency {
        id: platform.new_id(),
        name: name.to_owned(),
        aliases: Vec::new(),
        uscc: credit_code(false, 99_000 + ordinal),
        kind: AgencyKind::Organ,
        leadership: Leadership::Local,
        is_justice: false,
        issues_certificates: false,
        division_code: division.to_owned(),
        superior_id: None,
        entrusted_by_id: None,
        entrustment_letter: None,
        field_codes: Vec::new(),
        complaint_phone: None,
        qualification: AgencyQualification::Pending,
        qualification_confirmed_on: None,
    }
}
