//! Bad input over GraphQL: each has its own code and message, and nothing is changed.

use entities::{agency, agency_change, agency_closure, person};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};

use api::graphql::ids::encode;

use super::reformers::{DOCUMENT, Reformers};

/// Everything a reform could change, as it stands.
async fn everything(r: &Reformers) -> Value {
    let db = r.world.platform.db.read();
    let agencies =
        agency::Entity::find().order_by_asc(agency::Column::Number).all(db).await.unwrap();
    let changes =
        agency_change::Entity::find().order_by_asc(agency_change::Column::Id).all(db).await;
    let changes = changes.unwrap();
    let people = person::Entity::find().order_by_asc(person::Column::Id).all(db).await.unwrap();
    let mut tree: Vec<String> = agency_closure::Entity::find()
        .all(db)
        .await
        .unwrap()
        .iter()
        .map(|row| format!("{row:?}"))
        .collect();
    tree.sort();
    json!([
        format!("{agencies:?}"),
        format!("{changes:?}"),
        people.iter().map(|p| (p.id.0, p.agency_id.0)).collect::<Vec<_>>(),
        tree
    ])
}

fn mutation(name: &str, input: &str) -> String {
    format!(
        "mutation($input: {input}!) {{ {name}(input: $input) {{
            agencyChange {{ id }} userErrors {{ code field message }} }} }}"
    )
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of what can be wrong")]
async fn whatever_is_wrong_is_said_and_changes_nothing() {
    let r = Reformers::new().await;
    let w = &r.world;
    let roads = r.organ(1, "永登县公路局").await;
    let ended = r.organ(2, "永登县港口局").await;
    r.done(api::reorganisation::Plan::Abolish { agency: ended, successor: None }).await;
    let before = everything(&r).await;
    let (bureau, roads, ended) = (encode(w.bureau), encode(roads), encode(ended));
    let elsewhere = encode(w.elsewhere);
    let nobody = "pers_00000000000000000000000000000009";
    let with = |mut input: Value| {
        for (key, value) in [("effectiveOn", "2026-03-02"), ("document", DOCUMENT)] {
            input.as_object_mut().unwrap().entry(key).or_insert(json!(value));
        }
        json!({ "input": input })
    };
    let new = json!({
        "name": "永登县新局", "uscc": "11620121MB000000X0", "kind": "ORGAN",
        "leadership": "LOCAL", "divisionCode": "620121", "qualification": "PENDING",
    });
    let uscc = r.described(3, "").uscc;
    let founded = |name: &str| {
        let mut founded = new.clone();
        founded["name"] = json!(name);
        founded["uscc"] = json!(uscc);
        founded
    };
    let taken = format!("Another agency has the unified social credit code “{uscc}”.");
    let renaming = ("proposeAgencyRenaming", "ProposeAgencyRenamingInput");
    let merger = ("proposeAgencyMerger", "ProposeAgencyMergerInput");
    let split = ("proposeAgencySplit", "ProposeAgencySplitInput");
    let moving = ("proposeAgencyMove", "ProposeAgencyMoveInput");
    let abolition = ("proposeAgencyAbolition", "ProposeAgencyAbolitionInput");
    for (act, input, code, field, message) in [
        (
            renaming,
            json!({ "id": bureau, "name": "永登县交通局", "effectiveOn": "2025-12-01" }),
            "EFFECTIVE_TOO_EARLY",
            Some("effectiveOn"),
            "The first day lies too far back; 2025-12-02 is the earliest.",
        ),
        (
            renaming,
            json!({ "id": bureau, "name": "永登县交通局", "effectiveOn": "2028-01-01" }),
            "EFFECTIVE_TOO_LATE",
            Some("effectiveOn"),
            "The first day lies too far ahead; 2027-03-03 is the latest.",
        ),
        (
            renaming,
            json!({ "id": bureau, "name": "永登县交通局", "document": " " }),
            "DOCUMENT_INVALID",
            Some("document"),
            "Give the number of the document that orders it: 2 to 100 characters, no control \
             characters.",
        ),
        (
            renaming,
            json!({ "id": bureau, "name": "局" }),
            "AGENCY_NAME_INVALID",
            Some("name"),
            "The name “局” is not valid: 2 to 100 characters, no control characters.",
        ),
        (
            renaming,
            json!({ "id": bureau, "name": "永登县公路局" }),
            "AGENCY_NAME_TAKEN",
            Some("name"),
            "There is an agency called “永登县公路局” already.",
        ),
        (
            renaming,
            json!({ "id": elsewhere, "name": "皋兰县司法和行政局" }),
            "AGENCY_NOT_FOUND",
            Some("id"),
            "There is no such agency, or it is outside your part of the tree.",
        ),
        (
            renaming,
            json!({ "id": ended, "name": "永登县新港口局" }),
            "AGENCY_ABOLISHED",
            Some("id"),
            "“永登县港口局” has been abolished.",
        ),
        (
            merger,
            json!({ "ids": [bureau], "intoId": bureau }),
            "INTO_ITSELF",
            None,
            "“永登县交通运输局” cannot take its own place.",
        ),
        (
            merger,
            json!({ "ids": [bureau], "intoId": ended }),
            "SUCCESSOR_ABOLISHED",
            None,
            "“永登县港口局” has been abolished and cannot take over.",
        ),
        (
            merger,
            json!({ "ids": [bureau], "intoId": elsewhere }),
            "SUCCESSOR_NOT_FOUND",
            None,
            "Who is to take over was not found, or is outside your part of the tree.",
        ),
        (
            merger,
            json!({ "ids": [bureau] }),
            "SUCCESSOR_CHOICE",
            None,
            "Name either an agency that is there or one that is to be founded.",
        ),
        (
            merger,
            json!({ "ids": [bureau], "intoNew": new }),
            "USCC_INVALID",
            Some("uscc"),
            "The unified social credit code “11620121MB000000X0” is not valid: 18 characters with \
             a right check character.",
        ),
        (
            merger,
            json!({ "ids": [], "intoId": roads }),
            "NOTHING_SELECTED",
            None,
            "Name at least one agency.",
        ),
        (
            merger,
            json!({ "ids": vec![&bureau; 51], "intoId": roads }),
            "TOO_MANY",
            None,
            "Too many: 50 at most.",
        ),
        (
            split,
            json!({ "id": bureau, "ends": false,
                    "parts": [{ "toId": roads, "personIds": [nobody] }] }),
            "PERSON_NOT_IN_AGENCY",
            Some("parts"),
            "Somebody named is not of “永登县交通运输局”.",
        ),
        (
            split,
            json!({ "id": bureau, "ends": false,
                    "parts": [{ "toId": roads, "internalUnits": ["路政科"] }] }),
            "UNIT_NOT_IN_AGENCY",
            Some("parts"),
            "Nobody of the agency that is split belongs to an internal unit “路政科”; check its \
             name.",
        ),
        (
            split,
            json!({ "id": bureau, "ends": true, "parts": [
                { "toNew": founded("永登县新一局"), "internalUnits": ["路政科"] },
                { "toNew": founded("永登县新二局"), "rest": true },
            ] }),
            "USCC_TAKEN",
            Some("uscc"),
            &*taken,
        ),
        (
            moving,
            json!({ "id": bureau, "superiorId": bureau }),
            "SUPERIOR_CIRCLE",
            Some("superiorId"),
            "The superiors of “永登县交通运输局” form a circle.",
        ),
        (
            moving,
            json!({ "id": bureau, "divisionCode": "620122" }),
            "OUTSIDE_SCOPE",
            None,
            "“永登县交通运输局” would lie outside your part of the tree.",
        ),
        (
            moving,
            json!({ "id": bureau, "superiorId": null }),
            "NOTHING_CHANGES",
            None,
            "Nothing of “永登县交通运输局” would change.",
        ),
        (
            abolition,
            json!({ "id": bureau, "successorId": bureau }),
            "INTO_ITSELF",
            None,
            "“永登县交通运输局” cannot take its own place.",
        ),
    ] {
        let (name, of) = act;
        let answer = r.graphql(&r.first, &mutation(name, of), with(input)).await;
        let expected = json!({ "data": { name: { "agencyChange": null, "userErrors": [
            { "code": code, "field": field, "message": message },
        ] } } });
        assert_eq!(answer, expected, "{code}");
        assert_eq!(everything(&r).await, before, "{code}");
    }
    // A reform cannot hold from before the last one of its agencies.
    let late =
        api::reorganisation::Plan::Rename { agency: w.bureau, name: "永登县交通局".into() };
    r.done(late).await;
    let input = with(json!({
        "id": bureau, "name": "永登县交通二局", "effectiveOn": "2026-03-01",
    }));
    let answer = r.graphql(&r.first, &mutation(renaming.0, renaming.1), input).await;
    assert_eq!(
        answer["data"]["proposeAgencyRenaming"]["userErrors"][0],
        json!({
            "code": "REFORM_OUT_OF_ORDER", "field": "effectiveOn",
            "message": "Another reform of these agencies has held since 2026-03-02; this one \
                        cannot hold from an earlier day.",
        })
    );
}

#[tokio::test]
async fn whoever_manages_no_agencies_proposes_decides_and_withdraws_nothing() {
    let r = Reformers::new().await;
    let w = &r.world;
    let input = json!({ "input": {
        "id": encode(w.bureau), "name": "永登县交通局", "effectiveOn": "2026-03-02",
        "document": DOCUMENT,
    } });
    let query = mutation("proposeAgencyRenaming", "ProposeAgencyRenamingInput");
    let plan =
        api::reorganisation::Plan::Rename { agency: w.bureau, name: "永登县交通局".into() };
    let id = r.propose(plan, r.today()).await.unwrap();
    let before = everything(&r).await;
    for actor in [&w.hr, &w.reviewer, &w.issuer, &w.supervisor] {
        let answer = r.graphql(actor, &query, input.clone()).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
        for act in ["approveAgencyChange", "withdrawAgencyChange"] {
            let act =
                format!("mutation($id: ID!) {{ {act}(id: $id) {{ userErrors {{ code }} }} }}");
            let answer = r.graphql(actor, &act, json!({ "id": encode(id) })).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
        }
    }
    assert_eq!(everything(&r).await, before);
}
