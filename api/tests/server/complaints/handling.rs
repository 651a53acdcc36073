//! What a justice department does with a complaint.

use api::platform::actor::SignedIn;
use chrono::Duration;
use entities::enums::{Role, ScopeAxis};
use entities::ids::{AgencyId, PersonId};
use entities::{agency, delegation, grant};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter};

use super::*;
use crate::accounts::recorded;

const FIELDS: &str = "{ complaints(first: 10) { nodes { id state category text named divisionName \
    agency { name } officer { name } certificateNumber metOn receivedOn desk { name } hasContact \
    dueOn dueProvisional overdue extensionReasons upheld reasons otherChannel returnedReasons \
    questions { question answer } } } }";

async fn listed(world: &World, actor: &Actor) -> Vec<Value> {
    let found = ask(world.app(), actor, FIELDS, json!({})).await;
    found["nodes"].as_array().unwrap().clone()
}

/// Assigns a complaint.
fn assign(agency: AgencyId, officer: Option<PersonId>) -> String {
    use api::graphql::ids::encode;
    let officer = officer.map(|id| format!(", officerId: \"{}\"", encode(id))).unwrap_or_default();
    format!("assignComplaint(input: {{ id: $id, agencyId: \"{}\"{officer} }})", encode(agency))
}

/// The id of the one complaint there is.
async fn only(world: &World, actor: &Actor) -> String {
    let found = listed(world, actor).await;
    assert_eq!(found.len(), 1, "{found:?}");
    found[0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_complaint_goes_its_way_by_two_persons_and_its_sender_reads_the_reasons() {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    let receipt = complain(&world, certificate, &[("contact", "13800000000")]).await;
    let number = world.certificate(certificate).await.number;
    assert_eq!(
        listed(&world, &world.reviewer).await,
        [json!({
            "id": only(&world, &world.reviewer).await,
            "state": "RECEIVED",
            "category": "NOT_SHOWN",
            "text": TEXT,
            "named": null,
            "divisionName": null,
            "agency": { "name": "永登县交通运输局" },
            "officer": { "name": "王伟" },
            "certificateNumber": number,
            "metOn": "2026-03-02",
            "receivedOn": "2026-03-02",
            "desk": { "name": "永登县司法局" },
            "hasContact": true,
            "dueOn": "2026-03-09",
            "dueProvisional": false,
            "overdue": false,
            "extensionReasons": null,
            "upheld": null,
            "reasons": null,
            "otherChannel": null,
            "returnedReasons": null,
            "questions": [],
        })]
    );
    let id = only(&world, &world.reviewer).await;
    assert_eq!(refused(&world, &world.reviewer, PROPOSE, &id).await, "STATE_NOT_ALLOWED");
    let taken_up = act(&world, &world.reviewer, ACCEPT, &id).await;
    // Thirty working days: past the holiday of Qingming, on which 6 April is off.
    let expected = json!({ "state": "ACCEPTED", "dueOn": "2026-04-14", "upheld": null });
    assert_eq!(taken_up["complaint"], expected);
    assert_eq!(refused(&world, &world.supervisor, ACCEPT, &id).await, "STATE_NOT_ALLOWED");
    assert_eq!(follow(&world, &receipt).await.is(), "ACCEPTED");

    let extend = "extendComplaint(id: $id, reasons: \"需要调取执法记录。\")";
    let extended = act(&world, &world.reviewer, extend, &id).await;
    assert_eq!(extended["complaint"]["dueOn"], "2026-05-08");
    assert_eq!(refused(&world, &world.reviewer, extend, &id).await, "EXTENDED_ALREADY");

    assert_eq!(done(&world, &world.reviewer, PROPOSE, &id).await, "PROPOSED");
    let told = follow(&world, &receipt).await;
    assert_eq!(told.is(), "ACCEPTED", "what is only proposed is not told");
    assert!(!told.page.contains("没有出示证件") && told.page.contains("需要调取执法记录"));
    assert_eq!(refused(&world, &world.reviewer, DECIDE, &id).await, "SEPARATION_OF_DUTIES");
    let give_back = "returnComplaint(id: $id, reasons: \"请补充现场情况。\")";
    assert_eq!(refused(&world, &world.reviewer, give_back, &id).await, "SEPARATION_OF_DUTIES");
    assert_eq!(done(&world, &world.supervisor, give_back, &id).await, "ACCEPTED");
    assert_eq!(done(&world, &world.reviewer, PROPOSE, &id).await, "PROPOSED");
    assert_eq!(done(&world, &world.supervisor, DECIDE, &id).await, "UPHELD");
    assert_eq!(refused(&world, &world.supervisor, DECIDE, &id).await, "STATE_NOT_ALLOWED");

    let told = follow(&world, &receipt).await;
    assert_eq!(told.is(), "UPHELD");
    assert!(told.page.contains("经查，当天只有一名执法人员到场，没有出示证件。"));
    assert!(!told.page.contains("请补充现场情况"), "what colleagues write is not the sender's");
    // The log tells who did what, and not a word of it.
    let actions = [
        "complaint.accept",
        "complaint.extend",
        "complaint.propose",
        "complaint.give_back",
        "complaint.decide",
    ];
    assert_eq!(
        recorded(world.app(), &id, &actions).await,
        [
            ("complaint.accept".into(), json!({ "due": "2026-04-14" })),
            ("complaint.extend".into(), json!({ "due": "2026-05-08" })),
            ("complaint.propose".into(), json!({ "upheld": true })),
            ("complaint.give_back".into(), json!({})),
            ("complaint.propose".into(), json!({ "upheld": true })),
            ("complaint.decide".into(), json!({ "upheld": true })),
        ]
    );
}

#[tokio::test]
async fn one_that_is_not_taken_up_says_why_and_where_to_turn() {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    let receipt = complain(&world, certificate, &[]).await;
    let id = only(&world, &world.supervisor).await;
    let refuse = "refuseComplaint(input: { id: $id, reasons: \"对处罚决定不服。\", \
        otherChannel: \"可以依法申请行政复议。\" })";
    let blank = "refuseComplaint(input: { id: $id, reasons: \" \" })";
    assert_eq!(refused(&world, &world.supervisor, blank, &id).await, "REASONS_REQUIRED");
    assert_eq!(done(&world, &world.supervisor, refuse, &id).await, "NOT_ACCEPTED");
    let told = follow(&world, &receipt).await;
    assert_eq!(told.is(), "NOT_ACCEPTED");
    assert!(told.page.contains("对处罚决定不服。") && told.page.contains("申请行政复议"));
    assert_eq!(refused(&world, &world.reviewer, ACCEPT, &id).await, "STATE_NOT_ALLOWED");
}

#[tokio::test]
async fn nobody_handles_one_about_themselves_nor_decides_for_whom_they_stand_in() {
    let world = World::new().await;
    let (person, certificate) = world.active("王伟").await;
    complain(&world, certificate, &[]).await;
    let own = [(Role::JusticeReviewer, world.justice, ScopeAxis::Territory)];
    let holder = world.account(person, &own).await;
    let id = only(&world, &world.reviewer).await;
    assert_eq!(refused(&world, &holder, ACCEPT, &id).await, "OWN_RECORD");
    assert_eq!(done(&world, &world.reviewer, ACCEPT, &id).await, "ACCEPTED");

    // Somebody acts in the supervisor's role and proposes: the supervisor does not decide on it.
    let delegate = world.staff(Role::Auditor, world.justice, ScopeAxis::Territory).await;
    let db = world.platform.db.writer();
    let lent = grant::Entity::find()
        .filter(grant::Column::AccountId.eq(world.supervisor.account().unwrap()))
        .one(db)
        .await
        .unwrap()
        .unwrap();
    let now = world.platform.now();
    let row = delegation::Model {
        id: world.platform.new_id(),
        grant_id: lent.id,
        from_account_id: lent.account_id,
        to_account_id: delegate.account().unwrap(),
        agency_id: world.justice,
        starts_at: now,
        ends_at: now + Duration::days(1),
        ended_at: None,
        note: None,
        policy_id: None,
        created_at: now,
    };
    row.into_active_model().insert(db).await.unwrap();
    let signed_in = delegate.signed_in().unwrap();
    let acting = Actor::Account(std::sync::Arc::new(SignedIn {
        account: signed_in.account,
        person: signed_in.person,
        session: signed_in.session,
        client: signed_in.client,
        signed_in_at: signed_in.signed_in_at,
        roles: world.reviewer.signed_in().unwrap().roles.clone(),
        delegates: Vec::new(),
    }));
    assert_eq!(done(&world, &acting, PROPOSE, &id).await, "PROPOSED");
    assert_eq!(refused(&world, &acting, DECIDE, &id).await, "SEPARATION_OF_DUTIES");
    assert_eq!(refused(&world, &world.supervisor, DECIDE, &id).await, "SEPARATION_OF_DUTIES");
    assert_eq!(refused(&world, &holder, DECIDE, &id).await, "OWN_RECORD");
    assert_eq!(done(&world, &world.reviewer, DECIDE, &id).await, "UPHELD");
}

#[tokio::test]
async fn the_agency_sees_a_neutral_question_and_nothing_else() {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    complain(&world, certificate, &[("contact", "13800000000")]).await;
    let id = only(&world, &world.reviewer).await;
    done(&world, &world.reviewer, ACCEPT, &id).await;
    let ask_with = |question: &str| format!("askAboutComplaint(id: $id, question: \"{question}\")");
    for question in
        ["有人说：没有出示证件就要罚款两百元，是否属实？", "请联系 138-0000-0000 核实。"]
    {
        let code = refused(&world, &world.reviewer, &ask_with(question), &id).await;
        assert_eq!(code, "QUESTION_REPEATS_COMPLAINT", "{question}");
    }
    let question = "请说明3月2日在城区的检查安排、到场人员和亮证情况。";
    done(&world, &world.reviewer, &ask_with(question), &id).await;
    let entries = recorded(world.app(), &id, &["complaint.ask"]).await;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].1["agency"], api::graphql::ids::encode(world.bureau));

    let hr = &world.hr;
    let denied = world.app().graphql(Some(hr), FIELDS, json!({})).await;
    assert_eq!(denied["errors"][0]["extensions"]["code"], "FORBIDDEN");
    let node = "query($id: ID!) { node(id: $id) { id } }";
    assert_eq!(ask(world.app(), hr, node, json!({ "id": id })).await, Value::Null);
    let list = "{ complaintQuestions(first: 10, answered: false) { nodes { id agency { name } \
        question answer } } }";
    let asked = ask(world.app(), hr, list, json!({})).await["nodes"].clone();
    let question_id = asked[0]["id"].clone();
    let agency = json!({ "name": "永登县交通运输局" });
    let seen =
        json!([{ "id": question_id, "agency": agency, "question": question, "answer": null }]);
    assert_eq!(asked, seen);
    let answer = "mutation($id: ID!) { answerComplaintQuestion(id: $id, text: \"当天有两名人员到场。\") \
        { question { answer } userErrors { code field } } }";
    let by = json!({ "id": question_id });
    let elsewhere = world.staff(Role::AgencyHr, world.elsewhere, ScopeAxis::Own).await;
    assert_eq!(ask(world.app(), &elsewhere, list, json!({})).await["nodes"], json!([]));
    let not_theirs = ask(world.app(), &elsewhere, answer, by.clone()).await;
    assert_eq!(not_theirs["userErrors"][0]["code"], "COMPLAINT_QUESTION_NOT_FOUND");
    let answered = ask(world.app(), hr, answer, by.clone()).await;
    let expected = json!({ "question": { "answer": "当天有两名人员到场。" }, "userErrors": [] });
    assert_eq!(answered, expected);
    let one = "query($id: ID!) { complaintQuestion(id: $id) { question } }";
    assert_eq!(ask(world.app(), &elsewhere, one, by.clone()).await, Value::Null);
    let twice = ask(world.app(), hr, answer, by).await;
    assert_eq!(twice["userErrors"][0]["code"], "QUESTION_ANSWERED");
    assert_eq!(
        listed(&world, &world.reviewer).await[0]["questions"],
        json!([{ "question": question, "answer": "当天有两名人员到场。" }])
    );
    // Nor does the log of the agency tell which complaint it was.
    let (log, bureau) = (world.app().audit_log().await, world.bureau.0.to_string());
    let own: Vec<_> = log.iter().filter(|entry| entry.stream == bureau).collect();
    let told = own.iter().find(|entry| entry.action == "complaint_question.answer").unwrap();
    assert_eq!(question_id, told.subject.as_str());
    let digits = id.strip_prefix("cmpl_").unwrap();
    for entry in own {
        for part in ["cmpl_", digits] {
            assert!(!entry.subject.contains(part) && !entry.body.contains(part), "{entry:?}");
        }
    }
}

