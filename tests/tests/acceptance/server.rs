//! The server as a process of its own: started on a free port with a data folder, read from, and
//! stopped by its process id.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

/// The longest a server may take to start, the demo's loading included.
const START: Duration = Duration::from_mins(4);
/// The longest it may take to stop.
const STOP: Duration = Duration::from_secs(20);

/// The built server: `LZ_TEST_BINARY`, or what cargo has built beside these tests.
pub fn binary() -> PathBuf {
    std::env::var_os("LZ_TEST_BINARY").map_or_else(
        || Path::new(env!("CARGO_TARGET_TMPDIR")).join("../debug/liangzheng"),
        PathBuf::from,
    )
}

/// The command with a data folder and none of the settings of whoever runs the tests.
pub fn command(data: &Path) -> Command {
    let mut command = Command::new(binary());
    command.env("DATA_DIR", data).env("NO_COLOR", "1").stdin(Stdio::null()).kill_on_drop(true);
    for name in [
        "DATABASE_URL",
        "REDIS_URL",
        "SEAL_KEY_FILE",
        "CARD_FONT_FILE",
        "PUBLIC_URL",
        "PORT",
        "LISTEN",
        "METRICS_LISTEN",
    ] {
        command.env_remove(name);
    }
    command
}

/// What a command answered.
#[derive(Debug)]
pub struct Answer {
    /// Its exit status; -1 where a signal ended it.
    pub status: i32,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
}

/// Runs a command to its end.
pub async fn run(data: &Path, arguments: &[&str]) -> Answer {
    run_with(data, arguments, &[]).await
}

/// As [`run`], with more settings.
pub async fn run_with(data: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Answer {
    let mut command = command(data);
    command.args(arguments).envs(settings.iter().copied());
    let output = command.output().await.expect("the server's program");
    Answer {
        status: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The audit log of a data folder must be intact.
pub async fn audit_is_intact(data: &Path) {
    assert_intact(&run(data, &["audit", "verify"]).await);
}

/// Runs a script of the repository with the Python of the tests, which has other people's libraries.
pub async fn python(script: &str, arguments: &[&OsStr], input: &str) -> Answer {
    let python = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../test-tools/venv/bin/python");
    let mut child = Command::new(python)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(script))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the Python of the tests; scripts/setup installs it");
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).await.unwrap();
    drop(stdin);
    let output = child.wait_with_output().await.unwrap();
    Answer {
        status: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// What `audit verify` answered must be that the log is intact.
pub fn assert_intact(answer: &Answer) {
    assert_eq!((answer.status, answer.err.as_str()), (0, ""), "{answer:?}");
    assert!(answer.out.trim_end().ends_with(": intact"), "{answer:?}");
}

/// A figure for whoever reads the test's output.
#[expect(clippy::print_stdout, reason = "tests speak there")]
pub fn say(line: &str) {
    println!("{line}");
}

/// A port nobody listens on now.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A serving process. Dropping it kills it.
pub struct Server {
    /// Its public address.
    pub url: String,
    /// Its port.
    pub port: u16,
    /// What it printed until it was ready.
    pub printed: String,
    /// How long it took to be ready.
    pub ready_after: Duration,
    child: Child,
    errors: JoinHandle<String>,
}

impl Server {
    /// Starts `serve` with more arguments and waits until it answers.
    pub async fn start(data: &Path, arguments: &[&str]) -> Self {
        Self::start_on(free_port(), data, arguments).await
    }

    /// As [`start`](Self::start), on a port.
    pub async fn start_on(port: u16, data: &Path, arguments: &[&str]) -> Self {
        Self::start_as(port, data, arguments, &[]).await
    }

    /// As [`start`](Self::start), with more settings.
    pub async fn start_with(data: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Self {
        Self::start_as(free_port(), data, arguments, settings).await
    }

    async fn start_as(
        port: u16,
        data: &Path,
        arguments: &[&str],
        settings: &[(&str, &str)],
    ) -> Self {
        let url = format!("http://127.0.0.1:{port}");
        let begun = Instant::now();
        let mut child = command(data)
            .arg("serve")
            .args(arguments)
            .envs(settings.iter().copied())
            .env("PORT", port.to_string())
            .env("PUBLIC_URL", &url)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server's program");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut errors = child.stderr.take().unwrap();
        // Read to the end, or the server would wait for somebody to.
        let errors = tokio::spawn(async move {
            let mut text = String::new();
            let _ = errors.read_to_string(&mut text).await;
            text
        });
        let mut printed = String::new();
        let ready = async {
            while let Some(line) = lines.next_line().await.unwrap() {
                printed.push_str(&line);
                printed.push('\n');
                if line.starts_with("GraphQL: ") {
                    return true;
                }
            }
            false
        };
        let ready = tokio::time::timeout(START, ready).await.expect("a server that starts");
        assert!(ready, "the server ended:\n{printed}{}", errors.await.unwrap());
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let health = reqwest::get(format!("{url}/health/ready")).await.unwrap();
        assert_eq!(health.status(), 200);
        Self { url, port, printed, ready_after: begun.elapsed(), child, errors }
    }

    /// What stands behind `name: ` on a line of its own among what was printed.
    pub fn line(&self, name: &str) -> &str {
        self.printed
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
            .unwrap_or_else(|| panic!("no {name} in:\n{}", self.printed))
    }

    /// Asks it to stop and waits for its end.
    pub async fn stop(self) {
        self.stop_and_read().await;
    }

    /// As [`stop`](Self::stop); answers what it logged.
    pub async fn stop_and_read(mut self) -> String {
        self.signal("TERM").await;
        let status = tokio::time::timeout(STOP, self.child.wait()).await.expect("an end").unwrap();
        assert!(status.success(), "{status}");
        self.errors.await.unwrap()
    }

    /// Kills it where it stands.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    async fn signal(&self, name: &str) {
        let pid = self.child.id().expect("a running server").to_string();
        let status = Command::new("kill").args(["-s", name, &pid]).status().await.unwrap();
        assert!(status.success());
    }
}

/// What `zbarimg` is asked for: our codes, and not what looks like another kind of code in a face.
pub const QR_ONLY: [&str; 4] = ["--raw", "-q", "-Sdisable", "-Sqrcode.enable"];
