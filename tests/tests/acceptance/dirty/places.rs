//! The agencies of the demo that the dirty roster speaks of, as the register has them.

use serde_json::{Value, json};

use crate::session::Session;

/// An agency.
#[derive(Clone)]
pub struct Place {
    /// Full name.
    pub name: String,
    /// Short and former names.
    pub aliases: Vec<String>,
    /// Unified social credit code.
    pub uscc: String,
    /// Code of its division.
    pub division: String,
}

/// Agencies of one city, within reach of its justice department.
pub struct Places {
    /// The district's market regulation, where most people of the roster work.
    pub market: Place,
    /// The city's market regulation.
    pub city: Place,
    /// A county's agriculture.
    pub county: Place,
    /// The full name of the city's justice department, an issuing authority.
    pub issuer: String,
}

impl Places {
    /// Asks the register.
    pub async fn ask(session: &Session) -> Self {
        Self {
            market: place(session, "兰州市城关区市场监督管理局").await,
            city: place(session, "兰州市市场监督管理局").await,
            county: place(session, "榆中县农业农村局").await,
            issuer: place(session, "兰州市司法局").await.name,
        }
    }
}

async fn place(session: &Session, name: &str) -> Place {
    let query = "query($name: String!) { agencies(first: 5, search: $name) { nodes { name aliases \
        uscc division { code } } } }";
    let found = session.ask(query, json!({ "name": name })).await;
    let nodes = found["nodes"].as_array().unwrap();
    let node = nodes.iter().find(|node| node["name"] == name).expect("an agency of the demo");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Place {
        name: text(&node["name"]),
        aliases: node["aliases"].as_array().unwrap().iter().map(text).collect(),
        uscc: text(&node["uscc"]),
        division: text(&node["division"]["code"]),
    }
}
