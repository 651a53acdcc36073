//! A county whose officers bring certificates along, and the people who decide on them.

use api::auth::accounts::{self, NewAccount};
use api::auth::actor_of_account;
use api::graphql::ids::encode;
use api::imports;
use api::officers::{self, NewPhoto};
use api::organisations::rules::uscc_check_character;
use api::platform::actor::Actor;
use api::platform::jobs;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use entities::enums::{ExistingKind, ExistingState, ImportMode, Role};
use entities::ids::{AgencyId, CertificateId, ExistingCertificateId, ImportBatchId, PersonId};
use entities::{certificate, certificate_event, existing_certificate, import_batch, person};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::imports::world::id_number;
use crate::province::Province;

/// Headings and the cells of a holder of the county's market bureau without a fault.
const CELLS: [(&str, &str); 18] = [
    ("姓名", "张三"),
    ("身份证号", ""),
    ("所属机关全称", "兰州市城关区市场监督管理局"),
    ("统一社会信用代码", ""),
    ("人员类别", "执法人员"),
    ("编制类型", "行政"),
    ("在岗状态", "在岗"),
    ("执法领域", "市场监管"),
    ("公共法律考试成绩", ""),
    ("公共法律考试日期", ""),
    ("原证件编号", ""),
    ("原发证机关", "兰州市城关区司法局"),
    ("原发证日期", "2024-03-05"),
    ("有效期至", "2029-03-04"),
    ("原证件状态", "有效"),
    ("部委证件", ""),
    ("不得申领情形", "无"),
    ("照片文件名", ""),
];

/// The number that the person of a number holds, where nothing else is said.
pub fn number(n: u32) -> String {
    format!("2801{n:07}")
}

/// A person's number and what differs from the usual.
pub type Row<'a> = (u32, &'a [(&'a str, &'a str)]);