#[tokio::test]
async fn an_agency_is_asked_twenty_times_about_one_complaint_at_most() {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    complain(&world, certificate, &[]).await;
    let id = only(&world, &world.reviewer).await;
    done(&world, &world.reviewer, ACCEPT, &id).await;
    let ask_it = "askAboutComplaint(id: $id, question: \"请说明情况。\")";
    for _ in 0..20 {
        done(&world, &world.reviewer, ask_it, &id).await;
    }
    assert_eq!(refused(&world, &world.reviewer, ask_it, &id).await, "TOO_MANY");
}

#[tokio::test]
async fn a_contact_is_read_by_the_department_that_handles_it_and_each_time_logged() {
    const CONTACT: &str = "mutation($id: ID!) { readComplaintContact(id: $id) { contact \
        userErrors { code } } }";
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    complain(&world, certificate, &[("contact", "微信 wang-0931")]).await;
    let id = only(&world, &world.reviewer).await;
    let province = crate::complaints::worklist::province(&world).await;
    let above = world.staff(Role::Supervisor, province, ScopeAxis::Territory).await;
    let variables = json!({ "id": id });
    let refused = ask(world.app(), &above, CONTACT, variables.clone()).await;
    assert_eq!(refused["userErrors"][0]["code"], "COMPLAINT_NOT_HANDLED_HERE");
    let next_door = world.staff(Role::JusticeReviewer, world.elsewhere, ScopeAxis::Territory).await;
    let hidden = ask(world.app(), &next_door, CONTACT, variables.clone()).await;
    assert_eq!(hidden["userErrors"][0]["code"], "COMPLAINT_NOT_FOUND");
    assert_eq!(recorded(world.app(), &id, &["complaint.read_contact"]).await, []);
    for _ in 0..2 {
        let read = ask(world.app(), &world.supervisor, CONTACT, variables.clone()).await;
        assert_eq!(read, json!({ "contact": "微信 wang-0931", "userErrors": [] }));
    }
    let log = recorded(world.app(), &id, &["complaint.read_contact"]).await;
    assert_eq!(log, vec![("complaint.read_contact".to_owned(), json!({})); 2]);
    // The auditor finds it among what was read.
    let auditor = world.staff(Role::Auditor, world.justice, ScopeAxis::Territory).await;
    let reads = "{ auditEntries(first: 5, filter: { kind: READS }) { nodes { action } } }";
    let reads = ask(world.app(), &auditor, reads, json!({})).await;
    let read = json!({ "action": "complaint.read_contact" });
    assert_eq!(reads["nodes"], json!([read, read]));
    // Whoever above takes it up handles it.
    done(&world, &above, ACCEPT, &id).await;
    assert_eq!(ask(world.app(), &above, CONTACT, variables).await["contact"], "微信 wang-0931");
}

