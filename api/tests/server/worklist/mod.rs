//! Work lists, what is odd and looked at first, roles lent to others, small offices.

mod decisions;
mod delegation;
mod joint;
mod lists;
mod odd;
mod small;

use api::graphql::ids::{NodeId, encode};
use api::platform::actor::Actor;
use api::policy::{self, NewVersion, PolicyKey, ReviewPolicy};
use entities::ids::PersonId;
use entities::{grant, person};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::accounts::ask;
use crate::certification::world::World;

const WORK: &str = "query($first: Int, $after: String, $kinds: [WorkKind!]) { \
    myWork(first: $first, after: $after, kinds: $kinds) { \
    nodes { kind subjectId person { name } label since dueOn dueAt reminderDays reasons returnedBy \
    escalation { code } } pageInfo { hasNextPage endCursor } } }";

/// Everything that waits for an actor.
async fn work(world: &World, actor: &Actor) -> Vec<Value> {
    let found = ask(world.app(), actor, WORK, json!({ "first": 100 })).await;
    assert_eq!(found["pageInfo"]["hasNextPage"], false);
    found["nodes"].as_array().unwrap().clone()
}

/// The kinds of what waits and the subjects.
async fn kinds(world: &World, actor: &Actor) -> Vec<(String, String)> {
    let word = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
    let found = work(world, actor).await;
    found.iter().map(|item| (word(item, "kind"), word(item, "subjectId"))).collect()
}

fn waits<T: NodeId>(kind: &str, id: T) -> (String, String) {
    (kind.to_owned(), encode(id))
}

/// Enters a version of the policy on reviews from today on.
async fn review_policy(world: &World, division: &str, body: ReviewPolicy) {
    let version = NewVersion {
        key: PolicyKey::Review,
        division: division.into(),
        effective_from: api::platform::clock::local_date(world.platform.now()),
        body: serde_json::to_value(body).unwrap(),
    };
    policy::enter_version(&world.platform, &Actor::System, version).await.unwrap();
}

/// Ends every role of an actor, as if somebody had left.
async fn leave(world: &World, actor: &Actor) {
    grant::Entity::update_many()
        .col_expr(grant::Column::EndedAt, Expr::value(world.platform.now()))
        .filter(grant::Column::AccountId.eq(actor.account().unwrap()))
        .exec(world.platform.db.writer())
        .await
        .unwrap();
}

/// The unit above everything.
async fn province(world: &World) -> entities::ids::AgencyId {
    let found = entities::agency::Entity::find()
        .filter(entities::agency::Column::DivisionCode.eq("620000"))
        .one(world.platform.db.read())
        .await;
    found.unwrap().unwrap().id
}

async fn name_of(world: &World, id: PersonId) -> String {
    person::Entity::find_by_id(id).one(world.platform.db.read()).await.unwrap().unwrap().name
}
