//! The rows of `policies`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use entities::enums::DivisionLevel;
use entities::{agency, division, policy};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType,
    QueryFilter, QueryOrder, QuerySelect, RelationTrait, Statement, Value,
};

use super::PolicyKey;
use crate::access::Scope;
use crate::platform::failure::Fault;

/// Divisions asked about in one statement.
const DIVISIONS_AT_ONCE: usize = 1_000;
/// Levels of divisions: province, prefecture, county, township.
const LEVELS: i32 = 4;

/// The versions that hold above and in these divisions on a day, nearest and newest first.
pub(super) async fn nearest(
    db: &impl ConnectionTrait,
    key: PolicyKey,
    divisions: &[String],
    day: NaiveDate,
) -> Result<Vec<(String, policy::Model)>, Fault> {
    #[derive(FromQueryResult)]
    struct Asked {
        asked: String,
    }
    let mut found = Vec::new();
    for chunk in divisions.chunks(DIVISIONS_AT_ONCE) {
        let wanted: Vec<String> = (4..chunk.len() + 4).map(|n| format!("${n}")).collect();
        let sql = format!(
            "WITH RECURSIVE above (asked, code, parent_code, depth) AS (
                 SELECT code, code, parent_code, 1 FROM divisions WHERE code IN ({})
                 UNION ALL
                 SELECT a.asked, d.code, d.parent_code, a.depth + 1
                 FROM above a JOIN divisions d ON d.code = a.parent_code WHERE a.depth < $1
             )
             SELECT a.asked, p.* FROM above a JOIN policies p ON p.division_code = a.code
             WHERE p.key = $2 AND p.effective_from <= $3
             ORDER BY a.asked, a.depth, p.version DESC",
            wanted.join(", ")
        );
        let mut values: Vec<Value> = vec![LEVELS.into(), key.code().into(), day.into()];
        values.extend(chunk.iter().map(|code| code.clone().into()));
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        for row in db.query_all_raw(statement).await? {
            let Asked { asked } = Asked::from_query_result(&row, "")?;
            found.push((asked, policy::Model::from_query_result(&row, "")?));
        }
    }
    Ok(found)
}

/// The province of the deployment.
pub(super) async fn province(db: &impl ConnectionTrait) -> Result<Option<String>, Fault> {
    let province = division::Entity::find()
        .select_only()
        .column(division::Column::Code)
        .filter(division::Column::Level.eq(DivisionLevel::Province))
        .order_by_asc(division::Column::Code);
    Ok(province.into_tuple().one(db).await?)
}

/// Every version of a rule that has begun by a day, by division and version.
pub(super) async fn entered(
    db: &impl ConnectionTrait,
    key: PolicyKey,
    day: NaiveDate,
) -> Result<Vec<policy::Model>, Fault> {
    Ok(policy::Entity::find()
        .filter(policy::Column::Key.eq(key.code()))
        .filter(policy::Column::EffectiveFrom.lte(day))
        .order_by_asc(policy::Column::DivisionCode)
        .order_by_asc(policy::Column::Version)
        .all(db)
        .await?)
}

/// The last version of a rule that was entered for a division itself.
pub(super) async fn latest(
    db: &impl ConnectionTrait,
    key: PolicyKey,
    division: &str,
) -> Result<Option<policy::Model>, Fault> {
    Ok(policy::Entity::find()
        .filter(policy::Column::Key.eq(key.code()))
        .filter(policy::Column::DivisionCode.eq(division))
        .order_by_desc(policy::Column::Version)
        .one(db)
        .await?)
}

/// Provinces that have a policy, but not of every one of these rules.
pub(super) async fn provinces_that_lack_one(
    db: &impl ConnectionTrait,
    rules: &[PolicyKey],
) -> Result<Vec<String>, Fault> {
    let known: Vec<(String, String)> = policy::Entity::find()
        .select_only()
        .columns([policy::Column::DivisionCode, policy::Column::Key])
        .distinct()
        .join(JoinType::InnerJoin, policy::Relation::DivisionCode.def())
        .filter(division::Column::Level.eq(DivisionLevel::Province))
        // What a newer program has entered as well counts for none of these.
        .filter(policy::Column::Key.is_in(rules.iter().map(|rule| rule.code())))
        .into_tuple()
        .all(db)
        .await?;
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (province, key) in known {
        keys.entry(province).or_default().insert(key);
    }
    Ok(keys
        .into_iter()
        .filter(|(_, k)| k.len() < rules.len())
        .map(|(province, _)| province)
        .collect())
}

/// Whether a division's justice department lies within the scope.
pub(super) async fn governs(
    db: &impl ConnectionTrait,
    scope: &Scope,
    division: &str,
) -> Result<bool, Fault> {
    Ok(agency::Entity::find()
        .filter(agency::Column::DivisionCode.eq(division))
        .filter(agency::Column::IsJustice.eq(true))
        .filter(scope.condition(agency::Column::Id))
        .one(db)
        .await?
        .is_some())
}

pub(super) async fn insert(db: &impl ConnectionTrait, row: policy::Model) -> Result<(), Fault> {
    policy::ActiveModel::from(row).insert(db).await?;
    Ok(())
}

pub(super) async fn versions(
    db: &impl ConnectionTrait,
    key: Option<PolicyKey>,
    division: Option<&str>,
    limit: u64,
) -> Result<Vec<policy::Model>, Fault> {
    let mut query = policy::Entity::find()
        .order_by_asc(policy::Column::Key)
        .order_by_asc(policy::Column::DivisionCode)
        .order_by_desc(policy::Column::Version)
        .limit(limit);
    if let Some(key) = key {
        query = query.filter(policy::Column::Key.eq(key.code()));
    }
    if let Some(division) = division {
        query = query.filter(policy::Column::DivisionCode.eq(division));
    }
    Ok(query.all(db).await?)
}
