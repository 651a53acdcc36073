//! A signed-in account as a client of GraphQL and of the files over REST.

use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::server::Server;

/// An account and its token.
pub struct Session {
    client: Client,
    url: String,
    token: String,
}

impl Session {
    /// Signs in.
    pub async fn sign_in(server: &Server, login: &str, password: &str) -> Self {
        let mut session = Self::of(server, "");
        let sign_in = "mutation($login: String!, $password: String!) { signIn(login: $login, \
            password: $password) { tokens { accessToken } userErrors { code } } }";
        let answer = session.ask(sign_in, json!({ "login": login, "password": password })).await;
        session.token = answer["tokens"]["accessToken"]
            .as_str()
            .unwrap_or_else(|| panic!("{login} is not signed in: {answer}"))
            .to_owned();
        session
    }

    /// Whoever holds a token; nobody where it is empty.
    pub fn of(server: &Server, token: &str) -> Self {
        Self { client: Client::new(), url: server.url.clone(), token: token.to_owned() }
    }

    /// Whoever holds another token of the same server.
    pub fn with_token(&self, token: &str) -> Self {
        Self { client: self.client.clone(), url: self.url.clone(), token: token.to_owned() }
    }

    /// A request to a path, with the token.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        if self.token.is_empty() { request } else { request.bearer_auth(&self.token) }
    }

    /// The whole answer to an operation.
    pub async fn execute(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        let response = self.request(Method::POST, "/graphql").json(&body).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.json().await.unwrap()
    }

    /// The one field of an operation that must not fail.
    pub async fn ask(&self, query: &str, variables: Value) -> Value {
        let answer = self.execute(query, variables).await;
        assert_eq!(answer.get("errors"), None, "{answer}");
        let fields = answer["data"].as_object().unwrap();
        assert_eq!(fields.len(), 1, "{answer}");
        fields.values().next().unwrap().clone()
    }

    /// A bulk mutation over `$ids` that must succeed for each of them; what was created, in order.
    pub async fn each(&self, query: &str, ids: &[String]) -> Vec<String> {
        let mut created = Vec::new();
        for ids in ids.chunks(500) {
            let answer = self.ask(query, json!({ "ids": ids })).await;
            assert_eq!(answer["userErrors"], json!([]), "{answer}");
            let results = answer["results"].as_array().unwrap();
            assert_eq!(results.len(), ids.len());
            for result in results {
                assert_eq!(result["ok"], true, "{result}");
                created.extend(result["createdId"].as_str().map(str::to_owned));
            }
        }
        created
    }

    /// A file by its path.
    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    /// Sends a roster and answers what staging says of it: the status and the body.
    pub async fn stage(&self, name: &str, file: Vec<u8>) -> (u16, Value) {
        let path = format!("/imports?name={name}");
        let response = self.request(Method::POST, &path).body(file).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// Lets a staged import be applied.
    pub async fn begin_import(&self, id: &str) {
        let apply = "mutation($id: ID!) { applyImport(id: $id, confirm: true) { import { state } \
            userErrors { code message } } }";
        let begun = self.ask(apply, json!({ "id": id })).await;
        assert_eq!(begun, json!({ "import": { "state": "APPLYING" }, "userErrors": [] }));
    }

    /// How an import stands.
    pub async fn import(&self, id: &str) -> Value {
        let import = "query($id: ID!) { import(id: $id) { state cursor total created updated \
            unchanged failed refused } }";
        self.ask(import, json!({ "id": id })).await
    }
}

/// Asks again and again until the answer is the one waited for; fails after two minutes.
pub async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        let mut between = tokio::time::interval(std::time::Duration::from_millis(20));
        loop {
            between.tick().await;
            if let Some(answer) = ask().await {
                return answer;
            }
        }
    };
    let limit = std::time::Duration::from_mins(2);
    tokio::time::timeout(limit, asking).await.unwrap_or_else(|_| panic!("waited in vain: {what}"))
}

/// What anybody is given under a path; nothing where it is not there.
pub async fn fetch(url: &str, path: &str) -> Option<Vec<u8>> {
    let answer = reqwest::get(format!("{url}{path}")).await.unwrap();
    if !answer.status().is_success() {
        return None;
    }
    Some(answer.bytes().await.unwrap().to_vec())
}

/// Puts people forward for qualification.
pub const NOMINATE: &str = "mutation($ids: [ID!]!) { nominateCandidates(personIds: $ids) \
    { results { ok createdId userErrors { code } } userErrors { code } } }";
/// Decides that candidates qualify.
pub const QUALIFY: &str = "mutation($ids: [ID!]!) { decideQualifications(ids: $ids, decision: \
    QUALIFY) { results { ok createdId userErrors { code } } userErrors { code } } }";
/// Applies for first certificates.
pub const APPLY: &str = "mutation($ids: [ID!]!) { applyForCertificates(personIds: $ids, act: \
    INITIAL) { results { ok createdId userErrors { code } } userErrors { code } } }";
/// Finds applications in order.
pub const APPROVE: &str = "mutation($ids: [ID!]!) { reviewApplications(ids: $ids, decision: \
    APPROVE) { results { ok createdId userErrors { code } } userErrors { code } } }";
/// Records handovers.
pub const HAND_OVER: &str = "mutation($ids: [ID!]!) { handOverCertificates(ids: $ids) \
    { results { ok createdId userErrors { code } } userErrors { code } } }";