#[tokio::test]
async fn whom_a_complaint_is_about_reads_no_contact_of_its_sender() {
    let world = World::new().await;
    let (person, certificate) = world.active("王伟").await;
    complain(&world, certificate, &[("contact", "13800000000")]).await;
    let id = only(&world, &world.reviewer).await;
    let role = [(Role::JusticeReviewer, world.justice, ScopeAxis::Territory)];
    let holder = world.account(person, &role).await;
    let read =
        "mutation($id: ID!) { readComplaintContact(id: $id) { contact userErrors { code } } }";
    let answer = ask(world.app(), &holder, read, json!({ "id": id })).await;
    assert_eq!(answer, json!({ "contact": null, "userErrors": [{ "code": "OWN_RECORD" }] }));
    assert_eq!(recorded(world.app(), &id, &["complaint.read_contact"]).await, []);
}

#[tokio::test]
async fn one_without_a_certificate_is_assigned_and_then_counts_for_the_officer() {
    let world = World::new().await;
    let (person, _) = world.active("王伟").await;
    let form = open(&world, "/feedback").await;
    let fields = [
        ("kind", "complaint"),
        ("category", "FEES_ASKED"),
        ("text", TEXT),
        ("unit", "交通局的王某"),
        ("place", "620121"),
    ];
    assert_eq!(post(&world, form.token(), &fields).await.is(), "RECEIPT");
    let found = listed(&world, &world.reviewer).await;
    assert_eq!(
        (&found[0]["named"], &found[0]["divisionName"]),
        (&json!("交通局的王某"), &json!("永登县"))
    );
    let id = found[0]["id"].as_str().unwrap();
    done(&world, &world.reviewer, ACCEPT, id).await;
    assert_eq!(refused(&world, &world.reviewer, PROPOSE, id).await, "COMPLAINT_AGENCY_UNKNOWN");
    let ask_it = "askAboutComplaint(id: $id, question: \"请说明情况。\")";
    assert_eq!(refused(&world, &world.reviewer, ask_it, id).await, "COMPLAINT_AGENCY_UNKNOWN");
    let wrong = assign(world.platform.new_id(), Some(person));
    assert_eq!(refused(&world, &world.reviewer, &wrong, id).await, "AGENCY_NOT_FOUND");
    for agency in [world.justice, world.elsewhere] {
        let wrong = assign(agency, Some(person));
        assert_eq!(refused(&world, &world.reviewer, &wrong, id).await, "OFFICER_NOT_FOUND");
    }
    done(&world, &world.reviewer, &assign(world.bureau, Some(person)), id).await;
    done(&world, &world.reviewer, PROPOSE, id).await;

    let upheld = "query($ids: [ID!]!, $year: Int!) { upheldComplaints(officerIds: $ids, year: $year) \
        { officerId complaints } }";
    let officer = api::graphql::ids::encode(person);
    let of = |year: i32| json!({ "ids": [officer], "year": year });
    let none = ask(world.app(), &world.supervisor, upheld, of(2026)).await;
    assert_eq!(none, json!([]), "what is only proposed does not count");
    done(&world, &world.supervisor, DECIDE, id).await;
    let one = ask(world.app(), &world.supervisor, upheld, of(2026)).await;
    assert_eq!(one, json!([{ "officerId": officer, "complaints": 1 }]));
    assert_eq!(ask(world.app(), &world.supervisor, upheld, of(2025)).await, json!([]));
    let next_door = world.staff(Role::Supervisor, world.elsewhere, ScopeAxis::Territory).await;
    assert_eq!(ask(world.app(), &next_door, upheld, of(2026)).await, json!([]));
}

