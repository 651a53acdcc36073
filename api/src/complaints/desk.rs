//! Which justice department a complaint comes to: that of the government of the agency it is about
//! (domain §1), never the agency itself; and by when it has to act.

use chrono::NaiveDate;
use entities::enums::ScopeAxis;
use entities::ids::{AgencyId, PolicyId};
use entities::{agency, agency_closure, division};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait,
};

use crate::organisations::authority::justice_department_of;
use crate::organisations::with_those_above;
use crate::platform::failure::Fault;
use crate::policy::{self, CalendarPolicy, ComplaintsPolicy, Reckoned};

/// Who handles complaints about an agency: the nearest justice department upwards, about a justice
/// department the next one above. The province's own has none above: it stays there.
pub(super) async fn of_agency(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    day: NaiveDate,
) -> Result<Option<AgencyId>, Fault> {
    let nearest = justice_department_of(db, agency, day).await?;
    if nearest != Some(agency) {
        return Ok(nearest);
    }
    let above: Option<AgencyId> = agency_closure::Entity::find()
        .select_only()
        .column(agency_closure::Column::AncestorId)
        .join(JoinType::InnerJoin, agency_closure::Relation::Ancestor.def())
        .filter(agency_closure::Column::Axis.eq(ScopeAxis::Territory))
        .filter(agency_closure::Column::AgencyId.eq(agency))
        .filter(agency_closure::Column::Depth.gt(0))
        .filter(agency::Column::IsJustice.eq(true))
        .filter(agency::Column::AbolishedOn.is_null().or(agency::Column::AbolishedOn.gt(day)))
        .order_by_asc(agency_closure::Column::Depth)
        .into_tuple()
        .one(db)
        .await?;
    Ok(above.or(nearest))
}

/// Who handles complaints about what happened in a division: its justice department, or the nearest
/// above; where none is named, the province's. Answers the division too, if there is such a one.
pub(super) async fn of_division(
    db: &impl ConnectionTrait,
    code: Option<&str>,
    day: NaiveDate,
) -> Result<(Option<String>, Option<AgencyId>), Fault> {
    let mut upwards = match code {
        Some(code) => with_those_above(db, code).await?,
        None => Vec::new(),
    };
    let code = upwards.first().cloned();
    if upwards.is_empty() {
        let province = division::Entity::find()
            .filter(division::Column::ParentCode.is_null())
            .order_by_asc(division::Column::Code)
            .one(db)
            .await?;
        upwards.extend(province.map(|row| row.code));
    }
    for here in &upwards {
        let department = agency::Entity::find()
            .filter(agency::Column::DivisionCode.eq(here))
            .filter(agency::Column::IsJustice.eq(true))
            .filter(agency::Column::AbolishedOn.is_null().or(agency::Column::AbolishedOn.gt(day)))
            .order_by_asc(agency::Column::Number)
            .one(db)
            .await?;
        if let Some(department) = department {
            return Ok((code, Some(department.id)));
        }
    }
    Ok((code, None))
}

/// The policies of a department's division.
pub(super) struct Terms {
    /// The version that is applied.
    pub policy: PolicyId,
    /// The days.
    pub body: ComplaintsPolicy,
    calendar: CalendarPolicy,
}

impl Terms {
    /// What holds where a department is.
    pub async fn of(
        db: &impl ConnectionTrait,
        desk: AgencyId,
        day: NaiveDate,
    ) -> Result<Self, Fault> {
        let row = agency::Entity::find_by_id(desk).one(db).await?;
        let division = row.map(|row| row.division_code).unwrap_or_default();
        let complaints = policy::in_force::<ComplaintsPolicy>(db, &division, day).await?;
        let calendar = policy::in_force::<CalendarPolicy>(db, &division, day).await?;
        Ok(Self {
            policy: complaints.id,
            body: complaints.body.clone(),
            calendar: calendar.body.clone(),
        })
    }

    /// The day that so many working days after another are over.
    pub fn due(&self, from: NaiveDate, working_days: u32) -> Reckoned {
        self.calendar.after(from, working_days)
    }
}
