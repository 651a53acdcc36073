//! One headless Chromium for a test, driven by `tests/browser/open.mjs`.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// A running browser.
pub struct Browser {
    child: Child,
    requests: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Browser {
    /// Starts it.
    pub fn start() -> Self {
        let mut child = Command::new("node")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/browser/open.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("Node.js");
        let requests = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, requests, answers }
    }

    /// Opens an address as a new visitor, in a window of this width.
    pub async fn open(&mut self, url: &str, width: u32) -> Value {
        self.visit(&json!({ "url": url, "width": width })).await
    }

    /// Visits by a request as `docs/testing.md` has it.
    pub async fn visit(&mut self, request: &Value) -> Value {
        self.requests.write_all(format!("{request}\n").as_bytes()).await.unwrap();
        let line = self.answers.next_line().await.unwrap().expect("an answer of the browser");
        let answer: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(answer.get("error"), None, "{answer}");
        answer
    }

    /// Closes it.
    pub async fn close(mut self) {
        drop(self.requests);
        assert!(self.child.wait().await.unwrap().success());
    }
}
