//! Reading and writing of organisations. Whatever concerns agencies takes a scope; divisions and
//! fields are dictionaries that everybody may read.

use std::collections::{HashMap, HashSet};

use entities::enums::{AgencyKind, DivisionLevel};
use entities::ids::AgencyId;
use entities::{agency, division, enforcement_field, number_sequence};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, SimpleExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait,
    FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait, Value,
};
use serde_json::json;

use super::NewAgency;
use super::error::{OrganisationCode as Code, OrganisationRefusal as Refusal};
use super::rules::{Node, Place, Places, Surroundings};
use crate::access::Scope;
use crate::audit::UnitOfWork;
use crate::graphql::page::Page;
use crate::platform::failure::{Failure, Fault};

/// Rows of one statement.
pub(super) const ROWS_AT_ONCE: usize = 500;
/// Levels of divisions, and one more against a circle.
const LEVELS: usize = 5;
/// The counter of agency numbers.
const NUMBERS: &str = "agency";

/// Every division, by code.
pub async fn divisions(db: &impl ConnectionTrait) -> Result<Vec<division::Model>, Fault> {
    Ok(division::Entity::find().order_by_asc(division::Column::Code).all(db).await?)
}

/// A division's code and those above it, nearest first; nothing where there is no such division.
pub async fn with_those_above(db: &impl ConnectionTrait, code: &str) -> Result<Vec<String>, Fault> {
    let (mut codes, mut next) = (Vec::new(), Some(code.to_owned()));
    while let Some(code) = next.take().filter(|_| codes.len() < LEVELS) {
        let Some(row) = division::Entity::find_by_id(code).one(db).await? else { break };
        codes.push(row.code);
        next = row.parent_code;
    }
    Ok(codes)
}

/// A stored list of codes.
pub fn codes(list: &serde_json::Value) -> Vec<String> {
    let items = list.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(|code| code.as_str().map(str::to_owned)).collect()
}

/// Every enforcement field, in order.
pub async fn fields(db: &impl ConnectionTrait) -> Result<Vec<enforcement_field::Model>, Fault> {
    use enforcement_field::Column::{Code, Position};
    Ok(enforcement_field::Entity::find().order_by_asc(Position).order_by_asc(Code).all(db).await?)
}

/// Every enforcement field by its code.
pub async fn fields_by_code(
    db: &impl ConnectionTrait,
) -> Result<HashMap<String, enforcement_field::Model>, Fault> {
    Ok(fields(db).await?.into_iter().map(|f| (f.code.clone(), f)).collect())
}

pub(super) async fn field_codes(db: &impl ConnectionTrait) -> Result<HashSet<String>, Fault> {
    Ok(fields(db).await?.into_iter().map(|f| f.code).collect())
}

pub(super) fn places<'a>(divisions: impl Iterator<Item = &'a division::Model>) -> Places {
    divisions
        .map(|d| (d.code.clone(), Place { level: d.level, parent_code: d.parent_code.clone() }))
        .collect()
}

/// A column that begins with a text, in byte order, so that an index on it serves on both engines.
pub fn begins_with(column: impl ColumnTrait, prefix: &str) -> Condition {
    let condition = Condition::all().add(column.gte(prefix));
    match after_prefix(prefix) {
        Some(after) => condition.add(column.lt(after)),
        None => condition,
    }
}

/// The first text after all that begin with this one. Code points and UTF-8 sort alike.
fn after_prefix(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        // The code points after U+D7FF that are no characters are stepped over.
        let next =
            if last == '\u{d7ff}' { Some('\u{e000}') } else { char::from_u32(u32::from(last) + 1) };
        if let Some(next) = next {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

/// What comes after a row in a list sorted by name and id. As a comparison of pairs it is a range
/// of an index on both engines.
pub fn after(
    name_column: impl ColumnTrait,
    id_column: impl ColumnTrait,
    name: &str,
    id: impl Into<Value>,
) -> Expr {
    Expr::tuple([name_column.into_expr(), id_column.into_expr()])
        .gt(Expr::tuple([Expr::value(name), Expr::value(id)]))
}

/// An agency with the names of what it points to.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct AgencyRow {
    /// The agency.
    #[sea_orm(nested)]
    pub agency: agency::Model,
    /// Name of its division.
    pub division_name: String,
    /// Level of its division.
    pub division_level: DivisionLevel,
    /// The division above.
    pub division_parent: Option<String>,
    /// Name of its superior.
    pub superior_name: Option<String>,
    /// Name of the organ that entrusts it.
    pub entrusted_by_name: Option<String>,
}

/// Which agencies a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgencyFilter {
    /// Beginning of the name, or a whole alias or unified social credit code.
    pub search: Option<String>,
    /// Division.
    pub division_code: Option<String>,
    /// What it is in law.
    pub kind: Option<AgencyKind>,
    /// Also those that no longer exist.
    pub with_abolished: bool,
}