pub fn roster(rows: &[Row<'_>]) -> Vec<u8> {
    let uscc = "11620102MB0000004";
    let uscc = format!("{uscc}{}", uscc_check_character(uscc).unwrap());
    let mut text: String = CELLS.map(|(heading, _)| heading).join(",") + "\r\n";
    for (n, differs) in rows {
        let cells =
            CELLS.map(|(heading, usual)| match differs.iter().find(|(h, _)| *h == heading) {
                Some((_, value)) => (*value).to_owned(),
                None => match heading {
                    "身份证号" => id_number(*n),
                    "统一社会信用代码" => uscc.clone(),
                    "原证件编号" => number(*n),
                    _ => usual.to_owned(),
                },
            });
        text.push_str(&(cells.join(",") + "\r\n"));
    }
    text.into_bytes()
}

pub struct World {
    pub app: TestApp,
    pub province: Province,
    pub hr: Actor,
    pub reviewer: Actor,
    pub issuer: Actor,
}

impl World {
    /// 2026-03-02, ten in the morning in China.
    pub async fn new() -> Self {
        let app = TestApp::new().await;
        let province = Province::enter(&app).await;
        let (market, justice) = (province.county_market, province.county_justice);
        let hr = province.sign_in(&app, "hr.market", Role::AgencyHr, market).await;
        let reviewer = province.sign_in(&app, "reviewer", Role::JusticeReviewer, justice).await;
        let issuer = province.sign_in(&app, "issuer", Role::Issuer, justice).await;
        Self { app, province, hr, reviewer, issuer }
    }

    /// Enters an account of a person with roles, each over a territory or the agency itself.
    pub async fn account(
        &self,
        person: PersonId,
        login: &str,
        roles: &[(Role, AgencyId)],
    ) -> Actor {
        let along = |role| accounts::axes_of(role)[0];
        let new = NewAccount {
            person,
            login: login.into(),
            password: None,
            roles: roles.iter().map(|(role, agency)| (*role, *agency, along(*role))).collect(),
        };
        let p = &self.app.platform;
        let entered = accounts::enter(&self.app.web.auth, p, &Actor::System, new).await.unwrap();
        actor_of_account(p, entered).await.unwrap().unwrap()
    }

    pub async fn stage(&self, actor: &Actor, file: Vec<u8>) -> import_batch::Model {
        let mode = ImportMode::AtomicRow;
        let quiet = |_: usize, _: usize| {};
        imports::stage(&self.app.platform, actor, "r.csv", file, mode, &quiet).await.unwrap()
    }

    pub async fn apply(&self, actor: &Actor, id: ImportBatchId) -> import_batch::Model {
        let p = &self.app.platform;
        let begun = imports::begin(p, actor, id, true).await.unwrap();
        let job = jobs::claim(p, &[imports::JOB], begun.job_id).await.unwrap().unwrap();
        imports::work(p, job, &|_, _| {}).await.unwrap();
        let batch = import_batch::Entity::find_by_id(id).one(p.db.read()).await.unwrap();
        batch.unwrap()
    }

    /// Imports a roster as the agency's HR.
    pub async fn import(&self, rows: &[Row<'_>]) -> import_batch::Model {
        let staged = self.stage(&self.hr, roster(rows)).await;
        self.apply(&self.hr, staged.id).await
    }

    /// Everything that was claimed or filed, as it was entered.
    pub async fn claims(&self) -> Vec<existing_certificate::Model> {
        existing_certificate::Entity::find()
            .order_by_asc(existing_certificate::Column::Id)
            .all(self.app.platform.db.read())
            .await
            .unwrap()
    }

    pub async fn person(&self, n: u32) -> PersonId {
        let number = id_number(n);
        let known = officers::known_by_id_number(&self.app.platform, &[&number]).await.unwrap();
        known[&number].0
    }

    pub async fn change_person(&self, id: PersonId, column: person::Column, value: &str) {
        use sea_orm::sea_query::Expr;
        person::Entity::update_many()
            .col_expr(column, Expr::value(value))
            .filter(person::Column::Id.eq(id))
            .exec(self.app.platform.db.writer())
            .await
            .unwrap();
    }

    /// The last claim of a person of the roster that was not taken back.
    pub async fn claim(&self, n: u32) -> existing_certificate::Model {
        let person = self.person(n).await;
        let counts = |claim: &existing_certificate::Model| {
            claim.person_id == person
                && claim.kind != ExistingKind::Ministry
                && claim.state != ExistingState::Withdrawn
        };
        self.claims().await.into_iter().rfind(counts).unwrap()
    }

    /// Gives the people of the roster photos.
    pub async fn photos(&self, people: &[u32]) {
        for n in people {
            let jpeg = vec![1, 2, 3];
            let new = NewPhoto { person: self.person(*n).await, jpeg, sha256: [7; 32] };
            officers::attach_photo(&self.app.platform, &Actor::System, new).await.unwrap();
        }
        officers::existing::examine_due(&self.app.platform).await.unwrap();
    }

    /// Claims of people with photos, about whom nothing is odd unless a row says so.
    pub async fn claimed(&self, rows: &[Row<'_>]) -> import_batch::Model {
        let batch = self.import(rows).await;
        self.photos(&rows.iter().map(|(n, _)| *n).collect::<Vec<_>>()).await;
        batch
    }

    pub async fn graphql(&self, actor: &Actor, query: &str, variables: Value) -> Value {
        let answer = self.app.graphql(Some(actor), query, variables).await;
        assert!(answer.get("errors").is_none_or(Value::is_null), "{answer}");
        answer["data"].clone()
    }

    /// Confirms over GraphQL; the results as `ok` or the codes of the user errors.
    pub async fn confirm(
        &self,
        actor: &Actor,
        ids: &[ExistingCertificateId],
        weighed: bool,
    ) -> Vec<String> {
        let ids: Vec<String> = ids.iter().map(|id| encode(*id)).collect();
        let data = self
            .graphql(
                actor,
                "mutation($ids: [ID!]!, $weighed: Boolean!) {
                    confirmExistingCertificates(ids: $ids, weighed: $weighed) {
                        results { id ok createdId userErrors { code } } userErrors { code } } }",
                json!({ "ids": ids, "weighed": weighed }),
            )
            .await;
        results(&data["confirmExistingCertificates"], &ids)
    }

    /// Confirms the claim of a person about which nothing is odd.
    pub async fn confirmed(&self, n: u32) -> CertificateId {
        let claim = self.claim(n).await;
        assert_eq!(self.confirm(&self.reviewer, &[claim.id], false).await, ["ok"]);
        self.claim(n).await.certificate_id.unwrap()
    }

    pub async fn certificate(&self, id: CertificateId) -> certificate::Model {
        let db = self.app.platform.db.read();
        certificate::Entity::find_by_id(id).one(db).await.unwrap().unwrap()
    }

    /// The events of a certificate, as `ACT STATE moment`.
    pub async fn events(&self, id: CertificateId) -> Vec<String> {
        certificate_event::Entity::find()
            .filter(certificate_event::Column::CertificateId.eq(id))
            .order_by_asc(certificate_event::Column::Seq)
            .all(self.app.platform.db.read())
            .await
            .unwrap()
            .into_iter()
            .map(|e| format!("{} {} {}", e.act.code(), e.to_state.code(), e.at.format("%F %R")))
            .collect()
    }

    /// The page of a look-up by number and name: its verdict, or the problem it tells, and the page.
    pub async fn look_up(&self, number: &str, name: &str) -> (String, String) {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("number", number)
            .append_pair("name", name)
            .finish();
        let request = Request::post("/lookup")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.page(request.body(Body::from(form)).unwrap()).await
    }

    /// The page of a scan.
    pub async fn scan(&self, digits: &str) -> (String, String) {
        self.page(Request::get(format!("/v/{digits}")).body(Body::empty()).unwrap()).await
    }

    async fn page(&self, request: Request<Body>) -> (String, String) {
        let answer = self.app.http(request).await;
        let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        let page = String::from_utf8(body.into()).unwrap();
        let told = ["data-verdict=\"", "data-problem=\""]
            .into_iter()
            .find_map(|key| page.split(key).nth(1)?.split('"').next())
            .unwrap_or_else(|| panic!("{page}"))
            .to_owned();
        (told, page)
    }

    /// Actions in the audit log, sorted, of those that begin so.
    pub async fn recorded(&self, beginning: &str) -> Vec<String> {
        let log = self.app.audit_log().await;
        let mut actions: Vec<String> = log
            .into_iter()
            .map(|entry| entry.action)
            .filter(|action| action.starts_with(beginning))
            .collect();
        actions.sort();
        actions
    }
}

/// The results of a bulk mutation in the order of the ids: `ok`, or the codes of the user errors.
pub fn results(payload: &Value, ids: &[String]) -> Vec<String> {
    assert_eq!(payload["userErrors"], json!([]), "{payload}");
    let of = |id: &String| {
        let result = payload["results"].as_array().unwrap().iter().find(|r| r["id"] == **id);
        let result = result.unwrap_or_else(|| panic!("{id}: {payload}"));
        if result["ok"] == true {
            return "ok".to_owned();
        }
        let codes = result["userErrors"].as_array().unwrap().iter();
        codes.map(|e| e["code"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
    };
    ids.iter().map(of).collect()
}
