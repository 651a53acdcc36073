//! The accounts an administrator keeps: a page with roles, second factor and open invitation, in
//! four statements.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entities::ids::{AccountId, AgencyId};
use entities::{account, grant, invitation, person, second_factor};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait,
};

use super::store;
use crate::access::Scope;
use crate::graphql::ids::decode_or_nil;
use crate::graphql::page::Page;
use crate::platform::failure::Fault;

/// Which accounts a list shows.
#[derive(Clone, Debug, Default)]
pub struct AccountFilter {
    /// A whole sign-in name.
    pub login: Option<String>,
    /// The agency of the person.
    pub agency: Option<AgencyId>,
}

/// An account as its administrator sees it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The account.
    pub account: account::Model,
    /// Its person.
    pub person: person::Model,
    /// Roles that hold or will.
    pub roles: Vec<grant::Model>,
    /// Has a second factor since.
    pub enrolled_at: Option<DateTime<Utc>>,
    /// The invitation that can be taken up now.
    pub invitation: Option<invitation::Model>,
}

/// Accounts of people within a scope, in the order they were entered.
pub async fn accounts(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: &AccountFilter,
    page: &Page,
    now: DateTime<Utc>,
) -> Result<Vec<Listed>, Fault> {
    let mut select = account::Entity::find()
        .join(JoinType::InnerJoin, account::Relation::Person.def())
        .select_also(person::Entity)
        .filter(scope.condition((person::Entity, person::Column::AgencyId)));
    if let Some(login) = &filter.login {
        select = select.filter(account::Column::Login.eq(login));
    }
    if let Some(agency) = filter.agency {
        select = select.filter(person::Column::AgencyId.eq(agency));
    }
    if let Some([id]) = page.after.as_deref() {
        let id = decode_or_nil::<AccountId>(id);
        select = select.filter(account::Column::Id.gt(id));
    }
    let rows = select.order_by_asc(account::Column::Id).limit(page.limit()).all(db).await?;
    let ids: Vec<AccountId> = rows.iter().map(|(account, _)| account.id).collect();

    let mut roles: HashMap<AccountId, Vec<grant::Model>> = HashMap::new();
    let granted = grant::Entity::find()
        .filter(grant::Column::AccountId.is_in(ids.iter().copied()))
        .filter(store::not_over(now))
        .order_by_asc(grant::Column::Id)
        .all(db)
        .await?;
    for row in granted {
        roles.entry(row.account_id).or_default().push(row);
    }
    let factors: HashMap<AccountId, second_factor::Model> = second_factor::Entity::find()
        .filter(second_factor::Column::AccountId.is_in(ids.iter().copied()))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.account_id, row))
        .collect();
    let mut invitations: HashMap<AccountId, invitation::Model> = invitation::Entity::find()
        .filter(invitation::Column::AccountId.is_in(ids))
        .filter(invitation::Column::UsedAt.is_null())
        .filter(invitation::Column::RevokedAt.is_null())
        .filter(invitation::Column::ExpiresAt.gt(now))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.account_id, row))
        .collect();
    Ok(rows
        .into_iter()
        .filter_map(|(account, person)| {
            let id = account.id;
            Some(Listed {
                account,
                person: person?,
                roles: roles.remove(&id).unwrap_or_default(),
                enrolled_at: factors.get(&id).and_then(|f| f.enrolled_at),
                invitation: invitations.remove(&id),
            })
        })
        .collect())
}
