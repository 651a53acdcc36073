//! Whatever comes in is answered with a verdict or a code, in bounded time, and changes nothing.

use std::io::Write;
use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::demo::Demo;
use crate::roster;
use crate::server::{Server, audit_is_intact, say};
use crate::the_whole_way::{agency, of_surname};

/// The longest one answer of the page may take, with a browser's share of the machine.
const ANSWER: Duration = Duration::from_secs(2);

/// Sends the bytes of a path as they are and answers status and body.
async fn get_raw(server: &Server, path: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).await.unwrap();
    let mut request = b"GET ".to_vec();
    request.extend_from_slice(path);
    request.extend_from_slice(b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    // A server that has heard enough may answer and close before everything is written.
    let _ = stream.write_all(&request).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8(answer).expect("an answer in UTF-8");
    let status = answer.get(9..12).and_then(|s| s.parse().ok());
    (status.unwrap_or_else(|| panic!("no answer to {} bytes", path.len())), answer)
}

/// A generator that is the same in every run (Marsaglia, "Xorshift RNGs", 2003).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }

    fn text(&mut self, alphabet: &[&str], longest: usize) -> String {
        let length = self.below(longest);
        (0..length).map(|_| alphabet[self.below(alphabet.len())]).collect()
    }
}

/// Strings a camera, a mistake or an attack might bring, besides those that are drawn.
fn strings(sample: &str) -> Vec<Vec<u8>> {
    let digits: Vec<&str> = "0123456789".split("").filter(|c| !c.is_empty()).collect();
    let letters: Vec<&str> =
        "abcXYZ-_.~!$&'()*+,;=:@/".split("").filter(|c| !c.is_empty()).collect();
    let escapes = ["%00", "%ff", "%C3%28", "%F0%9F%98%80", "%E8%AF%81", "%", "%2", "%zz", "1", "/"];
    let mut dice = Dice(0x6c7a_2026);
    let mut all: Vec<Vec<u8>> =
        ["", "0", "00", "?", "?lang=xx", "..", "../..", "%2e%2e/", "//", "1?x=1"]
            .iter()
            .map(|s| s.as_bytes().to_vec())
            .collect();
    for _ in 0..120 {
        all.push(dice.text(&digits, 600).into_bytes());
        all.push(dice.text(&letters, 60).into_bytes());
        all.push(dice.text(&escapes, 40).into_bytes());
        // One digit of a genuine code is another, one is missing, one is twice.
        let mut changed = sample.as_bytes().to_vec();
        let at = dice.below(changed.len());
        match dice.below(3) {
            0 => changed[at] = b'0' + (changed[at] - b'0' + 1) % 10,
            1 => drop(changed.remove(at)),
            _ => changed.insert(at, changed[at]),
        }
        all.push(changed);
    }
    all.push(b"9".repeat(1_000));
    all.push(b"9".repeat(20_000));
    all.push(b"9".repeat(100_000));
    all.push(b"%00".repeat(20_000));
    all.push("证件".as_bytes().to_vec());
    all.push(vec![0xff, 0xfe, 0x80]);
    all.push(vec![0x00, 0x01, 0x7f]);
    all
}

#[tokio::test]
async fn any_string_at_the_page_has_its_verdict() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &["--demo"]).await;
    let sample = server.line("Sample certificate").rsplit('/').next().unwrap().to_owned();
    let (status, page) = get_raw(&server, format!("/v/{sample}").as_bytes()).await;
    assert!(status == 200 && page.contains("data-verdict=\"VALID\""), "{page}");
    let (mut verdicts, mut slowest) = (std::collections::BTreeMap::new(), Duration::ZERO);
    for string in strings(&sample) {
        let begun = Instant::now();
        let (status, page) = get_raw(&server, &[b"/v/".as_slice(), &string].concat()).await;
        let took = begun.elapsed();
        slowest = slowest.max(took);
        let shown = String::from_utf8_lossy(&string[..string.len().min(80)]).into_owned();
        assert!(took < ANSWER, "{took:?} for {shown}");
        let verdict = page.split("data-verdict=\"").nth(1).and_then(|s| s.split('"').next());
        match (status, verdict) {
            (200, Some(verdict)) => {
                assert_ne!(verdict, "VALID", "{shown}");
                *verdicts.entry(verdict.to_owned()).or_insert(0) += 1;
            }
            // What is no HTTP, or too long for it, does not reach the page.
            (400 | 404 | 414 | 431, _) => *verdicts.entry(status.to_string()).or_insert(0) += 1,
            _ => panic!("{status} {verdict:?} for {shown}"),
        }
    }
    say(&format!("{verdicts:?}, the slowest after {slowest:?}"));
    assert!(verdicts["UNREADABLE"] > 100 && verdicts["SIGNATURE_INVALID"] > 10, "{verdicts:?}");
    server.stop().await;
}

