//! Who may call what: every field of the root is called as nobody and as each role, and the
//! outcome compared with a committed table. A field that is new, or open to another role, is
//! seen in review or fails here.

use std::collections::{BTreeMap, BTreeSet};

use api::access::{self, Permission};
use api::platform::actor::Actor;
use api::policy::AccountsPolicy;
use chrono::Duration;
use entities::enums::Role;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::province::{PASSWORD, Province};
use crate::sdl::{Operation, Sdl, base};
use crate::snapshot::{assert_committed, role_heads, role_line};

const TABLE: &str = "api/tests/server/snapshots/role_operations.txt";

/// What nobody has to sign in for: a session is begun and kept by these.
const OPEN_TO_ALL: [&str; 3] = ["signIn", "activateAccount", "refreshSession"];

/// Words in the name of an operation that gives personal data whole.
const PERSONAL_DATA: [&str; 4] = ["personaldata", "idnumber", "reveal", "export"];
/// Who may read it: those who keep the register of people.
const KEEPERS: [Role; 2] = [Role::AgencyHr, Role::JusticeReviewer];

/// What a caller is answered, before any row is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Open,
    SignIn,
    Forbidden,
    /// Open to whoever gave the password not long ago.
    Recent,
    /// Open to whoever has a second factor, where the default policy holds.
    SecondFactor,
    /// Both together.
    Both,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Open => "yes",
            Self::Recent => "recent",
            Self::SecondFactor => "totp",
            Self::Both => "both",
            Self::SignIn | Self::Forbidden => "-",
        }
    }
}