#[tokio::test]
async fn nor_is_the_agency_asked_in_the_senders_words_for_the_officer() {
    let world = World::new().await;
    let form = open(&world, "/feedback").await;
    let fields = [
        ("kind", "complaint"),
        ("category", "CONDUCT"),
        ("text", TEXT),
        ("unit", "交通局穿蓝衣服戴眼镜的高个子"),
        ("place", "620121"),
    ];
    assert_eq!(post(&world, form.token(), &fields).await.is(), "RECEIPT");
    let id = only(&world, &world.reviewer).await;
    done(&world, &world.reviewer, ACCEPT, &id).await;
    done(&world, &world.reviewer, &assign(world.bureau, None), &id).await;
    let quoted =
        "askAboutComplaint(id: $id, question: \"当天是否有交通局穿蓝衣服、戴眼镜的高个子？\")";
    let code = refused(&world, &world.reviewer, quoted, &id).await;
    assert_eq!(code, "QUESTION_REPEATS_COMPLAINT");
}

#[tokio::test]
async fn one_that_came_to_the_wrong_county_is_passed_on_to_the_department_of_the_city() {
    let world = World::new().await;
    let db = world.platform.db.writer();
    let province = crate::complaints::worklist::province(&world).await;
    let [city, bureau] = [0, 1].map(|_| world.platform.new_id::<AgencyId>());
    let like = agency::Entity::find_by_id(world.bureau).one(db).await.unwrap().unwrap();
    for (number, id, name, is_justice) in
        [(5, city, "兰州市司法局", true), (6, bureau, "兰州市交通运输局", false)]
    {
        let row = agency::Model {
            id,
            number,
            name: name.into(),
            uscc: format!("USCC{number:014}"),
            is_justice,
            division_code: "620100".into(),
            ..like.clone()
        };
        row.into_active_model().insert(db).await.unwrap();
    }
    let parents = std::collections::HashMap::from([
        (province, None),
        (city, Some(province)),
        (bureau, Some(city)),
        (world.justice, Some(city)),
        (world.bureau, Some(world.justice)),
        (world.elsewhere, Some(city)),
    ]);
    let tx = world.platform.db.begin().await.unwrap();
    api::access::tree::replace(&tx, ScopeAxis::Territory, &parents).await.unwrap();
    tx.commit().await.unwrap();

    let form = open(&world, "/feedback").await;
    let fields = [
        ("kind", "complaint"),
        ("category", "CONDUCT"),
        ("text", TEXT),
        ("unit", "市交通局的人"),
        ("place", "620121"),
    ];
    assert_eq!(post(&world, form.token(), &fields).await.is(), "RECEIPT");
    let id = only(&world, &world.reviewer).await;
    // Whom it does not lie with does not pass it on.
    let next_door = world.staff(Role::JusticeReviewer, world.elsewhere, ScopeAxis::Territory).await;
    let call = assign(bureau, None);
    assert_eq!(refused(&world, &next_door, &call, &id).await, "COMPLAINT_NOT_FOUND");
    let passed_on = act(&world, &world.reviewer, &call, &id).await;
    assert_eq!(passed_on, json!({ "complaint": null, "userErrors": [] }), "it is not theirs now");
    assert_eq!(refused(&world, &world.reviewer, ACCEPT, &id).await, "COMPLAINT_NOT_FOUND");
    let row = complaints(&world).await.remove(0);
    assert_eq!((row.agency_id, row.desk_id), (Some(bureau), city));
    let of_city = world.staff(Role::JusticeReviewer, city, ScopeAxis::Territory).await;
    assert_eq!(done(&world, &of_city, ACCEPT, &id).await, "ACCEPTED");
    assert_eq!(done(&world, &of_city, PROPOSE, &id).await, "PROPOSED");
}

