//! A signed-in account over a server's public interfaces.

use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::process::Server;

/// Ids of one bulk mutation.
const AT_ONCE: usize = 500;
/// A token lives ten minutes; a new one is taken well before.
const TOKEN: Duration = Duration::from_mins(5);

/// An account and its token.
pub struct Session {
    client: Client,
    url: String,
    login: String,
    password: String,
    token: Option<(String, Instant)>,
}

impl Session {
    /// An account, which signs in with its first request.
    pub fn new(server: &Server, login: &str, password: &str) -> Self {
        Self {
            client: Client::new(),
            url: server.url.clone(),
            login: login.to_owned(),
            password: password.to_owned(),
            token: None,
        }
    }

    /// A request with a token that holds.
    pub async fn request(&mut self, method: Method, path: &str) -> anyhow::Result<RequestBuilder> {
        let token = match &self.token {
            Some((token, since)) if since.elapsed() < TOKEN => token.clone(),
            _ => {
                let sign_in = "mutation($login: String!, $password: String!) { signIn(login: \
                    $login, password: $password) { tokens { accessToken } userErrors { code } } }";
                let variables = json!({ "login": self.login, "password": self.password });
                let post = self.client.post(format!("{}/graphql", self.url));
                let answer = field(post, sign_in, variables).await?;
                let token = answer["tokens"]["accessToken"].as_str();
                let token = token.with_context(|| format!("{}: {answer}", self.login))?.to_owned();
                self.token = Some((token.clone(), Instant::now()));
                token
            }
        };
        Ok(self.client.request(method, format!("{}{path}", self.url)).bearer_auth(token))
    }

    /// The one field of an operation that must not fail.
    pub async fn ask(&mut self, query: &str, variables: Value) -> anyhow::Result<Value> {
        let post = self.request(Method::POST, "/graphql").await?;
        field(post, query, variables).await
    }

    /// A bulk mutation over `$ids`; what was created for those for whom it could be done.
    pub async fn each(&mut self, query: &str, ids: &[String]) -> anyhow::Result<Vec<String>> {
        let mut created = Vec::new();
        for ids in ids.chunks(AT_ONCE) {
            let answer = self.ask(query, json!({ "ids": ids })).await?;
            let results = answer["results"].as_array().with_context(|| answer.to_string())?;
            ensure!(results.len() == ids.len(), "{} answers to {}", results.len(), ids.len());
            let taken = results.iter().filter(|result| result["ok"] == true);
            created.extend(taken.filter_map(|r| r["createdId"].as_str()).map(str::to_owned));
        }
        Ok(created)
    }

    /// The ids of a whole list, page by page.
    pub async fn ids(
        &mut self,
        list: &str,
        filter: &str,
        most: usize,
    ) -> anyhow::Result<Vec<String>> {
        let query = format!(
            "query($after: String) {{ {list}(first: 100, after: $after{filter}) {{ nodes {{ id }} \
             pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let (mut ids, mut after) = (Vec::new(), Value::Null);
        while ids.len() < most {
            let page = self.ask(&query, json!({ "after": after })).await?;
            let nodes = page["nodes"].as_array().context("nodes")?;
            ids.extend(nodes.iter().filter_map(|node| node["id"].as_str()).map(str::to_owned));
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        ids.truncate(most);
        Ok(ids)
    }

    /// Asks until the state is none of those of what is under way.
    pub async fn until_done(&mut self, query: &str, id: &str) -> anyhow::Result<Value> {
        loop {
            let answer = self.ask(query, json!({ "id": id })).await?;
            let state = answer["state"].as_str().context("a state")?;
            if !["APPLYING", "QUEUED", "RUNNING"].contains(&state) {
                return Ok(answer);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

async fn field(post: RequestBuilder, query: &str, variables: Value) -> anyhow::Result<Value> {
    let body = json!({ "query": query, "variables": variables });
    let answer: Value = post.json(&body).send().await?.error_for_status()?.json().await?;
    if answer.get("errors").is_some() {
        bail!("{answer}");
    }
    let fields = answer["data"].as_object().context("data")?;
    fields.values().next().cloned().context("a field")
}
