//! Who is in a pack. Agencies take a scope; members are those of an agency that was found within one.

use std::collections::HashMap;

use chrono::NaiveDate;
use entities::enums::CertificateState;
use entities::ids::{AgencyId, CertificateId};
use entities::{agency, blob, device, device_certificate, person, printed_code, public_card};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, RelationTrait,
};

use crate::access::Scope;
use crate::graphql::page::Page;
use crate::organisations::codes;
use crate::platform::failure::Fault;

/// An agency with somebody in its pack.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct PackAgency {
    /// The agency.
    pub id: AgencyId,
    /// Its name.
    pub name: String,
    /// Its number.
    pub number: i32,
    /// People with a certificate in force and a photo.
    pub people: i64,
}

/// Somebody in a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// The certificate.
    pub certificate_id: CertificateId,
    /// Its number.
    pub number: String,
    /// The photo on its card.
    pub photo_sha256: Vec<u8>,
    /// Places of its codes in status lists, oldest first.
    pub places: Vec<(u32, u32)>,
    /// Codes of the fields.
    pub fields: Vec<String>,
    /// Code of the area.
    pub area: String,
}

/// Certificates in force on a day, with a photo.
fn in_force(day: NaiveDate) -> Condition {
    Condition::all()
        .add(public_card::Column::State.eq(CertificateState::Active))
        .add(public_card::Column::ValidFrom.lte(day))
        .add(public_card::Column::ValidUntil.gte(day))
        .add(public_card::Column::PhotoSha256.is_not_null())
}

/// A page of the agencies of a scope with somebody in their pack, by id; one more than the page.
pub async fn agencies(
    db: &impl ConnectionTrait,
    scope: &Scope,
    day: NaiveDate,
    page: &Page,
) -> Result<Vec<PackAgency>, Fault> {
    let mut select = agency::Entity::find()
        .select_only()
        .columns([agency::Column::Id, agency::Column::Name, agency::Column::Number])
        .expr_as(Expr::cust("COUNT(*)"), "people")
        .join(JoinType::InnerJoin, public_card::Relation::Agency.def().rev())
        .filter(scope.condition((agency::Entity, agency::Column::Id)))
        .filter(in_force(day))
        .group_by(agency::Column::Id)
        .group_by(agency::Column::Name)
        .group_by(agency::Column::Number);
    if let Some(after) = page.after_id::<AgencyId>() {
        select = select.filter(agency::Column::Id.gt(after));
    }
    Ok(select.order_by_asc(agency::Column::Id).limit(page.limit()).into_model().all(db).await?)
}

/// The number of an agency of a scope.
pub(super) async fn number(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: AgencyId,
) -> Result<Option<i32>, Fault> {
    Ok(agency::Entity::find_by_id(id)
        .select_only()
        .column(agency::Column::Number)
        .filter(scope.condition(agency::Column::Id))
        .into_tuple()
        .one(db)
        .await?)
}

/// The people of an agency's pack, by certificate, so many after so many.
pub(super) async fn members(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    day: NaiveDate,
    before: u64,
    most: u64,
) -> Result<Vec<Member>, Fault> {
    type Row = (CertificateId, String, Vec<u8>, serde_json::Value, String);
    let rows: Vec<Row> = public_card::Entity::find()
        .select_only()
        .columns([
            public_card::Column::CertificateId,
            public_card::Column::Number,
            public_card::Column::PhotoSha256,
        ])
        .columns([person::Column::FieldCodes, person::Column::AreaCode])
        .join(JoinType::InnerJoin, public_card::Relation::Holder.def())
        .filter(public_card::Column::AgencyId.eq(agency))
        .filter(in_force(day))
        .order_by_asc(public_card::Column::CertificateId)
        .offset(before)
        .limit(most)
        .into_tuple()
        .all(db)
        .await?;
    let ids: Vec<CertificateId> = rows.iter().map(|row| row.0).collect();
    let mut places = places(db, &ids).await?;
    Ok(rows
        .into_iter()
        .map(|(certificate_id, number, photo_sha256, fields, area)| Member {
            certificate_id,
            number,
            photo_sha256,
            places: places.remove(&certificate_id).unwrap_or_default(),
            fields: codes(&fields),
            area,
        })
        .collect())
}

/// The places of the codes of certificates: of the printed ones, and of the phone that is enrolled.
async fn places(
    db: &impl ConnectionTrait,
    ids: &[CertificateId],
) -> Result<HashMap<CertificateId, Vec<(u32, u32)>>, Fault> {
    type Row = (CertificateId, i32, i32);
    let mut rows: Vec<Row> = printed_code::Entity::find()
        .select_only()
        .columns([
            printed_code::Column::CertificateId,
            printed_code::Column::List,
            printed_code::Column::Idx,
        ])
        .filter(printed_code::Column::CertificateId.is_in(ids.iter().copied()))
        .order_by_asc(printed_code::Column::CreatedAt)
        .order_by_asc(printed_code::Column::CredentialId)
        .into_tuple()
        .all(db)
        .await?;
    let open = Query::select()
        .column(device::Column::Id)
        .from(device::Entity)
        .and_where(Expr::col((device::Entity, device::Column::EndedAt)).is_null())
        .take();
    let phones: Vec<Row> = device_certificate::Entity::find()
        .select_only()
        .columns([
            device_certificate::Column::CertificateId,
            device_certificate::Column::List,
            device_certificate::Column::Idx,
        ])
        .filter(device_certificate::Column::CertificateId.is_in(ids.iter().copied()))
        .filter(device_certificate::Column::DeviceId.in_subquery(open))
        .order_by_asc(device_certificate::Column::CreatedAt)
        .order_by_asc(device_certificate::Column::DeviceId)
        .into_tuple()
        .all(db)
        .await?;
    rows.extend(phones);
    let mut places: HashMap<CertificateId, Vec<(u32, u32)>> = HashMap::new();
    for (certificate, list, idx) in rows {
        let of = |number: i32| u32::try_from(number).map_err(Fault::stored);
        places.entry(certificate).or_default().push((of(list)?, of(idx)?));
    }
    Ok(places)
}

/// Photos by their hashes.
pub(super) async fn photos(
    db: &impl ConnectionTrait,
    hashes: &[Vec<u8>],
) -> Result<HashMap<Vec<u8>, Vec<u8>>, Fault> {
    let rows = blob::Entity::find()
        .filter(blob::Column::Sha256.is_in(hashes.iter().cloned()))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.sha256, row.bytes)).collect())
}
