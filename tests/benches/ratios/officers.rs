//! A page of 50 officers with agency and current certificate, authorised and scoped, against a
//! handler that sends one hand-written statement of PostgreSQL and passes its JSON on.

use anyhow::{Context, ensure};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::client::{self, Client};
use crate::deployment::Deployment;
use crate::{Row, TURNS, median};

/// A justice department that reaches its city's districts.
const LOGIN: &str = "reviewer.lanzhou";
/// Pages of a turn.
const BLOCK: usize = 80;

const QUERY: &str = "query($after: String) { officers(first: 50, after: $after) { nodes { id name \
    kind agency { id name } currentCertificate { number state validUntil } } pageInfo { hasNextPage \
    endCursor } } }";

const STATEMENT: &str = "SELECT coalesce(json_agg(page), '[]')::text FROM ( \
    SELECT p.id, p.name, p.kind, json_build_object('id', a.id, 'name', a.name) AS agency, \
        CASE WHEN c.id IS NOT NULL THEN json_build_object('number', c.number, 'state', c.state, \
            'validUntil', c.valid_until) END AS certificate \
    FROM people p JOIN agencies a ON a.id = p.agency_id \
    LEFT JOIN certificates c \
        ON c.person_id = p.id AND c.state IN ('ISSUED', 'ACTIVE', 'SUSPENDED') \
    WHERE p.agency_id IN (SELECT agency_id FROM agency_closure \
        WHERE axis = 'TERRITORY' AND ancestor_id = $1) AND (p.name, p.id) > ($2, $3) \
    ORDER BY p.name, p.id LIMIT 50) page";

/// Where the pages of the other side begin.
#[derive(Clone)]
struct Pages {
    db: DatabaseConnection,
    root: Uuid,
    after: Vec<(String, Uuid)>,
}

async fn page(State(pages): State<Pages>, Path(number): Path<usize>) -> Result<String, StatusCode> {
    let (name, id) = pages.after.get(number).ok_or(StatusCode::NOT_FOUND)?;
    let values = [pages.root.into(), name.as_str().into(), (*id).into()];
    let statement =
        Statement::from_sql_and_values(pages.db.get_database_backend(), STATEMENT, values);
    let row = pages.db.query_one_raw(statement).await;
    let row = row.ok().flatten().ok_or(StatusCode::INTERNAL_SERVER_ERROR)?;
    row.try_get_by_index(0).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

/// An id of the API as the database has it.
fn uuid(id: &Value) -> anyhow::Result<Uuid> {
    let hex = id.as_str().and_then(|id| id.rsplit('_').next()).context("an id")?;
    Ok(Uuid::try_parse(hex)?)
}

/// Takes turns over the pages of one account's list.
pub async fn measure(deployment: &Deployment) -> anyhow::Result<Row> {
    let token = deployment.token(LOGIN).await?;
    let ask = |query: &str, variables: Value| {
        client::post(
            "/graphql",
            &token,
            &json!({ "query": query, "variables": variables }).to_string(),
        )
    };
    let ours = client::serve(api::http::router(deployment.web.clone())).await?;
    let mut ours = Client::connect(ours).await?;
    let viewer = ours.block(&[ask("{ viewer { roles { agencyId axis } } }", json!({}))]).await?.0;
    let viewer: Value = serde_json::from_str(&viewer[0])?;
    let root = uuid(&viewer["data"]["viewer"]["roles"][0]["agencyId"])?;

    // Walk once to learn where each page begins.
    let (mut requests, mut after) =
        (Vec::new(), vec![(String::new(), uuid(&json!("0".repeat(32)))?)]);
    let mut cursor = Value::Null;
    loop {
        let request = ask(QUERY, json!({ "after": cursor }));
        let (answers, _) = ours.block(std::slice::from_ref(&request)).await?;
        let answer: Value = serde_json::from_str(&answers[0])?;
        let list = &answer["data"]["officers"];
        let nodes = list["nodes"].as_array().with_context(|| answer.to_string())?;
        if nodes.len() < 50 {
            break;
        }
        requests.push(request);
        let last = &nodes[49];
        after.push((last["name"].as_str().context("a name")?.to_owned(), uuid(&last["id"])?));
        cursor = list["pageInfo"]["endCursor"].clone();
    }
    let pages = requests.len();
    ensure!(pages >= 3, "only {pages} whole pages");
    let others: Vec<Vec<u8>> = (0..pages).map(|n| client::get(&format!("/{n}"))).collect();
    let db = deployment.web.platform.db.read().clone();
    let other = Router::new().route("/{number}", get(page)).with_state(Pages { db, root, after });
    let mut other = Client::connect(client::serve(other).await?).await?;

    let repeated = |some: &[Vec<u8>]| some.iter().cycle().take(BLOCK).cloned().collect::<Vec<_>>();
    let (requests, others) = (repeated(&requests), repeated(&others));
    let mut rates = [Vec::new(), Vec::new()];
    for turn in 0..=TURNS {
        let (our_answers, our_rate) = ours.block(&requests).await?;
        let (other_answers, other_rate) = other.block(&others).await?;
        for (ours, other) in our_answers.iter().zip(&other_answers) {
            ensure!(told(ours)? == statement_told(other)?, "{ours}\n{other}");
        }
        if turn > 0 {
            rates[0].push(our_rate);
            rates[1].push(other_rate);
        }
    }
    Ok(Row {
        what: "50 officers with agency and current certificate over GraphQL, session and scope checked",
        against: "a handler that sends one hand-written `json_agg` statement",
        engine: deployment.engine.clone(),
        rates: rates.map(median),
        aim: Some(1.0),
    })
}

/// What a page of ours says, in a form to compare.
fn told(answer: &str) -> anyhow::Result<Value> {
    let answer: Value = serde_json::from_str(answer)?;
    let nodes = answer["data"]["officers"]["nodes"].as_array().context("nodes")?;
    let rows = nodes.iter().map(|node| {
        let certificate = &node["currentCertificate"];
        Ok(json!([
            uuid(&node["id"])?,
            node["name"],
            node["kind"],
            uuid(&node["agency"]["id"])?,
            node["agency"]["name"],
            certificate["number"],
            certificate["state"],
            certificate["validUntil"]
        ]))
    });
    rows.collect()
}

/// What a page of the statement says, in the same form.
fn statement_told(answer: &str) -> anyhow::Result<Value> {
    let answer: Value = serde_json::from_str(answer)?;
    let rows = answer.as_array().context("rows")?.iter().map(|row| {
        let certificate = &row["certificate"];
        json!([
            row["id"],
            row["name"],
            row["kind"],
            row["agency"]["id"],
            row["agency"]["name"],
            certificate["number"],
            certificate["state"],
            certificate["validUntil"]
        ])
    });
    Ok(rows.collect())
}
