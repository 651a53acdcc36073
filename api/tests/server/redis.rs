//! What nodes share through Redis, and that they go on by themselves when it is killed.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use api::platform::events::{Events, Hint, Topic};
use api::platform::redis::Redis;
use api::platform::seal::MasterSecret;
use api::platform::seen::Seen;
use api::platform::throttle::{Allowance, Throttle};
use chrono::{DateTime, Utc};
use entities::ids::{CertificateId, CheckRecordId};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::broadcast::Receiver;
use uuid::Uuid;

/// A Redis of the test's own, so that it can be killed.
pub struct Server {
    folder: TempDir,
    running: Option<(Child, BufReader<ChildStdout>)>,
}

impl Server {
    /// Starts it.
    pub async fn start() -> Self {
        let mut server = Self { folder: TempDir::new().unwrap(), running: None };
        server.restart().await;
        server
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("redis.sock")
    }

    /// Its address, the same after it was started again.
    pub fn url(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    fn connect(&self) -> Redis {
        Redis::new(&self.url(), "test").unwrap()
    }

    /// What is counted in it, a key a line.
    pub async fn keys(&self) -> String {
        let answer = Command::new("redis-cli")
            .arg("-s")
            .arg(self.socket())
            .args(["keys", "*"])
            .output()
            .await
            .expect("redis-cli was not found; run scripts/setup");
        String::from_utf8(answer.stdout).unwrap()
    }

    /// Starts it anew; it has forgotten all.
    pub async fn restart(&mut self) {
        let mut child = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"])
            .arg(self.socket())
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("redis-server was not found; run scripts/setup");
        let mut log = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("eady to accept connections") {
            line.clear();
            assert_ne!(log.read_line(&mut line).await.unwrap(), 0, "redis-server ended");
        }
        self.running = Some((child, log));
    }

    /// Kills it.
    pub async fn kill(&mut self) {
        self.running.take().unwrap().0.kill().await.unwrap();
    }
}

/// Waits for a hint, through those of a new connection.
async fn hears(receiver: &mut Receiver<Topic>, topic: Topic) {
    let wait = async { while receiver.recv().await.unwrap() != topic {} };
    tokio::time::timeout(Duration::from_secs(20), wait).await.expect("no hint came");
}

/// Waits until a node listens, which it tells itself by a hint of every topic, and drains them.
async fn listens(receiver: &mut Receiver<Topic>) {
    hears(receiver, Topic::Keys).await;
    hears(receiver, Topic::Jobs).await;
    assert!(receiver.try_recv().is_err());
}

#[tokio::test]
async fn a_hint_reaches_another_node_also_after_redis_was_killed() {
    let mut server = Server::start().await;
    let (one, other) = (Events::with_redis(server.connect()), Events::with_redis(server.connect()));
    let mut heard = other.subscribe();
    listens(&mut heard).await;
    one.publish(Topic::Jobs).await;
    hears(&mut heard, Topic::Jobs).await;

    server.kill().await;
    // Publishing neither fails nor hangs, and on the same node the hint arrives.
    let began = tokio::time::Instant::now();
    for _ in 0..5 {
        other.publish(Topic::Keys).await;
        hears(&mut heard, Topic::Keys).await;
    }
    assert!(began.elapsed() < Duration::from_secs(3), "an outage holds callers up");

    server.restart().await;
    listens(&mut heard).await;
    // The first command may still meet the old connection; it opens the new one.
    let again = async {
        loop {
            one.publish(Topic::Keys).await;
            let answer = tokio::time::timeout(Duration::from_millis(200), heard.recv()).await;
            if answer == Ok(Ok(Topic::Keys)) {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), again).await.expect("publishing did not recover");
}

#[tokio::test]
async fn whoever_listens_at_another_node_is_told_and_after_an_outage_to_look_anew() {
    let mut server = Server::start().await;
    let (one, other) = (Events::with_redis(server.connect()), Events::with_redis(server.connect()));
    let mut told = other.hints();
    let mut next = async || {
        let told = tokio::time::timeout(Duration::from_secs(20), told.recv()).await;
        told.expect("no hint came").unwrap()
    };
    assert_eq!(next().await, Hint::Anything, "from now on it listens");
    let certificate = Hint::Certificate(CertificateId(Uuid::from_u128(1)));
    let record = Hint::CheckRecord(CheckRecordId(Uuid::from_u128(2)));
    one.tell(&[certificate, record]).await;
    assert_eq!((next().await, next().await), (certificate, record));
    server.kill().await;
    server.restart().await;
    assert_eq!(next().await, Hint::Anything, "what was told meanwhile nobody heard");
}

#[tokio::test]
async fn a_node_that_starts_without_redis_finds_it_later() {
    let mut server = Server::start().await;
    server.kill().await;
    let events = Events::with_redis(server.connect());
    let mut heard = events.subscribe();
    events.publish(Topic::Jobs).await;
    hears(&mut heard, Topic::Jobs).await;
    server.restart().await;
    listens(&mut heard).await;
}

#[tokio::test]
async fn tries_are_counted_over_all_nodes_and_per_node_without_redis() {
    let mut server = Server::start().await;
    let secret = std::sync::Arc::new(MasterSecret::new(&[7; 32]));
    let node = || Throttle::local(secret.clone()).with_redis(server.connect());
    let (one, other) = (node(), node());
    let now: DateTime<Utc> = "2026-03-02T02:00:00Z".parse().unwrap();
    let window = chrono::Duration::minutes(15);
    let over = Allowance::TooMany { retry_after: 900 };
    // A node that is busy may miss an answer and counts by itself then: try with another key.
    let shared = async {
        for key in 0.. {
            let key = format!("a{key}");
            for _ in 0..3 {
                one.hit(&key, 3, window, now).await;
            }
            if other.hit(&key, 3, window, now).await == over {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), shared).await.expect("not shared");

    // A try that another node gives back is given back for all.
    let given_back = async {
        for key in 0.. {
            let key = format!("c{key}");
            for _ in 0..3 {
                one.count(&key, window, now).await;
            }
            other.give_back(&key, window, now).await;
            if other.count(&key, window, now).await == 3 {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), given_back).await.expect("not given back");

    assert_eq!(one.hit("b", 2, window, now).await, Allowance::Allowed);
    server.kill().await;
    assert_eq!(one.hit("b", 2, window, now).await, Allowance::Allowed);
    assert_eq!(one.hit("b", 2, window, now).await, over, "an outage lets everything through");
    assert_eq!(other.hit("b", 2, window, now).await, Allowance::Allowed);
}

#[tokio::test]
async fn what_was_seen_is_known_to_all_nodes_and_per_node_without_redis() {
    let mut server = Server::start().await;
    let secret = std::sync::Arc::new(MasterSecret::new(&[7; 32]));
    let node = || Seen::local(secret.clone()).with_redis(server.connect());
    let (one, other) = (node(), node());
    let begin: DateTime<Utc> = "2026-03-02T02:00:00Z".parse().unwrap();
    let later = begin + chrono::Duration::seconds(30);
    let keep = chrono::Duration::seconds(120);
    // A node that is busy may miss an answer and goes by itself then: try with another key.
    let shared = async {
        for key in 0.. {
            let key = format!("code {key}");
            assert_eq!(one.first(&key, keep, begin).await, begin);
            if other.first(&key, keep, later).await == begin {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), shared).await.expect("not shared");
    let keys = server.keys().await;
    assert!(keys.contains("test:seen:") && !keys.contains("code"), "{keys}");

    assert_eq!(one.first("own", keep, begin).await, begin);
    server.kill().await;
    assert_eq!(one.first("own", keep, later).await, begin, "a node forgets nothing by an outage");
    assert_eq!(other.first("own", keep, later).await, later);
}

#[tokio::test]
async fn redis_holds_no_key_in_clear() {
    let server = Server::start().await;
    let secret = std::sync::Arc::new(MasterSecret::new(&[7; 32]));
    let throttle = Throttle::local(secret).with_redis(server.connect());
    let now: DateTime<Utc> = "2026-03-02T02:00:00Z".parse().unwrap();
    let window = chrono::Duration::minutes(15);
    let mut keys = String::new();
    while keys.trim().is_empty() {
        throttle.hit("sign-in 192.0.2.1 zhang.san", 3, window, now).await;
        keys = server.keys().await;
    }
    assert!(is_hashed(&keys), "{keys}");
}

/// `test:throttle:HEX:NUMBER`, one line.
fn is_hashed(line: &str) -> bool {
    let parts: Vec<&str> = line.trim().split(':').collect();
    matches!(parts.as_slice(), ["test", "throttle", hash, window]
        if hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit())
            && window.bytes().all(|b| b.is_ascii_digit()))
}