fn rows(scope: &Scope) -> sea_orm::Select<agency::Entity> {
    let (superior, entrusting) = (Alias::new("superior"), Alias::new("entrusting"));
    agency::Entity::find()
        .join(JoinType::InnerJoin, agency::Relation::DivisionCode.def())
        .join_as(JoinType::LeftJoin, agency::Relation::Superior.def(), superior.clone())
        .join_as(JoinType::LeftJoin, agency::Relation::EntrustedBy.def(), entrusting.clone())
        .column_as(division::Column::Name, "division_name")
        .column_as(division::Column::Level, "division_level")
        .column_as(division::Column::ParentCode, "division_parent")
        .expr_as(Expr::col((superior, agency::Column::Name)), "superior_name")
        .expr_as(Expr::col((entrusting, agency::Column::Name)), "entrusted_by_name")
        .filter(scope.condition((agency::Entity, agency::Column::Id)))
}

/// An agency within a scope.
pub async fn agency(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: AgencyId,
) -> Result<Option<AgencyRow>, Fault> {
    Ok(rows(scope).filter(agency::Column::Id.eq(id)).into_model().one(db).await?)
}

/// A page of agencies within a scope, by name and id; one row more than the page.
pub async fn agencies(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: &AgencyFilter,
    page: &Page,
) -> Result<Vec<AgencyRow>, Fault> {
    use agency::Column::{AbolishedOn, DivisionCode, Id, Kind, Name, Uscc};
    let mut select = rows(scope);
    if let Some(search) = filter.search.as_deref().map(str::trim).filter(|s| !s.is_empty()) {
        select = select.filter(
            Condition::any()
                .add(begins_with(Name, search))
                .add(Uscc.eq(search.to_uppercase()))
                .add(has_alias(db.get_database_backend(), search)),
        );
    }
    if let Some(code) = &filter.division_code {
        select = select.filter(DivisionCode.eq(code));
    }
    if let Some(kind) = filter.kind {
        select = select.filter(Kind.eq(kind));
    }
    if !filter.with_abolished {
        select = select.filter(AbolishedOn.is_null());
    }
    if let Some([name, id]) = page.after.as_deref() {
        let id = crate::graphql::ids::decode_or_nil::<AgencyId>(id);
        select = select.filter(after(Name, Id, name, id));
    }
    Ok(select.order_by_asc(Name).order_by_asc(Id).limit(page.limit()).into_model().all(db).await?)
}

/// Whether a text is one of the aliases. There are thousands of agencies, not millions: a scan does.
fn has_alias(backend: DbBackend, alias: &str) -> SimpleExpr {
    let sql = match backend {
        DbBackend::Postgres => {
            "EXISTS (SELECT 1 FROM jsonb_array_elements_text(agencies.aliases) AS a(v) WHERE a.v = $1)"
        }
        _ => "EXISTS (SELECT 1 FROM json_each(agencies.aliases) AS a WHERE a.value = ?)",
    };
    Expr::cust_with_values(sql, [alias])
}

pub(super) async fn agency_model(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: AgencyId,
) -> Result<Option<agency::Model>, Fault> {
    Ok(agency::Entity::find_by_id(id)
        .filter(scope.condition((agency::Entity, agency::Column::Id)))
        .one(db)
        .await?)
}

/// Every agency as the rules look at it.
async fn nodes(db: &impl ConnectionTrait) -> Result<HashMap<AgencyId, Node>, Fault> {
    let rows = agency::Entity::find().all(db).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let node = Node {
                id: row.id,
                name: row.name,
                kind: row.kind,
                leadership: row.leadership,
                is_justice: row.is_justice,
                issues_certificates: row.issues_certificates,
                division_code: row.division_code,
                superior_id: row.superior_id,
                entrusted_by_id: row.entrusted_by_id,
                exists: row.abolished_on.is_none(),
            };
            (row.id, node)
        })
        .collect())
}

/// All agencies, divisions and fields, as the rules look at them.
pub async fn surroundings(db: &impl ConnectionTrait) -> Result<Surroundings, Fault> {
    Ok(Surroundings {
        places: places(divisions(db).await?.iter()),
        fields: field_codes(db).await?,
        nodes: nodes(db).await?,
    })
}

/// Takes the next agency numbers and answers the first of them. Whoever holds the counter's row
/// is alone with the trees until the end of the transaction.
pub(super) async fn take_numbers(db: &impl ConnectionTrait, count: usize) -> Result<i32, Fault> {
    use number_sequence::{Column, Entity};
    let count = i64::try_from(count).map_err(Fault::other)?;
    let taken = Entity::insert(number_sequence::ActiveModel {
        key: Set(NUMBERS.to_owned()),
        next: Set(1 + count),
    })
    .on_conflict(
        OnConflict::column(Column::Key)
            .value(Column::Next, Expr::col((Entity, Column::Next)).add(count))
            .to_owned(),
    )
    .exec_with_returning(db)
    .await?;
    i32::try_from(taken.next - count).map_err(Fault::other)
}

