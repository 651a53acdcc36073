//! Who does nothing at the desk of exams: whoever sits, whoever entered what is to be confirmed, and
//! their delegates.

use api::auth::accounts::{self, NewAccount};
use api::graphql::ids::encode;
use api::platform::actor::Actor;
use api::training::{self, Target, Value};
use entities::enums::{ExamOutcome, Role, ScopeAxis};
use entities::ids::PersonId;
use serde_json::json;

use super::exams::results;
use super::{Desk, refused};
use crate::province::PASSWORD;

impl Desk {
    /// A justice reviewer of the county who is somebody of the register.
    async fn reviewer_who_is(&self, person: PersonId, login: &str) -> Actor {
        let justice = self.province.county_justice;
        let account = NewAccount {
            person,
            login: login.into(),
            password: Some(PASSWORD.into()),
            roles: vec![(Role::JusticeReviewer, justice, ScopeAxis::Territory)],
        };
        let (app, system) = (&self.app, &Actor::System);
        accounts::enter(&app.web.auth, &app.platform, system, account).await.unwrap();
        self.signed_in(login).await
    }

    /// Whoever signs in now, with what was lent to them.
    async fn signed_in(&self, login: &str) -> Actor {
        let tokens = crate::accounts::sign_in(&self.app, login, PASSWORD, None).await;
        crate::accounts::actor(&self.app, &tokens["tokens"]).await.unwrap()
    }

    /// Lends the role of a reviewer to somebody who has another.
    async fn lend(&self, by: &Actor, to: &str) -> Actor {
        let justice = self.province.county_justice;
        self.province.sign_in(&self.app, to, Role::Auditor, justice).await;
        let lend =
            "mutation($i: DelegateRoleInput!) { delegateRole(input: $i) { userErrors { code } } }";
        let input = json!({
            "role": "JUSTICE_REVIEWER", "agencyId": encode(justice), "toLogin": to,
            "until": self.app.now() + chrono::Duration::days(1),
        });
        let lent = self.ask(by, lend, json!({ "i": input })).await;
        assert_eq!(lent, json!({ "userErrors": [] }));
        self.signed_in(to).await
    }
}

#[tokio::test]
async fn whoever_sits_does_nothing_about_it_themselves_nor_does_their_delegate() {
    let desk = Desk::new().await;
    let platform = &desk.app.platform;
    let (person, other) = (desk.officer(1, "张三").await, desk.officer(2, "李四").await);
    let sitter = desk.reviewer_who_is(person, "sitter").await;
    let delegate = desk.lend(&sitter, "delegate").await;
    let sitting = desk.sitting("2026-03-02", true).await;
    for actor in [&sitter, &delegate] {
        let both = vec![(person, Value::Candidate), (other, Value::Candidate)];
        let registered = desk.codes(actor, Target::Candidates(sitting), both).await;
        assert_eq!(registered, ["OWN_RECORD", ""]);
    }
    assert_eq!(desk.register(sitting, &[person]).await, [""]);
    let scored = (ExamOutcome::Scored, Some(700));
    let withdraw = async |actor, who| training::withdraw(platform, actor, sitting, who).await;
    for actor in [&sitter, &delegate] {
        assert_eq!(refused(withdraw(actor, person).await), "OWN_RECORD");
        let outcome = vec![(person, Value::Outcome(scored.0, scored.1))];
        let entered = desk.codes(actor, Target::Results(sitting), outcome).await;
        assert_eq!(entered, ["OWN_RECORD"]);
    }
    let outcomes = [person, other].map(|who| (who, scored.0, scored.1));
    assert_eq!(desk.outcome(sitting, &outcomes).await, ["", ""]);
    for actor in [&sitter, &delegate] {
        assert_eq!(refused(withdraw(actor, person).await), "OWN_RECORD");
        assert_eq!(refused(withdraw(actor, other).await), "EXAM_OUTCOME_ENTERED");
        let confirmed = training::confirm_sitting(platform, actor, sitting).await;
        assert_eq!(refused(confirmed), "OWN_RECORD");
    }
    training::confirm_sitting(platform, &desk.second, sitting).await.unwrap();
    let better = (ExamOutcome::Scored, Some(900));
    let correct = async |actor, who| {
        training::correct_outcome(platform, actor, sitting, who, better, "复核").await
    };
    for actor in [&sitter, &delegate] {
        assert_eq!(refused(correct(actor, person).await), "OWN_RECORD");
    }
    correct(&sitter, other).await.unwrap();
    assert_eq!(results(&desk).await, ["2026-03-02 张三 1/1 700", "2026-03-02 李四 1/1 900"]);
}

#[tokio::test]
async fn what_was_entered_waits_for_another_person_and_no_delegate_of_who_entered_it_confirms_it() {
    let desk = Desk::new().await;
    let platform = &desk.app.platform;
    let person = desk.officer(1, "张三").await;
    let sitting = desk.sitting("2026-03-02", false).await;
    assert_eq!(desk.register(sitting, &[person]).await, [""]);
    let waiting = async |actor: &Actor| {
        let query = "{ myWork(kinds: [SITTING_TO_CONFIRM]) { nodes { subjectId } } }";
        desk.ask(actor, query, json!({})).await["nodes"].clone()
    };
    assert_eq!(waiting(&desk.second).await, json!([]), "nothing was entered yet");
    let colleague = desk.lend(&desk.reviewer, "colleague").await;

    let entered = [(person, ExamOutcome::Scored, Some(800))];
    assert_eq!(desk.outcome(sitting, &entered).await, [""]);
    assert_eq!(waiting(&desk.reviewer).await, json!([]));
    assert_eq!(waiting(&colleague).await, json!([]));
    assert_eq!(waiting(&desk.second).await, json!([{ "subjectId": encode(sitting) }]));
    let confirm = |actor| training::confirm_sitting(platform, actor, sitting);
    assert_eq!(refused(confirm(&desk.reviewer).await), "SEPARATION_OF_DUTIES");
    assert_eq!(refused(confirm(&colleague).await), "SEPARATION_OF_DUTIES");

    // Nor the other way: what a delegate entered is the lender's too.
    let by_delegate = entered.iter().map(|(p, o, _)| (*p, Value::Outcome(*o, Some(810)))).collect();
    assert_eq!(desk.codes(&colleague, Target::Results(sitting), by_delegate).await, [""]);
    assert_eq!(refused(confirm(&desk.reviewer).await), "SEPARATION_OF_DUTIES");
    confirm(&desk.second).await.unwrap();
    assert_eq!(waiting(&desk.second).await, json!([]));
    assert_eq!(results(&desk).await, ["2026-03-02 张三 1/1 810"]);
}