async fn outcome(app: &TestApp, actor: Option<&Actor>, operation: &Operation) -> Outcome {
    let answer = match operation.kind {
        "subscription" => app.first_of_subscription(actor, &operation.call).await,
        _ => app.graphql(actor, &operation.call, json!({})).await,
    };
    let codes: Vec<&str> = answer["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|e| e["extensions"]["code"].as_str().unwrap_or("NONE"))
        .collect();
    match codes.as_slice() {
        ["UNAUTHENTICATED"] => Outcome::SignIn,
        ["FORBIDDEN"] => Outcome::Forbidden,
        ["REAUTHENTICATION_REQUIRED"] => Outcome::Recent,
        ["TOTP_REQUIRED"] => Outcome::SecondFactor,
        // Invented arguments may be refused, but must neither be impossible nor break anything.
        [
            "INTERNAL" | "BUSY" | "NONE" | "GRAPHQL_PARSE_FAILED" | "GRAPHQL_VALIDATION_FAILED",
            ..,
        ] => panic!("{}: {answer}", operation.call),
        _ => Outcome::Open,
    }
}

/// Outcomes by operation: those of nobody, then of each role in order.
async fn outcomes() -> BTreeMap<(&'static str, String), Vec<Outcome>> {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let mut actors = vec![None];
    for role in Role::all() {
        let login = role.code().to_lowercase().replace('_', "-");
        actors.push(Some(province.sign_in(&app, &login, role, province.justice).await));
    }
    let operations = Sdl::read().operations();
    let mut outcomes: BTreeMap<_, Vec<Outcome>> = BTreeMap::new();
    for operation in &operations {
        for actor in &actors {
            let key = (operation.kind, operation.name.clone());
            let outcome = outcome(&app, actor.as_ref(), operation).await;
            outcomes.entry(key).or_default().push(outcome);
        }
    }
    // Long after the password was given, some of what was open asks for it again.
    app.clock.advance(access::RECENT + Duration::seconds(1));
    for operation in &operations {
        let row = outcomes.get_mut(&(operation.kind, operation.name.clone())).unwrap();
        for (actor, before) in actors.iter().zip(row) {
            let after = outcome(&app, actor.as_ref(), operation).await;
            if *before == Outcome::Open && after == Outcome::Recent {
                *before = after;
            }
            assert_eq!(*before, after, "{}", operation.call);
        }
    }
    // Under the default policy, accounts without a second factor find some of it closed.
    let roles = AccountsPolicy::default().totp_required_roles;
    crate::accounts::ask_second_factor(&app, "620000", roles).await;
    let mut actors = vec![None];
    for role in Role::all() {
        let login = role.code().to_lowercase().replace('_', "-");
        let tokens = app.web.auth.sign_in(&app.platform, &login, PASSWORD.into()).await.unwrap();
        let actor = app.web.auth.authenticate(&app.platform, &tokens.access_token).await.unwrap();
        actors.push(Some(actor.unwrap()));
    }
    for operation in &operations {
        let row = outcomes.get_mut(&(operation.kind, operation.name.clone())).unwrap();
        for (actor, before) in actors.iter().zip(row) {
            let after = outcome(&app, actor.as_ref(), operation).await;
            match (*before, after) {
                (Outcome::Open, Outcome::SecondFactor) => *before = Outcome::SecondFactor,
                (Outcome::Recent, Outcome::SecondFactor) => *before = Outcome::Both,
                // They have just signed in.
                (Outcome::Recent, Outcome::Open) => {}
                _ => assert_eq!(*before, after, "{}", operation.call),
            }
        }
    }
    outcomes
}

#[tokio::test]
async fn every_operation_is_open_to_the_roles_of_the_table_and_no_other() {
    let outcomes = outcomes().await;

    // Whatever the table says: without signing in, only this; and nobody is told FORBIDDEN.
    let open: BTreeSet<&str> = outcomes
        .iter()
        .filter(|(_, row)| row[0] != Outcome::SignIn)
        .map(|((_, name), row)| {
            assert_eq!(row[0], Outcome::Open, "{name}");
            name.as_str()
        })
        .collect();
    assert_eq!(open, OPEN_TO_ALL.into());
    for ((_, name), row) in &outcomes {
        assert!(
            !row[1..].contains(&Outcome::SignIn),
            "{name} takes a signed-in account for nobody"
        );
    }
    for ((_, name), row) in &outcomes {
        let name = name.to_lowercase();
        if !PERSONAL_DATA.iter().any(|word| name.contains(word)) {
            continue;
        }
        for (role, outcome) in Role::all().zip(&row[1..]) {
            assert!(
                KEEPERS.contains(&role) || *outcome == Outcome::Forbidden,
                "{name} gives personal data to {role:?}"
            );
        }
    }
    assert_eq!(access::granted_to(Permission::ReadPersonalData), KEEPERS);

    let mut table = vec![
        "# Who may call what: yes, recent (with a password given not long ago), totp (by the default"
            .to_owned(),
        "# policy on accounts, with a second factor), both, or -.".to_owned(),
        "# Made by the test `permissions`; UPDATE_SNAPSHOTS=1 rewrites it, a person reviews it."
            .to_owned(),
    ];
    table.push(role_heads());
    for ((kind, name), row) in &outcomes {
        let words: Vec<&str> = row.iter().map(|o| o.word()).collect();
        table.push(role_line(&format!("{kind} {name}"), &words));
    }
    assert_committed(TABLE, &(table.join("\n") + "\n"));
}

/// Whole ID numbers, phones and birthdays stand in one type, and one operation leads there.
#[test]
fn personal_data_stands_in_one_type_that_one_operation_gives() {
    let sdl = Sdl::read();
    let fields_where = |wanted: &dyn Fn(&str, &str) -> bool| -> BTreeSet<String> {
        let all = sdl.0.keys().flat_map(|ty| sdl.fields(ty).iter().map(move |f| (ty, &f.node)));
        all.filter(|(_, f)| wanted(f.name.node.as_str(), base(&f.ty.node)))
            .map(|(ty, f)| format!("{ty}.{}", f.name.node))
            .collect()
    };
    let whole = ["idNumber", "phone", "bornOn", "birthday", "dateOfBirth"];
    assert_eq!(
        fields_where(&|name, _| whole.contains(&name)),
        ["idNumber", "phone", "bornOn"].map(|f| format!("PersonalData.{f}")).into()
    );
    for (ty, only) in [
        ("PersonalData", "PersonalDataPayload.personalData"),
        ("PersonalDataPayload", "Mutation.revealPersonalData"),
    ] {
        assert_eq!(fields_where(&|_, of| of == ty), [only.to_owned()].into(), "{ty}");
    }
}

#[tokio::test]
async fn what_is_forbidden_is_refused_before_its_arguments_are_looked_up() {
    // A supervisor is told the same for an account that exists and for one that does not.
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let supervisor = province.sign_in(&app, "super", Role::Supervisor, province.justice).await;
    let someone = province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    let call = "mutation($id: ID!) { disableAccount(accountId: $id) { accountId } }";
    let existing = api::graphql::ids::encode(someone.account().unwrap());
    let mut answers = Vec::new();
    for id in [existing.as_str(), "acct_00000000000000000000000000000000", "nonsense"] {
        answers.push(app.graphql(Some(&supervisor), call, json!({ "id": id })).await);
    }
    assert!(answers.iter().all(|a| *a == answers[0]), "{answers:?}");
    assert_eq!(answers[0]["errors"][0]["extensions"]["code"], "FORBIDDEN");
    assert_eq!(answers[0]["data"], Value::Null);
}
