//! Every list in both formats: what stands in it, how far it reaches, and what is recorded.

use api::auth::AccountFilter;
use api::certification::rules::grounds::Ground;
use api::certification::*;
use api::exports::log::{LogFilter, LogKind};
use api::exports::{ExportRefusal, MOST_WHOLE, Wanted};
use api::graphql::ids::encode;
use api::officers::OfficerFilter;
use api::organisations::AgencyFilter;
use entities::enums::{
    ApplicationAct, CertificateAct, CertificateState, ExportFormat, ExportList, Role, ScopeAxis,
};
use entities::{export, standing};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{both, bytes, csv_cells, export, last_filter, of_officers};
use crate::certification::world::World;
use crate::province::many_like;

const NOW: &str = "2026-03-02 10:00:00";

#[tokio::test]
async fn people_stand_in_both_files_masked_and_guarded() {
    let world = World::new().await;
    let first = world.person("=cmd|'/c calc'!A0", world.bureau, |p| {
        p.position = Some("+86".into());
        p.internal_unit = Some("@队".into());
        p.photo_sha256 = None;
    });
    let first = first.await;
    let (second, certificate) = world.active("李四").await;
    let row = world.certificate(certificate).await;
    let cells = both(&world, &world.hr, Wanted::Officers(of_officers())).await;
    let heads = "Name,Kind,Agency,Internal unit,Establishment,Duty,Employment,Position,Fields,Area,\
                 ID number,Phone,Photo,Certificate number,State of certificate,Valid from,\
                 Valid until,Issuing authority,Id";
    let of = |parts: &[&str]| parts.iter().map(|s| (*s).to_owned()).collect::<Vec<String>>();
    assert_eq!(
        cells,
        [
            heads.split(',').map(str::to_owned).collect::<Vec<_>>(),
            of(&[
                "'=cmd|'/c calc'!A0",
                "enforcement officer",
                "永登县交通运输局",
                "'@队",
                "administrative",
                "on duty",
                "in post",
                "'+86",
                "Transport",
                "永登县",
                "**************0007",
                "",
                "no",
                "",
                "",
                "",
                "",
                "",
                &encode(first),
            ]),
            of(&[
                "李四",
                "enforcement officer",
                "永登县交通运输局",
                "",
                "administrative",
                "on duty",
                "in post",
                "",
                "Transport",
                "永登县",
                "**************0007",
                "",
                "yes",
                &row.number,
                "in force",
                "2026-03-02",
                &row.valid_until.to_string(),
                "永登县司法局",
                &encode(second),
            ]),
        ]
    );
}

#[tokio::test]
async fn what_is_certified_stands_in_both_files() {
    let world = World::new().await;
    let (person, certificate) = world.active("张三").await;
    let suspend = Particulars { ground: Some(Ground::FailedExam), days: Some(30), note: None };
    let outcome =
        act_on(&world.platform, &world.issuer, certificate, CertificateAct::Suspend, &suspend);
    outcome.await.unwrap();
    let row = world.certificate(certificate).await;
    let of = |parts: &[&str]| parts.iter().map(|s| (*s).to_owned()).collect::<Vec<String>>();
    let (bureau, justice) = ("永登县交通运输局", "永登县司法局");
    let kind = "enforcement officer";

    let cells =
        both(&world, &world.issuer, Wanted::Certificates(CertificateFilter::default())).await;
    assert_eq!(
        cells[1..],
        [of(&[
            &row.number,
            "张三",
            kind,
            bureau,
            bureau,
            justice,
            "suspended",
            "2026-03-02",
            "2026-03-02",
            &row.valid_until.to_string(),
            "",
            "2026-03-02",
            &row.suspended_until.unwrap().to_string(),
            &Ground::FailedExam.label(api::platform::texts::Locale::En),
            "",
            &encode(person),
            &encode(certificate),
        ])]
    );
    let cells =
        both(&world, &world.hr, Wanted::Qualifications(QualificationFilter::default())).await;
    assert_eq!(cells.len(), 2);
    assert_eq!(cells[1][..7], of(&["张三", kind, bureau, "qualified", NOW, NOW, ""]));
    let cells =
        both(&world, &world.reviewer, Wanted::Applications(ApplicationFilter::default())).await;
    assert_eq!(cells.len(), 2);
    assert_eq!(
        cells[1][..10],
        of(&["张三", kind, "first certificate", "approved", bureau, justice, NOW, NOW, NOW, "",])
    );
    let cells = both(&world, &world.reviewer, Wanted::Standings(of_officers())).await;
    let owed = standing::Entity::find().one(world.platform.db.read()).await.unwrap().unwrap();
    assert_eq!(
        cells[1..],
        [of(&[
            "张三",
            bureau,
            "owes off-post training",
            "2026-03-02",
            "",
            "yes",
            NOW,
            "",
            "",
            &encode(person),
            &encode(owed.id),
        ])]
    );
    // The next door sees none of it.
    let other = world.staff(Role::JusticeReviewer, world.elsewhere, ScopeAxis::Territory).await;
    for wanted in [
        Wanted::Certificates(CertificateFilter::default()),
        Wanted::Qualifications(QualificationFilter::default()),
        Wanted::Applications(ApplicationFilter::default()),
        Wanted::Standings(of_officers()),
        Wanted::Officers(of_officers()),
    ] {
        assert_eq!(both(&world, &other, wanted).await.len(), 1);
    }
}