/// A workbook of some hundred kilobytes whose sheet unpacks to 300 MB.
fn zip_bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, megabytes) in
        [("[Content_Types].xml", 0), ("xl/workbook.xml", 0), ("xl/worksheets/sheet1.xml", 300)]
    {
        zip.start_file(name, options).unwrap();
        let block = vec![b' '; 1 << 20];
        for _ in 0..megabytes {
            zip.write_all(&block).unwrap();
        }
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test]
async fn a_file_that_is_no_roster_is_refused_with_a_code_and_nothing_is_written() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let hr = demo.sign_in(&server, "hr.chengguan-market").await;
    let agency = agency(&hr).await;
    let good = roster::rows(&agency, &[("闵一".to_owned(), 1)], "2025-06-10");
    let without: Vec<Vec<String>> = good.iter().map(|row| row[..1].to_vec()).collect();
    let imports = "{ imports(first: 50) { nodes { id } } }";
    for (name, file, code) in [
        ("empty.xlsx", Vec::new(), "FILE_EMPTY"),
        ("picture.xlsx", roster::portrait(), "FILE_NOT_A_WORKBOOK"),
        ("cut.xlsx", roster::workbook(&good)[..2_000].to_vec(), "FILE_DAMAGED"),
        ("bomb.xlsx", zip_bomb(), "ZIP_BOMB"),
        ("headings.xlsx", roster::workbook(&without), "HEADING_MISSING"),
        ("headings.csv", roster::csv(&without).into_bytes(), "HEADING_MISSING"),
    ] {
        let (status, answer) = hr.stage(name, file).await;
        let error = &answer["userErrors"][0];
        assert_eq!((status, &error["code"]), (422, &json!(code)), "{name}: {answer}");
        assert!(!error["message"].as_str().unwrap().is_empty());
        assert_eq!(hr.ask(imports, json!({})).await["nodes"], json!([]), "{name}");
    }
    // One byte too many, so that all of it is read before it is refused and the answer arrives.
    let huge = hr.request(Method::POST, "/imports?name=huge.csv").body(vec![b'1'; (64 << 20) + 1]);
    let huge = huge.send().await.unwrap();
    assert_eq!(huge.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let answer: Value = huge.json().await.unwrap();
    assert_eq!(answer["userErrors"][0]["code"], json!("FILE_TOO_LARGE"));
    assert_eq!(hr.ask(imports, json!({})).await["nodes"], json!([]));
    let nobody = reqwest::Client::new().post(format!("{}/imports", server.url)).body("x");
    assert_eq!(nobody.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let reviewer = demo.sign_in(&server, "issuer.chengguan").await;
    let (status, answer) = reviewer.stage("roster.csv", roster::csv(&good).into_bytes()).await;
    assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (403, &json!("FORBIDDEN")));
    assert_eq!(of_surname(&hr, "闵").await, []);

    // GB18030 is what Chinese spreadsheets write as CSV: it is read, not refused.
    let text = roster::csv(&good);
    let (gb18030, _, lossy) = encoding_rs::GB18030.encode(&text);
    assert!(!lossy);
    let (status, answer) = hr.stage("roster.csv", gb18030.into_owned()).await;
    assert_eq!((status, &answer["total"], &answer["failed"]), (201, &json!(1), &json!(0)));
    server.stop().await;
    audit_is_intact(demo.data()).await;
}