/// Refuses names of agencies that exist and codes of any, also twice in one call.
pub(super) async fn refuse_taken(
    db: &impl ConnectionTrait,
    new: &[NewAgency],
) -> Result<(), Failure<Refusal>> {
    use agency::Column::{AbolishedOn, Name};
    let mut names = HashSet::new();
    if let Some(twice) = new.iter().find(|agency| !names.insert(agency.name.as_str())) {
        return Err(Refusal::new(Code::AgencyNameTaken, &twice.name).into());
    }
    for chunk in new.chunks(ROWS_AT_ONCE) {
        let name = agency::Entity::find()
            .filter(Name.is_in(chunk.iter().map(|a| a.name.as_str())))
            .filter(AbolishedOn.is_null())
            .one(db)
            .await?;
        if let Some(taken) = name {
            return Err(Refusal::new(Code::AgencyNameTaken, &taken.name).into());
        }
    }
    refuse_taken_codes(db, new).await
}

/// Refuses unified social credit codes that an agency has, or had, also twice in one call.
pub async fn refuse_taken_codes(
    db: &impl ConnectionTrait,
    new: &[NewAgency],
) -> Result<(), Failure<Refusal>> {
    let mut codes = HashSet::new();
    if let Some(twice) = new.iter().find(|agency| !codes.insert(agency.uscc.as_str())) {
        return Err(Refusal::new(Code::UsccTaken, &twice.uscc).into());
    }
    for chunk in new.chunks(ROWS_AT_ONCE) {
        let code = agency::Entity::find()
            .filter(agency::Column::Uscc.is_in(chunk.iter().map(|a| a.uscc.as_str())))
            .one(db)
            .await?;
        if let Some(taken) = code {
            return Err(Refusal::new(Code::UsccTaken, &taken.uscc).into());
        }
    }
    Ok(())
}

/// Writes agencies, those first that others point to.
pub(super) async fn insert_agencies(
    uow: &UnitOfWork,
    new: Vec<NewAgency>,
    first: i32,
) -> Result<(), Fault> {
    let mut waiting: Vec<(NewAgency, i32)> = new.into_iter().zip(first..).collect();
    let mut rows = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let ids: HashSet<AgencyId> = waiting.iter().map(|(a, _)| a.id).collect();
        let points_to = |id: Option<AgencyId>| id.is_some_and(|id| ids.contains(&id));
        let (later, now): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|(a, _)| points_to(a.superior_id) || points_to(a.entrusted_by_id));
        if now.is_empty() {
            return Err(Fault::other("agencies point to each other in a circle"));
        }
        rows.extend(now.into_iter().map(|(agency, number)| row(uow, agency, number)));
        waiting = later;
    }
    for chunk in rows.chunks(ROWS_AT_ONCE) {
        agency::Entity::insert_many(chunk.to_vec()).exec_without_returning(uow.tx()).await?;
    }
    Ok(())
}

fn row(uow: &UnitOfWork, new: NewAgency, number: i32) -> agency::ActiveModel {
    agency::ActiveModel {
        id: Set(new.id),
        number: Set(number),
        name: Set(new.name),
        aliases: Set(json!(new.aliases)),
        uscc: Set(new.uscc),
        kind: Set(new.kind),
        leadership: Set(new.leadership),
        is_justice: Set(new.is_justice),
        issues_certificates: Set(new.issues_certificates),
        division_code: Set(new.division_code),
        superior_id: Set(new.superior_id),
        entrusted_by_id: Set(new.entrusted_by_id),
        entrustment_letter: Set(new.entrustment_letter),
        field_codes: Set(json!(new.field_codes)),
        complaint_phone: Set(new.complaint_phone),
        qualification: Set(new.qualification),
        qualification_confirmed_on: Set(new.qualification_confirmed_on),
        abolished_on: Set(None),
        created_at: Set(uow.now()),
        updated_at: Set(uow.now()),
    }
}

/// The supervision phone of the province's justice department, where it has one.
pub async fn province_phone(db: &impl ConnectionTrait) -> Result<Option<String>, Fault> {
    let phone: Option<Option<String>> = agency::Entity::find()
        .select_only()
        .column(agency::Column::ComplaintPhone)
        .join(JoinType::InnerJoin, agency::Relation::DivisionCode.def())
        .filter(agency::Column::IsJustice.eq(true))
        .filter(agency::Column::AbolishedOn.is_null())
        .filter(division::Column::Level.eq(DivisionLevel::Province))
        .into_tuple()
        .one(db)
        .await?;
    Ok(phone.flatten())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_range_of_a_prefix_holds_what_begins_with_it_and_nothing_else(
            prefix in ".{1,4}", text in ".{0,6}"
        ) {
            let after = after_prefix(&prefix);
            let within = |t: &str| t >= prefix.as_str() && after.as_deref().is_none_or(|a| t < a);
            let joined = format!("{prefix}{text}");
            prop_assert!(within(&joined));
            prop_assert_eq!(within(&text), text.starts_with(&prefix));
        }
    }

    #[test]
    fn the_last_character_has_no_text_after_it() {
        assert_eq!(after_prefix("\u{10ffff}"), None);
        assert_eq!(after_prefix("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(after_prefix("\u{d7ff}").as_deref(), Some("\u{e000}"));
    }
}