#[tokio::test]
async fn agencies_and_accounts_stand_in_both_files() {
    let world = World::new().await;
    let of = |parts: &[&str]| parts.iter().map(|s| (*s).to_owned()).collect::<Vec<String>>();
    let cells = both(&world, &world.hr, Wanted::Agencies(AgencyFilter::default())).await;
    assert_eq!(
        cells[1..],
        [of(&[
            "永登县交通运输局",
            "USCC00000000000003",
            "organ",
            "local",
            "620121",
            "永登县",
            "",
            "",
            "Transport",
            "0931-6412345",
            "confirmed",
            "2020-01-01",
            "no",
            "no",
            "",
            &encode(world.bureau),
        ])]
    );
    let admin = world.staff(Role::SystemAdministrator, world.justice, ScopeAxis::Territory).await;
    let cells = both(&world, &admin, Wanted::Accounts(AccountFilter::default())).await;
    let roles: Vec<(&str, &str)> =
        cells[1..].iter().map(|row| (row[1].as_str(), row[3].as_str())).collect();
    assert_eq!(
        roles,
        [
            ("职员", "agency HR"),
            ("职员", "justice reviewer"),
            ("职员", "issuer"),
            ("职员", "supervisor"),
            ("职员", "system administrator"),
        ]
    );
    assert_eq!(cells[5][8], encode(admin.account().unwrap()));
    // The next door sees its own.
    let role = Role::SystemAdministrator;
    let other = world.staff(role, world.elsewhere, ScopeAxis::Territory).await;
    let cells = both(&world, &other, Wanted::Agencies(AgencyFilter::default())).await;
    let ids: Vec<&String> = cells[1..].iter().map(|row| &row[15]).collect();
    assert_eq!(ids, [&encode(world.elsewhere)]);
    let cells = both(&world, &other, Wanted::Accounts(AccountFilter::default())).await;
    let ids: Vec<&String> = cells[1..].iter().map(|row| &row[8]).collect();
    assert_eq!(ids, [&encode(other.account().unwrap())]);
}

#[tokio::test]
async fn the_log_as_a_file_is_that_of_the_callers_part_of_the_tree() {
    let world = World::new().await;
    world.active("张三").await;
    let [here, there] = [world.justice, world.elsewhere]
        .map(|root| world.staff(Role::Auditor, root, ScopeAxis::Territory));
    let (here, there) = (here.await, there.await);
    let acts = || Wanted::AuditLog(LogFilter { kind: Some(LogKind::Acts), ..LogFilter::default() });
    let cells = both(&world, &here, acts()).await;
    let issued = cells.iter().filter(|row| row[3] == "certificate issued").count();
    assert_eq!(issued, 1, "{cells:?}");
    let cells = both(&world, &there, acts()).await;
    let bureau = world.bureau.0.to_string();
    assert!(cells.iter().all(|row| row[8] != bureau), "{cells:?}");
}