#[tokio::test]
async fn a_bad_row_has_its_own_finding_and_the_good_ones_are_entered() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let hr = demo.sign_in(&server, "hr.chengguan-market").await;
    let people: Vec<_> = (1..=6).map(|n| (roster::name('闵', n), n)).collect();
    let mut rows = roster::rows(&agency(&hr).await, &people, "2025-06-10");
    rows[2][1] = rows[1][1].clone(); // the ID number of the row above
    rows[3][1] = "629997198502300011".into(); // 30 February
    rows[4][3] = "某某市不存在局".into();
    rows[4][4] = "110000000000000000".into();
    rows[5][11] = "去年春天".into();
    let (status, staged) = hr.stage("roster.xlsx", roster::workbook(&rows)).await;
    assert_eq!((status, &staged["total"], &staged["failed"]), (201, &json!(6), &json!(4)));
    let id = staged["id"].as_str().unwrap();
    let findings = "query($id: ID!) { import(id: $id) { findings(first: 10) { nodes { row findings \
        { severity code column message } } } } }";
    let found = hr.ask(findings, json!({ "id": id })).await;
    let mut errors = Vec::new();
    for row in found["findings"]["nodes"].as_array().unwrap() {
        for finding in row["findings"].as_array().unwrap() {
            assert!(!finding["message"].as_str().unwrap().is_empty());
            if finding["severity"] == "ERROR" {
                errors.push(json!([row["row"], finding["code"], finding["column"]]));
            }
        }
    }
    assert_eq!(
        errors,
        [
            json!([3, "ID_DUPLICATE", "身份证号"]),
            json!([4, "ID_BIRTH_DATE", "身份证号"]),
            json!([5, "USCC_CHECK_CHARACTER", "统一社会信用代码"]),
            json!([5, "AGENCY_UNKNOWN", "所属机关全称"]),
            json!([6, "DATE_INVALID", "公共法律考试日期"]),
        ]
    );
    hr.begin_import(id).await;
    let done = crate::session::until("the import", async || {
        let import = hr.import(id).await;
        (import["state"] != "APPLYING").then_some(import)
    })
    .await;
    assert_eq!((&done["created"], &done["failed"]), (&json!(2), &json!(4)));
    assert_eq!(of_surname(&hr, "闵").await.len(), 2);
    let report = hr.get(&format!("/imports/{id}/report.xlsx")).await;
    assert_eq!(report.status(), 200);
    server.stop().await;
}

#[tokio::test]
async fn graphql_takes_one_bounded_operation_by_post() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let hr = demo.sign_in(&server, "hr.chengguan-market").await;
    let code = async |body: Value| {
        let response = hr.request(Method::POST, "/graphql").json(&body).send().await.unwrap();
        let status = response.status().as_u16();
        let answer: Value = response.json().await.unwrap();
        (status, answer["errors"][0]["extensions"]["code"].clone())
    };
    let viewer = json!({ "query": "{ viewer { accountId } }" });
    assert_eq!(code(viewer.clone()).await, (200, Value::Null));
    assert_eq!(code(json!([viewer, viewer])).await, (400, json!("JSON_INVALID")));
    let deep = format!(
        "{{ agency(id: \"x\") {} {} }}",
        "{ division { parent ".repeat(20),
        "} }".repeat(20)
    );
    assert_eq!(code(json!({ "query": deep })).await, (200, json!("QUERY_TOO_DEEP")));
    let aliased: String = (0..40).map(|n| format!("a{n}: viewer {{ accountId }} ")).collect();
    let aliased = json!({ "query": format!("{{ {aliased} }}") });
    assert_eq!(code(aliased).await, (200, json!("TOO_MANY_ALIASES")));
    let wide: String = (0..10)
        .map(|n| {
            format!(
                "a{n}: officers(first: 100) {{ nodes {{ name agency {{ name superior {{ name }} }} \
                 standings {{ kind }} currentCertificate {{ number events {{ seq }} }} }} }} "
            )
        })
        .collect();
    let wide = json!({ "query": format!("{{ {wide} }}") });
    assert_eq!(code(wide).await, (200, json!("QUERY_TOO_COMPLEX")));

    // A GET is the explorer, whatever it asks for: nothing is executed.
    let mutation = "/graphql?query=mutation%7BsignOut%7BsignedOut%7D%7D";
    let page = hr.get(mutation).await;
    assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert_eq!(code(json!({ "query": "{ viewer { accountId } }" })).await, (200, Value::Null));
    let text = hr.request(Method::POST, "/graphql").body("{ viewer { accountId } }").send().await;
    assert_eq!(text.unwrap().status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    server.stop().await;
}
