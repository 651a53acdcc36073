//! The demo holds somebody in every state there is: a client can be built and shown against it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::demo::Demo;
use crate::server::Server;
use crate::session::Session;

/// The states that a walk over the demo must meet, by the enumeration of the schema they belong to,
/// with those that nothing leads to.
const STATES: [(&str, &[&str]); 14] = [
    ("PersonKind", &[]),
    ("DutyStatus", &[]),
    ("Establishment", &[]),
    ("Employment", &[]),
    ("StandingKind", &[]),
    ("QualificationState", &[]),
    ("ApplicationAct", &[]),
    // No application is kept before it is handed in.
    ("ApplicationState", &["DRAFT"]),
    ("ApplicationStep", &[]),
    ("CertificateState", &[]),
    ("CertificateAct", &[]),
    ("CertificateOrigin", &[]),
    ("ExistingKind", &[]),
    // No roster of the demo is taken back or corrected.
    ("ExistingState", &["WITHDRAWN"]),
];

/// What was met, by enumeration.
#[derive(Default)]
struct Met(BTreeMap<&'static str, BTreeSet<String>>);

impl Met {
    fn see(&mut self, enumeration: &'static str, value: &Value) {
        let value = value.as_str().unwrap_or_else(|| panic!("{enumeration}: {value}"));
        self.0.entry(enumeration).or_default().insert(value.to_owned());
    }
}

/// Every node of a list, page by page.
async fn all(session: &Session, list: &str, fields: &str) -> Vec<Value> {
    let query = format!(
        "query($after: String) {{ {list}(first: 100, after: $after) {{ nodes {{ {fields} }} \
         pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    let (mut nodes, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = session.ask(&query, json!({ "after": after })).await;
        nodes.extend(page["nodes"].as_array().unwrap().iter().cloned());
        if page["pageInfo"]["hasNextPage"] == false {
            return nodes;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

fn each(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().unwrap().iter()
}

#[tokio::test]
async fn somebody_of_the_demo_is_in_every_state_of_the_schema() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let auditor = demo.sign_in(&server, "auditor.gansu").await;
    let mut met = Met::default();

    let people = "kind duty establishment employment standings(lifted: true) { kind liftReason } \
        examResults { subject cycle attempt scoreTenths }";
    let (mut resits, mut lifted) = (BTreeSet::new(), 0);
    for person in all(&auditor, "officers", people).await {
        met.see("PersonKind", &person["kind"]);
        met.see("DutyStatus", &person["duty"]);
        met.see("Establishment", &person["establishment"]);
        met.see("Employment", &person["employment"]);
        for standing in each(&person["standings"]) {
            met.see("StandingKind", &standing["kind"]);
            lifted += usize::from(!standing["liftReason"].is_null());
        }
        let second = each(&person["examResults"]).filter(|e| e["attempt"] == 2);
        resits.extend(second.map(|e| e["scoreTenths"].as_i64().unwrap() >= 600));
    }
    assert_eq!(resits, BTreeSet::from([false, true]), "resits failed and passed");
    assert!(lifted > 0, "no bar was lifted");

    for qualification in all(&auditor, "qualifications", "state").await {
        met.see("QualificationState", &qualification["state"]);
    }
    let mut renewals = BTreeSet::new();
    for application in all(&auditor, "applications", "act state steps { step }").await {
        met.see("ApplicationAct", &application["act"]);
        met.see("ApplicationState", &application["state"]);
        for step in each(&application["steps"]) {
            met.see("ApplicationStep", &step["step"]);
        }
        if application["act"] == "RENEWAL" {
            renewals.insert(application["state"].as_str().unwrap().to_owned());
        }
    }
    assert!(
        ["APPLIED", "RETURNED", "APPROVED"].iter().all(|state| renewals.contains(*state)),
        "renewals: {renewals:?}"
    );

    // How the certificates of one person stand beside each other.
    let mut held: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let certificates = "state origin ground { code } holder { id } events { act }";
    for certificate in all(&auditor, "certificates", certificates).await {
        met.see("CertificateState", &certificate["state"]);
        met.see("CertificateOrigin", &certificate["origin"]);
        for event in each(&certificate["events"]) {
            met.see("CertificateAct", &event["act"]);
        }
        let ground = certificate["ground"]["code"].as_str();
        let state = certificate["state"].as_str().unwrap();
        let stands = ground.map_or_else(|| state.to_owned(), |ground| format!("{state} {ground}"));
        let holder = certificate["holder"]["id"].as_str().unwrap();
        held.entry(holder.to_owned()).or_default().insert(stands);
    }
    for pair in [
        ["ACTIVE", "CANCELLED RENEWED"],
        ["ACTIVE", "CANCELLED LOSS"],
        ["ACTIVE", "CANCELLED REPLACED"],
        ["ACTIVE", "ISSUED"],
    ] {
        let both = BTreeSet::from(pair.map(str::to_owned));
        assert!(held.values().any(|stands| *stands == both), "nobody holds {pair:?}");
    }

    let mut odd = 0;
    for existing in all(&auditor, "existingCertificates", "kind state exceptions { code }").await {
        met.see("ExistingKind", &existing["kind"]);
        met.see("ExistingState", &existing["state"]);
        odd += usize::from(each(&existing["exceptions"]).next().is_some());
    }
    assert!(odd > 0, "no existing certificate is odd");

    for (enumeration, unreachable) in STATES {
        let query = format!("{{ __type(name: \"{enumeration}\") {{ enumValues {{ name }} }} }}");
        let declared = auditor.ask(&query, json!({})).await;
        let expected: BTreeSet<String> = each(&declared["enumValues"])
            .map(|value| value["name"].as_str().unwrap().to_owned())
            .filter(|name| !unreachable.contains(&name.as_str()))
            .collect();
        assert_eq!(met.0.get(enumeration), Some(&expected), "{enumeration}");
    }
    server.stop().await;
}