#[tokio::test]
async fn all_that_a_list_is_narrowed_by_is_told_and_typed_words_as_digests() {
    let world = World::new().await;
    let filter = CertificateFilter {
        number: Some("2801".into()),
        state: Some(CertificateState::Active),
        agency: Some(world.bureau),
        holder: Some(world.hr.person().unwrap()),
        holder_name: Some("张三".into()),
        exchange_due_by: Some("2026-08-29".parse().unwrap()),
    };
    let wanted = Wanted::Certificates(filter);
    export(&world, &world.hr, wanted, ExportFormat::Csv, None).await.unwrap();
    let mut told = last_filter(world.app()).await;
    for typed in ["number", "holderName"] {
        assert_eq!(told[typed].take().as_str().unwrap().len(), 64, "a digest, not the words");
    }
    assert_eq!(
        told,
        json!({
            "number": null, "state": "ACTIVE", "agencyId": encode(world.bureau),
            "holderId": encode(world.hr.person().unwrap()), "holderName": null,
            "exchangeDueBy": "2026-08-29",
        })
    );
    let odd = ApplicationFilter { odd_first: true, ..Default::default() };
    export(&world, &world.hr, Wanted::Applications(odd), ExportFormat::Csv, None).await.unwrap();
    assert_eq!(last_filter(world.app()).await, json!({ "oddFirst": "true" }));

    // An id is told; what has not the form of one may be a name or a number that was typed.
    let auditor = world.staff(Role::Auditor, world.justice, ScopeAxis::Territory).await;
    let id = encode(world.bureau);
    let subjects =
        [&*id, "张三", "990101199003070007", id.split_once('_').unwrap().1, &format!("{id}0")];
    for (subject, plain) in subjects.into_iter().zip([true, false, false, false, false]) {
        let filter = LogFilter { subject: Some(LogFilter::subject(subject)), ..Default::default() };
        let wanted = Wanted::AuditLog(filter);
        export(&world, &auditor, wanted, ExportFormat::Csv, None).await.unwrap();
        let told = last_filter(world.app()).await;
        let told = told["subjectId"].as_str().unwrap();
        assert_eq!((told == subject, told.len() == 64), (plain, !plain), "{subject}");
    }
}

#[tokio::test]
async fn whole_personal_data_is_for_a_purpose_and_each_person_has_an_entry() {
    let world = World::new().await;
    let person = world.officer("张三").await;
    let wanted = || Wanted::Officers(OfficerFilter { name: Some("张".into()), ..of_officers() });
    let purpose = Some("年度核查");
    let file = export(&world, &world.hr, wanted(), ExportFormat::Csv, purpose).await.unwrap();
    let (id, content) = (file.id, bytes(file));
    assert_eq!(csv_cells(&content)[1][10], "990101199003070007");
    let sha256 = hex::encode(Sha256::digest(&content));
    let row = export::Entity::find().one(world.platform.db.read()).await.unwrap().unwrap();
    assert_eq!(
        row,
        export::Model {
            id,
            account_id: world.hr.account(),
            list: ExportList::Officers,
            format: ExportFormat::Csv,
            personal_data: true,
            filter: json!({ "name": "张", "kind": "ENFORCEMENT_OFFICER" }),
            row_count: 1,
            sha256: hex::decode(&sha256).unwrap(),
            purpose: Some("年度核查".into()),
            created_at: world.platform.now(),
        }
    );
    let log = world.app().audit_log().await;
    let of =
        |action: &str| -> Vec<_> { log.iter().filter(|e| e.action == action).cloned().collect() };
    let [entry] = &of("list.export")[..] else { panic!("{log:?}") };
    assert_eq!(entry.stream, world.bureau.0.to_string());
    assert_eq!((&entry.actor, &entry.subject), (&world.hr.audit_name(), &encode(id)));
    let mut body: Value = serde_json::from_str(&entry.body).unwrap();
    for digest in [body["purpose"].take(), body["filter"]["name"].take()] {
        assert_eq!(digest.as_str().unwrap().len(), 64, "a digest, not the words");
    }
    assert_eq!(
        body,
        json!({
            "list": "OFFICERS", "format": "CSV", "personalData": true, "rows": 1,
            "filter": { "name": null, "kind": "ENFORCEMENT_OFFICER" },
            "sha256": sha256, "purpose": null,
        })
    );
    let [entry] = &of("person.reveal")[..] else { panic!("{log:?}") };
    assert_eq!((&entry.subject, &entry.actor), (&encode(person), &world.hr.audit_name()));
    let body: Value = serde_json::from_str(&entry.body).unwrap();
    assert_eq!(body, json!({ "fields": ["idNumber", "phone"], "export": encode(id) }));
    for personal in ["张三", "990101199003070007", "年度核查"] {
        assert!(log.iter().all(|entry| !entry.body.contains(personal)));
    }
    // Who may not read it whole reaches nobody with it.
    let file = export(&world, &world.issuer, wanted(), ExportFormat::Csv, purpose).await.unwrap();
    assert_eq!(file.rows, 0);
    let refused =
        export(&world, &world.hr, Wanted::Standings(of_officers()), ExportFormat::Csv, purpose);
    assert_eq!(refused.await.unwrap_err(), ExportRefusal::NothingPersonal);
}

