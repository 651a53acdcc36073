//! Keys as whoever runs a deployment meets them: the ceremony of an offline root and the mark of a
//! stolen key, with the built program alone; and the metrics of a running server.

use std::path::Path;

use api::config::Config;
use api::credentials::KeyringSigner;
use api::platform::clock::{Clock as _, SystemClock};
use entities::enums::KeyUse;
use mobile_contract::bundle::{Bundle, Pinned};
use mobile_contract::offline::OfflineVerifier;
use mobile_contract::{Algorithm, Credential, PublicKey, Verdict};
use serde_json::Value;

use crate::browser::Browser;
use crate::demo::Demo;
use crate::offline::pinned;
use crate::server::{Answer, Server, audit_is_intact, free_port, run, run_with};
use crate::session::{Session, fetch, until};
use crate::the_whole_way::{Issued, issued_to};

fn now() -> i64 {
    SystemClock.now().timestamp()
}

/// What a command must answer: that it is done.
#[track_caller]
fn done(answer: &Answer) -> &str {
    assert_eq!(answer.status, 0, "{answer:?}");
    &answer.out
}

/// What a command must answer: that it refuses, with this word.
#[track_caller]
fn refused(answer: &Answer, word: &str) {
    assert_eq!(answer.status, 1, "{answer:?}");
    assert!(answer.err.starts_with(&format!("error: {word}: ")), "{answer:?}");
    assert_eq!(answer.err.lines().count(), 1, "{answer:?}");
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

async fn new_root(vault: &Path, name: &str) -> (std::path::PathBuf, String) {
    let key = vault.join(name);
    let made = run(vault, &["keys", "root", "new", "--root-key", text(&key)]).await;
    let said: Value = serde_json::from_str(done(&made)).unwrap();
    (key, said["public"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn the_ceremony_of_an_offline_root() {
    // Two machines: the vault never sees the server's folder, and the server never the root.
    let (vault, server_folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (vault, data) = (vault.path(), server_folder.path().join("data"));
    let (key, public) = new_root(vault, "root.key").await;
    let (wrong_key, wrong_public) = new_root(vault, "other.key").await;
    let again = run(vault, &["keys", "root", "new", "--root-key", text(&key)]).await;
    assert_eq!(again.status, 1, "a root is never written over: {again:?}");

    let port = free_port();
    let url = format!("http://127.0.0.1:{port}");
    let settings = [("PUBLIC_URL", url.as_str())];
    let command = async |arguments: &[&str]| run_with(&data, arguments, &settings).await;
    done(&command(&["migrate"]).await);
    refused(&command(&["keys", "root"]).await, "ROOT_MISSING");
    done(&command(&["keys", "root", "pin", &public]).await);
    refused(&command(&["keys", "root", "pin", &wrong_public]).await, "ROOT_PINNED");

    let server = Server::start_on(port, &data, &[]).await;
    assert!(!data.join("root.key").exists(), "the server makes no root of its own");
    assert!(fetch(&url, "/trust/bundle").await.is_none(), "and has no bundle to give");
    let doctor = command(&["doctor", "--lang", "en"]).await;
    for word in ["OK    ROOT_OFFLINE", "WARN  KEYS_NOT_SIGNED", "WARN  BUNDLE_MISSING"] {
        assert!(doctor.out.contains(word), "{word} in {doctor:?}");
    }

    // Exported, shown, and not signed before somebody has said that they have read it.
    let request = vault.join("keys.json");
    let exported = command(&["keys", "root", "export-request", text(&request)]).await;
    let shown = done(&exported).to_owned();
    let hash = shown.lines().find(|line| line.starts_with("SHA-256 of all")).unwrap().to_owned();
    let sign = async |file: &Path, key: &Path, more: &[&str]| {
        let mut arguments = vec!["keys", "root", "sign", text(file), "--root-key", text(key)];
        arguments.extend(more);
        // No database, and no setting of the deployment.
        run(&vault.join("none"), &arguments).await
    };
    let looked = sign(&request, &key, &[]).await;
    refused(&looked, "CONFIRMATION_MISSING");
    for told in ["CREDENTIAL", "STATUS", "BUNDLE", "AUDIT", "NEW", &url, &hash] {
        assert!(looked.out.contains(told), "{told} in {looked:?}");
    }
    let signed = vault.join("keys.json.signed");
    assert!(!signed.exists());
    refused(&sign(&request, &wrong_key, &["--yes"]).await, "OTHER_ROOT_KEY");
    done(&sign(&request, &key, &["--yes"]).await);

    let import = async |file: &Path| command(&["keys", "root", "import", text(file)]).await;
    // By a root that is none of ours, and with a file that was edited.
    let edit = |from: &Path, to: &str, change: &dyn Fn(&mut Value)| {
        let mut file = serde_json::from_str(&std::fs::read_to_string(from).unwrap()).unwrap();
        change(&mut file);
        let to = vault.join(to);
        std::fs::write(&to, file.to_string()).unwrap();
        to
    };
    let theirs = edit(&request, "theirs.json", &|file| file["root"] = wrong_public.clone().into());
    done(&sign(&theirs, &wrong_key, &["--yes"]).await);
    refused(&import(&vault.join("theirs.json.signed")).await, "KEYS_OF_OTHER_ROOT");
    let edited = edit(&signed, "edited.signed", &|file| {
        let mut keys = hex::decode(file["keys"].as_str().unwrap()).unwrap();
        *keys.last_mut().unwrap() ^= 1;
        file["keys"] = hex::encode(keys).into();
    });
    refused(&import(&edited).await, "KEYS_ALTERED");
    refused(&import(&request).await, "KEY_FILE_UNREADABLE");
    refused(&import(&vault.join("none.signed")).await, "FILE_UNREADABLE");
    let elsewhere = ["keys", "root", "import", text(&signed)];
    let elsewhere = run_with(&data, &elsewhere, &[("PUBLIC_URL", "https://zf.elsewhere.cn")]).await;
    refused(&elsewhere, "KEYS_OF_OTHER_ISSUER");
    done(&import(&signed).await);
    refused(&command(&["keys", "root", "export-request", "x"]).await, "NOTHING_TO_SIGN");

    // An app that has pinned the offline root takes the bundle.
    let root = PublicKey::from_bytes(Algorithm::Ed25519, &hex::decode(&public).unwrap()).unwrap();
    let pinned = Pinned { roots: vec![root], issuer: url.clone() };
    let bundle = fetch(&url, "/trust/bundle").await.unwrap();
    let first = Bundle::accept(&bundle, &pinned, now()).unwrap();

    // A new key goes the same way; the older file is then refused.
    done(&command(&["keys", "rotate", "credential"]).await);
    let second = vault.join("second.json");
    done(&command(&["keys", "root", "export-request", text(&second)]).await);
    done(&sign(&second, &key, &["--yes"]).await);
    done(&import(&vault.join("second.json.signed")).await);
    refused(&import(&signed).await, "KEYS_OLDER");
    // Not two bundles in one second: the server then makes it a little later.
    let next = until("a bundle with the new key", async || {
        let bundle = fetch(&url, "/trust/bundle").await?;
        let next = first.accept_after(&bundle, &pinned, now()).unwrap();
        (next.keys_version() > first.keys_version()).then_some(next)
    })
    .await;
    assert_eq!(next.keys().all().count(), first.keys().all().count() + 1);
    let doctor = command(&["doctor", "--lang", "en"]).await;
    for word in ["OK    ROOT_OFFLINE", "OK    KEYS_SIGNED_OK", "OK    BUNDLE_OK"] {
        assert!(doctor.out.contains(word), "{word} in {doctor:?}");
    }
    assert!(!data.join("root.key").exists());
    server.stop().await;
    audit_is_intact(&data).await;
}

/// What somebody who has copied a data folder with its seal key signs with.
async fn stolen_from(data: &Path) -> KeyringSigner {
    let config = Config {
        data_dir: data.to_owned(),
        database_url: None,
        redis_url: None,
        seal_key_file: None,
        public_url: "http://localhost:8080".to_owned(),
        card_font_file: None,
        trusted_proxies: 0,
        persisted_operations: api::graphql::PersistedOperations::Off,
    };
    let db = api::app::open_database(&config).await.unwrap();
    let thief = api::app::open_platform(&config, db).await.unwrap();
    KeyringSigner(thief.keyring.current(KeyUse::Credential, thief.now()).unwrap())
}

#[tokio::test]
async fn a_card_of_a_stolen_key_goes_on_and_a_forged_one_does_not() {
    let demo = Demo::copy().await;
    let port = free_port();
    let metrics = format!("127.0.0.1:{}", free_port());
    let server = Server::start_on(port, demo.data(), &["--metrics-listen", &metrics]).await;
    assert_eq!(server.line("Metrics"), format!("http://{metrics}/metrics"));
    let Issued { digits, .. } = issued_to(&demo, &server, "欧阳小燕").await.handed_over().await;
    until("a bundle", async || fetch(&server.url, "/trust/bundle").await).await;

    let settings = [("PUBLIC_URL", server.url.as_str())];
    let command = async |arguments: &[&str]| run_with(demo.data(), arguments, &settings).await;
    let listed = command(&["keys", "list"]).await;
    let line = |use_name: &str, out: &str| {
        let line = out.lines().find(|l| l.contains(use_name) && l.ends_with("signs now"));
        line.unwrap_or_else(|| panic!("{out}")).split_whitespace().next().unwrap().to_owned()
    };
    let stolen = line("CREDENTIAL", done(&listed));

    // Another copy of the folder has the same keys: the thief's.
    let thief = Demo::copy().await;
    let thief = stolen_from(thief.data()).await;
    let since = "2026-01-01";
    let mark = ["keys", "compromise", &stolen, "--since", since];
    let asked = command(&mark).await;
    refused(&asked, "CONFIRMATION_MISSING");
    assert!(asked.out.contains("CREDENTIAL"), "{asked:?}");
    refused(&command(&["keys", "compromise", "00000000", "--since", since]).await, "KEY_UNKNOWN");
    let future = ["keys", "compromise", &stolen, "--since", "2999-01-01", "--yes"];
    refused(&command(&future).await, "COMPROMISED_IN_FUTURE");
    let marked = command(&[&mark[..], &["--yes"]].concat()).await;
    assert!(done(&marked).contains("go on holding"), "{marked:?}");
    refused(&command(&[&mark[..], &["--yes"]].concat()).await, "COMPROMISED_ALREADY");
    let listed = command(&["keys", "list"]).await;
    assert_ne!(line("CREDENTIAL", done(&listed)), stolen, "another signs");
    assert!(listed.out.contains("COMPROMISED since 2026-01-01"), "{listed:?}");

    // The app: everything it has, it has fetched.
    let pinned = pinned(&demo, &server).await;
    let bundle = fetch(&server.url, "/trust/bundle").await.unwrap();
    let mut app = OfflineVerifier::new(pinned, &bundle, 0, now()).unwrap();
    let content = app.bundle().content().clone();
    let scan = |app: &mut OfflineVerifier| app.scan(&digits, None, now()).judgement;
    assert_eq!(scan(&mut app).verdict, Verdict::KeyCompromised, "before its list is there");
    for named in &content.genuine {
        let path = format!("/trust/genuine/{}", hex::encode(named.list));
        assert!(app.take_genuine(&fetch(&server.url, &path).await.unwrap()));
    }
    // In force soon after the handover, as the status lists say.
    let judgement = until("a valid card", async || {
        for list in &content.lists {
            let list = fetch(&server.url, &format!("/status/{list}")).await?;
            app.take_list(&list, now()).unwrap();
        }
        Some(scan(&mut app)).filter(|judgement| judgement.verdict == Verdict::Valid)
    })
    .await;
    let genuine = judgement.credential.unwrap();
    let forged = Credential { status_index: genuine.status_index ^ 1, ..genuine };
    let forged = forged.issue(&thief).unwrap().digits();
    assert_eq!(app.scan(&forged, None, now()).judgement.verdict, Verdict::KeyCompromised);

    let mut browser = Browser::start();
    let page = browser.open(&format!("{}/v/{digits}", server.url), 360).await;
    assert_eq!(page["verdict"], "VALID", "{page}");
    let page = browser.open(&format!("{}/v/{forged}", server.url), 360).await;
    assert_eq!(page["verdict"], "KEY_COMPROMISED", "{page}");
    assert!(!page["text"].as_str().unwrap().contains("欧阳小燕"), "{page}");
    browser.close().await;

    // What a scraper reads.
    let text = String::from_utf8(fetch(&format!("http://{metrics}"), "/metrics").await.unwrap());
    let text = text.unwrap();
    for told in [
        "liangzheng_scans_total{verdict=\"VALID\"} 1\n",
        "liangzheng_key_ends_seconds{use=\"CREDENTIAL\"} ",
        "liangzheng_bundle_ends_seconds ",
        "liangzheng_status_list_ends_seconds ",
        "liangzheng_up{part=\"database\"} 1\n",
        "liangzheng_keys_unsigned 0\n",
    ] {
        assert!(text.contains(told), "{told} in {text}");
    }
    assert!(!text.contains(&digits), "no path is among the labels");
    assert!(text.ends_with("# EOF\n"), "{text}");
    assert!(fetch(&server.url, "/metrics").await.is_none(), "not on the public address");
    let nobody = Session::of(&server, "");
    assert_eq!(nobody.get("/v/1").await.status(), 200);
    server.stop().await;
    audit_is_intact(demo.data()).await;
}
