//! The use-cases that keep divisions and enforcement fields. Both take the whole list again and
//! again: what is known and the same is not touched.

use std::collections::HashMap;

use entities::{division, enforcement_field};
use sea_orm::EntityTrait;
use sea_orm::sea_query::OnConflict;
use serde_json::json;

use super::error::{OrganisationCode as Code, OrganisationRefusal as Refusal};
use super::{NewDivision, NewField, rules, store};
use crate::audit::{Stream, UnitOfWork};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Failure;

/// Enters divisions or brings them up to date. A division may come before its parent.
/// Answers how many differed.
pub async fn enter_divisions(
    platform: &Platform,
    actor: &Actor,
    mut new: Vec<NewDivision>,
) -> Result<usize, Failure<Refusal>> {
    new.sort_by(|a, b| (a.level, &a.code).cmp(&(b.level, &b.code)));
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let known: HashMap<String, division::Model> =
        store::divisions(uow.tx()).await?.into_iter().map(|d| (d.code.clone(), d)).collect();
    let mut places = store::places(known.values());
    let mut rows = Vec::new();
    for new in new {
        rules::division(&new, &places)?;
        places.insert(
            new.code.clone(),
            rules::Place { level: new.level, parent_code: new.parent_code.clone() },
        );
        let row = division::Model {
            code: new.code,
            name: new.name.trim().to_owned(),
            level: new.level,
            parent_code: new.parent_code,
        };
        if known.get(&row.code) != Some(&row) {
            rows.push(division::ActiveModel::from(row));
        }
    }
    for chunk in rows.chunks(store::ROWS_AT_ONCE) {
        use division::Column::{Code, Level, Name, ParentCode};
        division::Entity::insert_many(chunk.to_vec())
            .on_conflict(
                OnConflict::column(Code).update_columns([Name, Level, ParentCode]).to_owned(),
            )
            .exec_without_returning(uow.tx())
            .await?;
    }
    if !rows.is_empty() {
        let body = json!({ "count": rows.len() });
        uow.record(Stream::System, "divisions.enter", "divisions".to_owned(), body);
    }
    uow.commit().await?;
    Ok(rows.len())
}

/// Enters enforcement fields or brings them up to date. Answers how many differed.
pub async fn enter_fields(
    platform: &Platform,
    actor: &Actor,
    new: Vec<NewField>,
) -> Result<usize, Failure<Refusal>> {
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let known: HashMap<String, enforcement_field::Model> =
        store::fields(uow.tx()).await?.into_iter().map(|f| (f.code.clone(), f)).collect();
    let mut rows = Vec::new();
    for new in new {
        let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let named = !new.name_zh.trim().is_empty() && !new.name_en.trim().is_empty();
        if !(1..=40).contains(&new.code.len()) || !new.code.bytes().all(word) || !named {
            return Err(Refusal::new(Code::FieldInvalid, &new.code).into());
        }
        let row = enforcement_field::Model {
            code: new.code,
            name_zh: new.name_zh,
            name_en: new.name_en,
            position: new.position,
        };
        if known.get(&row.code) != Some(&row) {
            rows.push(enforcement_field::ActiveModel::from(row));
        }
    }
    for chunk in rows.chunks(store::ROWS_AT_ONCE) {
        use enforcement_field::Column::{Code, NameEn, NameZh, Position};
        enforcement_field::Entity::insert_many(chunk.to_vec())
            .on_conflict(
                OnConflict::column(Code).update_columns([NameZh, NameEn, Position]).to_owned(),
            )
            .exec_without_returning(uow.tx())
            .await?;
    }
    if !rows.is_empty() {
        let body = json!({ "count": rows.len() });
        uow.record(Stream::System, "fields.enter", "fields".to_owned(), body);
    }
    uow.commit().await?;
    Ok(rows.len())
}