#[tokio::test]
async fn beyond_the_scope_nothing_is_sent_and_nothing_recorded() {
    let world = World::new().await;
    world.officer("张三").await;
    let admin = world.staff(Role::SystemAdministrator, world.justice, ScopeAxis::Territory).await;
    let auditor = world.staff(Role::Auditor, world.justice, ScopeAxis::Territory).await;
    let before = world.app().audit_log().await;
    let (here, there) = (Some(world.bureau), Some(world.elsewhere));
    for wanted in [
        Wanted::Officers(OfficerFilter { agency: there, ..of_officers() }),
        Wanted::Standings(OfficerFilter { agency: there, ..of_officers() }),
        Wanted::Qualifications(QualificationFilter { agency: there, ..Default::default() }),
        Wanted::Applications(ApplicationFilter { agency: there, ..Default::default() }),
        Wanted::Certificates(CertificateFilter { agency: there, ..Default::default() }),
    ] {
        for format in [ExportFormat::Csv, ExportFormat::Xlsx] {
            let refused = export(&world, &world.hr, wanted.clone(), format, None).await;
            assert_eq!(refused.unwrap_err(), ExportRefusal::OutOfScope, "{wanted:?}");
        }
    }
    for (actor, wanted) in [
        (&admin, Wanted::Accounts(AccountFilter { agency: there, ..Default::default() })),
        (&auditor, Wanted::AuditLog(LogFilter { agency: there, ..Default::default() })),
    ] {
        let refused = export(&world, actor, wanted, ExportFormat::Csv, None).await;
        assert_eq!(refused.unwrap_err(), ExportRefusal::OutOfScope);
    }
    let whole = Wanted::Officers(OfficerFilter { agency: there, ..of_officers() });
    let refused = export(&world, &world.reviewer, whole, ExportFormat::Csv, Some("核查")).await;
    assert_eq!(refused.unwrap_err(), ExportRefusal::OutOfScope);
    assert_eq!(world.app().audit_log().await, before);
    assert_eq!(world.count::<export::Entity>().await, 0);
    let wanted = Wanted::Officers(OfficerFilter { agency: here, ..of_officers() });
    let file = export(&world, &world.reviewer, wanted, ExportFormat::Csv, None).await.unwrap();
    assert_eq!(file.rows, 1);
    // It stands in the chain of the agency that was asked about.
    let log = world.app().audit_log().await;
    let entry = log.iter().find(|entry| entry.action == "list.export").unwrap();
    assert_eq!(entry.stream, world.bureau.0.to_string());
}

#[tokio::test]
async fn a_list_of_many_pages_is_whole_and_too_many_are_refused() {
    let world = World::new().await;
    // More than ten pages, and one more than may be exported whole.
    let people = MOST_WHOLE + 1;
    let template = world.officer("张三").await;
    many_like(&world.platform, template, people - 1).await;
    let wanted = || Wanted::Officers(of_officers());
    let file = export(&world, &world.hr, wanted(), ExportFormat::Csv, None).await.unwrap();
    assert_eq!(file.rows, people);
    let cells = csv_cells(&bytes(file));
    let mut ids: Vec<&String> = cells[1..].iter().map(|row| &row[18]).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), people, "each once");
    let before = world.app().audit_log().await;
    let refused = export(&world, &world.hr, wanted(), ExportFormat::Csv, Some("核查")).await;
    assert_eq!(refused.unwrap_err(), ExportRefusal::TooLarge { limit: MOST_WHOLE });
    assert_eq!(world.app().audit_log().await, before);
}

#[tokio::test]
async fn an_applications_reasons_do_not_become_formulas() {
    let world = World::new().await;
    let person = world.qualified("张三").await;
    let id = world.applied(person, ApplicationAct::Initial).await;
    let back = Move::Return("=HYPERLINK(\"http://x\")".to_owned());
    move_applications(&world.platform, &world.reviewer, &[id], &back).await.unwrap();
    let cells = both(&world, &world.hr, Wanted::Applications(ApplicationFilter::default())).await;
    assert_eq!(cells[1][9], "'=HYPERLINK(\"http://x\")");
}