#[tokio::test]
async fn one_that_is_not_upheld_counts_for_nobody() {
    let world = World::new().await;
    let (person, certificate) = world.active("王伟").await;
    let receipt = complain(&world, certificate, &[]).await;
    let id = only(&world, &world.reviewer).await;
    done(&world, &world.reviewer, ACCEPT, &id).await;
    let propose =
        "proposeComplaintOutcome(input: { id: $id, upheld: false, reasons: \"不属实。\" })";
    done(&world, &world.reviewer, propose, &id).await;
    assert_eq!(done(&world, &world.supervisor, DECIDE, &id).await, "NOT_UPHELD");
    assert_eq!(follow(&world, &receipt).await.is(), "NOT_UPHELD");
    let upheld = "query($ids: [ID!]!) { upheldComplaints(officerIds: $ids, year: 2026) \
        { officerId complaints } }";
    let of = json!({ "ids": [api::graphql::ids::encode(person)] });
    assert_eq!(ask(world.app(), &world.supervisor, upheld, of).await, json!([]));
}

#[tokio::test]
async fn an_agency_that_ended_is_not_asked() {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    complain(&world, certificate, &[]).await;
    let id = only(&world, &world.reviewer).await;
    done(&world, &world.reviewer, ACCEPT, &id).await;
    let today = local_date(world.platform.now());
    let ended = agency::Entity::update_many()
        .col_expr(agency::Column::AbolishedOn, Expr::value(today))
        .filter(agency::Column::Id.eq(world.bureau));
    ended.exec(world.platform.db.writer()).await.unwrap();
    let ask_it = "askAboutComplaint(id: $id, question: \"请说明情况。\")";
    assert_eq!(refused(&world, &world.reviewer, ask_it, &id).await, "COMPLAINT_AGENCY_UNKNOWN");
}

#[tokio::test]
async fn of_two_who_decide_at_once_one_finds_it_decided() {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    complain(&world, certificate, &[]).await;
    let id = only(&world, &world.reviewer).await;
    done(&world, &world.reviewer, ACCEPT, &id).await;
    done(&world, &world.reviewer, PROPOSE, &id).await;
    let other = world.staff(Role::Supervisor, world.justice, ScopeAxis::Territory).await;
    let give_back = "returnComplaint(id: $id, reasons: \"请补充。\")";
    let (decided, returned) = tokio::join!(
        act(&world, &world.supervisor, DECIDE, &id),
        act(&world, &other, give_back, &id)
    );
    let lost: Vec<&Value> =
        [&decided, &returned].into_iter().filter(|p| p["complaint"].is_null()).collect();
    assert_eq!(lost.len(), 1, "{decided} {returned}");
    assert_eq!(lost[0]["userErrors"][0]["code"], "STATE_NOT_ALLOWED");
}
